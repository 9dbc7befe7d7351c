"""Two processes of one installation, over every carrier of what is said."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from antiphon.adapters.fanout import open_fanout, open_presence
from antiphon.adapters.fanout.redis import RedisFanout
from antiphon.entry.realtime.switchboard import Switchboard
from antiphon.kit.db import Database
from antiphon.kit.fanout import Fanout
from antiphon.kit.jobs import JobRegistry
from antiphon.kit.live import LiveHub
from antiphon.kit.presence import LEASE, Presence
from tests.support.clock import FrozenClock
from tests.support.redis import ABSENT, redis_server

PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine under load is slow, not wrong: a Redis that is there is waited for."""
    monkeypatch.setattr("antiphon.adapters.fanout.redis.TIMEOUT_S", PATIENCE_S)


@dataclass
class Process:
    db: Database
    hub: LiveHub
    fanout: Fanout
    presence: Presence
    board: Switchboard


@dataclass
class Stage:
    here: Process
    there: Process
    lease_ends: Callable[[str], Awaitable[None]]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip(ABSENT)
    with redis_server() as url:
        yield url


@asynccontextmanager
async def process(
    database_url: str, clock: FrozenClock, fanout_of: Callable[[LiveHub], Fanout]
) -> AsyncIterator[Process]:
    hub, stop = LiveHub(), asyncio.Event()
    fanout = fanout_of(hub)
    db = Database.connect(database_url, clock, JobRegistry(), hub=hub, fanout=fanout, pool_size=5)
    made = Process(db, hub, fanout, open_presence(fanout, db, hub), Switchboard(db, fanout, clock))
    tasks = [asyncio.create_task(work) for work in (hub.listen(database_url, stop), fanout.run(stop))]
    await hub.connected(within_s=PATIENCE_S)
    if isinstance(fanout, RedisFanout):
        await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield made
    stop.set()
    await asyncio.gather(*tasks)
    await fanout.close()
    await db.close()


@pytest.fixture(params=["local", "redis"])
async def stage(request: pytest.FixtureRequest, database_url: str, clock: FrozenClock) -> AsyncIterator[Stage]:
    prefix = f"{uuid.uuid4().hex}:"
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    def fanout_of(hub: LiveHub) -> Fanout:
        return RedisFanout(url, prefix=prefix) if url else open_fanout(None, hub)

    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(process(database_url, clock, fanout_of)) for _ in range(2)]

        async def lease_ends(gateway: str) -> None:
            if isinstance(here.fanout, RedisFanout):
                await here.fanout._redis.delete(f"{prefix}lease:{gateway}")
            else:
                clock.move(LEASE + timedelta(seconds=1))

        yield Stage(here, there, lease_ends)
