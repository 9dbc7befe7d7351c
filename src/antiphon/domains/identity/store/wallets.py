"""Wallets that people sign in with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables.wallets import wallets

__all__ = ["add", "get", "lock", "of_user", "remove", "used"]

AnyRow = Row[*tuple[Any, ...]]
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('identity.wallets:' || :address, 0))")


async def lock(conn: AsyncConnection, address: str) -> None:
    """Whoever comes with the same address waits until the commit: of two who are new, one makes the account."""
    await conn.execute(_LOCK, {"address": address})


async def get(conn: AsyncConnection, address: str) -> AnyRow | None:
    return (await conn.execute(select(wallets).where(wallets.c.address == address))).one_or_none()


async def add(
    conn: AsyncConnection, user_id: UUID, address: str, contract_chain: int | None, now: datetime
) -> AnyRow | None:
    """None where the address belongs to somebody already."""
    row = {"user_id": user_id, "address": address, "contract_chain": contract_chain, "linked_at": now}
    statement = insert(wallets).values(row).on_conflict_do_nothing(index_elements=["address"])
    return (await conn.execute(statement.returning(*wallets.c))).one_or_none()


async def used(conn: AsyncConnection, wallet_id: UUID, now: datetime) -> None:
    await conn.execute(update(wallets).where(wallets.c.id == wallet_id).values(last_used_at=now))


async def of_user(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """In the order in which they were linked."""
    statement = select(wallets).where(wallets.c.user_id == user_id).order_by(wallets.c.id)
    return (await conn.execute(statement)).all()


async def remove(conn: AsyncConnection, user_id: UUID, wallet_id: UUID) -> str | None:
    """The address that is free now; None where the person has no such wallet."""
    statement = delete(wallets).where(wallets.c.user_id == user_id, wallets.c.id == wallet_id)
    address: str | None = (await conn.execute(statement.returning(wallets.c.address))).scalar_one_or_none()
    return address
