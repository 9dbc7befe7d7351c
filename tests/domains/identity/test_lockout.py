"""Guessing gets slower, for the guesser alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.domains.identity.errors import BadCredentials, Busy, TooManyAttempts
from antiphon.domains.identity.lockout import Lockout
from antiphon.kit.clients import Client
from antiphon.kit.errors import LimitsUnavailable
from antiphon.kit.limits import Backoff, LimitsDown
from antiphon.kit.secrets import Secrets
from tests.support.clock import FrozenClock

HERE, NEXT_DOOR, ELSEWHERE = (Client(address=address) for address in ("198.51.100.7", "198.51.100.200", "203.0.113.7"))
SECRETS = Secrets(b"s" * 32)


@pytest.fixture
def lockout(clock: FrozenClock) -> Lockout:
    return Lockout(MemoryLimits(clock), SECRETS)


async def guess(lockout: Lockout, account: str, client: Client, *, known: bool = False) -> int:
    """A wrong guess: how long to wait for it, 0 where it was heard."""
    try:
        async with lockout.attempt(account, client, known_device=known):
            raise BadCredentials
    except TooManyAttempts as refused:
        return int(refused.headers["Retry-After"])
    except BadCredentials:
        return 0


async def fail(lockout: Lockout, account: str, client: Client, times: int) -> None:
    assert [await guess(lockout, account, client) for _ in range(times)] == [0] * times


def with_device(client: Client, device: bytes) -> Client:
    return msgspec.structs.replace(client, device=device)


async def test_five_guesses_then_ever_longer_waits(lockout: Lockout, clock: FrozenClock) -> None:
    await fail(lockout, "ada", HERE, 5)
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert await guess(lockout, "ada", HERE) == wait
        clock.move(timedelta(seconds=wait))
        assert await guess(lockout, "ada", HERE) == 0


async def test_nobody_else_is_delayed(lockout: Lockout) -> None:
    await fail(lockout, "ada", HERE, 5)
    assert await guess(lockout, "ada", NEXT_DOOR) == 1
    assert await guess(lockout, "ada", ELSEWHERE) == 0
    assert await guess(lockout, "grace", HERE) == 0
    assert await guess(lockout, "ada", with_device(NEXT_DOOR, b"1"), known=True) == 0
    assert await guess(lockout, "ada", with_device(HERE, b"2"), known=True) == 0
    assert await guess(lockout, "ada", with_device(HERE, b"3"), known=False) == 1, "anybody can have a new device"


async def test_a_known_device_may_not_guess_for_ever_either(lockout: Lockout) -> None:
    for _ in range(5):
        assert await guess(lockout, "ada", with_device(HERE, b"1"), known=True) == 0
    assert await guess(lockout, "ada", with_device(ELSEWHERE, b"1"), known=True) == 1


async def test_ipv6_households_are_one_place(lockout: Lockout) -> None:
    await fail(lockout, "ada", Client(address="2001:db8:1:2::1"), 5)
    assert await guess(lockout, "ada", Client(address="2001:db8:1:2:ffff::9")) == 1
    assert await guess(lockout, "ada", Client(address="2001:db8:1:3::1")) == 0


async def test_success_takes_all_back(lockout: Lockout) -> None:
    await fail(lockout, "ada", HERE, 4)
    async with lockout.attempt("ada", HERE):
        pass
    await fail(lockout, "ada", HERE, 5)
    assert await guess(lockout, "ada", HERE) == 1


async def test_that_we_were_busy_does_not_count(lockout: Lockout) -> None:
    for _ in range(20):
        with pytest.raises(Busy):
            async with lockout.attempt("ada", HERE):
                raise Busy
    await fail(lockout, "ada", HERE, 5)
    assert await guess(lockout, "ada", HERE) == 1


async def test_a_thousand_at_once_are_no_way_around(lockout: Lockout) -> None:
    waits = await asyncio.gather(*(guess(lockout, "ada", HERE) for _ in range(1000)))
    assert waits.count(0) == 5


async def test_hanging_up_before_the_answer_counts(lockout: Lockout) -> None:
    for _ in range(5):
        with pytest.raises(asyncio.CancelledError):
            async with lockout.attempt("ada", HERE):
                raise asyncio.CancelledError
    assert await guess(lockout, "ada", HERE) == 1


async def test_a_day_without_an_attempt_is_forgotten(lockout: Lockout, clock: FrozenClock) -> None:
    await fail(lockout, "ada", HERE, 5)
    clock.move(timedelta(days=1))
    await fail(lockout, "ada", HERE, 5)
    assert await guess(lockout, "ada", HERE) == 1


class Away(MemoryLimits):
    """The store goes away after so many attempts."""

    left = 0

    async def attempt(self, backoff: Backoff, key: str) -> float:
        if self.left == 0:
            raise LimitsDown("away")
        self.left -= 1
        return 0

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        raise LimitsDown("away")


async def test_while_nobody_counts_nobody_guesses(clock: FrozenClock) -> None:
    limits = Away(clock)
    with pytest.raises(LimitsUnavailable):
        await guess(Lockout(limits, SECRETS), "ada", HERE)
    limits.left = 1
    async with Lockout(limits, SECRETS).attempt("ada", HERE):
        pass


async def test_switched_off_it_refuses_nothing() -> None:
    await fail(Lockout(None, SECRETS), "ada", HERE, 100)


async def test_the_store_learns_no_names(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    async def noted(_limits: MemoryLimits, _backoff: Backoff, key: str) -> float:
        keys.append(key)
        return 0

    monkeypatch.setattr(MemoryLimits, "attempt", noted)
    await fail(Lockout(MemoryLimits(clock), SECRETS), "ada@example.org", HERE, 1)
    assert "ada" not in keys[0]
    assert "198.51" not in keys[0]
