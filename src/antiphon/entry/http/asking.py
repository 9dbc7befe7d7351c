"""Who asks, from where, and whether they may: settled once, before a route runs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import Scope

from antiphon.domains.identity.api import (
    API_KEY_PREFIX,
    Actor,
    CsrfRefused,
    IdentityTools,
    PermissionMissing,
    ScopeMissing,
    StepUpNeeded,
    VerifiedToken,
    can,
    csrf_token,
    ways_to_prove,
    whose_socket_ticket,
)
from antiphon.domains.identity.cookies import CookieNames, cookie_names, from_our_page
from antiphon.entry.bootstrap import House
from antiphon.entry.http.limits import Limiter
from antiphon.entry.realtime.connection import Handshake
from antiphon.entry.realtime.messages import Auth
from antiphon.kit.access import PUBLIC, wanted_by
from antiphon.kit.clients import Client, best_language, listen_from
from antiphon.kit.errors import AppError, Unauthenticated
from antiphon.kit.proxies import client_address
from antiphon.kit.secrets import token_digest

__all__ = ["Asked", "Connection", "Doorkeeper"]

Connection = ASGIConnection[Any, Any, Any, Any]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DEVICE_SECRET = range(16, 201)
_KEY_ASKED_EVERY = timedelta(minutes=1)
_ACTOR = "antiphon.actor"
_ADDRESS = "antiphon.address"


class Asked(Protocol):
    """A request, as far as it says who asks. Names of fields are in lower case."""

    @property
    def scope(self) -> Any: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def cookies(self) -> dict[str, str]: ...


class Doorkeeper:
    """`admit` is the guard of every route under `/api/v1`; `actor` and `client` answer what it found out."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._identity: IdentityTools = house.identity
        self._limiter = Limiter(house.edge.limits, house.edge.costs)

    async def admit(self, connection: Asked, handler: BaseRouteHandler) -> None:
        """Whoever is refused has asked, and that counts too.

        Raises Unauthenticated, PermissionMissing, ScopeMissing, CsrfRefused, TooManyRequests, LimitsUnavailable.
        """
        scope = connection.scope
        listen_from(self._house.edge.whereabouts(scope, self._house.db.clock))
        refusal: AppError | None = None
        try:
            await self._let_through(connection, handler)
        except AppError as error:
            refusal = error
        actor: Actor | None = scope.get(_ACTOR)
        person = f"user {actor.user_id}" if actor else None
        await self._limiter.count(scope, handler.opt, self._address(connection), person)
        if refusal is not None:
            raise refusal

    async def _let_through(self, connection: Asked, handler: BaseRouteHandler) -> None:
        self._refuse_foreign_page(connection)
        wanted = wanted_by(handler.opt)
        if wanted == PUBLIC and not _asks_who(handler):
            return
        actor = await self._who(connection)
        connection.scope[_ACTOR] = actor
        decision = can(actor, wanted or "")
        if not decision.allowed:
            if decision.reason == "not_signed_in":
                raise Unauthenticated()
            error = ScopeMissing if decision.reason == "scope_missing" else PermissionMissing
            raise error(reason=decision.reason, permission=wanted)

    def actor(self, request: Asked) -> Actor | None:
        found: Actor | None = request.scope.get(_ACTOR)
        return found

    def signed_in(self, request: Asked) -> Actor:
        actor = self.actor(request)
        if actor is None:
            raise Unauthenticated()
        return actor

    async def explain(self, error: Exception, scope: Scope) -> None:
        """Who is to prove again who they are is told by which ways they can."""
        actor: Actor | None = cast(dict[str, Any], scope).get(_ACTOR)
        if isinstance(error, StepUpNeeded) and actor is not None and "methods" not in error.data:
            async with self._house.db.unit(actor.user_id) as uow:
                error.data["methods"] = await ways_to_prove(uow, actor.user_id)

    def client(self, request: Request[Any, Any, Any]) -> Client:
        """A browser that asks for cookies and is no device yet becomes one."""
        headers = request.headers
        names = self._cookie_names(headers)
        secret = request.cookies.get(names.device) or headers.get("antiphon-device") or ""
        known = len(secret) in _DEVICE_SECRET
        fresh = None
        if not known and headers.get("antiphon-session", "").lower() == "cookie":
            secret = fresh = secrets.token_urlsafe(32)
        return Client(
            address=self._address(request),
            user_agent="".join(letter for letter in headers.get("user-agent", "") if letter.isprintable())[:300],
            device=token_digest(secret) if known or fresh else None,
            new_device=fresh,
            language=best_language(headers.get("accept-language", "")),
        )

    def _address(self, connection: Asked) -> str:
        scope = connection.scope
        found: str | None = scope.get(_ADDRESS)
        if found is None:
            peer = scope.get("client") or (None,)
            found = scope[_ADDRESS] = client_address(peer[0], scope["headers"], self._house.edge.proxies)
        return found

    async def of_handshake(self, auth: Auth, handshake: Handshake) -> VerifiedToken | None:
        """Whom an `auth` message speaks for: its token, ticket or key, or the handshake's cookie from a page of ours.

        A key `expires` when it is to be asked for again.
        """
        if auth.token is not None and auth.token.startswith(API_KEY_PREFIX):
            actor, now = await self._identity.keys.actor_of(self._house.db, auth.token), self._house.clock.now()
            found = VerifiedToken(actor, now, now + _KEY_ASKED_EVERY) if actor is not None else None
        elif auth.token is not None:
            found = await self._verified(auth.token)
        elif auth.ticket is not None:
            async with self._house.db.system() as uow:
                found = await whose_socket_ticket(uow, auth.ticket)
        else:
            found = await self._verified(self._access_cookie(handshake.headers, handshake.cookies) or "")
            if found is None or not self._shows_csrf(handshake, found.actor, auth.csrf or ""):
                return None
        if found is None or not await self._identity.standing.holds(self._house.db, found.actor):
            return None
        return found

    async def _who(self, connection: Asked) -> Actor | None:
        """A token that does not hold is refused even where none is needed: its bearer believes to be signed in."""
        header = connection.headers.get("authorization", "")
        key = connection.headers.get("x-api-key", "")
        if header or key:
            scheme, _, token = header.partition(" ")
            found = await self._shown(key or token.strip()) if key or scheme.lower() == "bearer" else None
        else:
            token = self._access_cookie(connection.headers, connection.cookies) or ""
            if not token:
                return None
            verified = await self._verified(token)
            if verified is not None:
                self._refuse_forged(connection, verified.actor)
            found = verified.actor if verified else None
        if found is None or not await self._identity.standing.holds(self._house.db, found):
            raise Unauthenticated(
                "This access token does not hold; renew it or sign in again.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return found

    async def _shown(self, token: str) -> Actor | None:
        """By an API key, or by an access token."""
        if token.startswith(API_KEY_PREFIX):
            return await self._identity.keys.actor_of(self._house.db, token)
        verified = await self._verified(token)
        return verified.actor if verified else None

    async def _verified(self, token: str) -> VerifiedToken | None:
        return await self._identity.tokens.verify_anew(self._house.db, token)

    def _access_cookie(self, headers: Mapping[str, str], cookies: dict[str, str]) -> str | None:
        return cookies.get(self._cookie_names(headers).access)

    def _cookie_names(self, headers: Mapping[str, str]) -> CookieNames:
        return cookie_names(self._identity.config.site_url, headers.get("host", ""), headers.get("user-agent", ""))

    def _refuse_forged(self, connection: Asked, actor: Actor) -> None:
        """Cookies come along by themselves; what changes something must also show what only our pages can read."""
        if connection.scope.get("method", "GET") in _SAFE:
            return
        if not self._shows_csrf(connection, actor, connection.headers.get("x-csrf-token", "")):
            raise CsrfRefused

    def _refuse_foreign_page(self, connection: Asked) -> None:
        """Where a session is asked for in cookies, before anything is done: a refusal must leave no session behind."""
        asks = connection.headers.get("antiphon-session", "").lower() == "cookie"
        safe = connection.scope.get("method", "GET") in _SAFE
        if asks and not safe and not from_our_page(connection.headers, self._identity.config.site_url):
            raise CsrfRefused

    def _shows_csrf(self, connection: Asked | Handshake, actor: Actor, given: str) -> bool:
        expected = csrf_token(self._identity, actor.session_id) if actor.session_id else ""
        ours = from_our_page(connection.headers, self._identity.config.site_url)
        return ours and bool(expected) and secrets.compare_digest(given.encode(), expected.encode())


def _asks_who(handler: BaseRouteHandler) -> bool:
    if not isinstance(handler, HTTPRouteHandler):
        return False
    return not {"actor", "signed_in"}.isdisjoint(handler.parsed_fn_signature.parameters)
