"""What one call of an app costs the server: processor time at 16 connections, beside the best that a peer needed.

`python -m benchmarks subsonic`; `SUBSONIC_SIZES=20000,100000,1000000` adds how the costs grow with the library. Time is
that of the web processes and of the database together. This machine is never quiet, so each figure stands beside the
same loop of plain Python, measured around it: their ratio is what can be compared.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section
from benchmarks.search import rebuild
from benchmarks.subsonic_rows import Rows, fill, rare
from benchmarks.subsonic_sounds import Sounds, add_sounds

__all__ = ["measure"]

SIZES = "20000"
CONNECTIONS = 16
CALLS = 480
ROUNDS = 3
SALT = "benchmark"
FLAT = 2.0
Given = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """`peer_ms` is the least that a measured peer needed; None where none was measured. `calls` where they are dear.
    What does not `grow` with the library is the same for every size."""

    name: str
    method: str
    given: Callable[[int], Given]
    peer_ms: float | None
    headers: dict[str, str] = field(default_factory=dict)
    calls: int = CALLS
    grows: bool = True


def calls_of(rows: Rows, sounds: Sounds) -> list[Call]:
    def list_of(kind: str) -> Callable[[int], Given]:
        return lambda _: {"type": kind, "size": "50"}

    def words(say: Callable[[int], str]) -> Callable[[int], Given]:
        return lambda number: {"query": say(number)}

    def one_of(ids: Sequence[str]) -> Callable[[int], Given]:
        return lambda number: {"id": ids[number % len(ids)]}

    def cover(number: int) -> Given:
        return {"id": sounds.albums[number % 16], "size": "300"}

    def hundred(number: int) -> Given:
        return {"name": f"List {number}", "songId": rows.tracks[number % 1000 : number % 1000 + 100]}

    ranged = {"Range": "bytes=1048576-1310719"}
    return [
        Call("getArtists", "getArtists", lambda _: {}, 9.0),
        Call("album list, newest 50", "getAlbumList2", list_of("newest"), 7.0),
        Call("album list, random 50", "getAlbumList2", list_of("random"), 12.0),
        Call("album list, alphabetical 50", "getAlbumList2", list_of("alphabeticalByName"), 8.0),
        Call("getGenres", "getGenres", lambda _: {}, None),
        Call("getAlbum", "getAlbum", one_of(rows.albums), 2.3),
        Call("getSong", "getSong", one_of(rows.tracks), 0.8),
        Call("search3, exact", "search3", words(lambda number: rare(number * 37 % 2000)), 4.1),
        Call("search3, prefix", "search3", words(lambda number: rare(number * 37 % 2000)[:6]), 1.8),
        Call("search3, common", "search3", words(lambda number: _WORDS[number % len(_WORDS)]), 7.4),
        Call("search3, two words", "search3", words(lambda number: f"{_WORDS[number % len(_WORDS)]} amber"), 10.5),
        Call("search3, CJK", "search3", words(lambda _: "東京"), 8.8),
        Call("getCoverArt 300, warm", "getCoverArt", cover, 0.25, grows=False),
        Call("stream, a Range of 256 kB", "stream", one_of(sounds.long), 0.52, ranged, grows=False),
        Call("scrobble", "scrobble", one_of(rows.tracks), 0.56),
        Call("createPlaylist, 100 songs", "createPlaylist", hundred, 7.5, calls=64),
    ]


_WORDS = ("river", "stone", "glass", "winter", "paper", "signal", "harbour", "lantern")


def measure() -> list[Section]:
    sizes = [int(part) for part in os.environ.get("SUBSONIC_SIZES", SIZES).split(",")]
    section = Section(f"OpenSubsonic: {sizes[0]:,} tracks, {CONNECTIONS} connections")
    grown = Section("OpenSubsonic: growing with the library, processor time a call")
    first: dict[str, float] = {}
    for size in sizes:
        with own_home() as home, house(home) as running:
            rows = fill(running.database_url, size)
            sounds = add_sounds(running)
            rebuild(running)
            person = Person.register(running)
            made = person.ask("POST", "/users/me/app-passwords", {"name": "benchmark"})
            query = _credentials(person.handle, made["password"])
            for call in calls_of(rows, sounds):
                if size == sizes[0]:
                    first[call.name] = _cost(running, call, query, section)
                elif call.grows:
                    grown.rows.append(_grown(call, size, sizes[0], first[call.name], _cost(running, call, query)))
            if size == sizes[0]:
                section.rows += _latencies(running, sounds, rows, query)
    section.notes.append("processor time of web and database a call, in the middle one of three rounds")
    section.notes.append("in brackets: its ratio to a loop of plain Python, run before and after it")
    section.notes.append("peers: the least of those in shared/peers.md, measured on machines like this one")
    return [section, grown] if grown.rows else [section]


def _credentials(name: str, password: str) -> dict[str, str]:
    token = hashlib.md5(f"{password}{SALT}".encode()).hexdigest()
    return {"u": name, "t": token, "s": SALT, "v": "1.16.1", "c": "benchmark", "f": "json"}


def _cost(running: House, call: Call, query: dict[str, str], section: Section | None = None) -> float:
    """Milliseconds of processor time a call, of the round in the middle; a row of the section, where there is one."""
    _ask_all(running, call, query, CONNECTIONS * 4)
    ratio, spent_ms = sorted(_round(running, call, query) for _ in range(ROUNDS))[ROUNDS // 2]
    if section is not None:
        peer = call.peer_ms
        met = None if peer is None else spent_ms < peer
        target, theirs = ("", "") if peer is None else (f"< {peer} ms", f"{peer} ms")
        section.rows.append(Row(call.name, f"{spent_ms:.2f} ms ({ratio:.2f})", target, theirs, met=met))
    return spent_ms


def _round(running: House, call: Call, query: dict[str, str]) -> tuple[float, float]:
    """(ratio to the loop, milliseconds of processor time a call)"""
    before, began = _calibrate(), _cpu_s(running)
    _ask_all(running, call, query, call.calls)
    spent_ms = (_cpu_s(running) - began) / call.calls * 1000
    return spent_ms / ((before + _calibrate()) / 2), spent_ms


def _grown(call: Call, size: int, first_size: int, first_ms: float, spent_ms: float) -> Row:
    """The list of all artists may grow as they do."""
    most = FLAT * (size / first_size if call.method == "getArtists" else 1)
    times = spent_ms / first_ms
    figure = f"{spent_ms:.2f} ms, {times:.1f} times that of {first_size:,}"
    return Row(f"{call.name}, {size:,}", figure, f"< {most:.0f} times", "", met=times < most)


def _latencies(running: House, sounds: Sounds, rows: Rows, query: dict[str, str]) -> list[Row]:
    """One after the other, over one connection; the median."""
    songs = {"name": "A hundred", "songId": rows.tracks[:100]}
    made = Call("createPlaylist", "createPlaylist", lambda _: songs, None)
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)

    def timed(call: Call, times: int, most: int | None = None) -> float:
        taken = []
        for number in range(times):
            began = time.perf_counter()
            _ask(line, call, query, number, most)
            taken.append((time.perf_counter() - began) * 1000)
        return statistics.median(taken)

    def row(what: str, figure: float, target: float) -> Row:
        return Row(f"{what}, latency", f"{figure:.1f} ms", f"< {target:g} ms", met=figure < target)

    body = _ask(line, made, query, 0)
    playlist = body.partition(b'"id":"')[2].partition(b'"')[0].decode()
    listed = Call("getPlaylist", "getPlaylist", lambda _: {"id": playlist}, None)
    cover = Call("getCoverArt", "getCoverArt", lambda n: {"id": sounds.albums[16 + n], "size": "300"}, None)
    sound = Call("stream", "stream", lambda n: {"id": sounds.long[n], "format": "mp3", "maxBitRate": "128"}, None)
    timed(listed, 5)
    found = [row("getPlaylist, 100 songs", timed(listed, 50), 5), row("getCoverArt 300, cold", timed(cover, 20), 14)]
    for when, target in (("new", 120), ("again", 4)):
        taken = []
        for number in range(3):
            line.close()  # the rest of the sound is not waited for
            began = time.perf_counter()
            _ask(line, sound, query, number, 16 * 1024)
            taken.append((time.perf_counter() - began) * 1000)
        found.append(row(f"stream, first 16 kB as MP3 128, {when}", statistics.median(taken), target))
        sounds.wait_made(running)
    line.close()
    return found


def _cpu_s(running: House) -> float:
    return running.cpu_s("web") + running.cpu_s("database")


def _calibrate() -> float:
    """Milliseconds of processor time for a loop that never changes."""
    began = time.process_time()
    digest = b""
    for number in range(20_000):
        digest = hashlib.sha256(digest + number.to_bytes(4, "big")).digest()
    return (time.process_time() - began) * 1000


def _ask_all(running: House, call: Call, query: dict[str, str], calls: int) -> None:
    """Raises RuntimeError for anything but a good answer."""
    numbers = count()

    def connection(share: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        try:
            for _ in range(share):
                _ask(line, call, query, next(numbers))
        finally:
            line.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(connection, [calls // CONNECTIONS] * CONNECTIONS))


def _ask(
    line: http.client.HTTPConnection, call: Call, query: dict[str, str], number: int, most: int | None = None
) -> bytes:
    """The body, or so many bytes of it. Raises RuntimeError for anything but a good answer."""
    asked = urlencode(query | call.given(number), doseq=True)
    line.request("GET", f"/rest/{call.method}?{asked}", headers=call.headers)
    answer = line.getresponse()
    body = answer.read() if most is None else answer.read(most)
    if answer.status not in (200, 206) or b'"failed"' in body[:60]:
        raise RuntimeError(f"{call.name}: {answer.status} {body[:300]!r}")
    return body
