"""Sign-ins elsewhere that lead into an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables
from antiphon.domains.identity.tables.linked import linked_identities as t

__all__ = ["add", "find", "of_user", "remove", "taken_handles", "use"]

AnyRow = Row[*tuple[Any, ...]]


async def add(
    conn: AsyncConnection,
    user_id: UUID,
    *,
    provider: str,
    issuer: str,
    subject: str,
    email: str | None,
    sealed_token: bytes | None,
    now: datetime,
) -> UUID | None:
    """None where this sign-in leads into some account already."""
    values = {"user_id": user_id, "provider": provider, "issuer": issuer, "subject": subject, "email": email}
    statement = insert(t).values(**values, sealed_token=sealed_token, created_at=now).on_conflict_do_nothing()
    added: UUID | None = (await conn.execute(statement.returning(t.c.id))).scalar_one_or_none()
    return added


async def find(conn: AsyncConnection, issuer: str, subject: str) -> AnyRow | None:
    """`id` and `user_id`."""
    statement = select(t.c.id, t.c.user_id).where(t.c.issuer == issuer, t.c.subject == subject)
    return (await conn.execute(statement)).one_or_none()


async def use(conn: AsyncConnection, linked_id: UUID, sealed_token: bytes | None, now: datetime) -> None:
    """It led somebody in; a newer token takes the place of the older."""
    values = {"last_used_at": now, "sealed_token": func.coalesce(sealed_token, t.c.sealed_token)}
    await conn.execute(update(t).where(t.c.id == linked_id).values(values))


async def of_user(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    return (await conn.execute(select(t).where(t.c.user_id == user_id).order_by(t.c.created_at, t.c.id))).all()


async def remove(conn: AsyncConnection, user_id: UUID, linked_id: UUID) -> AnyRow | None:
    """What it was (`provider`, `sealed_token`); None where the person has none with this id."""
    statement = delete(t).where(t.c.id == linked_id, t.c.user_id == user_id)
    return (await conn.execute(statement.returning(t.c.provider, t.c.sealed_token))).one_or_none()


async def taken_handles(conn: AsyncConnection, handles: Sequence[str]) -> set[str]:
    """Which of them somebody has."""
    users = tables.users
    return set((await conn.execute(select(users.c.handle).where(users.c.handle.in_(handles)))).scalars())
