"""Limits in one process: for tests and trials. Everything is forgotten with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.kit.clock import Clock
from antiphon.kit.limits import CELLS, SECOND_US, Backoff, Take, Verdict, advance, fits, judge, microseconds

__all__ = ["MemoryLimits"]


@dataclass(slots=True)
class _Window:
    newest: int = 0
    cells: list[int] = field(default_factory=lambda: [0] * CELLS)


class MemoryLimits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, int, str], _Window] = {}
        self._attempts: dict[tuple[str, str], tuple[int, int]] = {}

    async def take(self, *wanted: Take) -> list[Verdict]:
        now_us = microseconds(self._clock.now())
        windows = [self._window(want, now_us) for want in wanted]
        used = [sum(window.cells) for window in windows]
        granted = all(map(fits, wanted, used))
        found: list[Verdict] = []
        for want, units, window in zip(wanted, used, windows, strict=True):
            found.append(judge(want, units, window.cells, window.newest, now_us, granted=granted))
            if granted:
                window.cells[window.newest % CELLS] += want.cost
        return found

    def _window(self, want: Take, now_us: int) -> _Window:
        policy = want.policy
        window = self._windows.setdefault((policy.name, policy.window_s, want.key), _Window())
        window.newest = advance(window.cells, window.newest, policy, now_us)
        return window

    async def attempt(self, backoff: Backoff, key: str) -> float:
        now_us = microseconds(self._clock.now())
        count, last = self._attempts.get((backoff.name, key), (0, 0))
        count, wait_us = backoff.standing(count, last, now_us)
        if wait_us:
            return wait_us / SECOND_US
        self._attempts[backoff.name, key] = count + 1, now_us
        return 0.0

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        count, last = self._attempts.pop((backoff.name, key), (0, 0))
        if attempts is not None and count > attempts:
            self._attempts[backoff.name, key] = count - attempts, last

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None
