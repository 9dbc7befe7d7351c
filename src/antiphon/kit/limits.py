"""How much of something may be done within a time: policies, verdicts, and the one way to count.

A window slides in steps of a sixtieth of its length. A unit that was admitted in a step counts until the whole window
after the *end* of that step has passed. So in any stretch of time as long as the window never more than `limit` units
are admitted; the price is that a unit comes back up to one sixtieth of the window later than a log of every moment
would give it back. One record has the same small size whatever the limit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

__all__ = [
    "CELLS",
    "STEPS",
    "Backoff",
    "Limits",
    "LimitsDown",
    "Policy",
    "Take",
    "Verdict",
    "advance",
    "fits",
    "judge",
    "microseconds",
    "verdict",
]

STEPS: Final = 60
CELLS: Final = STEPS + 1  # the steps of a whole window, and the one that has begun
SECOND_US: Final = 1_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
Cells: TypeAlias = "list[int] | memoryview[int]"


class LimitsDown(Exception):
    """The store of the limits cannot be asked now. Whoever asked decides whether that lets through or refuses."""


class Policy(Struct, frozen=True):
    """At most `limit` units in any `window_s` seconds, for each key. The name is part of what clients see."""

    name: str
    limit: int
    window_s: int

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 1_000_000_000 or self.window_s < 1:
            raise ValueError(f"{self.name}: a limit is 1 to 1,000,000,000, a window at least 1 s")

    @property
    def step_us(self) -> int:
        return -(-self.window_s * SECOND_US // STEPS)


class Take(Struct, frozen=True):
    """Wanted: `cost` units of `policy` for `key`. Keys of different policies never meet."""

    policy: Policy
    key: str
    cost: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.cost <= self.policy.limit:
            raise ValueError(f"{self.policy.name}: {self.cost} units can never be had")


class Verdict(Struct, frozen=True):
    """`reset_s`: until all is there again. `retry_after_s`: until what was wanted is there; 0 where it is now."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_s: float
    retry_after_s: float


class Backoff(Struct, frozen=True):
    """`free` attempts at once; then each has to wait for twice as long after the one before, up to `longest_s`.

    A key that is left alone for `forgotten_s` starts anew.
    """

    name: str
    free: int
    first_s: int
    longest_s: int
    forgotten_s: int

    def standing(self, attempts: int, last_us: int, now_us: int) -> tuple[int, int]:
        """The attempts that still count, and the microseconds until the next. What lies far in the future is void."""
        if now_us - last_us >= self.forgotten_s * SECOND_US:
            return 0, 0
        if attempts < self.free or last_us - now_us > self.longest_s * SECOND_US:
            return attempts, 0
        doublings = min(attempts - self.free, self.longest_s.bit_length())
        wait_s = min(self.first_s << doublings, self.longest_s)
        return attempts, max(0, last_us + wait_s * SECOND_US - now_us)


class Limits(Protocol):
    """Exact over everybody who shares the store: what two ask for at once is granted one after the other.

    Every method raises LimitsDown.
    """

    async def take(self, *wanted: Take) -> list[Verdict]:
        """All of it or nothing: units are spent only where every verdict allows it. One verdict for each, in order."""
        ...

    async def attempt(self, backoff: Backoff, key: str) -> float:
        """Count an attempt that may be made now, and say 0; or count nothing, and say how many seconds to wait."""
        ...

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        """Take back so many attempts; all of them without a number."""
        ...

    async def check(self) -> None:
        """Whether it would answer now."""
        ...

    async def close(self) -> None: ...


def advance(cells: Cells, newest: int, policy: Policy, now_us: int) -> int:
    """Empty what is a window old, and say which step to count in.

    A record's time does not run back: where the clock was set back a little, units are counted in the newest step. What
    a clock wrote that was more than a window ahead is void.
    """
    step = now_us // policy.step_us
    if newest == step:
        return step
    if newest - step > CELLS:
        newest = 0
    for number in range(max(newest + 1, step - STEPS), step + 1):
        cells[number % CELLS] = 0
    return max(step, newest)


def fits(wanted: Take, used: int) -> bool:
    return used + wanted.cost <= wanted.policy.limit


def judge(wanted: Take, used: int, cells: Cells, step: int, now_us: int, *, granted: bool) -> Verdict:
    """The verdict before anything is spent; `used` is the sum of the cells. `granted`: all that was wanted is there."""
    policy = wanted.policy
    if granted:
        return verdict(wanted, used, True, (step + CELLS) * policy.step_us - now_us, 0)
    reset_us = _us_until_free(cells, step, now_us, policy, used) if used else 0
    lacking = used + wanted.cost - policy.limit
    wait_us = _us_until_free(cells, step, now_us, policy, lacking) if lacking > 0 else 0
    return verdict(wanted, used, False, reset_us, wait_us)


def verdict(wanted: Take, used: int, granted: bool, reset_us: int, wait_us: int) -> Verdict:
    """`used` before; `wait_us` is 0 where this part alone would have been allowed."""
    policy = wanted.policy
    left = max(0, policy.limit - used - (wanted.cost if granted else 0))
    return Verdict(policy, fits(wanted, used), left, reset_us / SECOND_US, wait_us / SECOND_US)


def _us_until_free(cells: Cells, step: int, now_us: int, policy: Policy, units: int) -> int:
    """Microseconds until so many of the units that are counted now count no longer."""
    for number in range(step - STEPS, step + 1):
        units -= cells[number % CELLS]
        if units <= 0:
            return max(0, (number + CELLS) * policy.step_us - now_us)
    raise ValueError("more units than there are")


def microseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND
