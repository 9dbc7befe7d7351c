"""HTTP of API keys and app passwords: `/users/me/api-keys`, `/users/me/app-passwords`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.identity.api import keys as api
from antiphon.domains.identity.api.keys import ApiKey, AppPassword, NewApiKey, NewAppPassword
from antiphon.domains.identity.routes.answers import NO_STORE
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers"]

KeyName = Annotated[str, Meta(max_length=200, description="1 to 64 characters", examples=["Nightly backup"])]
Scope = Literal["listen", "library", "upload", "publish", "profile"]
Scopes = Annotated[list[Scope], Meta(min_length=1, max_length=20)]


class ApiKeyAsked(msgspec.Struct, frozen=True):
    """Without `expires_at` the key holds until it is revoked."""

    name: KeyName
    scopes: Scopes
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class AppPasswordAsked(msgspec.Struct, frozen=True):
    name: KeyName
    scopes: Scopes = msgspec.field(default_factory=lambda: ["listen", "library"])


class ApiKeys(msgspec.Struct, frozen=True):
    items: list[ApiKey]


class AppPasswords(msgspec.Struct, frozen=True):
    items: list[AppPassword]


@get("/users/me/api-keys", summary="One's own API keys", tags=["identity"], opt=needs("security.manage"))
async def list_api_keys(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> ApiKeys:
    async with db.unit(signed_in.user_id) as uow:
        return ApiKeys(await api.own_api_keys(uow, signed_in))


@post("/users/me/api-keys", summary="Make an API key", tags=["identity"], opt=needs("security.manage"))
async def make_api_key(
    data: JSONBody[ApiKeyAsked],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[NewApiKey]:
    """The answer shows the key, this once. Send it as `Authorization: Bearer ak_…` or `X-API-Key`.

    Needs a fresh sign-in.
    """
    async with db.unit(signed_in.user_id) as uow:
        made = await api.make_api_key(
            uow, signed_in, name=data.name, scopes=list(data.scopes), expires_at=data.expires_at, client=client
        )
    return Response(made, headers=NO_STORE)


@delete("/users/me/api-keys/{key_id:str}", summary="Revoke an API key", tags=["identity"], opt=needs("security.manage"))
async def revoke_api_key(
    key_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """It stops at once."""
    async with db.unit(signed_in.user_id) as uow:
        await api.revoke_api_key(uow, signed_in, parse(Kind.API_KEY, key_id), client=client)


@get("/users/me/app-passwords", summary="One's own app passwords", tags=["identity"], opt=needs("security.manage"))
async def list_app_passwords(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> AppPasswords:
    async with db.unit(signed_in.user_id) as uow:
        return AppPasswords(await api.own_app_passwords(uow, signed_in))


@post("/users/me/app-passwords", summary="Make an app password", tags=["identity"], opt=needs("security.manage"))
async def make_app_password(
    data: JSONBody[AppPasswordAsked],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[NewAppPassword]:
    """For Subsonic apps. It is generated, never chosen, and shown this once. Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        made = await api.make_app_password(
            uow, identity, signed_in, name=data.name, scopes=list(data.scopes), client=client
        )
    return Response(made, headers=NO_STORE)


@delete(
    "/users/me/app-passwords/{password_id:str}",
    summary="Revoke an app password",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def revoke_app_password(
    password_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """It stops at once."""
    async with db.unit(signed_in.user_id) as uow:
        await api.revoke_app_password(uow, signed_in, parse(Kind.APP_PASSWORD, password_id), client=client)


handlers = [
    list_api_keys,
    make_api_key,
    revoke_api_key,
    list_app_passwords,
    make_app_password,
    revoke_app_password,
]
