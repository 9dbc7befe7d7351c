"""One transaction: rows, facts, jobs and messages together or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from threading import Thread
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from antiphon.kit.db import LIVE_CHANNEL, RELAY_CHANNEL, Database, UnitOfWork
from antiphon.kit.errors import LimitsUnavailable
from antiphon.kit.facts import Fact, decode, encode
from antiphon.kit.idempotency import IdempotencyKeyReused, once
from antiphon.kit.ids import new_uuid
from antiphon.kit.jobs import JobRegistry, JobSpec
from antiphon.kit.live import LiveHub, LiveMessage
from tests.support.answers import rows, unchanged
from tests.support.clock import FrozenClock


class KettleBoiled(Fact, frozen=True, kw_only=True):
    """Only tests boil kettles."""

    name: ClassVar[str] = "test.kettle_boiled"
    degrees: int
    by: UUID | None = None


async def _nothing(**_ids: Any) -> None:
    """A job that is only ever deferred."""


@pytest.fixture
async def db(database_url: str, clock: FrozenClock) -> AsyncIterator[Database]:
    jobs = JobRegistry()
    jobs.add(JobSpec("test.job", _nothing, "cache", priority=7))
    made = Database.connect(database_url, clock, jobs, {KettleBoiled.name: ("test.a", "test.b")}, pool_size=5)
    yield made
    await made.close()


@pytest.fixture
async def heard(database_url: str) -> AsyncIterator[asyncio.Queue[tuple[str, str]]]:
    """What comes over the channels, in order."""
    queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    conn = await asyncpg.connect(database_url)
    for channel in (RELAY_CHANNEL, LIVE_CHANNEL):
        await conn.add_listener(channel, lambda _conn, _pid, name, payload: queue.put_nowait((name, payload)))
    yield queue
    await conn.close()


async def _row(uow: UnitOfWork) -> None:
    statement = text("INSERT INTO catalog.genres (name, key) VALUES ('x', :key)")
    await uow.conn.execute(statement, {"key": str(new_uuid())})


async def _everything(uow: UnitOfWork) -> None:
    await _row(uow)
    uow.add_fact(KettleBoiled(subject=new_uuid(), degrees=100))
    uow.defer("test.job", track_id=str(new_uuid()))
    uow.tell("topic", "event", {"n": 1})


async def _fallen(db: Database, error: type[BaseException], flushed: bool) -> None:
    async with db.unit() as uow:
        await _everything(uow)
        if flushed:
            await uow.flush()
        raise error


async def _fallen_step(uow: UnitOfWork) -> None:
    async with uow.step():
        await _everything(uow)
        raise ValueError("inside")


@pytest.mark.parametrize("flushed", [False, True])
async def test_nothing_outlives_an_exception(
    db: Database, flushed: bool, heard: asyncio.Queue[tuple[str, str]]
) -> None:
    async with unchanged(db):
        for error in (RuntimeError, asyncio.CancelledError, KeyboardInterrupt):
            with pytest.raises(error):
                await _fallen(db, error, flushed)
    async with db.unit() as uow:
        uow.tell("last", "event", {})
    assert "last" in (await asyncio.wait_for(heard.get(), 10))[1]  # and nothing before it


async def test_all_of_it_is_there_after_the_commit(db: Database, heard: asyncio.Queue[tuple[str, str]]) -> None:
    async with db.unit() as uow:
        await _everything(uow)
        assert await rows(db, "SELECT 1 FROM kit.facts") == []
    assert {(await asyncio.wait_for(heard.get(), 10))[0] for _ in range(2)} == {RELAY_CHANNEL, LIVE_CHANNEL}
    (fact,) = await rows(db, "SELECT name, version, payload FROM kit.facts")
    assert (fact.name, fact.version) == (KettleBoiled.name, 1)
    handlers = await rows(db, "SELECT handler FROM kit.deliveries ORDER BY handler")
    assert [row.handler for row in handlers] == ["test.a", "test.b"]
    (job,) = await rows(db, "SELECT task_name, queue_name, priority, status FROM procrastinate_jobs")
    assert tuple(job) == ("test.job", "cache", 7, "todo")


async def test_a_step_that_fails_takes_back_its_own_only(db: Database) -> None:
    async with db.unit() as uow:
        await _everything(uow)
        with pytest.raises(ValueError, match="inside"):
            await _fallen_step(uow)
        async with uow.step():
            await _everything(uow)
    for table in ("catalog.genres", "kit.facts", "procrastinate_jobs"):
        assert (await rows(db, f"SELECT count(*) FROM {table}"))[0][0] == 2, table


async def test_a_job_that_nobody_knows_is_refused_at_once(db: Database) -> None:
    async with unchanged(db):
        with pytest.raises(KeyError):
            async with db.unit() as uow:
                uow.defer("test.no_such_job")


async def test_the_actor_is_known_to_the_database_for_one_unit(db: Database) -> None:
    somebody, ask = new_uuid(), text("SELECT current_setting('antiphon.actor', true)")
    for _ in range(8):  # whichever connection it is
        async with db.unit(somebody) as uow:
            assert (await uow.conn.execute(ask)).scalar_one() == str(somebody)
        async with db.unit() as uow:
            assert not (await uow.conn.execute(ask)).scalar_one()


def test_facts_go_out_and_come_back() -> None:
    fact = KettleBoiled(subject=new_uuid(), degrees=99, by=new_uuid())
    assert decode(fact.name, encode(fact)) == fact
    with pytest.raises(KeyError):
        decode("test.never", "{}")


async def test_a_key_does_a_thing_once(db: Database) -> None:
    actor, done = new_uuid(), 0

    async def act() -> list[int]:
        nonlocal done
        done += 1
        return [done]

    async def ask(key: str | None, request: object, fail: bool = False) -> list[int]:
        async with db.unit() as uow:
            answer = await once(uow, actor, key, request, act, list[int])
            if fail:
                raise RuntimeError
            return answer

    with pytest.raises(RuntimeError):
        await ask("k", {"a": 1}, fail=True)  # what was undone may be done again
    assert await ask("k", {"a": 1}) == await ask("k", {"a": 1}) == [2]
    with pytest.raises(IdempotencyKeyReused):
        await ask("k", {"a": 2})
    answers = await asyncio.gather(*(ask("together", {}) for _ in range(4)))
    assert answers == [[3]] * 4
    assert await ask(None, {}) != await ask(None, {})


async def test_the_hub_hears_again_after_its_connection_was_lost(db: Database, database_url: str) -> None:
    hub, stop, got = LiveHub(), asyncio.Event(), asyncio.Event()
    seen: list[LiveMessage] = []

    def receive(message: LiveMessage) -> None:
        seen.append(message)
        got.set()

    hub.watch("t", receive)
    listening = asyncio.create_task(hub.listen(database_url, stop, server_settings={"application_name": "hub"}))
    told = 0
    for _ in range(2):
        got.clear()
        while not got.is_set():
            async with db.unit() as uow:
                uow.tell("t", "e", {"n": (told := told + 1)})
                uow.tell("other", "e", {})
            await asyncio.wait({asyncio.create_task(got.wait())}, timeout=0.2)
        async with db.unit() as uow:
            statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub'"
            await uow.conn.execute(text(statement))
    stop.set()
    await asyncio.wait_for(listening, 60)
    assert {message.topic for message in seen} == {"t"}
    hub.unwatch("t", receive)
    hub.unwatch("t", receive)
    hub.deliver(LiveMessage("t", "e", {}))


def _cut_off_the_hub(database_url: str) -> None:
    """Returns when the server has ended the connection; the calling loop has had no chance to notice."""

    async def cut() -> None:
        conn = await asyncpg.connect(database_url)
        ended = await conn.fetchval(
            "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = 'hub'"
        )
        await conn.close()
        assert ended

    thread = Thread(target=asyncio.run, args=[cut()])
    thread.start()
    thread.join()


@pytest.mark.parametrize("failure", [ConnectionResetError("lost"), LimitsUnavailable()], ids=["lost", "refused"])
async def test_the_hub_goes_on_when_it_cannot_catch_up(database_url: str, failure: Exception) -> None:
    hub, stop, connects, ready = LiveHub(), asyncio.Event(), 0, asyncio.Event()

    async def catch_up() -> None:
        nonlocal connects
        connects += 1
        if connects == 1:
            _cut_off_the_hub(database_url)
            raise failure
        ready.set()

    hub.after_connect(catch_up)
    listening = asyncio.create_task(hub.listen(database_url, stop, server_settings={"application_name": "hub"}))
    await asyncio.wait({asyncio.create_task(ready.wait()), listening}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert connects == 2
    assert hub.listening
    stop.set()
    await asyncio.wait_for(listening, 60)


async def test_a_hub_that_ends_as_its_connection_does_ends_quietly(database_url: str) -> None:
    hub = LiveHub()

    async def catch_up() -> None:
        _cut_off_the_hub(database_url)
        raise asyncio.CancelledError

    hub.after_connect(catch_up)
    with pytest.raises(asyncio.CancelledError):
        await hub.listen(database_url, asyncio.Event(), server_settings={"application_name": "hub"})
    assert not hub.listening
