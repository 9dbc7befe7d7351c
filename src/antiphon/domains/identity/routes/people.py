"""HTTP for administrators: accounts, roles, suspensions, invitations, the audit log."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from antiphon.domains.identity.api import audit, people, sessions
from antiphon.domains.identity.api.audit import AuditEntry
from antiphon.domains.identity.api.people import Account, Invitation
from antiphon.domains.identity.routes.bodies import Cursor, Limit, NewInvitation, Suspension
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

Words = Annotated[str, QueryParameter(max_length=100, description="Looked for in handle, name and address")]
MANAGE = needs("users.manage")
INVITE = needs("invitations.manage")


@get("/users", summary="Accounts, the newest first", tags=["people"], opt=MANAGE)
async def list_accounts(
    db: NamedDependency[Database],
    q: Words = "",
    suspended: FromQuery[bool] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Account]:
    async with db.read() as conn:
        return await people.accounts(conn, PageRequest.of(cursor, limit), words=q, suspended=suspended)


@get("/users/{user_id:str}/account", summary="One account", tags=["people"], opt=MANAGE)
async def get_account(user_id: FromPath[str], db: NamedDependency[Database]) -> Account:
    async with db.read() as conn:
        return await people.account(conn, parse(Kind.USER, user_id))


@put("/users/{user_id:str}/roles/{role:str}", summary="Give a role", tags=["people"], status_code=204, opt=MANAGE)
async def grant_role(
    user_id: FromPath[str],
    role: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Needs a fresh sign-in."""
    sessions.require_fresh(signed_in, db.clock)
    async with db.system() as uow:
        await people.grant_role(uow, parse(Kind.USER, user_id), role, granted_by=signed_in.user_id, client=client)


@delete("/users/{user_id:str}/roles/{role:str}", summary="Take a role away", tags=["people"], opt=MANAGE)
async def revoke_role(
    user_id: FromPath[str],
    role: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """The person is signed out, so that no token says otherwise. Needs a fresh sign-in."""
    sessions.require_fresh(signed_in, db.clock)
    async with db.system() as uow:
        await people.revoke_role(uow, parse(Kind.USER, user_id), role, by=signed_in.user_id, client=client)


@put("/users/{user_id:str}/suspension", summary="Suspend a person", tags=["people"], opt=MANAGE)
async def suspend(
    user_id: FromPath[str],
    data: JSONBody[Suspension],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Account:
    """They are signed out everywhere at once, and stay out."""
    async with db.system() as uow:
        return await people.suspend(
            uow, parse(Kind.USER, user_id), reason=data.reason, until=data.until, by=signed_in, client=client
        )


@delete("/users/{user_id:str}/suspension", summary="Lift a suspension", tags=["people"], status_code=200, opt=MANAGE)
async def reinstate(
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Account:
    async with db.system() as uow:
        return await people.reinstate(uow, parse(Kind.USER, user_id), by=signed_in, client=client)


@delete("/users/{user_id:str}/sessions", summary="Sign a person out everywhere", tags=["people"], opt=MANAGE)
async def end_sessions(
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    user = parse(Kind.USER, user_id)
    async with db.system() as uow:
        await people.account(uow.conn, user)
        await sessions.end_sessions(uow, user, reason="administrator", by=signed_in.user_id, client=client)


@get("/audit", summary="What happened, to everybody or to one person", tags=["people"], opt=MANAGE)
async def list_audit(
    db: NamedDependency[Database],
    user: FromQuery[str | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntry]:
    about = parse(Kind.USER, user) if user else None
    async with db.system() as uow:
        return await audit.page(uow.conn, PageRequest.of(cursor, limit), about=about)


@post("/invitations", summary="Invite somebody", tags=["people"], opt=INVITE)
async def invite(
    data: JSONBody[NewInvitation],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Invitation:
    """With an address, and where letters reach people, one takes it there; else its token is in the answer."""
    async with db.system() as uow:
        return await people.invite(
            uow, email=data.email, note=data.note, by=signed_in, client=client, mail=identity.config.mail
        )


@get("/invitations", summary="Invitations, the newest first", tags=["people"], opt=INVITE)
async def list_invitations(db: NamedDependency[Database], cursor: Cursor = None, limit: Limit = 50) -> Page[Invitation]:
    async with db.system() as uow:
        return await people.invitations(uow.conn, PageRequest.of(cursor, limit))


@delete("/invitations/{invitation_id:str}", summary="Take an invitation back", tags=["people"], opt=INVITE)
async def revoke_invitation(
    invitation_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.system() as uow:
        await people.revoke_invitation(uow, parse(Kind.INVITATION, invitation_id), by=signed_in, client=client)


handlers = [
    list_accounts,
    get_account,
    grant_role,
    revoke_role,
    suspend,
    reinstate,
    end_sessions,
    list_audit,
    invite,
    list_invitations,
    revoke_invitation,
]
