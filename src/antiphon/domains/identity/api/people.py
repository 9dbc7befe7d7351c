"""What administrators do with accounts: find them, give roles, suspend, invite."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import standing
from antiphon.domains.identity.api import audit, letters
from antiphon.domains.identity.api.accounts import create_user
from antiphon.domains.identity.api.sessions import end_sessions
from antiphon.domains.identity.api.views import User, user_of
from antiphon.domains.identity.errors import LastAdministrator, NotYourself, UnknownRole
from antiphon.domains.identity.model import INVITATION_LIFE, clean_email
from antiphon.domains.identity.policy import ROLES, Decision, Resource, can
from antiphon.domains.identity.store import invitations as invitation_store
from antiphon.domains.identity.store import roles as role_store
from antiphon.domains.identity.store import users as store
from antiphon.domains.identity.tokens import Actor, new_opaque_token
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import Conflict, NotFound
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, TimeKey, cut
from antiphon.kit.secrets import token_digest

__all__ = [
    "NAME_SHOWN",
    "Account",
    "Invitation",
    "Member",
    "NameShown",
    "account",
    "accounts",
    "administrator",
    "decide",
    "grant_role",
    "invitations",
    "invite",
    "members",
    "names_shown",
    "reinstate",
    "revoke_invitation",
    "revoke_role",
    "suspend",
    "user_with_role",
]

NAME_SHOWN = store.NAME_SHOWN  # the values are the members of NameShown; empty of whom the viewer may not see


class Account(User, frozen=True, kw_only=True):
    """What an administrator sees of a person."""

    email: str | None
    email_verified: bool
    language: str
    suspended_at: datetime | None
    suspended_until: datetime | None
    suspended_for: str | None
    closes_at: datetime | None


class Member(msgspec.Struct, frozen=True):
    """Who has an account, for parts of the house that show it in a way of their own."""

    id: UUID
    handle: str
    roles: frozenset[str]


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """`token` is there only in the answer that made it, where no letter takes it to its guest."""

    id: str
    email: str | None
    note: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None
    token: str | None = None


async def accounts(conn: AsyncConnection, request: PageRequest, *, words: str, suspended: bool) -> Page[Account]:
    """The newest first; `words` are looked for in handle, name and address."""
    position = request.position(TimeKey)
    rows = await store.page(conn, words.strip().lower(), position, suspended=suspended, limit=request.limit + 1)
    return cut(rows, request, lambda row: (row.created_at.isoformat(), str(row.id))).map(_account)


async def members(conn: AsyncConnection, limit: int, only: UUID | None = None) -> list[Member]:
    """Those who have an account, the newest first, or one of them. For administrators. Raises NotFound for the one."""
    if only is not None:
        found = [await _person(conn, only)]
    else:
        found = list(await store.page(conn, "", None, suspended=False, limit=limit))
    return [Member(row.id, row.handle, frozenset(row.roles)) for row in found]


async def account(conn: AsyncConnection, user_id: UUID) -> Account:
    """Raises NotFound."""
    return _account(await _person(conn, user_id))


async def grant_role(
    uow: UnitOfWork, user_id: UUID, role: str, *, granted_by: UUID | None = None, client: Client | None = None
) -> None:
    """Seen in access tokens from the next refresh on. Raises UnknownRole, NotFound; granting twice is no error."""
    if role not in ROLES:
        raise UnknownRole(f"There is no role called {role}.")
    await _person(uow.conn, user_id)
    if await role_store.grant_role(uow.conn, user_id, role, granted_by, uow.clock.now()):
        data = {"role": role}
        await audit.record(uow, "role.granted", actor=granted_by, subject=user_id, client=client, data=data)


async def revoke_role(uow: UnitOfWork, user_id: UUID, role: str, *, by: UUID, client: Client) -> None:
    """Sessions of the person end, so that no token says otherwise. Raises UnknownRole, NotFound, LastAdministrator."""
    if role not in ROLES:
        raise UnknownRole(f"There is no role called {role}.")
    await _person(uow.conn, user_id)
    if role == "admin" and await role_store.people_with_role(uow.conn, role) == [user_id]:
        raise LastAdministrator
    if await role_store.revoke_role(uow.conn, user_id, role):
        await audit.record(uow, "role.revoked", actor=by, subject=user_id, client=client, data={"role": role})
        await end_sessions(uow, user_id, reason="role_revoked", by=by, client=client)


class NameShown(msgspec.Struct, frozen=True):
    handle: str
    display_name: str


async def names_shown(conn: AsyncConnection, ids: Collection[UUID], viewer: UUID | None) -> dict[UUID, NameShown]:
    """Of those whom `viewer` may see: not of who keeps their profile to themselves, or is about to leave."""
    if not ids:
        return {}
    found = await store.names_shown(conn, ids, viewer)
    return {person: NameShown(handle, display_name) for person, handle, display_name in found}


async def administrator(uow: UnitOfWork, *, email: str, handle: str, display_name: str) -> UUID:
    """The first one. Made of these where there is none; all who ask at once are told of the same."""
    await role_store.lock_administrators(uow.conn)
    found = await role_store.user_with_role(uow.conn, "admin")
    if found is not None:
        return found
    user_id = await create_user(uow, email=email, handle=handle, display_name=display_name)
    await grant_role(uow, user_id, "admin")
    return user_id


async def user_with_role(conn: AsyncConnection, role: str) -> UUID | None:
    """The first person who got the role."""
    return await role_store.user_with_role(conn, role)


async def decide(conn: AsyncConnection, user_id: UUID, permission: str, resource: Resource) -> Decision:
    """The policy's word on somebody's roles at this moment, rather than those of their token."""
    row = await store.user(conn, user_id)
    return can(Actor(user_id, None, frozenset(row.roles if row else ())), permission, resource)


async def suspend(
    uow: UnitOfWork, user_id: UUID, *, reason: str, until: datetime | None, by: Actor, client: Client
) -> Account:
    """They are signed out everywhere at once, and stay out. Raises NotFound, NotYourself."""
    if user_id == by.user_id:
        raise NotYourself
    if not await store.suspend(uow.conn, user_id, reason, until, uow.clock.now()):
        raise NotFound("There is no user with this id.")
    data = {"reason": reason, "until": until.isoformat() if until else None}
    await audit.record(uow, "account.suspended", actor=by.user_id, subject=user_id, client=client, data=data)
    # The sessions first, so that what they hear is why.
    await end_sessions(uow, user_id, reason="suspended", by=by.user_id, client=client)
    standing.tell_shut(uow, user_id, until)
    return await account(uow.conn, user_id)


async def reinstate(uow: UnitOfWork, user_id: UUID, *, by: Actor, client: Client) -> Account:
    """Lift a suspension; nothing happens where there is none. Raises NotFound."""
    if await store.lift_suspension(uow.conn, user_id):
        await audit.record(uow, "account.reinstated", actor=by.user_id, subject=user_id, client=client)
        standing.tell_opened(uow, user_id)
    return await account(uow.conn, user_id)


async def invite(uow: UnitOfWork, *, email: str | None, note: str, by: Actor, client: Client, mail: bool) -> Invitation:
    """For one account, within 14 days. With an address and mail a letter takes it there. Raises Invalid."""
    address = clean_email(email) if email else None
    token, now = new_opaque_token(), uow.clock.now()
    row = await invitation_store.add(
        uow.conn,
        digest=token_digest(token),
        email=address,
        note=note,
        by=by.user_id,
        now=now,
        until=now + INVITATION_LIFE,
    )
    made = _invitation(row)
    await audit.record(
        uow, "invitation.made", actor=by.user_id, subject=by.user_id, client=client, data={"invitation": made.id}
    )
    if address is None or not mail:
        return msgspec.structs.replace(made, token=token)
    inviter = await store.user(uow.conn, by.user_id)
    until = now + INVITATION_LIFE
    data = {
        "invitation": str(row.id),
        "by": inviter.display_name if inviter else "",
        "until": until.isoformat(),
    }
    await letters.ask(uow, "invitation", user_id=None, address=address, language=client.language, data=data)
    return made


async def invitations(conn: AsyncConnection, request: PageRequest) -> Page[Invitation]:
    """The newest first."""
    position = request.position(TimeKey)
    rows = await invitation_store.page(conn, position[1] if position else None, request.limit + 1)
    return cut(rows, request, lambda row: (row.created_at.isoformat(), str(row.id))).map(_invitation)


async def revoke_invitation(uow: UnitOfWork, invitation_id: UUID, *, by: Actor, client: Client) -> None:
    """Raises Conflict where somebody has used it, or it never was."""
    if not await invitation_store.drop(uow.conn, invitation_id):
        raise Conflict("This invitation was used or is gone.")
    data = {"invitation": out(Kind.INVITATION, invitation_id)}
    await audit.record(uow, "invitation.revoked", actor=by.user_id, subject=by.user_id, client=client, data=data)


async def _person(conn: AsyncConnection, user_id: UUID) -> Any:
    row = await store.user(conn, user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    return row


def _account(row: Any) -> Account:
    return Account(
        **msgspec.structs.asdict(user_of(row)),
        email=row.email,
        email_verified=row.email_verified_at is not None,
        language=row.language,
        suspended_at=row.suspended_at,
        suspended_until=row.suspended_until,
        suspended_for=row.suspended_for,
        closes_at=row.closes_at,
    )


def _invitation(row: Any) -> Invitation:
    return Invitation(
        id=out(Kind.INVITATION, row.id),
        email=row.email,
        note=row.note,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        used_by=out(Kind.USER, row.used_by) if row.used_by else None,
    )
