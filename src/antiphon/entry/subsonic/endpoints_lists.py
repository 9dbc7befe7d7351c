"""Lists of albums and songs."""

from __future__ import annotations

from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing, walking
from antiphon.domains.catalog.api.listing import AlbumOrder
from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_browsing import shelves_of
from antiphon.entry.subsonic.failures import MISSING, Failed
from antiphon.entry.subsonic.registry import Answer, Paged, endpoint
from antiphon.kit.ids import Kind

_ORDERS: dict[str, AlbumOrder] = {
    "newest": "newest",
    "alphabeticalByName": "title",
    "alphabeticalByArtist": "artist",
}
Shelves: TypeAlias = tuple[UUID, ...] | None
_OF_PEOPLE = frozenset({"highest", "frequent", "recent", "starred"})


async def _albums(call: Call) -> tuple[int, list[dict[str, Any]]]:
    """How long the whole list is, and the page of it."""
    kind = call.params.needed("type")
    limit = call.params.number("size", 10, most=500)
    offset = call.params.number("offset", 0)
    async with call.reading() as conn:
        shelves = await shelves_of(call, conn)
        if kind in _OF_PEOPLE:
            total, ids = await _albums_of_people(call, conn, kind, shelves, offset, limit)
        else:
            total, ids = await _albums_of_all(call, conn, kind, shelves, offset, limit)
        return total, await views.albums_by_id(call, conn, ids)


async def _albums_of_all(
    call: Call, conn: AsyncConnection, kind: str, shelves: Shelves, offset: int, limit: int
) -> tuple[int, list[UUID]]:
    narrowed = walking.Narrowed(shelves)
    order = _ORDERS.get(kind, "title")
    if kind == "byYear":
        order, years = _years(call)
        narrowed = walking.Narrowed(shelves, years)
    elif kind == "byGenre":
        genre = await listing.genre_named(conn, call.params.needed("genre"))
        if genre is None:
            return 0, []
        narrowed = walking.Narrowed(shelves, None, genre)
    elif kind != "random" and kind not in _ORDERS:
        raise Failed(MISSING, f"There is no list of type {kind[:40]!r}.")
    total = await walking.album_count(conn, call.places, call.user_id, order, narrowed)
    if kind == "random":
        return total, await listing.random_albums(conn, limit, shelves=shelves)
    return total, await walking.album_ids(conn, call.places, call.user_id, order, narrowed, offset, limit)


async def _albums_of_people(
    call: Call, conn: AsyncConnection, kind: str, shelves: Shelves, offset: int, limit: int
) -> tuple[int, list[UUID]]:
    """By what everybody rated them, or by what this person hears and likes.

    Which libraries they lie in is not known where that is: a list narrowed to some is read whole.
    """
    if shelves is not None:
        ids = await listing.on_shelves(conn, Kind.ALBUM, await _ranked(call, conn, kind, None, 0), shelves)
        return len(ids), ids[offset : offset + limit]
    ids = await _ranked(call, conn, kind, limit, offset)
    if kind == "highest":
        return await social.count_rated_albums(conn), ids
    if kind == "starred":
        return await social.count_starred(conn, call.user_id, "album"), ids
    return await playback.count_heard_albums(conn, call.user_id), ids


async def _ranked(call: Call, conn: AsyncConnection, kind: str, limit: int | None, offset: int) -> list[UUID]:
    if kind == "highest":
        return await social.highest_rated_albums(conn, limit, offset)
    if kind == "frequent":
        return await playback.most_played_albums(conn, call.user_id, limit, offset)
    if kind == "recent":
        return await playback.recent_albums(conn, call.user_id, limit, offset)
    return list(await social.starred(conn, call.user_id, "album", limit, offset))


def _years(call: Call) -> tuple[AlbumOrder, tuple[int, int]]:
    """The latest first where they are given backwards."""
    first, last = (call.params.whole(name) for name in ("fromYear", "toYear"))
    if first is None or last is None:
        raise Failed(MISSING, "Lists by year need 'fromYear' and 'toYear'.")
    first, last = (max(1, min(9999, year)) for year in (first, last))
    return ("oldest_year", (first, last)) if first <= last else ("latest_year", (last, first))


@endpoint("getAlbumList2")
async def get_album_list2(call: Call) -> Answer:
    total, albums = await _albums(call)
    return Paged(total, {"albumList2": {"album": albums}})


@endpoint("getAlbumList")
async def get_album_list(call: Call) -> Answer:
    total, albums = await _albums(call)
    return Paged(total, {"albumList": {"album": [views.folder_album_of(album) for album in albums]}})


@endpoint("getRandomSongs")
async def get_random_songs(call: Call) -> Answer:
    limit = call.params.number("size", 10, most=500)
    first, last = (call.params.whole(name) for name in ("fromYear", "toYear"))
    years = None if first is None and last is None else (max(0, first or 0), min(9999, last or 9999))
    async with call.reading() as conn:
        genre, unknown = await _wanted_genre(call, conn)
        shelves = await shelves_of(call, conn)
        ids = [] if unknown else await listing.random_songs(conn, limit, shelves=shelves, years=years, genre=genre)
        return {"randomSongs": {"song": await views.songs_by_id(call, conn, ids)}}


async def _wanted_genre(call: Call, conn: AsyncConnection) -> tuple[UUID | None, bool]:
    """The genre that was asked for, and whether one was that there is not."""
    name = call.params.text("genre")
    found = None if name is None else await listing.genre_named(conn, name)
    return found, name is not None and found is None


@endpoint("getSongsByGenre")
async def get_songs_by_genre(call: Call) -> Answer:
    name = call.params.needed("genre")
    limit, offset = call.params.number("count", 10, most=500), call.params.number("offset", 0)
    async with call.reading() as conn:
        genre = await listing.genre_named(conn, name)
        ids: list[UUID] = []
        if genre is not None:
            narrowed = walking.Narrowed(await shelves_of(call, conn), None, genre)
            ids = await walking.song_ids(conn, call.places, call.user_id, narrowed, offset, limit)
        return {"songsByGenre": {"song": await views.songs_by_id(call, conn, ids)}}


@endpoint("getGenres")
async def get_genres(call: Call) -> Answer:
    async with call.reading() as conn:
        found = await listing.list_genres(conn)
    shown = [{"value": one.name, "songCount": one.songs, "albumCount": one.albums} for one in found]
    return {"genres": {"genre": shown}}
