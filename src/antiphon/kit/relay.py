"""The relay hands every fact to every handler that is interested, at least once and in order per subject.

A worker claims a (handler, subject) pair, not a row, and works its facts oldest first. A fact that keeps failing
is parked: its own pair waits, everybody else goes on. Design: transactional outbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit import facts, metrics
from antiphon.kit.db import RELAY_CHANNEL, Database, UnitOfWork
from antiphon.kit.live import hang_up, listen_on
from antiphon.kit.logs import get_logger

__all__ = ["FactHandler", "FactHandlers", "Relay", "parked", "release_parked"]

log = get_logger(__name__)
FactHandler = Callable[[UnitOfWork, Any], Awaitable[None]]
ATTEMPTS = 8
BATCH = 20


class FactHandlers:
    """Who listens to what, by names that stay the same over releases."""

    def __init__(self) -> None:
        self._by_name: dict[str, tuple[type[facts.Fact], FactHandler]] = {}

    def on(self, fact: type[facts.Fact], name: str, handler: FactHandler) -> None:
        if name in self._by_name:
            raise ValueError(f"two handlers are called {name}")
        self._by_name[name] = (fact, handler)

    def by_fact(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name, (fact, _) in self._by_name.items():
            found.setdefault(fact.name, []).append(name)
        return {fact: tuple(sorted(names)) for fact, names in found.items()}

    def get(self, name: str) -> FactHandler | None:
        entry = self._by_name.get(name)
        return entry[1] if entry else None


@dataclass(frozen=True, slots=True)
class _Head:
    handler: str
    subject: UUID


_HEADS = text(
    """
    SELECT d.handler, d.subject FROM kit.deliveries d
    WHERE d.due_at <= :now AND d.parked_at IS NULL
      AND NOT EXISTS (SELECT FROM kit.deliveries e
                      WHERE e.handler = d.handler AND e.subject = d.subject AND e.id < d.id)
    ORDER BY d.id LIMIT :batch
    """
)
_CLAIM = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:handler || ':' || :subject, 0))")
_NEXT = text(
    """
    SELECT d.id, d.fact_id, d.name, d.attempts, f.payload::text AS payload
    FROM kit.deliveries d JOIN kit.facts f ON f.id = d.fact_id AND f.recorded_at = d.recorded_at
    WHERE d.handler = :handler AND d.subject = :subject
      AND d.due_at <= :now AND d.parked_at IS NULL
      AND NOT EXISTS (SELECT FROM kit.deliveries e
                      WHERE e.handler = d.handler AND e.subject = d.subject AND e.id < d.id)
    """
)
_REMEMBER = text("INSERT INTO kit.handled (handler, fact_id, at) VALUES (:handler, :fact, :now) ON CONFLICT DO NOTHING")
_DONE = text("DELETE FROM kit.deliveries WHERE id = :id")
_FAILED = text(
    """
    UPDATE kit.deliveries SET attempts = attempts + 1, due_at = :due, error = :error,
           parked_at = CASE WHEN attempts + 1 >= :attempts THEN CAST(:now AS timestamptz) END
    WHERE id = :id
    """
)


class Relay:
    def __init__(self, db: Database, handlers: FactHandlers) -> None:
        self._db = db
        self._handlers = handlers

    async def run(self, url: str, stop: asyncio.Event) -> None:
        """Work until `stop`; woken by NOTIFY, and by a slow tick for facts whose retry is due."""
        wake = asyncio.Event()

        async def listening() -> asyncpg.Connection[asyncpg.Record]:
            return await listen_on(url, RELAY_CHANNEL, lambda *_: wake.set())

        conn = await listening()
        try:
            while not stop.is_set():
                if conn.is_closed():
                    conn = await listening()
                wake.clear()
                if await self.work_once() == 0:
                    waits = {asyncio.create_task(wake.wait()), asyncio.create_task(stop.wait())}
                    _, pending = await asyncio.wait(waits, timeout=2, return_when=asyncio.FIRST_COMPLETED)
                    for task in pending:
                        task.cancel()
        finally:
            await hang_up(conn)

    async def work_once(self) -> int:
        """Hand over what is due now; answers how many facts were handled or failed."""
        async with self._db.read() as conn:
            rows = await conn.execute(_HEADS, {"now": self._db.clock.now(), "batch": BATCH})
            heads = list(dict.fromkeys(_Head(row.handler, row.subject) for row in rows))
        return sum([await self._work_subject(head) for head in heads])

    async def _work_subject(self, head: _Head) -> int:
        handler = self._handlers.get(head.handler)
        worked = 0
        async with self._db.system() as uow:
            key = {"handler": head.handler, "subject": str(head.subject)}
            if not (await uow.conn.execute(_CLAIM, key)).scalar_one():
                return 0
            while True:
                now = self._db.clock.now()
                args = {"handler": head.handler, "subject": head.subject, "now": now}
                row = (await uow.conn.execute(_NEXT, args)).first()
                if row is None or worked >= BATCH:
                    return worked
                worked += 1
                if handler is None or await self._hand_over(uow, head.handler, handler, row):
                    await uow.conn.execute(_DONE, {"id": row.id})
                else:
                    return worked

    async def _hand_over(self, uow: UnitOfWork, name: str, handler: FactHandler, row: Any) -> bool:
        now = self._db.clock.now()
        try:
            async with uow.step():
                fresh = await uow.conn.execute(_REMEMBER, {"handler": name, "fact": row.fact_id, "now": now})
                if fresh.rowcount:
                    await handler(uow, facts.decode(row.name, row.payload))
                    metrics.FACTS_HANDLED.labels(row.name, name).inc()
        except Exception as error:
            due = now + timedelta(seconds=2**row.attempts)
            failed = {"id": row.id, "due": due, "now": now, "attempts": ATTEMPTS, "error": repr(error)[:500]}
            await uow.conn.execute(_FAILED, failed)
            if row.attempts + 1 >= ATTEMPTS:
                metrics.FACTS_PARKED.labels(row.name, name).inc()
            log.exception("fact handler failed", fact=row.name, handler=name, attempt=row.attempts + 1)
            return False
        return True


async def parked(conn: AsyncConnection) -> Sequence[Row[Any]]:
    """Facts that were set aside, the oldest first."""
    statement = text(
        "SELECT handler, name, subject, error FROM kit.deliveries WHERE parked_at IS NOT NULL ORDER BY id LIMIT 1000"
    )
    return (await conn.execute(statement)).all()


async def release_parked(uow: UnitOfWork, handler: str) -> int:
    """Let the relay try a handler's parked facts again; answers how many."""
    statement = text(
        "UPDATE kit.deliveries SET parked_at = NULL, attempts = 0, due_at = :now "
        "WHERE handler = :handler AND parked_at IS NOT NULL"
    )
    count = (await uow.conn.execute(statement, {"handler": handler, "now": uow.clock.now()})).rowcount
    await uow.conn.execute(text(f"NOTIFY {RELAY_CHANNEL}"))
    return int(count)
