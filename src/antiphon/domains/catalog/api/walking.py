"""Pages of long lists by their offset, as Subsonic's apps ask for them, at the price of their length.

Apps read whole libraries page by page, or jump about to find their end. Where a page began is remembered for a while,
so that the next one begins at a key of an index and nothing is counted twice.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_lists import AlbumOrder
from antiphon.domains.catalog.store import walking as store
from antiphon.domains.catalog.store.walking import Narrowed

__all__ = ["Narrowed", "Places", "album_count", "album_ids", "artist_ids", "song_ids"]

REMEMBERED_FOR_S = 60.0  # what is added meanwhile moves a page by as much
WALKS_AT_MOST = 500
PLACES_AT_MOST = 2_000
STEP = 1_000
Key = tuple[Any, ...]


class _Way:
    """Places on one walk, in their order."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.offsets: list[int] = []
        self.keys: list[Key] = []
        self.length: int | None = None

    def before(self, offset: int) -> tuple[int, Key | None]:
        place = bisect_right(self.offsets, offset)
        return (self.offsets[place - 1], self.keys[place - 1]) if place else (0, None)

    def keep(self, offset: int, key: Key) -> None:
        place = bisect_right(self.offsets, offset)
        if (not place or self.offsets[place - 1] != offset) and len(self.offsets) < PLACES_AT_MOST:
            self.offsets.insert(place, offset)
            self.keys.insert(place, key)


class Places:
    """Of one process. What one person sees is nobody else's walk."""

    def __init__(self) -> None:
        self._ways: OrderedDict[Hashable, _Way] = OrderedDict()

    def way(self, name: Hashable) -> _Way:
        now = asyncio.get_running_loop().time()
        found = self._ways.get(name)
        if found is None or found.until < now:
            found = self._ways[name] = _Way(now + REMEMBERED_FOR_S)
        self._ways.move_to_end(name)
        if len(self._ways) > WALKS_AT_MOST:
            self._ways.popitem(last=False)
        return found


async def _ids(
    conn: AsyncConnection, places: Places, viewer: UUID | None, walk: str, narrowed: Narrowed, offset: int, limit: int
) -> list[UUID]:
    if limit <= 0:
        return []
    way = places.way((viewer, walk, narrowed))
    near, key = way.before(offset)
    if offset - near > 2 * STEP:
        near, key = await _nearer(conn, way, walk, narrowed, offset)
    rows: Sequence[Any] = await store.page(conn, walk, narrowed, key, offset - near, limit)
    if len(rows) == limit:
        way.keep(offset + limit, tuple(rows[-1][1:]))
    return [row[0] for row in rows]


async def _nearer(
    conn: AsyncConnection, way: _Way, walk: str, narrowed: Narrowed, offset: int
) -> tuple[int, Key | None]:
    """Mark the way from the nearest known place, once for all who jump about on it."""
    near, key = way.before(offset)
    found = await store.marks(conn, walk, narrowed, key, offset - near, STEP)
    for place, row in enumerate(found, start=1):
        way.keep(near + place * STEP, tuple(row))
    return way.before(offset)


async def song_ids(
    conn: AsyncConnection, places: Places, viewer: UUID | None, narrowed: Narrowed, offset: int, limit: int
) -> list[UUID]:
    """Published songs, all or those of a genre, in an order that stays."""
    walk = "songs" if narrowed.genre is None else "songs_of_genre"
    return await _ids(conn, places, viewer, walk, narrowed, offset, limit)


async def artist_ids(
    conn: AsyncConnection, places: Places, viewer: UUID | None, narrowed: Narrowed, offset: int, limit: int
) -> list[UUID]:
    """All with an album, or with one on the shelves, by sort name."""
    return await _ids(conn, places, viewer, "artists", narrowed, offset, limit)


async def album_ids(
    conn: AsyncConnection,
    places: Places,
    viewer: UUID | None,
    order: AlbumOrder,
    narrowed: Narrowed,
    offset: int,
    limit: int,
) -> list[UUID]:
    """Those of a genre come in an order of their own."""
    return await _ids(conn, places, viewer, _walk(order, narrowed), narrowed, offset, limit)


def _walk(order: AlbumOrder, narrowed: Narrowed) -> str:
    return order if narrowed.genre is None else "albums_of_genre"


async def album_count(
    conn: AsyncConnection, places: Places, viewer: UUID | None, order: AlbumOrder, narrowed: Narrowed
) -> int:
    """How long the list of `album_ids` is: counted for its first page, remembered for the others."""
    walk = _walk(order, narrowed)
    way = places.way((viewer, walk, narrowed))
    if way.length is None:
        way.length = await store.count(conn, walk, narrowed)
    return way.length
