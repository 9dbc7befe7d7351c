"""What every counter of limits does alike."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.kit.limits import SECOND_US, STEPS, Backoff, Limits, Policy, Take, microseconds
from tests.support.clock import FrozenClock

MINUTE = Policy("read", limit=5, window_s=60)
HOUR = Policy("read-network", limit=8, window_s=3600)
BACKOFF = Backoff("sign-in", free=5, first_s=1, longest_s=900, forgotten_s=86_400)
SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ONE_US = timedelta(microseconds=1)


def key() -> str:
    return uuid.uuid4().hex


async def taken(limits: Limits, policy: Policy, name: str, times: int) -> int:
    """How many of so many single units were granted."""
    return sum([(await limits.take(Take(policy, name)))[0].allowed for _ in range(times)])


async def test_no_more_than_the_limit_within_a_window(limits: Limits, clock: FrozenClock) -> None:
    assert await taken(limits, MINUTE, "ada", 9) == 5
    assert await taken(limits, MINUTE, "grace", 9) == 5
    clock.move(timedelta(seconds=59, microseconds=999_999))
    assert await taken(limits, MINUTE, "ada", 9) == 0
    clock.move(timedelta(seconds=1, microseconds=1))
    assert await taken(limits, MINUTE, "ada", 9) == 5


async def test_it_says_that_it_would_answer(limits: Limits) -> None:
    await limits.check()


async def test_the_window_slides(limits: Limits, clock: FrozenClock) -> None:
    assert await taken(limits, MINUTE, "ada", 2) == 2
    clock.move(timedelta(seconds=30))
    assert await taken(limits, MINUTE, "ada", 9) == 3
    clock.move(timedelta(seconds=31))
    assert await taken(limits, MINUTE, "ada", 9) == 2
    clock.move(timedelta(seconds=30))
    assert await taken(limits, MINUTE, "ada", 9) == 3


async def test_verdicts_say_what_is_left_and_when_more_comes(limits: Limits, clock: FrozenClock) -> None:
    clock.move(timedelta(seconds=-clock.now().second))  # to the beginning of a step
    [first] = await limits.take(Take(MINUTE, "ada", 3))
    assert (first.policy, first.allowed, first.remaining, first.reset_s, first.retry_after_s) == (
        MINUTE,
        True,
        2,
        61,
        0,
    )
    clock.move(timedelta(seconds=10))
    [second] = await limits.take(Take(MINUTE, "ada"))
    assert (second.allowed, second.remaining, second.reset_s) == (True, 1, 61)
    [refused] = await limits.take(Take(MINUTE, "ada", 2))
    assert (refused.allowed, refused.remaining, refused.retry_after_s, refused.reset_s) == (False, 1, 51, 61)
    [much] = await limits.take(Take(MINUTE, "ada", 5))
    assert (much.allowed, much.remaining, much.retry_after_s, much.reset_s) == (False, 1, 61, 61)


async def test_all_of_it_or_nothing(limits: Limits) -> None:
    assert await taken(limits, MINUTE, "ada", 4) == 4
    both = await limits.take(Take(HOUR, "home", 8), Take(MINUTE, "ada", 2))
    assert [(verdict.allowed, verdict.remaining) for verdict in both] == [(True, 8), (False, 1)]
    both = await limits.take(Take(HOUR, "home", 8), Take(MINUTE, "ada", 1))
    assert [(verdict.allowed, verdict.remaining) for verdict in both] == [(True, 0), (True, 0)]
    [untouched] = await limits.take(Take(MINUTE, "grace"))
    assert untouched.remaining == 4
    both = await limits.take(Take(HOUR, "home"), Take(MINUTE, "grace"))
    assert [(verdict.allowed, verdict.remaining) for verdict in both] == [(False, 0), (True, 4)]


async def test_policies_do_not_meet_in_a_key(limits: Limits) -> None:
    longer = Policy("read", limit=5, window_s=61)
    other = Policy("write", limit=5, window_s=60)
    for policy in (MINUTE, longer, other):
        assert await taken(limits, policy, "ada", 9) == 5


async def test_a_higher_limit_counts_what_was_spent_under_the_lower(limits: Limits) -> None:
    assert await taken(limits, MINUTE, "ada", 9) == 5
    assert await taken(limits, Policy("read", limit=7, window_s=60), "ada", 9) == 2


async def test_a_clock_that_is_set_back_gives_nothing_away(limits: Limits, clock: FrozenClock) -> None:
    assert await taken(limits, MINUTE, "ada", 4) == 4
    clock.move(timedelta(seconds=-50))
    assert await taken(limits, MINUTE, "ada", 9) == 1
    clock.move(timedelta(seconds=50 + 61))
    assert await taken(limits, MINUTE, "ada", 9) == 5
    clock.move(timedelta(days=-1))  # it had been far ahead: what it wrote would last for a day
    assert await taken(limits, MINUTE, "ada", 9) == 5


@pytest.mark.parametrize("name", ["", "a" * 1000, "user:\n\0\"'{}", "鍵", "a:b"])
async def test_any_text_is_a_key(limits: Limits, name: str) -> None:
    assert await taken(limits, MINUTE, name, 9) == 5


@pytest.mark.parametrize("numbers", [(0, 60), (-1, 60), (5, 0), (2_000_000_000, 60)])
def test_a_policy_that_cannot_be(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="broken"):
        Policy("broken", *numbers)


@pytest.mark.parametrize("cost", [0, -1, 6])
def test_a_cost_that_can_never_be_had(cost: int) -> None:
    with pytest.raises(ValueError, match="read"):
        Take(MINUTE, "ada", cost)


@dataclass
class Oracle:
    """A log of every unit, and nothing clever."""

    policy: Policy
    log: list[tuple[int, int]] = field(default_factory=list)

    def used(self, now_us: int) -> int:
        """By the definition: a unit counts until the whole window after the end of its step has passed."""
        step_us = self.policy.step_us
        return sum(cost for at, cost in self.log if now_us < (at // step_us + 1) * step_us + STEPS * step_us)

    def most_in_any_window(self) -> int:
        window_us = self.policy.window_s * SECOND_US
        return max(
            (sum(c for at, c in self.log if start <= at < start + window_us) for start, _ in self.log), default=0
        )

    def recently(self, now_us: int) -> int:
        """In the last window and the sixtieth that the steps may cost."""
        return sum(
            cost for at, cost in self.log if now_us - at < self.policy.window_s * SECOND_US + self.policy.step_us
        )


@SHARED
@given(
    limit=st.integers(1, 9),
    window_s=st.integers(10, 200),
    asked=st.lists(st.tuples(st.floats(0, 1.2), st.integers(1, 9)), min_size=1, max_size=60),
)
async def test_as_a_naive_log_would(
    limits: Limits, clock: FrozenClock, limit: int, window_s: int, asked: list[tuple[float, int]]
) -> None:
    policy, name = Policy("any", limit, window_s), key()
    oracle = Oracle(policy)
    for pause, cost in asked:
        now_us = microseconds(clock.move(timedelta(seconds=round(pause * pause * window_s, 6))))
        want = Take(policy, name, min(cost, limit))
        used = oracle.used(now_us)
        [verdict] = await limits.take(want)
        assert verdict.allowed == (used + want.cost <= limit)
        assert verdict.remaining == limit - used - want.cost * verdict.allowed
        assert verdict.allowed or oracle.recently(now_us) + want.cost > limit, "refused for no reason"
        if verdict.allowed:
            oracle.log.append((now_us, want.cost))
        else:
            wait_us = round(verdict.retry_after_s * SECOND_US)
            assert oracle.used(now_us + wait_us) + want.cost <= limit < oracle.used(now_us + wait_us - 1) + want.cost
        reset_us = round(verdict.reset_s * SECOND_US)
        assert oracle.used(now_us + reset_us) == 0
        assert oracle.used(now_us + reset_us - 1) > 0
    assert oracle.most_in_any_window() <= limit


async def test_attempts_are_free_at_first_and_then_ever_slower(limits: Limits, clock: FrozenClock) -> None:
    assert [await limits.attempt(BACKOFF, "ada") for _ in range(5)] == [0] * 5
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900):
        assert await limits.attempt(BACKOFF, "ada") == wait
        clock.move(timedelta(seconds=wait) - ONE_US)
        assert await limits.attempt(BACKOFF, "ada") == 0.000001, "what was refused did not count"
        clock.move(ONE_US)
        assert await limits.attempt(BACKOFF, "ada") == 0
    assert await limits.attempt(BACKOFF, "grace") == 0


async def test_attempts_are_forgotten_in_the_end(limits: Limits, clock: FrozenClock) -> None:
    for _ in range(5):
        await limits.attempt(BACKOFF, "ada")
    clock.move(timedelta(days=1) - ONE_US)
    assert await limits.attempt(BACKOFF, "ada") == 0
    assert await limits.attempt(BACKOFF, "ada") == 2
    clock.move(timedelta(days=1))
    assert [await limits.attempt(BACKOFF, "ada") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


async def test_attempts_are_forgiven(limits: Limits) -> None:
    await limits.forgive(BACKOFF, "ada")
    await limits.forgive(BACKOFF, "ada", 3)
    for _ in range(5):
        assert await limits.attempt(BACKOFF, "ada") == 0
    await limits.forgive(BACKOFF, "ada", 1)
    assert [await limits.attempt(BACKOFF, "ada") for _ in range(2)] == [0, 1]
    await limits.forgive(BACKOFF, "ada")
    assert [await limits.attempt(BACKOFF, "ada") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


async def test_a_clock_that_is_set_back_locks_nobody_out(limits: Limits, clock: FrozenClock) -> None:
    for _ in range(15):
        clock.move(timedelta(seconds=900))
        assert await limits.attempt(BACKOFF, "ada") == 0
    clock.move(timedelta(seconds=-100))
    assert await limits.attempt(BACKOFF, "ada") == 900 + 100
    clock.move(timedelta(days=-1))
    assert await limits.attempt(BACKOFF, "ada") == 0
    assert await limits.attempt(BACKOFF, "ada") == 900
