"""Sessions, their refresh tokens, and links that open one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, delete, exists, false, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "OfApp",
    "add_refresh_token",
    "add_session",
    "add_sign_in_link",
    "app_scopes",
    "delete_expired",
    "device_known",
    "ended_since",
    "has_session",
    "name_session",
    "open_sessions",
    "owner_of",
    "refresh_token",
    "renew_proof",
    "revoke_session",
    "session_of_token",
    "sessions_to_end",
    "touch_session",
    "use_refresh_token",
    "use_sign_in_link",
]

AnyRow = Row[*tuple[Any, ...]]


class OfApp(NamedTuple):
    """What a session of an app is held to, and the code that it began with."""

    app_id: UUID
    scopes: list[str]
    opened_with: UUID


async def add_session(
    conn: AsyncConnection,
    user_id: UUID,
    method: str,
    *,
    user_agent: str,
    device: bytes | None,
    address: str,
    now: datetime,
    app: OfApp | None = None,
) -> UUID:
    values = {"user_id": user_id, "method": method, "user_agent": user_agent, "device": device, "address": address}
    times = {"created_at": now, "last_seen_at": now, "authenticated_at": now}
    of_app = app._asdict() if app else {}
    statement = insert(t.sessions).values(**values, **times, **of_app).returning(t.sessions.c.id)
    session_id: UUID = (await conn.execute(statement)).scalar_one()
    return session_id


async def app_scopes(conn: AsyncConnection, digest: bytes, app_id: UUID) -> list[str] | None:
    """What the app may with the session of this refresh token; None where it is not the app's."""
    c = t.sessions.c
    statement = (
        select(c.scopes)
        .join(t.refresh_tokens, t.refresh_tokens.c.session_id == c.id)
        .where(t.refresh_tokens.c.digest == digest, c.app_id == app_id)
    )
    found: list[str] | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def touch_session(conn: AsyncConnection, digest: bytes, address: str, now: datetime) -> AnyRow | None:
    """The session that a refresh token belongs to, locked until the commit.

    Locking the session first makes everything that happens to its tokens happen one after the other.
    """
    c = t.sessions.c
    statement = (
        update(t.sessions)
        .where(t.refresh_tokens.c.digest == digest, c.id == t.refresh_tokens.c.session_id)
        .values(last_seen_at=now, address=address or c.address)
        .returning(c.id, c.user_id, c.device, c.revoked_at, c.authenticated_at, c.scopes)
    )
    return (await conn.execute(statement)).one_or_none()


async def open_sessions(conn: AsyncConnection, user_id: UUID, used_since: datetime) -> Sequence[AnyRow]:
    """Those that still hold, the latest first."""
    c = t.sessions.c
    statement = (
        select(c.id, c.method, c.name, c.user_agent, c.address, c.created_at, c.last_seen_at)
        .where(c.user_id == user_id, c.revoked_at.is_(None), c.last_seen_at > used_since)
        .order_by(c.last_seen_at.desc(), c.id.desc())
        .limit(200)
    )
    return (await conn.execute(statement)).all()


async def name_session(conn: AsyncConnection, session_id: UUID, user_id: UUID, name: str) -> bool:
    """False for a session of somebody else, or one that has ended."""
    c = t.sessions.c
    statement = update(t.sessions).where(c.id == session_id, c.user_id == user_id, c.revoked_at.is_(None))
    return bool((await conn.execute(statement.values(name=name))).rowcount)


async def sessions_to_end(conn: AsyncConnection, user_id: UUID, but: UUID | None) -> Sequence[UUID]:
    """Every session of the person that was not ended, apart from `but`."""
    c = t.sessions.c
    statement = select(c.id).where(c.user_id == user_id, c.revoked_at.is_(None)).order_by(c.id)
    if but is not None:
        statement = statement.where(c.id != but)
    return (await conn.execute(statement)).scalars().all()


async def owner_of(conn: AsyncConnection, session_id: UUID) -> UUID | None:
    """Whose session it is, while it holds."""
    c = t.sessions.c
    statement = select(c.user_id).where(c.id == session_id, c.revoked_at.is_(None))
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def renew_proof(conn: AsyncConnection, session_id: UUID, now: datetime) -> bool:
    """The person proved themselves again. False where the session has ended."""
    c = t.sessions.c
    statement = update(t.sessions).where(c.id == session_id, c.revoked_at.is_(None)).values(authenticated_at=now)
    return bool((await conn.execute(statement)).rowcount)


