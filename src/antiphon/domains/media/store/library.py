"""What lies in the folders of libraries, as the last scan saw it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import rows

__all__ = [
    "clear_closed",
    "count_sounds",
    "delete_of_library",
    "files_of",
    "folder_prints",
    "forget",
    "forget_track",
    "gone_by_inode",
    "gone_by_pid",
    "mark_found",
    "mark_gone",
    "mark_gone_folders",
    "original",
    "picture",
    "places",
    "put_files",
    "put_folders",
    "set_unwritten",
    "unreadable",
    "unsettled",
]


async def folder_prints(conn: AsyncConnection, library_id: UUID) -> dict[str, tuple[bytes, bytes, int]]:
    """Folder → (print, print of what lies beside the sound, how many sound files)."""
    statement = text("SELECT path, print, beside, files FROM media.library_folders WHERE library_id = :library")
    rows = await conn.execute(statement, {"library": library_id})
    return {path: (bytes(print_), bytes(beside), files) for path, print_, beside, files in rows}


async def files_of(conn: AsyncConnection, library_id: UUID, folders: Sequence[str]) -> Sequence[Row[Any]]:
    statement = text(
        """
        SELECT folder, name, part, kind, size, mtime_ns, inode, track_id, gone_since, hidden, error_code, beyond
        FROM media.library_files WHERE library_id = :library AND folder = ANY (:folders)
        """
    )
    return (await conn.execute(statement, {"library": library_id, "folders": list(folders)})).all()


async def mark_gone(conn: AsyncConnection, library_id: UUID, names: Sequence[tuple[str, str]], now: datetime) -> None:
    """`names` are (folder, name)."""
    statement = text(
        """
        UPDATE media.library_files f SET gone_since = coalesce(f.gone_since, :now), error_code = NULL
        FROM unnest(CAST(:folders AS text[]), CAST(:names AS text[])) AS g(folder, name)
        WHERE f.library_id = :library AND f.folder = g.folder AND f.name = g.name
          AND (f.gone_since IS NULL OR f.error_code IS NOT NULL)
        """
    )
    values = {"folders": [folder for folder, _ in names], "names": [name for _, name in names]}
    await conn.execute(statement, {"library": library_id, "now": now, **values})


async def mark_found(conn: AsyncConnection, library_id: UUID, names: Sequence[tuple[str, str]]) -> None:
    """They are back, as they were."""
    statement = text(
        """
        UPDATE media.library_files f SET gone_since = NULL
        FROM unnest(CAST(:folders AS text[]), CAST(:names AS text[])) AS g(folder, name)
        WHERE f.library_id = :library AND f.folder = g.folder AND f.name = g.name AND f.gone_since IS NOT NULL
        """
    )
    values = {"folders": [folder for folder, _ in names], "names": [name for _, name in names]}
    await conn.execute(statement, {"library": library_id, **values})


async def mark_gone_folders(conn: AsyncConnection, library_id: UUID, folders: Sequence[str], now: datetime) -> None:
    """All files of folders that are no longer there."""
    values = {"library": library_id, "folders": list(folders), "now": now}
    statement = text(
        "UPDATE media.library_files SET gone_since = coalesce(gone_since, :now), error_code = NULL "
        "WHERE library_id = :library AND folder = ANY (:folders) AND (gone_since IS NULL OR error_code IS NOT NULL)"
    )
    await conn.execute(statement, values)
    statement = text("DELETE FROM media.library_folders WHERE library_id = :library AND path = ANY (:folders)")
    await conn.execute(statement, values)


async def clear_closed(conn: AsyncConnection, library_id: UUID, still: Sequence[str], now: datetime) -> None:
    """Folders that could not be looked into once: all but these are open now, or gone."""
    statement = text(
        "UPDATE media.library_files SET gone_since = coalesce(gone_since, :now), error_code = NULL "
        "WHERE library_id = :library AND name = '' AND error_code IS NOT NULL AND folder <> ALL (:still)"
    )
    await conn.execute(statement, {"library": library_id, "still": list(still), "now": now})


_PUT_FILES = text(
    """
    INSERT INTO media.library_files AS f (library_id, folder, name, part, kind, size, mtime_ns, inode, track_id, pid,
        start_ms, end_ms, has_picture, lyrics, hidden, error_code, error_detail, beyond)
    SELECT :library, r.folder, r.name, r.part, r.kind, r.size, r.mtime_ns, r.inode, r.track_id, r.pid, r.start_ms,
           r.end_ms, r.has_picture, r.lyrics, r.hidden,
           r.error_code, r.error_detail, r.beyond
    FROM json_to_recordset(CAST(:rows AS json)) AS r(folder text, name text, part int, kind text, size bigint,
        mtime_ns bigint, inode bigint, track_id uuid, pid uuid, start_ms int, end_ms int, has_picture boolean,
        lyrics text, hidden boolean, error_code text, error_detail text,
        beyond boolean)
    ON CONFLICT (library_id, folder, name, part) DO UPDATE SET kind = excluded.kind, size = excluded.size,
        mtime_ns = excluded.mtime_ns, inode = excluded.inode, track_id = coalesce(excluded.track_id, f.track_id),
        pid = coalesce(excluded.pid, f.pid), start_ms = excluded.start_ms, end_ms = excluded.end_ms,
        has_picture = excluded.has_picture, lyrics = excluded.lyrics, beyond = excluded.beyond,
        gone_since = CASE WHEN excluded.error_code = 'outside_library' THEN coalesce(f.gone_since, now()) END,
        error_code = excluded.error_code, error_detail = excluded.error_detail
    """
)


async def put_files(conn: AsyncConnection, library_id: UUID, rows: str) -> None:
    """`rows` is JSON. What is there now; a file that cannot be read any more keeps its track."""
    await conn.execute(_PUT_FILES, {"library": library_id, "rows": rows})


async def put_folders(conn: AsyncConnection, library_id: UUID, folders: Sequence[tuple[Any, ...]]) -> None:
    """`folders` are (path, print, beside, cover, files)."""
    statement = text(
        """
        INSERT INTO media.library_folders (library_id, path, print, beside, cover, files)
        SELECT :library, * FROM unnest(CAST(:paths AS text[]), CAST(:prints AS bytea[]), CAST(:besides AS bytea[]),
            CAST(:covers AS text[]), CAST(:files AS int[]))
        ON CONFLICT (library_id, path) DO UPDATE SET print = excluded.print, beside = excluded.beside,
            cover = excluded.cover, files = excluded.files
        """
    )
    columns = [list(column) for column in zip(*folders, strict=True)]
    names = ("paths", "prints", "besides", "covers", "files")
    await conn.execute(statement, {"library": library_id, **dict(zip(names, columns, strict=True))})


async def gone_by_pid(conn: AsyncConnection, library_id: UUID, pids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Vanished files that are one of these tracks: (pid, track_id, folder, name, part)."""
    statement = text(
        """
        SELECT pid, track_id, folder, name, part, hidden FROM media.library_files
        WHERE library_id = :library AND pid = ANY (:pids) AND gone_since IS NOT NULL AND track_id IS NOT NULL
        ORDER BY gone_since DESC
        """
    )
    return (await conn.execute(statement, {"library": library_id, "pids": list(pids)})).all()


