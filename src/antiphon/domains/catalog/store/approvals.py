"""Artists that wait to be approved, and what is decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import Approval

__all__ = ["ask_again", "decide", "is_there", "page"]


async def page(conn: AsyncConnection, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Row[Any]]:
    """Those that have waited longest first; whose account closes is not decided about."""
    ahead = "AND (a.approval_asked_at, a.id) > (:asked, :id)" if after else ""
    statement = text(
        f"""
        SELECT a.id, a.name, a.bio, a.image, a.approval_asked_at, a.refused_for, a.created_by,
               (SELECT count(*) FROM catalog.tracks t WHERE t.artist_id = a.id) AS tracks
        FROM catalog.artists a WHERE a.approval = 'waiting' AND a.withheld_at IS NULL {ahead}
        ORDER BY a.approval_asked_at, a.id LIMIT :limit
        """
    )
    args: dict[str, Any] = {"limit": limit}
    if after:
        args["asked"], args["id"] = after
    return (await conn.execute(statement, args)).all()


async def decide(
    conn: AsyncConnection, artist_id: UUID, approval: Approval, *, reason: str | None, by: UUID | None, now: datetime
) -> str | None:
    """The artist's name; None where it does not wait (any more). It counts as no edit."""
    statement = text(
        """
        UPDATE catalog.artists SET approval = :approval, refused_for = :reason, decided_at = :now, decided_by = :by
        WHERE id = :id AND approval = 'waiting' AND withheld_at IS NULL RETURNING name
        """
    )
    args = {"id": artist_id, "approval": approval, "reason": reason, "by": by, "now": now}
    name: str | None = (await conn.execute(statement, args)).scalar_one_or_none()
    return name


async def ask_again(conn: AsyncConnection, artist_id: UUID, now: datetime) -> bool:
    """Keeps why it was refused, for whoever decides now. False where it was not."""
    statement = text(
        "UPDATE catalog.artists SET approval = 'waiting', approval_asked_at = :now "
        "WHERE id = :id AND approval = 'refused'"
    )
    return bool((await conn.execute(statement, {"id": artist_id, "now": now})).rowcount)


async def is_there(conn: AsyncConnection, artist_id: UUID) -> bool:
    statement = text("SELECT EXISTS (SELECT FROM catalog.artists WHERE id = :id AND withheld_at IS NULL)")
    return bool((await conn.execute(statement, {"id": artist_id})).scalar_one())
