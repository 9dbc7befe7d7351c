"""Rows of several works at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import artists as artist_store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.store.rows import MANAGED
from antiphon.kit.db import rows

__all__ = ["album_tracks", "albums", "artists", "heard_by_each", "heard_tracks", "is_seen", "tracks"]

_SEEN = {
    "track": f"(w.published_at IS NOT NULL OR w.artist_id = ANY ({MANAGED}))",
    "album": f"(w.published_at IS NOT NULL OR w.artist_id = ANY ({MANAGED}))",
    "artist": f"(w.withheld_at IS NULL AND w.approval = 'approved' OR w.id = ANY ({MANAGED}))",
}
_IS_SEEN = {
    kind: text(f"SELECT EXISTS (SELECT FROM catalog.{kind}s w WHERE w.id = :id AND {seen})")
    for kind, seen in _SEEN.items()
}
_HEARD = f"""
    SELECT w.id, w.album_id, w.duration_ms, w.published_at IS NOT NULL
    FROM catalog.tracks w WHERE w.id = ANY ($1::uuid[]) AND {_SEEN["track"].replace(":viewer", "$2")}
"""


async def tracks(conn: AsyncConnection, viewer: UUID | None, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    return (await conn.execute(track_store.OF_IDS, {"ids": list(ids), "viewer": viewer})).all()


async def albums(conn: AsyncConnection, viewer: UUID | None, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    return (await conn.execute(album_store.OF_IDS, {"ids": list(ids), "viewer": viewer})).all()


async def artists(conn: AsyncConnection, viewer: UUID | None, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    return (await conn.execute(artist_store.OF_IDS, {"ids": list(ids), "viewer": viewer})).all()


async def is_seen(conn: AsyncConnection, viewer: UUID | None, kind: str, work_id: UUID) -> bool:
    return bool((await conn.execute(_IS_SEEN[kind], {"id": work_id, "viewer": viewer})).scalar_one())


_HEARD_BY_EACH = """
    SELECT p.person, w.id, w.album_id, w.duration_ms, w.published_at IS NOT NULL
    FROM unnest($1::uuid[], $2::uuid[]) AS p(person, track) JOIN catalog.tracks w ON w.id = p.track
    LEFT JOIN catalog.libraries l ON l.id = w.library_id
    WHERE w.published_at IS NOT NULL AND (
        l.id IS NULL OR l.access IN ('everyone', 'members')
        OR EXISTS (SELECT FROM catalog.library_access a WHERE a.library_id = l.id AND a.user_id = p.person))
    OR w.merged_into IS NULL AND EXISTS (
        SELECT FROM catalog.artist_managers m WHERE m.artist_id = w.artist_id AND m.user_id = p.person)
"""


async def heard_by_each(conn: AsyncConnection, people: Sequence[UUID], tracks: Sequence[UUID]) -> Sequence[Any]:
    """(person, and as `heard_tracks`) for each pair of a person and a track, by what row-level security lets them see.

    Wants a connection of the house's own.
    """
    return await rows(conn, _HEARD_BY_EACH, list(people), list(tracks))


async def heard_tracks(conn: AsyncConnection, viewer: UUID | None, ids: Collection[UUID]) -> Sequence[Any]:
    """(track, album, its length, whether it is published)."""
    return await rows(conn, _HEARD, list(ids), viewer)


async def album_tracks(conn: AsyncConnection, album_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    statement = text("SELECT album_id, id FROM catalog.tracks WHERE album_id = ANY (:ids) ORDER BY album_id, id")
    return (await conn.execute(statement, {"ids": list(album_ids)})).all()
