"""Leaving for good: the account closes at once, can be had back for a while, and is erased everywhere then."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from antiphon.domains.identity import standing
from antiphon.domains.identity.api import audit, challenges, letters
from antiphon.domains.identity.api.exports import archive_key
from antiphon.domains.identity.api.sessions import end_sessions, require_fresh
from antiphon.domains.identity.errors import InvalidLink, LastAdministrator
from antiphon.domains.identity.store import deletion as store
from antiphon.domains.identity.store import roles as role_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.facts.identity import DeletionAsked, DeletionCancelled, UserErased
from antiphon.kit import traces
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out, parse

__all__ = ["CANCEL", "Deletion", "ask_deletion", "cancel_deletion", "cancel_ticket", "erase_due", "finish_erasure"]

CANCEL = "cancel_deletion"
TICKET_LIFE = timedelta(minutes=30)
_TICKET = re.compile(r"t-(usr_[0-9a-z]{26})-([0-9]{10,12})-([\w-]{22})", re.ASCII)


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """Until `erased_at` the account can be had back, by the letter's link or by signing in."""

    erased_at: datetime


async def ask_deletion(uow: UnitOfWork, tools: IdentityTools, actor: Actor, client: Client) -> Deletion:
    """Signed out everywhere and out of sight from the commit on. Raises StepUpNeeded, LastAdministrator, NotFound."""
    require_fresh(actor, uow.clock)
    await role_store.lock_administrators(uow.conn)
    if await store.is_last_administrator(uow.conn, actor.user_id):
        raise LastAdministrator
    now = uow.clock.now()
    erased_at = await store.close(uow.conn, actor.user_id, now + tools.privacy.grace)
    person = await user_store.user(uow.conn, actor.user_id)
    if erased_at is None or person is None:
        raise NotFound("There is no user with this id.")
    data = {"erased_at": erased_at.isoformat()}
    await audit.record(
        uow, "account.deletion_asked", actor=actor.user_id, subject=actor.user_id, client=client, data=data
    )
    # The sessions first, so that what they hear is why.
    await end_sessions(uow, actor.user_id, reason="account_closing", client=client)
    standing.tell_shut(uow, actor.user_id)
    await store.end_imports(uow.conn, actor.user_id, now)
    await letters.ask(uow, "deletion_asked", user_id=actor.user_id, language=person.language, data=data)
    uow.add_fact(DeletionAsked(subject=actor.user_id))
    return Deletion(erased_at=erased_at)


def cancel_ticket(tools: IdentityTools, user_id: UUID, erased_at: datetime, now: datetime) -> str:
    """For somebody who has just proved who they are: within half an hour it takes this deletion back.

    Nothing is stored for it, so that a sign-in that is refused leaves no trace; it holds for this closing alone.
    """
    until = int((now + TICKET_LIFE).timestamp())
    return f"t-{out(Kind.USER, user_id)}-{until}-{_signature(tools, user_id, erased_at, until)}"


def _signature(tools: IdentityTools, user_id: UUID, erased_at: datetime, until: int) -> str:
    return tools.secrets.signature("cancel_deletion", f"{user_id}\n{erased_at.isoformat()}\n{until}")


async def cancel_deletion(uow: UnitOfWork, tools: IdentityTools, *, token: str, client: Client) -> None:
    """By the letter's link or the ticket of a sign-in; everything is as it was, but the person signs in anew.

    Raises InvalidLink, also where the erasure has begun.
    """
    user_id = await _whose(uow, tools, token)
    if user_id is None or not await store.reopen(uow.conn, user_id):
        raise InvalidLink
    await challenges.drop(uow, user_id, CANCEL)
    await audit.record(uow, "account.deletion_cancelled", actor=user_id, subject=user_id, client=client)
    standing.tell_opened(uow, user_id)
    uow.add_fact(DeletionCancelled(subject=user_id))


async def _whose(uow: UnitOfWork, tools: IdentityTools, token: str) -> UUID | None:
    ticket = _TICKET.fullmatch(token)
    if ticket is None:
        challenge = await challenges.take(uow, CANCEL, token)
        return challenge.user_id if challenge else None
    user_id, until = parse(Kind.USER, ticket[1]), int(ticket[2])
    person = await user_store.user(uow.conn, user_id)
    if person is None or person.closes_at is None or until < uow.clock.now().timestamp():
        return None
    right = _signature(tools, user_id, person.closes_at, until)
    return user_id if hmac.compare_digest(right.encode(), ticket[3].encode()) else None


async def erase_due(db: Database) -> None:
    """Accounts whose grace is over: from here on there is no way back, and every domain is told."""
    while True:
        async with db.system() as uow:
            due = await store.begin_erasures(uow.conn, uow.clock.now(), limit=20)
            for user_id in due:
                uow.add_fact(UserErased(subject=user_id))
                uow.defer("identity.finish_erasure", user_id=str(user_id))
        if not due:
            return


async def finish_erasure(db: Database, tools: IdentityTools, user_id: UUID) -> None:
    """The last step, once every domain has let go: archives, the account itself, and traces in the house's machinery.

    Deferred by every domain's handler; the one that comes last does it.
    """
    async with db.system() as uow:
        person = await store.erasing(uow.conn, user_id)
        if person is None or not await traces.is_delivered(uow.conn, UserErased.name, user_id):
            return
        exports, imports = await store.archives_of(uow.conn, user_id)
    for export_id in exports:
        await tools.privacy.archives.delete(archive_key(export_id))
    for one in [*exports, *imports]:
        for path in tools.privacy.folder.glob(f"{one}.*"):
            path.unlink(missing_ok=True)
    async with db.system() as uow:
        others = await store.ids_of(uow.conn, user_id)
        if not await store.erase(uow.conn, user_id, person.email, person.email_key):
            return
        if person.email is not None:
            await letters.ask(uow, "deleted", user_id=None, address=person.email, language=person.language)
        names = [out(Kind.USER, user_id), *(out(Kind.SIGN_IN, one) for one in others)]
        await traces.forget(uow, [user_id, *others, *exports, *imports], names)
