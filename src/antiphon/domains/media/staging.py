"""Received files on their way in: one file an upload, written by one request at a time."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from antiphon.domains.media.errors import ChecksumMismatch, UploadGone, UploadLocked, UploadTooLarge

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["CHECKSUMS", "StagedFile", "remove_unknown"]

CHECKSUMS = ("sha1", "sha256", "md5")
BUFFER = 1024 * 1024


class StagedFile:
    """`<staging>/<upload id>.part`. Writers of one machine exclude each other by a lock on the file."""

    def __init__(self, folder: Path, upload_id: UUID) -> None:
        self.name = str(upload_id)
        self.path = folder / f"{upload_id}.part"
        self.size = 0
        self._file = -1

    def create(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600, exist_ok=False)

    def stored_size(self) -> int:
        """Bytes on disk; raises UploadGone where the file is not there."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError as error:
            raise UploadGone() from error

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def sync(self) -> None:
        """What is acknowledged must survive the machine's fall, too. Raises UploadGone where the file is not there."""
        try:
            file = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError as error:
            raise UploadGone() from error
        try:
            os.fsync(file)
        finally:
            os.close(file)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[StagedFile]:
        """Open for appending. Raises UploadLocked while another request writes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if not _lock(self._file):
                raise UploadLocked()
            self.size = os.fstat(self._file).st_size
            yield self
        finally:
            os.close(self._file)
            self._file = -1

    async def append(self, data: bytes) -> None:
        await asyncio.to_thread(self._write, data)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.write(self._file, view)
            view = view[written:]
            self.size += written

    def head(self, length: int) -> bytes:
        return os.pread(self._file, length, 0)

    async def append_piece(self, chunks: AsyncIterator[bytes], most: int, checksum: tuple[str, bytes] | None) -> None:
        """Append what comes, at most `most` bytes. With a checksum the piece counts only if it is right."""
        begin = self.size
        digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        buffer = bytearray()
        verified = digest is None
        try:
            async for chunk in chunks:
                if self.size - begin + len(buffer) + len(chunk) > most:
                    raise UploadTooLarge("More bytes came than the upload was announced with.")
                buffer += chunk
                if digest is not None:
                    digest.update(chunk)
                if len(buffer) >= BUFFER:
                    await self.append(bytes(buffer))
                    buffer.clear()
            if digest is not None and checksum is not None:
                verified = digest.digest() == checksum[1]
                if not verified:
                    raise ChecksumMismatch()
        except UploadTooLarge:
            verified = False
            raise
        finally:
            if verified:
                self._write(bytes(buffer))
            else:
                os.ftruncate(self._file, begin)
                self.size = begin


def remove_unknown(folder: Path, known: set[str], before: datetime) -> int:
    """Delete received files that no row names and that nobody wrote to since; answers how many."""
    stale = [
        path for path in folder.glob("*.part") if path.stem not in known and path.stat().st_mtime < before.timestamp()
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


if sys.platform == "win32":

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
