"""Sessions: opened by the funnel of `sign_in`, kept by refreshing, ended by their owner or by us."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import standing
from antiphon.domains.identity.api import audit, letters
from antiphon.domains.identity.api.views import TokenPair
from antiphon.domains.identity.errors import NotYourAccount, StepUpNeeded
from antiphon.domains.identity.model import FRESH_FOR, REFRESH_GRACE, REFRESH_TOKEN_LIFE
from antiphon.domains.identity.store import sessions as store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor, new_opaque_token
from antiphon.domains.identity.tools import IdentityTools
from antiphon.facts.identity import SessionRevoked
from antiphon.kit.clients import Client
from antiphon.kit.clock import Clock
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out
from antiphon.kit.secrets import token_digest
from antiphon.kit.text import clean

__all__ = [
    "Session",
    "csrf_token",
    "end_own_session",
    "end_sessions",
    "first_pair",
    "logout",
    "name_own_session",
    "own_sessions",
    "refresh",
    "require_fresh",
    "require_self",
    "revoke_session",
]

_LONGEST_CHAIN = 20  # of refreshes within the grace


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One device on which somebody is signed in, by `method`. `name` is what they call it, if anything."""

    id: str
    name: str
    method: str
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


async def first_pair(
    uow: UnitOfWork,
    tools: IdentityTools,
    user_id: UUID,
    session_id: UUID,
    roles: list[str],
    *,
    scopes: list[str] | None = None,
) -> TokenPair:
    """The tokens that a new session starts with; `scopes` are those of an app."""
    now, token = uow.clock.now(), new_opaque_token()
    await store.add_refresh_token(uow.conn, token_digest(token), session_id, now, now + REFRESH_TOKEN_LIFE)
    access = tools.tokens.issue(user_id, session_id, frozenset(roles), now, scopes)
    return TokenPair(access_token=access, refresh_token=token)


async def refresh(uow: UnitOfWork, tools: IdentityTools, *, refresh_token: str, client: Client) -> TokenPair | None:
    """Turn a refresh token into its successor; None where it cannot be honoured.

    One that was used before is in two hands, and nobody knows whose: its session is revoked. Two tabs of one browser
    may come with the same token within 10 s, though: both get the same successor. A token from another device than
    its session began on is taken for stolen. What was revoked must be committed, so the refusal is an answer here.
    """
    now, digest = uow.clock.now(), token_digest(refresh_token)
    session = await store.touch_session(uow.conn, digest, client.address, now)
    if session is None or session.revoked_at is not None:
        return None
    same_device = session.device is not None and client.device == bytes(session.device)
    if session.device is not None and not same_device:
        await _caught(uow, session.user_id, session.id, "other_device", client)
        return None
    newest = await _newest(uow, tools, refresh_token, now, patient=same_device)
    if newest is None:
        await _caught(uow, session.user_id, session.id, "refresh_token_reused", client)
        return None
    return await _renew(uow, tools, session, refresh_token, newest)


async def _renew(uow: UnitOfWork, tools: IdentityTools, session: Any, presented: str, newest: str) -> TokenPair | None:
    """`newest` is the live token; where that is not the one presented, the tab that came first has it already."""
    now = uow.clock.now()
    stored = await store.refresh_token(uow.conn, token_digest(newest))
    row = await user_store.user(uow.conn, session.user_id)
    if stored is None or stored.expires_at <= now or row is None:
        return None
    access = tools.tokens.issue(
        session.user_id, session.id, frozenset(row.roles), session.authenticated_at, session.scopes
    )
    if newest != presented:
        return TokenPair(access_token=access, refresh_token=newest)
    successor = _successor(tools, presented)
    await store.use_refresh_token(uow.conn, token_digest(presented), now)
    await store.add_refresh_token(uow.conn, token_digest(successor), session.id, now, now + REFRESH_TOKEN_LIFE)
    return TokenPair(access_token=access, refresh_token=successor)


async def _newest(uow: UnitOfWork, tools: IdentityTools, token: str, now: datetime, *, patient: bool) -> str | None:
    """The live descendant of a token, itself if it was not used; None where it was used and there is no grace."""
    for _ in range(_LONGEST_CHAIN):
        stored = await store.refresh_token(uow.conn, token_digest(token))
        if stored is None:
            return None
        if stored.used_at is None:
            return token
        if not patient or now - stored.used_at > REFRESH_GRACE:
            return None
        token = _successor(tools, token)
    return None


