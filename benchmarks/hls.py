"""Imported music by HLS whose segments are made as they are asked for: `python -m benchmarks hls`.

Against a running server, a song of four minutes that nobody heard before, each round another: from the stream's
description to the first segment in hand, a seek to a place far behind, the same again, and what a segment costs.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from mutagen import File

from antiphon.kit.ids import Kind, out
from benchmarks.fixtures import four_minute_wav
from benchmarks.house import House, house, own_home
from benchmarks.report import Row, Section
from benchmarks.subsonic_sounds import import_folder
from benchmarks.transcode import flac
from tests.support.audio import transcode

__all__ = ["measure"]

_ROUNDS = 5
_TARGET_MS = 300.0
_FAR = 50  # of some sixty segments
_QUALITY = "aac_128"
_SEQUENCE = 12
_KINDS = ("flac", "mp3")


def measure() -> list[Section]:
    section = Section("Segments of imported music, made as they are asked for")
    with own_home() as home:
        home.parent.mkdir(parents=True, exist_ok=True)
        folder = home.parent / "songs"
        folder.mkdir()
        _songs(folder)
        with house(home) as running:
            for kind in _KINDS:
                rows = import_folder(running, folder / kind, kind)
                _measure(running, [out(Kind.TRACK, UUID(str(row[0]))) for row in rows], kind, section)
    section.notes.append(f"Songs of 4:00 in 44.1 kHz stereo; {_QUALITY}; medians of {_ROUNDS} songs, over HTTP.")
    section.notes.append("The first song is also the first that the server's codecs ever touch.")
    return [section]


def _songs(folder: Path) -> None:
    """The same music, as often as there are rounds, as a lossless and as a lossy file."""
    wav = four_minute_wav(folder / "whole.wav")
    whole = {"flac": flac(wav, folder / "whole.flac"), "mp3": transcode(wav, folder / "whole.mp3", "mp3")}
    for kind, source in whole.items():
        (folder / kind).mkdir()
        for number in range(_ROUNDS):
            copy = folder / kind / f"{number}.{kind}"
            copy.write_bytes(source.read_bytes())
            tags: Any = File(copy, easy=True)
            tags.update({"title": f"{kind} {number}", "artist": "The Songs", "album": kind})
            tags.save()


def _measure(running: House, tracks: list[str], kind: str, section: Section) -> None:
    first, far, again = [], [], []
    before = running.cpu_s("codecs") + running.cpu_s("web")
    made = 0
    for track in tracks:
        asker = _Asker(running)
        began = time.perf_counter()
        file = asker.file(track)
        asker.get(file["init_url"])
        asker.segment(file, 0)
        first.append(time.perf_counter() - began)
        far.append(asker.timed(file, _FAR))
        again.append(asker.timed(file, _FAR))
        made += 2
    asker, file = _Asker(running), _Asker(running).file(tracks[0])
    for number in range(1, _SEQUENCE + 1):
        asker.segment(file, number)
        made += 1
    cost = (running.cpu_s("codecs") + running.cpu_s("web") - before) / made * 1000

    def row(what: str, seconds: list[float], target: float) -> Row:
        middle = statistics.median(seconds) * 1000
        shown = f"{middle:.0f} ms, longest {max(seconds) * 1000:.0f} ms"
        return Row(f"{what}, from {kind.upper()}", shown, f"< {target:.0f} ms", "", middle < target)

    section.rows += [
        row("description, beginning and first segment", first, _TARGET_MS),
        row(f"seek to segment {_FAR}", far, _TARGET_MS),
        row("the same segment again", again, 20.0),
        Row(f"processor time a segment, from {kind.upper()}", f"{cost:.0f} ms of {4000} ms of sound"),
    ]


class _Asker:
    """One connection, as a player keeps it."""

    def __init__(self, running: House) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers={"Host": "localhost"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path.partition('?')[0]} answered {answer.status}")
        return body

    def file(self, track: str) -> dict[str, Any]:
        stream = json.loads(self.get(f"/api/v1/stream/{track}"))
        found: dict[str, Any] = next(one for one in stream["segmented"] if one["quality"] == _QUALITY)
        return found

    def segment(self, file: dict[str, Any], number: int) -> bytes:
        return self.get(file["segment_url"].replace("{n}", str(number)))

    def timed(self, file: dict[str, Any], number: int) -> float:
        began = time.perf_counter()
        self.segment(file, number)
        return time.perf_counter() - began
