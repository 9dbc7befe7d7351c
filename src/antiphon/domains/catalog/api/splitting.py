"""One artist or album that is two."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import approves, require_manager
from antiphon.domains.catalog.api.albums import album
from antiphon.domains.catalog.api.artists import artist
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.api.merging import remember
from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound, ContentNotFound, NotApproved
from antiphon.domains.catalog.fields import ALBUM, ARTIST, TRACK, required
from antiphon.domains.catalog.model import Album, ApprovalRule, FullArtist, sort_key
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import splitting as store
from antiphon.facts.catalog import ArtistCreated
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, new_uuid, out
from antiphon.kit.text import search_key

__all__ = ["split_album", "split_artist"]


async def split_album(uow: UnitOfWork, user_id: UUID, album_id: UUID, track_ids: Sequence[UUID], title: str) -> Album:
    """The tracks make an album of their own, as public as this one. Raises AlbumNotFound, NotManager, Invalid."""
    name = required(title, "/title")
    found = await store.albums(uow.conn, [album_id])
    if album_id not in found:
        raise AlbumNotFound
    await require_manager(uow.conn, found[album_id].artist_id, user_id)
    keys = (search_key(name), sort_key(name))
    made = await store.copy_album(uow.conn, album_id, name, keys, user_id, uow.clock.now())
    old, new = out(Kind.ALBUM, album_id), out(Kind.ALBUM, made)
    why = Why(user_id, batch=new_uuid(), moves=True)
    for index, track_id in enumerate(dict.fromkeys(track_ids)):
        state = await edit_store.state(uow.conn, TRACK, track_id, hold=True)
        if state is None or state["album_id"] != old:
            raise Invalid(FieldProblem(f"/track_ids/{index}", "not_of_album", "This track is not on the album."))
        await change(uow, TRACK, track_id, {"album_id": new}, why)
    await remember(uow, user_id, ALBUM, made, "split", {"id": old})
    return await album(uow.conn, made, user_id)


async def split_artist(
    uow: UnitOfWork,
    user_id: UUID,
    artist_id: UUID,
    name: str,
    album_ids: Sequence[UUID],
    track_ids: Sequence[UUID],
    *,
    rule: ApprovalRule,
) -> FullArtist:
    """The works get an artist of their own, with the same managers.

    Raises ArtistNotFound, NotManager, Invalid, ContentNotFound for works that are not the artist's, and NotApproved
    where the operator wants to look at new artists and the person is not one of those who do.
    """
    named = required(name, "/name")
    if artist_id not in await store.artists(uow.conn, [artist_id]):
        raise ArtistNotFound
    await require_manager(uow.conn, artist_id, user_id, "artist.share")
    if rule == "required" and not await approves(uow.conn, user_id):
        raise NotApproved
    works = await store.works_of_artist(uow.conn, artist_id, album_ids, track_ids)
    if not {*album_ids, *track_ids} <= {row.id for row in works}:
        raise ContentNotFound
    values = {"name": named, "created_by": user_id}
    made = await rows.insert_row(uow.conn, tables.artists, values, uow.clock.now())
    await store.copy_managers(uow.conn, artist_id, made)
    why = Why(user_id, batch=new_uuid())
    for row in works:
        form = ALBUM if row.kind == "album" else TRACK
        state = await edit_store.state(uow.conn, form, row.id, hold=True)
        if state is not None:
            others = [entry for entry in state["artists"][1:] if entry["artist_id"] != out(Kind.ARTIST, made)]
            first = state["artists"][0] | {"artist_id": out(Kind.ARTIST, made), "credited_as": None}
            await change(uow, form, row.id, {"artists": [first, *others]}, why)
    await remember(uow, user_id, ARTIST, made, "split", {"id": out(Kind.ARTIST, artist_id)})
    uow.add_fact(ArtistCreated(subject=made, by_user=user_id))
    return await artist(uow.conn, made, user_id)
