"""Facts reach their handlers: in order, at least once, and with the effects of exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.facts import Fact
from antiphon.kit.ids import new_uuid
from antiphon.kit.jobs import JobRegistry
from antiphon.kit.relay import ATTEMPTS, FactHandlers, Relay, parked, release_parked
from tests.support.answers import rows
from tests.support.clock import FrozenClock


class BellRang(Fact, frozen=True, kw_only=True):
    """Only tests ring bells."""

    name: ClassVar[str] = "test.bell_rang"
    number: int


class Listener:
    """Writes what it hears as rows, in the relay's own transaction; fails where it is told to."""

    def __init__(self) -> None:
        self.fails: Callable[[BellRang], bool] = lambda _fact: False
        self.calls = 0

    async def hear(self, uow: UnitOfWork, fact: BellRang) -> None:
        self.calls += 1
        statement = text("INSERT INTO catalog.genres (name, key) VALUES (:name, :key)")
        await uow.conn.execute(
            statement, {"name": str(fact.number), "key": f"{fact.subject}:{fact.number}:{new_uuid()}"}
        )
        if self.fails(fact):
            raise RuntimeError(f"bell {fact.number}")


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def handlers(listener: Listener) -> FactHandlers:
    made = FactHandlers()
    made.on(BellRang, "test.listener", listener.hear)
    return made


@pytest.fixture
async def db(database_url: str, clock: FrozenClock, handlers: FactHandlers) -> AsyncIterator[Database]:
    made = Database.connect(database_url, clock, JobRegistry(), handlers.by_fact(), pool_size=8)
    yield made
    await made.close()


async def _ring(db: Database, subject: UUID, *numbers: int) -> None:
    for number in numbers:
        async with db.unit() as uow:
            uow.add_fact(BellRang(subject=subject, number=number))


async def _heard(db: Database) -> list[tuple[str, int]]:
    """(subject, number) in the order in which the effects were written."""
    found = await rows(db, "SELECT key FROM catalog.genres ORDER BY id")
    return [(key.split(":")[0], int(key.split(":")[1])) for (key,) in found]


async def _work(relay: Relay) -> int:
    total = 0
    while worked := await relay.work_once():
        total += worked
    return total


async def _deliveries(db: Database) -> int:
    return int((await rows(db, "SELECT count(*) FROM kit.deliveries"))[0][0])


async def test_facts_of_a_subject_come_in_their_order(db: Database, handlers: FactHandlers) -> None:
    subjects = [new_uuid() for _ in range(3)]
    for number in range(30):
        for subject in subjects:
            await _ring(db, subject, number)
    assert await _work(Relay(db, handlers)) == 90
    heard = await _heard(db)
    for subject in subjects:
        assert [number for of, number in heard if of == str(subject)] == list(range(30))
    assert await _deliveries(db) == 0
    assert await _work(Relay(db, handlers)) == 0


async def test_relays_side_by_side_do_each_thing_once(db: Database, handlers: FactHandlers) -> None:
    subjects = [new_uuid() for _ in range(6)]
    for number in range(8):
        for subject in subjects:
            await _ring(db, subject, number)
    relays = [Relay(db, handlers) for _ in range(4)]
    while await _deliveries(db):
        await asyncio.gather(*(relay.work_once() for relay in relays))
    heard = await _heard(db)
    assert len(heard) == len(set(heard)) == 48
    for subject in subjects:
        assert [number for of, number in heard if of == str(subject)] == list(range(8))