def _successor(tools: IdentityTools, token: str) -> str:
    """Made from its predecessor with a key of ours, so that it can be told twice though only its digest is stored."""
    digest = hmac.digest(tools.secrets.key("refresh_token"), token.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def _caught(uow: UnitOfWork, user_id: UUID, session_id: UUID, reason: str, client: Client) -> None:
    await revoke_session(uow, session_id, reason=reason)
    await audit.record(uow, "session.reused", actor=None, subject=user_id, client=client, data={"reason": reason})
    person = await user_store.user(uow.conn, user_id)
    if person is not None:
        await letters.ask(uow, "refresh_reused", user_id=user_id, language=person.language, data=_whence(uow, client))


def _whence(uow: UnitOfWork, client: Client) -> dict[str, str]:
    return {"device": client.user_agent, "address": client.address, "at": uow.clock.now().isoformat()}


async def logout(
    uow: UnitOfWork, *, refresh_token: str | None = None, actor: Actor | None = None, client: Client | None = None
) -> None:
    """End the session of any of its refresh tokens, or that of the actor; an unknown one has nothing left to end."""
    session_id = actor.session_id if actor else None
    if refresh_token is not None:
        session_id = await store.session_of_token(uow.conn, token_digest(refresh_token))
    if session_id is not None:
        await revoke_session(uow, session_id, reason="logout", client=client)


async def revoke_session(
    uow: UnitOfWork, session_id: UUID, *, reason: str, by: UUID | None = None, client: Client | None = None
) -> None:
    """Its tokens stop at once, in every process; open sockets are closed."""
    user_id = await store.revoke_session(uow.conn, session_id, reason, uow.clock.now())
    if user_id is None:
        return
    uow.add_fact(SessionRevoked(subject=user_id, session_id=session_id, reason=reason))
    public_id = out(Kind.SIGN_IN, session_id)
    data = {"reason": reason, "session_id": public_id}
    await audit.record(uow, "session.ended", actor=by or user_id, subject=user_id, client=client, data=data)
    standing.tell_session_ended(uow, user_id, session_id, reason)


async def end_sessions(
    uow: UnitOfWork,
    user_id: UUID,
    *,
    reason: str,
    but: UUID | None = None,
    by: UUID | None = None,
    client: Client | None = None,
) -> None:
    """Every device of the person, apart from the session `but`."""
    for session_id in await store.sessions_to_end(uow.conn, user_id, but):
        await revoke_session(uow, session_id, reason=reason, by=by, client=client)


async def own_sessions(conn: AsyncConnection, actor: Actor, now: datetime) -> list[Session]:
    """Where the person is signed in, the latest first."""
    rows = await store.open_sessions(conn, actor.user_id, now - REFRESH_TOKEN_LIFE)
    return [
        Session(
            id=out(Kind.SIGN_IN, row.id),
            name=row.name,
            method=row.method,
            user_agent=row.user_agent,
            address=row.address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]


async def end_own_session(uow: UnitOfWork, actor: Actor, session_id: UUID, client: Client) -> None:
    """Raises NotFound for a session of somebody else, or one that has ended."""
    if await store.owner_of(uow.conn, session_id) != actor.user_id:
        raise NotFound("There is no session with this id.")
    await revoke_session(uow, session_id, reason="revoked", client=client)


async def name_own_session(uow: UnitOfWork, actor: Actor, session_id: UUID, name: str) -> None:
    """An empty name is none. Raises NotFound for a session of somebody else, or one that has ended."""
    if not await store.name_session(uow.conn, session_id, actor.user_id, clean(name)):
        raise NotFound("There is no session with this id.")


def require_self(actor: Actor, user_id: UUID) -> None:
    """Raises NotYourAccount for anybody else's."""
    if actor.user_id != user_id:
        raise NotYourAccount


def require_fresh(actor: Actor, clock: Clock) -> None:
    """Raises StepUpNeeded unless the person proved within ten minutes who they are."""
    proven = actor.authenticated_at
    if proven is None or clock.now() - proven > FRESH_FOR + timedelta(seconds=1):
        raise StepUpNeeded


def csrf_token(tools: IdentityTools, session_id: UUID) -> str:
    """The same for the whole life of a session; another site can neither read nor make it."""
    return tools.secrets.signature("csrf", str(session_id))
