"""Fan-out of live messages to the connections of this process; LISTEN/NOTIFY carries them between processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec

from antiphon.kit.db import LIVE_CHANNEL
from antiphon.kit.logs import get_logger

__all__ = ["LiveHub", "LiveMessage"]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveMessage:
    topic: str
    event: str
    data: dict[str, Any]


Receiver = Callable[[LiveMessage], None]


class LiveHub:
    """Receivers by topic. A receiver must not block; it queues and drops its own connection when it is slow."""

    def __init__(self) -> None:
        self._receivers: dict[str, set[Receiver]] = {}

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

    async def listen(self, url: str, stop: asyncio.Event, *, server_settings: dict[str, str] | None = None) -> None:
        """Take messages from the database until `stop`; reconnects by itself when the connection is lost."""
        while not stop.is_set():
            lost = asyncio.Event()
            try:
                conn = await asyncpg.connect(url, server_settings=server_settings or {})
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("live channel cannot reach the database", error=str(error))
                await _first_of(stop, within_s=1)
                continue
            try:
                conn.add_termination_listener(lambda _conn, lost=lost: lost.set())
                await conn.add_listener(LIVE_CHANNEL, self._receive)
                await _first_of(stop, lost)
            finally:
                await conn.close(timeout=1)

    def _receive(self, _conn: object, _pid: int, _channel: str, payload: object) -> None:
        self.deliver(msgspec.json.decode(str(payload), type=LiveMessage))


async def _first_of(*events: asyncio.Event, within_s: float | None = None) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    for task in waits:
        task.cancel()
