"""A passkey in place of the first password: made before there is an account, and kept once there is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.identity import passkeys as ceremonies
from antiphon.domains.identity.api import audit, challenges
from antiphon.domains.identity.errors import PasskeyKnown, PasskeyRefused, PasskeysOff, RegistrationClosed
from antiphon.domains.identity.model_passkeys import (
    CEREMONY_LIFE,
    NoPasskeys,
    RelyingParty,
    clean_key_name,
    maker_of,
    new_user_handle,
)
from antiphon.domains.identity.passkeys import CreationOptions, NewKey, RegistrationCredential
from antiphon.domains.identity.store import passkeys as store
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out

__all__ = ["FirstKey", "keep_first_key", "proven_first_key", "sign_up_options"]

KIND = "passkey_sign_up"


class FirstKey(msgspec.Struct, frozen=True):
    """A key of nobody yet. `handle` is what its authenticator knows the account to be by."""

    handle: bytes
    key: NewKey


async def sign_up_options(uow: UnitOfWork, tools: IdentityTools, *, email: str, display_name: str) -> CreationOptions:
    """Address and name are what the authenticator shows beside the key. Nobody is looked up: the answer tells nothing
    of who has an account. Raises RegistrationClosed, PasskeysOff.
    """
    if tools.config.registration == "closed":
        raise RegistrationClosed
    party, handle = _party(tools), new_user_handle()
    data = {"handle": ceremonies.text_of(handle)}
    return ceremonies.creation_options(
        party,
        challenge=await challenges.start(uow, KIND, life=CEREMONY_LIFE, user_id=None, data=data),
        user_handle=handle,
        name=email or display_name,
        display_name=display_name or email,
        exclude=[],
        alone=True,
    )


async def proven_first_key(uow: UnitOfWork, tools: IdentityTools, credential: RegistrationCredential) -> FirstKey:
    """The ceremony is used up with the commit: whoever is refused over a field may show the same key again.

    It will be the only way in, so it must be one that opens an account alone. Raises PasskeysOff, PasskeyRefused.
    """
    party, challenge = _party(tools), ceremonies.challenge_of(credential)
    begun = await challenges.take(uow, KIND, challenge)
    if begun is None:
        raise PasskeyRefused("No such ceremony is under way.")
    key = ceremonies.check_registration(party, credential, challenge=challenge)
    if key.discoverable is False or not key.user_verified:
        raise PasskeyRefused("This key cannot open an account by itself.")
    return FirstKey(ceremonies.bytes_of(str(begun.data["handle"])), key)


async def keep_first_key(uow: UnitOfWork, user_id: UUID, first: FirstKey, client: Client) -> None:
    """Raises PasskeyKnown."""
    await store.handle_of(uow.conn, user_id, first.handle)
    name = clean_key_name(maker_of(first.key.aaguid) or "Passkey")
    row: Any = await store.add(uow.conn, user_id, first.key, name, uow.clock.now())
    if row is None:
        raise PasskeyKnown
    data = {"passkey": out(Kind.PASSKEY, row.id)}
    await audit.record(uow, "passkey.added", actor=user_id, subject=user_id, client=client, data=data)


def _party(tools: IdentityTools) -> RelyingParty:
    if isinstance(tools.relying_party, NoPasskeys):
        raise PasskeysOff(tools.relying_party.reason)
    return tools.relying_party
