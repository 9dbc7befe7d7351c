"""Listens that apps tell of, and what each person heard."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.store.counting import Session
from antiphon.kit.beside import Beside
from antiphon.kit.db import rows

__all__ = [
    "ALBUM_HEARD",
    "TRACK_HEARD",
    "add_heard",
    "claim_scrobble",
    "count_albums",
    "forget_albums",
    "forget_tracks",
    "heard",
    "hold_listener",
    "last_albums",
    "listeners",
    "most_albums",
    "rebuild_albums",
    "rebuild_heard",
]

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:user AS text), 2))")
_ADD_HEARD = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:tracks AS uuid[]), CAST(:albums AS uuid[]), CAST(:ats AS timestamptz[]))
            AS t(track, album, at)
    ), albums AS (
        INSERT INTO playback.heard_albums AS h (user_id, album_id, plays, last_played_at)
        SELECT :user, album, count(*), max(at) FROM told WHERE album IS NOT NULL GROUP BY album ORDER BY album
        ON CONFLICT (user_id, album_id) DO UPDATE SET plays = h.plays + excluded.plays,
            last_played_at = greatest(h.last_played_at, excluded.last_played_at)
    )
    INSERT INTO playback.heard_tracks AS h (user_id, track_id, plays, last_played_at)
    SELECT :user, track, count(*), max(at) FROM told GROUP BY track ORDER BY track
    ON CONFLICT (user_id, track_id) DO UPDATE SET plays = h.plays + excluded.plays,
        last_played_at = greatest(h.last_played_at, excluded.last_played_at)
    """
)
TRACK_HEARD = (
    Beside(
        "SELECT track_id, plays, last_played_at FROM playback.heard_tracks "
        "WHERE user_id = {viewer} AND track_id {among}",
        (0, None),
    ),
    Beside(
        "SELECT track_id, position_ms FROM playback.bookmarks WHERE user_id = {viewer} AND track_id {among}",
        (None,),
    ),
)
ALBUM_HEARD = (
    Beside(
        "SELECT album_id, plays, last_played_at FROM playback.heard_albums "
        "WHERE user_id = {viewer} AND album_id {among}",
        (0, None),
    ),
)
_HEARD = """
    SELECT w.id, coalesce(heard_track.plays, heard_album.plays),
           coalesce(heard_track.last_played_at, heard_album.last_played_at), bookmark.position_ms
    FROM unnest(CAST($2 AS uuid[])) AS w(id)
    LEFT JOIN playback.heard_tracks heard_track ON heard_track.user_id = $1 AND heard_track.track_id = w.id
    LEFT JOIN playback.bookmarks bookmark ON bookmark.user_id = $1 AND bookmark.track_id = w.id
    LEFT JOIN playback.heard_albums heard_album ON heard_album.user_id = $1 AND heard_album.album_id = w.id
    WHERE heard_track.track_id IS NOT NULL OR heard_album.album_id IS NOT NULL OR bookmark.track_id IS NOT NULL
"""
_MOST = text(
    "SELECT album_id FROM playback.heard_albums WHERE user_id = :user "
    "ORDER BY plays DESC, last_played_at DESC, album_id LIMIT CAST(:limit AS bigint) OFFSET :offset"
)
_LAST = text(
    "SELECT album_id FROM playback.heard_albums WHERE user_id = :user "
    "ORDER BY last_played_at DESC, album_id LIMIT CAST(:limit AS bigint) OFFSET :offset"
)


async def hold_listener(conn: AsyncConnection, user_id: UUID) -> None:
    """Whoever counts for the same person waits until the commit."""
    await conn.execute(_HOLD, {"user": str(user_id)})


async def claim_scrobble(conn: AsyncConnection, session: Session, first: datetime, last: datetime) -> bool:
    """Whether an app told of the session's listen before it counted; that scrobble is the session's from now on."""
    statement = text(
        """
        UPDATE playback.scrobbles SET session_id = :session WHERE (user_id, track_id, at) = (
            SELECT user_id, track_id, at FROM playback.scrobbles
            WHERE user_id = :user AND track_id = :track AND session_id IS NULL AND at BETWEEN :first AND :last
            ORDER BY abs(extract(epoch FROM at - CAST(:started AS timestamptz))) LIMIT 1
        )
        """
    )
    values = {
        "session": session.id,
        "user": session.user_id,
        "track": session.track_id,
        "started": session.started_at,
        "first": first,
        "last": last,
    }
    return bool((await conn.execute(statement, values)).rowcount)


