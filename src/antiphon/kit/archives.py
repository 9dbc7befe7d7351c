"""ZIP archives of any size: written piece by piece, and read without believing what strangers put into them."""

from __future__ import annotations

import asyncio
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Final

import msgspec

__all__ = ["ArchiveLimits", "ArchiveReader", "ArchiveRefused", "ArchiveWriter"]

_PIECE: Final = 1 << 20
_BATCH: Final = 256 << 10
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK, _END64_LOCATOR, _END64_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_COMMENT_MAX: Final = (1 << 16) - 1


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """One finished file of an archive that is being written: what the table of contents will say of it."""

    name: str
    at: tuple[int, int, int, int, int, int]
    method: int
    crc: int
    packed: int
    unpacked: int
    offset: int

    def info(self) -> zipfile.ZipInfo:
        info = _info(self.name, self.at, self.method)
        info.CRC, info.compress_size, info.file_size = self.crc, self.packed, self.unpacked
        info.header_offset = self.offset
        return info


class _Kept(msgspec.Struct, frozen=True):
    """A line of the ledger: how long the archive was, and what had come since the line before."""

    size: int
    entries: list[_Entry]
    note: str


class ArchiveWriter:
    """A ZIP that grows in a file; ZIP64 where it must. Records are deflated, media is stored as it is.

    What `keep` was called for outlives a crash: whoever opens the same path again goes on behind it. For that there is
    a ledger beside the archive, until `discard`. Whatever else an interrupted try left there is worth nothing.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        self._path = path
        self._at = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        self._notes: list[str] = []

    @staticmethod
    def discard(path: Path) -> None:
        """The archive and its ledger."""
        _ledger(path).unlink(missing_ok=True)  # first, for it speaks of the other
        path.unlink(missing_ok=True)

    async def __aenter__(self) -> ArchiveWriter:
        await asyncio.to_thread(self._open)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await asyncio.to_thread(self._close)

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = _read_ledger(self._path)
        self._file = self._path.open("r+b" if kept else "wb")
        self._file.truncate(kept[-1].size if kept else 0)
        self._file.seek(0, os.SEEK_END)
        self._zip = zipfile.ZipFile(self._file, "w", allowZip64=True)
        for line in kept:
            self._notes.append(line.note)
            for info in (entry.info() for entry in line.entries):
                self._zip.filelist.append(info)
                self._zip.NameToInfo[info.filename] = info
        self._kept = len(self._zip.filelist)

    def _close(self) -> None:
        with self._file:
            self._zip.close()

    @property
    def notes(self) -> Sequence[str]:
        """Of an interrupted try: what it left to whoever goes on, in order. Empty where all begins."""
        return self._notes

    def has(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    async def keep(self, note: str = "") -> None:
        """From here on, all that was written so far is there after a crash."""
        await asyncio.to_thread(self._keep, note)

    def _keep(self, note: str) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())  # before the ledger speaks of it
        fresh = [
            _Entry(i.filename, i.date_time, i.compress_type, i.CRC, i.compress_size, i.file_size, i.header_offset)
            for i in self._zip.filelist[self._kept :]
        ]
        line = msgspec.json.encode(_Kept(self._file.tell(), fresh, note))
        with _ledger(self._path).open("ab") as ledger:
            ledger.write(line + b"\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        self._kept = len(self._zip.filelist)

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
        with self._zip.open(_info(name, self._at, method), "w", force_zip64=True) as entry:
            yield entry


def _info(name: str, at: tuple[int, int, int, int, int, int], method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at)
    info.compress_type = method
    info.external_attr = 0o600 << 16
    return info


def _ledger(path: Path) -> Path:
    return path.with_suffix(".kept")


def _read_ledger(path: Path) -> list[_Kept]:
    """Its whole lines, as far as the archive holds what they say; a torn end is cut off."""
    ledger, kept, good = _ledger(path), list[_Kept](), 0
    if not ledger.exists():
        return []
    size = path.stat().st_size if path.exists() else 0
    with ledger.open("r+b") as file:
        for line in file:
            try:
                read = msgspec.json.decode(line, type=_Kept)
            except msgspec.MsgspecError:
                break
            if read.size > size or not line.endswith(b"\n"):
                break
            kept.append(read)
            good += len(line)
        file.truncate(good)
    return kept


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
