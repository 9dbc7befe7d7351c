"""Who has which role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "grant_role",
    "lock_administrators",
    "people_with_role",
    "revoke_role",
    "role_exists",
    "user_with_role",
]

_LOCK_ADMINISTRATORS = text("SELECT pg_advisory_xact_lock(hashtextextended('identity.administrators', 0))")


async def role_exists(conn: AsyncConnection, role: str) -> bool:
    return bool((await conn.execute(select(exists().where(t.roles.c.name == role)))).scalar_one())


async def revoke_role(conn: AsyncConnection, user_id: UUID, role: str) -> bool:
    """False where the person did not have it."""
    held = t.user_roles
    statement = delete(held).where(held.c.user_id == user_id, held.c.role == role)
    return bool((await conn.execute(statement)).rowcount)


async def lock_administrators(conn: AsyncConnection) -> None:
    """Two administrators do not leave at the same time, nor are there two first ones."""
    await conn.execute(_LOCK_ADMINISTRATORS)


async def people_with_role(conn: AsyncConnection, role: str) -> Sequence[UUID]:
    """Locked until the commit, so that nobody else takes it from the last one meanwhile."""
    held = t.user_roles
    statement = select(held.c.user_id).where(held.c.role == role).order_by(held.c.user_id).with_for_update()
    return (await conn.execute(statement)).scalars().all()


async def grant_role(conn: AsyncConnection, user_id: UUID, role: str, by: UUID | None, now: datetime) -> bool:
    """False where the person had it before."""
    row = {"user_id": user_id, "role": role, "granted_by": by, "granted_at": now}
    return bool((await conn.execute(insert(t.user_roles).values(row).on_conflict_do_nothing())).rowcount)


async def user_with_role(conn: AsyncConnection, role: str) -> UUID | None:
    granted = t.user_roles
    statement = select(granted.c.user_id).where(granted.c.role == role).order_by(granted.c.granted_at).limit(1)
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found
