"""Password hashes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, false, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "add_password",
    "credential",
    "has_password",
    "hash_of",
    "remove",
    "replace_password_hash",
    "set_password",
]


async def add_password(conn: AsyncConnection, user_id: UUID, password_hash: str, now: datetime) -> None:
    row = {"user_id": user_id, "hash": password_hash, "changed_at": now}
    await conn.execute(insert(t.password_credentials).values(row))


async def credential(conn: AsyncConnection, email_key: str, device: bytes | None) -> tuple[UUID, str, bool] | None:
    """User id, password hash, and whether they came with this device before: one query, found or not."""
    came = exists().where(t.sessions.c.user_id == t.users.c.id, t.sessions.c.device == device)
    statement = (
        select(t.users.c.id, t.password_credentials.c.hash, (came if device else false()).label("came"))
        .join(t.password_credentials, t.password_credentials.c.user_id == t.users.c.id)
        .where(t.users.c.email_key == email_key)
    )
    row = (await conn.execute(statement)).one_or_none()
    return (row.id, row.hash, row.came) if row else None


async def replace_password_hash(conn: AsyncConnection, user_id: UUID, old: str, new: str) -> None:
    """The same password under other parameters; does nothing where it was changed meanwhile."""
    table = t.password_credentials
    await conn.execute(update(table).where(table.c.user_id == user_id, table.c.hash == old).values(hash=new))


async def hash_of(conn: AsyncConnection, user_id: UUID) -> str | None:
    table = t.password_credentials
    found: str | None = (
        await conn.execute(select(table.c.hash).where(table.c.user_id == user_id))
    ).scalar_one_or_none()
    return found


async def has_password(conn: AsyncConnection, user_id: UUID) -> bool:
    table = t.password_credentials
    return bool((await conn.execute(select(exists().where(table.c.user_id == user_id)))).scalar_one())


async def set_password(conn: AsyncConnection, user_id: UUID, password_hash: str, now: datetime) -> None:
    """Whether or not there was one."""
    row = {"user_id": user_id, "hash": password_hash, "changed_at": now}
    statement = insert(t.password_credentials).values(row)
    changed = {"hash": statement.excluded.hash, "changed_at": statement.excluded.changed_at}
    await conn.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=changed))


async def remove(conn: AsyncConnection, user_id: UUID) -> bool:
    """False where there was none."""
    table = t.password_credentials
    return bool((await conn.execute(delete(table).where(table.c.user_id == user_id))).rowcount)
