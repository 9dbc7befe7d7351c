"""Files read from the page cache on the event loop, never waiting for a disk: what is not in memory a thread reads.

Players ask for one file piece by piece, so one that was asked for a short piece stays open for a while. Whether it is
still the one that its path leads to is looked at each time.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import Final

__all__ = ["OpenFile", "close_files", "open_file", "regular_size"]

MOST: Final = 32
IDLE_S: Final = 30.0
_NOWAIT: Final[int | None] = getattr(os, "RWF_NOWAIT", None)
# `bytearray(length)` would write zeros first, at a third of the price of reading over them.
_unwritten = ctypes.pythonapi.PyByteArray_FromStringAndSize
_unwritten.argtypes, _unwritten.restype = (ctypes.c_void_p, ctypes.c_ssize_t), ctypes.py_object


def regular_size(found: os.stat_result) -> int:
    """Raises FileNotFoundError."""
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError(errno.ENOENT, "not a regular file")
    return found.st_size


class OpenFile:
    """Open until it is closed. A thread that reads on for somebody who has gone keeps the descriptor until then."""

    def __init__(self, path: str, size: int) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._threads, self._closed = 0, False
        try:
            if regular_size(os.fstat(self._fd)) != size:  # replaced since it was measured
                raise FileNotFoundError(errno.ENOENT, "the file is being replaced", path)
        except FileNotFoundError:
            self.close()
            raise

    def close(self) -> None:
        self._closed = True
        if not self._threads:
            os.close(self._fd)

    async def piece(self, offset: int, length: int) -> bytearray:
        """Exactly `length` bytes, in a buffer of their own: a copy of it as `bytes` would cost more than all the rest.

        Raises OSError where the file has become shorter."""
        buffer: bytearray = _unwritten(None, length)
        done = self._from_memory(buffer, offset) if length else 0
        if done == length:
            return buffer
        reading = asyncio.get_running_loop().run_in_executor(None, self._from_disk, buffer, offset, done)
        self._threads += 1
        reading.add_done_callback(self._given_back)
        return await asyncio.shield(reading)

    def _given_back(self, reading: asyncio.Future[bytearray]) -> None:
        reading.cancelled() or reading.exception()  # perhaps nobody is left to hear of it
        self._threads -= 1
        if self._closed and not self._threads:
            os.close(self._fd)

    def _from_memory(self, buffer: bytearray, offset: int) -> int:
        if _NOWAIT is None:
            return 0
        try:
            return os.preadv(self._fd, [buffer], offset, _NOWAIT)
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EOPNOTSUPP}:
                return 0
            raise

    def _from_disk(self, buffer: bytearray, offset: int, done: int) -> bytearray:
        view = memoryview(buffer)
        while done < len(buffer):
            count = os.preadv(self._fd, [view[done:]], offset + done)
            if count == 0:
                raise OSError(errno.EIO, "the file became shorter while it was sent")
            done += count
        return buffer


@dataclass(slots=True)
class _Kept:
    file: OpenFile
    mark: tuple[int, ...]
    asked: float


_kept: OrderedDict[str, _Kept] = OrderedDict()


def open_file(path: str, found: os.stat_result) -> OpenFile:
    """Kept open for who asks next. `found` is what the path leads to now. Raises FileNotFoundError, OSError."""
    mark = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
    kept = _kept.get(path)
    if kept is not None and kept.mark == mark:
        kept.asked = monotonic()
        _kept.move_to_end(path)
        return kept.file
    if kept is not None:
        _kept.pop(path).file.close()
    file = OpenFile(path, found.st_size)
    _kept[path] = _Kept(file, mark, monotonic())
    loop = asyncio.get_running_loop()
    loop.call_later(IDLE_S, _close_idle, loop, path)
    if len(_kept) > MOST:
        _kept.popitem(last=False)[1].file.close()
    return file


def _close_idle(loop: asyncio.AbstractEventLoop, path: str) -> None:
    """What nobody asks for any more would hold the space of a file that is deleted."""
    kept = _kept.get(path)
    if kept is None:
        return
    left_s = kept.asked + IDLE_S - monotonic()
    if left_s > 0:
        loop.call_later(left_s, _close_idle, loop, path)
    else:
        _kept.pop(path).file.close()


def close_files() -> None:
    """Those that were kept open."""
    while _kept:
        _kept.popitem()[1].file.close()
