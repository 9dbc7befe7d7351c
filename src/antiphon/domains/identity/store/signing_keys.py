"""The keys that sign access tokens, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "add_signing_key",
    "delete_signing_keys",
    "lock_signing_keys",
    "move_signing_key",
    "retire_signing_keys",
    "signing_keys",
]

_LOCK_KEYS = text("SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_keys', 0))")
AnyRow = Row[*tuple[Any, ...]]


async def lock_signing_keys(conn: AsyncConnection) -> None:
    """One process at a time, until the commit."""
    await conn.execute(_LOCK_KEYS)


async def signing_keys(conn: AsyncConnection) -> Sequence[AnyRow]:
    return (await conn.execute(select(t.signing_keys))).all()


async def add_signing_key(conn: AsyncConnection, kid: str, sealed: bytes, now: datetime) -> None:
    await conn.execute(insert(t.signing_keys).values(kid=kid, sealed=sealed, created_at=now, in_vault=True))


async def move_signing_key(conn: AsyncConnection, kid: str, sealed: bytes) -> AnyRow:
    """From under the master secret into the vault."""
    statement = update(t.signing_keys).where(t.signing_keys.c.kid == kid).values(sealed=sealed, in_vault=True)
    moved: AnyRow = (await conn.execute(statement.returning(t.signing_keys))).one()
    return moved


async def retire_signing_keys(conn: AsyncConnection, but: str, now: datetime) -> None:
    """All but one sign no more."""
    c = t.signing_keys.c
    statement = update(t.signing_keys).where(c.kid != but, c.retired_at.is_(None))
    await conn.execute(statement.values(retired_at=now))


async def delete_signing_keys(conn: AsyncConnection, *, retired_before: datetime) -> None:
    await conn.execute(delete(t.signing_keys).where(t.signing_keys.c.retired_at < retired_before))
