"""Tickets for a WebSocket whose client can neither send cookies nor be the first to speak: one, at once, and gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from antiphon.domains.identity.api import challenges
from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.domains.identity.tokens import Actor, VerifiedToken
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, out, parse

__all__ = ["LIFE", "socket_ticket", "whose_socket_ticket"]

LIFE: Final = timedelta(seconds=30)
_KIND: Final = "socket_ticket"


async def socket_ticket(uow: UnitOfWork, actor: Actor) -> str:
    """Raises Invalid for an API key, which has no session that the socket could end with."""
    if actor.session_id is None:
        raise Invalid(FieldProblem("", "no_session", "An API key is shown in the first message."))
    data = {
        "session": out(Kind.SIGN_IN, actor.session_id),
        "roles": sorted(actor.roles),
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
    }
    return await challenges.start(uow, _KIND, life=LIFE, user_id=actor.user_id, data=data)


async def whose_socket_ticket(uow: UnitOfWork, ticket: str) -> VerifiedToken | None:
    """Uses it up. It lets in for as long as an access token would, and by no means as a fresh proof of the person."""
    found = await challenges.take(uow, _KIND, ticket)
    if found is None or found.user_id is None:
        return None
    scopes = found.data["scopes"]
    actor = Actor(
        found.user_id,
        parse(Kind.SIGN_IN, found.data["session"]),
        frozenset(found.data["roles"]),
        None,
        None if scopes is None else frozenset(scopes),
    )
    now = uow.clock.now()
    return VerifiedToken(actor, now, now + ACCESS_TOKEN_LIFE)
