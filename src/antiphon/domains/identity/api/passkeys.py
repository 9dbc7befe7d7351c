"""Passkeys: made, renamed, removed; used as the only factor, as the second, and to prove oneself again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from antiphon.domains.identity import passkeys as ceremonies
from antiphon.domains.identity.api import audit, challenges
from antiphon.domains.identity.api.credentials import step_up
from antiphon.domains.identity.api.mfa import pass_second_step
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.sign_in import TICKET, let_in
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn
from antiphon.domains.identity.api.ways_in import require_another_way_in, tell_owner
from antiphon.domains.identity.errors import PasskeyKnown, PasskeyRefused, PasskeysOff, TicketOver, TooManyKeys
from antiphon.domains.identity.model_factors import TICKET_TRIES
from antiphon.domains.identity.model_passkeys import (
    CEREMONY_LIFE,
    PASSKEYS_AT_MOST,
    NoPasskeys,
    RelyingParty,
    clean_key_name,
    counter_went_back,
    maker_of,
    new_user_handle,
)
from antiphon.domains.identity.passkeys import (
    AuthenticationCredential,
    CreationOptions,
    KnownKey,
    RegistrationCredential,
    RequestOptions,
)
from antiphon.domains.identity.store import passkeys as store
from antiphon.domains.identity.store import passwords as password_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound, Unauthenticated
from antiphon.kit.ids import Kind, out
from antiphon.kit.logs import get_logger

__all__ = [
    "Passkey",
    "Passkeys",
    "Purpose",
    "ask_after_password",
    "end_sign_in",
    "login",
    "login_options",
    "own_passkeys",
    "prove",
    "register",
    "registration_options",
    "remove",
    "rename",
    "second_factor_options",
    "step_up_options",
    "step_up_with_passkey",
]

log = get_logger(__name__)
Purpose = Literal["register", "login", "second_factor", "step_up"]
_KINDS: dict[Purpose, str] = {
    "register": "passkey_register",
    "login": "passkey_login",
    "second_factor": "passkey_second_factor",
    "step_up": "passkey_step_up",
}


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """`maker` is the kind of authenticator, where it says so. `synced`: the owner's other devices have it too.

    `alone`: it opens the account without a password. `suspected_at`: its counter went back, so that somebody may have
    a copy; it is best removed.
    """

    id: str
    name: str
    maker: str | None
    synced: bool
    alone: bool
    created_at: datetime
    last_used_at: datetime | None
    suspected_at: datetime | None


class Passkeys(msgspec.Struct, frozen=True, kw_only=True):
    """`unavailable` says why none can be made at this address. `second_factor`: one is asked for after the password.
    `password`: the account has one.
    """

    items: list[Passkey]
    second_factor: bool
    password: bool
    unavailable: Literal["ip_address", "no_host", "insecure"] | None


async def own_passkeys(uow: UnitOfWork, tools: IdentityTools, actor: Actor) -> Passkeys:
    rows = await store.of_user(uow.conn, actor.user_id)
    party = tools.relying_party
    return Passkeys(
        items=[_shown(row) for row in rows],
        second_factor=bool(rows) and await store.asked_after_password(uow.conn, actor.user_id),
        password=await password_store.has_password(uow.conn, actor.user_id),
        unavailable=party.code if isinstance(party, NoPasskeys) else None,
    )


async def registration_options(uow: UnitOfWork, tools: IdentityTools, actor: Actor) -> CreationOptions:
    """Raises StepUpNeeded, PasskeysOff, TooManyKeys."""
    party = _party(tools)
    require_fresh(actor, uow.clock)
    person = await user_store.user(uow.conn, actor.user_id)
    if person is None:
        raise Unauthenticated
    held = await _held(uow, actor.user_id)
    if len(held) >= PASSKEYS_AT_MOST:
        raise TooManyKeys(f"An account has at most {PASSKEYS_AT_MOST} passkeys; remove one first.")
    return ceremonies.creation_options(
        party,
        challenge=await _begin(uow, "register", actor.user_id),
        user_handle=await store.handle_of(uow.conn, actor.user_id, new_user_handle()),
        name=person.email,
        display_name=person.display_name,
        exclude=held,
    )


async def login_options(uow: UnitOfWork, tools: IdentityTools) -> RequestOptions:
    """Says nothing of any account: the authenticator finds the key by itself. Raises PasskeysOff."""
    challenge = await _begin(uow, "login", None)
    return ceremonies.request_options(_party(tools), challenge=challenge, allow=[], verify_user=True)


async def second_factor_options(uow: UnitOfWork, tools: IdentityTools, ticket: str) -> RequestOptions:
    """For who has shown a password. Raises PasskeysOff, TicketOver."""
    found = await challenges.look(uow, TICKET, ticket)
    if found is None or found.user_id is None:
        raise TicketOver
    challenge = await _begin(uow, "second_factor", found.user_id)
    allow = await _held(uow, found.user_id)
    return ceremonies.request_options(_party(tools), challenge=challenge, allow=allow, verify_user=False)


async def step_up_options(uow: UnitOfWork, tools: IdentityTools, actor: Actor) -> RequestOptions:
    """Raises PasskeysOff."""
    challenge = await _begin(uow, "step_up", actor.user_id)
    allow = await _held(uow, actor.user_id)
    return ceremonies.request_options(_party(tools), challenge=challenge, allow=allow, verify_user=True)


async def register(
    uow: UnitOfWork,
    tools: IdentityTools,
    actor: Actor,
    *,
    credential: RegistrationCredential,
    name: str,
    client: Client,
) -> Passkey:
    """Raises StepUpNeeded, PasskeysOff, PasskeyRefused, PasskeyKnown, TooManyKeys, Invalid."""
    party, challenge = _party(tools), ceremonies.challenge_of(credential)
    require_fresh(actor, uow.clock)
    begun = await challenges.take(uow, _KINDS["register"], challenge)
    if begun is None or begun.user_id != actor.user_id:
        raise PasskeyRefused("No such ceremony is under way.")
    key = ceremonies.check_registration(party, credential, challenge=challenge)
    await user_store.lock(uow.conn, actor.user_id)  # what is counted stays counted
    if len(await _held(uow, actor.user_id)) >= PASSKEYS_AT_MOST:
        raise TooManyKeys(f"An account has at most {PASSKEYS_AT_MOST} passkeys; remove one first.")
    called = clean_key_name(name.strip() or maker_of(key.aaguid) or "Passkey")
    row = await store.add(uow.conn, actor.user_id, key, called, uow.clock.now())
    if row is None:
        raise PasskeyKnown
    await _note(uow, actor.user_id, "passkey.added", row.id, client, by=actor.user_id)
    return _shown(row)


async def login(
    uow: UnitOfWork, tools: IdentityTools, *, credential: AuthenticationCredential, client: Client
) -> SignIn | SecondFactorNeeded | None:
    """Sign in with nothing but a passkey that has looked at its owner.

    None: refused, which the commit writes down; the edge turns it into PasskeyRefused. Raises PasskeyRefused for what
    leaves no trace, and what `let_in` raises.
    """
    user_id = await prove(uow, tools, purpose="login", credential=credential, client=client)
    if user_id is None:
        return None
    return await let_in(uow, tools, user_id, method="passkey", client=client, proven=frozenset({"user_verified"}))


async def end_sign_in(
    db: Database,
    tools: IdentityTools,
    *,
    ticket: str,
    credential: AuthenticationCredential,
    trust_device: bool,
    client: Client,
) -> SignIn | SecondFactorNeeded:
    """A passkey as the second factor. Raises TicketOver, PasskeyRefused, DeviceNeeded, and what `let_in` raises."""
    async with db.system() as uow:
        found = await challenges.attempt(uow, TICKET, ticket, at_most=TICKET_TRIES)
        if found is None or found.user_id is None:
            raise TicketOver
        proven = await prove(
            uow, tools, purpose="second_factor", credential=credential, client=client, user_id=found.user_id
        )
        if proven is not None:
            return await pass_second_step(uow, tools, found, method="passkey", trust_device=trust_device, client=client)
    raise PasskeyRefused


async def step_up_with_passkey(
    db: Database, tools: IdentityTools, actor: Actor, *, credential: AuthenticationCredential, client: Client
) -> str:
    """Raises PasskeyRefused; answers as `step_up`."""
    async with db.system() as uow:
        proven = await prove(uow, tools, purpose="step_up", credential=credential, client=client, user_id=actor.user_id)
        if proven is not None:
            two = frozenset({"user_verified"})
            return await step_up(uow, tools, actor, method="passkey", client=client, proven=two)
    raise PasskeyRefused


async def prove(
    uow: UnitOfWork,
    tools: IdentityTools,
    *,
    purpose: Literal["login", "second_factor", "step_up"],
    credential: AuthenticationCredential,
    client: Client,
    user_id: UUID | None = None,
) -> UUID | None:
    """Whose passkey answered the ceremony; None where it proves nothing, which the commit writes down.

    `user_id` is whose it must be, where that is known. Only a second factor may do without a look at its owner.
    Raises PasskeysOff, PasskeyRefused.
    """
    party, challenge = _party(tools), ceremonies.challenge_of(credential)
    begun = await challenges.take(uow, _KINDS[purpose], challenge)
    key = await store.for_use(uow.conn, credential.key_id)
    handle = ceremonies.user_handle_of(credential)
    theirs = key is not None and begun is not None and begun.user_id == user_id and user_id in {None, key.user_id}
    known = handle == key.handle if key is not None and (handle is not None or purpose == "login") else True
    if key is None or not theirs or not known:
        log.info("passkey refused", reason="unknown key, owner or ceremony", purpose=purpose)
        return None
    try:
        found = ceremonies.check_assertion(
            party,
            credential,
            challenge=challenge,
            public_key=bytes(key.public_key),
            backup_eligible=key.backup_eligible,
            verify_user=purpose != "second_factor",
        )
    except PasskeyRefused as refused:
        log.info("passkey refused", reason=refused.reason, purpose=purpose)
        await _failed(uow, key, purpose, client)
        return None
    if counter_went_back(key.sign_count, found.sign_count):
        await _copied(uow, key, client)
        return None
    await store.used(uow.conn, key.id, found, uow.clock.now())
    owner: UUID = key.user_id
    return owner


async def rename(uow: UnitOfWork, actor: Actor, key_id: UUID, *, name: str) -> Passkey:
    """Raises Invalid, NotFound."""
    row = await store.rename(uow.conn, actor.user_id, key_id, clean_key_name(name))
    if row is None:
        raise NotFound("There is no passkey with this id.")
    return _shown(row)


async def remove(uow: UnitOfWork, actor: Actor, key_id: UUID, *, client: Client) -> None:
    """Raises StepUpNeeded, NotFound, LastWayIn."""
    require_fresh(actor, uow.clock)
    if await store.remove(uow.conn, actor.user_id, key_id) is None:
        raise NotFound("There is no passkey with this id.")
    await require_another_way_in(uow, actor.user_id)
    if not await store.has_any(uow.conn, actor.user_id):
        await store.ask_after_password(uow.conn, actor.user_id, False)
    await _note(uow, actor.user_id, "passkey.removed", key_id, client, by=actor.user_id)


async def ask_after_password(uow: UnitOfWork, actor: Actor, wanted: bool, *, client: Client) -> None:
    """Whether a password alone is not enough. Raises StepUpNeeded, NotFound without a passkey."""
    require_fresh(actor, uow.clock)
    if wanted and not await store.has_any(uow.conn, actor.user_id):
        raise NotFound("There is no passkey to ask for.")
    await store.ask_after_password(uow.conn, actor.user_id, wanted)
    data = {"second_factor": wanted}
    await audit.record(uow, "passkey.asked", actor=actor.user_id, subject=actor.user_id, client=client, data=data)


def _party(tools: IdentityTools) -> RelyingParty:
    if isinstance(tools.relying_party, NoPasskeys):
        raise PasskeysOff(tools.relying_party.reason)
    return tools.relying_party


async def _begin(uow: UnitOfWork, purpose: Purpose, user_id: UUID | None) -> str:
    return await challenges.start(uow, _KINDS[purpose], life=CEREMONY_LIFE, user_id=user_id)


async def _held(uow: UnitOfWork, user_id: UUID) -> list[KnownKey]:
    rows = await store.of_user(uow.conn, user_id)
    return [KnownKey(bytes(row.credential_id), list(row.transports)) for row in rows]


async def _failed(uow: UnitOfWork, key: Any, purpose: Purpose, client: Client) -> None:
    data = {"method": "passkey", "purpose": purpose}
    await audit.record(uow, "sign_in.failed", actor=None, subject=key.user_id, client=client, data=data)


async def _copied(uow: UnitOfWork, key: Any, client: Client) -> None:
    """The signature is good and the counter is not: two authenticators have this key, and nobody knows which is
    whose. It is refused and its owner told; to take it away from them altogether could lock them out.
    """
    await store.suspect(uow.conn, key.id, uow.clock.now())
    await _note(uow, key.user_id, "passkey.copied", key.id, client, by=None)


async def _note(uow: UnitOfWork, user_id: UUID, action: str, key_id: UUID, client: Client, *, by: UUID | None) -> None:
    """One line in the audit log, one letter to the owner."""
    data = {"passkey": out(Kind.PASSKEY, key_id)}
    await audit.record(uow, action, actor=by, subject=user_id, client=client, data=data)
    await tell_owner(uow, user_id, action, client)


def _shown(row: Any) -> Passkey:
    return Passkey(
        id=out(Kind.PASSKEY, row.id),
        name=row.name,
        maker=maker_of(row.aaguid),
        synced=row.backup_eligible,
        alone=row.discoverable is not False,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        suspected_at=row.suspected_at,
    )
