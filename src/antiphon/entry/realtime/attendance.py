"""Who is there on topics: what connections of this process show of themselves, and what they are told of all."""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import Any, Final

from antiphon.entry.realtime.channel import Listener
from antiphon.entry.realtime.messages import frame
from antiphon.kit.logs import get_logger
from antiphon.kit.presence import RENEWED_EVERY_S, Entry, Presence

__all__ = ["Attendance"]

log = get_logger(__name__)
GATHERED_S: Final = 0.05
SHOWN: Final = 200
AGAIN_S: Final = 1.0


class Attendance:
    """Everybody who shows themselves on a topic is told of everybody there, whenever that changes.

    What happens within a moment is written together, and told together. What cannot be written is tried again.
    """

    def __init__(self, presence: Presence) -> None:
        self.gateway = token_hex(8)
        self._presence = presence
        self._count = 0
        self._shown: dict[str, dict[Listener, Entry]] = {}
        self._coming: dict[str, Entry] = {}
        self._going: dict[str, Entry] = {}
        self._changed: set[str] = set()
        self._work = asyncio.Event()
        presence.heed(self._hear)

    def show(self, listener: Listener, topic: str, user_id: str, data: dict[str, Any]) -> None:
        there = self._shown.setdefault(topic, {})
        before = there.get(listener)
        if before is None:
            self._count += 1
        name = f"{self.gateway}.{self._count}" if before is None else before.id
        there[listener] = self._coming[name] = Entry(topic, name, self.gateway, user_id, data)
        self._work.set()

    def withdraw(self, listener: Listener, topic: str) -> None:
        there = self._shown.get(topic, {})
        entry = there.pop(listener, None)
        if entry is None:
            return
        if not there:
            del self._shown[topic]
        self._coming.pop(entry.id, None)
        self._going[entry.id] = entry
        self._work.set()

    async def run(self) -> None:
        """Until it is cancelled, which ends all that was shown here."""
        loop = asyncio.get_running_loop()
        renew_at = 0.0
        try:
            while True:
                try:
                    if self._shown and loop.time() >= renew_at:
                        await self._renew()
                        renew_at = loop.time() + RENEWED_EVERY_S
                    await self._write()
                    await self._tell()
                    await self._pause(renew_at - loop.time() if self._shown else None)
                except OSError as error:
                    log.warning("who is there cannot be kept", error=str(error))
                    await asyncio.sleep(AGAIN_S)
        finally:
            await self._end()

    async def _pause(self, at_most_s: float | None) -> None:
        """None: until there is something to do. Whoever shows nobody holds no lease, and asks for nothing."""
        try:
            async with asyncio.timeout(None if at_most_s is None else max(0.0, at_most_s)):
                await self._work.wait()
                await asyncio.sleep(GATHERED_S)
        except TimeoutError:
            return
        finally:
            self._work.clear()

    async def _renew(self) -> None:
        if not await self._presence.renew(self.gateway):
            for there in self._shown.values():
                self._coming.update({entry.id: entry for entry in there.values()})
        self._changed.update(self._shown)  # a word may have been lost

    async def _write(self) -> None:
        if going := dict(self._going):
            await self._presence.leave(list(going.values()))
            self._done(self._going, going)
        if coming := dict(self._coming):
            await self._presence.enter(list(coming.values()))
            self._done(self._coming, coming)

    @staticmethod
    def _done(wanted: dict[str, Entry], written: dict[str, Entry]) -> None:
        for name, entry in written.items():
            if wanted.get(name) is entry:
                del wanted[name]

    async def _tell(self) -> None:
        changed, self._changed = self._changed & self._shown.keys(), set()
        if not changed:
            return
        try:
            found = await self._presence.here(sorted(changed))
        except OSError:
            self._changed |= changed
            raise
        for topic in changed:
            here = found.get(topic, [])
            shown = [{"id": one.id, "user_id": one.user_id, "data": one.data} for one in here[:SHOWN]]
            message = frame("presence", topic=topic, here=shown, count=len(here))
            for listener in tuple(self._shown.get(topic, ())):
                listener.send(message)

    async def _end(self) -> None:
        self._shown, self._coming, self._going = {}, {}, {}
        try:
            await self._presence.end(self.gateway)
        except OSError as error:
            log.warning("who was here cannot be taken back", error=str(error))

    def _hear(self, topic: str) -> None:
        if topic in self._shown:
            self._changed.add(topic)
            self._work.set()
