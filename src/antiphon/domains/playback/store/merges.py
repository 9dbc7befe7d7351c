"""What was heard of a track that is another one now, or is one of its own again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.pointers import Pointer, move, move_back

__all__ = ["move_track", "move_track_back", "plays_of"]

_TRACKS = (
    Pointer("playback.plays", "track_id"),
    Pointer("playback.sessions", "track_id"),
    Pointer("playback.queue_entries", "track_id"),
    Pointer("playback.jam_entries", "track_id"),
    Pointer("playback.scrobbles", "track_id", ("user_id", "at")),
    Pointer(
        "playback.bookmarks",
        "track_id",
        ("user_id",),
        {
            name: f"CASE WHEN g.changed_at > t.changed_at THEN g.{name} ELSE t.{name} END"
            for name in ("position_ms", "comment", "changed_at")
        },
    ),
)
_HEARD = (
    "DELETE FROM playback.heard_tracks WHERE track_id IN (:gone, :into)",
    """
    INSERT INTO playback.heard_tracks (user_id, track_id, plays, last_played_at)
    SELECT p.user_id, p.track_id, count(*), max(p.started_at) FROM playback.plays p
    JOIN identity.users u ON u.id = p.user_id WHERE p.track_id IN (:gone, :into) GROUP BY p.user_id, p.track_id
    """,
)


async def move_track(conn: AsyncConnection, gone: UUID, into: UUID) -> None:
    for pointer in _TRACKS:
        await move(conn, pointer, gone, into)
    both = {"gone": gone, "into": into}
    for statement in (
        "UPDATE playback.now_playing SET track_id = :into WHERE track_id = :gone",
        *_HEARD,
    ):
        await conn.execute(text(statement), both)


async def move_track_back(conn: AsyncConnection, gone: UUID, into: UUID) -> None:
    """What plays at this moment goes on as what it was begun as."""
    for pointer in _TRACKS:
        await move_back(conn, pointer, gone, into)
    for statement in _HEARD:
        await conn.execute(text(statement), {"gone": gone, "into": into})


async def plays_of(conn: AsyncConnection, track_id: UUID) -> int:
    """Of this install: imported ones counted where they were heard."""
    statement = text("SELECT count(*) FROM playback.plays WHERE track_id = :id AND NOT imported")
    return int((await conn.execute(statement, {"id": track_id})).scalar_one())
