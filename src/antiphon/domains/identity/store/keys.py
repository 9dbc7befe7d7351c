"""API keys and app passwords."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables.keys import api_keys, app_passwords

__all__ = [
    "add_api_key",
    "add_app_password",
    "api_keys_of",
    "app_passwords_of",
    "lock",
    "opens",
    "remove_api_key",
    "remove_app_password",
    "touch_app_password",
    "use_api_key",
]

AnyRow = Row[Any]
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('identity.keys.' || :user_id, 0))")
_USE = text("SELECT user_id, scopes, expires_at, roles FROM identity.use_api_key(:id, :digest, :now)")
_OPENS = text("SELECT user_id, roles, id, sealed, scopes, last_used_at FROM identity.app_passwords_for(:name)")


async def lock(conn: AsyncConnection, user_id: UUID) -> None:
    """One change of a person's keys at a time, until the commit: what is counted stays counted."""
    await conn.execute(_LOCK, {"user_id": str(user_id)})


async def add_api_key(conn: AsyncConnection, row: dict[str, Any]) -> AnyRow:
    return (await conn.execute(insert(api_keys).values(row).returning(*api_keys.c))).one()


async def api_keys_of(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The newest first."""
    statement = select(api_keys).where(api_keys.c.user_id == user_id).order_by(api_keys.c.id.desc())
    return (await conn.execute(statement)).all()


async def remove_api_key(conn: AsyncConnection, user_id: UUID, key_id: UUID) -> bool:
    """False where the person has no such key."""
    statement = delete(api_keys).where(api_keys.c.id == key_id, api_keys.c.user_id == user_id)
    return bool((await conn.execute(statement)).rowcount)


async def use_api_key(conn: AsyncConnection, key_id: UUID, digest: bytes, now: datetime) -> AnyRow | None:
    """Whose key it is (`user_id`, `roles`), what it may (`scopes`) and until when; None where there is no such key.

    One statement, also where it notes the use: the function in the database sees the row without an actor.
    """
    return (await conn.execute(_USE, {"id": key_id, "digest": digest, "now": now})).one_or_none()


async def add_app_password(conn: AsyncConnection, row: dict[str, Any]) -> AnyRow:
    return (await conn.execute(insert(app_passwords).values(row).returning(*app_passwords.c))).one()


async def app_passwords_of(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The newest first."""
    statement = select(app_passwords).where(app_passwords.c.user_id == user_id).order_by(app_passwords.c.id.desc())
    return (await conn.execute(statement)).all()


async def remove_app_password(conn: AsyncConnection, user_id: UUID, password_id: UUID) -> bool:
    """False where the person has no such password."""
    table = app_passwords
    statement = delete(table).where(table.c.id == password_id, table.c.user_id == user_id)
    return bool((await conn.execute(statement)).rowcount)


async def opens(conn: AsyncConnection, name: str) -> Sequence[AnyRow]:
    """All app passwords, sealed, of the person with this handle or address (both folded)."""
    return (await conn.execute(_OPENS, {"name": name})).all()


async def touch_app_password(conn: AsyncConnection, password_id: UUID, now: datetime) -> None:
    table = app_passwords
    latest = func.greatest(table.c.last_used_at, now)
    await conn.execute(update(table).where(table.c.id == password_id).values(last_used_at=latest))
