"""Ids of what was merged, and what it is now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["put", "target"]

Merged = Literal["artist", "album", "track", "genre"]


async def put(conn: AsyncConnection, kind: Merged, row_id: UUID, target_id: UUID, now: datetime) -> None:
    """Before the row goes, so that its history stays. What led to it leads to the new one at once."""
    forward = text("UPDATE catalog.redirects SET target = :target WHERE target = :id")
    await conn.execute(forward, {"id": row_id, "target": target_id})
    statement = text("INSERT INTO catalog.redirects (id, kind, target, since) VALUES (:id, :kind, :target, :now)")
    await conn.execute(statement, {"id": row_id, "kind": kind, "target": target_id, "now": now})


async def target(conn: AsyncConnection, row_id: UUID) -> UUID | None:
    statement = text("SELECT target FROM catalog.redirects WHERE id = :id")
    found: UUID | None = (await conn.execute(statement, {"id": row_id})).scalar_one_or_none()
    return found
