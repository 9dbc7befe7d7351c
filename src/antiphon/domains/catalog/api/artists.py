"""Artists: public profiles that own releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.errors import ArtistHasWorks, ArtistNotFound, NotApproved, NotManager
from antiphon.domains.catalog.model import MANAGER_KINDS, ApprovalRule, Artist, ArtistChange, Image, NewArtist
from antiphon.domains.catalog.store import artists as store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.views import artist_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import ArtistCreated, ArtistDeleted
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork, act_for_the_house
from antiphon.kit.errors import FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut
from antiphon.kit.text import clean, clean_lines


async def require_manager(conn: AsyncConnection, artist_id: UUID, user_id: UUID) -> None:
    """Raises ArtistNotFound or NotManager."""
    found = await store.managers(conn, artist_id)
    if found is None:
        raise ArtistNotFound()
    await decide_over(conn, found, user_id, "content.edit")


async def decide_over(conn: AsyncConnection, managers: Sequence[Any], user_id: UUID, permission: str) -> None:
    """The policy's word on an artist with these managers. Raises NotManager.

    Whoever may change works of anybody acts for the house: its rows do not belong to them.
    """
    by_kind = {kind: frozenset(row.user_id for row in managers if row.kind == kind) for kind in MANAGER_KINDS}
    resource = identity.Resource(owners=by_kind["owner"], managers=by_kind["manager"], labels=by_kind["label"])
    decision = await identity.decide(conn, user_id, permission, resource)
    if not decision.allowed:
        raise NotManager()
    if decision.reason == "any":
        await act_for_the_house(conn)


def required(text: str, pointer: str) -> str:
    """The text as it is stored; refuses what is empty once white space is folded."""
    cleaned = clean(text)
    if not cleaned:
        raise Invalid(FieldProblem(pointer, "empty", "This must not be empty."))
    return cleaned


async def create_artist(
    uow: UnitOfWork, user_id: UUID, new: NewArtist, *, rule: ApprovalRule, client: Client | None = None
) -> Artist:
    """Make a profile that the person manages from now on, and give them the artist role.

    Where the operator requires approval, role and publishing wait for it; whoever approves others needs nobody.
    """
    now = uow.clock.now()
    waits = rule == "required" and not await _approves(uow.conn, user_id)
    values = {"name": required(new.name, "/name"), "bio": clean_lines(new.bio), "created_by": user_id}
    if waits:
        values |= {"approval": "waiting", "approval_asked_at": now}
    artist_id = await rows.insert_row(uow.conn, tables.artists, values, now)
    await store.set_manager(uow.conn, artist_id, user_id, "owner", now)
    if waits:
        await identity.artist_asked(uow, user_id, artist=out(Kind.ARTIST, artist_id), client=client)
    else:
        await identity.grant_role(uow, user_id, "artist")
    uow.add_fact(ArtistCreated(subject=artist_id, by_user=user_id))
    return await artist(uow.conn, artist_id, user_id)


async def _approves(conn: AsyncConnection, user_id: UUID) -> bool:
    own = identity.Resource(owners=frozenset({user_id}))
    return (await identity.decide(conn, user_id, "artist.approve", own)).allowed


async def require_approved(conn: AsyncConnection, artist_id: UUID) -> None:
    """Raises NotApproved. What is approved stays so, so nothing has to be held."""
    if not await store.is_approved(conn, artist_id):
        raise NotApproved


async def artist(conn: AsyncConnection, artist_id: UUID, viewer: UUID | None) -> Artist:
    row = await store.get(conn, artist_id, viewer)
    if row is None:
        raise ArtistNotFound()
    return artist_view(row)


async def artist_page(conn: AsyncConnection, viewer: UUID | None, mine: bool, request: PageRequest) -> Page[Artist]:
    found = await store.page(conn, viewer, mine, request)
    return cut(found, request, lambda row: (row.search_key, str(row.id))).map(artist_view)


async def update_artist(
    uow: UnitOfWork, user_id: UUID, artist_id: UUID, change: ArtistChange, version: int | None
) -> Artist:
    await require_manager(uow.conn, artist_id, user_id)
    values = msgspec.structs.asdict(change)
    values = {name: value for name, value in values.items() if value is not msgspec.UNSET}
    if "name" in values:
        values["name"] = required(values["name"], "/name")
    if "bio" in values:
        values["bio"] = clean_lines(values["bio"])
    if not await rows.update_row(uow.conn, tables.artists, artist_id, values, uow.clock.now(), version):
        raise VersionConflict()
    return await artist(uow.conn, artist_id, user_id)


async def set_artist_image(uow: UnitOfWork, user_id: UUID, artist_id: UUID, image: Image) -> Artist:
    await require_manager(uow.conn, artist_id, user_id)
    values = {"image": msgspec.to_builtins(image)}
    await rows.update_row(uow.conn, tables.artists, artist_id, values, uow.clock.now(), None)
    return await artist(uow.conn, artist_id, user_id)


async def delete_artist(uow: UnitOfWork, user_id: UUID, artist_id: UUID) -> None:
    """Only an empty profile goes; works are deleted one by one, on purpose."""
    await store.hold(uow.conn, artist_id)
    await require_manager(uow.conn, artist_id, user_id)
    if await store.has_works(uow.conn, artist_id):
        raise ArtistHasWorks()
    await store.delete(uow.conn, artist_id)
    uow.add_fact(ArtistDeleted(subject=artist_id))
