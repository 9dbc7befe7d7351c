"""Limits that a hostile file cannot talk its way out of: kernel limits, a watchdog, death with the parent."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from antiphon.adapters.codecs.wire import Limits, Refusal

if sys.platform != "win32":
    import resource

__all__ = ["Budget", "apply_limits", "die_with_parent", "silence"]

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies; leave at once where that has happened already."""
    if sys.platform != "linux":
        return
    # this call exists on Linux only
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def silence() -> None:
    """Point the standard streams at nothing: libraries write to them from C."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def apply_limits(limits: Limits, *, memory_bytes: int) -> None:
    """Set what the kernel enforces on this process. Processor time is the `Budget`'s."""
    if sys.platform == "win32":
        return
    for what, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ):
        _lower(what, amount)
    if sys.platform == "linux":  # elsewhere the limit is not enforced or counts what is merely reserved
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + memory_bytes)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def _lower(what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(what, (amount, amount))


class Budget:
    """Processor time in proportion to the sound that came out, and a watchdog that sound re-arms.

    A file that decodes honestly may take as long as it needs; one that burns time without sound is ended by the
    kernel (SIGXCPU, SIGALRM), whatever state the decoder is in.
    """

    def __init__(self, limits: Limits, passes: int = 1) -> None:
        self._limits = limits
        self._per_second = limits.cpu_per_audio_second * max(1, passes)
        self._fed = 0.0
        self._feed(0.0)

    def heard(self, seconds: float) -> None:
        """`seconds` of sound have come out so far. Raises `Refusal` past the longest recording taken."""
        if seconds > self._limits.audio_seconds:
            raise Refusal("too_long")
        if seconds - self._fed >= 1.0:
            self._feed(seconds)

    def closing(self) -> None:
        """No more sound comes: encoded files are being put in order, which takes as long as the disk does."""
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 10 * self._limits.stall_seconds)

    def _feed(self, seconds: float) -> None:
        self._fed = seconds
        if sys.platform == "win32":
            return
        allowed = int(self._limits.base_cpu_seconds + seconds * self._per_second) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        if hard != resource.RLIM_INFINITY:
            allowed = min(allowed, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
        signal.setitimer(signal.ITIMER_REAL, self._limits.stall_seconds)
