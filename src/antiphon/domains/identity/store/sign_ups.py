"""Sign-ups that wait for their address to be proven: no account exists before that."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["add", "drop_address", "forget", "get"]


async def add(conn: AsyncConnection, values: dict[str, Any], now: datetime) -> UUID:
    statement = insert(t.sign_ups).values(**values, created_at=now).returning(t.sign_ups.c.id)
    made: UUID = (await conn.execute(statement)).scalar_one()
    return made


async def get(conn: AsyncConnection, sign_up_id: UUID) -> Row[Any] | None:
    return (await conn.execute(select(t.sign_ups).where(t.sign_ups.c.id == sign_up_id))).one_or_none()


async def drop_address(conn: AsyncConnection, email_key: str) -> None:
    """All that wait for one address, once somebody has it."""
    await conn.execute(delete(t.sign_ups).where(t.sign_ups.c.email_key == email_key))


async def forget(conn: AsyncConnection, before: datetime) -> None:
    """Those whose address nobody proved in time."""
    await conn.execute(delete(t.sign_ups).where(t.sign_ups.c.created_at < before))
