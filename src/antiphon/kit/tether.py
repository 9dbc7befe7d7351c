"""Run a program that does not outlive its parent, whatever kills the parent.

Started as a script (`python -I -S tether.py …`), so that it costs about 15 ms and no memory of ours: on Linux it asks
the kernel for a signal at the parent's death (PR_SET_PDEATHSIG) and becomes the program. Elsewhere it stays as a small
watcher between parent and program: it holds the read end of a pipe whose write end only the parent has, so end of file
means that the parent is gone; signals sent to the watcher are passed on.

The kernel ties the signal to the parent's *thread*: start tethered programs from a thread that lives as long as they
do.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from collections.abc import Sequence
from types import FrameType

__all__ = ["command", "watch_needed"]

_PR_SET_PDEATHSIG = 1
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


def watch_needed() -> bool:
    """Whether this system lacks a parent-death signal, so that `command` needs the read end of a pipe."""
    return not sys.platform.startswith("linux")


def command(argv: Sequence[str], *, signum: int, watch_fd: int | None = None) -> list[str]:
    """The command line that runs `argv` tethered to the calling process.

    `signum` is sent to the program when the parent dies. `watch_fd` is the inherited read end of the parent's pipe,
    needed where `watch_needed()`; the caller keeps the write end open and lets nobody inherit it.
    """
    if watch_fd is None and watch_needed():
        raise ValueError("this system has no parent-death signal: a pipe is needed")
    tether = [sys.executable, "-I", "-S", os.path.abspath(__file__), str(signum), str(os.getpid())]
    return [*tether, "-" if watch_fd is None else str(watch_fd), *argv]


def _become(argv: Sequence[str], signum: int, parent: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # died before the kernel was asked
        sys.exit(1)
    os.execvp(argv[0], list(argv))  # noqa: S606 — no shell is the point


def _watch(argv: Sequence[str], signum: int, watch_fd: int) -> int:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)

    def ignore(_signum: int, _frame: FrameType | None) -> None:
        """The byte in the wake-up pipe says all."""

    for passed in (*_PASSED_ON, signal.SIGCHLD):
        signal.signal(passed, ignore)
    os.set_inheritable(watch_fd, False)
    pid = os.posix_spawnp(argv[0], list(argv), os.environ, setsigdef=[*_PASSED_ON, signal.SIGCHLD])
    watched = [watch_fd, wake_read]
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        ready, _, _ = select.select(watched, [], [])
        if watch_fd in ready and not os.read(watch_fd, 1):
            os.kill(pid, signum)
            watched = [wake_read]
        if wake_read in ready:
            for caught in os.read(wake_read, 64):
                if caught != signal.SIGCHLD:
                    os.kill(pid, caught)


def _main() -> None:
    signum, parent, watch_fd, argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    if watch_fd == "-":
        _become(argv, signum, parent)
        return
    code = _watch(argv, signum, int(watch_fd))
    if code < 0:  # die of the signal that the program died of
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    _main()
