"""All SQL of identity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = [
    "HandleExists",
    "add_password",
    "add_refresh_token",
    "add_session",
    "add_sign_in_link",
    "add_signing_key",
    "add_user",
    "credential",
    "delete_expired",
    "email_exists",
    "grant_role",
    "has_permission",
    "has_session",
    "lock_signing_keys",
    "replace_password_hash",
    "revoke_session",
    "role_exists",
    "session_of_token",
    "signing_keys",
    "touch_session",
    "update_user",
    "use_refresh_token",
    "use_sign_in_link",
    "user",
    "user_by_handle",
    "user_with_role",
]

AnyRow = Row[Any]


class HandleExists(Exception):
    """Another user has the handle."""


_LOCK_KEYS = text("SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_keys', 0))")


async def add_user(
    conn: AsyncConnection, *, email: str, email_key: str, handle: str, display_name: str, now: datetime
) -> UUID | None:
    """The new user's id; None where the address or the handle is taken."""
    values = {"email": email, "email_key": email_key, "handle": handle, "display_name": display_name}
    statement = insert(t.users).values(**values, created_at=now, updated_at=now).on_conflict_do_nothing()
    added: UUID | None = (await conn.execute(statement.returning(t.users.c.id))).scalar_one_or_none()
    return added


async def email_exists(conn: AsyncConnection, email_key: str) -> bool:
    return bool((await conn.execute(select(exists().where(t.users.c.email_key == email_key)))).scalar_one())


async def user(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    """The user's columns and `roles`, sorted."""
    statement = select(t.users, _roles_of(t.users.c.id).label("roles")).where(t.users.c.id == user_id)
    return (await conn.execute(statement)).one_or_none()


def _roles_of(user_id: Any) -> Any:
    names = func.array_agg(aggregate_order_by(t.user_roles.c.role, t.user_roles.c.role))
    granted = select(names).where(t.user_roles.c.user_id == user_id).scalar_subquery()
    return func.coalesce(granted, text("'{}'::text[]"))


async def update_user(
    conn: AsyncConnection, user_id: UUID, values: dict[str, str], now: datetime, version: int | None
) -> bool:
    """Counts the version up. False where the user is not at the expected `version`. Raises HandleExists, which
    leaves the transaction broken back to its last savepoint.
    """
    statement = (
        update(t.users).where(t.users.c.id == user_id).values(**values, updated_at=now, version=t.users.c.version + 1)
    )
    if version is not None:
        statement = statement.where(t.users.c.version == version)
    try:
        return bool((await conn.execute(statement)).rowcount)
    except IntegrityError as error:
        if "users_handle_key" in str(error.orig):
            raise HandleExists from error
        raise


async def add_password(conn: AsyncConnection, user_id: UUID, password_hash: str, now: datetime) -> None:
    row = {"user_id": user_id, "hash": password_hash, "changed_at": now}
    await conn.execute(insert(t.password_credentials).values(row))


async def credential(conn: AsyncConnection, email_key: str) -> tuple[UUID, str] | None:
    """User id and password hash."""
    statement = (
        select(t.users.c.id, t.password_credentials.c.hash)
        .join(t.password_credentials, t.password_credentials.c.user_id == t.users.c.id)
        .where(t.users.c.email_key == email_key)
    )
    row = (await conn.execute(statement)).one_or_none()
    return (row.id, row.hash) if row else None


async def replace_password_hash(conn: AsyncConnection, user_id: UUID, old: str, new: str) -> None:
    """The same password under other parameters; does nothing where it was changed meanwhile."""
    table = t.password_credentials
    await conn.execute(update(table).where(table.c.user_id == user_id, table.c.hash == old).values(hash=new))


async def role_exists(conn: AsyncConnection, role: str) -> bool:
    return bool((await conn.execute(select(exists().where(t.roles.c.name == role)))).scalar_one())


async def grant_role(conn: AsyncConnection, user_id: UUID, role: str, by: UUID | None, now: datetime) -> None:
    row = {"user_id": user_id, "role": role, "granted_by": by, "granted_at": now}
    await conn.execute(insert(t.user_roles).values(row).on_conflict_do_nothing())


async def has_permission(conn: AsyncConnection, user_id: UUID, permission: str) -> bool:
    held = (
        exists()
        .where(t.user_roles.c.user_id == user_id)
        .where(t.role_permissions.c.role == t.user_roles.c.role)
        .where(t.role_permissions.c.permission == permission)
    )
    return bool((await conn.execute(select(held))).scalar_one())


async def add_session(conn: AsyncConnection, user_id: UUID, method: str, user_agent: str, now: datetime) -> UUID:
    values = {"user_id": user_id, "method": method, "user_agent": user_agent}
    statement = insert(t.sessions).values(**values, created_at=now, last_seen_at=now).returning(t.sessions.c.id)
    session_id: UUID = (await conn.execute(statement)).scalar_one()
    return session_id


async def touch_session(conn: AsyncConnection, digest: bytes, now: datetime) -> AnyRow | None:
    """The session that a refresh token belongs to (`id`, `user_id`, `revoked_at`), locked until the commit.

    Locking the session first makes everything that happens to its tokens happen one after the other.
    """
    statement = (
        update(t.sessions)
        .where(t.refresh_tokens.c.digest == digest, t.sessions.c.id == t.refresh_tokens.c.session_id)
        .values(last_seen_at=now)
        .returning(t.sessions.c.id, t.sessions.c.user_id, t.sessions.c.revoked_at)
    )
    return (await conn.execute(statement)).one_or_none()


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


async def lock_signing_keys(conn: AsyncConnection) -> None:
    """One process at a time, until the commit."""
    await conn.execute(_LOCK_KEYS)


async def signing_keys(conn: AsyncConnection) -> Sequence[AnyRow]:
    return (await conn.execute(select(t.signing_keys))).all()


async def add_signing_key(conn: AsyncConnection, kid: str, sealed: bytes, now: datetime) -> None:
    await conn.execute(insert(t.signing_keys).values(kid=kid, sealed=sealed, created_at=now))


async def delete_expired(conn: AsyncConnection, now: datetime, *, sessions_before: datetime) -> None:
    """Tokens and links that cannot be used any more, and sessions that were silent since `sessions_before`."""
    await conn.execute(delete(t.refresh_tokens).where(t.refresh_tokens.c.expires_at < now))
    await conn.execute(delete(t.sign_in_links).where(t.sign_in_links.c.expires_at < now))
    await conn.execute(delete(t.sessions).where(t.sessions.c.last_seen_at < sessions_before))


async def user_with_role(conn: AsyncConnection, role: str) -> UUID | None:
    granted = t.user_roles
    statement = select(granted.c.user_id).where(granted.c.role == role).order_by(granted.c.granted_at).limit(1)
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def user_by_handle(conn: AsyncConnection, handle: str) -> UUID | None:
    found: UUID | None = (
        await conn.execute(select(t.users.c.id).where(t.users.c.handle == handle))
    ).scalar_one_or_none()
    return found


async def has_session(conn: AsyncConnection, user_id: UUID) -> bool:
    return bool((await conn.execute(select(exists().where(t.sessions.c.user_id == user_id)))).scalar_one())
