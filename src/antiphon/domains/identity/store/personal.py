"""What identity keeps of a person, read for an export."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["account", "audit_of", "consents_of", "invitations_of", "letters_of", "sessions_of"]


async def _stream(conn: AsyncConnection, statement: str, user_id: UUID) -> AsyncIterator[Row[Any]]:
    async with conn.stream(text(statement), {"user": user_id}) as rows:
        async for row in rows:
            yield row


async def account(conn: AsyncConnection, user_id: UUID) -> Row[Any] | None:
    """The person with roles and counters."""
    statement = text(
        """
        SELECT u.*, coalesce(s.followers, 0) AS followers, coalesce(s.plays, 0) AS plays, coalesce(s.likes, 0) AS likes,
               ARRAY (SELECT role FROM identity.user_roles r WHERE r.user_id = u.id ORDER BY role) AS roles
        FROM identity.users u LEFT JOIN identity.user_stats s ON s.user_id = u.id WHERE u.id = :user
        """
    )
    return (await conn.execute(statement, {"user": user_id})).one_or_none()


def sessions_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, method, name, user_agent, address, created_at, last_seen_at, authenticated_at, revoked_at,
               revoked_for
        FROM identity.sessions WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def audit_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    """What was done to the person's account and by them. From where others acted is theirs."""
    statement = """
        SELECT id, at, action, actor_id = :user AS by_person, subject_id = :user AS about_person, data,
               CASE WHEN actor_id <> :user THEN '' ELSE address END AS address,
               CASE WHEN actor_id <> :user THEN '' ELSE user_agent END AS user_agent
        FROM identity.audit_log WHERE subject_id = :user OR actor_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def consents_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = (
        "SELECT id, purpose, version, granted, at, imported FROM identity.consents WHERE user_id = :user ORDER BY id"
    )
    return _stream(conn, statement, user_id)


def letters_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, purpose, language, data, created_at, sent_at FROM identity.letters WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def invitations_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, email, note, created_at, expires_at, used_at FROM identity.invitations
        WHERE invited_by = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)
