"""Ceremonies under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["add", "attempt", "drop", "finish", "look", "take", "used"]

AnyRow = Row[*tuple[Any, ...]]
_FOUND = (t.challenges.c.id, t.challenges.c.user_id, t.challenges.c.data, t.challenges.c.attempts)


async def add(
    conn: AsyncConnection,
    *,
    digest: bytes,
    kind: str,
    user_id: UUID | None,
    data: dict[str, Any],
    now: datetime,
    until: datetime,
) -> UUID:
    values = {"digest": digest, "kind": kind, "user_id": user_id, "data": data, "created_at": now, "expires_at": until}
    made: UUID = (await conn.execute(insert(t.challenges).values(values).returning(t.challenges.c.id))).scalar_one()
    return made


def _open(digest: bytes, kind: str, now: datetime) -> Any:
    c = t.challenges.c
    return (c.digest == digest) & (c.kind == kind) & c.used_at.is_(None) & (c.expires_at > now)


async def take(conn: AsyncConnection, digest: bytes, kind: str, now: datetime) -> AnyRow | None:
    """Uses it up; None where it is not open. Of two who come at once one gets it."""
    statement = update(t.challenges).where(_open(digest, kind, now)).values(used_at=now).returning(*_FOUND)
    return (await conn.execute(statement)).one_or_none()


async def attempt(conn: AsyncConnection, digest: bytes, kind: str, now: datetime, at_most: int) -> AnyRow | None:
    """Counts one more try; None where it is not open or was tried too often. Locked until the commit."""
    c = t.challenges.c
    statement = update(t.challenges).where(_open(digest, kind, now), c.attempts < at_most)
    return (await conn.execute(statement.values(attempts=c.attempts + 1).returning(*_FOUND))).one_or_none()


async def look(conn: AsyncConnection, digest: bytes, kind: str, now: datetime) -> AnyRow | None:
    """Leaves it as it is."""
    return (await conn.execute(select(*_FOUND).where(_open(digest, kind, now)))).one_or_none()


async def used(conn: AsyncConnection, digest: bytes, kind: str) -> UUID | None:
    c = t.challenges.c
    statement = select(c.id).where(c.digest == digest, c.kind == kind, c.used_at.is_not(None))
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def finish(conn: AsyncConnection, challenge_id: UUID, now: datetime) -> bool:
    """False where it was used before."""
    c = t.challenges.c
    statement = update(t.challenges).where(c.id == challenge_id, c.used_at.is_(None)).values(used_at=now)
    return bool((await conn.execute(statement)).rowcount)


async def drop(conn: AsyncConnection, user_id: UUID, kind: str) -> None:
    """All of one kind that the person has open."""
    c = t.challenges.c
    await conn.execute(delete(t.challenges).where(c.user_id == user_id, c.kind == kind))
