"""What the processes of this installation tell each other, by LISTEN/NOTIFY. What clients hear is said on topics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Any

import asyncpg
import msgspec

from antiphon.kit.logs import get_logger

__all__ = ["LIVE_CHANNEL", "LiveHub", "LiveMessage", "hang_up", "listen_on"]

log = get_logger(__name__)
LIVE_CHANNEL = "antiphon_live"
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class LiveMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """`origin` is the hub of the process that said it, which has delivered it by itself."""

    topic: str
    event: str
    data: Mapping[str, Any]
    origin: str = ""


Receiver = Callable[[LiveMessage], None]


class LiveHub:
    """Receivers by topic. A receiver must not block; it queues and drops its own connection when it is slow.

    `listening` says whether what other processes tell arrives at this moment.
    """

    def __init__(self) -> None:
        self.id = token_hex(8)
        self._connected = asyncio.Event()
        self._receivers: dict[str, set[Receiver]] = {}
        self._others: list[tuple[str, Callable[[str], None]]] = []
        self._recover: list[Callable[[], Awaitable[None]]] = []

    @property
    def listening(self) -> bool:
        return self._connected.is_set()

    async def connected(self, *, within_s: float) -> None:
        """Returns when messages arrive, or the time is over: whoever needs them then has to ask the database."""
        await _first_of(self._connected, within_s=within_s)

    def also(self, channel: str, hear: Callable[[str], None]) -> None:
        """Take another channel in over the same connection."""
        self._others.append((channel, hear))

    def after_connect(self, recover: Callable[[], Awaitable[None]]) -> None:
        """Runs after every connect, once everything is heard: what was told before that may have been missed."""
        self._recover.append(recover)

    def watch(self, topic: str, receiver: Receiver) -> None:
        self._receivers.setdefault(topic, set()).add(receiver)

    def unwatch(self, topic: str, receiver: Receiver) -> None:
        receivers = self._receivers.get(topic)
        if receivers is not None:
            receivers.discard(receiver)
            if not receivers:
                del self._receivers[topic]

    def deliver(self, message: LiveMessage) -> None:
        for receiver in tuple(self._receivers.get(message.topic, ())):
            receiver(message)

    async def listen(
        self,
        url: str,
        stop: asyncio.Event,
        *,
        server_settings: dict[str, str] | None = None,
        caught_up: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Take messages from the database until `stop`; reconnects by itself when the connection is lost.

        `caught_up` runs after every connect, before `listening` is true: it reads what was missed meanwhile.
        """
        while not stop.is_set():
            lost = asyncio.Event()
            try:
                conn = await asyncpg.connect(url, server_settings=server_settings or {})
            except _LOST as error:
                log.warning("live channel cannot reach the database", error=str(error))
                await _first_of(stop, within_s=1)
                continue
            try:
                conn.add_termination_listener(lambda _conn, lost=lost: lost.set())
                await conn.add_listener(LIVE_CHANNEL, self._receive)
                for channel, hear in self._others:
                    await conn.add_listener(channel, _taking(hear))
                if caught_up is not None:
                    await caught_up()
                for recover in self._recover:
                    await recover()
                self._connected.set()
                await _first_of(stop, lost)
            except Exception as error:  # whatever it was, a hub that ended would hear nothing until the process does
                log.warning("what was missed cannot be read", error=repr(error))
                await _first_of(stop, within_s=1)
            finally:
                self._connected.clear()
                await hang_up(conn)

    def _receive(self, _conn: object, _pid: int, _channel: str, payload: object) -> None:
        message = msgspec.json.decode(str(payload), type=LiveMessage)
        if message.origin != self.id:
            self.deliver(message)


async def listen_on(
    url: str, channel: str, hear: Callable[[object, int, str, object], None]
) -> asyncpg.Connection[asyncpg.Record]:
    """A connection of its own that hears a channel; `is_closed` says when it was lost and another is needed."""
    conn = await asyncpg.connect(url)
    try:
        await conn.add_listener(channel, hear)
    except BaseException:
        conn.terminate()
        raise
    return conn


async def hang_up(conn: asyncpg.Connection[asyncpg.Record]) -> None:
    """End a connection that listens. One that the other side has ended, perhaps just now, is as good as closed."""
    with suppress(*_LOST):
        await conn.close(timeout=1)


def _taking(hear: Callable[[str], None]) -> Callable[[object, int, str, object], None]:
    return lambda _conn, _pid, _channel, payload: hear(str(payload))


async def _first_of(*events: asyncio.Event, within_s: float | None = None) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    for task in waits:
        task.cancel()
