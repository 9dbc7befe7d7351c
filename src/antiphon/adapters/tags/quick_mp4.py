"""MP4 as nearly all files of music are, read from memory in a quarter of the time that the whole of mutagen needs.

Whatever is unusual (other codecs than AAC LC and ALAC, boxes that make no sense, no tags) is None, and mutagen's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

__all__ = ["MP4", "QuickAtoms", "quick_mp4"]

_MOST_BYTES = 32 * 1024 * 1024
_MOST_BOXES = 64  # at the top of a file; one in fragments has more, and is unusual
_TEXTS = (
    b"\xa9nam", b"sonm", b"\xa9ART", b"soar", b"aART", b"soaa", b"\xa9alb", b"soal", b"\xa9day", b"\xa9gen", b"cprt",
    b"\xa9cmt", b"\xa9lyr", b"\xa9wrt", b"\xa9wrk", b"\xa9mvn",
)  # fmt: skip
_PAIRS, _NUMBERS, _COMPILATION = (b"trkn", b"disk"), (b"tmpo", b"rtng"), b"cpil"
_KEPT = frozenset((*_TEXTS, *_PAIRS, *_NUMBERS, _COMPILATION))
_UTF8, _IMPLICIT, _INTEGER = 1, 0, 21
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)
_AAC_LC = 2
_NO_SBR = b"\x56\xe5"  # what some encoders write after the configuration, to say that there is none


class QuickAtoms:
    """As mutagen's tags, as far as they are asked: key → values; `picture` says that there is one."""

    __slots__ = ("found", "picture")

    def __init__(self) -> None:
        self.found: dict[str, list[Any]] = {}
        self.picture = False

    def items(self) -> Iterable[tuple[str, list[Any]]]:
        return self.found.items()

    def add(self, key: str, value: object) -> None:
        self.found.setdefault(key, []).append(value)


@dataclass(slots=True)
class _Info:
    length: float
    codec: str
    channels: int
    sample_rate: int
    bitrate: int
    bits_per_sample: int


class MP4:
    """As mutagen's file of the same name, as far as it is asked."""

    def __init__(self, tags: QuickAtoms, info: _Info) -> None:
        self.tags = tags
        self.info = info


class _Unusual(Exception):
    """Mutagen shall read it."""


def quick_mp4(path: str) -> MP4 | None:
    """None where mutagen shall look at it. Raises OSError."""
    with open(path, "rb") as file:
        try:
            data = _movie(file)
            start, end = _child(data, 0, len(data), b"udta", b"meta")
            start, end = _child(data, start + 4, end, b"ilst")  # a version and flags stand before it
            return MP4(_tags(data, start, end), _info(data))
        except (_Unusual, StopIteration, UnicodeDecodeError, LookupError, ValueError):
            return None


