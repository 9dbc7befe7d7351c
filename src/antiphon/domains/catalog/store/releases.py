"""When works become public by themselves, and how they are taken out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.paging import PageRequest, TimeKey

__all__ = ["due_albums", "due_tracks", "ready_tracks", "restore", "schedule", "take_down", "taken_down", "work"]

Works = Literal["albums", "tracks"]


async def work(conn: AsyncConnection, table: Works, row_id: UUID) -> Row[Any] | None:
    """(title, artist_id, published_at, taken_down_at), held until the end of the transaction."""
    statement = text(
        f"SELECT title, artist_id, published_at, taken_down_at FROM catalog.{table} WHERE id = :id FOR NO KEY UPDATE"
    )
    return (await conn.execute(statement, {"id": row_id})).first()


async def schedule(conn: AsyncConnection, table: Works, row_id: UUID, at: datetime | None, now: datetime) -> None:
    """Without a time an album is not announced any more either."""
    unannounced = "announced = false, " if at is None and table == "albums" else ""
    statement = text(
        f"UPDATE catalog.{table} SET publish_at = :at, {unannounced}updated_at = :now, version = version + 1 "
        "WHERE id = :id"
    )
    await conn.execute(statement, {"id": row_id, "at": at, "now": now})


_MAY = "a.approval = 'approved' AND a.withheld_at IS NULL"


async def due_albums(conn: AsyncConnection, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """(id, artist_id) of those whose time has come and of which something plays; another process leaves these alone."""
    statement = text(
        f"""
        SELECT b.id, b.artist_id FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id AND {_MAY}
        WHERE b.publish_at <= :now AND b.published_at IS NULL AND b.taken_down_at IS NULL
          AND EXISTS (SELECT FROM catalog.tracks t WHERE t.album_id = b.id AND t.status = 'ready')
        ORDER BY b.publish_at, b.id LIMIT :limit FOR UPDATE OF b SKIP LOCKED
        """
    )
    return (await conn.execute(statement, {"now": now, "limit": limit})).all()


async def due_tracks(conn: AsyncConnection, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """(id, artist_id, album_id) of those whose time has come and that play."""
    statement = text(
        f"""
        SELECT t.id, t.artist_id, t.album_id FROM catalog.tracks t JOIN catalog.artists a
            ON a.id = t.artist_id AND {_MAY}
        WHERE t.publish_at <= :now AND t.published_at IS NULL AND t.taken_down_at IS NULL AND t.status = 'ready'
        ORDER BY t.publish_at, t.id LIMIT :limit FOR UPDATE OF t SKIP LOCKED
        """
    )
    return (await conn.execute(statement, {"now": now, "limit": limit})).all()


async def ready_tracks(conn: AsyncConnection, album_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    """(id, artist_id) of what goes out with the album: not what has a later time of its own."""
    statement = text(
        """
        SELECT id, artist_id FROM catalog.tracks WHERE album_id = :album AND status = 'ready'
          AND published_at IS NULL AND (publish_at IS NULL OR publish_at <= :now)
        ORDER BY disc_number, track_number, id
        """
    )
    return (await conn.execute(statement, {"album": album_id, "now": now})).all()


_TAKE = """
    UPDATE catalog.{table} SET taken_down_at = :now, taken_down_reason = :reason,
        taken_down_from = coalesce(published_at, withheld_at), published_at = NULL, withheld_at = NULL,
        publish_at = NULL, {more}updated_at = :now, version = version + 1
    WHERE {which} AND taken_down_at IS NULL
"""
_GIVE = """
    UPDATE catalog.{table} w SET taken_down_at = NULL, taken_down_reason = NULL, taken_down_from = NULL,
        published_at = CASE WHEN {shown} THEN w.taken_down_from END,
        withheld_at = CASE WHEN NOT ({shown}) THEN w.taken_down_from END, updated_at = :now, version = w.version + 1
    FROM catalog.artists a WHERE a.id = w.artist_id AND {which} AND w.taken_down_at = :since
"""


async def take_down(conn: AsyncConnection, table: Works, row_id: UUID, reason: str, now: datetime) -> None:
    """An album goes with its tracks."""
    values = {"id": row_id, "reason": reason, "now": now}
    more = "announced = false, " if table == "albums" else ""
    await conn.execute(text(_TAKE.format(table=table, more=more, which="id = :id")), values)
    if table == "albums":
        await conn.execute(text(_TAKE.format(table="tracks", more="", which="album_id = :id")), values)


async def restore(conn: AsyncConnection, table: Works, row_id: UUID, since: datetime, now: datetime) -> None:
    """As public as it was, and with an album the tracks that went with it. What is out of sight for another reason
    stays so until that ends."""
    values = {"id": row_id, "since": since, "now": now}
    of_account = "a.withheld_at IS NULL"
    shown = of_account if table == "albums" else f"{of_account} AND w.missing_since IS NULL"
    await conn.execute(text(_GIVE.format(table=table, which="w.id = :id", shown=shown)), values)
    if table == "albums":
        shown = f"{of_account} AND w.missing_since IS NULL"
        await conn.execute(text(_GIVE.format(table="tracks", which="w.album_id = :id", shown=shown)), values)


_TAKEN = """
    SELECT w.id, '{kind}' AS kind, w.title, w.cover, w.taken_down_at, w.taken_down_reason, w.artist_id
    FROM catalog.{table} w WHERE w.taken_down_at IS NOT NULL {alone} {ahead}
"""
_WITH_ITS_ALBUM = """
    AND NOT EXISTS (SELECT FROM catalog.albums b WHERE b.id = w.album_id AND b.taken_down_at = w.taken_down_at)
"""


async def taken_down(conn: AsyncConnection, request: PageRequest) -> Sequence[Row[Any]]:
    """The last first; of an album that went with its tracks the album only."""
    position = request.position(TimeKey)
    ahead = "AND (w.taken_down_at, w.id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))" if position else ""
    works = " UNION ALL ".join(
        _TAKEN.format(kind=kind, table=table, alone=alone, ahead=ahead)
        for kind, table, alone in (("album", "albums", ""), ("track", "tracks", _WITH_ITS_ALBUM))
    )
    statement = text(
        f"""
        SELECT f.*, a.name AS artist_name FROM (
            SELECT * FROM ({works}) w ORDER BY w.taken_down_at DESC, w.id DESC LIMIT :limit
        ) f JOIN catalog.artists a ON a.id = f.artist_id ORDER BY f.taken_down_at DESC, f.id DESC
        """
    )
    args: dict[str, Any] = {"limit": request.limit + 1}
    if position:
        args["key"], args["id"] = position
    return (await conn.execute(statement, args)).all()
