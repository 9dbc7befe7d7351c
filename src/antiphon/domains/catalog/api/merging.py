"""Two artists, albums or tracks that are one, and two again where that was taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_manager
from antiphon.domains.catalog.api.albums import album
from antiphon.domains.catalog.api.artists import artist
from antiphon.domains.catalog.api.tracks import track
from antiphon.domains.catalog.errors import (
    AlbumNotFound,
    ArtistNotFound,
    CannotMerge,
    ContentNotFound,
    EditFinal,
    EditOvertaken,
    NotApproved,
)
from antiphon.domains.catalog.fields import ALBUM, ARTIST, TRACK, Form
from antiphon.domains.catalog.model import Album, FullArtist, FullTrack
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import redirects
from antiphon.domains.catalog.store import splitting as store
from antiphon.domains.catalog.store.merging import albums, artists, record, tracks
from antiphon.facts.catalog import AlbumsMerged, ArtistsMerged, MergeUndone, TracksMerged
from antiphon.kit.db import UnitOfWork, act_for_the_house
from antiphon.kit.ids import Kind, out, parse

__all__ = ["merge_album", "merge_artist", "merge_track", "moved_to", "remember", "unmerge"]

_Merge = Callable[[AsyncConnection, UUID, UUID, datetime], Awaitable[dict[str, Any]]]
_Unmerge = Callable[[AsyncConnection, UUID, UUID, Mapping[str, Any], datetime], Awaitable[None]]
_HOW: Mapping[Kind, tuple[_Merge, _Unmerge]] = {
    Kind.ARTIST: (artists.merge, artists.unmerge),
    Kind.ALBUM: (albums.merge, albums.unmerge),
    Kind.TRACK: (tracks.merge, tracks.unmerge),
}


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
    await _merge(uow, user_id, ARTIST, artist_id, into)
    uow.add_fact(ArtistsMerged(subject=artist_id, into=into))
    return await artist(uow.conn, into, user_id)


async def merge_album(uow: UnitOfWork, user_id: UUID, album_id: UUID, into: UUID) -> Album:
    """Tracks go over with their numbers. Raises AlbumNotFound, NotManager, CannotMerge."""
    if album_id == into:
        raise CannotMerge(reason="itself")
    found = await store.albums(uow.conn, [album_id, into])
    if len(found) < 2:
        raise AlbumNotFound
    await _require_alike(uow, user_id, found[album_id], found[into])
    await _merge(uow, user_id, ALBUM, album_id, into)
    uow.add_fact(AlbumsMerged(subject=album_id, into=into))
    return await album(uow.conn, into, user_id)


async def merge_track(uow: UnitOfWork, user_id: UUID, track_id: UUID, into: UUID) -> FullTrack:
    """Likes, plays, places in playlists and lyrics go over; its files stay with it, out of sight.

    Raises ContentNotFound, NotManager, CannotMerge.
    """
    if track_id == into:
        raise CannotMerge(reason="itself")
    found = await store.tracks(uow.conn, [track_id, into])
    if len(found) < 2:
        raise ContentNotFound
    gone, other = found[track_id], found[into]
    await _require_alike(uow, user_id, gone, other)
    if gone.status == "ready" and other.status != "ready":
        raise CannotMerge(reason="would_hide")
    await _merge(uow, user_id, TRACK, track_id, into)
    uow.add_fact(TracksMerged(subject=track_id, into=into, from_album=gone.album_id, to_album=other.album_id))
    return await track(uow.conn, into, user_id)


async def _require_alike(uow: UnitOfWork, user_id: UUID, gone: Row[Any], other: Row[Any]) -> None:
    for each in (gone, other):
        await require_manager(uow.conn, each.artist_id, user_id)
        if each.taken_down_at or each.withheld_at:
            raise CannotMerge(reason="out_of_sight")
    if gone.library_id != other.library_id:
        raise CannotMerge(reason="across_libraries")
    if gone.published_at and not other.published_at:
        raise CannotMerge(reason="would_hide")


async def _merge(uow: UnitOfWork, user_id: UUID, form: Form, gone: UUID, into: UUID) -> None:
    await act_for_the_house(uow.conn)  # what others made for the work goes over too
    before = await edit_store.state(uow.conn, form, gone, hold=False)
    forwarded = await record.ask(uow.conn, record.FORWARDED, gone=gone)
    await redirects.put(uow.conn, form.name, gone, into, uow.clock.now())
    merge, _ = _HOW[form.kind]
    moved = await merge(uow.conn, gone, into, uow.clock.now())
    edit = await remember(uow, user_id, form, into, "merge", {"id": out(form.kind, gone), "merged": before})
    await record.keep(uow.conn, edit, moved | {"forwarded": forwarded})


async def unmerge(uow: UnitOfWork, user_id: UUID, form: Form, merged: Row[Any]) -> UUID:
    """Take the edit of a merge back: what moved moves back, where it still stands. Answers the edit that this made.

    Raises NotManager; EditFinal for merges from before their moves were recorded; EditOvertaken where something else
    became part of the same since, which must be taken back first.
    """
    into, gone = merged.subject, parse(form.kind, msgspec.json.decode(merged.before)["id"])
    held = {Kind.ARTIST: store.artists, Kind.ALBUM: store.albums, Kind.TRACK: store.tracks}[form.kind]
    present = (await held(uow.conn, [into]))[into]
    if form is ARTIST:
        await require_manager(uow.conn, into, user_id, "artist.share")
    await act_for_the_house(uow.conn)
    moved = await record.moved_by(uow.conn, merged.id)
    if merged.undone or await record.later_merge(uow.conn, merged.id, into):
        raise EditOvertaken("Something was merged into it later, or this was taken back already.", fields=[])
    if moved is None:
        raise EditFinal
    _, undo = _HOW[form.kind]
    await undo(uow.conn, gone, into, moved, uow.clock.now())
    await record.put_back_redirects(uow.conn, gone, into, moved["forwarded"])
    await record.forget(uow.conn, merged.id)
    albums_of_tracks = {}
    if form is TRACK:
        album_of = (await held(uow.conn, [gone]))[gone].album_id
        albums_of_tracks = {"from_album": present.album_id, "to_album": album_of}
    uow.add_fact(MergeUndone(subject=gone, kind=form.name, apart_from=into, **albums_of_tracks))
    return await remember(uow, user_id, form, into, "undo", {}, undoes=merged.id, after={"id": out(form.kind, gone)})


async def remember(
    uow: UnitOfWork,
    user_id: UUID,
    form: Form,
    row_id: UUID,
    action: str,
    before: dict[str, Any],
    *,
    after: dict[str, Any] | None = None,
    undoes: UUID | None = None,
) -> UUID:
    values = {"kind": form.name, "subject": row_id, "action": action, "before": before, "after": after or {}}
    return await edit_store.insert(
        uow.conn, values | {"batch": None, "undoes": undoes, "by": user_id, "now": uow.clock.now()}
    )
