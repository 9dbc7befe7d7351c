"""Flat lists, read fast: for Subsonic's apps and whoever else shows a page of music at a time.

Every function wants a connection of `db.seen_by(viewer)`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_lists import (
    UPLOADS,
    AlbumListing,
    AlbumOrder,
    ArtistListing,
    CreditListing,
    LibraryListing,
    Named,
    SongListing,
    display_names,
    index_letter,
)
from antiphon.domains.catalog.store import listing as store

__all__ = [
    "AlbumListing",
    "AlbumOrder",
    "ArtistListing",
    "CreditListing",
    "LibraryListing",
    "Named",
    "SongListing",
    "albums_by_id",
    "albums_of_artist",
    "artists_by_id",
    "display_names",
    "index_letter",
    "list_albums",
    "list_artists",
    "list_libraries",
    "songs_by_id",
    "songs_of_album",
]

_named = msgspec.json.Decoder(list[Named])
_credits = msgspec.json.Decoder(list[CreditListing])
_titles = msgspec.json.Decoder(dict[str, str])
_dice = random.SystemRandom()


async def songs_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> list[SongListing]:
    """Those that the person may hear, in the order of the ids; an id that is there twice is answered twice."""
    return [_song(row) for row in await store.songs_by_id(conn, ids)] if ids else []


async def songs_of_album(conn: AsyncConnection, album_id: UUID) -> list[SongListing]:
    return [_song(row) for row in await store.songs_of_album(conn, album_id)]


async def albums_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> list[AlbumListing]:
    return [_album(row) for row in await store.albums_by_id(conn, ids)] if ids else []


async def albums_of_artist(conn: AsyncConnection, artist_id: UUID) -> list[AlbumListing]:
    """The oldest first, those too on which the artist is one of several."""
    return [_album(row) for row in await store.albums_of_artist(conn, artist_id)]


async def artists_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> list[ArtistListing]:
    return [ArtistListing(*row) for row in await store.artists_by_id(conn, ids)] if ids else []


async def list_artists(conn: AsyncConnection, shelves: Sequence[UUID] | None = None) -> list[ArtistListing]:
    """All with an album, by sort name. `shelves` are libraries, and UPLOADS; None is everywhere."""
    return [ArtistListing(*row) for row in await store.all_artists(conn, shelves)]


async def list_libraries(conn: AsyncConnection) -> list[LibraryListing]:
    """What people uploaded first, then the libraries that are open to who asks."""
    return [LibraryListing(UPLOADS, 0, ""), *(LibraryListing(*row) for row in await store.libraries(conn))]


async def list_albums(
    conn: AsyncConnection,
    order: AlbumOrder,
    *,
    limit: int,
    offset: int = 0,
    shelves: Sequence[UUID] | None = None,
    years: tuple[int, int] | None = None,
    genre: UUID | None = None,
) -> list[AlbumListing]:
    """A page of published albums; `years` is inclusive, and random ones have no pages."""
    if order != "random":
        rows = await store.album_page(
            conn, order, offset=offset, limit=limit, shelves=shelves, years=years, genre=genre
        )
        return [_album(row) for row in rows]
    start = _dice.random()
    found = list(await store.album_page(conn, order, offset=0, limit=limit, shelves=shelves, dice=start))
    if len(found) < limit:
        known = {row.id for row in found}
        again = await store.album_page(conn, order, offset=0, limit=limit, shelves=shelves, dice=0)
        found += [row for row in again if row.id not in known][: limit - len(found)]
    _dice.shuffle(found)
    return [_album(row) for row in found]


def _song(row: Any) -> SongListing:
    values = list(row)
    artists, album_artists, credits = values[-3:]
    values[-3] = _named.decode(artists) if artists else []
    values[-2] = _named.decode(album_artists) if album_artists else []
    values[-1] = _credits.decode(credits) if credits else []
    return SongListing(*values)


def _album(row: Any) -> AlbumListing:
    values = list(row)
    values[20] = _titles.decode(values[20])  # disc_titles
    values[24] = _named.decode(values[24]) if values[24] else []  # artists
    return AlbumListing(*values)
