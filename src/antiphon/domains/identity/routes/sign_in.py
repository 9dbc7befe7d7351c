"""HTTP of coming in and going out: `/auth`."""

from __future__ import annotations

from typing import Literal

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from antiphon.domains.identity import api
from antiphon.domains.identity.api import credentials, socket_tickets
from antiphon.domains.identity.api.views import EXPIRES_IN, Me, SecondFactorNeeded, SignIn, TokenPair
from antiphon.domains.identity.errors import InvalidRefreshToken
from antiphon.domains.identity.model_passkeys import RelyingParty
from antiphon.domains.identity.routes import answers
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest
from antiphon.domains.identity.routes.bodies import (
    Awaited,
    EmailProof,
    Forgotten,
    Login,
    PasswordReset,
    RefreshToken,
    Registration,
    SignInLink,
)
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.cost import costs
from antiphon.kit.db import Database

__all__ = ["handlers"]


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """In cookie mode `tokens` is null: they came as cookies."""

    tokens: TokenPair | None
    csrf_token: str | None = None
    expires_in: int = EXPIRES_IN


class SessionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """`csrf_token` goes into `X-CSRF-Token` of every request that changes something and is authenticated by cookie."""

    user: Me
    csrf_token: str | None
    expires_in: int = EXPIRES_IN


class SocketTicket(msgspec.Struct, frozen=True):
    """Good for one connection."""

    ticket: str
    expires_in: int = int(socket_tickets.LIFE.total_seconds())


class OfferedProvider(msgspec.Struct, frozen=True, kw_only=True):
    """`/auth/oidc/{id}/start` leads there; `icon` is one of the pictures that the client has."""

    id: str
    name: str
    icon: str


class SignInMethods(msgspec.Struct, frozen=True, kw_only=True):
    """What this installation offers to whoever wants in."""

    password: bool
    registration: Literal["open", "invitation", "closed"]
    mail: bool
    wallet: bool
    passkeys: bool
    providers: list[OfferedProvider]


@get("/auth/methods", summary="How people can sign in here", tags=["identity"], opt=needs("public"))
async def get_methods(identity: NamedDependency[IdentityTools]) -> SignInMethods:
    config = identity.config
    providers = [OfferedProvider(id=one.id, name=one.name, icon=one.icon) for one in identity.providers.values()]
    return SignInMethods(
        password=True,
        registration=config.registration,
        mail=config.mail,
        wallet=config.wallets,
        passkeys=isinstance(identity.relying_party, RelyingParty),
        providers=providers,
    )


