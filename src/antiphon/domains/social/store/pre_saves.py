"""Who wants an album as soon as it is public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.paging import PageRequest, TimeKey

__all__ = ["albums", "become_likes", "count", "of_person", "page", "put", "take_back"]

_TIME: Any = TimeKey


async def put(conn: AsyncConnection, user_id: UUID, album_id: UUID, now: datetime) -> None:
    """The time of the first stays."""
    statement = text(
        "INSERT INTO social.pre_saves (user_id, work_id, saved_at) VALUES (:user, :album, :now) ON CONFLICT DO NOTHING"
    )
    await conn.execute(statement, {"user": user_id, "album": album_id, "now": now})


async def take_back(conn: AsyncConnection, user_id: UUID, album_id: UUID) -> None:
    statement = text("DELETE FROM social.pre_saves WHERE user_id = :user AND work_id = :album")
    await conn.execute(statement, {"user": user_id, "album": album_id})


async def page(
    conn: AsyncConnection, user_id: UUID, request: PageRequest, album_id: UUID | None = None
) -> Sequence[Row[Any]]:
    """(work_id, saved_at), the newest first."""
    position = request.position(_TIME)
    args: dict[str, Any] = {"user": user_id, "limit": request.limit + 1}
    where = ""
    if album_id is not None:
        where, args["album"] = "AND work_id = :album", album_id
    if position:
        where += " AND (saved_at, work_id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))"
        args["at"], args["id"] = position
    statement = text(
        f"SELECT work_id, saved_at FROM social.pre_saves WHERE user_id = :user {where} "
        "ORDER BY saved_at DESC, work_id DESC LIMIT :limit"
    )
    return (await conn.execute(statement, args)).all()


async def of_person(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    statement = text("SELECT work_id, saved_at FROM social.pre_saves WHERE user_id = :user ORDER BY saved_at, work_id")
    return (await conn.execute(statement, {"user": user_id})).all()


async def albums(conn: AsyncConnection) -> list[UUID]:
    """Those that anybody pre-saved."""
    return list((await conn.execute(text("SELECT DISTINCT work_id FROM social.pre_saves"))).scalars())


async def count(conn: AsyncConnection, album_id: UUID) -> int:
    statement = text("SELECT count(*) FROM social.pre_saves WHERE work_id = :album")
    return int((await conn.execute(statement, {"album": album_id})).scalar_one())


_BECOME = text(
    """
    WITH due AS (
        SELECT user_id FROM social.pre_saves WHERE work_id = :album ORDER BY user_id LIMIT :limit FOR UPDATE
    ), gone AS (
        DELETE FROM social.pre_saves p USING due WHERE p.work_id = :album AND p.user_id = due.user_id
        RETURNING p.user_id
    ), new AS (
        INSERT INTO social.likes (user_id, work_id, kind, liked_at)
        SELECT user_id, :album, 'album', :now FROM gone ON CONFLICT DO NOTHING RETURNING user_id
    )
    SELECT g.user_id, n.user_id IS NOT NULL AS likes FROM gone g LEFT JOIN new n USING (user_id)
    """
)


async def become_likes(conn: AsyncConnection, album_id: UUID, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Of that many (user_id, likes): whose pre-save is used up now, and whether they did not like the album yet."""
    return (await conn.execute(_BECOME, {"album": album_id, "now": now, "limit": limit})).all()
