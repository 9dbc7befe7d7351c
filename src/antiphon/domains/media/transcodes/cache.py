"""Files that can be made again, on disk, within a limit. Any number of processes use one folder.

A file is made under a name of its own with a lock on it and gets its real name when it is whole: whoever dies before
leaves nothing that could be taken for it.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from antiphon.kit.clock import Clock

__all__ = ["DiskCache", "Part"]

_PART = ".part"
_TOUCH_AFTER_S = 60.0  # a use is noted so often at most
_STALE_AFTER_S = 600.0


@dataclass
class Part:
    """A file that is being made; the lock on it is held until it is whole, dropped, or its process is gone."""

    path: Path
    target: Path
    fd: int

    def keep(self) -> None:
        """It is whole: from now on it is found."""
        self.path.rename(self.target)
        os.close(self.fd)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.fd)


@dataclass(frozen=True, slots=True)
class DiskCache:
    """Names are hexadecimal digests with an ending."""

    folder: Path
    limit_bytes: int
    clock: Clock

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def part(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}{_PART}"

    def find(self, name: str) -> Path | None:
        """The whole file, noted as used."""
        path = self.path(name)
        try:
            facts = path.stat()
            now = self.clock.now().timestamp()
            if now - facts.st_atime > _TOUCH_AFTER_S:
                os.utime(path, (now, facts.st_mtime))
        except FileNotFoundError:
            return None
        return path

    def begin(self, name: str) -> Part | None:
        """None while somebody else is making it."""
        part = self.part(name)
        part.parent.mkdir(parents=True, exist_ok=True)
        while True:
            fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                return None
            if _same(fd, part):
                return Part(part, self.path(name), fd)
            os.close(fd)  # whoever had the lock has renamed or removed it meanwhile

    def making(self, name: str) -> bool:
        """Whether somebody is at it now."""
        try:
            return not _free(self.part(name))
        except FileNotFoundError:
            return False

    def put(self, name: str, data: bytes) -> Path:
        """A small file, at once, also where another process is making the same: the last of them is the one there."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{name}.{token_hex(8)}{_PART}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(data)
        fresh.rename(path)
        return path

    def trim(self) -> int:
        """Delete what was used longest ago until the rest is within the limit; answers how many files went.

        Where two processes do it at once, each deletes less.
        """
        found, total, gone = [], 0, 0
        for path in self.folder.glob("??/*"):
            with suppress(FileNotFoundError):
                facts = path.stat()
                if path.suffix == _PART:
                    if self.clock.now().timestamp() - facts.st_mtime > _STALE_AFTER_S and _free(path):
                        path.unlink()
                    continue
                found.append((max(facts.st_atime, facts.st_mtime), facts.st_size, path))
                total += facts.st_size
        for _, size, path in sorted(found):
            if total <= self.limit_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size
            gone += 1
        return gone


def _same(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


def _free(path: Path) -> bool:
    """Raises FileNotFoundError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True
