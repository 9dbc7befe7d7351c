"""Who manages an artist: its owners choose, managers and labels work on what is released."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog.api.access import decide_over
from antiphon.domains.catalog.errors import ArtistNotFound, LastOwner, NoLabel
from antiphon.domains.catalog.model import Manager, ManagerKind
from antiphon.domains.catalog.store import artists as store
from antiphon.domains.identity import api as identity
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out

__all__ = ["managers", "remove_manager", "set_manager"]


async def managers(uow: UnitOfWork, user_id: UUID, artist_id: UUID) -> list[Manager]:
    """Seen by those who are among them. Raises ArtistNotFound, NotManager."""
    found = await store.managers(uow.conn, artist_id)
    if found is None:
        raise ArtistNotFound()
    await decide_over(uow.conn, found, user_id, "content.edit")
    return [Manager(out(Kind.USER, row.user_id), row.kind, row.since) for row in found]


async def set_manager(
    uow: UnitOfWork, user_id: UUID, artist_id: UUID, person: UUID, kind: ManagerKind
) -> list[Manager]:
    """Raises ArtistNotFound, NotManager, NotFound for a person who is not there, NoLabel, LastOwner."""
    await _require_owner(uow, user_id, artist_id, losing=person if kind != "owner" else None)
    them = await identity.user_by_id(uow.conn, person)
    if kind == "label" and "label" not in them.roles:
        raise NoLabel
    await store.set_manager(uow.conn, artist_id, person, kind, uow.clock.now())
    return await managers(uow, user_id, artist_id)


async def remove_manager(uow: UnitOfWork, user_id: UUID, artist_id: UUID, person: UUID) -> None:
    """Whoever manages an artist may also leave it. Raises ArtistNotFound, NotManager, NotFound, LastOwner."""
    await _require_owner(uow, user_id, artist_id, losing=person)
    if not await store.drop_manager(uow.conn, artist_id, person):
        raise NotFound("This person does not manage this artist.")
    uow.rights_changed("content:*")


async def _require_owner(uow: UnitOfWork, user_id: UUID, artist_id: UUID, *, losing: UUID | None) -> None:
    await store.hold(uow.conn, artist_id)
    found = await store.managers(uow.conn, artist_id)
    if found is None:
        raise ArtistNotFound()
    if losing != user_id or user_id not in {row.user_id for row in found}:
        await decide_over(uow.conn, found, user_id, "artist.share")
    owners = {row.user_id for row in found if row.kind == "owner"}
    if losing is not None and owners == {losing}:
        raise LastOwner