def _movie(file: BinaryIO) -> bytes:
    """The box that tells everything, wherever it lies."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        length = 8
        if size == 1:
            size, length = int.from_bytes(head[8:16], "big"), 16
        if size < length:
            break
        if name == b"moov":
            if size > _MOST_BYTES:
                break
            data = head[length:] + file.read(size - 16)
            if len(data) != size - length:
                break
            return data
        at += size
    raise _Unusual


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """(name, (start, end) of what is within)."""
    while at + 8 <= end:
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8 or at + size > end:
            raise _Unusual
        yield data[at + 4 : at + 8], (at + 8, at + size)
        at += size


def _child(data: bytes, start: int, end: int, *names: bytes) -> tuple[int, int]:
    for name in names:
        start, end = next((place for found, place in _boxes(data, start, end) if found == name), (0, 0))
        if not end:
            raise _Unusual
    return start, end


def _info(data: bytes) -> _Info:
    for name, track in _boxes(data, 0, len(data)):
        if name == b"trak":
            media = _child(data, *track, b"mdia")
            handler, _ = _child(data, *media, b"hdlr")
            if data[handler + 8 : handler + 12] == b"soun":
                head, end = _child(data, *media, b"mdhd")
                entries, last = _child(data, *media, b"minf", b"stbl", b"stsd")
                return _sound(data[entries:last], _length(data[head:end]))
    raise _Unusual


def _length(head: bytes) -> float:
    """Seconds."""
    if not head or head[0] > 1:
        raise _Unusual
    at, wide = (12, 4) if head[0] == 0 else (20, 8)
    unit = int.from_bytes(head[at : at + 4], "big")
    if not unit or len(head) < at + 4 + wide:
        raise _Unusual
    return int.from_bytes(head[at + 4 : at + 4 + wide], "big") / unit


def _sound(entries: bytes, length: float) -> _Info:
    """By the first way of storing sound that the track names."""
    name, (start, end) = next(_boxes(entries, 8, len(entries)))
    if entries[0] or int.from_bytes(entries[start + 8 : start + 10], "big"):
        raise _Unusual  # another version, with more in front of what is within
    inner, (start, end) = next(_boxes(entries, start + 28, end))
    body = entries[start:end]
    if (name, inner) == (b"mp4a", b"esds"):
        return _aac(body, length)
    if (name, inner) == (b"alac", b"alac") and len(body) >= 28 and body[:4] == bytes(4) and not body[8]:
        rate, bits = int.from_bytes(body[24:28], "big"), int.from_bytes(body[20:24], "big")
        return _Info(length, "alac", body[13], rate, bits, body[9])
    raise _Unusual


def _aac(body: bytes, length: float) -> _Info:
    if body[:4] != bytes(4):
        raise _Unusual
    at, _ = _descriptor(body, 4, 3)
    if body[at + 2] & 0xE0:  # it depends on another stream, or lies elsewhere
        raise _Unusual
    at, _ = _descriptor(body, at + 3, 4)
    bitrate = int.from_bytes(body[at + 9 : at + 13], "big")
    if body[at] != 0x40:
        raise _Unusual
    at, end = _descriptor(body, at + 13, 5)
    config = body[at:end]
    kind, rate, channels = config[0] >> 3, (config[0] & 7) << 1 | config[1] >> 7, config[1] >> 3 & 15
    plain = len(config) == 2 or (len(config) == 5 and config[2:4] == _NO_SBR and not config[4] & 0x80)
    if kind != _AAC_LC or rate >= len(_RATES) or not 0 < channels < len(_CHANNELS) or config[1] & 7 or not plain:
        raise _Unusual
    return _Info(length, "mp4a.40.2", _CHANNELS[channels], _RATES[rate], bitrate, 16)


def _descriptor(body: bytes, at: int, tag: int) -> tuple[int, int]:
    """(start, end) of what is within."""
    if body[at] != tag:
        raise _Unusual
    size = 0
    for place in range(at + 1, at + 5):
        size = size << 7 | body[place] & 0x7F
        if not body[place] & 0x80:
            return place + 1, place + 1 + size
    raise _Unusual


def _tags(data: bytes, start: int, end: int) -> QuickAtoms:
    tags = QuickAtoms()
    for name, place in _boxes(data, start, end):
        if name == b"covr":
            tags.picture = place[1] - place[0] > 16
        elif name == b"----":
            _named(tags, data, *place)
        elif name in _KEPT:
            for kind, body in _values(data, *place):
                tags.add(name.decode("latin-1"), _value(name, kind, body))
        elif name == b"gnre":
            raise _Unusual  # by number: mutagen has the list
    return tags


def _value(name: bytes, kind: int, body: bytes) -> object:
    if name in _TEXTS and kind in (_UTF8, _IMPLICIT):
        return body.decode("utf-8")
    if name in _PAIRS and len(body) >= 6:
        return int.from_bytes(body[2:4], "big"), int.from_bytes(body[4:6], "big")
    if name in _NUMBERS and kind in (_INTEGER, _IMPLICIT) and len(body) in (1, 2, 4):
        return int.from_bytes(body, "big", signed=True)
    if name == _COMPILATION and len(body) == 1:
        return body != b"\0"
    raise _Unusual


def _named(tags: QuickAtoms, data: bytes, start: int, end: int) -> None:
    """What others than Apple keep: who says it, what it is called, values."""
    parts = _boxes(data, start, end)
    mean, name = next(parts), next(parts)
    if mean[0] != b"mean" or name[0] != b"name":
        raise _Unusual
    called = data[name[1][0] + 4 : name[1][1]].decode("utf-8")
    for kind, (at, last) in parts:
        if kind != b"data" or last - at < 8:
            raise _Unusual
        tags.add(f"----:{called}", data[at + 8 : last])


def _values(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """(what it is written in, the value)."""
    for name, (at, last) in _boxes(data, start, end):
        if name != b"data" or last - at < 8 or data[at]:
            raise _Unusual
        yield int.from_bytes(data[at + 1 : at + 4], "big"), data[at + 8 : last]