async def test_a_failing_fact_waits_longer_each_time_and_is_set_aside(
    db: Database, handlers: FactHandlers, listener: Listener, clock: FrozenClock
) -> None:
    bad, good = new_uuid(), new_uuid()
    listener.fails = lambda fact: fact.subject == bad and fact.number == 1
    await _ring(db, bad, 0, 1, 2)
    await _ring(db, good, 0)
    relay = Relay(db, handlers)
    await _work(relay)
    assert sorted(await _heard(db)) == sorted([(str(bad), 0), (str(good), 0)])  # what failed left nothing
    for attempt in range(1, ATTEMPTS):
        wait = timedelta(seconds=2 ** (attempt - 1))
        clock.move(wait - timedelta(milliseconds=1))
        assert await _work(relay) == 0, "too soon"
        clock.move(timedelta(milliseconds=1))
        assert await _work(relay) == 1
    async with db.read() as conn:
        (aside,) = await parked(conn)
    assert (aside.handler, aside.name, aside.subject) == ("test.listener", BellRang.name, bad)
    assert "bell 1" in aside.error
    clock.move(timedelta(days=1))
    await _ring(db, good, 1)
    assert await _work(relay) == 1  # others go on, its own subject waits
    assert (str(bad), 2) not in await _heard(db)

    listener.fails = lambda _fact: False
    async with db.unit() as uow:
        assert await release_parked(uow, "test.listener") == 1
        assert await release_parked(uow, "test.nobody") == 0
    assert await _work(relay) == 2
    assert [number for of, number in await _heard(db) if of == str(bad)] == [0, 1, 2]


async def test_a_relay_that_dies_in_between_loses_and_doubles_nothing(
    db: Database, handlers: FactHandlers, listener: Listener
) -> None:
    subject = new_uuid()
    await _ring(db, subject, *range(5))
    began = asyncio.Event()

    def die(fact: BellRang) -> bool:
        if fact.number == 3:
            began.set()
            raise asyncio.CancelledError
        return False

    listener.fails = die
    with pytest.raises(asyncio.CancelledError):
        await Relay(db, handlers).work_once()
    assert began.is_set()
    listener.fails = lambda _fact: False
    await _work(Relay(db, handlers))
    assert [number for _, number in await _heard(db)] == list(range(5))
    assert listener.calls > 5


async def test_a_fact_that_comes_again_is_not_handled_again(db: Database, handlers: FactHandlers) -> None:
    await _ring(db, new_uuid(), 1)
    again = (
        "INSERT INTO kit.deliveries (fact_id, recorded_at, name, subject, handler, due_at) "
        "SELECT fact_id, recorded_at, name, subject, handler, due_at FROM kit.deliveries"
    )
    async with db.unit() as uow:
        await uow.conn.execute(text(again))
    assert await _work(Relay(db, handlers)) == 2
    assert len(await _heard(db)) == 1


async def test_what_nobody_handles_any_more_is_let_go(db: Database) -> None:
    await _ring(db, new_uuid(), 1, 2)
    assert await _work(Relay(db, FactHandlers())) == 2
    assert (await _heard(db), await _deliveries(db)) == ([], 0)


async def test_a_running_relay_is_woken_by_facts(db: Database, handlers: FactHandlers, database_url: str) -> None:
    stop, heard = asyncio.Event(), asyncio.Event()

    async def note(_uow: UnitOfWork, _fact: BellRang) -> None:
        heard.set()

    other = FactHandlers()
    other.on(BellRang, "test.listener", note)
    running: Awaitable[None] = asyncio.create_task(Relay(db, other).run(database_url, stop))
    for number in range(3):
        heard.clear()
        await _ring(db, new_uuid(), number)
        await asyncio.wait_for(heard.wait(), 60)
    stop.set()
    await asyncio.wait_for(running, 60)


async def _listening(db: Database, running: asyncio.Task[None]) -> int:
    """The server's process that serves the relay's own connection, once there is one."""
    async with asyncio.timeout(60):
        while True:
            found = await rows(
                db, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
            if found:
                return int(found[0].pid)
            await asyncio.wait([running], timeout=0.05)
            assert not running.done()


async def test_a_relay_listens_again_after_its_connection_was_lost(db: Database, database_url: str) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(db, FactHandlers()).run(database_url, stop))
    lost = await _listening(db, running)
    await rows(db, "SELECT pg_terminate_backend(:pid, 10000)", pid=lost)
    assert await _listening(db, running) != lost
    stop.set()
    await asyncio.wait_for(running, 60)


def test_two_handlers_of_one_name_are_a_mistake(handlers: FactHandlers, listener: Listener) -> None:
    with pytest.raises(ValueError, match="two handlers"):
        handlers.on(BellRang, "test.listener", listener.hear)
    assert handlers.get("test.nobody") is None
