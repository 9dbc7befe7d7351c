"""What was said in the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add", "delete", "of_person", "since"]

_SINCE = text(
    """
    SELECT * FROM (
        SELECT id, user_id, text, sent_at FROM social.messages
        WHERE sent_at > coalesce(CAST(:since AS timestamptz), '-infinity')
        ORDER BY sent_at DESC, id DESC LIMIT :limit
    ) newest ORDER BY sent_at, id
    """
)


async def add(conn: AsyncConnection, user_id: UUID, said: str, now: datetime) -> Row[Any]:
    statement = text(
        "INSERT INTO social.messages (user_id, text, sent_at) VALUES (:user, :text, :now) "
        "RETURNING id, user_id, text, sent_at"
    )
    return (await conn.execute(statement, {"user": user_id, "text": said, "now": now})).one()


async def since(conn: AsyncConnection, since: datetime | None, limit: int) -> Sequence[Row[Any]]:
    """The newest that came after that time, the oldest of them first."""
    return (await conn.execute(_SINCE, {"since": since, "limit": limit})).all()


async def delete(conn: AsyncConnection, message_id: UUID, user_id: UUID) -> bool:
    statement = text("DELETE FROM social.messages WHERE id = :id AND user_id = :user")
    return bool((await conn.execute(statement, {"id": message_id, "user": user_id})).rowcount)


async def of_person(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    statement = text("SELECT id, text, sent_at FROM social.messages WHERE user_id = :user ORDER BY sent_at, id")
    return (await conn.execute(statement, {"user": user_id})).all()
