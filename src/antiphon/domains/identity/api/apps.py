"""This installation as an OpenID provider: apps sign people in with their account here, and act within scopes."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from joserfc import jws
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit, challenges
from antiphon.domains.identity.api.sessions import first_pair, refresh, require_fresh, revoke_session
from antiphon.domains.identity.api.views import TokenPair
from antiphon.domains.identity.errors import AppRefused
from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE, clean_user_agent
from antiphon.domains.identity.model_apps import (
    CODE_LIFE,
    asked_scopes,
    clean_redirect_uris,
    pkce_holds,
    redirect_allowed,
    with_query,
)
from antiphon.domains.identity.signing_keys import ALGORITHM
from antiphon.domains.identity.store import apps as store
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor, new_opaque_token
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.secrets import token_digest

__all__ = [
    "AllowedApp",
    "App",
    "AppConsent",
    "AppRequest",
    "AppTokens",
    "allowed_apps",
    "answer_request",
    "apps",
    "describe_request",
    "drop_app",
    "exchange_code",
    "make_app",
    "refresh_app",
    "user_info",
    "withdraw_app",
]


class App(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is there only in the answer that made it; an app without one proves itself by PKCE alone."""

    id: str
    name: str
    redirect_uris: list[str]
    confidential: bool
    created_at: datetime
    secret: str | None = None


class AppRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an app sends its user here with (OpenID Connect Core, 3.1.2.1)."""

    client_id: str
    redirect_uri: str
    response_type: str
    code_challenge: str
    code_challenge_method: str
    scope: str = "openid"
    state: str = ""
    nonce: str = ""


class AppConsent(msgspec.Struct, frozen=True, kw_only=True):
    """What the person is asked; `granted` says that they allowed all of it before, and need not be asked again."""

    app: str
    scopes: list[str]
    granted: bool


class AppTokens(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 6749, 5.1, with the ID token of OpenID Connect."""

    access_token: str
    refresh_token: str
    scope: str
    id_token: str | None = None
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = int(ACCESS_TOKEN_LIFE.total_seconds())


class AllowedApp(msgspec.Struct, frozen=True, kw_only=True):
    """An app that one signed in to, and what it may."""

    id: str
    name: str
    scopes: list[str]
    granted_at: datetime


async def make_app(
    uow: UnitOfWork, actor: Actor, *, name: str, redirect_uris: list[str], confidential: bool, client: Client
) -> App:
    """Raises Invalid, StepUpNeeded."""
    require_fresh(actor, uow.clock)
    secret = new_opaque_token() if confidential else None
    row = await store.add(
        uow.conn,
        name=" ".join(name.split()),
        redirect_uris=clean_redirect_uris(redirect_uris),
        secret=token_digest(secret) if secret else None,
        by=actor.user_id,
        now=uow.clock.now(),
    )
    made = _app(row)
    data = {"app": made.id}
    await audit.record(uow, "app.made", actor=actor.user_id, subject=actor.user_id, client=client, data=data)
    return msgspec.structs.replace(made, secret=secret)


async def apps(conn: AsyncConnection) -> list[App]:
    return [_app(row) for row in await store.listed(conn)]


async def drop_app(uow: UnitOfWork, actor: Actor, app_id: UUID, client: Client) -> None:
    """Everybody is signed out of it. Raises NotFound."""
    for session_id in await store.sessions_of(uow.conn, app_id=app_id):
        await revoke_session(uow, session_id, reason="app_removed", by=actor.user_id, client=client)
    if not await store.drop(uow.conn, app_id):
        raise NotFound("There is no such app.")
    data = {"app": out(Kind.APP, app_id)}
    await audit.record(uow, "app.removed", actor=actor.user_id, subject=actor.user_id, client=client, data=data)


