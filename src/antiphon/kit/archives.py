"""ZIP archives of any size: written piece by piece, and read without believing what strangers put into them."""

from __future__ import annotations

import asyncio
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Final

__all__ = ["ArchiveLimits", "ArchiveReader", "ArchiveRefused", "ArchiveWriter"]

_PIECE: Final = 1 << 20
_BATCH: Final = 256 << 10
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK, _END64_LOCATOR, _END64_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_COMMENT_MAX: Final = (1 << 16) - 1


class ArchiveWriter:
    """A ZIP that grows in a file; ZIP64 where it must. Records are deflated, media is stored as it is.

    `path` is overwritten: what an interrupted try left there is worth nothing.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        self._path = path
        self._at = at.timetuple()[:6]
        self._zip: zipfile.ZipFile | None = None

    async def __aenter__(self) -> ArchiveWriter:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._zip = await asyncio.to_thread(zipfile.ZipFile, self._path, "w", allowZip64=True)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        assert self._zip is not None
        await asyncio.to_thread(self._zip.close)

    async def text(self, name: str, text: str) -> None:
        with self._entry(name, zipfile.ZIP_DEFLATED) as entry:
            await asyncio.to_thread(entry.write, text.encode())

    async def lines(self, name: str, lines: AsyncIterator[bytes]) -> int:
        """Each with a line end of its own; answers how many."""
        count, batch = 0, bytearray()
        with self._entry(name, zipfile.ZIP_DEFLATED) as entry:
            async for line in lines:
                batch += line + b"\n"
                count += 1
                if len(batch) >= _BATCH:
                    await asyncio.to_thread(entry.write, bytes(batch))
                    batch.clear()
            await asyncio.to_thread(entry.write, bytes(batch))
        return count

    async def file(self, name: str, source: Path, copied: Callable[[int], Awaitable[None]]) -> None:
        """Store a file's bytes; `copied` hears the size of every piece. Raises FileNotFoundError and writes nothing."""
        with source.open("rb") as file, self._entry(name, zipfile.ZIP_STORED) as entry:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await asyncio.to_thread(entry.write, piece)
                await copied(len(piece))

    @contextmanager
    def _entry(self, name: str, method: int) -> Iterator[IO[bytes]]:
        assert self._zip is not None
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = method
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as entry:
            yield entry


class ArchiveRefused(Exception):
    """An archive that is not opened; `reason` is one of `REASONS`."""

    REASONS: ClassVar[dict[str, str]] = {
        "not_a_zip": "This is not a ZIP archive, or it is damaged.",
        "too_many_files": "The archive holds more files than are taken.",
        "too_large": "What the archive unpacks to is larger than is taken.",
        "bomb": "A file of the archive unpacks to far more than it can honestly hold.",
        "unsafe_name": "A file of the archive has a name that leads out of it.",
        "same_name_twice": "Two files of the archive have one name.",
        "encrypted": "The archive is encrypted.",
        "unknown_compression": "The archive is packed by a method that is not taken.",
        "line_too_long": "A line of the archive's records is too long.",
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(self.REASONS[reason])


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes in bytes. `ratio` is the most that deflate may have saved in a file of more than `small` bytes."""

    files: int = 200_000
    unpacked: int = 64 << 30
    directory: int = 64 << 20
    ratio: int = 200
    small: int = 1 << 20
    line: int = 1 << 20


class ArchiveReader:
    """An archive that was checked as a whole before anything of it is unpacked. Raises ArchiveRefused."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self._limits = limits
        try:
            _check_directory(path, limits)
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise ArchiveRefused("not_a_zip") from error
        try:
            self._entries = _checked(self._zip.infolist(), limits)
        except ArchiveRefused:
            self._zip.close()
            raise

    def close(self) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """Unpacked."""
        return self._entries[name].file_size

    def read(self, name: str, most: int) -> bytes:
        """A small file whole. Raises KeyError where there is none."""
        info = self._entries[name]
        if info.file_size > most:
            raise ArchiveRefused("too_large")
        with self._opened(info) as file:
            return file.read()

    def lines(self, name: str) -> Iterator[bytes]:
        """Blocking; none where there is no such file."""
        if name not in self._entries:
            return
        longest = self._limits.line
        with self._opened(self._entries[name]) as file:
            while line := file.readline(longest + 1):
                if len(line) > longest:
                    raise ArchiveRefused("line_too_long")
                if line.strip():
                    yield line

    def unpack(self, name: str, target: Path) -> None:
        """Blocking. Writes the file's bytes to `target`, whose name is the caller's choice."""
        with self._opened(self._entries[name]) as file, target.open("wb") as out:
            while piece := file.read(_PIECE):
                out.write(piece)

    @contextmanager
    def _opened(self, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        try:
            file = self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, struct.error) as error:
            raise ArchiveRefused("not_a_zip") from error  # its header is not where the table of contents says
        try:
            with file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ArchiveRefused("not_a_zip") from error


def _check_directory(path: Path, limits: ArchiveLimits) -> None:
    """Before anything is loaded: how long the table of contents says it is."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        tail_at = max(0, size - _END.size - _COMMENT_MAX)
        file.seek(tail_at)
        tail = file.read()
        found = tail.rfind(_END_MARK)
        if found < 0 or len(tail) - found < _END.size:
            raise ArchiveRefused("not_a_zip")
        _, _, _, _, files, directory, _, _ = _END.unpack_from(tail, found)
        locator = tail_at + found - 20
        if locator >= 0:
            file.seek(locator)
            mark, _, at, _ = struct.unpack("<4sLQL", file.read(20))
            if mark == _END64_LOCATOR:
                file.seek(at)
                record = file.read(56)
                if record[:4] != _END64_MARK or len(record) < 56:
                    raise ArchiveRefused("not_a_zip")
                files, directory = struct.unpack_from("<QQ", record, 32)
    if files > limits.files or directory > limits.directory:
        raise ArchiveRefused("too_many_files")


def _checked(infos: list[zipfile.ZipInfo], limits: ArchiveLimits) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        _check_entry(info, limits)
        if info.filename in entries:
            raise ArchiveRefused("same_name_twice")
        total += info.file_size
        entries[info.filename] = info
    if len(entries) > limits.files:
        raise ArchiveRefused("too_many_files")
    if total > limits.unpacked:
        raise ArchiveRefused("too_large")
    return entries


def _check_entry(info: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    parts = info.orig_filename.replace("\\", "/").split("/")
    plain = info.orig_filename.isprintable() and ":" not in info.orig_filename and "\\" not in info.orig_filename
    if not plain or ".." in parts or "." in parts or parts[0] == "" or stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveRefused("unsafe_name")
    if info.flag_bits & 0x1:
        raise ArchiveRefused("encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveRefused("unknown_compression")
    if info.file_size > limits.small and info.file_size > limits.ratio * max(1, info.compress_size):
        raise ArchiveRefused("bomb")
