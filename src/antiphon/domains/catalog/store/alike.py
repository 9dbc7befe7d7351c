"""Works that may be the same, looked for a stretch of the catalogue at a time, so that no question takes long."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.rows import MANAGED

__all__ = ["STRETCH", "Works", "alike", "end_of_stretch", "versions"]

Works = Literal["artists", "albums", "tracks"]
STRETCH = 5_000
_OTHERS = 20
_FROM: dict[Works, tuple[str, str]] = {
    "tracks": ("w.merged_into IS NULL", "w.artist_id"),
    "albums": ("true", "w.artist_id"),
    "artists": ("true", "w.id"),
}
_SAME: dict[Works, dict[str, str]] = {
    "tracks": {
        "isrc": "b.isrc = a.isrc",
        "mbid": "b.mbid = a.mbid",
        "alike": "b.artist_id = a.artist_id AND b.search_key = a.search_key "
        "AND b.duration_ms BETWEEN a.duration_ms - 2000 AND a.duration_ms + 2000 "
        "AND b.version_title = a.version_title",
    },
    "albums": {
        "upc": "b.upc = a.upc",
        "mbid": "b.mbid = a.mbid",
        "alike": "b.artist_id = a.artist_id AND b.search_key = a.search_key AND b.edition = a.edition",
    },
    "artists": {
        "mbid": "b.mbid = a.mbid",
        "name": "b.search_key = a.search_key AND b.disambiguation = a.disambiguation",
        "alias": "b.id IN (SELECT x.artist_id FROM catalog.artist_aliases x WHERE x.search_key = a.search_key)",
        "alias of it": "b.search_key IN (SELECT x.search_key FROM catalog.artist_aliases x WHERE x.artist_id = a.id)",
    },
}


def _stretch(works: Works, mine: bool) -> str:
    there, artist = _FROM[works]
    only = f" AND {artist} = ANY ({MANAGED})" if mine else ""
    return f"SELECT w.* FROM catalog.{works} w WHERE w.id > :after AND {there}{only} ORDER BY w.id"


@lru_cache(8)
def _alike(works: Works, mine: bool) -> TextClause:
    there, artist = _FROM[works]
    only = f" AND {artist} = ANY ({MANAGED})" if mine else ""
    # The offset keeps the order out of the search for the same: else all works behind may be walked through for it.
    found = " UNION ALL ".join(
        f"(SELECT b.id, '{name.partition(' ')[0]}' AS because FROM ("
        f"SELECT b.id FROM catalog.{works} b WHERE {same} AND {(there + only).replace('w.', 'b.')} OFFSET 0) b "
        f"WHERE b.id > a.id ORDER BY b.id LIMIT {_OTHERS})"
        for name, same in _SAME[works].items()
    )
    return text(
        f"""
        SELECT a.id, jsonb_agg(jsonb_build_array(o.id, o.because) ORDER BY o.id) AS others
        FROM ({_stretch(works, mine)} LIMIT {STRETCH}) a
        CROSS JOIN LATERAL (
            SELECT m.id, jsonb_agg(DISTINCT m.because) AS because FROM ({found}) m GROUP BY m.id
        ) o GROUP BY a.id ORDER BY a.id LIMIT :limit
        """
    )


async def alike(
    conn: AsyncConnection, works: Works, viewer: UUID, after: UUID, limit: int, *, mine: bool
) -> Sequence[Row[Any]]:
    """(id, [[id of another, [why]]]), of a stretch behind `after`; `mine`: of artists that the viewer manages."""
    values: dict[str, Any] = {"after": after, "limit": limit}
    return (await conn.execute(_alike(works, mine), values | ({"viewer": viewer} if mine else {}))).all()


async def end_of_stretch(conn: AsyncConnection, works: Works, viewer: UUID, after: UUID, *, mine: bool) -> UUID | None:
    """Where the next stretch begins; None where there is none."""
    statement = text(f"SELECT s.id FROM ({_stretch(works, mine)} LIMIT 1 OFFSET {STRETCH - 1}) s")
    values: dict[str, Any] = {"after": after}
    found = await conn.execute(statement, values | ({"viewer": viewer} if mine else {}))
    ended: UUID | None = found.scalar_one_or_none()
    return ended


_VERSIONS = text(
    f"""
    SELECT v.id FROM catalog.tracks t JOIN catalog.tracks v ON v.artist_id = t.artist_id
        AND (v.search_key = t.search_key OR t.work <> '' AND v.work = t.work AND v.movement = t.movement)
    WHERE t.id = :id AND (v.published_at IS NOT NULL OR v.artist_id = ANY ({MANAGED}))
      AND (v.id <> t.id) ORDER BY v.published_at NULLS LAST, v.id LIMIT 100
    """
)


async def versions(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> list[UUID]:
    """Others of the same artist that are called the same, or are of the same work; the oldest first."""
    return list((await conn.execute(_VERSIONS, {"id": track_id, "viewer": viewer})).scalars())