async def describe_request(uow: UnitOfWork, actor: Actor, request: AppRequest) -> AppConsent:
    """Raises AppRefused where the person must not be sent anywhere: unknown app, foreign address, no PKCE."""
    app, scopes = await _checked(uow.conn, request)
    before = await store.granted(uow.conn, actor.user_id, app.id)
    # Any program on a device can claim to be an app without a secret there: its user looks again (RFC 8252, 8.6).
    assured = app.secret is not None or request.redirect_uri.startswith("https:")
    return AppConsent(app=app.name, scopes=sorted(scopes), granted=assured and scopes <= before)


async def answer_request(uow: UnitOfWork, actor: Actor, request: AppRequest, *, allow: bool, client: Client) -> str:
    """Where the person goes on: back to the app, with a code or a refusal. Raises AppRefused."""
    app, scopes = await _checked(uow.conn, request)
    back = {"state": request.state} if request.state else {}
    if not allow:
        return with_query(request.redirect_uri, error="access_denied", **back)
    now = uow.clock.now()
    await store.grant(uow.conn, actor.user_id, app.id, sorted(scopes), now)
    data = {"app": out(Kind.APP, app.id), "scopes": sorted(scopes)}
    await audit.record(uow, "app.allowed", actor=actor.user_id, subject=actor.user_id, client=client, data=data)
    kept = {
        "app": str(app.id),
        "redirect_uri": request.redirect_uri,
        "scopes": sorted(scopes),
        "nonce": request.nonce,
        "code_challenge": request.code_challenge,
        "auth_time": int((actor.authenticated_at or now).timestamp()),
    }
    code = await challenges.start(uow, "app_code", life=CODE_LIFE, user_id=actor.user_id, data=kept)
    return with_query(request.redirect_uri, code=code, **back)


async def exchange_code(
    uow: UnitOfWork,
    tools: IdentityTools,
    *,
    client_id: str,
    secret: str | None,
    code: str,
    redirect_uri: str,
    verifier: str,
    client: Client,
) -> AppTokens | None:
    """The code of `answer_request` against tokens; None, to be committed, where it was used before: whoever has it
    twice is not trusted, and what came of it ends (RFC 6749, 4.1.2). Raises AppRefused.
    """
    app = await _known_app(uow.conn, client_id, secret)
    found = await challenges.take(uow, "app_code", code)
    if found is None:
        await _end_reused(uow, code, client)
        return None
    data = found.data
    holds = data["app"] == str(app.id) and data["redirect_uri"] == redirect_uri
    person = await user_store.user(uow.conn, found.user_id) if found.user_id else None
    if not holds or not pkce_holds(data["code_challenge"], verifier) or person is None:
        return None
    session_id = await session_store.add_session(
        uow.conn,
        person.id,
        "app",
        user_agent=clean_user_agent(f"{app.name} {client.user_agent}"),
        device=None,
        address=client.address,
        now=uow.clock.now(),
        app=session_store.OfApp(app.id, list(data["scopes"]), found.id),
    )
    pair = await first_pair(uow, tools, person.id, session_id, person.roles, scopes=data["scopes"])
    id_token = _id_token(tools, uow, app.id, person.id, data) if "openid" in data["scopes"] else None
    return _tokens(pair, data["scopes"], id_token)


async def refresh_app(
    uow: UnitOfWork, tools: IdentityTools, *, client_id: str, secret: str | None, refresh_token: str, client: Client
) -> AppTokens | None:
    """As `sessions.refresh`, for the app that the token was given to. Raises AppRefused."""
    app = await _known_app(uow.conn, client_id, secret)
    scopes = await session_store.app_scopes(uow.conn, token_digest(refresh_token), app.id)
    if scopes is None:
        return None
    pair = await refresh(uow, tools, refresh_token=refresh_token, client=client)
    return _tokens(pair, scopes, None) if pair else None


