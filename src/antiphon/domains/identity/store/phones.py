"""Telephones, and the codes that were sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables import factors as t

__all__ = [
    "add_text_code",
    "delete_old_text_codes",
    "delete_phone",
    "lock_texts",
    "new_phone",
    "phone",
    "sent_since",
    "try_text_code",
    "use_text_code",
    "verify_phone",
]

AnyRow = Row[Any]


async def new_phone(conn: AsyncConnection, user_id: UUID, sealed_number: bytes, now: datetime) -> bool:
    """In place of one that was never verified; False where a verified one is there."""
    c = t.phones.c
    fresh = {"sealed_number": sealed_number, "created_at": now}
    statement = insert(t.phones).values(user_id=user_id, **fresh)
    statement = statement.on_conflict_do_update(index_elements=[c.user_id], set_=fresh, where=c.verified_at.is_(None))
    return bool((await conn.execute(statement)).rowcount)


async def phone(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    """Also one that was never verified."""
    return (await conn.execute(select(t.phones).where(t.phones.c.user_id == user_id))).one_or_none()


async def verify_phone(conn: AsyncConnection, user_id: UUID, now: datetime) -> bool:
    """False where it was verified before."""
    c = t.phones.c
    statement = update(t.phones).where(c.user_id == user_id, c.verified_at.is_(None)).values(verified_at=now)
    return bool((await conn.execute(statement)).rowcount)


async def delete_phone(conn: AsyncConnection, user_id: UUID) -> bool:
    """False where none was verified."""
    statement = delete(t.phones).where(t.phones.c.user_id == user_id).returning(t.phones.c.verified_at)
    return (await conn.execute(statement)).scalar_one_or_none() is not None


async def lock_texts(conn: AsyncConnection, user_id: UUID, number_digest: bytes) -> None:
    """Texts to one person and to one number are counted one after the other, until the commit."""
    for key in sorted((str(user_id), number_digest.hex())):
        await conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"identity.text_codes:{key}", 0))))


async def sent_since(conn: AsyncConnection, user_id: UUID, number_digest: bytes, since: datetime) -> list[datetime]:
    """When texts went to the person, or to the number whoever asked, the latest first."""
    c = t.text_codes.c
    statement = select(c.created_at).where(
        or_(c.user_id == user_id, c.number_digest == number_digest), c.created_at > since
    )
    return list((await conn.execute(statement.order_by(c.created_at.desc()))).scalars().all())


async def add_text_code(
    conn: AsyncConnection, user_id: UUID, *, number_digest: bytes, digest: bytes, now: datetime, until: datetime
) -> None:
    row = {"user_id": user_id, "number_digest": number_digest, "digest": digest, "created_at": now, "expires_at": until}
    await conn.execute(insert(t.text_codes).values(row))


async def try_text_code(
    conn: AsyncConnection, user_id: UUID, number_digest: bytes, now: datetime, at_most: int
) -> AnyRow | None:
    """`id` and `digest` of the newest code that the number got, one try counted; None where none is open."""
    c = t.text_codes.c
    newest = (
        select(c.id)
        .where(c.user_id == user_id, c.number_digest == number_digest)
        .order_by(c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = update(t.text_codes).where(
        c.id == newest, c.used_at.is_(None), c.expires_at > now, c.attempts < at_most
    )
    return (await conn.execute(statement.values(attempts=c.attempts + 1).returning(c.id, c.digest))).one_or_none()


async def use_text_code(conn: AsyncConnection, code_id: UUID, now: datetime) -> bool:
    """False where it was used before."""
    c = t.text_codes.c
    statement = update(t.text_codes).where(c.id == code_id, c.used_at.is_(None)).values(used_at=now)
    return bool((await conn.execute(statement)).rowcount)


async def delete_old_text_codes(conn: AsyncConnection, before: datetime) -> None:
    await conn.execute(delete(t.text_codes).where(t.text_codes.c.created_at < before))
