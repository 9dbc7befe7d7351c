"""Two artists or albums that are one, and one that is two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import approves, require_manager
from antiphon.domains.catalog.api.albums import album
from antiphon.domains.catalog.api.artists import artist
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.errors import (
    AlbumNotFound,
    ArtistNotFound,
    CannotMerge,
    ContentNotFound,
    NotApproved,
)
from antiphon.domains.catalog.fields import ALBUM, ARTIST, TRACK, Form, required
from antiphon.domains.catalog.model import Album, ApprovalRule, FullArtist, sort_key
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import merging as store
from antiphon.domains.catalog.store import redirects, rows
from antiphon.facts.catalog import AlbumsMerged, ArtistCreated, ArtistsMerged
from antiphon.kit.db import UnitOfWork, act_for_the_house
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, new_uuid, out
from antiphon.kit.text import search_key

__all__ = ["merge_album", "merge_artist", "moved_to", "split_album", "split_artist"]


async def moved_to(conn: AsyncConnection, row_id: UUID) -> UUID | None:
    """What an id that was merged is now."""
    return await redirects.target(conn, row_id)


async def merge_artist(uow: UnitOfWork, user_id: UUID, artist_id: UUID, into: UUID) -> FullArtist:
    """For whoever owns both. Works, credits, names and managers go over. Raises ArtistNotFound, NotManager, NotApproved
    where the other may not publish (yet), CannotMerge."""
    if artist_id == into:
        raise CannotMerge(reason="itself")
    found = await store.artists(uow.conn, [artist_id, into])
    for each in (artist_id, into):
        if each not in found or found[each].withheld_at is not None:
            raise ArtistNotFound
        await require_manager(uow.conn, each, user_id, "artist.share")
    if found[into].approval != "approved":
        raise NotApproved
    await act_for_the_house(uow.conn)  # works that others made for the artist go over too
    before = await edit_store.state(uow.conn, ARTIST, artist_id, hold=False)
    await redirects.put(uow.conn, "artist", artist_id, into, uow.clock.now())
    await store.merge_artist(uow.conn, found[artist_id], into, uow.clock.now())
    await _remember(uow, user_id, ARTIST, into, "merge", {"id": out(Kind.ARTIST, artist_id), "merged": before})
    uow.add_fact(ArtistsMerged(subject=artist_id, into=into))
    return await artist(uow.conn, into, user_id)


async def merge_album(uow: UnitOfWork, user_id: UUID, album_id: UUID, into: UUID) -> Album:
    """Tracks go over with their numbers. Raises AlbumNotFound, NotManager, CannotMerge."""
    if album_id == into:
        raise CannotMerge(reason="itself")
    found = await store.albums(uow.conn, [album_id, into])
    if len(found) < 2:
        raise AlbumNotFound
    gone, other = found[album_id], found[into]
    for each in (gone, other):
        await require_manager(uow.conn, each.artist_id, user_id)
        if each.taken_down_at or each.withheld_at:
            raise CannotMerge(reason="out_of_sight")
    if gone.library_id != other.library_id:
        raise CannotMerge(reason="across_libraries")
    if gone.published_at and not other.published_at:
        raise CannotMerge(reason="would_hide")
    await act_for_the_house(uow.conn)
    before = await edit_store.state(uow.conn, ALBUM, album_id, hold=False)
    await redirects.put(uow.conn, "album", album_id, into, uow.clock.now())
    await store.merge_album(uow.conn, gone, into, uow.clock.now())
    await _remember(uow, user_id, ALBUM, into, "merge", {"id": out(Kind.ALBUM, album_id), "merged": before})
    uow.add_fact(AlbumsMerged(subject=album_id, into=into))
    return await album(uow.conn, into, user_id)


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
    await _remember(uow, user_id, ALBUM, made, "split", {"id": old})
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
    await _remember(uow, user_id, ARTIST, made, "split", {"id": out(Kind.ARTIST, artist_id)})
    uow.add_fact(ArtistCreated(subject=made, by_user=user_id))
    return await artist(uow.conn, made, user_id)


async def _remember(
    uow: UnitOfWork, user_id: UUID, form: Form, row_id: UUID, action: str, before: dict[str, Any]
) -> None:
    values = {"kind": form.name, "subject": row_id, "action": action, "before": before, "after": {}}
    await edit_store.insert(uow.conn, values | {"batch": None, "undoes": None, "by": user_id, "now": uow.clock.now()})
