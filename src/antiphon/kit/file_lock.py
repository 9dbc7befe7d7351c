"""A lock that lives exactly as long as the processes that hold it, however they end."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

__all__ = ["FileLock"]


class FileLock:
    """A file lock (flock). Whoever inherits the descriptor holds it too, until the last of them is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd: int | None = None

    def acquire(self, timeout_s: float = 0.0) -> bool:
        """Take the lock within the time, or say False."""
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                os.close(fd)
                return False
            self.fd = fd
            return True

    def release(self) -> None:
        """Let go of our own hold; heirs keep theirs."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
