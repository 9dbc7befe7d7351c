"""Who is there, within this installation's database: unlogged rows that a dead process leaves for 15 s."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import Database
from antiphon.kit.live import LiveHub
from antiphon.kit.presence import LEASE, Entry

__all__ = ["CHANNEL", "LocalPresence"]

CHANNEL = "antiphon_present"
_ENTER = text(
    """
    INSERT INTO kit.present (topic, id, gateway, user_id, data)
    SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:ids AS text[]), CAST(:gateways AS text[]),
                         CAST(:people AS text[]), CAST(:datas AS text[]))
    ON CONFLICT (topic, id) DO UPDATE SET data = excluded.data
    """
)
_LEAVE = text(
    """
    DELETE FROM kit.present p USING unnest(CAST(:topics AS text[]), CAST(:ids AS text[])) AS g(topic, id)
    WHERE p.topic = g.topic AND p.id = g.id
    """
)
_HERE = text(
    """
    SELECT p.topic, p.id, p.gateway, p.user_id, p.data FROM kit.present p JOIN kit.gateways g ON g.id = p.gateway
    WHERE p.topic = ANY (CAST(:topics AS text[])) AND g.until >= :now ORDER BY p.number
    """
)
_RENEW = text(
    """
    INSERT INTO kit.gateways (id, until) VALUES (:gateway, :until)
    ON CONFLICT (id) DO UPDATE SET until = excluded.until RETURNING xmax <> 0 AS renewed
    """
)
_OVER = text("DELETE FROM kit.gateways WHERE until < :now")
_SWEEP = text(
    """
    WITH gone AS (
        DELETE FROM kit.present WHERE gateway NOT IN (SELECT id FROM kit.gateways) RETURNING topic
    ), topics AS (SELECT DISTINCT topic FROM gone)
    SELECT pg_notify(:channel, topic) FROM topics
    """
)
_END = text("DELETE FROM kit.gateways WHERE id = :gateway")
_TELL = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")


class LocalPresence:
    def __init__(self, db: Database, hub: LiveHub) -> None:
        self._db = db
        self._heeding: list[Callable[[str], None]] = []
        hub.also(CHANNEL, self._hear)

    def heed(self, changed: Callable[[str], None]) -> None:
        self._heeding.append(changed)

    async def enter(self, entries: Sequence[Entry]) -> None:
        async with self._writing() as conn:
            await conn.execute(
                _ENTER,
                {
                    "topics": [one.topic for one in entries],
                    "ids": [one.id for one in entries],
                    "gateways": [one.gateway for one in entries],
                    "people": [one.user_id for one in entries],
                    "datas": [msgspec.json.encode(one.data).decode() for one in entries],
                },
            )
            await self._tell(conn, entries)

    async def leave(self, entries: Sequence[Entry]) -> None:
        async with self._writing() as conn:
            await conn.execute(_LEAVE, {"topics": [one.topic for one in entries], "ids": [one.id for one in entries]})
            await self._tell(conn, entries)

    async def here(self, topics: Sequence[str]) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        async with self._writing() as conn:
            for row in await conn.execute(_HERE, {"topics": list(topics), "now": self._db.clock.now()}):
                entry = Entry(row.topic, row.id, row.gateway, row.user_id, msgspec.json.decode(row.data))
                found.setdefault(row.topic, []).append(entry)
        return found

    async def renew(self, gateway: str) -> bool:
        now = self._db.clock.now()
        async with self._writing() as conn:
            await conn.execute(_OVER, {"now": now})
            renewed = (await conn.execute(_RENEW, {"gateway": gateway, "until": now + LEASE})).scalar_one()
            await conn.execute(_SWEEP, {"channel": CHANNEL})
        return bool(renewed)

    async def end(self, gateway: str) -> None:
        async with self._writing() as conn:
            await conn.execute(_END, {"gateway": gateway})
            await conn.execute(_SWEEP, {"channel": CHANNEL})

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._db.system() as uow:
                yield uow.conn
        except SQLAlchemyError as error:
            raise OSError(str(error)) from error

    async def _tell(self, conn: AsyncConnection, entries: Sequence[Entry]) -> None:
        await conn.execute(_TELL, {"channel": CHANNEL, "topics": sorted({one.topic for one in entries})})

    def _hear(self, topic: str) -> None:
        for changed in self._heeding:
            changed(topic)
