"""The keys that sign access tokens, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "add_signing_key",
    "lock_signing_keys",
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
    await conn.execute(insert(t.signing_keys).values(kid=kid, sealed=sealed, created_at=now))
