"""A track that is another one: it keeps its files and credits, out of sight; what people made of it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.merging.record import ask, fill, run, unfill
from antiphon.kit.pointers import Pointer, move, move_back

__all__ = ["merge", "merged_into", "unmerge"]

_FILLED = ("mbid", "isrc", "year", "bpm", "musical_key", "language", "copyright")
_ENTRIES = Pointer("catalog.playlist_entries", "track_id")
_LYRICS = """
    WITH moved AS (
        UPDATE catalog.lyrics l SET track_id = :into WHERE l.track_id = :gone AND NOT EXISTS (
            SELECT FROM catalog.lyrics o WHERE o.track_id = :into AND o.kind = l.kind AND o.language = l.language)
        RETURNING l.id
    ) SELECT coalesce(jsonb_agg(id), '[]') FROM moved
"""
_HIDE = """
    UPDATE catalog.tracks SET merged_into = :into, published_before_merge = coalesce(published_at, withheld_at),
        published_at = NULL, withheld_at = NULL, publish_at = NULL, album_id = NULL, version = version + 1,
        updated_at = :now
    WHERE id = :gone
"""
_SHOW = """
    UPDATE catalog.tracks t SET merged_into = NULL, published_before_merge = NULL,
        album_id = (SELECT b.id FROM catalog.albums b WHERE b.id = CAST(:album AS uuid)),
        published_at = CASE WHEN {shown} THEN t.published_before_merge END,
        withheld_at = CASE WHEN NOT ({shown}) THEN t.published_before_merge END,
        publish_at = CAST(:publish_at AS timestamptz), version = t.version + 1, updated_at = :now
    FROM catalog.artists a WHERE t.id = :gone AND a.id = t.artist_id
""".replace("{shown}", "a.withheld_at IS NULL AND t.missing_since IS NULL")
_LYRICS_BACK = """
    UPDATE catalog.lyrics l SET track_id = :gone WHERE l.id = ANY (:lyrics) AND l.track_id = :into
      AND NOT EXISTS (SELECT FROM catalog.lyrics o
          WHERE o.track_id = :gone AND o.kind = l.kind AND o.language = l.language)
"""
_DURATIONS = """
    UPDATE catalog.playlist_entries e SET duration_ms = coalesce(t.duration_ms, 0) FROM catalog.tracks t
    WHERE t.id = e.track_id AND e.track_id IN (:gone, :into) AND e.duration_ms <> coalesce(t.duration_ms, 0)
"""


async def merge(conn: AsyncConnection, gone: UUID, into: UUID, now: datetime) -> dict[str, Any]:
    """Answers what moved. What the other lacks it gets: lyrics in a language that it has none in, ISRC, id of
    MusicBrainz, year, beat and key."""
    row = await ask(conn, "SELECT to_jsonb(t) FROM catalog.tracks t WHERE t.id = :gone", gone=gone)
    moved = {"album_id": row["album_id"], "publish_at": row["publish_at"]}
    moved["lyrics"] = await ask(conn, _LYRICS, gone=gone, into=into)
    await move(conn, _ENTRIES, gone, into)
    await run(conn, (_DURATIONS, _HIDE), {"gone": gone, "into": into, "now": now})
    return moved | {"filled": await fill(conn, "tracks", _FILLED, row, into)}


async def unmerge(conn: AsyncConnection, gone: UUID, into: UUID, moved: Mapping[str, Any], now: datetime) -> None:
    """It is as public as it was, on its album where that still is there."""
    await unfill(conn, "tracks", moved["filled"], into)
    publish_at = datetime.fromisoformat(moved["publish_at"]) if moved["publish_at"] else None
    album = UUID(moved["album_id"]) if moved["album_id"] else None
    await run(conn, (_SHOW,), {"gone": gone, "album": album, "publish_at": publish_at, "now": now})
    await move_back(conn, _ENTRIES, gone, into)
    lyrics = [UUID(row_id) for row_id in moved["lyrics"]]
    await run(conn, (_LYRICS_BACK, _DURATIONS), {"gone": gone, "into": into, "lyrics": lyrics})


async def merged_into(
    conn: AsyncConnection, track_id: UUID | None = None, *, artist_id: UUID | None = None
) -> Sequence[Row[Any]]:
    """(id, artist_id) of those that are this one now, or of what is left of an artist."""
    statement = text("SELECT id, artist_id FROM catalog.merged_tracks(:track, :artist)")
    return (await conn.execute(statement, {"track": track_id, "artist": artist_id})).all()
