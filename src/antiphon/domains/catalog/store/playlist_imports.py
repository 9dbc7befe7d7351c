"""Playlist files under review, and the tracks that their lines may mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add", "by_isrc", "by_path", "by_title", "delete", "get", "names"]

KEPT = timedelta(days=7)
_FOUND = """
    w.number, t.id, t.search_key AS title_key, a.search_key AS artist_key, t.duration_ms, t.isrc,
    coalesce(f.path, '') AS path
"""
# The end of a path is looked for as the beginning of the path read backwards.
_BY_PATH = text(
    f"""
    SELECT {_FOUND}
    FROM unnest(CAST(:numbers AS int[]), CAST(:ends AS text[])) AS w(number, reversed)
    CROSS JOIN LATERAL (
        SELECT o.track_id, o.path FROM catalog.track_files o
        WHERE o.path <> '' AND reverse(lower('/' || o.path)) COLLATE "C" >= w.reversed
          AND reverse(lower('/' || o.path)) COLLATE "C" < w.reversed || chr(1114111)
        LIMIT 50
    ) f
    JOIN catalog.tracks t ON t.id = f.track_id JOIN catalog.artists a ON a.id = t.artist_id
    """
)
_BY_TITLE = text(
    f"""
    SELECT {_FOUND}
    FROM unnest(CAST(:numbers AS int[]), CAST(:titles AS text[]), CAST(:artists AS text[])) AS w(number, title, artist)
    CROSS JOIN LATERAL (
        SELECT o.id FROM catalog.tracks o JOIN catalog.artists x ON x.id = o.artist_id
        WHERE o.search_key = w.title ORDER BY x.search_key <> w.artist, o.id LIMIT 20
    ) found
    JOIN catalog.tracks t ON t.id = found.id JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.track_files f ON f.track_id = t.id
    """
)
_BY_ISRC = text(
    f"""
    SELECT {_FOUND}
    FROM unnest(CAST(:numbers AS int[]), CAST(:isrcs AS text[])) AS w(number, isrc)
    JOIN catalog.tracks t ON t.isrc = w.isrc JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.track_files f ON f.track_id = t.id
    LIMIT 20000
    """
)


async def by_path(conn: AsyncConnection, ends: Sequence[tuple[int, str]]) -> Sequence[Row[Any]]:
    """`ends`: the number of a line, and the last parts of its path, in small letters."""
    if not ends:
        return []
    args = {"numbers": [number for number, _ in ends], "ends": [f"/{end}"[::-1] for _, end in ends]}
    return (await conn.execute(_BY_PATH, args)).all()


async def by_title(conn: AsyncConnection, keys: Sequence[tuple[int, str, str]]) -> Sequence[Row[Any]]:
    """`keys`: the number of a line, and the search keys of its title and artist."""
    if not keys:
        return []
    numbers, titles, artists = zip(*keys, strict=True)
    args = {"numbers": list(numbers), "titles": list(titles), "artists": list(artists)}
    return (await conn.execute(_BY_TITLE, args)).all()


async def by_isrc(conn: AsyncConnection, isrcs: Sequence[tuple[int, str]]) -> Sequence[Row[Any]]:
    if not isrcs:
        return []
    args = {"numbers": [number for number, _ in isrcs], "isrcs": [isrc for _, isrc in isrcs]}
    return (await conn.execute(_BY_ISRC, args)).all()


_NAMES = text(
    """
    SELECT t.id, t.title, a.name AS artist, b.title AS album, t.duration_ms
    FROM catalog.tracks t JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.albums b ON b.id = t.album_id WHERE t.id = ANY (:ids)
    """
)


async def names(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    return (await conn.execute(_NAMES, {"ids": list(ids)})).all() if ids else []


async def add(conn: AsyncConnection, owner: UUID, name: str, lines: str, now: datetime) -> UUID:
    """Forgets those of a week ago: nobody comes back to them."""
    args = {"owner": owner, "name": name, "lines": lines, "now": now}
    old = text("DELETE FROM catalog.playlist_imports WHERE owner_id = :owner AND created_at < :before")
    await conn.execute(old, {"owner": owner, "before": now - KEPT})
    statement = text(
        "INSERT INTO catalog.playlist_imports (owner_id, name, lines, created_at) "
        "VALUES (:owner, :name, CAST(:lines AS jsonb), :now) RETURNING id"
    )
    made: UUID = (await conn.execute(statement, args)).scalar_one()
    return made


async def get(conn: AsyncConnection, import_id: UUID, owner: UUID) -> Row[Any] | None:
    statement = text(
        "SELECT id, name, lines, created_at FROM catalog.playlist_imports WHERE id = :id AND owner_id = :owner"
    )
    return (await conn.execute(statement, {"id": import_id, "owner": owner})).first()


async def delete(conn: AsyncConnection, import_id: UUID) -> None:
    await conn.execute(text("DELETE FROM catalog.playlist_imports WHERE id = :id"), {"id": import_id})
