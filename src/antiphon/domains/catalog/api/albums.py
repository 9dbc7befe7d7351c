"""Albums: ordered releases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import require_approved, require_manager
from antiphon.domains.catalog.api.editing import Why, change
from antiphon.domains.catalog.api.tracks import delete_track, publish_ready, require_editable_track
from antiphon.domains.catalog.errors import AlbumEmpty, AlbumNotFound, NotReady, TakenDownWork
from antiphon.domains.catalog.fields import ALBUM, cleaned
from antiphon.domains.catalog.model import Album, AlbumCard, Image, Loudness, NewAlbum
from antiphon.domains.catalog.model_changes import ContentChange
from antiphon.domains.catalog.store import albums as store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.views import album_card_view, album_view, track_view
from antiphon.facts.catalog import AlbumDeleted, AlbumPublished
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest, cut


async def create_album(uow: UnitOfWork, user_id: UUID, new: NewAlbum) -> Album:
    artist_id = parse(Kind.ARTIST, new.artist_id)
    await require_manager(uow.conn, artist_id, user_id)
    given = msgspec.structs.asdict(new)
    del given["artist_id"]
    values = {ALBUM.columns[name]: value for name, value in cleaned(ALBUM, given).items()}
    values |= {"artist_id": artist_id, "created_by": user_id}
    album_id = await rows.insert_row(uow.conn, tables.albums, values, uow.clock.now())
    return await album(uow.conn, album_id, user_id)


async def album(conn: AsyncConnection, album_id: UUID, viewer: UUID | None) -> Album:
    """Raises AlbumNotFound also for drafts of others."""
    row = await store.get(conn, album_id, viewer)
    if row is None:
        raise AlbumNotFound()
    tracks = await track_store.of_album(conn, album_id, viewer)
    return album_view(row, [track_view(track) for track in tracks])


async def album_page(
    conn: AsyncConnection,
    viewer: UUID | None,
    request: PageRequest,
    *,
    artist: UUID | None = None,
    genre: UUID | None = None,
    year: int | None = None,
    library: UUID | None = None,
    mine: bool = False,
    sort: store.Sort = "newest",
) -> Page[AlbumCard]:
    found = await store.page(
        conn, viewer, request, mine=mine, sort=sort, artist=artist, genre=genre, year=year, library=library
    )

    def place(row: Row[Any]) -> str | None:
        if sort == "title":
            return str(row.sort_key)
        at = row.release_date if sort == "released" else row.created_at if mine else row.published_at
        return at.isoformat() if at else None

    return cut(found, request, lambda row: (place(row), str(row.id))).map(album_card_view)


async def _require_editable(uow: UnitOfWork, user_id: UUID, album_id: UUID) -> Album:
    found = await album(uow.conn, album_id, user_id)
    await require_manager(uow.conn, parse(Kind.ARTIST, found.artist.id), user_id)
    return found


async def require_editable(uow: UnitOfWork, user_id: UUID, content_id: UUID, *, album: bool) -> None:
    """Raises where the person may not change this album or track."""
    if album:
        await _require_editable(uow, user_id, content_id)
    else:
        await require_editable_track(uow, user_id, content_id)


async def update_album(
    uow: UnitOfWork, user_id: UUID, album_id: UUID, wanted: ContentChange, version: int | None
) -> Album:
    """Raises Invalid for a field that only tracks have, VersionConflict where `version` is not the present one."""
    await _require_editable(uow, user_id, album_id)
    await change(uow, ALBUM, album_id, msgspec.to_builtins(wanted), Why(user_id), version)
    return await album(uow.conn, album_id, user_id)


async def publish_album(uow: UnitOfWork, user_id: UUID, album_id: UUID) -> Album:
    """Publish the album with all its tracks that play. Raises NotApproved, AlbumEmpty, or NotReady while none plays."""
    found = await _require_editable(uow, user_id, album_id)
    artist_id = parse(Kind.ARTIST, found.artist.id)
    await require_approved(uow.conn, artist_id)
    if found.taken_down:
        raise TakenDownWork
    if not found.tracks:
        raise AlbumEmpty()
    ready = [track for track in found.tracks if track.status == "ready"]
    if not ready:
        raise NotReady()
    if await store.publish(uow.conn, album_id, uow.clock.now()):
        uow.add_fact(AlbumPublished(subject=album_id, artist_id=artist_id))
    for track in ready:
        await publish_ready(uow, parse(Kind.TRACK, track.id), artist_id, album_id)
    return await album(uow.conn, album_id, user_id)


async def delete_album(uow: UnitOfWork, user_id: UUID, album_id: UUID, *, with_tracks: bool) -> None:
    """`with_tracks`: the tracks go too; else they stay, without an album."""
    found = await _require_editable(uow, user_id, album_id)
    if with_tracks:
        for track in found.tracks:
            await delete_track(uow, user_id, parse(Kind.TRACK, track.id))
    await store.delete(uow.conn, album_id)
    uow.add_fact(AlbumDeleted(subject=album_id, artist_id=parse(Kind.ARTIST, found.artist.id)))


async def set_album_cover(uow: UnitOfWork, user_id: UUID, album_id: UUID, cover: Image) -> Album:
    await _require_editable(uow, user_id, album_id)
    values = {"cover": msgspec.to_builtins(cover)}
    await rows.update_row(uow.conn, tables.albums, album_id, values, uow.clock.now(), None)
    return await album(uow.conn, album_id, user_id)


async def album_track_ids(conn: AsyncConnection, album_id: UUID) -> list[UUID]:
    """In the order of the album, drafts too."""
    return await store.track_ids(conn, album_id)


async def set_album_loudness(uow: UnitOfWork, album_id: UUID, loudness: Loudness | None) -> Loudness | None:
    """Loudness over all tracks of the album, as media measured it. Answers what was known before."""
    encoded = None if loudness is None else msgspec.json.encode(loudness).decode()
    before = await store.set_loudness(uow.conn, album_id, encoded)
    return None if before is None else msgspec.json.decode(before, type=Loudness)
