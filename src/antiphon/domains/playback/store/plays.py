"""Sessions of listening, and the plays that counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["insert_session", "left_at", "plays_by_listener", "plays_by_track"]


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


async def left_at(conn: AsyncConnection, user_id: UUID, track_id: UUID, since: datetime) -> int | None:
    """Where the person was in the track last, but for what was private."""
    statement = text(
        """
        SELECT position_ms FROM playback.sessions
        WHERE user_id = :user AND track_id = :track AND started_at > :since AND NOT private
        ORDER BY updated_at DESC LIMIT 1
        """
    )
    values = {"user": user_id, "track": track_id, "since": since}
    return (await conn.execute(statement, values)).scalar_one_or_none()


async def plays_by_track(conn: AsyncConnection) -> dict[UUID, int]:
    """Of this install: imported ones counted where they were heard."""
    statement = text("SELECT track_id, count(*) AS plays FROM playback.plays WHERE NOT imported GROUP BY track_id")
    return {row.track_id: row.plays for row in await conn.execute(statement)}


async def plays_by_listener(conn: AsyncConnection) -> dict[UUID, int]:
    """Those that others may know of."""
    statement = text(
        "SELECT user_id, count(*) AS plays FROM playback.plays "
        "WHERE user_id IS NOT NULL AND NOT imported GROUP BY user_id"
    )
    return {row.user_id: row.plays for row in await conn.execute(statement)}
