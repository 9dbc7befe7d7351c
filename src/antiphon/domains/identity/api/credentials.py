"""Passwords and addresses: changed, forgotten, proven; and proving again who one is."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.identity.api import audit, challenges, letters
from antiphon.domains.identity.api.second_factors import require_enough
from antiphon.domains.identity.api.sessions import end_sessions, require_fresh
from antiphon.domains.identity.api.sign_in import let_in
from antiphon.domains.identity.api.trust import distrust_all
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn
from antiphon.domains.identity.errors import BadCredentials, EmailTaken, InvalidLink
from antiphon.domains.identity.model import clean_email, email_key
from antiphon.domains.identity.store import passwords as store
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import Invalid, Unauthenticated

__all__ = [
    "change_email",
    "change_password",
    "confirm_email",
    "forgot_password",
    "reset_password",
    "step_up",
    "step_up_with_password",
]


async def change_password(
    db: Database, tools: IdentityTools, actor: Actor, *, current: str | None, new: str, client: Client
) -> None:
    """Set another password; all other devices are signed out.

    Raises StepUpNeeded, BadCredentials, TooManyAttempts, LimitsUnavailable, Busy.

    `current` may be left away by who has none yet.
    """
    require_fresh(actor, db.clock)
    async with db.unit(actor.user_id) as uow:
        stored = await store.hash_of(uow.conn, actor.user_id)
    if stored is not None:
        await _prove(tools, actor, stored, current or "", client)
    password_hash = await tools.passwords.hash(new)
    async with db.system() as uow:
        await _set_password(uow, actor.user_id, password_hash, "password.changed", client)
        await end_sessions(uow, actor.user_id, reason="password_changed", but=actor.session_id, client=client)


async def _prove(tools: IdentityTools, actor: Actor, stored: str | None, password: str, client: Client) -> None:
    """Somebody at a device that was left signed in may not guess for ever either."""
    async with tools.lockout.attempt(str(actor.user_id), client):
        if not (await tools.passwords.verify(stored, password)).right:
            raise BadCredentials("The password is wrong.")


async def _set_password(uow: UnitOfWork, user_id: UUID, password_hash: str, action: str, client: Client) -> None:
    await store.set_password(uow.conn, user_id, password_hash, uow.clock.now())
    await challenges.drop(uow, user_id, "reset_password")
    await distrust_all(uow, user_id, client)
    await audit.record(uow, action, actor=user_id, subject=user_id, client=client)
    person = await user_store.user(uow.conn, user_id)
    if person is not None:
        data = {"device": client.user_agent, "address": client.address, "at": uow.clock.now().isoformat()}
        await letters.ask(uow, "password_changed", user_id=user_id, language=person.language, data=data)


async def forgot_password(db: Database, tools: IdentityTools, *, email: str, client: Client) -> None:
    """A letter with a link, to whoever has the address; the same work and the same answer where nobody has.

    Nor does the answer tell that the mailbox got enough of them within the hour.
    """
    try:
        key = email_key(clean_email(email))
    except Invalid:
        key = ""
    room = await tools.mailboxes.has_room(key)
    async with db.system() as uow:
        owner = await user_store.user_by_email(uow.conn, key)
        language = owner.language if owner else client.language
        await letters.ask(uow, "reset_password", user_id=owner.id if owner and room else None, language=language)


async def reset_password(
    db: Database, tools: IdentityTools, *, token: str, new: str, client: Client
) -> SignIn | SecondFactorNeeded:
    """Set the password by the link of a letter, end every session, and sign in. Raises InvalidLink, Busy."""
    async with db.system() as uow:
        if await challenges.look(uow, "reset_password", token) is None:
            raise InvalidLink
    password_hash = await tools.passwords.hash(new)
    async with db.system() as uow:
        found = await challenges.take(uow, "reset_password", token)
        if found is None or found.user_id is None:
            raise InvalidLink
        key = str(found.data.get("email_key", ""))
        if not await user_store.verify_email(uow.conn, found.user_id, key, uow.clock.now()):
            raise InvalidLink
        await _set_password(uow, found.user_id, password_hash, "password.reset", client)
        await end_sessions(uow, found.user_id, reason="password_reset", client=client)
        return await let_in(uow, tools, found.user_id, method="reset", client=client)


async def change_email(uow: UnitOfWork, actor: Actor, *, email: str, client: Client, mail: bool) -> None:
    """Ask for another address: a link goes there, and until it is opened the old one counts.

    Without mail there is nothing to prove it with, so it counts at once. Raises StepUpNeeded, Invalid, EmailTaken.
    """
    require_fresh(actor, uow.clock)
    address = clean_email(email)
    person = await user_store.user(uow.conn, actor.user_id)
    if person is None:
        raise Unauthenticated
    await audit.record(uow, "email.change_asked", actor=actor.user_id, subject=actor.user_id, client=client)
    if not mail:
        await _take_over(uow, actor.user_id, address, client, proven=False)
        return
    taken_by = await user_store.user_by_email(uow.conn, email_key(address))
    if taken_by is not None and taken_by.id != actor.user_id:
        await letters.ask(uow, "address_taken", user_id=taken_by.id, language=taken_by.language)
        return
    await letters.ask(
        uow, "email_change", user_id=actor.user_id, address=address, language=person.language, data={"email": address}
    )


async def confirm_email(uow: UnitOfWork, *, token: str, client: Client) -> None:
    """The link of the letter was opened: the changed address counts from now on. Raises InvalidLink, EmailTaken."""
    found = await challenges.take(uow, "email_change", token)
    if found is None or found.user_id is None:
        raise InvalidLink
    await _take_over(uow, found.user_id, str(found.data["email"]), client, proven=True)


async def _take_over(uow: UnitOfWork, user_id: UUID, address: str, client: Client, *, proven: bool) -> None:
    person = await user_store.user(uow.conn, user_id)
    if person is None:
        raise InvalidLink
    async with uow.step():
        key, now = email_key(address), uow.clock.now()
        if not await user_store.set_email(uow.conn, user_id, address, key, now, proven=proven):
            raise EmailTaken
    await audit.record(uow, "email.changed", actor=user_id, subject=user_id, client=client)
    if person.email is not None:
        data = {"email": address}
        await letters.ask(
            uow, "email_changed", user_id=user_id, address=person.email, language=person.language, data=data
        )


async def step_up_with_password(
    db: Database, tools: IdentityTools, actor: Actor, *, password: str, client: Client
) -> str:
    """Raises SecondFactorMissing, BadCredentials, TooManyAttempts, LimitsUnavailable, Busy; answers as `step_up`.

    Where the password is not enough it is not even looked at.
    """
    async with db.unit(actor.user_id) as uow:
        await require_enough(uow.conn, actor.user_id, "password")
        stored = await store.hash_of(uow.conn, actor.user_id)
    await _prove(tools, actor, stored, password, client)
    async with db.system() as uow:
        return await step_up(uow, tools, actor, method="password", client=client)


async def step_up(
    uow: UnitOfWork,
    tools: IdentityTools,
    actor: Actor,
    *,
    method: str,
    client: Client,
    proven: frozenset[str] = frozenset(),
) -> str:
    """The person has just proved by `method` who they are: an access token that says so. `proven` is as in `let_in`.

    Raises SecondFactorMissing, Unauthenticated.
    """
    now = uow.clock.now()
    await require_enough(uow.conn, actor.user_id, method, proven)
    if actor.session_id is None or not await session_store.renew_proof(uow.conn, actor.session_id, now):
        raise Unauthenticated
    await audit.record(
        uow, "step_up.succeeded", actor=actor.user_id, subject=actor.user_id, client=client, data={"method": method}
    )
    person = await user_store.user(uow.conn, actor.user_id)
    roles = frozenset(person.roles) if person else actor.roles
    return tools.tokens.issue(actor.user_id, actor.session_id, roles, now)
