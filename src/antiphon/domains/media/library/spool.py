"""What a scan has yet to read, kept on disk: a library of a million files does not fit into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from struct import Struct

import msgspec

from antiphon.domains.media.library.walker import Entry

__all__ = ["Slice", "Spool"]

_LENGTH = Struct("!I")


class Slice(msgspec.Struct, array_like=True):
    """Files of one folder that are to be read together. `last`: with it the folder is done, and its prints hold."""

    path: str
    print: bytes
    beside: bytes
    cover: str | None
    sounds: int
    read: list[Entry]
    sheets: list[str]
    names: list[str]  # all sound in the folder, for sheets that speak of it
    last: bool = True


class Spool:
    """Written once, read once, gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, one: Slice) -> None:
        body = self._encode(one)
        self._file.write(_LENGTH.pack(len(body)))
        self._file.write(body)

    def __iter__(self) -> Iterator[Slice]:
        decode = msgspec.msgpack.Decoder(Slice).decode
        self._file.seek(0)
        while head := self._file.read(_LENGTH.size):
            yield decode(self._file.read(_LENGTH.unpack(head)[0]))

    def close(self) -> None:
        self._file.close()
