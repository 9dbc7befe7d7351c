"""Guessing gets slower, for the guesser alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.domains.identity.errors import TooManyAttempts
from antiphon.domains.identity.lockout import BACKOFF, Lockout
from antiphon.kit.errors import LimitsUnavailable
from antiphon.kit.limits import Backoff, LimitsDown
from antiphon.kit.secrets import Secrets
from tests.support.clock import FrozenClock

HERE, NEXT_DOOR, ELSEWHERE = "198.51.100.7", "198.51.100.200", "203.0.113.7"
SECRETS = Secrets(b"s" * 32)


@pytest.fixture
def lockout(clock: FrozenClock) -> Lockout:
    return Lockout(MemoryLimits(clock), SECRETS)


async def fail(lockout: Lockout, account: str, address: str, times: int) -> None:
    for _ in range(times):
        await lockout.check(account, address)


async def wait_of(lockout: Lockout, account: str, address: str, device: str | None = None) -> int:
    """0: the attempt was let through, and counts."""
    try:
        await lockout.check(account, address, trusted_device=device)
    except TooManyAttempts as refused:
        return int(refused.headers["Retry-After"])
    return 0


async def test_five_guesses_then_ever_longer_waits(lockout: Lockout, clock: FrozenClock) -> None:
    await fail(lockout, "ada", HERE, 5)
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert await wait_of(lockout, "ada", HERE) == wait
        clock.move(timedelta(seconds=wait))
        assert await wait_of(lockout, "ada", HERE) == 0


async def test_nobody_else_is_delayed(lockout: Lockout) -> None:
    await fail(lockout, "ada", HERE, 5)
    assert await wait_of(lockout, "ada", NEXT_DOOR) == 1
    assert await wait_of(lockout, "ada", ELSEWHERE) == 0
    assert await wait_of(lockout, "grace", HERE) == 0
    assert await wait_of(lockout, "ada", NEXT_DOOR, device="d1") == 0
    assert await wait_of(lockout, "ada", HERE, device="d2") == 0


async def test_a_trusted_device_may_not_guess_for_ever_either(lockout: Lockout) -> None:
    for _ in range(5):
        assert await wait_of(lockout, "ada", HERE, device="d1") == 0
    assert await wait_of(lockout, "ada", ELSEWHERE, device="d1") == 1


async def test_ipv6_households_are_one_place(lockout: Lockout) -> None:
    await fail(lockout, "ada", "2001:db8:1:2::1", 5)
    assert await wait_of(lockout, "ada", "2001:db8:1:2:ffff::9") == 1
    assert await wait_of(lockout, "ada", "2001:db8:1:3::1") == 0


async def test_success_takes_all_back(lockout: Lockout) -> None:
    await fail(lockout, "ada", HERE, 5)
    await lockout.succeeded("ada", HERE)
    for _ in range(5):
        assert await wait_of(lockout, "ada", HERE) == 0
    assert await wait_of(lockout, "ada", HERE) == 1


async def test_what_was_our_fault_does_not_count(lockout: Lockout) -> None:
    for _ in range(20):
        await lockout.check("ada", HERE)
        await lockout.undecided("ada", HERE)
    await fail(lockout, "ada", HERE, 5)
    assert await wait_of(lockout, "ada", HERE) == 1


async def test_a_thousand_at_once_are_no_way_around(lockout: Lockout) -> None:
    waits = await asyncio.gather(*(wait_of(lockout, "ada", HERE) for _ in range(1000)))
    assert waits.count(0) == 5


async def test_a_day_without_an_attempt_is_forgotten(lockout: Lockout, clock: FrozenClock) -> None:
    await fail(lockout, "ada", HERE, 5)
    clock.move(timedelta(days=1))
    await fail(lockout, "ada", HERE, 5)
    assert await wait_of(lockout, "ada", HERE) == 1


class Away(MemoryLimits):
    async def attempt(self, backoff: Backoff, key: str) -> float:
        raise LimitsDown("away")

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        raise LimitsDown("away")


async def test_while_nobody_counts_nobody_guesses(clock: FrozenClock) -> None:
    lockout = Lockout(Away(clock), SECRETS)
    with pytest.raises(LimitsUnavailable):
        await lockout.check("ada", HERE)
    await lockout.succeeded("ada", HERE)


async def test_switched_off_it_refuses_nothing() -> None:
    lockout = Lockout(None, SECRETS)
    await fail(lockout, "ada", HERE, 100)
    await lockout.succeeded("ada", HERE)


async def test_the_store_learns_no_names(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    async def noted(_limits: MemoryLimits, backoff: Backoff, key: str) -> float:
        assert backoff is BACKOFF
        keys.append(key)
        return 0

    monkeypatch.setattr(MemoryLimits, "attempt", noted)
    await Lockout(MemoryLimits(clock), SECRETS).check("ada@example.org", HERE)
    assert "ada" not in keys[0]
    assert "198.51" not in keys[0]
