"""Ways in that a person has, read for an export: what they are, never what opens them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "api_keys_of",
    "app_passwords_of",
    "factors_of",
    "grants_of",
    "linked_of",
    "passkeys_of",
    "trusted_devices_of",
    "wallets_of",
]


async def _stream(conn: AsyncConnection, statement: str, user_id: UUID) -> AsyncIterator[Row[Any]]:
    async with conn.stream(text(statement), {"user": user_id}) as rows:
        async for row in rows:
            yield row


def wallets_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT address, contract_chain, linked_at, last_used_at FROM identity.wallets WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def linked_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT provider, issuer, subject, email, created_at AS linked_at, last_used_at FROM identity.linked_identities
        WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def passkeys_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT name, credential_id, public_key, sign_count, transports, aaguid, backed_up, created_at, last_used_at
        FROM identity.passkeys WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def api_keys_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT name, scopes, created_at, expires_at, last_used_at FROM identity.api_keys
        WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def app_passwords_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT name, scopes, created_at, last_used_at FROM identity.app_passwords WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def grants_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT a.name AS app, g.scopes, g.granted_at FROM identity.app_grants g JOIN identity.apps a ON a.id = g.app_id
        WHERE g.user_id = :user ORDER BY g.granted_at, a.id
    """
    return _stream(conn, statement, user_id)


def trusted_devices_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT user_agent, created_at, last_used_at, expires_at FROM identity.trusted_devices
        WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


async def factors_of(conn: AsyncConnection, user_id: UUID) -> Row[Any]:
    """When each second factor was confirmed, how many recovery codes are left, and the sealed telephone number."""
    statement = text(
        """
        SELECT (SELECT confirmed_at FROM identity.totp_factors WHERE user_id = :user) AS totp_since,
               (SELECT count(*) FROM identity.recovery_codes WHERE user_id = :user AND used_at IS NULL) AS codes_left,
               p.sealed_number, p.verified_at AS telephone_since
        FROM (SELECT) AS one LEFT JOIN identity.phones p ON p.user_id = :user
        """
    )
    return (await conn.execute(statement, {"user": user_id})).one()
