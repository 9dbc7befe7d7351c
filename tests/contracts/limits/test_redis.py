"""When Redis is away, and how an address chooses the counter."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.limits import open_limits
from antiphon.adapters.limits.local import LocalLimits
from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.adapters.limits.redis import RedisLimits
from antiphon.kit.limits import Backoff, LimitsDown, Policy, Take
from antiphon.kit.settings import SettingsError
from tests.contracts.limits.conftest import PATIENT
from tests.support.clock import FrozenClock
from tests.support.redis import redis_server

POLICY = Policy("any", 2, 60)
BACKOFF = Backoff("any", free=1, first_s=1, longest_s=900, forgotten_s=86_400)


async def test_redis_counts_by_its_own_clock(redis_url: str) -> None:
    limits = RedisLimits(redis_url, prefix="own-clock:")
    verdicts = [(await limits.take(Take(POLICY, "ada")))[0] for _ in range(3)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, False]
    assert 50 <= verdicts[2].retry_after_s <= 61
    patient = msgspec.structs.replace(BACKOFF, first_s=60)
    assert await limits.attempt(patient, "ada") == 0
    assert 50 <= await limits.attempt(patient, "ada") <= 60
    await limits.close()


async def test_what_it_keeps_goes_by_itself(redis_url: str) -> None:
    limits, began = RedisLimits(redis_url, prefix="goes:"), time.monotonic()
    await limits.take(Take(POLICY, "ada"))
    await limits.attempt(BACKOFF, "ada")
    lives = {key: await limits._redis.pttl(key) for key in await limits._redis.keys("goes:*")}
    passed_ms = 1000 * (time.monotonic() - began)
    assert 60_000 - passed_ms < lives[b"goes:any:60:ada"] <= 62_000
    assert 86_000_000 < lives[b"goes:any:ada"] <= 86_400_000
    await limits.close()


async def test_it_goes_away_and_comes_back(redis_url: str, tmp_path: Path) -> None:
    del redis_url  # only to be skipped where there is no server
    now = 0.0
    with redis_server() as url:
        socket_path = Path(url.removeprefix("unix://"))
        limits = RedisLimits(f"{url}{PATIENT}", monotonic=lambda: now)
        assert (await limits.take(Take(POLICY, "ada")))[0].allowed
    for ask in (
        lambda: limits.take(Take(POLICY, "ada")),
        lambda: limits.attempt(BACKOFF, "a"),
        lambda: limits.forgive(BACKOFF, "a"),
        limits.check,
    ):
        with pytest.raises(LimitsDown):
            await ask()
    socket_path.parent.mkdir()
    with redis_server(socket_path.parent):
        with pytest.raises(LimitsDown, match="a moment ago"):
            await limits.take(Take(POLICY, "ada"))
        now = 1.1
        assert [(await limits.take(Take(POLICY, "ada")))[0].allowed for _ in range(3)] == [True, True, False]
    socket_path.parent.rmdir()
    await limits.close()


async def test_one_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limits = RedisLimits(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(LimitsDown, match="Timeout"):
            await limits.take(Take(POLICY, "ada"))
        await limits.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (None, LocalLimits),
        ("", LocalLimits),
        ("memory://", MemoryLimits),
        ("redis://localhost:6379/0", RedisLimits),
        ("rediss://:secret@redis.example.org", RedisLimits),
        ("unix:///run/redis.sock", RedisLimits),
    ],
)
def test_the_address_chooses(url: str | None, kind: type, tmp_path: Path, clock: FrozenClock) -> None:
    assert type(open_limits(url, tmp_path, clock)) is kind
    assert list(tmp_path.iterdir()) == [], "nothing is opened before it is needed"


@pytest.mark.parametrize("url", ["http://localhost", "redis", "redis://localhost:port", "memory://x"])
def test_other_addresses_are_refused(url: str, tmp_path: Path, clock: FrozenClock) -> None:
    with pytest.raises(SettingsError, match="ANTIPHON_LIMITS_URL"):
        open_limits(url, tmp_path, clock)
