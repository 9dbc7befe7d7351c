"""Letters to be written."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["add", "get", "sent"]


async def add(
    conn: AsyncConnection,
    *,
    purpose: str,
    user_id: UUID | None,
    address: str | None,
    language: str,
    data: dict[str, str],
    now: datetime,
) -> UUID:
    values = {"purpose": purpose, "user_id": user_id, "address": address, "language": language, "data": data}
    statement = insert(t.letters).values(**values, created_at=now).returning(t.letters.c.id)
    made: UUID = (await conn.execute(statement)).scalar_one()
    return made


async def get(conn: AsyncConnection, letter_id: UUID) -> Row[Any] | None:
    """With the name and address of the person, where there is one."""
    people = t.users
    statement = (
        select(t.letters, people.c.email, people.c.display_name)
        .outerjoin(people, people.c.id == t.letters.c.user_id)
        .where(t.letters.c.id == letter_id)
    )
    return (await conn.execute(statement)).one_or_none()


async def sent(conn: AsyncConnection, letter_id: UUID, now: datetime) -> None:
    """What went to somebody who has been erased is forgotten with that."""
    c = t.letters.c
    await conn.execute(update(t.letters).where(c.id == letter_id).values(sent_at=now))
    await conn.execute(delete(t.letters).where(c.id == letter_id, c.purpose == "deleted"))
