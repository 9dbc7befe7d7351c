"""Records of counters in a file that all processes of one machine map into their memory.

A hash table without pointers. A key belongs to one set of eight places in each segment of the file; the segments double
in size, and one is added when a set is full in all of them. A place is free again when its time is over, so nothing has
to be swept. Whoever reads or writes a set holds the file lock of its stripe, which the kernel takes back from a process
that dies. Each change of a record is one store of a word, in an order in which every half is a record that holds too
much rather than too little.

    header   version 8 | number of segments 8 | salt 16 | up to 4 KiB
    record   digest 16 | until (µs) 8 | newest 8 | 61 cells of 4 | filler 4
"""

from __future__ import annotations

import fcntl
import mmap
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import Final

from antiphon.kit.limits import CELLS, LimitsDown

__all__ = ["Record", "Table"]

VERSION: Final = 1
HEADER: Final = 4096
STRIPES: Final = 1024  # sets of the first segment
WAYS: Final = 8
RECORD: Final = 16 + 8 + 8 + 4 * CELLS + 4
SET: Final = WAYS * RECORD
SEGMENTS: Final = 9  # 4.2 million records in 1.2 GB; the file starts with 2.3 MB
_GROWING: Final = 1 << 40  # the byte that is locked while the file is made or grows; no stripe is that far out
_THREADS: Final = threading.Lock()  # file locks exclude processes only


def _size(segments: int) -> int:
    return HEADER + STRIPES * SET * ((1 << segments) - 1)


class Table:
    """Raises LimitsDown where the file cannot be made, opened or grown. Ask for records only while `held`."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with self._growing():
                self._salt = self._made()
                self._map(int.from_bytes(os.pread(self._fd, 8, 8), sys.byteorder))
        except OSError as error:
            raise LimitsDown(f"{path}: {error}") from error

    def _made(self) -> bytes:
        """The salt of the file, which is made where it is new, or where its maker died."""
        version = int.from_bytes(os.pread(self._fd, 8, 0), sys.byteorder)
        if version != VERSION:
            self._allocate(_size(1))
            os.pwrite(self._fd, (1).to_bytes(8, sys.byteorder) + token_bytes(16), 8)
            os.pwrite(self._fd, VERSION.to_bytes(8, sys.byteorder), 0)
        return os.pread(self._fd, 16, 16)

    def _allocate(self, size: int) -> None:
        """Real room on the disk: a hole that cannot be filled later would kill whoever touches it."""
        if sys.platform == "linux":
            os.posix_fallocate(self._fd, 0, size)
        else:
            os.ftruncate(self._fd, size)

    def _map(self, segments: int) -> None:
        self._bytes, self._segments = mmap.mmap(self._fd, _size(segments)), segments
        whole = memoryview(self._bytes)
        self._long, self._int = whole.cast("Q"), whole.cast("I")

    @contextmanager
    def _growing(self) -> Iterator[None]:
        fcntl.lockf(self._fd, fcntl.LOCK_EX, 1, _GROWING)
        try:
            yield
        finally:
            fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, _GROWING)

    def digest(self, key: str) -> bytes:
        """Salted, so that nobody can choose keys that share a set."""
        return blake2b(key.encode(), digest_size=16, key=self._salt).digest()

    def held(self, digests: Sequence[bytes]) -> _Held:
        """While in it, the sets of these keys are ours alone."""
        return _Held(self, [int.from_bytes(digest[:8], "little") % STRIPES for digest in digests])

    def lock(self, stripes: Iterable[int]) -> None:
        """Given in order, so that nobody waits in a ring."""
        for stripe in stripes:
            fcntl.lockf(self._fd, fcntl.LOCK_EX, 1, stripe)
        if self._long[1] != self._segments:
            self._map(self._long[1])

    def unlock(self, stripes: Iterable[int]) -> None:
        for stripe in stripes:
            fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, stripe)

    def record(self, digest: bytes, now_us: int) -> Record:
        """The record of a key, which nobody else's can take the place of now; a new one is empty."""
        number = int.from_bytes(digest[:8], "little")
        for start in self._sets(number):
            at = self._bytes.find(digest, start, start + SET)
            if at >= 0 and (at - start) % RECORD == 0:
                record = Record(self._long, self._int, at)
                if record.until_us <= now_us:
                    record.until_us = now_us + 1
                return record
        while True:
            for start in self._sets(number):
                for at in range(start, start + SET, RECORD):
                    if self._long[at // 8 + 2] <= now_us:
                        return self._fresh(at, digest, now_us)
            self._grow()

    def _sets(self, number: int) -> Iterator[int]:
        """Where the sets begin that a key may be in, one in each segment."""
        for segment in range(self._segments):
            yield _size(segment) + SET * (number % (STRIPES << segment))

    def _fresh(self, at: int, digest: bytes, now_us: int) -> Record:
        record = Record(self._long, self._int, at)
        record.until_us = record.newest = 0
        for cell in range(CELLS):
            record.cells[cell] = 0
        self._bytes[at : at + 16] = digest
        record.until_us = now_us + 1
        return record

    def _grow(self) -> None:
        """Unless somebody else just has."""
        with self._growing():
            if self._long[1] == self._segments:
                if self._segments == SEGMENTS:
                    raise LimitsDown("the table of limits is full")
                try:
                    self._allocate(_size(self._segments + 1))
                except OSError as error:
                    raise LimitsDown(f"the table of limits cannot grow: {error}") from error
                self._long[1] = self._segments + 1
            self._map(self._long[1])

    def close(self) -> None:
        os.close(self._fd)


class _Held:
    """A context of its own class: this is done for every request, and a generator costs twice as much."""

    __slots__ = ("_stripes", "_table")

    def __init__(self, table: Table, stripes: Iterable[int]) -> None:
        self._table, self._stripes = table, sorted(set(stripes))

    def __enter__(self) -> None:
        _THREADS.acquire()
        try:
            self._table.lock(self._stripes)
        except OSError as error:
            self.__exit__()
            raise LimitsDown(f"the table of limits cannot be locked: {error}") from error

    def __exit__(self, *_: object) -> None:
        self._table.unlock(self._stripes)
        _THREADS.release()


class Record:
    """Words in the file. `until_us`: the place is free after it. `newest` and `cells` belong to whoever counts."""

    __slots__ = ("_at", "_long", "cells")

    def __init__(self, longs: memoryview[int], ints: memoryview[int], at: int) -> None:
        self._long, self._at = longs, at // 8
        self.cells = ints[at // 4 + 8 : at // 4 + 8 + CELLS]

    @property
    def until_us(self) -> int:
        return self._long[self._at + 2]

    @until_us.setter
    def until_us(self, value: int) -> None:
        self._long[self._at + 2] = value

    @property
    def newest(self) -> int:
        return self._long[self._at + 3]

    @newest.setter
    def newest(self, value: int) -> None:
        self._long[self._at + 3] = value
