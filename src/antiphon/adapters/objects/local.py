"""Objects as files of a local folder. What `put_…` returned from has reached the disk."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from antiphon.adapters.objects.errors import translated
from antiphon.adapters.objects.keys import checked, content_hash, folder_of
from antiphon.domains.media.errors import ObjectMissing
from antiphon.domains.media.ports import ObjectInfo
from antiphon.kit.clock import Clock, SystemClock

__all__ = ["LocalStore"]

_HALF_DONE = ".incoming"
_HALF_DONE_MAX_AGE_S: Final = 86_400
_MODE = 0o640
_CLOCK: Final = SystemClock()
_FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync stops at the drive's cache


def _sync(fd: int) -> None:
    if _FULL_SYNC is not None:
        fcntl.fcntl(fd, _FULL_SYNC)
    else:
        os.fsync(fd)


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _folders(root: Path, under: str) -> Iterator[list[str]]:
    """The keys of one folder at a time."""
    for folder, names, files in os.walk(root / under):
        if Path(folder) == root:
            names[:] = [name for name in names if name != _HALF_DONE]
        here = Path(folder).relative_to(root).as_posix()
        yield [name if here == "." else f"{here}/{name}" for name in sorted(files)]


class LocalStore:
    """`root` is made where missing. Objects are `root/<key>`, mode 0640; unfinished ones lie in `root/.incoming`."""

    def __init__(self, root: Path, clock: Clock = _CLOCK) -> None:
        self._root = Path(os.path.abspath(root))
        self._half_done = self._root / _HALF_DONE
        self._paths: Callable[[str], Path] = lru_cache(4096)(lambda key: self._root / checked(key))
        with translated(str(self._root)):
            self._half_done.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep(clock)

    async def put_file(self, key: str, path: Path) -> None:
        await asyncio.to_thread(self._put_file, checked(key), path)

    async def put_bytes(self, key: str, data: bytes) -> None:
        def write(file: BinaryIO) -> None:
            file.write(data)

        await asyncio.to_thread(self._write, checked(key), write)

    async def info(self, key: str) -> ObjectInfo:
        return await asyncio.to_thread(self._info, checked(key))

    async def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        if start < 0 or (length is not None and length < 0):
            raise ValueError("a range of bytes is not negative")
        return await asyncio.to_thread(self._read, checked(key), start, length)

    @asynccontextmanager
    async def local_file(self, key: str) -> AsyncIterator[Path]:
        await self.info(key)
        yield self._root / key

    def path(self, key: str) -> Path | None:
        return self._paths(key)

    async def redirect_url(self, key: str, expires_in_s: int) -> str | None:
        return None

    async def delete(self, key: str) -> None:
        with translated(key), suppress(FileNotFoundError):
            await asyncio.to_thread(os.unlink, self._root / checked(key))

    async def list(self, prefix: str) -> AsyncIterator[str]:
        folders = _folders(self._root, folder_of(prefix))
        while (keys := await asyncio.to_thread(next, folders, None)) is not None:
            for key in keys:
                if key.startswith(prefix):
                    yield key

    async def check(self) -> None:
        def write(file: BinaryIO) -> None:
            file.write(b"check")

        with translated(str(self._root)):
            await asyncio.to_thread(lambda: self._fill(write).unlink())

    def _sweep(self, clock: Clock) -> None:
        """Remove what a crash left unfinished; a day is longer than any copy takes."""
        oldest = clock.now().timestamp() - _HALF_DONE_MAX_AGE_S
        for left in self._half_done.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < oldest:
                    left.unlink()

    def _put_file(self, key: str, path: Path) -> None:
        with translated(key):
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        with open(fd, "rb") as source, translated(key):
            os.fchmod(fd, _MODE)
            _sync(fd)
            try:
                self._install(path, key)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
            else:
                return
            self._write(key, lambda file: shutil.copyfileobj(source, file, 1 << 20))
            path.unlink()

    def _write(self, key: str, write: Callable[[BinaryIO], None]) -> None:
        with translated(key):
            half_done = self._fill(write)
            try:
                self._install(half_done, key)
            except BaseException:
                half_done.unlink(missing_ok=True)
                raise

    def _fill(self, write: Callable[[BinaryIO], None]) -> Path:
        fd, name = tempfile.mkstemp(dir=self._half_done)
        try:
            with open(fd, "wb") as file:
                write(file)
                file.flush()
                os.fchmod(fd, _MODE)
                _sync(fd)
        except BaseException:
            os.unlink(name)
            raise
        return Path(name)

    def _install(self, file: Path, key: str) -> None:
        target = self._root / key
        fresh = []  # folders whose own name must reach the disk too
        folder = target.parent
        while not folder.is_dir():
            fresh.append(folder)
            folder = folder.parent
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        os.rename(file, target)
        for changed in (target.parent, *(made.parent for made in fresh)):
            _sync_folder(changed)

    def _info(self, key: str) -> ObjectInfo:
        with translated(key):
            path = self._root / key
            found = path.stat()
            if not path.is_file():
                raise ObjectMissing(f"{key}: a folder", key=key)
        return ObjectInfo(found.st_size, content_hash(key) or f"{found.st_size:x}-{found.st_mtime_ns:x}")

    def _read(self, key: str, start: int, length: int | None) -> bytes:
        self._info(key)
        with translated(key), open(self._root / key, "rb") as file:
            file.seek(start)
            return file.read(-1 if length is None else length)
