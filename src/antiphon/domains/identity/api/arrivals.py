"""What becomes of somebody who comes back from a provider: they come in, make an account, or have one more step."""

from __future__ import annotations

import msgspec

from antiphon.domains.identity.api import accounts, challenges, credentials, linked, provider_flows
from antiphon.domains.identity.api.linked import ForeignIdentity
from antiphon.domains.identity.api.provider_flows import Flow, Pending
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.sign_in import let_in
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn
from antiphon.domains.identity.errors import EmailTaken, HandleTaken, LinkedElsewhere, SignInFlowEnded
from antiphon.domains.identity.model import clean_email, email_key
from antiphon.domains.identity.model_providers import display_name_for, handles_for
from antiphon.domains.identity.ports import Claims
from antiphon.domains.identity.store import linked as store
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import Invalid

__all__ = ["Arrival", "CameIn", "CheckMail", "Linked", "OneMoreStep", "SteppedUp", "arrive", "confirm"]


class CameIn(msgspec.Struct, frozen=True):
    outcome: SignIn | SecondFactorNeeded


class Linked(msgspec.Struct, frozen=True):
    """The account that somebody was signed in to has one more way in."""


class SteppedUp(msgspec.Struct, frozen=True):
    """Who was signed in has proved it again."""

    access_token: str


class OneMoreStep(msgspec.Struct, frozen=True):
    """The owner of the address must show that its account is theirs; `ticket` is for this browser only."""

    ticket: str


class CheckMail(msgspec.Struct, frozen=True):
    """A letter went to the address, and tells a newcomer and its owner different things."""


Arrival = CameIn | Linked | SteppedUp | OneMoreStep | CheckMail


async def arrive(db: Database, tools: IdentityTools, flow: Flow, claims: Claims, client: Client) -> Arrival:
    """What the provider said was checked; here it meets what we know.

    Raises LinkedElsewhere, SignInFlowEnded, AccountSuspended, AccountClosing, RegistrationClosed, InvitationNeeded.
    """
    try:
        async with db.system() as uow:
            return await _arrive(uow, tools, flow, claims, client)
    except (EmailTaken, HandleTaken, LinkedElsewhere):  # two of one person at once: the other made what we now find
        async with db.system() as uow:
            return await _arrive(uow, tools, flow, claims, client)


async def _arrive(uow: UnitOfWork, tools: IdentityTools, flow: Flow, claims: Claims, client: Client) -> Arrival:
    identity = _identity(tools, flow.provider, claims)
    if flow.purpose == "link":
        await linked.add_to_account(uow, (await _still_signed_in(uow, flow)).user_id, identity, client)
        return Linked()
    found = await store.find(uow.conn, claims.issuer, claims.subject)
    if flow.purpose == "step_up":
        actor = await _still_signed_in(uow, flow)
        if found is None or found.user_id != actor.user_id:
            raise LinkedElsewhere("This is not a sign-in of the account that you are signed in to.")
        token = await credentials.step_up(uow, tools, actor, method=f"oidc:{flow.provider}", client=client)
        return SteppedUp(token)
    if found is None:
        return await _newcomer(uow, tools, _pending(flow, identity, claims), claims.email_verified, client)
    await store.use(uow.conn, found.id, identity.sealed_token, uow.clock.now())
    return CameIn(await let_in(uow, tools, found.user_id, method=f"oidc:{flow.provider}", client=client))


async def confirm(uow: UnitOfWork, actor: Actor, *, ticket: str, browser: str | None, client: Client) -> None:
    """Both are proven now: the sign-in elsewhere when it came back, the account by having just signed in to it.

    Raises StepUpNeeded, SignInFlowEnded, LinkedElsewhere.
    """
    require_fresh(actor, uow.clock)
    found, pending = await provider_flows.held(uow, ticket, browser)
    if not await challenges.finish(uow, found.id):
        raise SignInFlowEnded
    await linked.add_to_account(uow, actor.user_id, pending.identity, client)


async def _still_signed_in(uow: UnitOfWork, flow: Flow) -> Actor:
    """The session that asked must still stand: it may have been ended from elsewhere meanwhile."""
    if flow.user_id is None or flow.session_id is None:
        raise SignInFlowEnded
    if await session_store.owner_of(uow.conn, flow.session_id) != flow.user_id:
        raise SignInFlowEnded
    return Actor(user_id=flow.user_id, session_id=flow.session_id, roles=frozenset())


async def _newcomer(
    uow: UnitOfWork, tools: IdentityTools, pending: Pending, email_proven: bool, client: Client
) -> OneMoreStep | CameIn | CheckMail:
    """No account is entered by its address alone, however well that is proven."""
    told = _address(pending.identity.email)
    email_proven = email_proven and told is not None
    address = told or await accounts.invited_address(uow, pending.invitation)
    key = email_key(address) if address is not None else ""
    taken = address is not None and await user_store.email_exists(uow.conn, key)
    if taken and (email_proven or not tools.config.mail):
        return OneMoreStep(await provider_flows.hold(uow, pending))
    invited = await accounts.may_register(uow, tools, pending.invitation, key)
    return await _register(uow, tools, pending, address, client, proven=invited or email_proven)


async def _register(
    uow: UnitOfWork, tools: IdentityTools, pending: Pending, address: str | None, client: Client, *, proven: bool
) -> CameIn | CheckMail:
    """At once; but an address has to be proven first where letters can do that. Raises EmailTaken, HandleTaken."""
    tries = handles_for(pending.name, address)
    taken = await store.taken_handles(uow.conn, tries)
    handle = next((handle for handle in tries if handle not in taken), tries[-1])
    name = display_name_for(pending.name, handle)
    if tools.config.mail and address is not None and not proven:
        form = {
            "email": address,
            "handle": handle,
            "display_name": name,
            "linked": msgspec.to_builtins(pending.identity.without_token()),
        }
        room = await tools.mailboxes.has_room(email_key(address))
        await accounts.await_proof(uow, form, pending.invitation, client, room=room)
        return CheckMail()
    user_id = await accounts.create_user(uow, email=address, handle=handle, display_name=name, client=client)
    await linked.add(uow, user_id, pending.identity, client)
    await accounts.use_invitation(uow, tools, pending.invitation, user_id)
    method = f"oidc:{pending.identity.provider}"
    return CameIn(await accounts.welcome(uow, tools, user_id, client, proven=proven, method=method))


def _identity(tools: IdentityTools, provider: str, claims: Claims) -> ForeignIdentity:
    return ForeignIdentity(
        provider=provider,
        issuer=claims.issuer,
        subject=claims.subject,
        email=claims.email,
        sealed_token=linked.sealed(tools, claims.refresh_token),
    )


def _pending(flow: Flow, identity: ForeignIdentity, claims: Claims) -> Pending:
    return Pending(
        identity=identity,
        browser=flow.browser,
        name=claims.name,
        invitation=flow.invitation,
        next=flow.next,
    )


def _address(email: str | None) -> str | None:
    """None also for what is no address; the account can do without, and have one later."""
    try:
        return clean_email(email) if email else None
    except Invalid:
        return None
