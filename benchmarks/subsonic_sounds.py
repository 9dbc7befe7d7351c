"""A few real files beside the rows that are only written: to stream, to make MP3s of, to show the covers of."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from mutagen.flac import FLAC, Picture

from antiphon.kit.ids import Kind, out
from benchmarks.fixtures import four_minute_wav
from benchmarks.house import House
from benchmarks.transcode import flac, picture

__all__ = ["Sounds", "add_sounds", "import_folder"]

LONG, ALBUMS = 4, 40
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Sounds:
    """Public ids: songs of three to four minutes, and albums with a cover of their own each."""

    long: list[str]
    albums: list[str]

    def wait_made(self, running: House) -> None:
        """Until all that is being made of the songs is whole."""
        cache = running.home / "cache" / "transcodes"
        until = time.monotonic() + WAIT_S
        while any(cache.rglob("*.part")) or not any(cache.rglob("*.*")):
            if time.monotonic() > until:
                raise RuntimeError("the sounds were not made in time")
            time.sleep(0.1)


def add_sounds(running: House) -> Sounds:
    folder = running.home.parent / "sounds"
    folder.mkdir(parents=True, exist_ok=True)
    whole = flac(four_minute_wav(folder / "four-minutes.wav"), folder / "long.flac").read_bytes()
    short = flac(_second(folder / "four-minutes.wav", folder / "second.wav"), folder / "short.flac").read_bytes()
    for name in ("four-minutes.wav", "second.wav", "long.flac", "short.flac"):
        (folder / name).unlink()
    for number in range(ALBUMS):
        path = folder / f"{number}.flac"
        path.write_bytes(whole if number < LONG else short)
        _tag(path, number)
    found = import_folder(running, folder, "Sounds")
    if len({row[1] for row in found}) != ALBUMS:
        raise RuntimeError(f"{len(found)} sounds of {ALBUMS} are there")
    tracks = [out(Kind.TRACK, UUID(str(row[0]))) for row in found[:LONG]]
    return Sounds(tracks, [out(Kind.ALBUM, UUID(str(row[1]))) for row in found])


def import_folder(running: House, folder: Path, name: str) -> list[Any]:
    """Rows of track and album, the largest files first."""
    _command(running, "library", "add", str(folder), "--name", name, "--access", "everyone")
    _command(running, "library", "scan", name)
    with psycopg.connect(running.database_url) as conn:
        conn.execute("SELECT set_config('antiphon.system', 'on', false)")
        return conn.execute(
            "SELECT t.id, t.album_id FROM catalog.tracks t JOIN catalog.track_files f ON f.track_id = t.id "
            "JOIN catalog.libraries l ON l.id = t.library_id WHERE l.path = %s ORDER BY f.bytes DESC",
            [str(folder)],
        ).fetchall()


def _tag(path: Path, number: int) -> None:
    file = FLAC(path)
    file.update({"title": f"Sound {number}", "artist": "The Sounds", "album": f"Sounds {number}"})
    cover: Any = Picture()  # type: ignore[no-untyped-call]
    cover.type, cover.mime, cover.data = 3, "image/jpeg", picture(number)
    file.add_picture(cover)
    file.save()


def _second(source: Path, target: Path) -> Path:
    with wave.open(str(source), "rb") as whole, wave.open(str(target), "wb") as cut:
        cut.setparams(whole.getparams())
        cut.writeframes(whole.readframes(44_100))
    return target


def _command(running: House, *words: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
    kept |= {"ANTIPHON_HOME": str(running.home), "ANTIPHON_CONFIG": str(running.home / "antiphon.toml")}
    argv = [sys.executable, "-m", "antiphon.entry.cli", *words]
    subprocess.run(argv, env=kept, check=True, stdout=subprocess.DEVNULL)
