"""Apps that people sign in to with their account here, and what they were allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t
from antiphon.domains.identity.tables.apps import app_grants, apps

__all__ = ["add", "drop", "get", "grant", "granted", "grants_of", "listed", "sessions_of", "withdraw"]

AnyRow = Row[*tuple[Any, ...]]


async def add(
    conn: AsyncConnection, *, name: str, redirect_uris: list[str], secret: bytes | None, by: UUID, now: datetime
) -> AnyRow:
    values = {"name": name, "redirect_uris": redirect_uris, "secret": secret, "made_by": by, "created_at": now}
    made: AnyRow = (await conn.execute(insert(apps).values(values).returning(apps))).one()
    return made


async def get(conn: AsyncConnection, app_id: UUID) -> AnyRow | None:
    return (await conn.execute(select(apps).where(apps.c.id == app_id))).one_or_none()


async def listed(conn: AsyncConnection) -> Sequence[AnyRow]:
    """By name."""
    return (await conn.execute(select(apps).order_by(apps.c.name, apps.c.id).limit(500))).all()


async def drop(conn: AsyncConnection, app_id: UUID) -> bool:
    """With its grants and sessions."""
    return bool((await conn.execute(delete(apps).where(apps.c.id == app_id))).rowcount)


async def grant(conn: AsyncConnection, user_id: UUID, app_id: UUID, scopes: list[str], now: datetime) -> None:
    """What the person allows the app from now on, instead of what they allowed before."""
    row = {"user_id": user_id, "app_id": app_id, "scopes": scopes, "granted_at": now}
    statement = insert(app_grants).values(row)
    changed = {"scopes": statement.excluded.scopes, "granted_at": statement.excluded.granted_at}
    await conn.execute(statement.on_conflict_do_update(index_elements=["user_id", "app_id"], set_=changed))


async def granted(conn: AsyncConnection, user_id: UUID, app_id: UUID) -> frozenset[str]:
    c = app_grants.c
    statement = select(c.scopes).where(c.user_id == user_id, c.app_id == app_id)
    found: list[str] | None = (await conn.execute(statement)).scalar_one_or_none()
    return frozenset(found or ())


async def grants_of(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The person's apps by name, with what each may."""
    statement = (
        select(apps.c.id, apps.c.name, app_grants.c.scopes, app_grants.c.granted_at)
        .join(apps, apps.c.id == app_grants.c.app_id)
        .where(app_grants.c.user_id == user_id)
        .order_by(apps.c.name)
    )
    return (await conn.execute(statement)).all()


async def withdraw(conn: AsyncConnection, user_id: UUID, app_id: UUID) -> bool:
    """False where nothing was allowed."""
    c = app_grants.c
    return bool((await conn.execute(delete(app_grants).where(c.user_id == user_id, c.app_id == app_id))).rowcount)


async def sessions_of(
    conn: AsyncConnection, *, app_id: UUID | None = None, user_id: UUID | None = None, opened_with: UUID | None = None
) -> Sequence[UUID]:
    """Sessions of apps that were not ended, narrowed down by whatever is given."""
    c = t.sessions.c
    statement = select(c.id).where(c.revoked_at.is_(None), c.app_id.is_not(None))
    for column, value in ((c.app_id, app_id), (c.user_id, user_id), (c.opened_with, opened_with)):
        if value is not None:
            statement = statement.where(column == value)
    return (await conn.execute(statement)).scalars().all()
