"""Reading the boxes of our own fragmented MP4 files, and writing into them what the muxer leaves out.

Boxes after ISO/IEC 14496-12. FFmpeg's muxer writes the encoder's delay as an edit list but not how much sound follows
it; players that trim the end look for the edit's duration or for Apple's `iTunSMPB` tag.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

__all__ = ["PLACEHOLDER", "Layout", "finish"]

# Room for our `udta`: the muxer writes it as a comment, `finish` overwrites it with a box of the same length.
PLACEHOLDER = "." * 240
_HEADER_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Layout:
    """Inclusive byte ranges of header and index; (bytes, samples) of each fragment."""

    init_range: tuple[int, int]
    index_range: tuple[int, int]
    segments: tuple[tuple[int, int], ...]


def finish(path: Path, *, delay: int, padding: int, total: int) -> Layout:
    """Write the sounding length into the header; answers where everything lies. Samples are at the track's rate."""
    with path.open("r+b") as file:
        head = file.read(_HEADER_LIMIT)
        moov = _find(head, 0, len(head), b"moov")
        sidx = _find(head, 0, len(head), b"sidx")
        _patch_edit(file, head, moov, total)
        _patch_user_data(file, head, moov, _smpb(delay, padding, total))
    return Layout(
        init_range=(0, moov[1] - 1), index_range=(sidx[0], sidx[1] - 1), segments=_segments(head[sidx[0] : sidx[1]])
    )


def _find(data: bytes, start: int, end: int, kind: bytes) -> tuple[int, int]:
    """Start and end of the first box of that kind."""
    position = start
    while position + 8 <= end:
        size, found = struct.unpack_from(">I4s", data, position)
        if found == kind:
            return position, position + size
        position += max(size, 8)
    raise ValueError(f"no {kind!r} box")


def _patch_edit(file: BufferedRandom, head: bytes, moov: tuple[int, int], total: int) -> None:
    """The one edit lasts as long as the sound; it is in movie time, which the muxer was told to count in samples."""
    box = moov
    for kind in (b"trak", b"edts", b"elst"):
        try:
            box = _find(head, box[0] + 8, box[1], kind)
        except ValueError:  # no delay, no edit: FLAC
            return
    version = head[box[0] + 8]
    file.seek(box[0] + 16)
    file.write(struct.pack(">Q" if version else ">I", total))


def _patch_user_data(file: BufferedRandom, head: bytes, moov: tuple[int, int], value: bytes) -> None:
    start, end = _find(head, moov[0] + 8, moov[1], b"udta")
    item = _box(
        b"----", _box(b"mean", bytes(4), b"com.apple.iTunes"), _box(b"name", bytes(4), b"iTunSMPB"),
        _box(b"data", struct.pack(">II", 1, 0), value),
    )  # fmt: skip
    handler = _box(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    meta = _box(b"meta", bytes(4), handler, _box(b"ilst", item))
    room = end - start - 8 - len(meta)
    if room < 8:
        raise ValueError("the placeholder is too short")
    file.seek(start)
    file.write(_box(b"udta", meta, _box(b"free", bytes(room - 8))))


def _smpb(delay: int, padding: int, total: int) -> bytes:
    return f" 00000000 {delay:08X} {padding:08X} {total:016X}{' 00000000' * 8}".encode()


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _segments(sidx: bytes) -> tuple[tuple[int, int], ...]:
    position = 8 + 4 + 8 + (16 if sidx[8] else 8) + 2
    (count,) = struct.unpack_from(">H", sidx, position)
    entries = (struct.unpack_from(">II", sidx, position + 2 + 12 * number) for number in range(count))
    return tuple((size & 0x7FFFFFFF, duration) for size, duration in entries)
