"""What stands beside a work: where else an artist is heard, other editions, the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.paging import PageRequest, TimeKey

__all__ = ["appearances", "editions", "file"]

_KEY: Any = TimeKey
_APPEARANCES = """
    SELECT b.id, b.published_at FROM catalog.albums b
    WHERE b.published_at IS NOT NULL AND b.artist_id <> :artist AND b.id IN (
        SELECT x.album_id FROM catalog.album_artists x WHERE x.artist_id = :artist
        UNION
        SELECT t.album_id FROM catalog.track_artists x JOIN catalog.tracks t ON t.id = x.track_id
        WHERE x.artist_id = :artist AND t.published_at IS NOT NULL AND t.album_id IS NOT NULL
    ) {after}
    ORDER BY b.published_at DESC, b.id DESC LIMIT :limit
"""
_FIRST = text(_APPEARANCES.format(after=""))
_FURTHER = text(
    _APPEARANCES.format(after="AND (b.published_at, b.id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))")
)


async def appearances(conn: AsyncConnection, artist_id: UUID, request: PageRequest) -> Sequence[Row[Any]]:
    """`id` and `published_at` of the published albums of others on which the artist is heard, the newest first."""
    position = request.position(_KEY)
    args: dict[str, Any] = {"artist": artist_id, "limit": request.limit + 1}
    if position:
        args["key"], args["id"] = position
    return (await conn.execute(_FURTHER if position else _FIRST, args)).all()


_EDITIONS = text(
    """
    SELECT o.id, o.edition, o.label, o.catalog_number, o.release_precision
    FROM catalog.albums b JOIN catalog.albums o ON o.id <> b.id AND o.published_at IS NOT NULL
        AND o.artist_id = b.artist_id
        AND (o.search_key = b.search_key OR o.release_group_mbid = b.release_group_mbid)
    WHERE b.id = :id ORDER BY o.release_date NULLS LAST, o.id LIMIT :limit
    """
)


async def editions(conn: AsyncConnection, album_id: UUID, limit: int) -> Sequence[Row[Any]]:
    """The other published albums of its artist with the same title, or of the same release group; the oldest first."""
    return (await conn.execute(_EDITIONS, {"id": album_id, "limit": limit})).all()


_FILE = text(
    """
    SELECT f.suffix, f.mime, f.codec, f.bytes, f.bitrate_kbps, f.sample_rate, f.channels, f.bit_depth, f.track_gain,
           f.track_peak, f.album_gain, f.album_peak, CASE WHEN t.library_id IS NOT NULL THEN f.path END AS path
    FROM catalog.tracks t JOIN catalog.track_files f ON f.track_id = t.id WHERE t.id = :id
    """
)


async def file(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    return (await conn.execute(_FILE, {"id": track_id})).first()
