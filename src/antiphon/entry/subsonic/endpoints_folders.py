"""The catalogue as folders: those of the libraries as they lie on disk, and uploads as artists and their albums."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.listing import FolderListing, LibraryListing, SongListing, index_letter
from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound
from antiphon.entry.subsonic import marks, views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_browsing import ARTICLES, folder_name
from antiphon.entry.subsonic.failures import NOT_FOUND, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, kind_of, out, parse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Given = dict[str, Any]


@endpoint("getIndexes")
async def get_indexes(call: Call) -> Answer:
    since = call.params.moment("ifModifiedSince")
    async with call.reading() as conn:
        changed = await listing.last_change(conn) or _EPOCH
        shown: Given = {"lastModified": int(changed.timestamp() * 1000), "ignoredArticles": ARTICLES}
        if since is not None and changed <= since:
            return {"indexes": shown | {"index": []}}
        index, songs = await _top(call, conn, await _chosen(call, conn))
    return {"indexes": shown | {"index": index, "child": songs}}


async def _chosen(call: Call, conn: AsyncConnection) -> list[LibraryListing]:
    numbers = call.params.numbers("musicFolderId")
    return [one for one in await listing.list_libraries(conn) if not numbers or one.number in numbers]


async def _top(call: Call, conn: AsyncConnection, libraries: list[LibraryListing]) -> tuple[list[Given], list[Any]]:
    """What lies at the top of the libraries, by letter; songs that lie there without a folder."""
    by_letter: dict[str, list[tuple[str, Given]]] = {}
    songs: list[Any] = []
    ids = [one.id for one in libraries]
    if listing.UPLOADS in ids:
        for artist in await listing.list_artists(conn, [listing.UPLOADS]):
            shown = {"id": out(Kind.ARTIST, artist.id), "name": artist.name}
            by_letter.setdefault(index_letter(artist.sort_key), []).append((artist.sort_key, shown))
    for root in await listing.root_folders(conn, ids):
        for folder in await listing.folders_in(conn, root.id):
            shown = {"id": out(Kind.FOLDER, folder.id), "name": folder.name}
            by_letter.setdefault(index_letter(folder.sort_key), []).append((folder.sort_key, shown))
        place = out(Kind.FOLDER, root.id)
        songs += [views.song_of(song, place) for song in await _songs_in(call, conn, root.id)]
    index = [
        {"name": letter, "artist": [shown for _, shown in sorted(found, key=lambda one: one[0])]}
        for letter, found in sorted(by_letter.items())
    ]
    return index, songs


@endpoint("getMusicDirectory")
async def get_music_directory(call: Call) -> Answer:
    """Folders, and artists and albums as if they were some: apps mix the ids of both trees."""
    text = call.params.needed("id")
    kind = kind_of(text)
    async with call.reading() as conn:
        if kind == Kind.ARTIST:
            directory = await _artist(call, conn, text)
        elif kind == Kind.ALBUM:
            directory = await _album(call, conn, text)
        else:
            directory = await _folder(call, conn, await _found(conn, text))
    return {"directory": directory}


async def _artist(call: Call, conn: AsyncConnection, text: str) -> Given:
    artist_id = parse(Kind.ARTIST, text)
    artists = await listing.artists_by_id(conn, [artist_id])
    if not artists:
        raise ArtistNotFound
    albums = await listing.albums_of_artist(conn, artist_id, marks.of_albums(call))
    shown = [views.folder_album_of(views.album_of(album)) for album in albums]
    return {"id": text, "name": artists[0].name, "child": shown}


async def _album(call: Call, conn: AsyncConnection, text: str) -> Given:
    album_id = parse(Kind.ALBUM, text)
    albums = await views.albums_by_id(call, conn, [album_id])
    if not albums:
        raise AlbumNotFound
    listed = await call.lately.songs_of_album(conn, album_id, marks.of_songs(call))
    songs = [views.song_of(song, text) for song in listed]
    return {"id": text, "name": albums[0]["name"], "parent": albums[0]["artistId"], "child": songs}


async def _found(conn: AsyncConnection, text: str) -> FolderListing:
    """By its id, or the folder that a library is by the library's number. Raises Failed (70)."""
    found: FolderListing | None = None
    if kind_of(text) == Kind.FOLDER:
        found = await listing.folder(conn, parse(Kind.FOLDER, text))
    elif text.isascii() and text.isdigit():
        libraries = [one.id for one in await listing.list_libraries(conn) if str(one.number) == text]
        found = next(iter(await listing.root_folders(conn, libraries)), None)
    if found is None:
        raise Failed(NOT_FOUND, "There is no such folder.")
    return found


async def _folder(call: Call, conn: AsyncConnection, folder: FolderListing) -> Given:
    public_id = out(Kind.FOLDER, folder.id)
    inner = [_shown(one, public_id) for one in await listing.folders_in(conn, folder.id)]
    songs = [views.song_of(song, public_id) for song in await _songs_in(call, conn, folder.id)]
    directory: Given = {"id": public_id, "name": folder.name or await _library_name(conn, folder)}
    if folder.parent_id is not None:
        directory["parent"] = out(Kind.FOLDER, folder.parent_id)
    return directory | {"child": [*inner, *songs]}


async def _songs_in(call: Call, conn: AsyncConnection, folder_id: UUID) -> list[SongListing]:
    return await listing.songs_in_folder(conn, folder_id, marks.of_songs(call))


async def _library_name(conn: AsyncConnection, folder: FolderListing) -> str:
    libraries = await listing.list_libraries(conn)
    return next((folder_name(one) for one in libraries if one.id == folder.library_id), "")


def _shown(folder: FolderListing, parent: str) -> Given:
    public_id = out(Kind.FOLDER, folder.id)
    shown: Given = {"id": public_id, "parent": parent, "isDir": True, "title": folder.name}
    return shown | {"album": folder.name, "isVideo": False, "created": folder.created_at, "coverArt": public_id}
