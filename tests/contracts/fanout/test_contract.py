"""What every carrier of what is said, and every keeper of who is there, does alike."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from antiphon.entry.realtime.channel import Channel
from antiphon.entry.realtime.messages import Frame
from antiphon.kit.db import Database
from antiphon.kit.presence import Entry
from tests.contracts.fanout.conftest import PATIENCE_S, Process, Stage

TOPIC = "chat"


class Ear:
    """Who listens to a topic in one process."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def send(self, message: Frame) -> None:
        self.heard.put_nowait(msgspec.json.decode(message.body))

    def doubt(self, channel: Channel, heard: int) -> None:
        """It may always."""
        channel.listeners.add(self)

    async def numbers(self, count: int) -> list[int]:
        async with asyncio.timeout(PATIENCE_S):
            return [(await self.heard.get())["data"]["n"] for _ in range(count)]


async def listening(process: Process, topic: str = TOPIC) -> Ear:
    ear = Ear()
    (await process.board.enter(topic)).listeners.add(ear)
    return ear


async def say(db: Database, *numbers: int, topic: str = TOPIC, pad: int = 0) -> None:
    async with db.unit() as uow:
        for n in numbers:
            uow.say(topic, "said", {"n": n, "pad": "x" * pad})


async def fail(db: Database) -> None:
    async with db.unit() as uow:
        uow.say(TOPIC, "said", {"n": -1})
        raise ZeroDivisionError


async def test_what_is_said_comes_to_all_processes_in_the_order_of_the_commits(stage: Stage) -> None:
    ears = [await listening(process) for process in (stage.here, stage.there)]
    dbs = (stage.here.db, stage.there.db)
    await asyncio.gather(*(say(dbs[n % 2], 2 * n, 2 * n + 1) for n in range(25)))
    here, there = [await ear.numbers(50) for ear in ears]
    assert here == there
    assert sorted(here) == list(range(50))
    assert all(second == first + 1 for first, second in zip(here[::2], here[1::2], strict=True))


async def test_what_is_undone_is_not_heard(stage: Stage) -> None:
    ear = await listening(stage.there)
    with pytest.raises(ZeroDivisionError):
        await fail(stage.here.db)
    await say(stage.here.db, 1)
    assert await ear.numbers(1) == [1]


async def test_what_is_too_big_to_be_carried_comes_all_the_same(stage: Stage) -> None:
    ear = await listening(stage.there)
    await say(stage.here.db, 1, pad=100_000)
    await say(stage.here.db, 2)
    assert await ear.numbers(2) == [1, 2]


async def test_other_topics_are_not_heard(stage: Stage) -> None:
    ear = await listening(stage.there)
    await say(stage.here.db, 1, topic="now-playing")
    await say(stage.here.db, 2)
    assert await ear.numbers(1) == [2]


# Who is there


def entry(name: str, gateway: str, topic: str = TOPIC, **data: Any) -> Entry:
    return Entry(topic, f"{gateway}.{name}", gateway, "usr_1", data)


class Changes:
    def __init__(self, process: Process) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()
        process.presence.heed(self.told.put_nowait)

    async def next(self) -> str:
        return await asyncio.wait_for(self.told.get(), PATIENCE_S)


async def test_who_comes_and_goes_is_seen_and_told_everywhere(stage: Stage) -> None:
    changes = Changes(stage.there)
    mine, theirs = stage.here.presence, stage.there.presence
    assert await mine.renew("a") is False
    assert await mine.renew("a") is True
    first, second = entry("1", "a", device="phone"), entry("2", "a")
    await mine.enter([first, second, entry("1", "a", topic="jam:x")])
    assert sorted([await changes.next(), await changes.next()]) == [TOPIC, "jam:x"]
    here = (await theirs.here([TOPIC, "nowhere"]))[TOPIC]
    assert sorted(one.id for one in here) == ["a.1", "a.2"]
    await mine.enter([msgspec.structs.replace(first, data={"device": "desk"})])
    assert await changes.next() == TOPIC
    await mine.leave([second])
    assert await changes.next() == TOPIC
    assert await theirs.here([TOPIC]) == {TOPIC: [msgspec.structs.replace(first, data={"device": "desk"})]}
    await mine.end("a")
    assert sorted([await changes.next(), await changes.next()]) == [TOPIC, "jam:x"]
    assert await theirs.here([TOPIC, "jam:x"]) == {}


async def test_who_does_not_renew_is_gone_and_that_is_told(stage: Stage) -> None:
    mine, theirs = stage.here.presence, stage.there.presence
    await mine.renew("a")
    await mine.enter([entry("1", "a")])
    await stage.lease_ends("a")
    changes = Changes(stage.there)
    assert await theirs.here([TOPIC]) == {}
    await theirs.renew("b")
    assert await changes.next() == TOPIC
    await theirs.enter([entry("1", "b")])
    assert await mine.renew("a") is False  # and everything is to be entered again
    await mine.enter([entry("1", "a")])
    assert sorted(one.id for one in (await theirs.here([TOPIC]))[TOPIC]) == ["a.1", "b.1"]
