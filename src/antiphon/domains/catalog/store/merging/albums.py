"""Everything here that points at an album goes over to another one, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.merging.record import ask, bring_back, encoded, fill, run, unfill

__all__ = ["merge", "unmerge"]

_FILLED = ("mbid", "upc", "label", "cover")
_PERFORMERS = """
    SELECT coalesce(jsonb_agg(jsonb_build_object('position', x.position, 'artist_id', x.artist_id,
        'credited_as', x.credited_as, 'joined_by', x.joined_by) ORDER BY x.position), '[]')
    FROM catalog.album_artists x WHERE x.album_id = :of
"""
_STEPS = (
    "UPDATE catalog.tracks SET album_id = :into, version = version + 1, updated_at = :now WHERE album_id = :gone",
    """
    INSERT INTO catalog.album_artists (album_id, position, artist_id, credited_as, joined_by)
    SELECT CAST(:into AS uuid), (SELECT max(position) FROM catalog.album_artists WHERE album_id = :into)
           + row_number() OVER (ORDER BY x.position), x.artist_id, x.credited_as, x.joined_by
    FROM catalog.album_artists x WHERE x.album_id = :gone AND NOT EXISTS (
        SELECT FROM catalog.album_artists o WHERE o.album_id = :into AND o.artist_id = x.artist_id)
    """,
)
_BACK = (
    "UPDATE catalog.tracks SET album_id = :gone, version = version + 1, updated_at = :now "
    "WHERE id = ANY (:tracks) AND album_id = :into",
    """
    INSERT INTO catalog.album_artists AS x (album_id, position, artist_id, credited_as, joined_by)
    SELECT CAST(:gone AS uuid), r.position, r.artist_id, r.credited_as, r.joined_by
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS r(position int, artist_id uuid, credited_as text, joined_by text)
    WHERE EXISTS (SELECT FROM catalog.artists a WHERE a.id = r.artist_id)
    ON CONFLICT (album_id, position) DO UPDATE SET credited_as = excluded.credited_as, joined_by = excluded.joined_by
    """,
    """
    DELETE FROM catalog.album_artists x
    USING jsonb_to_recordset(CAST(:added AS jsonb)) AS r(position int, artist_id uuid)
    WHERE x.album_id = :into AND x.position = r.position AND x.artist_id = r.artist_id
    """,
)


async def merge(conn: AsyncConnection, gone: UUID, into: UUID, now: datetime) -> dict[str, Any]:
    """Answers what moved. What the other lacks it gets: cover, label, UPC, id of MusicBrainz."""
    tracks = "SELECT coalesce(jsonb_agg(id), '[]') FROM catalog.tracks WHERE album_id = :gone"
    moved = {
        "row": await ask(conn, "SELECT to_jsonb(b) FROM catalog.albums b WHERE b.id = :gone", gone=gone),
        "tracks": await ask(conn, tracks, gone=gone),
        "performers": await ask(conn, _PERFORMERS, of=gone),
    }
    had = await ask(conn, _PERFORMERS, of=into)
    await run(conn, _STEPS, {"gone": gone, "into": into, "now": now})
    await conn.execute(text("DELETE FROM catalog.albums WHERE id = :gone"), {"gone": gone})
    moved["added"] = [row for row in await ask(conn, _PERFORMERS, of=into) if row not in had]
    return moved | {"filled": await fill(conn, "albums", _FILLED, moved["row"], into)}


async def unmerge(conn: AsyncConnection, gone: UUID, into: UUID, moved: Mapping[str, Any], now: datetime) -> None:
    """Tracks that went elsewhere since stay there."""
    await unfill(conn, "albums", moved["filled"], into)
    await bring_back(conn, "albums", moved["row"])
    values = {"gone": gone, "into": into, "now": now, "tracks": [UUID(track) for track in moved["tracks"]]}
    rows = {"rows": encoded(moved["performers"]), "added": encoded(moved["added"])}
    await run(conn, _BACK, values | rows)
