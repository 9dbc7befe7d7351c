"""Libraries, artists, albums and songs, as tags have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.listing import LibraryListing, index_letter
from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound, ContentNotFound
from antiphon.domains.catalog.model import IGNORED_ARTICLES
from antiphon.domains.social import api as social
from antiphon.entry.subsonic import marks, views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.indexes import Index
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, out

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
        index = await _index(call, conn, await shelves_of(call, conn))
        said = await social.own_opinions(conn, call.user_id, "artist")
    return {"artists": {"ignoredArticles": ARTICLES, "index": _marked(index, said) if said else index}}


async def _index(call: Call, conn: AsyncConnection, shelves: tuple[UUID, ...] | None) -> Index:
    kept = call.indexes.get(await listing.artists_digest(conn, shelves, call.indexes.seed))
    if kept is not None:
        return kept
    digest, artists = await listing.digested_artists(conn, shelves, call.indexes.seed)
    by_letter: dict[str, list[dict[str, Any]]] = {}
    for artist in artists:
        by_letter.setdefault(index_letter(artist.sort_key), []).append(views.artist_of(artist))
    index = [{"name": letter, "artist": found} for letter, found in sorted(by_letter.items())]
    call.indexes.keep(digest, index)
    return index


def _marked(index: Index, said: Mapping[UUID, social.Opinion]) -> Index:
    """The list is others' too: what is marked is marked in a copy."""
    marks = {out(Kind.ARTIST, one): _mark(opinion) for one, opinion in said.items()}
    return [
        letter | {"artist": [one | marks[one["id"]] if one["id"] in marks else one for one in letter["artist"]]}
        for letter in index
    ]


def _mark(said: social.Opinion) -> dict[str, Any]:
    named = {"starred": said.liked_at, "userRating": said.rating}
    return {name: value for name, value in named.items() if value is not None}


@endpoint("getArtist")
async def get_artist(call: Call) -> Answer:
    artist_id = call.params.id(Kind.ARTIST)
    async with call.reading() as conn:
        found = await listing.artists_by_id(conn, [artist_id], marks.of_artists(call))
        if not found:
            raise ArtistNotFound
        albums = await listing.albums_of_artist(conn, artist_id, marks.of_albums(call))
    shown = [views.album_of(album) for album in albums]
    return {"artist": views.artist_of(found[0]) | {"albumCount": len(shown), "album": shown}}


@endpoint("getAlbum")
async def get_album(call: Call) -> Answer:
    album_id = call.params.id(Kind.ALBUM)
    async with call.reading() as conn:
        album, songs = await call.lately.album(conn, album_id, marks.of_albums(call), marks.of_songs(call))
    if album is None:
        raise AlbumNotFound
    return {"album": views.album_of(album) | {"song": [views.song_of(song) for song in songs]}}


@endpoint("getSong")
async def get_song(call: Call) -> Answer:
    track_id = call.params.id(Kind.TRACK)
    async with call.reading() as conn:
        found = await views.songs_by_id(call, conn, [track_id])
    if not found:
        raise ContentNotFound
    return {"song": found[0]}
