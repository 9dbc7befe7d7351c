"""Sessions of listening, and the plays that counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add_play", "insert_session", "lock_session", "plays_by_listener", "plays_by_track", "update_session"]


async def insert_session(conn: AsyncConnection, values: dict[str, Any]) -> UUID | None:
    """The session of this event id; a repeat finds the one that is there. None where it is somebody else's play."""
    statement = text(
        """
        INSERT INTO playback.sessions (track_id, user_id, event_id, started_at, threshold_ms, private, updated_at)
        VALUES (:track_id, :user_id, :event_id, :started_at, :threshold_ms, :private, :now)
        ON CONFLICT (event_id) DO UPDATE SET event_id = excluded.event_id
        RETURNING id, track_id = :track_id AND user_id IS NOT DISTINCT FROM CAST(:user_id AS uuid) AS same
        """
    )
    found = (await conn.execute(statement, values)).one()
    made: UUID | None = found.id if found.same else None
    return made


async def lock_session(conn: AsyncConnection, session_id: UUID) -> Row[Any] | None:
    statement = text("SELECT * FROM playback.sessions WHERE id = :id FOR UPDATE")
    return (await conn.execute(statement, {"id": session_id})).first()


async def update_session(
    conn: AsyncConnection,
    session_id: UUID,
    position_ms: int,
    played_ms: int,
    counted_at: datetime | None,
    now: datetime,
) -> None:
    statement = text(
        """
        UPDATE playback.sessions SET position_ms = :position, played_ms = :played, counted_at = :counted,
               updated_at = :now WHERE id = :id
        """
    )
    values = {"id": session_id, "position": position_ms, "played": played_ms, "counted": counted_at, "now": now}
    await conn.execute(statement, values)


async def add_play(conn: AsyncConnection, session: Row[Any], now: datetime) -> None:
    statement = text(
        """
        INSERT INTO playback.plays (session_id, track_id, user_id, started_at, counted_at, private)
        VALUES (:id, :track, :user, :started, :now, :private)
        """
    )
    values = {
        "id": session.id,
        "track": session.track_id,
        "user": session.user_id,
        "started": session.started_at,
        "private": session.private,
        "now": now,
    }
    await conn.execute(statement, values)


async def plays_by_track(conn: AsyncConnection) -> dict[UUID, int]:
    """Of this install: imported ones counted where they were heard."""
    statement = text("SELECT track_id, count(*) AS plays FROM playback.plays WHERE NOT imported GROUP BY track_id")
    return {row.track_id: row.plays for row in await conn.execute(statement)}


async def plays_by_listener(conn: AsyncConnection) -> dict[UUID, int]:
    """Those that others may know of."""
    statement = text(
        "SELECT user_id, count(*) AS plays FROM playback.plays "
        "WHERE user_id IS NOT NULL AND NOT imported AND NOT private GROUP BY user_id"
    )
    return {row.user_id: row.plays for row in await conn.execute(statement)}
