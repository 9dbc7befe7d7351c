"""Short reads on connections that remember for whom they were used last: they never answer for somebody else."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from antiphon.entry.bootstrap import House
from antiphon.kit import glances
from antiphon.kit.db import rows
from antiphon.kit.glances import driver

WHO = "SELECT current_setting('antiphon.actor', true)"


async def who(house: House, viewer: UUID | None) -> str:
    async with house.db.glance(viewer) as conn:
        found: str = (await rows(conn, WHO))[0][0]
        return found


async def test_each_sees_as_themselves_whatever_the_order(house: House) -> None:
    people = [*(uuid4() for _ in range(25)), None]
    asked = [person for _ in range(4) for person in people]
    assert await asyncio.gather(*(who(house, person) for person in asked)) == [str(person or "") for person in asked]


async def test_the_same_person_gets_the_same_connection_and_nothing_is_sent_around_a_statement(house: House) -> None:
    one, other, sent = uuid4(), uuid4(), []
    async with house.db.glance(one) as first, house.db.glance(other) as second:
        lines = {one: await driver(first), other: await driver(second)}
    told = asyncio.Event()

    def note(record: Any) -> None:
        sent.append(record.query)
        told.set()

    for person in (one, other, one):
        async with house.db.glance(person) as conn:
            assert await driver(conn) is lines[person]
            with lines[person].query_logger(note):
                told.clear()
                await rows(conn, WHO)
                await told.wait()
    assert sent == [WHO] * 3


async def test_who_finds_all_taken_waits_so_long_and_takes_none_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def until_none_is_left() -> int:
        number = 0
        async with AsyncExitStack() as taken:
            with suppress(PoolTimeout):
                while True:
                    await taken.enter_async_context(house.db.glance(person))
                    number += 1
        return number

    person = uuid4()
    monkeypatch.setattr(glances, "WAIT_S", 0.01)
    assert await until_none_is_left() == await until_none_is_left() > 0
    assert await who(house, person) == str(person)


async def test_nothing_can_be_written(house: House) -> None:
    async with house.db.glance(uuid4()) as conn:
        with pytest.raises(Exception, match="read-only transaction"):
            await (await driver(conn)).execute("DELETE FROM playback.plays")


async def test_a_look_that_was_broken_off_or_failed_harms_nobody_after_it(house: House) -> None:
    person = uuid4()

    async def long() -> None:
        async with house.db.glance(person) as conn:
            await rows(conn, "SELECT pg_sleep(30)")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(long(), 0.2)
    with pytest.raises(Exception, match="division by zero"):
        async with house.db.glance(person) as conn:
            await rows(conn, "SELECT 1 / 0")
    assert await who(house, person) == str(person)


async def test_a_connection_that_the_database_closed_is_not_used_again(house: House) -> None:
    person, gone = uuid4(), asyncio.Event()
    async with house.db.glance(person) as conn:
        line = await driver(conn)
        line.add_termination_listener(lambda _: gone.set())
        number = (await rows(conn, "SELECT pg_backend_pid()"))[0][0]
    async with house.db.system() as uow:
        await uow.conn.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
    await gone.wait()
    assert await who(house, person) == str(person)
