"""Artists: public profiles that own releases."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import approves, require_manager
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.api.tracks import delete_merged
from antiphon.domains.catalog.errors import ArtistHasWorks, ArtistNotFound
from antiphon.domains.catalog.fields import ARTIST, required
from antiphon.domains.catalog.model import ApprovalRule, Artist, FullArtist, Image, NewArtist
from antiphon.domains.catalog.model_changes import ArtistChange
from antiphon.domains.catalog.store import artists as store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store.merging.tracks import merged_into
from antiphon.domains.catalog.views import artist_view, full_artist_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import ArtistCreated, ArtistDeleted
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut
from antiphon.kit.text import clean_lines


async def create_artist(
    uow: UnitOfWork, user_id: UUID, new: NewArtist, *, rule: ApprovalRule, client: Client | None = None
) -> FullArtist:
    """Make a profile that the person manages from now on, and give them the artist role.

    Where the operator requires approval, role and publishing wait for it; whoever approves others needs nobody.
    """
    now = uow.clock.now()
    waits = rule == "required" and not await approves(uow.conn, user_id)
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


async def artist(conn: AsyncConnection, artist_id: UUID, viewer: UUID | None) -> FullArtist:
    row = await store.get(conn, artist_id, viewer)
    if row is None:
        raise ArtistNotFound()
    return full_artist_view(row)


async def artist_page(
    conn: AsyncConnection, viewer: UUID | None, mine: bool, request: PageRequest, *, sort: store.Sort = "name"
) -> Page[Artist]:
    found = await store.page(conn, viewer, mine, request, sort=sort)
    by_name = sort == "name"
    return cut(found, request, lambda row: (row.sort_key if by_name else None, str(row.id))).map(artist_view)


async def update_artist(
    uow: UnitOfWork, user_id: UUID, artist_id: UUID, wanted: ArtistChange, version: int | None
) -> FullArtist:
    """Raises Invalid, VersionConflict where `version` is not the present one."""
    await require_manager(uow.conn, artist_id, user_id)
    await change(uow, ARTIST, artist_id, msgspec.to_builtins(wanted), Why(user_id), version)
    return await artist(uow.conn, artist_id, user_id)


async def set_artist_image(uow: UnitOfWork, user_id: UUID, artist_id: UUID, image: Image) -> FullArtist:
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
    await delete_merged(uow, await merged_into(uow.conn, artist_id=artist_id))
    await store.delete(uow.conn, artist_id)
    uow.add_fact(ArtistDeleted(subject=artist_id))