@post(
    "/auth/register",
    summary="Make an account and sign in",
    tags=["identity"],
    opt=needs("public") | costs("register"),
    responses={202: ResponseSpec(Awaited, description="A letter went to whoever has the address")},
)
async def register(
    data: JSONBody[Registration],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    """Where letters reach people, 202 is the answer to everybody, and the letter tells how it goes on."""
    new = api.NewAccount(
        email=data.email,
        password=data.password,
        passkey=data.passkey,
        handle=data.handle,
        display_name=data.display_name,
        invitation=data.invitation,
    )
    outcome = await api.register(db, identity, new, client)
    if outcome is None:
        return Response(Awaited(), status_code=202, headers=NO_STORE)  # type: ignore[arg-type]
    return answers.signed_in_answer(outcome, request, identity, client, status_code=201)


@post("/auth/login", summary="Sign in with a password", tags=["identity"], status_code=200, opt=needs("public"))
async def login(
    data: JSONBody[Login],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    outcome = await api.login(db, identity, email=data.email, password=data.password, client=client)
    return answers.signed_in_answer(outcome, request, identity, client)


@post("/auth/link", summary="Sign in with a one-time link", tags=["identity"], status_code=200, opt=needs("public"))
async def link(
    data: JSONBody[SignInLink],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    async with db.system() as uow:
        outcome = await api.link(uow, identity, token=data.token, client=client)
    return answers.signed_in_answer(outcome, request, identity, client)


@post(
    "/auth/refresh",
    summary="Renew the tokens",
    tags=["identity"],
    status_code=200,
    opt=needs("public") | costs("write"),
)
async def refresh(
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
    data: JSONBody[RefreshToken | None] = None,
) -> Response[Refreshed]:
    """A refresh token works once. Using one twice ends its session, but for two tabs that come within ten seconds."""
    cookies, names = answers.wants_cookies(request, identity), answers.names_for(request, identity)
    token = data.refresh_token if data else None
    if token is None and cookies:
        token = request.cookies.get(names.refresh)
    pair = None
    if token:
        async with db.system() as uow:
            pair = await api.refresh(uow, identity, refresh_token=token[:200], client=client)
    if pair is None:
        raise InvalidRefreshToken
    if not cookies:
        return Response(Refreshed(tokens=pair), headers=NO_STORE)
    actor = identity.tokens.actor_of(pair.access_token)
    csrf = api.csrf_token(identity, actor.session_id) if actor and actor.session_id else None
    set_cookies = answers.session_cookies(pair, names, client)
    return Response(Refreshed(tokens=None, csrf_token=csrf), headers=NO_STORE, cookies=set_cookies)


@post(
    "/auth/logout", summary="End the session", tags=["identity"], status_code=204, opt=needs("public") | costs("write")
)
async def logout(
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
    data: JSONBody[RefreshToken | None] = None,
) -> Response[None]:
    """By the refresh token in the body or in the cookie; a browser forgets its cookies."""
    cookies, names = answers.wants_cookies(request, identity), answers.names_for(request, identity)
    token = data.refresh_token if data else None
    if token is None and cookies:
        token = request.cookies.get(names.refresh)
    if token:
        async with db.system() as uow:
            await api.logout(uow, refresh_token=token[:200], client=client)
    return Response(None, status_code=204, headers=NO_STORE, cookies=answers.expired_cookies(names) if cookies else [])


@get("/auth/session", summary="Who is signed in here", tags=["identity"], opt=needs("account.read"))
async def get_session(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> Response[SessionInfo]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.me(uow.conn, signed_in)
    csrf = api.csrf_token(identity, signed_in.session_id) if signed_in.session_id else None
    return Response(SessionInfo(user=found, csrf_token=csrf), headers=NO_STORE)


@post(
    "/auth/socket-ticket",
    summary="A ticket for one WebSocket",
    tags=["identity"],
    status_code=201,
    opt=needs("account.identify"),
)
async def post_socket_ticket(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[SocketTicket]:
    """For clients that cannot send a first message: connect to `/ws` with the subprotocols `antiphon` and
    `ticket.` followed by the ticket, within 30 seconds.
    """
    async with db.unit(signed_in.user_id) as uow:
        ticket = await socket_tickets.socket_ticket(uow, signed_in)
    return Response(SocketTicket(ticket), headers=NO_STORE)


@post(
    "/auth/password/forgot",
    summary="Ask for a link to set a password anew",
    tags=["identity"],
    status_code=202,
    opt=needs("public") | costs("reset"),
)
async def forgot_password(
    data: JSONBody[Forgotten],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[Awaited]:
    """The answer is the same whether or not somebody has the address."""
    await credentials.forgot_password(db, identity, email=data.email, client=client)
    return Response(Awaited(), headers=NO_STORE)


@post(
    "/auth/password/reset",
    summary="Set the password by a letter's link",
    tags=["identity"],
    status_code=200,
    opt=needs("public"),
)
async def reset_password(
    data: JSONBody[PasswordReset],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    """All sessions end, and a new one begins here."""
    outcome = await credentials.reset_password(db, identity, token=data.token, new=data.password, client=client)
    return answers.signed_in_answer(outcome, request, identity, client)


@post(
    "/auth/email/verify",
    summary="Prove an address by a letter's link",
    tags=["identity"],
    status_code=200,
    opt=needs("public"),
    responses={204: ResponseSpec(None, description="A changed address counts from now on")},
)
async def verify_email(
    data: JSONBody[EmailProof],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    """Who signs up gets their account and is signed in; a changed address counts from now on (204)."""
    outcome: SignIn | SecondFactorNeeded | None = None
    async with db.system() as uow:
        if data.kind == "sign_up":
            outcome = await api.finish_sign_up(uow, identity, token=data.token, handle=data.handle, client=client)
        else:
            await credentials.confirm_email(uow, token=data.token, client=client)
    if outcome is None:
        return Response(None, status_code=204, headers=NO_STORE)  # type: ignore[arg-type]
    return answers.signed_in_answer(outcome, request, identity, client)


handlers = [
    get_methods,
    register,
    login,
    link,
    refresh,
    logout,
    get_session,
    post_socket_ticket,
    forgot_password,
    reset_password,
    verify_email,
]
