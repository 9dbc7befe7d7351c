"""Where people are: bookmarks, and what their players play now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "bookmarks",
    "drop_bookmark",
    "forget",
    "forget_player",
    "now_playing",
    "of_player",
    "play_now",
    "set_bookmark",
]

_BOOKMARKS = text(
    "SELECT track_id, position_ms, comment, created_at, changed_at FROM playback.bookmarks "
    "WHERE user_id = :user ORDER BY changed_at DESC, track_id"
)
_SET_BOOKMARK = text(
    """
    INSERT INTO playback.bookmarks AS b (user_id, track_id, position_ms, comment, created_at, changed_at)
    VALUES (:user, :track, :position, :comment, :now, :now)
    ON CONFLICT (user_id, track_id) DO UPDATE
        SET position_ms = excluded.position_ms, comment = excluded.comment, changed_at = excluded.changed_at
        WHERE (b.position_ms, b.comment) IS DISTINCT FROM (excluded.position_ms, excluded.comment)
    """
)
_PLAY_NOW = text(
    """
    INSERT INTO playback.now_playing (user_id, player_key, player, track_id, started_at, until, private, state,
        position_ms, position_at, rate, heard_ms)
    VALUES (:user, :key, :player, :track, :started, :until, :private, :state, :position, :now, :rate, :heard)
    ON CONFLICT (user_id, player_key) DO UPDATE SET player = excluded.player, track_id = excluded.track_id,
        started_at = excluded.started_at, until = excluded.until, private = excluded.private, state = excluded.state,
        position_ms = excluded.position_ms, position_at = excluded.position_at, rate = excluded.rate,
        heard_ms = excluded.heard_ms
    """
)
_PLAYER = "track_id, started_at, state, position_ms, position_at, rate, heard_ms"
_OF_PLAYER = text(f"SELECT {_PLAYER} FROM playback.now_playing WHERE user_id = :user AND player_key = :key")
_NOW = text(
    f"SELECT user_id, player, number, until, {_PLAYER} FROM playback.now_playing "
    "WHERE until > :now AND (NOT private OR user_id = :viewer) ORDER BY started_at DESC, number LIMIT 500"
)


async def bookmarks(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    """Those that changed last first."""
    return (await conn.execute(_BOOKMARKS, {"user": user_id})).all()


async def set_bookmark(
    conn: AsyncConnection, user_id: UUID, track_id: UUID, position_ms: int, comment: str, now: datetime
) -> None:
    values = {"user": user_id, "track": track_id, "position": position_ms, "comment": comment, "now": now}
    await conn.execute(_SET_BOOKMARK, values)


async def drop_bookmark(conn: AsyncConnection, user_id: UUID, track_id: UUID) -> bool:
    statement = text("DELETE FROM playback.bookmarks WHERE user_id = :user AND track_id = :track")
    return bool((await conn.execute(statement, {"user": user_id, "track": track_id})).rowcount)


async def play_now(conn: AsyncConnection, values: dict[str, Any]) -> None:
    await conn.execute(_PLAY_NOW, values)


async def of_player(conn: AsyncConnection, user_id: UUID, key: str) -> Row[Any] | None:
    return (await conn.execute(_OF_PLAYER, {"user": user_id, "key": key})).first()


async def forget_player(conn: AsyncConnection, user_id: UUID, key: str) -> None:
    statement = text("DELETE FROM playback.now_playing WHERE user_id = :user AND player_key = :key")
    await conn.execute(statement, {"user": user_id, "key": key})


async def now_playing(conn: AsyncConnection, viewer: UUID, now: datetime) -> Sequence[Row[Any]]:
    """Whose lease runs; those in private sessions only to themselves."""
    return (await conn.execute(_NOW, {"now": now, "viewer": viewer})).all()


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    for table in ("bookmarks", "now_playing", "scrobbles", "heard_tracks", "heard_albums"):
        await conn.execute(text(f"DELETE FROM playback.{table} WHERE user_id = :user"), {"user": user_id})
