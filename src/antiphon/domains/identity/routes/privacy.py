"""HTTP of privacy: preferences, consents, leaving and coming back."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.identity.api import consents, deletion, preferences, profile, sessions
from antiphon.domains.identity.api.consents import Consents
from antiphon.domains.identity.api.deletion import Deletion
from antiphon.domains.identity.api.preferences import Preferences, PreferencesChange
from antiphon.domains.identity.routes.bodies import IfMatch, OpaqueToken
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]


class ConsentAnswer(msgspec.Struct, frozen=True):
    """`version` is that of the text which was read."""

    purpose: Annotated[str, Meta(max_length=60, examples=["newsletter"])]
    version: Annotated[str, Meta(max_length=60, examples=["1"])]
    granted: bool


class CancelDeletion(msgspec.Struct, frozen=True):
    """The token of the letter's link, or the ticket that a sign-in answered."""

    token: OpaqueToken


@get("/users/me/preferences", summary="How one likes it here", tags=["privacy"], opt=needs("account.read"))
async def get_preferences(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[Preferences]:
    async with db.unit(signed_in.user_id) as uow:
        found = await preferences.preferences(uow.conn, signed_in.user_id, uow.clock.now())
    return Response(found, headers=etag(found.version))


@put("/users/me/preferences", summary="Change how one likes it here", tags=["privacy"], opt=needs("account.manage"))
async def put_preferences(
    data: JSONBody[PreferencesChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Preferences]:
    """Only what is sent changes."""
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await preferences.set_preferences(uow, signed_in.user_id, data, version)
    return Response(changed, headers=etag(changed.version))


@get("/users/me/consents", summary="What one agreed to", tags=["privacy"], opt=needs("privacy.manage"))
async def get_consents(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> Consents:
    """`needed` is empty where nobody need be asked anything."""
    async with db.unit(signed_in.user_id) as uow:
        return await consents.consents(uow.conn, identity, signed_in.user_id)


@put("/users/me/consents", summary="Agree, choose, or take it back", tags=["privacy"], opt=needs("privacy.manage"))
async def put_consent(
    data: JSONBody[ConsentAnswer],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Consents:
    """Every answer is kept; the last one counts."""
    async with db.unit(signed_in.user_id) as uow:
        return await consents.answer(
            uow,
            identity,
            signed_in,
            purpose=data.purpose,
            version=data.version,
            granted=data.granted,
            client=client,
        )


@delete("/users/me", summary="Leave for good", tags=["privacy"], status_code=202, opt=needs("privacy.manage"))
async def delete_me(
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Deletion:
    """Signed out everywhere at once; erased after a grace in which it can be taken back. Needs a fresh sign-in."""
    async with db.system() as uow:
        return await deletion.ask_deletion(uow, identity, signed_in, client)


@delete(
    "/users/{user_id:str}", summary="Leave for good", tags=["privacy"], status_code=202, opt=needs("privacy.manage")
)
async def delete_user(
    user_id: FromPath[str],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Deletion:
    """By one's own id, as by `me`; nobody deletes another, whom an administrator can suspend."""
    sessions.require_self(signed_in, parse(Kind.USER, user_id))
    async with db.system() as uow:
        return await deletion.ask_deletion(uow, identity, signed_in, client)


@post("/auth/deletion/cancel", summary="Stay after all", tags=["privacy"], status_code=204, opt=needs("public"))
async def cancel_deletion(
    data: JSONBody[CancelDeletion],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> None:
    """Everything is as it was; sign in again."""
    async with db.system() as uow:
        await deletion.cancel_deletion(uow, identity, token=data.token, client=client)


@put(
    "/users/{user_id:str}/verification",
    summary="Give somebody the badge of who they are",
    tags=["people"],
    status_code=204,
    opt=needs("users.manage"),
)
async def verify_user(
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.system() as uow:
        await profile.set_verified(uow, signed_in.user_id, parse(Kind.USER, user_id), True, client)


@delete("/users/{user_id:str}/verification", summary="Take the badge back", tags=["people"], opt=needs("users.manage"))
async def unverify_user(
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.system() as uow:
        await profile.set_verified(uow, signed_in.user_id, parse(Kind.USER, user_id), False, client)


handlers = [
    get_preferences,
    put_preferences,
    get_consents,
    put_consent,
    delete_me,
    delete_user,
    cancel_deletion,
    verify_user,
    unverify_user,
]
