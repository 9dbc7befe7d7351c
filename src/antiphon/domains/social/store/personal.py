"""Everything of one person, to be forgotten."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["forget"]


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    for table in ("likes", "pre_saves", "ratings", "shares", "messages"):
        await conn.execute(text(f"DELETE FROM social.{table} WHERE user_id = :user"), {"user": user_id})
