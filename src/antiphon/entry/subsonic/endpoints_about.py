"""What is told of artists and albums, what is like them, and what of them is heard most."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import NOT_FOUND, Failed, missing
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind

_MUSIC = (Kind.ARTIST, Kind.ALBUM, Kind.TRACK, Kind.FOLDER)
_SIZES = (("smallImageUrl", 160), ("mediumImageUrl", 320), ("largeImageUrl", 1280))


async def _portrait(call: Call, conn: AsyncConnection, kind: Kind, thing: UUID) -> tuple[str, dict[str, Any]]:
    """What is told of it, and the members around that. Raises Failed (70)."""
    found = await listing.portrait(conn, kind, thing)
    if found is None:
        raise Failed(NOT_FOUND, "There is nothing with this id.")
    shown = {"musicBrainzId": str(found.mbid or ""), "lastFmUrl": ""}
    for name, size in _SIZES:
        url = _nearest(found.image.sizes, size) if found.image else None
        shown[name] = f"{call.site}{url}" if url else ""
    return found.words, shown


def _nearest(sizes: dict[str, str], wanted: int) -> str | None:
    """The smallest that is large enough, else the largest."""
    known = sorted((int(size), url) for size, url in sizes.items())
    return next((url for size, url in known if size >= wanted), known[-1][1] if known else None)


async def _artist_of(conn: AsyncConnection, kind: Kind, thing: UUID) -> UUID:
    """Whose work it is. Raises Failed (70)."""
    if kind == Kind.ARTIST:
        return thing
    if kind == Kind.ALBUM:
        artists = [album.artist_id for album in await listing.albums_by_id(conn, [thing])]
    elif kind == Kind.TRACK:
        artists = [song.artist_id for song in await listing.songs_by_id(conn, [thing])]
    else:
        artists = [song.artist_id for song in await listing.songs_in_folder(conn, thing)]
    if not artists:
        raise Failed(NOT_FOUND, "There is nothing with this id.")
    return artists[0]


async def _artist_info(call: Call) -> dict[str, Any]:
    kind, thing = call.params.any_id(_MUSIC)
    async with call.reading() as conn:
        words, shown = await _portrait(call, conn, Kind.ARTIST, await _artist_of(conn, kind, thing))
    return {"biography": words, **shown, "similarArtist": []}


@endpoint("getArtistInfo")
async def get_artist_info(call: Call) -> Answer:
    return {"artistInfo": await _artist_info(call)}


@endpoint("getArtistInfo2")
async def get_artist_info2(call: Call) -> Answer:
    return {"artistInfo2": await _artist_info(call)}


async def _album_info(call: Call) -> Answer:
    kind, thing = call.params.any_id((Kind.ALBUM, Kind.TRACK, Kind.FOLDER))
    async with call.reading() as conn:
        words, shown = await _portrait(call, conn, kind, thing)
    return {"albumInfo": {"notes": words, **shown}}


@endpoint("getAlbumInfo")
async def get_album_info(call: Call) -> Answer:
    return await _album_info(call)


@endpoint("getAlbumInfo2")
async def get_album_info2(call: Call) -> Answer:
    return await _album_info(call)


async def _similar(call: Call) -> list[views.Child]:
    """Songs of the genres that the artist is heard in, drawn anew each time."""
    kind, thing = call.params.any_id(_MUSIC)
    limit = call.params.number("count", 50, most=500)
    async with call.reading() as conn:
        genres = await listing.genres_of_artist(conn, await _artist_of(conn, kind, thing))
        ids: list[UUID] = []
        for genre in genres:
            ids += await listing.random_songs(conn, limit, genre=genre)
        several = [one for one in dict.fromkeys(ids) if one != thing]
        return await views.songs_by_id(call, conn, several[:limit])


@endpoint("getSimilarSongs")
async def get_similar_songs(call: Call) -> Answer:
    return {"similarSongs": {"song": await _similar(call)}}


@endpoint("getSimilarSongs2")
async def get_similar_songs2(call: Call) -> Answer:
    return {"similarSongs2": {"song": await _similar(call)}}


@endpoint("getTopSongs")
async def get_top_songs(call: Call) -> Answer:
    """An id wins over a name; an artist that nobody knows has no songs."""
    limit = call.params.number("count", 50, most=500)
    async with call.reading() as conn:
        if call.params.text("id") is not None:
            artist: UUID | None = call.params.id(Kind.ARTIST)
        elif (name := call.params.text("artist")) is not None:
            artist = await listing.artist_named(conn, name)
        else:
            raise missing("artist")
        ids = await listing.top_songs(conn, artist, limit) if artist else []
        return {"topSongs": {"song": await views.songs_by_id(call, conn, ids)}}
