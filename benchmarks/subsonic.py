"""What one call of an app costs the server: processor time at 16 connections, beside the best that a peer needed.

Time is that of the web processes and of the database together. This machine is never quiet, so each figure stands
beside the same loop of plain Python, measured around it: their ratio is what can be compared.
"""

from __future__ import annotations

import hashlib
import http.client
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section
from benchmarks.subsonic_rows import Rows, fill

__all__ = ["measure"]

TRACKS = 20_000
CONNECTIONS = 16
CALLS = 480
SALT = "benchmark"


@dataclass(frozen=True, slots=True)
class _Call:
    """`peer_ms` is the least that a measured peer needed."""

    name: str
    method: str
    given: Callable[[int], dict[str, str]]
    peer_ms: float


def _calls(rows: Rows) -> list[_Call]:
    def list_of(kind: str) -> Callable[[int], dict[str, str]]:
        return lambda _: {"type": kind, "size": "50"}

    def words(text: str) -> Callable[[int], dict[str, str]]:
        return lambda number: {"query": text.format(word=_WORDS[number % len(_WORDS)])}

    def one_of(ids: Sequence[str]) -> Callable[[int], dict[str, str]]:
        return lambda number: {"id": ids[number % len(ids)], "size": "300"}

    return [
        _Call("getArtists", "getArtists", lambda _: {}, 9.0),
        _Call("album list, newest 50", "getAlbumList2", list_of("newest"), 7.0),
        _Call("album list, random 50", "getAlbumList2", list_of("random"), 12.0),
        _Call("album list, alphabetical 50", "getAlbumList2", list_of("alphabeticalByName"), 8.0),
        _Call("getAlbum", "getAlbum", one_of(rows.albums), 2.3),
        _Call("getSong", "getSong", one_of(rows.tracks), 0.8),
        _Call("search3, prefix", "search3", words("{word}"), 1.8),
        _Call("search3, two words", "search3", words("{word} amber"), 10.5),
        _Call("search3, CJK", "search3", words("東京"), 8.8),
        _Call("getCoverArt 300", "getCoverArt", one_of(rows.albums), 0.25),
        _Call("scrobble", "scrobble", lambda number: {"id": rows.tracks[number % len(rows.tracks)]}, 0.56),
    ]


_WORDS = ("amb", "riv", "stone", "gla", "winter", "paper", "sig", "harbour")


def measure() -> list[Section]:
    section = Section(f"OpenSubsonic: {TRACKS:,} tracks, {CONNECTIONS} connections")
    with own_home() as home, house(home) as running:
        rows = fill(running.database_url, TRACKS)
        person = Person.register(running)
        made = person.ask("POST", "/users/me/app-passwords", {"name": "benchmark"})
        query = _credentials(person.handle, made["password"])
        for call in _calls(rows):
            section.rows.append(_row(running, call, query))
    section.notes.append("processor time of web and database a call; in brackets, its ratio to the calibration loop")
    section.notes.append("peers: the least of those in shared/peers.md, measured on machines like this one")
    return [section]


def _credentials(name: str, password: str) -> dict[str, str]:
    token = hashlib.md5(f"{password}{SALT}".encode()).hexdigest()
    return {"u": name, "t": token, "s": SALT, "v": "1.16.1", "c": "benchmark", "f": "json"}


def _row(running: House, call: _Call, query: dict[str, str]) -> Row:
    _ask_all(running, call, query, CONNECTIONS * 4)
    before = _calibrate()
    began = _cpu_s(running)
    _ask_all(running, call, query, CALLS)
    spent_ms = (_cpu_s(running) - began) / CALLS * 1000
    loop_ms = (before + _calibrate()) / 2
    figure = f"{spent_ms:.2f} ms ({spent_ms / loop_ms:.2f})"
    return Row(call.name, figure, f"< {call.peer_ms} ms", f"{call.peer_ms} ms", met=spent_ms < call.peer_ms)


def _cpu_s(running: House) -> float:
    return running.cpu_s("web") + running.cpu_s("database")


def _calibrate() -> float:
    """Milliseconds of processor time for a loop that never changes."""
    began = time.process_time()
    digest = b""
    for number in range(20_000):
        digest = hashlib.sha256(digest + number.to_bytes(4, "big")).digest()
    return (time.process_time() - began) * 1000


def _ask_all(running: House, call: _Call, query: dict[str, str], calls: int) -> None:
    """Raises RuntimeError for anything but a good answer."""
    numbers = count()

    def connection(share: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        try:
            for _ in range(share):
                line.request("GET", f"/rest/{call.method}?{urlencode(query | call.given(next(numbers)))}")
                answer = line.getresponse()
                body = answer.read()
                if answer.status != 200 or b'"failed"' in body[:60]:
                    raise RuntimeError(f"{call.name}: {answer.status} {body[:300]!r}")
        finally:
            line.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(connection, [calls // CONNECTIONS] * CONNECTIONS))
