"""Libraries, artists, albums and songs, as tags have them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.listing import ArtistListing, LibraryListing, index_letter
from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound, ContentNotFound
from antiphon.domains.catalog.model import IGNORED_ARTICLES
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.marks import NO_MARK, Marks, marks_of
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind

ARTICLES = " ".join(IGNORED_ARTICLES)
UPLOADS_NAME = "Uploads"


def folder_name(library: LibraryListing) -> str:
    return library.name or UPLOADS_NAME


async def shelves_of(call: Call, conn: AsyncConnection) -> tuple[UUID, ...] | None:
    """The libraries that `musicFolderId` names; None where it names none, which is all of them."""
    numbers = call.params.numbers("musicFolderId")
    if not numbers:
        return None
    return tuple(library.id for library in await listing.list_libraries(conn) if library.number in numbers)


@endpoint("getMusicFolders")
async def get_music_folders(call: Call) -> Answer:
    async with call.reading() as conn:
        found = await listing.list_libraries(conn)
    return {"musicFolders": {"musicFolder": [{"id": one.number, "name": folder_name(one)} for one in found]}}


@endpoint("getArtists")
async def get_artists(call: Call) -> Answer:
    async with call.reading() as conn:
        found = await listing.list_artists(conn, await shelves_of(call, conn))
        marks = await marks_of(call, conn, [artist.id for artist in found])
    return {"artists": {"ignoredArticles": ARTICLES, "index": _index(found, marks)}}


def _index(artists: list[ArtistListing], marks: Marks) -> list[dict[str, Any]]:
    by_letter: dict[str, list[dict[str, Any]]] = {}
    for artist in artists:
        shown = views.artist_of(artist, marks.get(artist.id, NO_MARK))
        by_letter.setdefault(index_letter(artist.sort_key), []).append(shown)
    return [{"name": letter, "artist": found} for letter, found in sorted(by_letter.items())]


@endpoint("getArtist")
async def get_artist(call: Call) -> Answer:
    artist_id = call.params.id(Kind.ARTIST)
    async with call.reading() as conn:
        found = await listing.artists_by_id(conn, [artist_id])
        if not found:
            raise ArtistNotFound
        shown = await views.all_of(call, conn, found, await listing.albums_of_artist(conn, artist_id), [])
    return {"artist": shown.artists[0] | {"albumCount": len(shown.albums), "album": shown.albums}}


@endpoint("getAlbum")
async def get_album(call: Call) -> Answer:
    album_id = call.params.id(Kind.ALBUM)
    async with call.reading() as conn:
        found = await listing.albums_by_id(conn, [album_id])
        if not found:
            raise AlbumNotFound
        shown = await views.all_of(call, conn, [], found, await listing.songs_of_album(conn, album_id))
    return {"album": shown.albums[0] | {"song": shown.songs}}


@endpoint("getSong")
async def get_song(call: Call) -> Answer:
    track_id = call.params.id(Kind.TRACK)
    async with call.reading() as conn:
        found = await views.songs_by_id(call, conn, [track_id])
    if not found:
        raise ContentNotFound
    return {"song": found[0]}
