"""What a process does to keep who is there: nothing while nobody is, and again where the store did not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec
import pytest

from antiphon.entry.realtime import attendance as module
from antiphon.entry.realtime.attendance import Attendance
from antiphon.entry.realtime.channel import Channel
from antiphon.entry.realtime.messages import Frame
from antiphon.kit.presence import Entry


class Store:
    """Who is there, in memory; `down` makes it answer nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.noted = asyncio.Event()
        self.down = False
        self.entries: dict[str, Entry] = {}
        self.leases: set[str] = set()
        self._heeding: list[Callable[[str], None]] = []

    def heed(self, changed: Callable[[str], None]) -> None:
        self._heeding.append(changed)

    async def enter(self, entries: Sequence[Entry]) -> None:
        self._note("enter")
        self.entries.update({one.id: one for one in entries})
        self._tell(entries)

    async def leave(self, entries: Sequence[Entry]) -> None:
        self._note("leave")
        for one in entries:
            self.entries.pop(one.id, None)
        self._tell(entries)

    async def here(self, topics: Sequence[str]) -> dict[str, list[Entry]]:
        self._note("here")
        return {topic: [one for one in self.entries.values() if one.topic == topic] for topic in topics}

    async def renew(self, gateway: str) -> bool:
        self._note("renew")
        held = gateway in self.leases
        self.leases.add(gateway)
        return held

    async def end(self, gateway: str) -> None:
        self._note("end")
        self.entries.clear()

    def _note(self, what: str) -> None:
        self.asked.append(what)
        self.noted.set()
        if self.down:
            raise OSError("away")

    def _tell(self, entries: Sequence[Entry]) -> None:
        for one in entries:
            for changed in self._heeding:
                changed(one.topic)


class Eye:
    """One connection."""

    def __init__(self) -> None:
        self.seen: asyncio.Queue[list[Any]] = asyncio.Queue()

    def send(self, message: Frame) -> None:
        self.seen.put_nowait([one["data"] for one in msgspec.json.decode(message.body)["here"]])

    def doubt(self, channel: Channel, heard: int) -> None:
        """Not asked here."""

    async def sees(self, *data: dict[str, int]) -> None:
        async with asyncio.timeout(60):
            while await self.seen.get() != list(data):
                pass


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(module, "GATHERED_S", 0.001)
    monkeypatch.setattr(module, "AGAIN_S", 0.01)
    monkeypatch.setattr(module, "RENEWED_EVERY_S", 0.02)
    return Store()


@pytest.fixture
async def there(store: Store) -> AsyncIterator[Attendance]:
    made = Attendance(store)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_where_nobody_is_nothing_is_asked(store: Store, there: Attendance) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(store.noted.wait(), 0.1)
    eye = Eye()
    there.show(eye, "t", "usr_1", {"n": 1})
    await eye.sees({"n": 1})
    assert store.asked[:2] == ["renew", "enter"]
    there.withdraw(eye, "t")
    there.withdraw(eye, "t")


async def test_a_store_that_is_away_is_asked_again(store: Store, there: Attendance) -> None:
    eye, other = Eye(), Eye()
    store.down = True
    there.show(eye, "t", "usr_1", {"n": 1})
    there.show(other, "t", "usr_2", {"n": 2})
    there.withdraw(other, "t")
    while store.asked.count("renew") < 2:
        store.noted.clear()
        await asyncio.wait_for(store.noted.wait(), 60)
    store.down = False
    await eye.sees({"n": 1})
    there.show(eye, "t", "usr_1", {"n": 3})
    await eye.sees({"n": 3})


async def test_who_was_taken_for_gone_comes_again(store: Store, there: Attendance) -> None:
    eye = Eye()
    there.show(eye, "t", "usr_1", {"n": 1})
    await eye.sees({"n": 1})
    store.leases.clear()
    store.entries.clear()
    await eye.sees({"n": 1})
    assert next(iter(store.entries.values())).data == {"n": 1}
