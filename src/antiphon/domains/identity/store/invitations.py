"""Invitations to make an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["add", "drop", "look", "page", "renew", "take", "used_by"]

AnyRow = Row[*tuple[Any, ...]]


async def add(
    conn: AsyncConnection, *, digest: bytes, email: str | None, note: str, by: UUID, now: datetime, until: datetime
) -> AnyRow:
    values = {"digest": digest, "email": email, "note": note, "invited_by": by, "created_at": now, "expires_at": until}
    made: AnyRow = (await conn.execute(insert(t.invitations).values(values).returning(t.invitations))).one()
    return made


async def renew(conn: AsyncConnection, invitation_id: UUID, digest: bytes) -> bool:
    """Another token for the same invitation; False where it was used or is gone."""
    c = t.invitations.c
    statement = update(t.invitations).where(c.id == invitation_id, c.used_at.is_(None)).values(digest=digest)
    return bool((await conn.execute(statement)).rowcount)


async def look(conn: AsyncConnection, digest: bytes, now: datetime) -> AnyRow | None:
    """As `take`, but leaves it as it is."""
    c = t.invitations.c
    statement = select(c.id, c.email).where(c.digest == digest, c.used_at.is_(None), c.expires_at > now)
    return (await conn.execute(statement)).one_or_none()


async def take(conn: AsyncConnection, digest: bytes, now: datetime) -> AnyRow | None:
    """Uses it up (`id`, `email`); None where it is unknown, used or too old."""
    c = t.invitations.c
    statement = (
        update(t.invitations)
        .where(c.digest == digest, c.used_at.is_(None), c.expires_at > now)
        .values(used_at=now)
        .returning(c.id, c.email)
    )
    return (await conn.execute(statement)).one_or_none()


async def used_by(conn: AsyncConnection, digest: bytes, user_id: UUID) -> None:
    await conn.execute(update(t.invitations).where(t.invitations.c.digest == digest).values(used_by=user_id))


async def page(conn: AsyncConnection, before: UUID | None, limit: int) -> Sequence[AnyRow]:
    """The newest first."""
    statement = select(t.invitations).order_by(t.invitations.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(t.invitations.c.id < before)
    return (await conn.execute(statement)).all()


async def drop(conn: AsyncConnection, invitation_id: UUID) -> bool:
    """False where it was used or never was: an invitation that somebody took stays in the list."""
    c = t.invitations.c
    statement = delete(t.invitations).where(c.id == invitation_id, c.used_at.is_(None))
    return bool((await conn.execute(statement)).rowcount)
