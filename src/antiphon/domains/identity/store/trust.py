"""Devices that need no second factor for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables import factors as t

__all__ = ["count_trusted", "delete_expired_trust", "distrust", "distrust_all", "trust", "trusted_devices", "use_trust"]

AnyRow = Row[Any]


async def trust(
    conn: AsyncConnection, user_id: UUID, device: bytes, *, user_agent: str, now: datetime, until: datetime
) -> None:
    """Trusting a device again renews its time."""
    c = t.trusted_devices.c
    fresh = {"user_agent": user_agent, "created_at": now, "last_used_at": now, "expires_at": until}
    statement = insert(t.trusted_devices).values(user_id=user_id, device=device, **fresh)
    await conn.execute(statement.on_conflict_do_update(index_elements=[c.user_id, c.device], set_=fresh))


async def use_trust(conn: AsyncConnection, user_id: UUID, device: bytes, now: datetime) -> bool:
    """Whether the device is trusted at this moment; remembers that it was asked for."""
    c = t.trusted_devices.c
    statement = update(t.trusted_devices).where(c.user_id == user_id, c.device == device, c.expires_at > now)
    return bool((await conn.execute(statement.values(last_used_at=now))).rowcount)


async def trusted_devices(conn: AsyncConnection, user_id: UUID, now: datetime) -> Sequence[AnyRow]:
    """The one used last first."""
    c = t.trusted_devices.c
    statement = select(t.trusted_devices).where(c.user_id == user_id, c.expires_at > now)
    return (await conn.execute(statement.order_by(c.last_used_at.desc(), c.id.desc()).limit(200))).all()


async def count_trusted(conn: AsyncConnection, user_id: UUID, now: datetime) -> int:
    c = t.trusted_devices.c
    statement = select(func.count()).where(c.user_id == user_id, c.expires_at > now)
    return int((await conn.execute(statement)).scalar_one())


async def distrust(conn: AsyncConnection, user_id: UUID, trust_id: UUID) -> bool:
    """False where the person has no such device."""
    c = t.trusted_devices.c
    return bool((await conn.execute(delete(t.trusted_devices).where(c.user_id == user_id, c.id == trust_id))).rowcount)


async def distrust_all(conn: AsyncConnection, user_id: UUID) -> int:
    """How many there were."""
    statement = delete(t.trusted_devices).where(t.trusted_devices.c.user_id == user_id)
    return (await conn.execute(statement)).rowcount


async def delete_expired_trust(conn: AsyncConnection, now: datetime) -> None:
    await conn.execute(delete(t.trusted_devices).where(t.trusted_devices.c.expires_at < now))
