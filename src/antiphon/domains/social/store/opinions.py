"""Likes and ratings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.beside import Beside
from antiphon.kit.db import rows
from antiphon.kit.paging import PageRequest, TimeKey
from antiphon.kit.pointers import Pointer, move, move_back

__all__ = [
    "OPINION",
    "best",
    "clear_rating",
    "count_liked",
    "count_rated",
    "forget_works",
    "like",
    "liked_ids",
    "likes",
    "marks",
    "move_works",
    "move_works_back",
    "own_likes",
    "own_opinions",
    "own_ratings",
    "rate",
    "rate_unless_later",
    "stats",
    "unlike",
]
_TIME: Any = TimeKey

_LIKE = text(
    "INSERT INTO social.likes (user_id, work_id, kind, liked_at) VALUES (:user, :work, :kind, :now) "
    "ON CONFLICT DO NOTHING"
)
_UNLIKE = text("DELETE FROM social.likes WHERE user_id = :user AND work_id = :work")
_RATE = text(
    """
    INSERT INTO social.ratings AS r (user_id, work_id, kind, rating, rated_at)
    VALUES (:user, :work, :kind, :rating, :now)
    ON CONFLICT (user_id, work_id) DO UPDATE SET rating = excluded.rating, rated_at = excluded.rated_at
    WHERE r.rating <> excluded.rating
    """
)
_RATE_UNLESS_LATER = text(f"{_RATE.text} AND r.rated_at < excluded.rated_at")
_MARKS = text(
    """
    SELECT w.id, l.liked_at, r.rating, coalesce(s.likes, 0) AS likes, coalesce(s.raters, 0) AS raters, s.average
    FROM unnest(CAST(:ids AS uuid[])) AS w(id)
    LEFT JOIN social.likes l ON l.user_id = :user AND l.work_id = w.id
    LEFT JOIN social.ratings r ON r.user_id = :user AND r.work_id = w.id
    LEFT JOIN social.work_stats s ON s.work_id = w.id
    WHERE l.work_id IS NOT NULL OR r.work_id IS NOT NULL OR s.work_id IS NOT NULL
    """
)


async def like(conn: AsyncConnection, user_id: UUID, work_id: UUID, kind: str, now: datetime) -> bool:
    """False where they liked it before: the time of the first stays."""
    values = {"user": user_id, "work": work_id, "kind": kind, "now": now}
    return bool((await conn.execute(_LIKE, values)).rowcount)


async def unlike(conn: AsyncConnection, user_id: UUID, work_id: UUID) -> bool:
    return bool((await conn.execute(_UNLIKE, {"user": user_id, "work": work_id})).rowcount)


async def rate(conn: AsyncConnection, user_id: UUID, work_id: UUID, kind: str, rating: int, now: datetime) -> bool:
    """False where that was their rating already."""
    values = {"user": user_id, "work": work_id, "kind": kind, "rating": rating, "now": now}
    return bool((await conn.execute(_RATE, values)).rowcount)


async def rate_unless_later(
    conn: AsyncConnection, user_id: UUID, work_id: UUID, kind: str, rating: int, at: datetime
) -> bool:
    """As `rate`, of a rating that was given at `at`: it gives way to one that was given since."""
    values = {"user": user_id, "work": work_id, "kind": kind, "rating": rating, "now": at}
    return bool((await conn.execute(_RATE_UNLESS_LATER, values)).rowcount)


async def clear_rating(conn: AsyncConnection, user_id: UUID, work_id: UUID) -> bool:
    statement = text("DELETE FROM social.ratings WHERE user_id = :user AND work_id = :work")
    return bool((await conn.execute(statement, {"user": user_id, "work": work_id})).rowcount)


async def marks(conn: AsyncConnection, user_id: UUID | None, work_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Of those works that anybody liked or rated."""
    return (await conn.execute(_MARKS, {"user": user_id, "ids": list(work_ids)})).all()


OPINION = (
    Beside("SELECT work_id, liked_at FROM social.likes WHERE user_id = {viewer} AND work_id {among}", (None,)),
    Beside("SELECT work_id, rating FROM social.ratings WHERE user_id = {viewer} AND work_id {among}", (None,)),
    Beside("SELECT work_id, average FROM social.work_stats WHERE work_id {among}", (None,)),
)
_OPINIONS = """
    SELECT w.id, own_like.liked_at, own_rating.rating, of_all.average FROM unnest(CAST($2 AS uuid[])) AS w(id)
    LEFT JOIN social.likes own_like ON own_like.user_id = $1 AND own_like.work_id = w.id
    LEFT JOIN social.ratings own_rating ON own_rating.user_id = $1 AND own_rating.work_id = w.id
    LEFT JOIN social.work_stats of_all ON of_all.work_id = w.id
    WHERE own_like.work_id IS NOT NULL OR own_rating.work_id IS NOT NULL OR of_all.average IS NOT NULL
"""


async def opinions(conn: AsyncConnection, user_id: UUID, work_ids: Collection[UUID]) -> Sequence[Any]:
    """(work, when they liked it, their rating, everybody's), of works that somebody has an opinion of."""
    return await rows(conn, _OPINIONS, user_id, list(work_ids))


