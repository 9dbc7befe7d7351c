"""What playlists were before they were changed. Row-level security shows it to their owner alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_playlists import GAP
from antiphon.kit.paging import PageRequest, TextKey

__all__ = ["entries_now", "ids_of", "page", "restore", "state", "whole"]

_KEY: Any = TextKey


async def page(conn: AsyncConnection, playlist_id: UUID, request: PageRequest) -> Sequence[Row[Any]]:
    """The last first, one more than asked for, and ahead of them the one that the page goes on from."""
    position = request.position(_KEY)
    ahead = "AND s.id <= CAST(:id AS uuid)" if position else ""
    statement = text(
        f"""
        SELECT s.id, s.name, s.comment, s.entry_ids, s.changed_at, s.changed_by
        FROM catalog.playlist_states s WHERE s.playlist_id = :playlist {ahead} ORDER BY s.id DESC LIMIT :limit
        """
    )
    args: dict[str, Any] = {"playlist": playlist_id, "limit": request.limit + (2 if position else 1)}
    if position:
        args["id"] = position[1]
    return (await conn.execute(statement, args)).all()


async def entries_now(conn: AsyncConnection, playlist_id: UUID) -> list[UUID]:
    """All of them in order, also those whose tracks nobody may see at present."""
    statement = text("SELECT id FROM catalog.playlist_entries WHERE playlist_id = :id ORDER BY place, id")
    return list((await conn.execute(statement, {"id": playlist_id})).scalars())


async def state(conn: AsyncConnection, playlist_id: UUID, state_id: UUID) -> Row[Any] | None:
    statement = text("SELECT name, comment FROM catalog.playlist_states WHERE id = :id AND playlist_id = :playlist")
    return (await conn.execute(statement, {"id": state_id, "playlist": playlist_id})).first()


async def ids_of(conn: AsyncConnection, owner: UUID) -> list[UUID]:
    """Of all playlists of a person, playlist by playlist, the first change first."""
    statement = text("SELECT id FROM catalog.playlist_states WHERE owner_id = :owner ORDER BY playlist_id, id")
    return list((await conn.execute(statement, {"owner": owner})).scalars())


async def whole(conn: AsyncConnection, state_id: UUID) -> Row[Any] | None:
    """With its entries in `tracks`, as JSON: (track, title, artist, added at); the names of what is gone are null."""
    statement = text(
        """
        SELECT s.playlist_id, s.name, s.comment, s.changed_at,
               s.changed_by IS NOT DISTINCT FROM s.owner_id AS by_owner, (
            SELECT jsonb_agg(jsonb_build_array(w.track, t.title, a.name, w.added_at) ORDER BY w.number)
            FROM unnest(s.track_ids, s.added_at) WITH ORDINALITY AS w(track, added_at, number)
            LEFT JOIN catalog.tracks t ON t.id = w.track LEFT JOIN catalog.artists a ON a.id = t.artist_id
        ) AS tracks
        FROM catalog.playlist_states s WHERE s.id = :id
        """
    )
    return (await conn.execute(statement, {"id": state_id})).first()


_THEN = """
    unnest(s.entry_ids, s.track_ids, s.added_at) WITH ORDINALITY AS w(entry, track, added_at, number)
    WHERE s.id = :state AND s.playlist_id = :playlist
"""
_RESTORE = (
    """
    DELETE FROM catalog.playlist_entries e USING catalog.playlist_states s
    WHERE s.id = :state AND s.playlist_id = :playlist AND e.playlist_id = :playlist AND e.id <> ALL (s.entry_ids)
    """,
    f"""
    UPDATE catalog.playlist_entries e SET place = f.number * {GAP} FROM (
        SELECT w.entry, w.number FROM catalog.playlist_states s, {_THEN}
    ) f WHERE e.id = f.entry AND e.playlist_id = :playlist
    """,
    # What was merged since is what it was merged into.
    f"""
    INSERT INTO catalog.playlist_entries (id, playlist_id, track_id, place, duration_ms, added_at)
    SELECT f.entry, :playlist, t.id, f.number * {GAP}, coalesce(t.duration_ms, 0), f.added_at FROM (
        SELECT w.* FROM catalog.playlist_states s, {_THEN}
    ) f LEFT JOIN catalog.redirects r ON r.id = f.track JOIN catalog.tracks t ON t.id = coalesce(r.target, f.track)
    ON CONFLICT (id) DO NOTHING
    """,
)


async def restore(conn: AsyncConnection, playlist_id: UUID, state_id: UUID) -> None:
    """The entries as they were, with their ids; without those whose tracks are gone, or not to be seen."""
    for statement in _RESTORE:
        await conn.execute(text(statement), {"playlist": playlist_id, "state": state_id})