async def add_heard(conn: AsyncConnection, user_id: UUID, heard: Iterable[tuple[UUID, UUID | None, datetime]]) -> None:
    """(track, its album, when): one more each."""
    several = list(heard)
    if several:
        tracks, albums, ats = (list(column) for column in zip(*several, strict=True))
        await conn.execute(_ADD_HEARD, {"user": user_id, "tracks": tracks, "albums": albums, "ats": ats})


async def heard(conn: AsyncConnection, user_id: UUID, ids: Collection[UUID]) -> Sequence[Any]:
    """(track or album, plays, when the last was, where a bookmark is)."""
    return await rows(conn, _HEARD, user_id, list(ids))


async def count_albums(conn: AsyncConnection, user_id: UUID) -> int:
    statement = text("SELECT count(*) FROM playback.heard_albums WHERE user_id = :user")
    return int((await conn.execute(statement, {"user": user_id})).scalar_one())


async def most_albums(conn: AsyncConnection, user_id: UUID, limit: int | None, offset: int) -> list[UUID]:
    return list((await conn.execute(_MOST, {"user": user_id, "limit": limit, "offset": offset})).scalars())


async def last_albums(conn: AsyncConnection, user_id: UUID, limit: int | None, offset: int) -> list[UUID]:
    return list((await conn.execute(_LAST, {"user": user_id, "limit": limit, "offset": offset})).scalars())


async def forget_tracks(conn: AsyncConnection, track_ids: Sequence[UUID]) -> None:
    for table in ("heard_tracks", "bookmarks", "now_playing", "scrobbles"):
        await conn.execute(text(f"DELETE FROM playback.{table} WHERE track_id = ANY (:ids)"), {"ids": list(track_ids)})


async def forget_albums(conn: AsyncConnection, album_ids: Sequence[UUID]) -> None:
    statement = text("DELETE FROM playback.heard_albums WHERE album_id = ANY (:ids)")
    await conn.execute(statement, {"ids": list(album_ids)})


async def rebuild_albums(conn: AsyncConnection, album_ids: Sequence[UUID], tracks: Sequence[tuple[UUID, UUID]]) -> None:
    """From what was heard of their tracks, given as (album, track)."""
    await forget_albums(conn, album_ids)
    statement = text(
        """
        INSERT INTO playback.heard_albums (user_id, album_id, plays, last_played_at)
        SELECT h.user_id, t.album, sum(h.plays), max(h.last_played_at)
        FROM unnest(CAST(:albums AS uuid[]), CAST(:tracks AS uuid[])) AS t(album, track)
        JOIN playback.heard_tracks h ON h.track_id = t.track GROUP BY h.user_id, t.album
        """
    )
    values = {"albums": [album for album, _ in tracks], "tracks": [track for _, track in tracks]}
    await conn.execute(statement, values)


async def listeners(conn: AsyncConnection) -> list[UUID]:
    statement = text(
        "SELECT user_id FROM playback.plays WHERE user_id IS NOT NULL "
        "UNION SELECT user_id FROM playback.heard_tracks ORDER BY 1"
    )
    return list((await conn.execute(statement)).scalars())


async def rebuild_heard(conn: AsyncConnection, user_id: UUID) -> list[UUID]:
    """What a person heard of each track, from their plays; answers the tracks."""
    await conn.execute(text("DELETE FROM playback.heard_tracks WHERE user_id = :user"), {"user": user_id})
    statement = text(
        """
        INSERT INTO playback.heard_tracks (user_id, track_id, plays, last_played_at)
        SELECT user_id, track_id, count(*), max(started_at) FROM playback.plays WHERE user_id = :user
        GROUP BY user_id, track_id RETURNING track_id
        """
    )
    return list((await conn.execute(statement, {"user": user_id})).scalars())
