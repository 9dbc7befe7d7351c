"""Flat lists, read fast: for Subsonic's apps and whoever else shows a page of music at a time.

Every function wants a connection of `db.seen_by(viewer)`. `look`: what other domains keep of the same things, looked up
in the same statement.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from sys import intern
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import Image
from antiphon.domains.catalog.model_lists import (
    UPLOADS,
    AlbumListing,
    AlbumOrder,
    ArtistListing,
    CreditListing,
    FolderListing,
    GenreListing,
    LibraryListing,
    Named,
    Portrait,
    SongListing,
    display_names,
    index_letter,
)
from antiphon.domains.catalog.store import genres as genre_store
from antiphon.domains.catalog.store import listing as store
from antiphon.domains.catalog.store.listed import Listed
from antiphon.kit.beside import Look
from antiphon.kit.ids import Kind
from antiphon.kit.text import search_key

__all__ = [
    "UPLOADS",
    "AlbumListing",
    "AlbumOrder",
    "ArtistListing",
    "CreditListing",
    "FolderListing",
    "GenreListing",
    "LibraryListing",
    "Named",
    "Portrait",
    "SongListing",
    "albums_by_id",
    "albums_of_artist",
    "artist_named",
    "artists_by_id",
    "artists_digest",
    "digested_artists",
    "display_names",
    "folder",
    "folders_in",
    "genre_named",
    "genres_of_artist",
    "index_letter",
    "is_there",
    "last_change",
    "libraries_of",
    "list_artists",
    "list_genres",
    "list_libraries",
    "on_shelves",
    "portrait",
    "random_albums",
    "random_songs",
    "root_folders",
    "shown_albums",
    "shown_songs",
    "songs_by_id",
    "songs_in_folder",
    "songs_of_album",
    "top_songs",
]

_image = msgspec.json.Decoder(Image)
_titles = msgspec.json.Decoder(dict[str, str])
_dice = random.SystemRandom()
# What nearly all albums say is there once for all that are kept, and nobody changes what is listed.
_OF_FEW_WORDS = (4, 12, 14)  # kind, how precise both dates are
_NOTHING: list[str] = []
_UNTITLED: dict[str, str] = {}
# So many of their members are the first columns of a row.
_OF_SONG, _OF_ALBUM, _OF_ARTIST = (
    len(listed.__struct_fields__) - other for listed, other in ((SongListing, 5), (AlbumListing, 3), (ArtistListing, 1))
)


async def songs_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> list[SongListing]:
    """Those that the person may hear, in the order of the ids; an id that is there twice is answered twice."""
    return shown_songs(await store.songs_by_id(conn, ids, look)) if ids else []


async def is_there(conn: AsyncConnection, track_id: UUID) -> bool:
    """Whether it is published, and the person may hear it."""
    return await store.is_there(conn, track_id)


async def songs_of_album(conn: AsyncConnection, album_id: UUID, look: Look | None = None) -> list[SongListing]:
    return shown_songs(await store.songs_of_album(conn, album_id, look))


async def albums_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> list[AlbumListing]:
    return shown_albums(await store.albums_by_id(conn, ids, look)) if ids else []


async def albums_of_artist(conn: AsyncConnection, artist_id: UUID, look: Look | None = None) -> list[AlbumListing]:
    """The oldest first, those too on which the artist is one of several."""
    return shown_albums(await store.albums_of_artist(conn, artist_id, look))


async def artists_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> list[ArtistListing]:
    return _artists(await store.artists_by_id(conn, ids, look)) if ids else []


async def list_artists(conn: AsyncConnection, shelves: Sequence[UUID] | None = None) -> list[ArtistListing]:
    """All with an album, by sort name. `shelves` are libraries, and UPLOADS; None is everywhere."""
    return [ArtistListing(*row) for row in await store.all_artists(conn, shelves)]


async def artists_digest(conn: AsyncConnection, shelves: Sequence[UUID] | None, seed: int) -> tuple[int, int]:
    """What `list_artists` says, in two numbers, which are others as soon as it says something else. Without a secret
    `seed` of 64 bits somebody could think up names that leave them as they are."""
    return await store.artists_digest(conn, shelves, seed)


async def digested_artists(
    conn: AsyncConnection, shelves: Sequence[UUID] | None, seed: int
) -> tuple[tuple[int, int], list[ArtistListing]]:
    """The list with its own digest, however much changes meanwhile."""
    found = await store.digested_artists(conn, shelves, seed)
    digest = (found[0][-2], found[0][-1]) if found else (0, 0)
    return digest, [ArtistListing(*row[:-2]) for row in found]


async def list_libraries(conn: AsyncConnection) -> list[LibraryListing]:
    """What people uploaded first, then the libraries that are open to who asks."""
    return [LibraryListing(UPLOADS, 0, ""), *(LibraryListing(*row) for row in await store.libraries(conn))]


async def libraries_of(conn: AsyncConnection, user_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """The numbers of what `list_libraries` would show to each of them. Wants a connection of the house's own."""
    return {person: [0, *numbers] for person, numbers in await store.libraries_of(conn, user_ids)}


async def on_shelves(
    conn: AsyncConnection, kind: Kind, ids: Sequence[UUID], shelves: Sequence[UUID] | None
) -> list[UUID]:
    """Those of the tracks, albums or artists that lie in one of the libraries, in their order. None is everywhere."""
    if shelves is None or not ids:
        return list(ids)
    return await store.on_shelves(conn, kind, ids, shelves)


async def random_songs(
    conn: AsyncConnection,
    limit: int,
    *,
    shelves: Sequence[UUID] | None = None,
    years: tuple[int, int] | None = None,
    genre: UUID | None = None,
) -> list[UUID]:
    """Drawn anew each time; `years` are inclusive."""
    return await _drawn(conn, limit, store.Drawn("tracks", shelves, years, genre))


