"""The picture of what has none: apps that get an error instead show a broken one, or ask again and again."""

from __future__ import annotations

import struct
import zlib
from functools import cache

__all__ = ["SIDE", "placeholder"]

SIDE = 300
_GROUND, _RING = 0x2B, 0x4A


@cache
def placeholder() -> bytes:
    """A grey PNG with the ring of a record, `SIDE` pixels square."""
    rows = b"".join(b"\0" + bytes(_shade(x, y) for x in range(SIDE)) for y in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _shade(x: int, y: int) -> int:
    """Brighter where the distance from the middle is that of the ring or of the label."""
    middle = (SIDE - 1) / 2
    distance = ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 / SIDE
    return _RING if 0.30 <= distance <= 0.32 or distance <= 0.08 else _GROUND


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
