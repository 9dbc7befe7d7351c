"""Ways in that a person has, for their export: what they are, never what opens them."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api.text_codes import NUMBER
from antiphon.domains.identity.store import personal_keys as store
from antiphon.kit.personal import Contribution
from antiphon.kit.vault import Vault

__all__ = ["key_contributions"]


class WalletRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet with which you can sign in."""

    address: str
    contract_chain: int | None
    linked_at: datetime
    last_used_at: datetime | None


class PasskeyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The public part of a passkey; ids and keys in base64 without padding."""

    name: str
    credential_id: str
    public_key: str
    sign_count: int
    transports: list[str]
    aaguid: UUID
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


class ApiKeyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A key that you gave a program, without the key itself."""

    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class AppPasswordRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A password that you gave an app, without the password itself."""

    name: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None


class LinkedSignInRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in elsewhere that leads into your account, as its provider names you."""

    provider: str
    issuer: str
    subject: str
    email: str | None
    linked_at: datetime
    last_used_at: datetime | None


class GrantRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An app that you let sign you in with this account."""

    app: str
    scopes: list[str]
    granted_at: datetime


class TrustedDeviceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A device that needs no second factor for a while."""

    user_agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class FactorsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Your second factors: since when there is an authenticator app, and which telephone gets codes."""

    totp_since: datetime | None
    recovery_codes_left: int
    telephone: str | None
    telephone_since: datetime | None


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def _wallets(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[WalletRecord]:
    async for row in store.wallets_of(conn, user_id):
        yield WalletRecord(**row._asdict())


async def _linked(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[LinkedSignInRecord]:
    async for row in store.linked_of(conn, user_id):
        yield LinkedSignInRecord(**row._asdict())


async def _passkeys(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PasskeyRecord]:
    async for row in store.passkeys_of(conn, user_id):
        encoded = {"credential_id": _text(row.credential_id), "public_key": _text(row.public_key)}
        yield PasskeyRecord(**row._asdict() | encoded)


async def _api_keys(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ApiKeyRecord]:
    async for row in store.api_keys_of(conn, user_id):
        yield ApiKeyRecord(**row._asdict())


async def _app_passwords(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[AppPasswordRecord]:
    async for row in store.app_passwords_of(conn, user_id):
        yield AppPasswordRecord(**row._asdict())


async def _grants(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[GrantRecord]:
    async for row in store.grants_of(conn, user_id):
        yield GrantRecord(**row._asdict())


async def _trusted_devices(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[TrustedDeviceRecord]:
    async for row in store.trusted_devices_of(conn, user_id):
        yield TrustedDeviceRecord(**row._asdict())


def key_contributions(vault: Vault) -> tuple[Contribution, ...]:
    async def factors(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[FactorsRecord]:
        row = await store.factors_of(conn, user_id)
        number = vault.open(NUMBER, bytes(row.sealed_number)).decode() if row.sealed_number else None
        yield FactorsRecord(
            totp_since=row.totp_since,
            recovery_codes_left=row.codes_left,
            telephone=number,
            telephone_since=row.telephone_since,
        )

    return (
        Contribution("second_factors", "Your second factors, without their secrets.", FactorsRecord, factors),
        Contribution("trusted_devices", "Devices that need no second factor.", TrustedDeviceRecord, _trusted_devices),
        Contribution("passkeys", "Your passkeys, their public parts.", PasskeyRecord, _passkeys),
        Contribution("wallets", "Wallets with which you sign in.", WalletRecord, _wallets),
        Contribution("linked_sign_ins", "Sign-ins elsewhere that lead here.", LinkedSignInRecord, _linked),
        Contribution("app_grants", "Apps that sign you in with this account.", GrantRecord, _grants),
        Contribution("api_keys", "Keys that you gave programs, by name.", ApiKeyRecord, _api_keys),
        Contribution("app_passwords", "Passwords that you gave apps, by name.", AppPasswordRecord, _app_passwords),
    )
