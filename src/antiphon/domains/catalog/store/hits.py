"""Rows of what a search found: every kind in one statement, so that a search asks the database once.

Row-level security leaves out what the person may not see; drafts stay out also for those who manage them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import rows

__all__ = ["found"]

_OPEN = "{row}.territories IS NULL AND {row}.embargoes = '{{}}'"
_RIGHTS = "jsonb_build_object('territories', {row}.territories, 'embargoes', {row}.embargoes)"
# Hardly a work is kept from anybody: only for one that is, it is asked who manages it.
_MANAGED = """
    ARRAY (SELECT m.artist_id FROM catalog.artist_managers m
           WHERE m.user_id = nullif(current_setting('antiphon.actor', true), '')::uuid)
"""
_ALBUM_RIGHTS = f"""
    CASE WHEN {_OPEN.format(row="b")} OR b.artist_id = ANY ({_MANAGED}) THEN NULL
         ELSE jsonb_build_array({_RIGHTS.format(row="b")}) END
"""
_TRACK_RIGHTS = f"""
    CASE WHEN {_OPEN.format(row="t")} AND (b.id IS NULL OR {_OPEN.format(row="b")})
              OR t.artist_id = ANY ({_MANAGED}) THEN NULL
         WHEN b.id IS NULL THEN jsonb_build_array({_RIGHTS.format(row="t")})
         ELSE jsonb_build_array({_RIGHTS.format(row="t")}, {_RIGHTS.format(row="b")}) END
"""
_FOUND = f"""
    SELECT 'artist' AS kind, a.id, a.name AS title, NULL::uuid AS artist_id, NULL AS artist_name,
           NULL::uuid AS album_id, NULL AS album_title, a.image AS cover, NULL::uuid AS library_id, false AS explicit,
           NULL::int AS number, NULL::int AS year, NULL::date AS released, NULL AS more,
           NULL::jsonb AS rights
    FROM catalog.artists a WHERE a.id = ANY (CAST($1 AS uuid[])) AND a.withheld_at IS NULL
    UNION ALL
    SELECT 'album', b.id, b.title, b.artist_id, a.name, NULL, NULL, b.cover, b.library_id, b.explicit,
           b.track_count, NULL, b.release_date, b.kind, {_ALBUM_RIGHTS}
    FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id
    WHERE b.id = ANY (CAST($2 AS uuid[])) AND b.published_at IS NOT NULL
    UNION ALL
    SELECT 'track', t.id, t.title, t.artist_id, a.name, b.id, b.title, coalesce(t.cover, b.cover), t.library_id,
           t.explicit, t.duration_ms, t.year, NULL, t.version_title, {_TRACK_RIGHTS}
    FROM catalog.tracks t JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.albums b ON b.id = t.album_id AND b.published_at IS NOT NULL
    WHERE t.id = ANY (CAST($3 AS uuid[])) AND t.published_at IS NOT NULL
"""


async def found(
    conn: AsyncConnection, artists: Sequence[UUID], albums: Sequence[UUID], tracks: Sequence[UUID]
) -> Sequence[Any]:
    """In any order. `number` is an album's count of tracks and a track's length in milliseconds. `rights` are those
    that keep it from somebody, None where nothing does or who asks manages it."""
    return await rows(conn, _FOUND, list(artists), list(albums), list(tracks))
