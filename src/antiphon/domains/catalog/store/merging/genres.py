"""Everything here that points at a genre goes over to another one, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.merging.record import ask, run

__all__ = ["is_taken", "merge", "unmerge"]

_MOVED = """
    SELECT jsonb_build_object(
        'row', to_jsonb(g),
        'tracks', (SELECT coalesce(jsonb_agg(jsonb_build_array(t.track_id, o.genre_id IS NOT NULL)), '[]')
                   FROM catalog.track_genres t LEFT JOIN catalog.track_genres o
                       ON o.track_id = t.track_id AND o.genre_id = :into
                   WHERE t.genre_id = g.id),
        'narrower', (SELECT coalesce(jsonb_agg(n.id), '[]') FROM catalog.genres n WHERE n.parent_id = g.id),
        'aliases', (SELECT coalesce(jsonb_agg(a.key), '[]') FROM catalog.genre_aliases a WHERE a.genre_id = g.id)
    ) FROM catalog.genres g WHERE g.id = :gone
"""
_STEPS = (
    "INSERT INTO catalog.track_genres (track_id, genre_id) SELECT track_id, :into FROM catalog.track_genres "
    "WHERE genre_id = :gone ON CONFLICT DO NOTHING",
    "DELETE FROM catalog.track_genres WHERE genre_id = :gone",
    "UPDATE catalog.genres SET parent_id = :into WHERE parent_id = :gone",
    "UPDATE catalog.genre_aliases SET genre_id = :into WHERE genre_id = :gone",
    "INSERT INTO catalog.genre_aliases (key, name, genre_id) SELECT key, name, :into FROM catalog.genres "
    "WHERE id = :gone",
    "DELETE FROM catalog.genres WHERE id = :gone",
)
_BACK = (
    "DELETE FROM catalog.genre_aliases WHERE key = :key AND genre_id = :into",
    "INSERT INTO catalog.genres (id, name, key) VALUES (:gone, :name, :key)",
    "UPDATE catalog.genre_aliases SET genre_id = :gone WHERE key = ANY (:aliases) AND genre_id = :into",
    "UPDATE catalog.genres SET parent_id = :gone WHERE id = ANY (:narrower) AND parent_id = :into",
    """
    WITH RECURSIVE way AS (
        SELECT id, parent_id FROM catalog.genres WHERE id = CAST(:parent AS uuid)
        UNION SELECT g.id, g.parent_id FROM catalog.genres g JOIN way ON g.id = way.parent_id
    )
    UPDATE catalog.genres g SET parent_id = p.id FROM catalog.genres p
    WHERE g.id = :gone AND p.id = CAST(:parent AS uuid) AND NOT EXISTS (SELECT FROM way WHERE way.id = :gone)
    """,
    """
    INSERT INTO catalog.track_genres (track_id, genre_id)
    SELECT t.track_id, :gone FROM catalog.track_genres t WHERE t.genre_id = :into AND t.track_id = ANY (:tracks)
    """,
    "DELETE FROM catalog.track_genres WHERE genre_id = :into AND track_id = ANY (:only)",
)


async def merge(conn: AsyncConnection, gone: UUID, into: UUID) -> dict[str, Any]:
    """Tracks, narrower genres and names go over; the old name is an alias from now on. Answers what moved."""
    moved: dict[str, Any] = await ask(conn, _MOVED, gone=gone, into=into)
    await run(conn, _STEPS, {"gone": gone, "into": into})
    return moved


async def is_taken(conn: AsyncConnection, key: str, into: UUID) -> bool:
    """Whether a genre has the name by now; `into` may have it as one of its other names."""
    statement = text(
        "SELECT EXISTS (SELECT FROM catalog.genres WHERE key = :key) "
        "OR EXISTS (SELECT FROM catalog.genre_aliases WHERE key = :key AND genre_id <> :into)"
    )
    return bool((await conn.execute(statement, {"key": key, "into": into})).scalar_one())


async def unmerge(conn: AsyncConnection, gone: UUID, into: UUID, moved: Mapping[str, Any]) -> None:
    """What is still the other's comes back; what got or lost that genre since stays as it is.

    It stands where it stood, or at the top where that is gone or stands under it by now.
    """
    row = moved["row"]
    values = {
        "gone": gone,
        "into": into,
        "name": row["name"],
        "key": row["key"],
        "parent": row["parent_id"] and UUID(row["parent_id"]),
        "aliases": moved["aliases"],
        "narrower": [UUID(narrower) for narrower in moved["narrower"]],
        "tracks": [UUID(track) for track, _ in moved["tracks"]],
        "only": [UUID(track) for track, had_both in moved["tracks"] if not had_both],
    }
    await run(conn, _BACK, values)
