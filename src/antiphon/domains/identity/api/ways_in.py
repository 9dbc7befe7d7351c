"""What leads into an account: its owner hears of every change, and never loses the last of it."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.identity.api import audit, letters
from antiphon.domains.identity.api.second_factors import second_factors_of
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.errors import LastWayIn
from antiphon.domains.identity.store import linked as linked_store
from antiphon.domains.identity.store import passkeys as passkey_store
from antiphon.domains.identity.store import passwords as password_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.store import wallets as wallet_store
from antiphon.domains.identity.tokens import Actor
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound

__all__ = ["remove_password", "require_another_way_in", "tell_owner", "ways_in", "ways_to_prove"]


async def ways_in(uow: UnitOfWork, user_id: UUID) -> set[str]:
    """What opens the account by itself: `password`, `passkey`, `wallet`, `linked`."""
    found: set[str] = set()
    if await password_store.has_password(uow.conn, user_id):
        found.add("password")
    if await passkey_store.ways_in(uow.conn, user_id):
        found.add("passkey")
    if await linked_store.of_user(uow.conn, user_id):
        found.add("linked")
    if await wallet_store.of_user(uow.conn, user_id):
        found.add("wallet")
    return found


async def ways_to_prove(uow: UnitOfWork, user_id: UUID) -> list[str]:
    """By what somebody who is signed in can prove again who they are: a second factor, where they enrolled one."""
    return sorted(await second_factors_of(uow.conn, user_id) or await ways_in(uow, user_id))


async def require_another_way_in(uow: UnitOfWork, user_id: UUID) -> None:
    """After something was taken away: raises LastWayIn, which brings it back, where nothing else is left.

    Of two who each take away what the other leaves, the second waits for the first, and sees what is left then.
    """
    await user_store.lock(uow.conn, user_id)
    if not await ways_in(uow, user_id):
        raise LastWayIn


async def remove_password(uow: UnitOfWork, actor: Actor, *, client: Client) -> None:
    """Live without one. Raises StepUpNeeded, NotFound, LastWayIn."""
    require_fresh(actor, uow.clock)
    if not await password_store.remove(uow.conn, actor.user_id):
        raise NotFound("This account has no password.")
    await require_another_way_in(uow, actor.user_id)
    await audit.record(uow, "password.removed", actor=actor.user_id, subject=actor.user_id, client=client)
    await tell_owner(uow, actor.user_id, "password.removed", client)


async def tell_owner(uow: UnitOfWork, user_id: UUID, change: str, client: Client) -> None:
    """A letter that the account is protected otherwise than before; `change` is an action of the audit log.

    It tells, as the log does, from where.
    """
    if change not in audit.ACTIONS:
        raise ValueError(f"{change} is not in ACTIONS")
    person = await user_store.user(uow.conn, user_id)
    if person is None:
        return
    data = {"change": change, "device": client.user_agent, "address": client.address, "at": uow.clock.now().isoformat()}
    await letters.ask(uow, "factor_changed", user_id=user_id, language=person.language, data=data)