async def device_known(conn: AsyncConnection, user_id: UUID, device: bytes | None) -> bool | None:
    """Whether the person came with this device before; None where they never came at all."""
    c = t.sessions.c
    statement = select(func.bool_or(c.device == device) if device else func.bool_or(false())).where(
        c.user_id == user_id
    )
    statement = statement.add_columns(func.count())
    known, sessions = (await conn.execute(statement)).one()
    return bool(known) if sessions else None


async def ended_since(conn: AsyncConnection, since: datetime) -> Sequence[tuple[UUID, datetime]]:
    """Sessions that ended lately, and when."""
    c = t.sessions.c
    rows = await conn.execute(select(c.id, c.revoked_at).where(c.revoked_at > since))
    return [(row.id, row.revoked_at) for row in rows]


async def session_of_token(conn: AsyncConnection, digest: bytes) -> UUID | None:
    statement = select(t.refresh_tokens.c.session_id).where(t.refresh_tokens.c.digest == digest)
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def revoke_session(conn: AsyncConnection, session_id: UUID, reason: str, now: datetime) -> UUID | None:
    """The session's user; None where it was revoked before."""
    statement = (
        update(t.sessions)
        .where(t.sessions.c.id == session_id, t.sessions.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_for=reason)
        .returning(t.sessions.c.user_id)
    )
    user_id: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return user_id


async def has_session(conn: AsyncConnection, user_id: UUID) -> bool:
    return bool((await conn.execute(select(exists().where(t.sessions.c.user_id == user_id)))).scalar_one())


async def add_refresh_token(
    conn: AsyncConnection, digest: bytes, session_id: UUID, now: datetime, expires_at: datetime
) -> None:
    row = {"digest": digest, "session_id": session_id, "issued_at": now, "expires_at": expires_at}
    await conn.execute(insert(t.refresh_tokens).values(row))


async def use_refresh_token(conn: AsyncConnection, digest: bytes, now: datetime) -> datetime | None:
    """Until when it held; None where it was used before."""
    table = t.refresh_tokens
    statement = update(table).where(table.c.digest == digest, table.c.used_at.is_(None)).values(used_at=now)
    held_until: datetime | None = (await conn.execute(statement.returning(table.c.expires_at))).scalar_one_or_none()
    return held_until


async def refresh_token(conn: AsyncConnection, digest: bytes) -> AnyRow | None:
    """`used_at` and `expires_at` of a token."""
    c = t.refresh_tokens.c
    return (await conn.execute(select(c.used_at, c.expires_at).where(c.digest == digest))).one_or_none()


async def add_sign_in_link(
    conn: AsyncConnection, digest: bytes, user_id: UUID, now: datetime, expires_at: datetime
) -> None:
    row = {"digest": digest, "user_id": user_id, "created_at": now, "expires_at": expires_at}
    await conn.execute(insert(t.sign_in_links).values(row))


async def use_sign_in_link(conn: AsyncConnection, digest: bytes, now: datetime) -> UUID | None:
    """Whose it was; None where it was used before, is too old or never was."""
    table = t.sign_in_links
    statement = (
        update(table)
        .where(table.c.digest == digest, table.c.used_at.is_(None), table.c.expires_at > now)
        .values(used_at=now)
        .returning(table.c.user_id)
    )
    user_id: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return user_id


async def delete_expired(conn: AsyncConnection, now: datetime, *, sessions_before: datetime) -> None:
    """What cannot be used any more, and sessions, letters and invitations from before `sessions_before`."""
    await conn.execute(delete(t.refresh_tokens).where(t.refresh_tokens.c.expires_at < now))
    await conn.execute(delete(t.sign_in_links).where(t.sign_in_links.c.expires_at < now))
    await conn.execute(delete(t.challenges).where(t.challenges.c.expires_at < now))
    await conn.execute(delete(t.invitations).where(t.invitations.c.expires_at < sessions_before))
    await conn.execute(delete(t.letters).where(t.letters.c.created_at < sessions_before))
    await conn.execute(delete(t.sessions).where(t.sessions.c.last_seen_at < sessions_before))
