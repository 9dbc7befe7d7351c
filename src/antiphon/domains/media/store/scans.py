"""Scans of libraries: which are open, how far they are, what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "ask_cancel",
    "by_id",
    "finish",
    "hold_library",
    "latest",
    "latest_of_all",
    "let_go",
    "open_scan",
    "put_progress",
]

_OPEN = text(
    """
    INSERT INTO media.scans AS s (library_id, whole, asked_at) VALUES (:library, :whole, :now)
    ON CONFLICT (library_id) WHERE finished_at IS NULL DO UPDATE SET whole = s.whole OR excluded.whole
    RETURNING id, (xmax = 0) AS made
    """
)


async def open_scan(conn: AsyncConnection, library_id: UUID, whole: bool, now: datetime) -> tuple[UUID, bool]:
    """The open scan of the library, and whether it was made just now."""
    row = (await conn.execute(_OPEN, {"library": library_id, "whole": whole, "now": now})).one()
    return row.id, row.made


async def by_id(conn: AsyncConnection, scan_id: UUID) -> Row[Any] | None:
    return (await conn.execute(text("SELECT * FROM media.scans WHERE id = :id"), {"id": scan_id})).first()


async def latest(conn: AsyncConnection, library_id: UUID) -> Row[Any] | None:
    statement = text("SELECT * FROM media.scans WHERE library_id = :library ORDER BY id DESC LIMIT 1")
    return (await conn.execute(statement, {"library": library_id})).first()


async def latest_of_all(conn: AsyncConnection) -> Sequence[Row[Any]]:
    """The last of each library."""
    statement = text("SELECT DISTINCT ON (library_id) * FROM media.scans ORDER BY library_id, id DESC")
    return (await conn.execute(statement)).all()


_COUNTS = ("found", "done", "folders", "added", "changed", "moved", "missing", "unreadable")


async def put_progress(
    conn: AsyncConnection, scan_id: UUID, state: str, counts: Mapping[str, int], now: datetime
) -> bool:
    """Whether the scan shall go on."""
    sets = ", ".join(f"{name} = :{name}" for name in _COUNTS)
    statement = text(
        f"UPDATE media.scans SET state = :state, {sets}, started_at = coalesce(started_at, :now) "
        "WHERE id = :id RETURNING cancel_asked"
    )
    values = {"id": scan_id, "state": state, "now": now, **{name: counts[name] for name in _COUNTS}}
    cancelled = (await conn.execute(statement, values)).scalar_one_or_none()
    return cancelled is False


async def ask_cancel(conn: AsyncConnection, library_id: UUID, now: datetime) -> UUID | None:
    """A scan that has not begun ends at once; one that runs ends after what it has in hand. None where none is open."""
    statement = text(
        """
        UPDATE media.scans SET cancel_asked = true,
            state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END,
            finished_at = CASE WHEN state = 'waiting' THEN CAST(:now AS timestamptz) END
        WHERE library_id = :library AND finished_at IS NULL RETURNING id
        """
    )
    found: UUID | None = (await conn.execute(statement, {"library": library_id, "now": now})).scalar_one_or_none()
    return found


async def finish(
    conn: AsyncConnection, scan_id: UUID, state: str, now: datetime, code: str | None = None, detail: str | None = None
) -> None:
    statement = text(
        "UPDATE media.scans SET state = :state, finished_at = :now, error_code = :code, error_detail = :detail "
        "WHERE id = :id AND finished_at IS NULL"
    )
    await conn.execute(statement, {"id": scan_id, "state": state, "now": now, "code": code, "detail": detail})


async def hold_library(conn: AsyncConnection, library_id: UUID) -> bool:
    """False where another process scans it. Held as long as the connection lives, so a killed scan lets go."""
    statement = text("SELECT pg_try_advisory_lock(hashtextextended('media.scan ' || :library, 0))")
    return bool((await conn.execute(statement, {"library": str(library_id)})).scalar_one())


async def let_go(conn: AsyncConnection, library_id: UUID) -> None:
    statement = text("SELECT pg_advisory_unlock(hashtextextended('media.scan ' || :library, 0))")
    await conn.execute(statement, {"library": str(library_id)})
