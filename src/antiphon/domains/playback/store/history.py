"""What a person heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.paging import PageRequest, TimeKey

__all__ = ["counted_after", "plays_of"]

_PLAYS = """
    SELECT session_id, track_id, started_at FROM playback.plays WHERE user_id = :user {after}
    ORDER BY started_at DESC, session_id DESC LIMIT :limit
"""
_LAST = text(_PLAYS.format(after=""))
_BEFORE = text(_PLAYS.format(after="AND (started_at, session_id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))"))
_KEY: Any = TimeKey
_COUNTED = text(
    """
    SELECT session_id, track_id, started_at, counted_at FROM playback.plays
    WHERE user_id = :user AND NOT imported AND counted_at <= :until
      AND counted_at >= :after AND (counted_at, session_id) > (:after, :last)
    ORDER BY counted_at, session_id LIMIT :limit
    """
)


async def plays_of(conn: AsyncConnection, user_id: UUID, request: PageRequest) -> Sequence[Row[Any]]:
    """Those that counted, what began last first: apps tell of hours without network later."""
    position = request.position(_KEY)
    args: dict[str, Any] = {"user": user_id, "limit": request.limit + 1}
    if position:
        args["key"], args["id"] = position
    return (await conn.execute(_BEFORE if position else _LAST, args)).all()


async def counted_after(
    conn: AsyncConnection, user_id: UUID, after: tuple[datetime, UUID], until: datetime, limit: int
) -> Sequence[Row[Any]]:
    """In the order they counted here, but for what came from elsewhere. What was heard in private is nobody's."""
    values = {"user": user_id, "after": after[0], "last": after[1], "until": until, "limit": limit}
    return (await conn.execute(_COUNTED, values)).all()
