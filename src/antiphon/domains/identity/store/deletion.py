"""Accounts that close, come back, or are erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t
from antiphon.domains.identity.tables import privacy as p

__all__ = [
    "archives_of",
    "begin_erasures",
    "close",
    "end_imports",
    "erase",
    "erasing",
    "ids_of",
    "is_last_administrator",
    "reopen",
]

AnyRow: TypeAlias = Any
_LAST = text(
    """
    SELECT EXISTS (SELECT FROM identity.user_roles WHERE user_id = :user AND role = 'admin')
       AND NOT EXISTS (
            SELECT FROM identity.user_roles r JOIN identity.users u ON u.id = r.user_id
            WHERE r.role = 'admin' AND r.user_id <> :user AND u.closes_at IS NULL AND u.suspended_at IS NULL)
    """
)


async def is_last_administrator(conn: AsyncConnection, user_id: UUID) -> bool:
    return bool((await conn.execute(_LAST, {"user": user_id})).scalar_one())


async def close(conn: AsyncConnection, user_id: UUID, at: datetime) -> datetime | None:
    """When it will be erased; asked again, it is not later. None where the account is gone."""
    c = t.users.c
    statement = update(t.users).where(c.id == user_id).values(closes_at=func.coalesce(c.closes_at, at))
    found: datetime | None = (await conn.execute(statement.returning(c.closes_at))).scalar_one_or_none()
    return found


async def reopen(conn: AsyncConnection, user_id: UUID) -> bool:
    """False where the account was not closing, or its erasure has begun."""
    c = t.users.c
    statement = update(t.users).where(c.id == user_id, c.closes_at.is_not(None), c.erasing_at.is_(None))
    return bool((await conn.execute(statement.values(closes_at=None))).rowcount)


async def end_imports(conn: AsyncConnection, user_id: UUID, now: datetime) -> None:
    """What is being taken in stops; its job finds that nobody wants it."""
    c = p.imports.c
    ended = {"state": "failed", "error_code": "account_closing", "finished_at": now}
    statement = update(p.imports).where(c.user_id == user_id, c.state.in_(("waiting", "running")))
    await conn.execute(statement.values(ended))


async def begin_erasures(conn: AsyncConnection, now: datetime, *, limit: int) -> Sequence[UUID]:
    c = t.users.c
    due = select(c.id).where(c.closes_at <= now, c.erasing_at.is_(None)).limit(limit).with_for_update(skip_locked=True)
    statement = update(t.users).where(c.id.in_(due)).values(erasing_at=now).returning(c.id)
    begun: Sequence[UUID] = (await conn.execute(statement)).scalars().all()
    return begun


async def erasing(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    """The address, its key and the language of an account whose erasure has begun."""
    c = t.users.c
    statement = select(c.email, c.email_key, c.language).where(c.id == user_id, c.erasing_at.is_not(None))
    return (await conn.execute(statement)).one_or_none()


async def archives_of(conn: AsyncConnection, user_id: UUID) -> tuple[Sequence[UUID], Sequence[UUID]]:
    """Exports and imports, whatever became of them."""
    exports = await conn.execute(select(p.exports.c.id).where(p.exports.c.user_id == user_id))
    imports = await conn.execute(select(p.imports.c.id).where(p.imports.c.user_id == user_id))
    return exports.scalars().all(), imports.scalars().all()


async def ids_of(conn: AsyncConnection, user_id: UUID) -> Sequence[UUID]:
    """Sessions, which facts and jobs name."""
    return (await conn.execute(select(t.sessions.c.id).where(t.sessions.c.user_id == user_id))).scalars().all()


async def erase(conn: AsyncConnection, user_id: UUID, email: str | None, email_key: str | None) -> bool:
    """The account and all that hangs on it; what must stay forgets who it was. False where it was gone."""
    await conn.execute(text("SELECT identity.forget_in_audit_log(:user)"), {"user": user_id})
    known = await _addresses(conn, user_id, email, email_key)
    c, letter = t.invitations.c, t.letters.c
    await conn.execute(delete(t.letters).where(func.lower(letter.address).in_(known)))
    await conn.execute(delete(t.sign_ups).where(t.sign_ups.c.email_key.in_(known)))
    theirs = (c.used_by == user_id) | func.lower(c.email).in_(known)
    await conn.execute(update(t.invitations).where(theirs).values(email=None, note=""))
    await conn.execute(update(t.invitations).where(c.invited_by == user_id).values(note=""))
    by_them = letter.data["invitation"].astext.in_(select(cast(c.id, Text)).where(c.invited_by == user_id))
    unsigned = letter.data.op("||")(cast({"by": ""}, JSONB))
    await conn.execute(update(t.letters).where(letter.purpose == "invitation", by_them).values(data=unsigned))
    return bool((await conn.execute(delete(t.users).where(t.users.c.id == user_id))).rowcount)


async def _addresses(conn: AsyncConnection, user_id: UUID, email: str | None, email_key: str | None) -> list[str]:
    """In lower case; with those that the person had before, as far as letters still say so."""
    c = t.letters.c
    before = select(func.lower(c.address)).where(c.user_id == user_id, c.purpose == "email_changed")
    now = [] if email is None or email_key is None else [email.lower(), email_key]
    return [*now, *(await conn.execute(before)).scalars()]
