"""Playlist files of libraries, and what has become of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["playlists_due", "put_taken", "put_trouble", "take_over_moved", "tracks_at"]

_DUE = text(
    """
    SELECT folder, name, mtime_ns, inode, size, playlist_id, playlist_version FROM media.library_files
    WHERE library_id = :library AND kind = 'playlist' AND gone_since IS NULL AND (folder, name) > (:folder, :name)
      AND (taken_ns IS DISTINCT FROM mtime_ns OR (:again AND unmatched > 0))
    ORDER BY folder, name LIMIT :limit
    """
)


async def playlists_due(
    conn: AsyncConnection, library_id: UUID, after: tuple[str, str], limit: int, *, again: bool
) -> Sequence[Row[Any]]:
    """Those that have changed since they were taken in; `again`: those too that had lines without a track."""
    values = {"library": library_id, "folder": after[0], "name": after[1], "limit": limit, "again": again}
    return (await conn.execute(_DUE, values)).all()


async def tracks_at(conn: AsyncConnection, library_id: UUID, places: Sequence[tuple[str, str]]) -> Sequence[Row[Any]]:
    """(folder, name, track_id) of what lies there, the parts of a file in their order."""
    statement = text(
        """
        SELECT f.folder, f.name, f.track_id
        FROM unnest(CAST(:folders AS text[]), CAST(:names AS text[])) AS w(folder, name)
        JOIN media.library_files f ON f.library_id = :library AND f.folder = w.folder AND f.name = w.name
        WHERE f.track_id IS NOT NULL AND f.gone_since IS NULL ORDER BY f.folder, f.name, f.part
        """
    )
    values = {"folders": [folder for folder, _ in places], "names": [name for _, name in places]}
    return (await conn.execute(statement, {"library": library_id, **values})).all()


async def take_over_moved(conn: AsyncConnection, library_id: UUID, row: Any) -> tuple[UUID, int | None] | None:
    """The playlist of a file that vanished and is this one: it has the same bytes' place on the disk, or the name."""
    statement = text(
        """
        DELETE FROM media.library_files WHERE (library_id, folder, name, part) IN (
            SELECT library_id, folder, name, part FROM media.library_files
            WHERE library_id = :library AND kind = 'playlist' AND gone_since IS NOT NULL AND playlist_id IS NOT NULL
              AND ((inode = :inode AND size = :size) OR name = :name)
            ORDER BY (inode = :inode AND size = :size) DESC, gone_since DESC LIMIT 1
        ) RETURNING playlist_id, playlist_version
        """
    )
    values = {"library": library_id, "inode": row.inode, "size": row.size, "name": row.name}
    found = (await conn.execute(statement, values)).first()
    return None if found is None else (found.playlist_id, found.playlist_version)


_PLACE = "library_id = :library AND folder = :folder AND name = :name AND part = 0"


async def put_taken(
    conn: AsyncConnection, library_id: UUID, row: Any, playlist_id: UUID | None, version: int | None, unmatched: int
) -> None:
    """Without a version it belongs to who edited it, and is not renewed any more."""
    statement = text(
        "UPDATE media.library_files SET playlist_id = :playlist, playlist_version = CAST(:version AS int), "
        f"taken_ns = :taken, unmatched = :unmatched WHERE {_PLACE}"
    )
    left = unmatched if version is not None or playlist_id is None else 0
    values = {"playlist": playlist_id, "version": version, "taken": row.mtime_ns, "unmatched": left}
    await conn.execute(statement, {**values, **_at(library_id, row)})


async def put_trouble(conn: AsyncConnection, library_id: UUID, row: Any, code: str, detail: str) -> None:
    statement = text(
        f"UPDATE media.library_files SET taken_ns = :taken, error_code = :code, error_detail = :detail WHERE {_PLACE}"
    )
    values = {"taken": row.mtime_ns, "code": code, "detail": detail}
    await conn.execute(statement, {**values, **_at(library_id, row)})


def _at(library_id: UUID, row: Any) -> dict[str, Any]:
    return {"library": library_id, "folder": row.folder, "name": row.name}
