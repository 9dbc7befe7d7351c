"""Passkeys and whom authenticators know them by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.passkeys import Assertion, NewKey
from antiphon.domains.identity.tables.passkeys import passkey_owners, passkeys

__all__ = [
    "add",
    "ask_after_password",
    "asked_after_password",
    "for_use",
    "handle_of",
    "has_any",
    "of_user",
    "remove",
    "rename",
    "suspect",
    "used",
    "ways_in",
]

AnyRow = Row[Any]


async def handle_of(conn: AsyncConnection, user_id: UUID, fresh: bytes) -> bytes:
    """What authenticators know the person by; `fresh` becomes it at the first time. Of two at once one wins."""
    table = passkey_owners
    await conn.execute(insert(table).values(user_id=user_id, handle=fresh).on_conflict_do_nothing())
    handle = (await conn.execute(select(table.c.handle).where(table.c.user_id == user_id))).scalar_one()
    return bytes(handle)


async def add(conn: AsyncConnection, user_id: UUID, key: NewKey, name: str, now: datetime) -> AnyRow | None:
    """The new row; None where somebody has this key already."""
    values = {
        "user_id": user_id,
        "credential_id": key.id,
        "public_key": key.public_key,
        "sign_count": key.sign_count,
        "transports": key.transports,
        "aaguid": key.aaguid,
        "name": name,
        "discoverable": key.discoverable,
        "user_verified": key.user_verified,
        "backup_eligible": key.backup_eligible,
        "backed_up": key.backed_up,
        "created_at": now,
    }
    statement = insert(passkeys).values(values).on_conflict_do_nothing().returning(*passkeys.c)
    return (await conn.execute(statement)).one_or_none()


async def of_user(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The oldest first."""
    statement = select(passkeys).where(passkeys.c.user_id == user_id).order_by(passkeys.c.id)
    return (await conn.execute(statement)).all()


async def has_any(conn: AsyncConnection, user_id: UUID) -> bool:
    return bool((await conn.execute(select(exists().where(passkeys.c.user_id == user_id)))).scalar_one())


async def ways_in(conn: AsyncConnection, user_id: UUID, but: UUID | None = None) -> int:
    """How many of the person's keys, apart from `but`, can open the account without anything else."""
    c = passkeys.c
    alone = or_(c.discoverable.is_(None), c.discoverable)
    statement = select(func.count()).where(c.user_id == user_id, alone)
    if but is not None:
        statement = statement.where(c.id != but)
    return int((await conn.execute(statement)).scalar_one())


async def for_use(conn: AsyncConnection, credential_id: bytes) -> AnyRow | None:
    """The key with its owner's `handle`, locked until the commit: its uses happen one after the other."""
    statement = (
        select(passkeys, passkey_owners.c.handle)
        .join(passkey_owners, passkey_owners.c.user_id == passkeys.c.user_id)
        .where(passkeys.c.credential_id == credential_id)
        .with_for_update(of=passkeys)
    )
    return (await conn.execute(statement)).one_or_none()


async def used(conn: AsyncConnection, key_id: UUID, found: Assertion, now: datetime) -> None:
    values = {"sign_count": found.sign_count, "backed_up": found.backed_up, "last_used_at": now}
    await conn.execute(update(passkeys).where(passkeys.c.id == key_id).values(values))


async def suspect(conn: AsyncConnection, key_id: UUID, now: datetime) -> None:
    """Its counter went back: somebody may have a copy of it."""
    await conn.execute(update(passkeys).where(passkeys.c.id == key_id).values(suspected_at=now))


async def rename(conn: AsyncConnection, user_id: UUID, key_id: UUID, name: str) -> AnyRow | None:
    statement = update(passkeys).where(passkeys.c.id == key_id, passkeys.c.user_id == user_id).values(name=name)
    return (await conn.execute(statement.returning(*passkeys.c))).one_or_none()


async def remove(conn: AsyncConnection, user_id: UUID, key_id: UUID) -> str | None:
    """Its name; None where the person has no such key."""
    statement = delete(passkeys).where(passkeys.c.id == key_id, passkeys.c.user_id == user_id)
    found: str | None = (await conn.execute(statement.returning(passkeys.c.name))).scalar_one_or_none()
    return found


async def asked_after_password(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the person wants to be asked for a passkey after the password."""
    statement = select(passkey_owners.c.second_factor).where(passkey_owners.c.user_id == user_id)
    return bool((await conn.execute(statement)).scalar_one_or_none())


async def ask_after_password(conn: AsyncConnection, user_id: UUID, wanted: bool) -> None:
    table = passkey_owners
    await conn.execute(update(table).where(table.c.user_id == user_id).values(second_factor=wanted))