async def gone_by_inode(conn: AsyncConnection, library_id: UUID, inodes: Sequence[int]) -> Sequence[Row[Any]]:
    statement = text(
        """
        SELECT inode, size, track_id, folder, name, part, hidden FROM media.library_files
        WHERE library_id = :library AND inode = ANY (CAST(:inodes AS bigint[])) AND gone_since IS NOT NULL
          AND track_id IS NOT NULL
        """
    )
    return (await conn.execute(statement, {"library": library_id, "inodes": list(inodes)})).all()


async def forget(conn: AsyncConnection, library_id: UUID, keys: Sequence[tuple[str, str, int]]) -> None:
    """Places that nothing lies at any more: (folder, name, part). Their tracks lie elsewhere now."""
    statement = text(
        """
        DELETE FROM media.library_files f
        USING unnest(CAST(:folders AS text[]), CAST(:names AS text[]), CAST(:parts AS int[])) AS g(folder, name, part)
        WHERE f.library_id = :library AND f.folder = g.folder AND f.name = g.name AND f.part = g.part
        """
    )
    folders, names, parts = ([key[i] for key in keys] for i in range(3))
    await conn.execute(statement, {"library": library_id, "folders": folders, "names": names, "parts": parts})


async def forget_track(conn: AsyncConnection, track_id: UUID) -> None:
    """A vanished file is forgotten with its track; one that is there would otherwise come back with the next scan."""
    values = {"track": track_id}
    statement = "DELETE FROM media.library_files WHERE track_id = :track AND gone_since IS NOT NULL"
    await conn.execute(text(statement), values)
    await conn.execute(text("UPDATE media.library_files SET track_id = NULL WHERE track_id = :track"), values)


