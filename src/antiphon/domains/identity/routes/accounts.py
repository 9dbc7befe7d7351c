"""HTTP of one's own account, and of what others see of it: `/users`."""

from __future__ import annotations

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.identity import api
from antiphon.domains.identity.api import audit, credentials, sessions
from antiphon.domains.identity.api.audit import AuditEntry
from antiphon.domains.identity.api.sessions import Session
from antiphon.domains.identity.api.views import Me, User
from antiphon.domains.identity.routes.bodies import (
    Cursor,
    DeviceName,
    EmailChange,
    IfMatch,
    Limit,
    MeChange,
    PasswordChange,
)
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]


@get("/users/me", summary="The person who asks", tags=["identity"], opt=needs("account.read"))
async def get_me(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[Me]:
    async with db.read() as conn:
        found = await api.me(conn, signed_in)
    return Response(found, headers=etag(found.version))


@put("/users/me", summary="Change one's profile", tags=["identity"], opt=needs("account.manage"))
async def put_me(
    data: JSONBody[MeChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor], if_match: IfMatch = None
) -> Response[Me]:
    return await _change(db, signed_in, data, expected_version(if_match))


@put("/users/{user_id:str}", summary="Change one's profile", tags=["identity"], opt=needs("account.manage"))
async def put_user(
    user_id: FromPath[str],
    data: JSONBody[MeChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Me]:
    """By one's own id, as by `me`; nobody changes another's."""
    sessions.require_self(signed_in, parse(Kind.USER, user_id))
    return await _change(db, signed_in, data, expected_version(if_match))


async def _change(db: Database, signed_in: Actor, data: MeChange, version: int | None) -> Response[Me]:
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_me(
            uow,
            signed_in,
            display_name=data.display_name,
            handle=data.handle,
            language=data.language,
            bio=data.bio,
            links=data.links,
            version=version,
        )
    return Response(changed, headers=etag(changed.version))


@get("/users/{user_id:str}", summary="One person", tags=["identity"], opt=needs("public"))
async def get_user(user_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> User:
    async with db.read() as conn:
        return await api.user_by_id(conn, parse(Kind.USER, user_id), actor)


@get("/users/me/sessions", summary="Where one is signed in", tags=["identity"], opt=needs("security.manage"))
async def list_sessions(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> list[Session]:
    async with db.unit(signed_in.user_id) as uow:
        return await sessions.own_sessions(uow.conn, signed_in, uow.clock.now())


@delete("/users/me/sessions", summary="Sign out everywhere else", tags=["identity"], opt=needs("security.manage"))
async def end_other_sessions(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], client: NamedDependency[Client]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await sessions.end_sessions(uow, signed_in.user_id, reason="revoked", but=signed_in.session_id, client=client)


@put(
    "/users/me/sessions/{session_id:str}",
    summary="Call a device something",
    tags=["identity"],
    status_code=204,
    opt=needs("security.manage"),
)
async def name_session(
    session_id: FromPath[str],
    data: JSONBody[DeviceName],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await sessions.name_own_session(uow, signed_in, parse(Kind.SIGN_IN, session_id), data.name)


@delete(
    "/users/me/sessions/{session_id:str}",
    summary="Sign one device out",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def end_session(
    session_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await sessions.end_own_session(uow, signed_in, parse(Kind.SIGN_IN, session_id), client)


@post(
    "/auth/password/change",
    summary="Set another password",
    tags=["identity"],
    status_code=204,
    opt=needs("security.manage") | costs("sign_in"),
)
async def change_password(
    data: JSONBody[PasswordChange],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """All other devices are signed out. Needs a fresh sign-in."""
    await credentials.change_password(db, identity, signed_in, current=data.current, new=data.password, client=client)


@post(
    "/users/me/email",
    summary="Use another e-mail address",
    tags=["identity"],
    status_code=202,
    opt=needs("security.manage") | costs("reset"),
)
async def change_email(
    data: JSONBody[EmailChange],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Where letters reach people, the new address counts when its link was opened. Needs a fresh sign-in."""
    async with db.system() as uow:
        await credentials.change_email(uow, signed_in, email=data.email, client=client, mail=identity.config.mail)


@get("/users/me/audit", summary="What happened to one's account", tags=["identity"], opt=needs("security.manage"))
async def own_audit(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], cursor: Cursor = None, limit: Limit = 50
) -> Page[AuditEntry]:
    async with db.unit(signed_in.user_id) as uow:
        return await audit.page(uow.conn, PageRequest.of(cursor, limit), about=signed_in.user_id)


handlers = [
    get_me,
    put_me,
    put_user,
    list_sessions,
    end_other_sessions,
    end_session,
    name_session,
    change_password,
    change_email,
    own_audit,
    get_user,
]
