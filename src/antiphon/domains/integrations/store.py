"""Connections to services that are told what is heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["connect", "disconnect", "due", "failed", "forget", "get", "of", "refused", "sent"]

_CONNECT = text(
    """
    INSERT INTO integrations.scrobblers (user_id, service, account, sealed, connected_at, next_try_at, told_until)
    VALUES (:user, :service, :account, :sealed, :now, :now, :now)
    ON CONFLICT (user_id, service) DO UPDATE SET account = excluded.account, sealed = excluded.sealed,
        refused = false, failures = 0, next_try_at = excluded.next_try_at
    """
)
_OF = text(
    "SELECT service, account, connected_at, told_at, failures, refused FROM integrations.scrobblers "
    "WHERE user_id = :user ORDER BY service"
)
_DUE = text(
    "SELECT id FROM integrations.scrobblers WHERE NOT refused AND next_try_at <= :now ORDER BY next_try_at LIMIT 1000"
)
_GET = text(
    "SELECT id, user_id, service, sealed, told_until, told_id, failures FROM integrations.scrobblers "
    "WHERE id = :id AND NOT refused"
)
_SENT = text(
    "UPDATE integrations.scrobblers SET told_until = :until, told_id = :last, told_at = :now, failures = 0, "
    "next_try_at = :now WHERE id = :id"
)
_FAILED = text("UPDATE integrations.scrobblers SET failures = failures + 1, next_try_at = :again WHERE id = :id")


async def connect(
    conn: AsyncConnection, user_id: UUID, service: str, account: str, sealed: bytes, now: datetime
) -> None:
    """What is heard from now on is told; who connects again goes on where it stopped."""
    values = {"user": user_id, "service": service, "account": account, "sealed": sealed, "now": now}
    await conn.execute(_CONNECT, values)


async def disconnect(conn: AsyncConnection, user_id: UUID, service: str) -> None:
    statement = text("DELETE FROM integrations.scrobblers WHERE user_id = :user AND service = :service")
    await conn.execute(statement, {"user": user_id, "service": service})


async def of(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF, {"user": user_id})).all()


async def due(conn: AsyncConnection, now: datetime) -> list[UUID]:
    """Those that wait for nothing."""
    return list((await conn.execute(_DUE, {"now": now})).scalars())


async def get(conn: AsyncConnection, connection_id: UUID) -> Row[Any] | None:
    """None where it is gone or was refused."""
    return (await conn.execute(_GET, {"id": connection_id})).first()


async def sent(conn: AsyncConnection, connection_id: UUID, until: datetime, last: UUID, now: datetime) -> None:
    await conn.execute(_SENT, {"id": connection_id, "until": until, "last": last, "now": now})


async def failed(conn: AsyncConnection, connection_id: UUID, again: datetime) -> None:
    await conn.execute(_FAILED, {"id": connection_id, "again": again})


async def refused(conn: AsyncConnection, connection_id: UUID) -> None:
    await conn.execute(text("UPDATE integrations.scrobblers SET refused = true WHERE id = :id"), {"id": connection_id})


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    await conn.execute(text("DELETE FROM integrations.scrobblers WHERE user_id = :user"), {"user": user_id})
