"""What WAVE files say of themselves in their own dialect, where no ID3 was put into them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["info_of"]

_NAMES = {
    b"INAM": "title", b"IART": "artist", b"IPRD": "album", b"IGNR": "genre", b"ICRD": "date", b"ITRK": "tracknumber",
    b"IPRT": "tracknumber", b"ICMT": "comment", b"ICOP": "copyright", b"IMUS": "composer", b"IWRI": "lyricist",
    b"IENG": "engineer", b"IPRO": "producer", b"ILNG": "language",
}  # fmt: skip
_MOST_BYTES, _MOST_CHUNKS = 256 * 1024, 1_000


def info_of(path: str) -> dict[str, list[str]]:
    """Fields by their common names; none where there are none. Raises OSError."""
    with open(path, "rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return {}
        for name, size in _chunks(file):
            if name == b"LIST" and size <= _MOST_BYTES:
                data = file.read(size)
                if data[:4] == b"INFO":
                    return _fields(data)
    return {}


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each with the file where its contents begin."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little")
        yield head[:4], size
        at += 8 + size + size % 2


def _fields(data: bytes) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    at = 4
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        name = _NAMES.get(data[at : at + 4])
        if name is not None:
            fields.setdefault(name, []).append(_text(data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return fields


def _text(raw: bytes) -> str:
    raw = raw.partition(b"\0")[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
