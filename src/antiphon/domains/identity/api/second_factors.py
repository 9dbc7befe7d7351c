"""Which second factors a person has, and whether one is asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.errors import SecondFactorMissing
from antiphon.domains.identity.model import wants_second_factor
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.store import passkeys as passkey_store
from antiphon.domains.identity.store import phones as phone_store
from antiphon.domains.identity.store import trust as trust_store
from antiphon.kit.clients import Client

__all__ = ["device_trusted", "require_enough", "second_factors_of"]


async def second_factors_of(conn: AsyncConnection, user_id: UUID) -> list[str]:
    """Methods that can end a sign-in of this person, the best first; empty where one factor is enough.

    Recovery codes stand in for a factor and are none by themselves. A telephone counts also while the installation
    sends no texts: what somebody enrolled does not fall away because a setting changed. A passkey counts beside other
    factors, and by itself where its owner wants to be asked for it after the password.
    """
    totp = await store.totp(conn, user_id)
    phone = await phone_store.phone(conn, user_id)
    methods = ["totp"] if totp is not None and totp.confirmed_at is not None else []
    methods += ["sms"] if phone is not None and phone.verified_at is not None else []
    asked = bool(methods) or await passkey_store.asked_after_password(conn, user_id)
    if asked and await passkey_store.has_any(conn, user_id):
        methods.insert(0, "passkey")
    if methods and await store.recovery_codes_left(conn, user_id):
        methods.append("recovery")
    return methods


async def require_enough(
    conn: AsyncConnection, user_id: UUID, method: str, proven: frozenset[str] = frozenset()
) -> None:
    """What sign-ins ask for is asked for again where somebody proves themselves anew, on trusted devices too.

    Raises SecondFactorMissing.
    """
    methods = await second_factors_of(conn, user_id)
    if wants_second_factor(method, proven, methods):
        raise SecondFactorMissing(methods=methods)


async def device_trusted(conn: AsyncConnection, user_id: UUID, client: Client, now: datetime) -> bool:
    """Whether this device showed a second factor lately and was asked to be remembered."""
    return client.device is not None and await trust_store.use_trust(conn, user_id, client.device, now)
