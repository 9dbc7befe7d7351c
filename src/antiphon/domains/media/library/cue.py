"""Cue sheets: text that divides sound files into tracks. Written by many programs, in many code pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from charset_normalizer import from_bytes

from antiphon.domains.media.ports import SOUND_MIMES

__all__ = ["MOST_BYTES", "CueFile", "CueSheet", "CueTrack", "decode_sheet", "file_meant", "parse_sheet"]

MOST_BYTES = 1024 * 1024
MOST_TRACKS = 999
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"?|(\S+)')
_TIME = re.compile(r"(\d+):(\d+)(?:[:.](\d+))?")
_FRAMES = 75  # a second


class CueTrack(msgspec.Struct):
    """`start_ms` is where it begins in its file."""

    number: int
    title: str = ""
    performer: str = ""
    songwriter: str = ""
    isrc: str = ""
    start_ms: int = 0
    gain: float | None = None
    peak: float | None = None


class CueFile(msgspec.Struct):
    name: str
    tracks: list[CueTrack] = []


class CueSheet(msgspec.Struct):
    title: str = ""
    performer: str = ""
    genre: str = ""
    date: str = ""
    disc: int | None = None
    catalog: str = ""
    files: list[CueFile] = []


def decode_sheet(data: bytes) -> str:
    """By its byte order mark, as UTF-8, or by the code page that makes the most sense of it."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return str(best) if best is not None else data.decode("cp1252", "replace")


def parse_sheet(text: str) -> CueSheet:
    """What can be made of it: lines that make no sense are passed over. Tracks without a place begin where they can."""
    sheet = CueSheet()
    track: CueTrack | None = None
    placed: set[int] = set()
    for line in text.splitlines():
        words = [quoted.replace('\\"', '"') or plain for quoted, plain in _WORDS.findall(line)]
        if len(words) < 2:
            continue
        command = words[0].upper()
        if command == "FILE":
            sheet.files.append(CueFile(words[1] if '"' in line else " ".join(words[1:-1]) or words[1]))
            track = None
        elif command == "TRACK" and sheet.files:
            count = sum(len(file.tracks) for file in sheet.files)
            track = None
            if count < MOST_TRACKS and (len(words) < 3 or words[2].upper() == "AUDIO"):
                track = CueTrack(int(words[1]) if words[1].isdecimal() and len(words[1]) < 4 else count + 1)
                sheet.files[-1].tracks.append(track)
        elif command == "INDEX" and track is not None and len(words) > 2:
            _place(track, words[1], words[2], placed)
        elif track is not None:
            _of_track(track, command, words)
        else:
            _of_sheet(sheet, command, words)
    return sheet


def _place(track: CueTrack, index: str, time: str, placed: set[int]) -> None:
    """Index 1 is where it begins; what stands before is the pause, which the track before plays out."""
    found = _TIME.fullmatch(time)
    if found and (index.lstrip("0") == "1" or id(track) not in placed):
        minutes, seconds, frames = (int(part or 0) for part in found.groups())
        track.start_ms = min((minutes * 60 + seconds) * 1000 + frames * 1000 // _FRAMES, 2**31 - 1)
        placed.add(id(track))


def _of_track(track: CueTrack, command: str, words: Sequence[str]) -> None:
    value = " ".join(words[1:]) if command != "REM" else ""
    if command == "TITLE":
        track.title = value
    elif command == "PERFORMER":
        track.performer = value
    elif command in ("SONGWRITER", "COMPOSER"):
        track.songwriter = value
    elif command == "ISRC":
        track.isrc = value
    elif command == "REM" and len(words) > 2:
        name = words[1].upper()
        if name == "REPLAYGAIN_TRACK_GAIN":
            track.gain = _number(words[2])
        elif name == "REPLAYGAIN_TRACK_PEAK":
            track.peak = _number(words[2])


def _of_sheet(sheet: CueSheet, command: str, words: Sequence[str]) -> None:
    value = " ".join(words[1:])
    if command == "TITLE":
        sheet.title = value
    elif command == "PERFORMER":
        sheet.performer = value
    elif command == "CATALOG":
        sheet.catalog = value
    elif command == "REM" and len(words) > 2:
        name, rest = words[1].upper(), " ".join(words[2:])
        if name == "GENRE":
            sheet.genre = rest
        elif name == "DATE":
            sheet.date = rest
        elif name == "DISCNUMBER" and rest.isdecimal() and len(rest) < 4:
            sheet.disc = int(rest) or None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= 100 else None


def file_meant(named: str, sheet: str, names: Iterable[str]) -> str | None:
    """Which of the folder's files the sheet speaks of: sheets name the file that was ripped, not what it became."""
    names = list(names)
    wanted = re.split(r"[\\/]", named)[-1]
    lower = {name.lower(): name for name in reversed(names)}
    if wanted.lower() in lower:
        return lower[wanted.lower()]
    for stem in (wanted.rpartition(".")[0] or wanted, sheet.rpartition(".")[0]):
        for suffix in SOUND_MIMES:
            if found := lower.get(f"{stem}.{suffix}".lower()):
                return found
        inner = lower.get(stem.lower())  # album.flac.cue
        if inner is not None:
            return inner
    return names[0] if len(names) == 1 else None