async def original(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    statement = text(
        """
        SELECT library_id, folder, name, size, start_ms, end_ms, beyond FROM media.library_files WHERE track_id = :track
        """
    )
    return (await conn.execute(statement, {"track": track_id})).first()


async def places(conn: AsyncConnection, track_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Of the tracks that are a whole file within their library: (track_id, library_id, folder, name)."""
    statement = text(
        """
        SELECT track_id, library_id, folder, name FROM media.library_files
        WHERE track_id = ANY (:tracks) AND part = 0 AND gone_since IS NULL AND NOT beyond ORDER BY folder, name
        """
    )
    return (await conn.execute(statement, {"tracks": list(track_ids)})).all()


async def set_unwritten(conn: AsyncConnection, track_id: UUID, code: str | None) -> None:
    """Why its tags were not written, None where they were."""
    statement = text(
        "UPDATE media.library_files SET unwritten = :code WHERE track_id = :track AND unwritten IS DISTINCT FROM :code"
    )
    await conn.execute(statement, {"track": track_id, "code": code})


_PICTURE = """
    SELECT f.library_id, f.folder, f.name, d.cover, f.mtime_ns, d.print
    FROM media.library_files f
    LEFT JOIN media.library_folders d ON d.library_id = f.library_id AND d.path = f.folder
    WHERE f.track_id = ANY ($1) AND f.gone_since IS NULL AND (f.has_picture OR d.cover IS NOT NULL)
    ORDER BY d.cover IS NULL, f.folder, f.name LIMIT 1
"""


async def picture(conn: AsyncConnection, track_ids: Sequence[UUID]) -> Any | None:
    """(library, folder, name, cover, mtime_ns, print) of the best place to take a picture of these tracks from: one in
    their folder before one within a file."""
    found = await rows(conn, _PICTURE, list(track_ids))
    return found[0] if found else None


async def unreadable(
    conn: AsyncConnection, library_id: UUID, after: tuple[str, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Files that could not be read, or written, and why."""
    statement = text(
        """
        SELECT folder, name, error_code, error_detail, unwritten FROM media.library_files
        WHERE library_id = :library AND (error_code IS NOT NULL OR unwritten IS NOT NULL)
          AND (gone_since IS NULL OR error_code = 'outside_library')
          AND (CAST(:folder AS text) IS NULL OR (folder, name) > (CAST(:folder AS text), CAST(:name AS text)))
        ORDER BY folder, name LIMIT :limit
        """
    )
    folder, name = after or (None, None)
    return (
        await conn.execute(statement, {"library": library_id, "folder": folder, "name": name, "limit": limit})
    ).all()


async def count_sounds(conn: AsyncConnection, library_id: UUID) -> tuple[int, int]:
    """(files that are there, those of them that cannot be read)."""
    statement = text(
        """
        SELECT count(*) FILTER (WHERE part <= 1 AND kind = 'sound' AND gone_since IS NULL),
               count(*) FILTER (WHERE error_code IS NOT NULL)
        FROM media.library_files
        WHERE library_id = :library AND (gone_since IS NULL OR error_code = 'outside_library')
        """
    )
    row = (await conn.execute(statement, {"library": library_id})).one()
    return int(row[0]), int(row[1])


async def unsettled(conn: AsyncConnection, library_id: UUID, *, gone: bool, limit: int) -> list[UUID]:
    """Tracks whose file has vanished, or has come back, and the catalogue does not know it; it is noted as told."""
    statement = text(
        f"""
        UPDATE media.library_files SET hidden = :gone WHERE track_id IN (
            SELECT track_id FROM media.library_files
            WHERE library_id = :library AND hidden <> (gone_since IS NOT NULL) AND track_id IS NOT NULL
              AND gone_since IS {"NOT" if gone else ""} NULL
            LIMIT :limit
        ) RETURNING track_id
        """
    )
    return list((await conn.execute(statement, {"library": library_id, "gone": gone, "limit": limit})).scalars())


async def delete_of_library(conn: AsyncConnection, library_id: UUID) -> None:
    for table in ("library_files", "library_folders"):
        await conn.execute(text(f"DELETE FROM media.{table} WHERE library_id = :library"), {"library": library_id})
