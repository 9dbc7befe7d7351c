"""Tracks: recordings in the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import require_approved, require_manager
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.errors import ContentNotFound, NotHeardHere, NotReady, TakenDownWork
from antiphon.domains.catalog.fields import TRACK
from antiphon.domains.catalog.model import FullTrack, Image, Loudness, Track, without_article
from antiphon.domains.catalog.model.territories import Because, refusal
from antiphon.domains.catalog.model_changes import ContentChange
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as store
from antiphon.domains.catalog.store.merging.tracks import merged_into
from antiphon.domains.catalog.views import full_track_view, rights_of, track_view
from antiphon.facts.catalog import TrackDeleted, TrackPublished
from antiphon.kit.clients import asking
from antiphon.kit.db import UnitOfWork, act_for_the_house
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.paging import Page, PageRequest, cut

_loudness = msgspec.json.Decoder(Loudness)


@dataclass(frozen=True, slots=True)
class PlayableTrack:
    """What playback decides on. `everywhere`: at all times and for everybody, so that the answer may be remembered."""

    id: UUID
    artist_id: UUID
    album_id: UUID | None
    owner_id: UUID | None
    duration_ms: int | None
    status: str
    renditions_complete: bool
    published: bool
    album_loudness: Loudness | None
    explicit: bool
    has_lyrics: bool
    in_library: bool
    because: Because | None
    everywhere: bool


async def track(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> FullTrack:
    """Raises ContentNotFound also for drafts of others."""
    row = await store.get(conn, track_id, viewer)
    if row is None:
        raise ContentNotFound()
    return full_track_view(row)


async def playable_track(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> PlayableTrack:
    """Raises ContentNotFound where the viewer may not see the track."""
    return _playable(await store.playable(conn, track_id, viewer))


def require_heard_here(track: PlayableTrack) -> None:
    """Raises NotHeardHere where the track is for other countries, or for later."""
    if track.because is not None:
        raise NotHeardHere(because=track.because)


async def linked_track(conn: AsyncConnection, track_id: UUID) -> PlayableTrack:
    """For the holder of a link that was made for somebody who may. Raises ContentNotFound where it is gone."""
    return _playable(await store.playable_by_link(conn, track_id))


def _playable(row: Row[Any] | None) -> PlayableTrack:
    if row is None:
        raise ContentNotFound()
    return PlayableTrack(
        id=row.id,
        artist_id=row.artist_id,
        album_id=row.album_id,
        owner_id=row.created_by,
        duration_ms=row.duration_ms,
        status=row.status,
        renditions_complete=row.renditions_complete,
        published=row.published_at is not None,
        album_loudness=_loudness.decode(row.album_loudness) if row.album_loudness else None,
        explicit=row.explicit and not row.editable,
        has_lyrics=row.has_lyrics,
        in_library=row.in_library,
        because=None if row.editable else refusal(rights_of(row), asking()),
        everywhere=not row.explicit
        and all(rights.territories is None and not rights.embargoes for rights in rights_of(row)),
    )


async def album_of(conn: AsyncConnection, track_id: UUID) -> UUID | None:
    return await store.album_of(conn, track_id)


async def albums_of(conn: AsyncConnection, track_ids: Sequence[UUID]) -> list[UUID]:
    """Those that any of the tracks is on."""
    return await store.albums_of(conn, track_ids)


async def may_watch(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> bool:
    return await store.playable(conn, track_id, viewer) is not None


async def track_page(
    conn: AsyncConnection,
    viewer: UUID | None,
    request: PageRequest,
    *,
    mine: bool = False,
    artist: UUID | None = None,
    genre: UUID | None = None,
    status: str | None = None,
    year: int | None = None,
    library: UUID | None = None,
    sort: store.Sort = "newest",
) -> Page[Track]:
    found = await store.page(
        conn,
        viewer,
        request,
        mine=mine,
        artist=artist,
        genre=genre,
        status=status,
        year=year,
        library=library,
        sort=sort,
    )

    def key(row: Any) -> tuple[str | int, str]:
        if sort == "title":
            return without_article(row.search_key), str(row.id)
        if sort == "popular":
            return row.plays, str(row.id)
        return (row.created_at if mine else row.published_at).isoformat(), str(row.id)

    return cut(found, request, key).map(track_view)


async def require_editable_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> FullTrack:
    found = await track(uow.conn, track_id, user_id)
    await require_manager(uow.conn, parse(Kind.ARTIST, found.artist.id), user_id)
    return found


async def update_track(
    uow: UnitOfWork, user_id: UUID, track_id: UUID, wanted: ContentChange, version: int | None
) -> FullTrack:
    """Raises Invalid for a field that only albums have, VersionConflict where `version` is not the present one."""
    await require_editable_track(uow, user_id, track_id)
    await change(uow, TRACK, track_id, msgspec.to_builtins(wanted), Why(user_id), version)
    return await track(uow.conn, track_id, user_id)


async def publish_ready(uow: UnitOfWork, track_id: UUID, artist_id: UUID, album_id: UUID | None) -> None:
    if await store.publish(uow.conn, track_id, uow.clock.now()):
        uow.add_fact(TrackPublished(subject=track_id, artist_id=artist_id, album_id=album_id))


async def publish_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> FullTrack:
    """Publishing what is published changes nothing. Raises NotApproved, or NotReady until the first rendition plays."""
    found = await require_editable_track(uow, user_id, track_id)
    artist_id = parse(Kind.ARTIST, found.artist.id)
    await require_approved(uow.conn, artist_id)
    if found.taken_down:
        raise TakenDownWork
    if found.status != "ready":
        raise NotReady()
    album_id = parse(Kind.ALBUM, found.album.id) if found.album else None
    await publish_ready(uow, track_id, artist_id, album_id)
    return await track(uow.conn, track_id, user_id)


async def unpublish_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> FullTrack:
    await require_editable_track(uow, user_id, track_id)
    await rows.update_row(uow.conn, tables.tracks, track_id, {"published_at": None}, uow.clock.now(), None)
    uow.rights_changed(f"content:{out(Kind.TRACK, track_id)}")
    return await track(uow.conn, track_id, user_id)


async def set_track_cover(uow: UnitOfWork, user_id: UUID, track_id: UUID, cover: Image) -> FullTrack:
    await require_editable_track(uow, user_id, track_id)
    values = {"cover": msgspec.to_builtins(cover)}
    await rows.update_row(uow.conn, tables.tracks, track_id, values, uow.clock.now(), None)
    return await track(uow.conn, track_id, user_id)


async def delete_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> None:
    """What was merged into it goes with it."""
    found = await require_editable_track(uow, user_id, track_id)
    await delete_merged(uow, await merged_into(uow.conn, track_id))
    await store.delete(uow.conn, track_id)
    album_id = parse(Kind.ALBUM, found.album.id) if found.album else None
    uow.rights_changed(f"content:{out(Kind.TRACK, track_id)}")
    uow.add_fact(TrackDeleted(subject=track_id, artist_id=parse(Kind.ARTIST, found.artist.id), album_id=album_id))


async def delete_merged(uow: UnitOfWork, merged: Sequence[Row[Any]]) -> None:
    """Whatever is kept of tracks that became others goes for good."""
    if not merged:
        return
    await act_for_the_house(uow.conn)
    for row in merged:
        await store.delete(uow.conn, row.id)
        uow.add_fact(TrackDeleted(subject=row.id, artist_id=row.artist_id))