async def random_albums(conn: AsyncConnection, limit: int, *, shelves: Sequence[UUID] | None = None) -> list[UUID]:
    return await _drawn(conn, limit, store.Drawn("albums", shelves, None, None))


async def _drawn(conn: AsyncConnection, limit: int, wanted: store.Drawn) -> list[UUID]:
    """Everything lies shuffled in a ring: begin anywhere, go on, and shuffle what was found."""
    start = _dice.random()
    found = await store.drawn(conn, wanted, start, limit)
    if len(found) < limit:
        found = list(dict.fromkeys([*found, *await store.drawn(conn, wanted, 0.0, limit)]))[:limit]
    random.Random(_dice.getrandbits(64)).shuffle(found)  # noqa: S311 — asks the system once, not for each
    return found


async def list_genres(conn: AsyncConnection) -> list[GenreListing]:
    """Those that something published has, by name."""
    return [GenreListing(id_, name, tracks, albums) for id_, name, _, albums, tracks in await genre_store.heard(conn)]


async def genre_named(conn: AsyncConnection, name: str) -> UUID | None:
    return await store.genre_named(conn, search_key(name))


async def root_folders(conn: AsyncConnection, libraries: Sequence[UUID]) -> list[FolderListing]:
    """The folder that each of the libraries is."""
    return [FolderListing(*row) for row in await store.root_folders(conn, libraries)]


async def folder(conn: AsyncConnection, folder_id: UUID) -> FolderListing | None:
    row = await store.folder(conn, folder_id)
    return None if row is None else FolderListing(*row)


async def folders_in(conn: AsyncConnection, parent_id: UUID) -> list[FolderListing]:
    return [FolderListing(*row) for row in await store.folders_in(conn, parent_id)]


async def songs_in_folder(conn: AsyncConnection, folder_id: UUID, look: Look | None = None) -> list[SongListing]:
    """By disc and number."""
    return shown_songs(await store.songs_in_folder(conn, folder_id, look))


async def last_change(conn: AsyncConnection) -> datetime | None:
    found: datetime | None = await store.last_change(conn)
    return found


async def top_songs(conn: AsyncConnection, artist_id: UUID, limit: int) -> list[UUID]:
    """Those that were played, the most played first."""
    return await store.top_songs(conn, artist_id, limit)


async def artist_named(conn: AsyncConnection, name: str) -> UUID | None:
    """Case and accents do not matter."""
    return await store.artist_named(conn, search_key(name))


async def genres_of_artist(conn: AsyncConnection, artist_id: UUID) -> list[UUID]:
    """At most three, the most frequent first."""
    return await store.genres_of_artist(conn, artist_id)


async def portrait(conn: AsyncConnection, kind: Kind, thing: UUID) -> Portrait | None:
    """Of an artist, an album, a track or a folder; None where the person sees no such thing."""
    row = await store.portrait(conn, kind, thing)
    if row is None:
        return None
    words, mbid, image = row
    return Portrait(words, mbid, _image.decode(image) if image else None)


def shown_songs(listed: Listed) -> list[SongListing]:
    """As `songs_by_id` answers them."""
    genres, people, credits = _parts(listed.parts, (1, 3, 3))
    beside = listed.beside
    found = []
    for row in listed.rows:
        track_id, artist_id = row[0], row[5]
        artists = [Named(*one) for one in people.get(track_id, ())] or [Named(artist_id, row[6], "")]
        album_artist, name, several = row[_OF_SONG : _OF_SONG + 3]
        if several is not None:
            album_artists = [Named(*one) for one in several]
        elif album_artist is None:
            album_artists = []
        elif album_artist == artist_id and track_id not in people:
            album_artists = artists
        else:
            album_artists = [Named(album_artist, name or row[6], "")]
        values: list[Any] = [
            *row[:_OF_SONG],
            [name for (name,) in genres.get(track_id, ())],
            artists,
            album_artists,
            [CreditListing(*one) for one in credits.get(track_id, ())],
            beside.get(track_id, ()),
        ]
        found.append(SongListing(*values))
    return found


def shown_albums(listed: Listed) -> list[AlbumListing]:
    """As `albums_by_id` answers them."""
    genres, people = _parts(listed.parts, (1, 3))
    beside = listed.beside
    found = []
    for row in listed.rows:
        album_id = row[0]
        values: list[Any] = list(row[:_OF_ALBUM])
        for place in _OF_FEW_WORDS:
            values[place] = intern(values[place])
        moods, titles = values[19:21]
        values[19:21] = moods or _NOTHING, _titles.decode(titles) if titles else _UNTITLED
        several = people.get(album_id)
        artists = [Named(*one) for one in several] if several else [Named(values[5], values[6], "")]
        named = [intern(name) for (name,) in genres.get(album_id, ())]
        values += (named, artists, beside.get(album_id, ()))
        found.append(AlbumListing(*values))
    return found


def _artists(listed: Listed) -> list[ArtistListing]:
    rows: list[list[Any]] = [[*row[:_OF_ARTIST], listed.beside.get(row[0], ())] for row in listed.rows]
    return [ArtistListing(*values) for values in rows]


def _parts(parts: Sequence[Any], widths: Sequence[int]) -> list[dict[UUID, list[Any]]]:
    """What belongs to each thing, in its order."""
    found: list[dict[UUID, list[Any]]] = []
    column = 0
    for width in widths:
        of_things: dict[UUID, list[Any]] = {}
        if parts and parts[column] is not None:
            for thing, *values in zip(*parts[column : column + width + 1], strict=True):
                of_things.setdefault(thing, []).append(values)
        found.append(of_things)
        column += width + 1
    return found
