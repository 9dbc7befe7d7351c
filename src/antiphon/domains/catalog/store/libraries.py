"""Libraries, who may hear them, and their folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "access_of",
    "delete",
    "delete_albums",
    "delete_tracks",
    "folder",
    "folders_above",
    "folders_below",
    "get",
    "insert",
    "link_targets",
    "listed",
    "missing",
    "roots",
    "set_access",
    "update",
]

_COLUMNS = "l.id, l.number, l.name, l.path, l.access, l.watched, l.writes_tags, l.created_at, l.version"


async def listed(conn: AsyncConnection) -> Sequence[Row[Any]]:
    """Those that the person who asks may listen to; all of them for the house."""
    statement = text(
        f"SELECT {_COLUMNS} FROM catalog.libraries l WHERE l.id IN (SELECT catalog.open_libraries()) ORDER BY l.number"
    )
    return (await conn.execute(statement)).all()


async def get(conn: AsyncConnection, library_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    statement = f"SELECT {_COLUMNS} FROM catalog.libraries l WHERE l.id = :id" + (" FOR UPDATE" if lock else "")
    return (await conn.execute(text(statement), {"id": library_id})).first()


async def link_targets(conn: AsyncConnection, library_id: UUID) -> list[str]:
    """Folders of other libraries that everybody hears who hears this one."""
    statement = text(
        """
        SELECT o.path FROM catalog.libraries l JOIN catalog.libraries o ON o.id <> l.id
        WHERE l.id = :id AND (o.access = 'everyone' OR (o.access = 'members' AND l.access <> 'everyone'))
        """
    )
    return list((await conn.execute(statement, {"id": library_id})).scalars())


async def insert(conn: AsyncConnection, values: Mapping[str, Any], now: datetime) -> UUID:
    statement = text(
        "INSERT INTO catalog.libraries (name, path, access, watched, writes_tags, created_at, updated_at) "
        "VALUES (:name, :path, :access, :watched, :writes_tags, :now, :now) RETURNING id"
    )
    made: UUID = (await conn.execute(statement, {**values, "now": now})).scalar_one()
    return made


async def update(conn: AsyncConnection, library_id: UUID, values: Mapping[str, Any], now: datetime) -> None:
    sets = "".join(f"{name} = :{name}, " for name in values)
    statement = text(f"UPDATE catalog.libraries SET {sets}updated_at = :now, version = version + 1 WHERE id = :id")
    await conn.execute(statement, {**values, "id": library_id, "now": now})


async def delete(conn: AsyncConnection, library_id: UUID) -> None:
    await conn.execute(text("DELETE FROM catalog.libraries WHERE id = :id"), {"id": library_id})


async def access_of(conn: AsyncConnection, library_id: UUID) -> Sequence[Row[Any]]:
    statement = text("SELECT user_id, since FROM catalog.library_access WHERE library_id = :id ORDER BY since, user_id")
    return (await conn.execute(statement, {"id": library_id})).all()


async def set_access(conn: AsyncConnection, library_id: UUID, users: Sequence[UUID], now: datetime) -> None:
    values = {"id": library_id, "users": list(users), "now": now}
    statement = "DELETE FROM catalog.library_access WHERE library_id = :id AND NOT (user_id = ANY (:users))"
    await conn.execute(text(statement), values)
    statement = (
        "INSERT INTO catalog.library_access (library_id, user_id, since) "
        "SELECT :id, u.id, :now FROM unnest(CAST(:users AS uuid[])) AS u(id) ON CONFLICT DO NOTHING"
    )
    await conn.execute(text(statement), values)


_FOLDER = "f.id, f.library_id, f.parent_id, f.name, f.path"


async def roots(conn: AsyncConnection) -> Sequence[Row[Any]]:
    """Of the libraries that the person who asks may listen to, with the library's name."""
    statement = text(
        """
        SELECT f.id, f.library_id, f.parent_id, l.name, f.path FROM catalog.folders f
        JOIN catalog.libraries l ON l.id = f.library_id WHERE f.path = '' ORDER BY l.number
        """
    )
    return (await conn.execute(statement)).all()


