"""The audit log: rows are added and read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["add", "page"]


async def add(
    conn: AsyncConnection,
    *,
    at: datetime,
    action: str,
    actor: UUID | None,
    subject: UUID | None,
    address: str,
    user_agent: str,
    data: dict[str, Any],
) -> None:
    who = {"actor_id": actor, "subject_id": subject, "address": address, "user_agent": user_agent}
    await conn.execute(insert(t.audit_log).values(at=at, action=action, data=data, **who))


async def page(conn: AsyncConnection, *, about: UUID | None, before: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """The newest first; `about` one person, as whoever did it or whom it was done to."""
    c = t.audit_log.c
    people = t.users
    statement = select(t.audit_log, people.c.handle).outerjoin(people, people.c.id == c.actor_id)
    if about is not None:
        statement = statement.where(or_(c.subject_id == about, c.actor_id == about))
    if before is not None:
        statement = statement.where(c.id < before)
    return (await conn.execute(statement.order_by(c.id.desc()).limit(limit))).all()
