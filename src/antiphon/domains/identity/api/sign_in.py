"""The funnel: however somebody proves who they are, they come in here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from antiphon.domains.identity.api import audit, challenges, letters
from antiphon.domains.identity.api.deletion import cancel_ticket
from antiphon.domains.identity.api.second_factors import device_trusted, second_factors_of
from antiphon.domains.identity.api.sessions import first_pair
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn, user_of
from antiphon.domains.identity.errors import (
    AccountClosing,
    AccountSuspended,
    BadCredentials,
    InvalidSignInLink,
)
from antiphon.domains.identity.model import (
    SIGN_IN_LINK_LIFE,
    clean_email,
    clean_user_agent,
    email_key,
    is_suspended,
    wants_second_factor,
)
from antiphon.domains.identity.store import passwords as password_store
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import new_opaque_token
from antiphon.domains.identity.tools import IdentityTools
from antiphon.facts.identity import SignedIn
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import Invalid, NotFound
from antiphon.kit.secrets import token_digest

__all__ = ["TICKET", "let_in", "link", "login", "make_sign_in_link", "open_session"]

TICKET = "second_factor"
TICKET_LIFE = timedelta(minutes=10)


async def let_in(
    uow: UnitOfWork,
    tools: IdentityTools,
    user_id: UUID,
    *,
    method: str,
    client: Client,
    proven: frozenset[str] = frozenset(),
) -> SignIn | SecondFactorNeeded:
    """Somebody has just proved who they are by `method`; `proven` names what else was shown (`user_verified`,
    `second_factor`).

    Either a session begins, or a second factor is asked for. Raises NotFound, AccountSuspended, AccountClosing.
    """
    row = await _standing_person(uow, user_id)
    methods = await second_factors_of(uow.conn, user_id)
    if wants_second_factor(method, proven, methods) and not await device_trusted(
        uow.conn, user_id, client, uow.clock.now()
    ):
        ticket = await challenges.start(uow, TICKET, life=TICKET_LIFE, user_id=user_id, data={"method": method})
        return SecondFactorNeeded(ticket=ticket, methods=methods)
    if row.closes_at is not None:
        ticket = cancel_ticket(tools, user_id, row.closes_at, uow.clock.now())
        raise AccountClosing(row.closes_at, ticket)
    await _greet_new_device(uow, user_id, row.language, client)
    return await open_session(uow, tools, user_id, method=method, client=client)


async def _standing_person(uow: UnitOfWork, user_id: UUID) -> Any:
    row = await user_store.user(uow.conn, user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    if is_suspended(row.suspended_at, row.suspended_until, uow.clock.now()):
        raise AccountSuspended(row.suspended_for, row.suspended_until)
    return row


async def _greet_new_device(uow: UnitOfWork, user_id: UUID, language: str, client: Client) -> None:
    """A letter, where somebody who was here before comes with a device that never was."""
    if await session_store.device_known(uow.conn, user_id, client.device) is False:
        data = {"device": client.user_agent, "address": client.address, "at": uow.clock.now().isoformat()}
        await letters.ask(uow, "new_device", user_id=user_id, language=language, data=data)


async def open_session(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, *, method: str, client: Client) -> SignIn:
    """A session on some device, whatever stands against it: `let_in` has asked. Raises NotFound."""
    row = await user_store.user(uow.conn, user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    session_id = await session_store.add_session(
        uow.conn,
        user_id,
        method,
        user_agent=clean_user_agent(client.user_agent),
        device=client.device,
        address=client.address,
        now=uow.clock.now(),
    )
    pair = await first_pair(uow, tools, user_id, session_id, row.roles)
    await audit.record(uow, "sign_in.succeeded", actor=user_id, subject=user_id, client=client, data={"method": method})
    uow.add_fact(SignedIn(subject=user_id, session_id=session_id, method=method))
    return SignIn(user=user_of(row), tokens=pair)


async def login(
    db: Database, tools: IdentityTools, *, email: str, password: str, client: Client
) -> SignIn | SecondFactorNeeded:
    """Holds no connection while the password is checked; an unknown address costs as much as a wrong password.

    Raises BadCredentials, TooManyAttempts, LimitsUnavailable, AccountSuspended, AccountClosing, Busy.
    """
    try:
        key = email_key(clean_email(email))
    except Invalid:
        key = email_key(email[:320])
    async with db.system() as uow:
        found = await password_store.credential(uow.conn, key, client.device)
    async with tools.lockout.attempt(key, client, known_device=found is not None and found[2]):
        verdict = await tools.passwords.verify(found[1] if found else None, password)
        if found is None or not verdict.right:
            await _failed(db, found[0] if found else None, client)
            raise BadCredentials
    user_id, stored, _ = found
    async with db.system() as uow:
        if verdict.new_hash is not None:
            await password_store.replace_password_hash(uow.conn, user_id, stored, verdict.new_hash)
        return await let_in(uow, tools, user_id, method="password", client=client)


async def _failed(db: Database, user_id: UUID | None, client: Client) -> None:
    """Written down for the account, and for nobody where there is none: both cost one row."""
    async with db.system() as uow:
        await audit.record(
            uow, "sign_in.failed", actor=None, subject=user_id, client=client, data={"method": "password"}
        )


async def make_sign_in_link(uow: UnitOfWork, user_id: UUID) -> str:
    """A token that signs its user in once within 24 h; the page is `/sign-in/link#<token>`."""
    token, now = new_opaque_token(), uow.clock.now()
    await session_store.add_sign_in_link(uow.conn, token_digest(token), user_id, now, now + SIGN_IN_LINK_LIFE)
    return token


async def link(uow: UnitOfWork, tools: IdentityTools, *, token: str, client: Client) -> SignIn | SecondFactorNeeded:
    """Raises InvalidSignInLink."""
    user_id = await session_store.use_sign_in_link(uow.conn, token_digest(token), uow.clock.now())
    if user_id is None:
        raise InvalidSignInLink
    return await let_in(uow, tools, user_id, method="link", client=client)
