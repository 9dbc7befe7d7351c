"""Albums that are announced. They are drafts for row-level security: only the house reads them for everybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["announce", "announced", "hold", "of_artist", "public"]

_SHOWN = """
    b.announced AND b.published_at IS NULL AND b.taken_down_at IS NULL AND b.withheld_at IS NULL
    AND a.approval = 'approved' AND a.withheld_at IS NULL
"""
# What has a later time of its own does not go out with the album.
_TRACKS = """
    SELECT coalesce(jsonb_agg(jsonb_build_array(t.title, t.version_title, t.disc_number, t.track_number, t.explicit)
        ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id), '[]')
    FROM catalog.tracks t WHERE t.album_id = b.id AND t.status <> 'failed' AND t.taken_down_at IS NULL
      AND (t.publish_at IS NULL OR t.publish_at <= b.publish_at)
"""
_SELECT = f"""
    SELECT b.id, b.title, b.kind, b.artist_id, a.name AS artist_name, b.cover, b.explicit, b.publish_at,
           ({_TRACKS}) AS tracks
    FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id
    WHERE {_SHOWN}
"""


async def announced(conn: AsyncConnection, album_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    statement = text(f"{_SELECT} AND b.id = ANY (:ids)")
    return (await conn.execute(statement, {"ids": list(album_ids)})).all()


async def of_artist(conn: AsyncConnection, artist_id: UUID, limit: int) -> Sequence[Row[Any]]:
    """The next first."""
    statement = text(f"{_SELECT} AND b.artist_id = :artist ORDER BY b.publish_at, b.id LIMIT {limit}")
    return (await conn.execute(statement, {"artist": artist_id})).all()


async def hold(conn: AsyncConnection, album_id: UUID) -> bool:
    """Whether it is announced; if so it is not published before the end of the transaction."""
    statement = text(
        f"SELECT true FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id "
        f"WHERE {_SHOWN} AND b.id = :id FOR SHARE OF b"
    )
    return (await conn.execute(statement, {"id": album_id})).first() is not None


async def public(conn: AsyncConnection, album_ids: Collection[UUID]) -> list[UUID]:
    statement = text("SELECT id FROM catalog.albums WHERE id = ANY (:ids) AND published_at IS NOT NULL ORDER BY id")
    return list((await conn.execute(statement, {"ids": list(album_ids)})).scalars())


async def announce(conn: AsyncConnection, album_id: UUID, announced: bool) -> bool:
    """False where it is not planned."""
    statement = text(
        "UPDATE catalog.albums SET announced = :announced, version = version + 1 "
        "WHERE id = :id AND announced <> :announced AND (publish_at IS NOT NULL OR NOT :announced)"
    )
    return bool((await conn.execute(statement, {"id": album_id, "announced": announced})).rowcount)
