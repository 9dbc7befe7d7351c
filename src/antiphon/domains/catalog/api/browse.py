"""Lists over the whole catalogue: fresh, popular, genres."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import AlbumCard, Artist, Genre, Track
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import artists as artist_store
from antiphon.domains.catalog.store import genres as genre_store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.views import album_card_view, artist_view, track_view
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import PageRequest


class Discovery(msgspec.Struct, frozen=True):
    fresh_albums: list[AlbumCard]
    fresh_tracks: list[Track]
    popular_tracks: list[Track]
    artists: list[Artist]


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
        Genre(out(Kind.GENRE, id_), name, tracks, out(Kind.GENRE, parent_id) if parent_id else None, albums)
        for id_, name, parent_id, albums, tracks in await genre_store.heard(conn, largest_first=True)
    ]
