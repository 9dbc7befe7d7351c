"""Works as other installs can know them, and those of ours that such words may mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_recognition import CLOSE_MS, WorkWords
from antiphon.domains.catalog.store.rows import MANAGED
from antiphon.kit.ids import Kind
from antiphon.kit.text import search_key

__all__ = ["here", "may_be_meant", "words"]

_MOST = 50
# An export reads as the house, which row-level security lets see everything: so who sees what is said here too.
_OPEN = """
    (w.library_id IS NULL OR EXISTS (
        SELECT FROM catalog.libraries l WHERE l.id = w.library_id AND (l.access IN ('everyone', 'members')
            OR EXISTS (SELECT FROM catalog.library_access x WHERE x.library_id = l.id AND x.user_id = :viewer))))
"""
_SHOWN = f"(w.published_at IS NOT NULL AND {_OPEN} OR w.artist_id = ANY ({MANAGED}))"
_SEEN = {
    Kind.ARTIST: f"(w.withheld_at IS NULL AND w.approval = 'approved' OR w.id = ANY ({MANAGED}))",
    Kind.ALBUM: _SHOWN,
    Kind.TRACK: f"(w.merged_into IS NULL AND {_SHOWN})",
}
_TABLES = {Kind.ARTIST: "catalog.artists", Kind.ALBUM: "catalog.albums", Kind.TRACK: "catalog.tracks"}
_WORDS = {
    Kind.ARTIST: """
        SELECT w.id, w.name AS title, '' AS artist, '' AS album, '' AS version, NULL AS isrc, NULL AS upc, w.mbid,
               NULL AS duration_ms
        FROM catalog.artists w
    """,
    Kind.ALBUM: """
        SELECT w.id, w.title, a.name AS artist, '' AS album, w.edition AS version, NULL AS isrc, w.upc, w.mbid,
               NULL AS duration_ms
        FROM catalog.albums w JOIN catalog.artists a ON a.id = w.artist_id
    """,
    Kind.TRACK: """
        SELECT w.id, w.title, a.name AS artist, coalesce(b.title, '') AS album, w.version_title AS version, w.isrc,
               NULL AS upc, w.mbid, w.duration_ms
        FROM catalog.tracks w JOIN catalog.artists a ON a.id = w.artist_id
        LEFT JOIN catalog.albums b ON b.id = w.album_id
    """,
}
_NAMED = {
    Kind.ARTIST: "SELECT w.id FROM catalog.artists w WHERE w.search_key = n.title",
    Kind.ALBUM: "SELECT w.id FROM catalog.artists a JOIN catalog.albums w ON w.artist_id = a.id "
    "AND w.search_key = n.title WHERE a.search_key = n.artist",
    Kind.TRACK: "SELECT w.id FROM catalog.artists a JOIN catalog.tracks w ON w.artist_id = a.id "
    f"AND w.search_key = n.title AND w.duration_ms BETWEEN n.ms - {CLOSE_MS} AND n.ms + {CLOSE_MS} "
    "WHERE a.search_key = n.artist",
}
_NUMBER = {Kind.ARTIST: None, Kind.ALBUM: "upc", Kind.TRACK: "isrc"}


def _words(kind: Kind, which: str) -> str:
    return f"{_WORDS[kind]} WHERE {which} AND {_SEEN[kind]}"


def _may_be_meant(kind: Kind) -> str:
    number = _NUMBER[kind]
    by_number = f"UNION SELECT w.id FROM {_TABLES[kind]} w WHERE w.{number} = ANY (:numbers)" if number else ""
    which = f"""
        w.id IN (
            SELECT w.id FROM {_TABLES[kind]} w WHERE w.mbid = ANY (CAST(:mbids AS uuid[])) {by_number}
            UNION SELECT f.id FROM unnest(
                CAST(:titles AS text[]), CAST(:artists AS text[]), CAST(:lengths AS bigint[])
            ) AS n(title, artist, ms) CROSS JOIN LATERAL ({_NAMED[kind]} ORDER BY w.id LIMIT {_MOST}) f
        )
    """
    return _words(kind, which)


_OF_IDS = {kind: text(_words(kind, "w.id = ANY (:ids)")) for kind in _WORDS}
_MEANT = {kind: text(_may_be_meant(kind)) for kind in _WORDS}
_HERE = {
    kind: text(
        f"""
        SELECT o.id, w.id AS now FROM unnest(CAST(:ids AS uuid[])) AS o(id)
        LEFT JOIN catalog.redirects r ON r.id = o.id JOIN {_TABLES[kind]} w ON w.id = coalesce(r.target, o.id)
        WHERE {_SEEN[kind]}
        """
    )
    for kind in _WORDS
}


async def words(conn: AsyncConnection, viewer: UUID, kind: Kind, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Of those that the viewer sees."""
    return (await conn.execute(_OF_IDS[kind], {"ids": list(ids), "viewer": viewer})).all()


async def here(conn: AsyncConnection, viewer: UUID, kind: Kind, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Which of the ids are of works that the viewer sees, and what those are now, should they have been merged."""
    found = await conn.execute(_HERE[kind], {"ids": list(ids), "viewer": viewer})
    return {row.id: row.now for row in found}


async def may_be_meant(
    conn: AsyncConnection, viewer: UUID, kind: Kind, said: Sequence[WorkWords]
) -> Sequence[Row[Any]]:
    """By numbers or by names; which of them by which is for the rules."""
    args: dict[str, Any] = {
        "viewer": viewer,
        "mbids": [one.mbid for one in said if one.mbid],
        "titles": [search_key(one.title) for one in said],
        "artists": [search_key(one.artist) for one in said],
        "lengths": [one.duration_ms for one in said],
    }
    if number := _NUMBER[kind]:
        args["numbers"] = [value for one in said if (value := getattr(one, number))]
    return (await conn.execute(_MEANT[kind], args)).all()
