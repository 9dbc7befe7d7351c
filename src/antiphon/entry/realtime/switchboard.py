"""All topics that are watched in this process: fed by what is carried here, and loaded again where that has a gap."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from antiphon.entry.realtime.channel import Channel
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database
from antiphon.kit.fanout import Fanout
from antiphon.kit.logs import get_logger
from antiphon.kit.topics import Said, histories, moved_since

__all__ = ["Switchboard"]

log = get_logger(__name__)
AT_ONCE: Final = 500
AGAIN_S: Final = 0.5
LOOK_EVERY_S: Final = 2.0
LOOK_BACK: Final = timedelta(seconds=30)


class Switchboard:
    """Topics that are asked for at the same time are loaded together: after a restart everybody comes at once."""

    def __init__(self, db: Database, fanout: Fanout, clock: Clock) -> None:
        self._db = db
        self._fanout = fanout
        self._clock = clock
        self._channels: dict[str, Channel] = {}
        self._wanted: dict[Channel, asyncio.Event] = {}
        self._loading: asyncio.Task[None] | None = None
        fanout.attach(self)

    async def enter(self, topic: str) -> Channel:
        """From here to `leave` the topic is fed."""
        channel = self._channels.get(topic)
        if channel is None:
            channel = self._channels[topic] = Channel(topic, self._clock)
        channel.uses += 1
        if not channel.loaded:
            try:
                await self.load(channel)
            except asyncio.CancelledError:
                self.leave(channel)
                raise
        return channel

    def leave(self, channel: Channel) -> None:
        channel.uses -= 1
        if channel.uses == 0:
            del self._channels[channel.topic]

    async def load(self, channel: Channel) -> None:
        """Returns when the channel is as it was kept at some moment after this call."""
        await self._want(channel).wait()

    def hear(self, said: Said) -> None:
        channel = self._channels.get(said.topic)
        if channel is not None and not channel.take(said):
            self._want(channel)

    def doubt(self, form: str = "*") -> None:
        """Who may watch topics of this form, such as `content:*`, changed."""
        for channel in tuple(self._channels.values()):
            if channel.loaded and channel.topic.startswith(form.removesuffix("*")):
                channel.doubt_all()

    async def recover(self) -> None:
        """Returns when all that was missed has been heard, or is known to be lost. It may have been about rights."""
        self.doubt()
        waits = [self._want(channel).wait() for channel in tuple(self._channels.values())]
        await asyncio.gather(*waits)

    async def look(self) -> None:
        """For a carrier that may lose: what was said lately and has not come. Runs until it is cancelled."""
        while self._fanout.may_lose:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                async with self._db.read() as conn:
                    moved = await moved_since(conn, self._clock.now() - LOOK_BACK)
            except (SQLAlchemyError, OSError) as error:
                log.warning("what was said lately cannot be read", error=str(error))
                continue
            for topic, position in moved.items():
                channel = self._channels.get(topic)
                if channel is not None and channel.position < position:
                    self._want(channel)

    def _want(self, channel: Channel) -> asyncio.Event:
        done = self._wanted.setdefault(channel, asyncio.Event())
        if self._loading is None:
            self._loading = asyncio.create_task(self._load_wanted())
        return done

    async def _load_wanted(self) -> None:
        try:
            while self._wanted:
                taken = {channel: self._wanted.pop(channel) for channel in list(self._wanted)[:AT_ONCE]}
                await self._load_some(taken)
        finally:
            self._loading = None

    async def _load_some(self, taken: dict[Channel, asyncio.Event]) -> None:
        try:
            async with self._db.read() as conn:
                found = await histories(conn, [channel.topic for channel in taken])
        except (SQLAlchemyError, OSError) as error:
            log.warning("topics cannot be read", error=str(error))
            self._wanted = taken | self._wanted
            await asyncio.sleep(AGAIN_S)
            return
        for channel, done in taken.items():
            channel.load(found.get(channel.topic))
            done.set()
