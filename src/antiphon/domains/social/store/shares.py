"""Links to works, and what is behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add", "change", "count", "delete", "get", "items", "of_person", "visited"]

_COLUMNS = "id, user_id, description, created_at, expires_at, visits, last_visited_at, version"


async def add(conn: AsyncConnection, values: dict[str, Any], items: Sequence[tuple[UUID, str]]) -> None:
    statement = text(
        "INSERT INTO social.shares (id, user_id, description, created_at, expires_at) "
        "VALUES (:id, :user, :description, :now, :expires_at)"
    )
    await conn.execute(statement, values)
    insert = text(
        """
        INSERT INTO social.share_items (share_id, position, work_id, kind)
        SELECT :id, i.position - 1, i.work, i.kind
        FROM unnest(CAST(:works AS uuid[]), CAST(:kinds AS text[])) WITH ORDINALITY AS i(work, kind, position)
        """
    )
    works, kinds = [work for work, _ in items], [kind for _, kind in items]
    await conn.execute(insert, {"id": values["id"], "works": works, "kinds": kinds})


async def get(conn: AsyncConnection, share_id: UUID) -> Row[Any] | None:
    return (await conn.execute(text(f"SELECT {_COLUMNS} FROM social.shares WHERE id = :id"), {"id": share_id})).first()


async def of_person(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    """The newest first."""
    statement = text(
        f"SELECT {_COLUMNS} FROM social.shares WHERE user_id = :user ORDER BY created_at DESC, id DESC LIMIT 1000"
    )
    return (await conn.execute(statement, {"user": user_id})).all()


async def count(conn: AsyncConnection, user_id: UUID) -> int:
    statement = text("SELECT count(*) FROM social.shares WHERE user_id = :user")
    return int((await conn.execute(statement, {"user": user_id})).scalar_one())


async def items(conn: AsyncConnection, share_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    statement = text(
        "SELECT share_id, work_id, kind FROM social.share_items WHERE share_id = ANY (:ids) ORDER BY share_id, position"
    )
    return (await conn.execute(statement, {"ids": list(share_ids)})).all()


async def change(conn: AsyncConnection, share_id: UUID, user_id: UUID, values: dict[str, Any]) -> bool:
    """Description and end; False where the person has no such link."""
    statement = text(
        """
        UPDATE social.shares SET description = :description, expires_at = :expires_at, version = version + 1
        WHERE id = :id AND user_id = :user
        """
    )
    return bool((await conn.execute(statement, {"id": share_id, "user": user_id, **values})).rowcount)


async def delete(conn: AsyncConnection, share_id: UUID, user_id: UUID) -> bool:
    statement = text("DELETE FROM social.shares WHERE id = :id AND user_id = :user")
    return bool((await conn.execute(statement, {"id": share_id, "user": user_id})).rowcount)


async def visited(conn: AsyncConnection, share_id: UUID, now: datetime) -> None:
    statement = text("UPDATE social.shares SET visits = visits + 1, last_visited_at = :now WHERE id = :id")
    await conn.execute(statement, {"id": share_id, "now": now})