_OWN = """
    SELECT work_id, l.liked_at, r.rating
    FROM (SELECT work_id, liked_at FROM social.likes WHERE user_id = $1 AND kind = $2) l
    FULL JOIN (SELECT work_id, rating FROM social.ratings WHERE user_id = $1 AND kind = $2) r USING (work_id)
"""


async def own_opinions(conn: AsyncConnection, user_id: UUID, kind: str) -> Sequence[Any]:
    """(work, when they liked it, their rating)."""
    return await rows(conn, _OWN, user_id, kind)


async def stats(conn: AsyncConnection, work_id: UUID) -> Row[Any] | None:
    statement = text("SELECT likes, raters, average FROM social.work_stats WHERE work_id = :id")
    return (await conn.execute(statement, {"id": work_id})).first()


async def likes(conn: AsyncConnection, user_id: UUID, kind: str, request: PageRequest) -> Sequence[Row[Any]]:
    position = request.position(_TIME)
    args: dict[str, Any] = {"user": user_id, "kind": kind}
    if position:
        args["at"], args["id"] = position
    return (await conn.execute(_likes(position is not None, request.limit + 1), args)).all()


@lru_cache(256)
def _likes(goes_on: bool, limit: int) -> TextClause:
    after = "AND (liked_at, work_id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))" if goes_on else ""
    return text(
        f"SELECT work_id, liked_at FROM social.likes WHERE user_id = :user AND kind = :kind {after} "
        f"ORDER BY liked_at DESC, work_id DESC LIMIT {limit}"
    )


async def liked_ids(
    conn: AsyncConnection, user_id: UUID, kind: str, limit: int | None, offset: int
) -> Sequence[Row[Any]]:
    """(work_id, liked_at), the newest first; all of them without a limit."""
    statement = text(
        "SELECT work_id, liked_at FROM social.likes WHERE user_id = :user AND kind = :kind "
        "ORDER BY liked_at DESC, work_id DESC LIMIT CAST(:limit AS bigint) OFFSET :offset"
    )
    values = {"user": user_id, "kind": kind, "limit": limit, "offset": offset}
    return (await conn.execute(statement, values)).all()


async def count_liked(conn: AsyncConnection, user_id: UUID, kind: str) -> int:
    statement = text("SELECT count(*) FROM social.likes WHERE user_id = :user AND kind = :kind")
    return int((await conn.execute(statement, {"user": user_id, "kind": kind})).scalar_one())


async def count_rated(conn: AsyncConnection, kind: str) -> int:
    statement = text("SELECT count(*) FROM social.work_stats WHERE kind = :kind AND raters > 0")
    return int((await conn.execute(statement, {"kind": kind})).scalar_one())


async def best(conn: AsyncConnection, kind: str, limit: int | None, offset: int) -> list[UUID]:
    """By average; of equals those that more people rated."""
    statement = text(
        "SELECT work_id FROM social.work_stats WHERE kind = :kind AND raters > 0 "
        "ORDER BY average DESC, raters DESC, work_id LIMIT CAST(:limit AS bigint) OFFSET :offset"
    )
    return list((await conn.execute(statement, {"kind": kind, "limit": limit, "offset": offset})).scalars())


async def own_likes(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    statement = text(
        "SELECT work_id, kind, liked_at FROM social.likes WHERE user_id = :user ORDER BY liked_at, work_id"
    )
    return (await conn.execute(statement, {"user": user_id})).all()


async def own_ratings(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    statement = text(
        "SELECT work_id, kind, rating, rated_at FROM social.ratings WHERE user_id = :user ORDER BY rated_at, work_id"
    )
    return (await conn.execute(statement, {"user": user_id})).all()


async def forget_works(conn: AsyncConnection, work_ids: Sequence[UUID]) -> None:
    """The works are gone; the triggers bring their counters to nothing."""
    for table in ("likes", "pre_saves", "ratings", "share_items"):
        await conn.execute(text(f"DELETE FROM social.{table} WHERE work_id = ANY (:ids)"), {"ids": list(work_ids)})


_WORKS = (
    Pointer("social.likes", "work_id", ("user_id",), {"liked_at": "least(t.liked_at, g.liked_at)"}),
    Pointer(
        "social.ratings",
        "work_id",
        ("user_id",),
        {name: f"CASE WHEN g.rated_at > t.rated_at THEN g.{name} ELSE t.{name} END" for name in ("rating", "rated_at")},
    ),
    Pointer("social.share_items", "work_id"),
    Pointer("social.pre_saves", "work_id", ("user_id",), {"saved_at": "least(t.saved_at, g.saved_at)"}),
)


async def move_works(conn: AsyncConnection, work_id: UUID, into: UUID) -> None:
    """The work is another one now. Whoever liked both likes it since the first time; of two ratings the later stays."""
    for pointer in _WORKS:
        await move(conn, pointer, work_id, into)


async def move_works_back(conn: AsyncConnection, work_id: UUID, out_of: UUID) -> None:
    for pointer in _WORKS:
        await move_back(conn, pointer, work_id, out_of)
