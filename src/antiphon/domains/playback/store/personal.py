"""What people heard: read for an export, taken in from another install, forgotten without changing a counter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add_imported", "forget_listener", "listens_of", "plays_of"]


async def _stream(conn: AsyncConnection, statement: str, user_id: UUID) -> AsyncIterator[Row[Any]]:
    async with conn.stream(text(statement), {"user": user_id}) as rows:
        async for row in rows:
            yield row


def plays_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT session_id, track_id, started_at, counted_at, imported, set_apart FROM playback.plays
        WHERE user_id = :user ORDER BY counted_at, session_id
    """
    return _stream(conn, statement, user_id)


def listens_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, track_id, started_at, position_ms, played_ms, counted_at, private, updated_at
        FROM playback.sessions WHERE user_id = :user ORDER BY started_at, id
    """
    return _stream(conn, statement, user_id)


async def add_imported(conn: AsyncConnection, user_id: UUID, plays: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    """Into the history, without being counted; answers those that were new.

    What the person heard here comes back from elsewhere under another id: one play of a track at one moment is one.
    """
    statement = text(
        """
        INSERT INTO playback.plays (session_id, track_id, user_id, started_at, counted_at, imported)
        SELECT p.session, p.track, :user, p.started, p.counted, true FROM unnest(
            CAST(:sessions AS uuid[]), CAST(:tracks AS uuid[]), CAST(:started AS timestamptz[]),
            CAST(:counted AS timestamptz[])
        ) AS p(session, track, started, counted)
        WHERE NOT EXISTS (
            SELECT FROM playback.plays o WHERE o.user_id = :user AND o.started_at = p.started
                AND o.counted_at = p.counted AND o.track_id = p.track
        )
        ON CONFLICT (session_id, counted_at) DO NOTHING RETURNING track_id, started_at
        """
    )
    columns = {
        "sessions": "session_id",
        "tracks": "track_id",
        "started": "started_at",
        "counted": "counted_at",
    }
    values = {name: [play[column] for play in plays] for name, column in columns.items()}
    return (await conn.execute(statement, values | {"user": user_id})).all()


async def forget_listener(conn: AsyncConnection, user_id: UUID) -> None:
    """The plays stay, so that counters stay exact; that it was this person is forgotten. Imported ones counted for
    nobody and go."""
    await conn.execute(text("DELETE FROM playback.plays WHERE user_id = :user AND imported"), {"user": user_id})
    await conn.execute(text("DELETE FROM playback.private_times WHERE user_id = :user"), {"user": user_id})
    for table in ("plays", "sessions"):
        statement = text(f"UPDATE playback.{table} SET user_id = NULL WHERE user_id = :user")
        await conn.execute(statement, {"user": user_id})
