"""What is said on topics: positions without gaps, in the order of the commits, whoever says it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.topics import Cursor, cursor_of, forget_said, histories
from tests.support.clock import FrozenClock


async def positions(db: Database, topic: str) -> list[tuple[int, str]]:
    async with db.read() as conn:
        found = (await histories(conn, [topic])).get(topic)
    return [(one.position, bytes(one.data).decode()) for one in found.said] if found else []


async def fail(db: Database) -> None:
    async with db.unit() as uow:
        uow.say("t", "e", {"n": 0})
        raise ZeroDivisionError


async def fail_in_a_step(uow: UnitOfWork) -> None:
    async with uow.step():
        uow.say("t", "e", {"n": 2})
        raise ZeroDivisionError


async def test_what_is_undone_was_never_said(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail(db)
    async with db.unit() as uow:
        uow.say("t", "e", {"n": 1})
        with pytest.raises(ZeroDivisionError):
            await fail_in_a_step(uow)
        async with uow.step():
            uow.say("t", "e", {"n": 3})
    assert await positions(db, "t") == [(1, '{"n":1}'), (2, '{"n":3}')]


async def test_positions_follow_the_commits_and_topics_said_crosswise_do_not_wait_for_each_other(db: Database) -> None:
    async def say(n: int) -> None:
        topics = ["a", "b", "c"] if n % 2 else ["c", "b", "a"]
        async with db.unit() as uow:
            for topic in topics * 2:
                uow.say(topic, "e", {"n": n})
            await uow.flush()
            if n % 5 == 0:
                raise ZeroDivisionError

    done = await asyncio.gather(*(say(n) for n in range(40)), return_exceptions=True)
    assert [one for one in done if one is not None and not isinstance(one, ZeroDivisionError)] == []
    assert [at for at, _ in await positions(db, "a")] == list(range(1, 65))
    # What was said in one transaction stands together, and the transactions in the same order on every topic.
    told = [[data for _, data in await positions(db, topic)] for topic in ("a", "b", "c")]
    assert told[0] == told[1] == told[2]
    assert told[0][::2] == told[0][1::2]


async def test_only_what_has_no_gap_is_history(db: Database, clock: FrozenClock) -> None:
    async with db.unit() as uow:
        for n in range(6):
            uow.say("t", "e", {"n": n})
    async with db.system() as uow:
        await uow.conn.execute(text("DELETE FROM kit.said WHERE position = 3"))
    assert [at for at, _ in await positions(db, "t")] == [4, 5, 6]
    async with db.read() as conn:
        assert (await cursor_of(conn, "t", clock.now())).endswith(".6")


async def test_what_is_old_is_forgotten_and_the_count_goes_on(db: Database, clock: FrozenClock) -> None:
    async with db.unit() as uow:
        uow.say("t", "e", {})
    clock.move(timedelta(minutes=16))
    async with db.system() as uow:
        await forget_said(uow.conn, clock.now())
    assert await positions(db, "t") == []
    async with db.unit() as uow:
        uow.say("t", "e", {})
    assert [at for at, _ in await positions(db, "t")] == [2]
    clock.move(timedelta(days=3))
    async with db.system() as uow:
        await forget_said(uow.conn, clock.now())
    async with db.read() as conn:
        assert await cursor_of(conn, "t", clock.now()) == str(Cursor.nowhere(clock.now()))


@pytest.mark.parametrize("shown", ["", "1", "x.1", "1.", "1.-1", "1.1 ", "1.1.1", "1.٣", "f" * 13 + ".1"])
def test_what_never_was_a_cursor(shown: str) -> None:
    assert Cursor.parse(shown) is None


def test_a_cursor_is_read_as_it_was_written() -> None:
    assert Cursor.parse(str(Cursor(0xA1B2C3, 17))) == Cursor(0xA1B2C3, 17)
