"""HTTP of identity: `/auth` and `/users`."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from litestar import Request, Response, get, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from msgspec import Meta

from antiphon.domains.identity import api
from antiphon.domains.identity.api import Actor, Me, PasswordHasher, SignIn, TokenPair, Tokens, User
from antiphon.domains.identity.errors import InvalidRefreshToken
from antiphon.domains.identity.model import PASSWORD_MAX, PASSWORD_MIN
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

AnyRequest: TypeAlias = Request[object, object, State]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
Email = Annotated[
    str, Meta(max_length=320, description="Upper and lower case make no difference", examples=["ada@example.org"])
]
NewPassword = Annotated[str, Meta(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]
AnyPassword = Annotated[str, Meta(max_length=PASSWORD_MAX)]
Handle = Annotated[str, Meta(max_length=60, description="2 to 30 of a to z, 0 to 9, `_` and `.`", examples=["ada"])]
DisplayName = Annotated[str, Meta(max_length=200, description="1 to 64 characters", examples=["Ada Lovelace"])]
OpaqueToken = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[A-Za-z0-9_-]+$")]
NO_STORE = {"Cache-Control": "no-store"}


class Registration(msgspec.Struct, frozen=True):
    email: Email
    password: NewPassword
    handle: Handle
    display_name: DisplayName


class Login(msgspec.Struct, frozen=True):
    email: Email
    password: AnyPassword


class RefreshToken(msgspec.Struct, frozen=True):
    refresh_token: OpaqueToken


class SignInLink(msgspec.Struct, frozen=True):
    token: OpaqueToken


class Refreshed(msgspec.Struct, frozen=True):
    tokens: TokenPair


class MeChange(msgspec.Struct, frozen=True):
    """Only what is sent changes."""

    display_name: DisplayName | None = None
    handle: Handle | None = None


def _user_agent(request: AnyRequest) -> str | None:
    return request.headers.get("user-agent")


@post("/auth/register", summary="Make an account and sign in", tags=["identity"])
async def register(
    data: JSONBody[Registration],
    request: AnyRequest,
    db: NamedDependency[Database],
    passwords: NamedDependency[PasswordHasher],
    tokens: NamedDependency[Tokens],
) -> Response[SignIn]:
    made = await api.register(
        db,
        passwords,
        tokens,
        email=data.email,
        password=data.password,
        handle=data.handle,
        display_name=data.display_name,
        user_agent=_user_agent(request),
    )
    return Response(made, headers=NO_STORE)


@post("/auth/login", summary="Sign in with a password", tags=["identity"], status_code=200)
async def login(
    data: JSONBody[Login],
    request: AnyRequest,
    db: NamedDependency[Database],
    passwords: NamedDependency[PasswordHasher],
    tokens: NamedDependency[Tokens],
) -> Response[SignIn]:
    agent = _user_agent(request)
    made = await api.login(db, passwords, tokens, email=data.email, password=data.password, user_agent=agent)
    return Response(made, headers=NO_STORE)


@post("/auth/refresh", summary="Renew the tokens", tags=["identity"], status_code=200)
async def refresh(
    data: JSONBody[RefreshToken], db: NamedDependency[Database], tokens: NamedDependency[Tokens]
) -> Response[Refreshed]:
    """A refresh token works once. Using one twice ends its session."""
    async with db.unit() as uow:
        pair = await api.refresh(uow, tokens, refresh_token=data.refresh_token)
    if pair is None:
        raise InvalidRefreshToken
    return Response(Refreshed(pair), headers=NO_STORE)


@post("/auth/logout", summary="End the session", tags=["identity"], status_code=204)
async def logout(data: JSONBody[RefreshToken], db: NamedDependency[Database]) -> None:
    async with db.unit() as uow:
        await api.logout(uow, refresh_token=data.refresh_token)


@post("/auth/link", summary="Sign in with a one-time link", tags=["identity"], status_code=200)
async def link(
    data: JSONBody[SignInLink], request: AnyRequest, db: NamedDependency[Database], tokens: NamedDependency[Tokens]
) -> Response[SignIn]:
    async with db.unit() as uow:
        made = await api.link(uow, tokens, token=data.token, user_agent=_user_agent(request))
    return Response(made, headers=NO_STORE)


@get("/users/me", summary="The person who asks", tags=["identity"])
async def get_me(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[Me]:
    async with db.read() as conn:
        found = await api.me(conn, signed_in)
    return Response(found, headers=etag(found.version))


@put("/users/me", summary="Change one's name or handle", tags=["identity"])
async def put_me(
    data: JSONBody[MeChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor], if_match: IfMatch = None
) -> Response[Me]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_me(
            uow, signed_in, display_name=data.display_name, handle=data.handle, version=version
        )
    return Response(changed, headers=etag(changed.version))


@get("/users/{user_id:str}", summary="One person", tags=["identity"])
async def get_user(user_id: FromPath[str], db: NamedDependency[Database]) -> User:
    async with db.read() as conn:
        return await api.user_by_id(conn, parse(Kind.USER, user_id))


handlers = [register, login, refresh, logout, link, get_me, put_me, get_user]
