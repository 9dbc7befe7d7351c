"""Tracks: recordings in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.artists import require_approved, require_manager, required
from antiphon.domains.catalog.errors import AlbumNotFound, ContentNotFound, NotReady
from antiphon.domains.catalog.model import ContentChange, CreditInput, Image, Loudness, Track
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as store
from antiphon.domains.catalog.views import track_view
from antiphon.facts.catalog import TrackDeleted, TrackMoved, TrackPublished
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest, cut
from antiphon.kit.text import clean, clean_lines

_COLUMNS = {"title", "description", "explicit", "disc_number", "track_number", "year", "isrc"}
_APART = {"album_id", "genres", "credits"}
_loudness = msgspec.json.Decoder(Loudness)


@dataclass(frozen=True, slots=True)
class PlayableTrack:
    """What playback decides on."""

    id: UUID
    artist_id: UUID
    album_id: UUID | None
    owner_id: UUID | None
    duration_ms: int | None
    status: str
    renditions_complete: bool
    published: bool
    album_loudness: Loudness | None


async def track(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> Track:
    """Raises ContentNotFound also for drafts of others."""
    row = await store.get(conn, track_id, viewer)
    if row is None:
        raise ContentNotFound()
    return track_view(row)


async def playable_track(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> PlayableTrack:
    """Raises ContentNotFound where the viewer may not see the track."""
    return _playable(await store.playable(conn, track_id, viewer))


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
    )


async def album_of(conn: AsyncConnection, track_id: UUID) -> UUID | None:
    return await store.album_of(conn, track_id)


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
    sort: store.Sort = "newest",
) -> Page[Track]:
    found = await store.page(conn, viewer, request, mine=mine, artist=artist, genre=genre, status=status, sort=sort)

    def key(row: Any) -> tuple[str | int, str]:
        if sort == "title":
            return row.search_key, str(row.id)
        if sort == "popular":
            return row.plays, str(row.id)
        return (row.created_at if mine else row.published_at).isoformat(), str(row.id)

    return cut(found, request, key).map(track_view)


async def require_editable_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> Track:
    found = await track(uow.conn, track_id, user_id)
    await require_manager(uow.conn, parse(Kind.ARTIST, found.artist.id), user_id)
    return found


async def _album_of(uow: UnitOfWork, user_id: UUID, artist_id: str, album_id: str | None) -> UUID | None:
    if album_id is None:
        return None
    row = await album_store.get(uow.conn, parse(Kind.ALBUM, album_id), user_id)
    if row is None:
        raise AlbumNotFound()
    if row.artist_id != parse(Kind.ARTIST, artist_id):
        raise Invalid(FieldProblem("/album_id", "other_artist", "This album belongs to another artist."))
    return UUID(str(row.id))


async def update_track(
    uow: UnitOfWork, user_id: UUID, track_id: UUID, change: ContentChange, version: int | None
) -> Track:
    """Raises Invalid for a field that only albums have, VersionConflict where `version` is not the present one."""
    found = await require_editable_track(uow, user_id, track_id)
    given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not msgspec.UNSET}
    foreign = given.keys() - _COLUMNS - _APART
    if foreign:
        raise Invalid(*(FieldProblem(f"/{name}", "not_of_tracks", "Tracks do not have this.") for name in foreign))
    values = {name: given[name] for name in given.keys() & _COLUMNS}
    if "title" in values:
        values["title"] = required(values["title"], "/title")
    if "description" in values:
        values["description"] = clean_lines(values["description"])
    if "album_id" in given:
        values["album_id"] = await _album_of(uow, user_id, found.artist.id, given["album_id"])
    if not await rows.update_row(uow.conn, tables.tracks, track_id, values, uow.clock.now(), version):
        raise VersionConflict()
    before = parse(Kind.ALBUM, found.album.id) if found.album else None
    if values.get("album_id", before) != before:
        uow.add_fact(TrackMoved(subject=track_id, from_album=before, to_album=values["album_id"]))
    if "genres" in given:
        await store.set_genres(uow.conn, track_id, [clean(name) for name in given["genres"]])
    if "credits" in given:
        await store.set_credits(uow.conn, track_id, _credits(given["credits"]))
    return await track(uow.conn, track_id, user_id)


def _credits(credits: list[CreditInput]) -> list[tuple[str, str, UUID | None]]:
    return [
        (
            required(credit.name, f"/credits/{index}/name"),
            required(credit.role, f"/credits/{index}/role"),
            parse(Kind.ARTIST, credit.artist_id) if credit.artist_id else None,
        )
        for index, credit in enumerate(credits)
    ]


async def publish_ready(uow: UnitOfWork, track_id: UUID, artist_id: UUID, album_id: UUID | None) -> None:
    if await store.publish(uow.conn, track_id, uow.clock.now()):
        uow.add_fact(TrackPublished(subject=track_id, artist_id=artist_id, album_id=album_id))


async def publish_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> Track:
    """Publishing what is published changes nothing. Raises NotApproved, or NotReady until the first rendition plays."""
    found = await require_editable_track(uow, user_id, track_id)
    artist_id = parse(Kind.ARTIST, found.artist.id)
    await require_approved(uow.conn, artist_id)
    if found.status != "ready":
        raise NotReady()
    album_id = parse(Kind.ALBUM, found.album.id) if found.album else None
    await publish_ready(uow, track_id, artist_id, album_id)
    return await track(uow.conn, track_id, user_id)


async def unpublish_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> Track:
    await require_editable_track(uow, user_id, track_id)
    await rows.update_row(uow.conn, tables.tracks, track_id, {"published_at": None}, uow.clock.now(), None)
    return await track(uow.conn, track_id, user_id)


async def set_track_cover(uow: UnitOfWork, user_id: UUID, track_id: UUID, cover: Image) -> Track:
    await require_editable_track(uow, user_id, track_id)
    values = {"cover": msgspec.to_builtins(cover)}
    await rows.update_row(uow.conn, tables.tracks, track_id, values, uow.clock.now(), None)
    return await track(uow.conn, track_id, user_id)


async def delete_track(uow: UnitOfWork, user_id: UUID, track_id: UUID) -> None:
    found = await require_editable_track(uow, user_id, track_id)
    await store.delete(uow.conn, track_id)
    album_id = parse(Kind.ALBUM, found.album.id) if found.album else None
    uow.add_fact(TrackDeleted(subject=track_id, artist_id=parse(Kind.ARTIST, found.artist.id), album_id=album_id))
