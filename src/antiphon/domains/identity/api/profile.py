"""What a person shows of themselves: words, links, a picture, a badge; and counters that are always exact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.api.accounts import me
from antiphon.domains.identity.api.views import Me
from antiphon.domains.identity.store import privacy as store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound

__all__ = [
    "COUNT_PLAYS",
    "PersonName",
    "is_closing",
    "names_of",
    "own",
    "set_avatar",
    "set_play_counts",
    "set_verified",
]

COUNT_PLAYS = store.COUNT_PLAYS


@dataclass(frozen=True, slots=True)
class PersonName:
    """How somebody is called beside what they said or did."""

    handle: str
    display_name: str


async def names_of(conn: AsyncConnection, user_ids: Collection[UUID]) -> dict[UUID, PersonName]:
    """Of what they signed with their name, whether or not they show their profile. Whoever is gone is left out."""
    rows = await user_store.names_of(conn, user_ids) if user_ids else ()
    return {row.id: PersonName(row.handle, row.display_name) for row in rows}


async def set_avatar(uow: UnitOfWork, user_id: UUID, color: str | None, sizes: Mapping[str, str]) -> None:
    """Show another picture; without a colour, none. Raises NotFound where the account is gone."""
    avatar = {"color": color, "sizes": dict(sizes)} if color is not None else None
    if not await store.set_avatar(uow.conn, user_id, avatar, uow.clock.now()):
        raise NotFound("There is no user with this id.")


async def own(conn: AsyncConnection, actor: Actor) -> Me:
    """The person who asks, for domains that changed something of theirs."""
    return await me(conn, actor)


async def set_verified(uow: UnitOfWork, by: UUID, user_id: UUID, verified: bool, client: Client) -> None:
    """Give or take the badge that says: this is who they say they are. Raises NotFound."""
    now = uow.clock.now()
    if not await store.set_verified(uow.conn, user_id, now if verified else None, now):
        raise NotFound("There is no user with this id.")
    action = "account.verified" if verified else "account.unverified"
    await audit.record(uow, action, actor=by, subject=user_id, client=client)


async def set_play_counts(uow: UnitOfWork, plays: Mapping[UUID, int]) -> int:
    """Make the counters equal to `plays`; people who are not named have none. Answers how many changed."""
    return await store.set_play_counts(uow.conn, plays)


async def is_closing(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the account is about to go, or gone."""
    person = await user_store.user(conn, user_id)
    return person is None or person.closes_at is not None