async def folder(conn: AsyncConnection, folder_id: UUID) -> Row[Any] | None:
    statement = text(f"SELECT {_FOLDER} FROM catalog.folders f WHERE f.id = :id")
    return (await conn.execute(statement, {"id": folder_id})).first()


async def folders_above(conn: AsyncConnection, folder_id: UUID) -> Sequence[Row[Any]]:
    """From the library down to the one asked for, it included.

    With `OFFSET 0` each step asks for one row. In a join who may see a folder counts as so dear that PostgreSQL would
    rather read all folders once.
    """
    statement = text(
        """
        WITH RECURSIVE up AS (
            SELECT f.*, 0 AS steps FROM catalog.folders f WHERE f.id = :id
            UNION ALL SELECT p.*, up.steps + 1
            FROM up CROSS JOIN LATERAL (SELECT * FROM catalog.folders f WHERE f.id = up.parent_id OFFSET 0) p
        )
        SELECT up.id, up.library_id, up.parent_id, CASE WHEN up.path = '' THEN l.name ELSE up.name END AS name, up.path
        FROM up JOIN catalog.libraries l ON l.id = up.library_id ORDER BY up.steps DESC
        """
    )
    return (await conn.execute(statement, {"id": folder_id})).all()


async def folders_below(
    conn: AsyncConnection, folder_id: UUID, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    ahead = "AND (f.sort_key, f.id) > (:key, CAST(:after AS uuid))" if after else ""
    statement = text(
        f"SELECT {_FOLDER}, f.sort_key FROM catalog.folders f WHERE f.parent_id = :id {ahead} "
        "ORDER BY f.sort_key, f.id LIMIT :limit"
    )
    values: dict[str, Any] = {"id": folder_id, "limit": limit}
    if after:
        values["key"], values["after"] = after
    return (await conn.execute(statement, values)).all()


async def missing(conn: AsyncConnection, library_id: UUID, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Tracks whose files were not found, with what their files were called."""
    statement = text(
        """
        SELECT t.id, t.title, a.name AS artist, b.title AS album, coalesce(f.path, '') AS path, t.missing_since
        FROM catalog.tracks t JOIN catalog.artists a ON a.id = t.artist_id
        LEFT JOIN catalog.albums b ON b.id = t.album_id LEFT JOIN catalog.track_files f ON f.track_id = t.id
        WHERE t.library_id = :library AND t.missing_since IS NOT NULL
          AND (CAST(:after AS uuid) IS NULL OR t.id > CAST(:after AS uuid))
        ORDER BY t.id LIMIT :limit
        """
    )
    return (await conn.execute(statement, {"library": library_id, "after": after, "limit": limit})).all()


async def delete_tracks(
    conn: AsyncConnection, library_id: UUID, only: Sequence[UUID] | None, *, missing: bool, limit: int
) -> Sequence[Row[Any]]:
    """At most `limit` of those that are missing, or of all; answers (id, artist_id, album_id)."""
    statement = text(
        f"""
        DELETE FROM catalog.tracks WHERE id IN (
            SELECT id FROM catalog.tracks WHERE library_id = :library
            {"AND missing_since IS NOT NULL" if missing else ""} {"AND id = ANY (:only)" if only is not None else ""}
            LIMIT :limit
        ) RETURNING id, artist_id, album_id
        """
    )
    values: dict[str, Any] = {"library": library_id, "limit": limit}
    if only is not None:
        values["only"] = list(only)
    return (await conn.execute(statement, values)).all()


async def delete_albums(conn: AsyncConnection, library_id: UUID, limit: int) -> Sequence[Row[Any]]:
    statement = text(
        """
        DELETE FROM catalog.albums WHERE id IN (
            SELECT id FROM catalog.albums WHERE library_id = :library LIMIT :limit
        ) RETURNING id, artist_id
        """
    )
    return (await conn.execute(statement, {"library": library_id, "limit": limit})).all()
