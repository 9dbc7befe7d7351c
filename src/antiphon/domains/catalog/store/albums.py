"""Albums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.rows import MANAGED, PERFORMERS
from antiphon.kit.paging import DayKey, PageRequest, TextKey, TimeKey

_EDITABLE = f"b.artist_id = ANY ({MANAGED})"
_FIELDS = f"""
    SELECT b.id, b.title, b.kind, b.artist_id, a.name AS artist_name, b.cover, b.release_date, b.published_at,
           b.explicit, b.version, b.description, b.label, b.upc, b.loudness, b.created_at, b.search_key, b.sort_key,
           {_EDITABLE} AS editable, b.library_id, n.tracks, n.duration_ms, b.territories,
           b.embargoes
"""
_FROM = f"""
    FROM catalog.albums b
    JOIN catalog.artists a ON a.id = b.artist_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS tracks, coalesce(sum(t.duration_ms), 0) AS duration_ms
        FROM catalog.tracks t
        WHERE t.album_id = b.id AND (t.published_at IS NOT NULL OR {_EDITABLE})
    ) n
"""
_SELECT = _FIELDS + _FROM
_FULL = f"""
    {_FIELDS}, {PERFORMERS.replace("{kind}", "album").replace("{row}", "b")} AS artists, b.sort_title, b.edition,
    b.disc_titles, b.release_precision, b.original_date, b.original_precision, b.catalog_number, b.compilation,
    b.moods, b.tags, b.mbid, b.release_group_mbid, b.publish_at, b.announced, b.taken_down_at, b.taken_down_reason
    {_FROM}
"""
Sort = Literal["newest", "title", "released"]
Order = Literal["newest", "title", "released", "undated"]
_KEYS: dict[Sort, Any] = {"newest": TimeKey, "title": TextKey, "released": DayKey}


OF_IDS = text(f"{_SELECT} WHERE b.id = ANY (:ids) AND (b.published_at IS NOT NULL OR {_EDITABLE})")
_GET = text(f"{_FULL} WHERE b.id = :id AND (b.published_at IS NOT NULL OR {_EDITABLE})")


async def get(conn: AsyncConnection, album_id: UUID, viewer: UUID | None) -> Row[Any] | None:
    """The album if the viewer may see it."""
    return (await conn.execute(_GET, {"id": album_id, "viewer": viewer})).first()


_TAKEN_DOWN = text(f"{_FULL.replace(_EDITABLE, 'true')} WHERE b.id = :id AND b.taken_down_at IS NOT NULL")


async def taken_down(conn: AsyncConnection, album_id: UUID) -> Row[Any] | None:
    """As its managers see it."""
    return (await conn.execute(_TAKEN_DOWN, {"id": album_id})).first()


async def page(
    conn: AsyncConnection,
    viewer: UUID | None,
    request: PageRequest,
    *,
    mine: bool = False,
    sort: Sort = "newest",
    artist: UUID | None = None,
    genre: UUID | None = None,
    year: int | None = None,
    library: UUID | None = None,
) -> Sequence[Row[Any]]:
    """`mine`: drafts too, of the artists that the viewer manages; else what is published."""
    filters = {"artist": artist, "genre": genre, "year": year, "library": library}
    args: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
    position = request.position(_KEYS[sort])
    limit, names, found = request.limit + 1, frozenset(args), list[Row[Any]]()
    if sort == "released" and (position is None or position[0] is not None):
        statement = _page(mine, names, "released", position is not None, limit)
        found = await _some(conn, statement, viewer, args, position)
        position = None
        if len(found) == limit:
            return found
    # What has no date follows what has one: two walks of one index, each as flat as the other.
    last: Order = "undated" if sort == "released" else sort
    statement = _page(mine, names, last, position is not None, limit - len(found))
    return [*found, *await _some(conn, statement, viewer, args, position)]


async def _some(
    conn: AsyncConnection,
    statement: TextClause,
    viewer: UUID | None,
    args: dict[str, Any],
    position: tuple[Any, UUID] | None,
) -> list[Row[Any]]:
    key, row_id = position or (None, None)
    given = args | ({"id": row_id} if position else {}) | ({"key": key} if key is not None else {})
    return list((await conn.execute(statement, {"viewer": viewer, **given})).all())


_FILTERS = {
    "artist": "b.artist_id = :artist",
    "genre": "EXISTS (SELECT FROM catalog.tracks t JOIN catalog.track_genres g ON g.track_id = t.id "
    "WHERE t.album_id = b.id AND t.published_at IS NOT NULL AND g.genre_id = :genre)",
    "year": "b.release_date BETWEEN make_date(CAST(:year AS int), 1, 1) AND make_date(CAST(:year AS int), 12, 31)",
    "library": "b.library_id = :library",
}


@lru_cache(256)
def _page(mine: bool, filters: frozenset[str], sort: Order, goes_on: bool, limit: int) -> TextClause:
    """The limit stands in the statement: PostgreSQL plans it once, not each time for fear of a large one."""
    where = [_EDITABLE if mine else "b.published_at IS NOT NULL", *(_FILTERS[name] for name in sorted(filters))]
    stamp = "b.created_at" if mine else "b.published_at"
    order, ahead = {
        "newest": (f"{stamp} DESC, b.id DESC", f"({stamp}, b.id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))"),
        "title": ("b.sort_key, b.id", "(b.sort_key, b.id) > (:key, CAST(:id AS uuid))"),
        "released": (
            "b.release_date DESC, b.id DESC",
            "(b.release_date, b.id) < (CAST(:key AS date), CAST(:id AS uuid))",
        ),
        "undated": ("b.id DESC", "b.id < CAST(:id AS uuid)"),
    }[sort]
    if sort in {"released", "undated"}:
        where.append(f"b.release_date IS {'NOT ' if sort == 'released' else ''}NULL")
    if goes_on:
        where.append(ahead)
    return text(f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT {limit}")


async def publish(conn: AsyncConnection, album_id: UUID, now: datetime) -> bool:
    """False where it was published before."""
    statement = text(
        "UPDATE catalog.albums SET published_at = :now, publish_at = NULL, announced = false, updated_at = :now, "
        "version = version + 1 "
        "WHERE id = :id AND published_at IS NULL AND taken_down_at IS NULL"
    )
    return bool((await conn.execute(statement, {"id": album_id, "now": now})).rowcount)


async def set_loudness(conn: AsyncConnection, album_id: UUID, loudness: str | None) -> str | None:
    """Answers what it was before."""
    statement = text(
        "UPDATE catalog.albums SET loudness = CAST(:loudness AS jsonb) WHERE id = :id "
        "RETURNING CAST(old.loudness AS text)"
    )
    return (await conn.execute(statement, {"id": album_id, "loudness": loudness})).scalar_one_or_none()


async def delete(conn: AsyncConnection, album_id: UUID) -> None:
    await conn.execute(text("DELETE FROM catalog.albums WHERE id = :id"), {"id": album_id})


async def track_ids(conn: AsyncConnection, album_id: UUID) -> list[UUID]:
    """In the order of discs and numbers, drafts too."""
    statement = text(
        "SELECT id FROM catalog.tracks WHERE album_id = :id ORDER BY disc_number NULLS FIRST, track_number, id"
    )
    return list((await conn.execute(statement, {"id": album_id})).scalars())