async def user_info(conn: AsyncConnection, actor: Actor) -> dict[str, Any]:
    """The claims that the token's scopes open (OpenID Connect Core, 5.4). Raises NotFound."""
    row = await user_store.user(conn, actor.user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    scopes = actor.scopes if actor.scopes is not None else frozenset({"profile", "email"})
    claims: dict[str, Any] = {"sub": out(Kind.USER, row.id)}
    if "profile" in scopes:
        claims |= {"name": row.display_name, "preferred_username": row.handle, "locale": row.language}
    if "email" in scopes and row.email is not None:
        claims |= {"email": row.email, "email_verified": row.email_verified_at is not None}
    return claims


async def allowed_apps(uow: UnitOfWork, actor: Actor) -> list[AllowedApp]:
    """Apps that the person signed in to, by name."""
    return [
        AllowedApp(id=out(Kind.APP, row.id), name=row.name, scopes=list(row.scopes), granted_at=row.granted_at)
        for row in await store.grants_of(uow.conn, actor.user_id)
    ]


async def withdraw_app(uow: UnitOfWork, actor: Actor, app_id: UUID, client: Client) -> None:
    """The app is signed out at once, and asks again next time. Raises NotFound."""
    if not await store.withdraw(uow.conn, actor.user_id, app_id):
        raise NotFound("You have not signed in to such an app.")
    for session_id in await store.sessions_of(uow.conn, app_id=app_id, user_id=actor.user_id):
        await revoke_session(uow, session_id, reason="app_withdrawn", client=client)
    data = {"app": out(Kind.APP, app_id)}
    await audit.record(uow, "app.withdrawn", actor=actor.user_id, subject=actor.user_id, client=client, data=data)


async def _checked(conn: AsyncConnection, request: AppRequest) -> tuple[Any, frozenset[str]]:
    app = await _app_row(conn, request.client_id)
    if app is None or not redirect_allowed(app.redirect_uris, request.redirect_uri):
        raise AppRefused("unauthorized_client")
    if request.response_type != "code":
        raise AppRefused("unsupported_response_type")
    if request.code_challenge_method != "S256" or not request.code_challenge:
        raise AppRefused("invalid_request")
    scopes = asked_scopes(request.scope)
    if not scopes:
        raise AppRefused("invalid_scope")
    return app, scopes


async def _app_row(conn: AsyncConnection, client_id: str) -> Any:
    try:
        app_id = parse(Kind.APP, client_id)
    except NotFound:
        return None
    return await store.get(conn, app_id)


async def _known_app(conn: AsyncConnection, client_id: str, secret: str | None) -> Any:
    app = await _app_row(conn, client_id)
    given = token_digest(secret) if secret else b""
    if app is None or (app.secret is not None and not hmac.compare_digest(bytes(app.secret), given)):
        raise AppRefused("invalid_client")
    return app


async def _end_reused(uow: UnitOfWork, code: str, client: Client) -> None:
    used = await challenges.used(uow, "app_code", code)
    for session_id in await store.sessions_of(uow.conn, opened_with=used) if used else ():
        await revoke_session(uow, session_id, reason="code_reused", client=client)


def _id_token(tools: IdentityTools, uow: UnitOfWork, app_id: UUID, user_id: UUID, data: dict[str, Any]) -> str:
    now = int(uow.clock.now().timestamp())
    claims = {
        "iss": tools.config.site_url,
        "sub": out(Kind.USER, user_id),
        "aud": out(Kind.APP, app_id),
        "iat": now,
        "exp": now + int(ACCESS_TOKEN_LIFE.total_seconds()),
        "auth_time": data["auth_time"],
        **({"nonce": data["nonce"]} if data["nonce"] else {}),
    }
    key = tools.tokens.keys.signing
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": "JWT"}
    return jws.serialize_compact(header, msgspec.json.encode(claims), key, algorithms=[ALGORITHM])


def _tokens(pair: TokenPair, scopes: list[str], id_token: str | None) -> AppTokens:
    return AppTokens(
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        scope=" ".join(sorted(scopes)),
        id_token=id_token,
    )


def _app(row: Any) -> App:
    return App(
        id=out(Kind.APP, row.id),
        name=row.name,
        redirect_uris=list(row.redirect_uris),
        confidential=row.secret is not None,
        created_at=row.created_at,
    )
