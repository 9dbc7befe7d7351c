"""Connections to services that are told what is heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "connect",
    "disconnect",
    "due",
    "failed",
    "forget",
    "forget_not_taken",
    "forwards",
    "get",
    "not_taken",
    "of",
    "passed_over",
    "put_aside",
    "refused",
    "sent",
]

KEPT = 200

_CONNECT = text(
    """
    INSERT INTO integrations.scrobblers (user_id, service, account, sealed, connected_at, next_try_at, told_until)
    VALUES (:user, :service, :account, :sealed, :now, :now, :now)
    ON CONFLICT (user_id, service) DO UPDATE SET account = excluded.account, sealed = excluded.sealed,
        refused = false, failures = 0, failure = NULL, failed_at = NULL, forwards = true,
        next_try_at = excluded.next_try_at,
        told_until = CASE WHEN scrobblers.account = excluded.account AND scrobblers.forwards
            THEN scrobblers.told_until ELSE excluded.told_until END,
        told_at = CASE WHEN scrobblers.account = excluded.account THEN scrobblers.told_at END,
        connected_at = CASE WHEN scrobblers.account = excluded.account
            THEN scrobblers.connected_at ELSE excluded.connected_at END
    """
)
_OF = text(
    "SELECT service, account, connected_at, told_at, told_until, told_id, forwards, failures, failure, failed_at, "
    "refused, next_try_at, (SELECT count(*) FROM integrations.not_taken n WHERE n.connection_id = s.id) AS not_taken "
    "FROM integrations.scrobblers s WHERE user_id = :user ORDER BY service"
)
_DUE = text(
    "SELECT id FROM integrations.scrobblers WHERE NOT refused AND forwards AND next_try_at <= :now "
    "ORDER BY next_try_at LIMIT 1000"
)
_GET = text(
    "SELECT id, user_id, service, sealed, told_until, told_id, failures FROM integrations.scrobblers "
    "WHERE id = :id AND NOT refused AND forwards"
)
_SENT = text(
    "UPDATE integrations.scrobblers SET told_until = :until, told_id = :last, told_at = :now, failures = 0, "
    "next_try_at = :now WHERE id = :id AND (told_until, told_id) < (:until, :last)"
)
_PASSED_OVER = text(
    "UPDATE integrations.scrobblers SET told_until = :until, told_id = :last "
    "WHERE id = :id AND (told_until, told_id) < (:until, :last)"
)
_PUT_ASIDE = text(
    "INSERT INTO integrations.not_taken (connection_id, user_id, title, artist, started_at, reason, put_aside_at) "
    "VALUES (:connection, :user, :title, :artist, :started_at, :reason, :now)"
)
_LAST_ONES = text(
    "DELETE FROM integrations.not_taken WHERE connection_id = :connection AND id NOT IN (SELECT id FROM "
    "integrations.not_taken WHERE connection_id = :connection ORDER BY id DESC LIMIT :kept)"
)
_NOT_TAKEN = text(
    """
    SELECT n.title, n.artist, n.started_at, n.reason, n.put_aside_at
    FROM integrations.not_taken n JOIN integrations.scrobblers s ON s.id = n.connection_id
    WHERE s.user_id = :user AND s.service = :service ORDER BY n.id DESC
    """
)
_FORGET_NOT_TAKEN = text(
    "DELETE FROM integrations.not_taken n USING integrations.scrobblers s "
    "WHERE s.id = n.connection_id AND s.user_id = :user AND s.service = :service"
)
_FAILED = text(
    "UPDATE integrations.scrobblers SET failures = failures + 1, next_try_at = :again, failure = :code, "
    "failed_at = :now WHERE id = :id"
)
_REFUSED = text("UPDATE integrations.scrobblers SET refused = true, failure = :code, failed_at = :now WHERE id = :id")
_FORWARDS = text(
    """
    UPDATE integrations.scrobblers SET forwards = :on,
        told_until = CASE WHEN :on AND NOT forwards THEN :now ELSE told_until END,
        next_try_at = CASE WHEN :on AND NOT forwards THEN :now ELSE next_try_at END,
        failures = CASE WHEN :on AND NOT forwards THEN 0 ELSE failures END
    WHERE user_id = :user AND service = :service
    """
)


async def connect(
    conn: AsyncConnection, user_id: UUID, service: str, account: str, sealed: bytes, now: datetime
) -> None:
    """What is heard from now on is told. Who connects the same account again goes on where it stopped; another account
    learns nothing of what was meant for the first."""
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


async def passed_over(conn: AsyncConnection, connection_id: UUID, until: datetime, last: UUID) -> None:
    """It goes on after these, which were not told."""
    await conn.execute(_PASSED_OVER, {"id": connection_id, "until": until, "last": last})


async def put_aside(
    conn: AsyncConnection, connection_id: UUID, user_id: UUID, plays: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """`plays` have title, artist, started_at and reason. The last KEPT of a connection stay."""
    if plays:
        given = {"connection": connection_id, "user": user_id, "now": now}
        await conn.execute(_PUT_ASIDE, [{**given, **play} for play in plays])
        await conn.execute(_LAST_ONES, {"connection": connection_id, "kept": KEPT})


async def not_taken(conn: AsyncConnection, user_id: UUID, service: str) -> Sequence[Row[Any]]:
    """The last put aside first."""
    return (await conn.execute(_NOT_TAKEN, {"user": user_id, "service": service})).all()


async def forget_not_taken(conn: AsyncConnection, user_id: UUID, service: str) -> None:
    await conn.execute(_FORGET_NOT_TAKEN, {"user": user_id, "service": service})


async def failed(conn: AsyncConnection, connection_id: UUID, code: str, now: datetime, again: datetime) -> None:
    await conn.execute(_FAILED, {"id": connection_id, "code": code, "now": now, "again": again})


async def refused(conn: AsyncConnection, connection_id: UUID, code: str, now: datetime) -> None:
    await conn.execute(_REFUSED, {"id": connection_id, "code": code, "now": now})


async def forwards(conn: AsyncConnection, user_id: UUID, service: str, on: bool, now: datetime) -> bool:
    """Switched on, it tells what is heard from then on. False where nothing is connected."""
    done = await conn.execute(_FORWARDS, {"user": user_id, "service": service, "on": on, "now": now})
    return bool(done.rowcount)


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    await conn.execute(text("DELETE FROM integrations.scrobblers WHERE user_id = :user"), {"user": user_id})
