"""The boxes of fragmented MP4 (ISO/IEC 14496-12, CMAF) around frames that were encoded elsewhere. Pure.

The beginning of a file needs no encoder: it follows from codec, rate and channels.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

__all__ = ["fragment", "initialisation"]

_AAC_RATES: Final = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_NO_LANGUAGE: Final = 0x55C4
_EVERY_FRAME_STANDS_ALONE: Final = 0x02000000


def initialisation(
    *, codec: str, rate: int, channels: int, bit_depth: int | None, frame: int, delay: int, total: int
) -> bytes:
    """`delay` and `total`, in samples, become the edit list: what is to be heard of what is decoded."""
    table = [_full(b"stts", 0, 0, struct.pack(">I", 0)), _full(b"stsc", 0, 0, struct.pack(">I", 0))]
    table += [_full(b"stsz", 0, 0, struct.pack(">II", 0, 0)), _full(b"stco", 0, 0, struct.pack(">I", 0))]
    entry = _flac_entry(rate, channels, bit_depth or 16, frame) if codec == "flac" else _aac_entry(rate, channels)
    described = _full(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    data = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, rate, 0, _NO_LANGUAGE, 0)),
        _full(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, b"soun"), b"sound\0"),
        _box(b"minf", _full(b"smhd", 0, 0, bytes(4)), data, _box(b"stbl", described, *table)),
    )
    track = _full(b"tkhd", 0, 7, struct.pack(">IIIII8xhhhH", 0, 0, 1, 0, 0, 0, 0, 0x0100, 0), _MATRIX, bytes(8))
    edit = _box(b"edts", _full(b"elst", 0, 0, struct.pack(">IIihh", 1, total, delay, 1, 0))) if delay else b""
    movie = struct.pack(">IIIIIH10x", 0, 0, rate, 0, 0x10000, 0x0100)
    extends = _box(b"mvex", _full(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, frame, 0, _EVERY_FRAME_STANDS_ALONE)))
    return _box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6cmfcmp41") + _box(
        b"moov",
        _full(b"mvhd", 0, 0, movie, _MATRIX, bytes(24), struct.pack(">I", 2)),
        _box(b"trak", track, edit, media),
        extends,
    )


def fragment(*, number: int, starts: int, frames: Sequence[bytes], frame: int, last_frame: int) -> bytes:
    """`starts` is the decode time of the first frame; all last `frame` samples, but for `last_frame`."""
    durations = [frame] * (len(frames) - 1) + [last_frame]
    runs = b"".join(struct.pack(">II", samples, len(one)) for samples, one in zip(durations, frames, strict=True))
    head = _box(b"mfhd", struct.pack(">II", 0, number + 1))
    track = _full(b"tfhd", 0, 0x020000, struct.pack(">I", 1))  # offsets count from this fragment
    time = _full(b"tfdt", 1, 0, struct.pack(">Q", starts))
    sizes = 8 + len(head) + 8 + len(track) + len(time) + 12 + 8 + len(runs)
    run = _full(b"trun", 0, 0x000301, struct.pack(">Ii", len(frames), sizes + 8), runs)
    return (
        _box(b"styp", b"msdh", struct.pack(">I", 0), b"msdhmsixcmfc")
        + _box(b"moof", head, _box(b"traf", track, time, run))
        + _box(b"mdat", *frames)
    )


def _aac_entry(rate: int, channels: int) -> bytes:
    """AudioSpecificConfig of AAC-LC (ISO/IEC 14496-3) within an elementary stream descriptor."""
    config = struct.pack(">H", 2 << 11 | _AAC_RATES.index(rate) << 7 | channels << 3)
    decoder = _descriptor(4, struct.pack(">BB3xII", 0x40, 0x15, 0, 0), _descriptor(5, config))
    stream = _full(b"esds", 0, 0, _descriptor(3, struct.pack(">HB", 1, 0), decoder, _descriptor(6, b"\x02")))
    return _box(b"mp4a", _entry(rate, channels, 16), stream)


def _flac_entry(rate: int, channels: int, bit_depth: int, frame: int) -> bytes:
    """STREAMINFO (RFC 9639) that knows neither length nor checksum."""
    known = rate << 44 | (channels - 1) << 41 | (bit_depth - 1) << 36
    info = struct.pack(">HH6xQ16x", frame, frame, known)
    block = struct.pack(">I", 0x80000000 | len(info)) + info
    return _box(b"fLaC", _entry(rate, channels, bit_depth), _full(b"dfLa", 0, 0, block))


def _entry(rate: int, channels: int, bit_depth: int) -> bytes:
    """Rates above 16 bits are told by the codec alone."""
    return struct.pack(">6xH8xHH4xI", 1, channels, bit_depth, rate << 16 if rate < 1 << 16 else 0)


def _descriptor(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">BB", tag, len(body)) + body


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body
