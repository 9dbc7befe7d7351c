"""Lists of albums and songs."""

from __future__ import annotations

from typing import Any

from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.listing import AlbumOrder
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_browsing import shelves_of
from antiphon.entry.subsonic.failures import MISSING, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint

_ORDERS: dict[str, AlbumOrder] = {
    "random": "random",
    "newest": "newest",
    "alphabeticalByName": "title",
    "alphabeticalByArtist": "artist",
}


async def _albums(call: Call) -> list[dict[str, Any]]:
    kind = call.params.needed("type")
    limit = call.params.number("size", 10, most=500)
    offset = call.params.number("offset", 0)
    if limit == 0:
        return []
    async with call.reading() as conn:
        shelves = await shelves_of(call, conn)
        if kind in _ORDERS:
            found = await listing.list_albums(conn, _ORDERS[kind], limit=limit, offset=offset, shelves=shelves)
        elif kind == "byYear":
            found = await _by_year(call, conn, limit, offset, shelves)
        else:
            raise Failed(MISSING, f"There is no list of type {kind[:40]!r}.")
        return await views.albums_of(call, conn, found)


async def _by_year(call: Call, conn: Any, limit: int, offset: int, shelves: Any) -> list[listing.AlbumListing]:
    first, last = (call.params.whole(name) for name in ("fromYear", "toYear"))
    if first is None or last is None:
        raise Failed(MISSING, "Lists by year need 'fromYear' and 'toYear'.")
    order: AlbumOrder = "oldest_year" if first <= last else "latest_year"
    years = (max(1, min(first, last)), min(9999, max(first, last)))
    if years[0] > years[1]:
        return []
    return await listing.list_albums(conn, order, limit=limit, offset=offset, shelves=shelves, years=years)


@endpoint("getAlbumList2")
async def get_album_list2(call: Call) -> Answer:
    return {"albumList2": {"album": await _albums(call)}}


@endpoint("getAlbumList")
async def get_album_list(call: Call) -> Answer:
    return {"albumList": {"album": [views.folder_album_of(album) for album in await _albums(call)]}}
