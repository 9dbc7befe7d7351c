"""Writes a batch that was read: tracks to the catalogue, files to our own table, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.library.reading import ReadSlice
from antiphon.domains.media.library.walker import Entry
from antiphon.domains.media.library.works import Work
from antiphon.domains.media.originals import tell_kept
from antiphon.domains.media.store import library as store
from antiphon.kit.db import UnitOfWork

__all__ = ["Counts", "file_row", "playlist_row", "put_rows", "refused_row", "write_batch"]


@dataclass(slots=True)
class Counts:
    """Of one scan. `found` are sound files in the folders, `done` those that need nothing any more."""

    found: int = 0
    done: int = 0
    folders: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    unreadable: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    def copy(self) -> Counts:
        return replace(self)


_NOTHING = {
    "part": 0, "kind": "sound", "size": 0, "mtime_ns": 0, "inode": 0, "track_id": None, "pid": None, "start_ms": None,
    "end_ms": None, "has_picture": False, "lyrics": None, "hidden": False, "error_code": None, "error_detail": None,
    "beyond": False,
}  # fmt: skip

_NO_SENSE = {"error_code": "scan_failed", "error_detail": "Something went wrong here; it is in our logs."}


_WHY = {
    "no_permission": "The server may not look into this folder.",
    "outside_library": "This link leads out of the library, to where the server does not follow it.",
}


def file_row(folder: str, code: str) -> dict[str, Any]:
    """A folder that is not looked into stands in the list of what could not be read."""
    return {**_NOTHING, "folder": folder, "name": "", "error_code": code, "error_detail": _WHY[code]}


def refused_row(folder: str, entry: Entry) -> dict[str, Any]:
    return {**_of(folder, entry), "error_code": "outside_library", "error_detail": _WHY["outside_library"]}


def playlist_row(folder: str, entry: Entry) -> dict[str, Any]:
    return {**_of(folder, entry), "kind": "playlist"}


def _of(folder: str, entry: Entry) -> dict[str, Any]:
    told = {
        "name": entry.name,
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
        "inode": entry.inode,
        "beyond": entry.beyond,
    }
    return {**_NOTHING, "folder": folder, **told}


async def put_rows(conn: AsyncConnection, library_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    await store.put_files(conn, library_id, msgspec.json.encode(rows).decode())


async def write_batch(
    uow: UnitOfWork, library_id: UUID, batch: Sequence[ReadSlice], memory: catalog.ImportMemory, counts: Counts
) -> None:
    """All of it or nothing; `counts` go up. A folder's prints are written with its last file."""
    known = await _known(uow.conn, library_id, batch)
    works = [(one, work) for one in batch for work in one.works or ()]
    for one, work in works:  # anew at a second try: what the first one found out was not written
        row = known.get((one.slice.path, work.entry.name, work.part))
        work.track.id = row.track_id if row is not None else None
    rows = [row for one in batch for row in _broken(one)]
    moved = await _follow_moves(uow.conn, library_id, [work for _, work in works])
    _count(works, known, moved, counts)
    ids = await catalog.import_tracks(uow, library_id, [work.track for _, work in works], memory)
    whole = [(track_id, work) for (_, work), track_id in zip(works, ids, strict=True) if work.part == 0]
    await tell_kept(uow, [(track_id, work.entry.size, work.track.duration_ms) for track_id, work in whole])
    words = {
        track_id: one.words[work.entry.name]
        for (one, work), track_id in zip(works, ids, strict=True)
        if work.part == 0 and work.entry.name in one.words
    }
    if words:
        await catalog.take_found_lyrics(uow, words)
    rows += [_row(one, work, track_id, moved) for (one, work), track_id in zip(works, ids, strict=True)]
    await _clear_stale_parts(uow, library_id, known, rows)
    await put_rows(uow.conn, library_id, rows)
    done = [one.slice for one in batch if one.slice.last]
    if done:
        folders = [(one.path, one.print, one.beside, one.cover, one.sounds) for one in done]
        await store.put_folders(uow.conn, library_id, folders)
    counts.done += sum(len(one.files) for one in batch)


def _broken(one: ReadSlice) -> Iterator[dict[str, Any]]:
    for entry, file in one.files:
        if file.error is None and one.works is None:
            yield {**_of(one.slice.path, entry), **_NO_SENSE}
        elif file.error is not None and file.error != "vanished":
            yield {**_of(one.slice.path, entry), "error_code": file.error, "error_detail": file.detail}


async def _known(
    conn: AsyncConnection, library_id: UUID, batch: Sequence[ReadSlice]
) -> dict[tuple[str, str, int], Any]:
    rows = await store.files_of(conn, library_id, list({one.slice.path for one in batch}))
    return {(row.folder, row.name, row.part): row for row in rows}


async def _follow_moves(conn: AsyncConnection, library_id: UUID, works: Sequence[Work]) -> dict[UUID, bool]:
    """Files that are new where they lie and were known elsewhere: they are the same track. Answers whether each was
    out of sight; where it lay before is forgotten."""
    new = [work for work in works if work.track.id is None]
    if not new:
        return {}
    moved: dict[UUID, bool] = {}
    left: list[tuple[str, str, int]] = []
    by_pid: dict[UUID, list[Any]] = {}
    for row in await store.gone_by_pid(conn, library_id, [work.pid for work in new]):
        by_pid.setdefault(row.pid, []).append(row)
    by_inode = {
        (row.inode, row.size, row.part): row
        for row in await store.gone_by_inode(conn, library_id, [work.entry.inode for work in new])
    }
    for work in new:
        old: Any = by_inode.get((work.entry.inode, work.entry.size, work.part))
        if old is None or old.track_id in moved:
            old = next((one for one in by_pid.get(work.pid, ()) if one.track_id not in moved), None)
        if old is not None:
            work.track.id = old.track_id
            moved[old.track_id] = old.hidden
            left.append((old.folder, old.name, old.part))
    if left:
        await store.forget(conn, library_id, left)
    return moved


def _count(
    works: Sequence[tuple[ReadSlice, Work]], known: dict[tuple[str, str, int], Any], moved: dict[UUID, bool],
    counts: Counts,
) -> None:  # fmt: skip
    for one, work in works:
        row = known.get((one.slice.path, work.entry.name, work.part))
        if work.track.id is None:
            counts.added += 1
        elif work.track.id in moved:
            counts.moved += 1
        elif row is not None and (row.size, row.mtime_ns) != (work.entry.size, work.entry.mtime_ns):
            counts.changed += 1


def _row(one: ReadSlice, work: Work, track_id: UUID, moved: dict[UUID, bool]) -> dict[str, Any]:
    return {
        **_of(one.slice.path, work.entry),
        "part": work.part,
        "track_id": track_id,
        "pid": work.pid,
        "start_ms": work.start_ms,
        "end_ms": work.end_ms,
        "has_picture": work.read.has_picture,
        "lyrics": one.lyrics.get(work.entry.name),
        "hidden": moved.get(track_id, False),
    }


async def _clear_stale_parts(
    uow: UnitOfWork, library_id: UUID, known: dict[tuple[str, str, int], Any], rows: Sequence[dict[str, Any]]
) -> None:
    """A sheet came, changed or went: parts that there are no longer are gone; those that are, come back at once."""
    there = {(row["folder"], row["name"], row["part"]) for row in rows if row["error_code"] is None}
    read = {(folder, name) for folder, name, _ in there}
    stale = {(f, n) for f, n, part in known if (f, n) in read and (f, n, part) not in there}
    if stale:
        await store.mark_gone(uow.conn, library_id, list(stale), uow.clock.now())
