"""Tracks of libraries whose files are written, and the edits that they missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["artists", "concerned", "edited"]

_OF = {
    "track": "SELECT t.id FROM catalog.tracks t WHERE t.id = ANY (:works)",
    "album": "SELECT t.id FROM catalog.tracks t WHERE t.album_id = ANY (:works)",
    "artist": """
        SELECT x.track_id FROM catalog.track_artists x WHERE x.artist_id = ANY (:works)
        UNION SELECT t.id FROM catalog.album_artists x JOIN catalog.tracks t ON t.album_id = x.album_id
        WHERE x.artist_id = ANY (:works)
    """,
    "genre": "SELECT x.track_id FROM catalog.track_genres x WHERE x.genre_id = ANY (:works)",
}


async def concerned(conn: AsyncConnection, kind: str, works: Sequence[UUID]) -> Sequence[Row[Any]]:
    """(id, library_id)"""
    statement = text(
        f"""
        SELECT t.id, t.library_id FROM catalog.tracks t JOIN catalog.libraries l ON l.id = t.library_id
        WHERE l.writes_tags AND t.missing_since IS NULL AND t.id IN ({_OF[kind]}) ORDER BY t.library_id, t.id
        """
    )
    return (await conn.execute(statement, {"works": list(works)})).all()


async def artists(conn: AsyncConnection, artist_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    statement = text("SELECT id, name, sort_name, mbid FROM catalog.artists WHERE id = ANY (:ids)")
    return (await conn.execute(statement, {"ids": list(artist_ids)})).all()


async def edited(conn: AsyncConnection, library_id: UUID) -> Sequence[Row[Any]]:
    """All that people ever edited of what the library holds: (kind, fields, works)."""
    statement = text(
        """
        WITH held AS (
            SELECT t.id FROM catalog.tracks t WHERE t.library_id = :library
            UNION SELECT b.id FROM catalog.albums b WHERE b.library_id = :library
            UNION SELECT x.artist_id FROM catalog.tracks t JOIN catalog.track_artists x ON x.track_id = t.id
            WHERE t.library_id = :library
        ), written AS (
            SELECT e.kind, e.subject, array_agg(DISTINCT f.name ORDER BY f.name) AS fields
            FROM catalog.edits e JOIN held h ON h.id = e.subject, jsonb_object_keys(e.after) AS f(name)
            WHERE e.action IN ('edit', 'undo') GROUP BY e.kind, e.subject
        )
        SELECT kind, fields, array_agg(subject ORDER BY subject) AS works FROM written GROUP BY kind, fields
        """
    )
    return (await conn.execute(statement, {"library": library_id})).all()
