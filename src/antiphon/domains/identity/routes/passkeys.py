"""HTTP of passkeys: the ceremonies under `/auth/passkeys`, one's own keys under `/users/me/passkeys`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.identity.api import passkeys as api
from antiphon.domains.identity.api import ways_in
from antiphon.domains.identity.api.passkey_sign_up import sign_up_options
from antiphon.domains.identity.api.passkeys import Passkey, Passkeys, Purpose
from antiphon.domains.identity.api.views import SignIn
from antiphon.domains.identity.errors import PasskeyRefused
from antiphon.domains.identity.passkeys import (
    AuthenticationCredential,
    CreationOptions,
    RegistrationCredential,
    RequestOptions,
)
from antiphon.domains.identity.routes import answers
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest
from antiphon.domains.identity.routes.bodies import DisplayName, Email, OpaqueToken
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.errors import Unauthenticated
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers"]

KeyName = Annotated[str, Meta(max_length=200, description="1 to 64 characters", examples=["My phone"])]
Options: TypeAlias = CreationOptions | RequestOptions


class PasskeyAsked(msgspec.Struct, frozen=True):
    """`ticket` comes from `second_factor_needed` and goes with that purpose alone; `email` and `display_name` go with
    `sign_up`, for the authenticator to show beside the key.
    """

    purpose: Purpose | Literal["sign_up"]
    ticket: OpaqueToken | None = None
    email: Email = ""
    display_name: DisplayName = ""


class PasskeyMade(msgspec.Struct, frozen=True):
    """Without a name it is called after its maker."""

    credential: RegistrationCredential
    name: KeyName = ""


class PasskeyShown(msgspec.Struct, frozen=True):
    credential: AuthenticationCredential


class NewName(msgspec.Struct, frozen=True):
    name: KeyName


class AfterPassword(msgspec.Struct, frozen=True):
    """Whether a passkey is asked for after the password."""

    second_factor: bool


@post(
    "/auth/passkeys/options",
    summary="Begin a ceremony with a passkey",
    tags=["identity"],
    status_code=200,
    opt=needs("public"),
)
async def passkey_options(
    data: JSONBody[PasskeyAsked],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    actor: NamedDependency[Actor | None],
) -> Response[Options]:
    """For the browser's `parseCreationOptionsFromJSON` (`register`, `sign_up`) or `parseRequestOptionsFromJSON` (the
    others).

    The challenge works once, within five minutes, for this purpose and this person. `register` and `step_up` need
    somebody who is signed in; `register` needs a fresh sign-in.
    """
    async with db.system() as uow:
        options: Options
        if data.purpose == "login":
            options = await api.login_options(uow, identity)
        elif data.purpose == "sign_up":
            options = await sign_up_options(uow, identity, email=data.email, display_name=data.display_name)
        elif data.purpose == "second_factor":
            options = await api.second_factor_options(uow, identity, data.ticket or "")
        elif actor is None or actor.session_id is None:
            raise Unauthenticated
        elif data.purpose == "register":
            options = await api.registration_options(uow, identity, actor)
        else:
            options = await api.step_up_options(uow, identity, actor)
    return Response(options, headers=NO_STORE)


@post("/auth/passkeys/register", summary="Keep a new passkey", tags=["identity"], opt=needs("security.manage"))
async def register_passkey(
    data: JSONBody[PasskeyMade],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Passkey:
    """Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.register(uow, identity, signed_in, credential=data.credential, name=data.name, client=client)


@post(
    "/auth/passkeys/login",
    summary="Sign in with a passkey alone",
    tags=["identity"],
    status_code=200,
    opt=needs("public"),
)
async def login_with_passkey(
    data: JSONBody[PasskeyShown],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    async with db.system() as uow:
        outcome = await api.login(uow, identity, credential=data.credential, client=client)
    if outcome is None:
        raise PasskeyRefused
    return answers.signed_in_answer(outcome, request, identity, client)


@get("/users/me/passkeys", summary="One's own passkeys", tags=["identity"], opt=needs("security.manage"))
async def list_passkeys(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> Passkeys:
    async with db.unit(signed_in.user_id) as uow:
        return await api.own_passkeys(uow, identity, signed_in)


@put(
    "/users/me/passkeys",
    summary="Ask for a passkey after the password, or not",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def ask_after_password(
    data: JSONBody[AfterPassword],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Passkeys:
    """Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        await api.ask_after_password(uow, signed_in, data.second_factor, client=client)
        return await api.own_passkeys(uow, identity, signed_in)


@put(
    "/users/me/passkeys/{passkey_id:str}",
    summary="Call a passkey otherwise",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def rename_passkey(
    passkey_id: FromPath[str],
    data: JSONBody[NewName],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> Passkey:
    async with db.unit(signed_in.user_id) as uow:
        return await api.rename(uow, signed_in, parse(Kind.PASSKEY, passkey_id), name=data.name)


@delete(
    "/users/me/passkeys/{passkey_id:str}",
    summary="Remove a passkey",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def remove_passkey(
    passkey_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Not the last way into the account (409 `last_way_in`). Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        await api.remove(uow, signed_in, parse(Kind.PASSKEY, passkey_id), client=client)


@delete(
    "/auth/password",
    summary="Live without a password",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def remove_password(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], client: NamedDependency[Client]
) -> None:
    """Where a passkey opens the account. Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        await ways_in.remove_password(uow, signed_in, client=client)


handlers = [
    passkey_options,
    register_passkey,
    login_with_passkey,
    list_passkeys,
    ask_after_password,
    rename_passkey,
    remove_passkey,
    remove_password,
]
