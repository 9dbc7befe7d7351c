"""Within this installation's database: NOTIFY belongs to the commit, and comes to all in the order of the commits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.fanout import Hears, packed, unpacked
from antiphon.kit.live import LiveHub
from antiphon.kit.topics import Said

__all__ = ["CHANNEL", "LocalFanout"]

CHANNEL = "antiphon_said"
_NOTIFY = text("SELECT pg_notify(:channel, said) FROM unnest(CAST(:said AS text[])) AS said")


class LocalFanout:
    """Hears over the connection of the hub, which is there anyway; its own process too, so that the order is one."""

    may_lose = False

    def __init__(self, hub: LiveHub) -> None:
        self._hears: list[Hears] = []
        hub.also(CHANNEL, self._hear)
        hub.after_connect(self._recover)

    def attach(self, hears: Hears) -> None:
        self._hears.append(hears)

    def _hear(self, payload: str) -> None:
        if self._hears:
            said = unpacked(payload)
            for one in self._hears:
                one.hear(said)

    async def _recover(self) -> None:
        for one in self._hears:
            await one.recover()

    async def within(self, conn: AsyncConnection, said: Sequence[Said]) -> None:
        await conn.execute(_NOTIFY, {"channel": CHANNEL, "said": [packed(one) for one in said]})

    async def after(self, said: Sequence[Said]) -> None:
        """The database does it."""

    async def run(self, stop: asyncio.Event) -> None:
        """The hub listens."""
        await stop.wait()

    async def close(self) -> None:
        """Nothing is open here."""
