"""Keeps the processes of one machine running: starts them in order, restarts what fails, stops them in reverse.

Every child is a session of its own, so that Ctrl-C reaches the supervisor alone, and is tethered to it, so that it ends
when the supervisor is killed. A child's whole process group goes with it: a server that is killed leaves no workers.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from antiphon.kit import tether

__all__ = ["Program", "Supervisor"]

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_READY_POLL_S: Final = 0.05
_HURRY_S: Final = 2.0
_TEND_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One child. `env` is added to ours; `ready` is asked about 20 times a second until it is true, and must be quick.

    `stop_signal` is also what the child gets should the supervisor be killed.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    ready_within_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 15.0


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float | None = None
    quick_failures: int = 0


class Supervisor:
    """`say` gets one line for every start, failure and stop. `backoff_s` doubles with every quick failure, up to 30 s.

    A child that ends within `quick_s` of its start `most_quick` times in a row is given up, and everything stops.
    `tend` is called every two seconds and after every event, to look after what this process keeps besides its programs
    (the database); what it raises stops everything too. `heirloom` is a descriptor, such as that of a lock, that every
    child inherits: it closes when the last of them is gone, even if the supervisor went first.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        say: Callable[[str], None],
        quick_s: float = 10.0,
        most_quick: int = 5,
        backoff_s: float = 0.5,
        tend: Callable[[], None] | None = None,
        heirloom: int | None = None,
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._quick_s = quick_s
        self._most_quick = most_quick
        self._backoff_s = backoff_s
        self._tend = tend
        self._heirloom = heirloom
        self._asked_to_stop = 0
        self._gave_up = False
        self._stopping = False
        self._wake: tuple[int, int] = (-1, -1)
        self._pipe: tuple[int, int] | None = None

    def run(self, on_ready: Callable[[], None] | None = None) -> int:
        """Run until a signal (SIGINT, SIGTERM, SIGHUP) or a failure; 0 or 1. Call from the main thread.

        `on_ready` is called once, when the last program is ready.
        """
        self._wake = os.pipe()
        self._pipe = os.pipe() if tether.watch_needed() else None
        for fd in self._wake:
            os.set_blocking(fd, False)
        before = {signum: signal.signal(signum, _noted) for signum in (*_STOPPING, signal.SIGCHLD)}
        wakeup_before = signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        try:
            if all(self._bring_up(child) for child in self._children):
                if on_ready is not None:
                    on_ready()
                while not self._ending():
                    if self._tend is not None:
                        self._tend()
                    self._wait(None if self._tend is None else _TEND_S)
        finally:
            try:
                self._stop_all()
            finally:
                signal.set_wakeup_fd(wakeup_before)
                for signum, handler in before.items():
                    signal.signal(signum, handler)
                for fd in (*self._wake, *(self._pipe or ())):
                    os.close(fd)
        return 1 if self._gave_up else 0

    def _ending(self) -> bool:
        return self._gave_up or self._stopping or self._asked_to_stop > 0

    def _bring_up(self, child: _Child) -> bool:
        """Start, restarting as often as that makes sense; True once it is ready."""
        ready = child.program.ready or (lambda: True)
        self._spawn(child)
        while not self._ending():
            if child.process is not None:
                if ready():
                    return True
                if time.monotonic() > child.started + child.program.ready_within_s:
                    self._say(f"{child.program.name}: not ready after {child.program.ready_within_s:.0f} s")
                    self._gave_up = True
                    return False
            self._wait(_READY_POLL_S)
        return False

    def _spawn(self, child: _Child) -> None:
        program = child.program
        watch_fd = None if self._pipe is None else self._pipe[0]
        child.restart_at = None
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            tether.command(program.argv, signum=program.stop_signal, watch_fd=watch_fd),
            env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL,
            pass_fds=[fd for fd in (watch_fd, self._heirloom) if fd is not None],
            start_new_session=True,
        )

    def _wait(self, timeout_s: float | None = None) -> None:
        """Sleep until a signal, a restart that is due, or the time is over; then do what is to be done."""
        due = [child.restart_at for child in self._children if child.restart_at is not None]
        if due:
            until_due = max(0.0, min(due) - time.monotonic())
            timeout_s = until_due if timeout_s is None else min(timeout_s, until_due)
        select.select([self._wake[0]], [], [], timeout_s)
        with suppress(BlockingIOError):
            self._asked_to_stop += sum(signum in _STOPPING for signum in os.read(self._wake[0], 512))
        for child in self._children:
            code = self._reap(child)
            if code is not None and not self._ending():
                self._failed(child, code)
        for child in self._children:
            if child.restart_at is not None and child.restart_at <= time.monotonic() and not self._ending():
                self._spawn(child)

    def _reap(self, child: _Child) -> int | None:
        """The exit code of a child that has ended; what is left of its process group is killed first."""
        process = child.process
        if process is None or os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
        child.process = None
        return process.wait()

    def _failed(self, child: _Child, code: int) -> None:
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        quick = time.monotonic() - child.started < self._quick_s
        child.quick_failures = child.quick_failures + 1 if quick else 0
        if child.quick_failures >= self._most_quick:
            self._say(
                f"{child.program.name}: ended again ({how}); giving up after {child.quick_failures} quick failures"
            )
            self._gave_up = True
            return
        delay = min(30.0, self._backoff_s * 2 ** max(0, child.quick_failures - 1))
        self._say(f"{child.program.name}: ended ({how}); starting it again in {delay:.1f} s")
        child.restart_at = time.monotonic() + delay

    def _stop_all(self) -> None:
        """One after the other in reverse; all at once and soon killed after a second signal, at once after a third."""
        self._stopping = True
        second = self._asked_to_stop + 1  # however it came to this
        told: set[str] = set()
        hurried: float | None = None
        for child in reversed(self._children):
            child.restart_at = None
            self._tell(child, told)
            deadline = time.monotonic() + child.program.stop_within_s
            killed = False
            while child.process is not None:
                if hurried is None and self._asked_to_stop >= second:
                    hurried = time.monotonic()
                    for other in self._children:
                        self._tell(other, told)
                if hurried is not None:
                    deadline = min(deadline, hurried + _HURRY_S)
                if not killed and (time.monotonic() >= deadline or self._asked_to_stop > second):
                    self._say(f"{child.program.name}: did not stop in time; killed")
                    os.killpg(child.process.pid, signal.SIGKILL)
                    killed = True
                self._wait(None if killed else max(0.0, deadline - time.monotonic()))

    def _tell(self, child: _Child, told: set[str]) -> None:
        if child.process is not None and child.program.name not in told:
            told.add(child.program.name)
            os.kill(child.process.pid, child.program.stop_signal)  # Popen's own would reap it behind our back


def _noted(_signum: int, _frame: FrameType | None) -> None:
    """The byte in the wake-up pipe says all."""
