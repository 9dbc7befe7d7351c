"""Lists over the whole catalogue: fresh, popular, genres; and works that somebody else found."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import AlbumCard, Artist, Genre, Track
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import artists as artist_store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.views import album_card_view, artist_view, track_view
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import PageRequest


class Discovery(msgspec.Struct, frozen=True):
    fresh_albums: list[AlbumCard]
    fresh_tracks: list[Track]
    popular_tracks: list[Track]
    artists: list[Artist]


class Works(msgspec.Struct, frozen=True):
    artists: list[Artist]
    albums: list[AlbumCard]
    tracks: list[Track]


async def discover(conn: AsyncConnection, viewer: UUID | None) -> Discovery:
    albums = await album_store.page(conn, viewer, PageRequest(12))
    fresh = await track_store.page(conn, viewer, PageRequest(12))
    popular = await track_store.page(conn, viewer, PageRequest(12), sort="popular")
    artists = await artist_store.most_played(conn, viewer, 12)
    if not artists:
        artists = (await artist_store.page(conn, viewer, False, PageRequest(12)))[:12]
    return Discovery(
        fresh_albums=[album_card_view(row) for row in albums[:12]],
        fresh_tracks=[track_view(row) for row in fresh[:12]],
        popular_tracks=[track_view(row) for row in popular[:12]],
        artists=[artist_view(row) for row in artists],
    )


async def genres(conn: AsyncConnection) -> list[Genre]:
    return [
        Genre(out(Kind.GENRE, row.id), row.name, row.tracks, out(Kind.GENRE, row.parent_id) if row.parent_id else None)
        for row in await track_store.genres(conn)
    ]


async def works(
    conn: AsyncConnection,
    viewer: UUID | None,
    *,
    artists: Sequence[UUID] = (),
    albums: Sequence[UUID] = (),
    tracks: Sequence[UUID] = (),
) -> Works:
    """In the given order; what is gone, or not for the viewer, is left out."""
    found_artists = {row.id: row for row in await artist_store.of_ids(conn, viewer, artists)}
    found_albums = {row.id: row for row in await album_store.of_ids(conn, viewer, albums)}
    found_tracks = {row.id: row for row in await track_store.of_ids(conn, viewer, tracks)}
    return Works(
        artists=[artist_view(found_artists[one]) for one in artists if one in found_artists],
        albums=[album_card_view(found_albums[one]) for one in albums if one in found_albums],
        tracks=[track_view(found_tracks[one]) for one in tracks if one in found_tracks],
    )
