"""Files of libraries: where they lie, what a scan of them does, what it could not read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.errors import NoScan
from antiphon.domains.media.library.scanner import run_scan
from antiphon.domains.media.library.tag_writing import NOT_WRITTEN
from antiphon.domains.media.library.walker import inside
from antiphon.domains.media.library.watching import LOOK_EVERY_S, watch_libraries
from antiphon.domains.media.store import library as store
from antiphon.domains.media.store import scans
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.originals import lies_in
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = [
    "AskedScan",
    "PicturePlace",
    "Scan",
    "ScanStatus",
    "UnreadableFile",
    "cancel_scan",
    "confirm_missing",
    "forget_library",
    "picture_bytes",
    "picture_of",
    "remove_library",
    "scan",
    "scan_here",
    "scan_status",
    "start_scan",
    "unreadable_files",
    "watch",
]

REMOVED_AT_ONCE = 500
ScanState = Literal["waiting", "walking", "reading", "settling", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """Where a picture lies: a file of its own, or within a sound file. `version` changes when it may be another one."""

    path: Path
    embedded: bool
    version: str
    roots: tuple[Path, ...]
    """Within one of these it has to lie, whatever links are on the way."""


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """The last scan of a library. `percent` is of the sound files that were found, and none while they are counted.

    `added`, `changed`, `moved` and `missing` count tracks; `unreadable` counts files that are in the list of errors.
    """

    id: str
    library_id: str
    state: ScanState
    full: bool
    found: int
    done: int
    percent: int | None
    folders: int
    added: int
    changed: int
    moved: int
    missing: int
    unreadable: int
    error_code: str | None
    error_detail: str | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class AskedScan(msgspec.Struct, frozen=True):
    """`full`: read every file anew, also those that have not changed."""

    full: bool = False


class UnreadableFile(msgspec.Struct, frozen=True):
    """`path` is under the library; `code` is stable, `detail` is for whoever reads it."""

    path: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ScanStatus:
    """Over all libraries: whether anything is being scanned, how many files were found, when the last scan ended."""

    scanning: bool
    count: int
    folders: int
    last_scan: datetime | None


async def picture_of(conn: AsyncConnection, track_ids: Sequence[UUID]) -> PicturePlace | None:
    """Of a library's tracks, an album's in their order or one alone: the picture in the folder, else that in a file."""
    row = await store.picture(conn, track_ids)
    if row is None:
        return None
    library_id, folder, name, cover, mtime_ns, seal = row
    root = Path(await catalog.library_path(conn, library_id))
    embedded = cover is None
    version = f"{mtime_ns:x}" if embedded else bytes(seal).hex()[:16]
    path = inside(root, folder, name if embedded else cover)
    roots = (root,) if lies_in(path, (root,)) else (root, *await catalog.link_targets(conn, library_id))
    return PicturePlace(path, embedded, version, roots)


async def picture_bytes(tools: MediaTools, place: PicturePlace, most: int) -> bytes | None:
    """None where it has gone meanwhile or is larger than `most`. A foreign file is opened by a child only."""
    if not lies_in(place.path, (*place.roots, *tools.link_targets)):
        return None
    if place.embedded:
        data = await tools.readers.picture(str(place.path))
        return data if data is not None and len(data) <= most else None
    try:
        with place.path.open("rb") as file:
            data = file.read(most + 1)
    except OSError:
        return None
    return data if len(data) <= most else None


async def start_scan(uow: UnitOfWork, library_id: UUID | None = None, *, full: bool = False) -> list[UUID]:
    """Of one library or all. A library whose scan is under way is not scanned twice: its scan is the one answered."""
    if library_id is not None:
        await catalog.library_path(uow.conn, library_id)
    begun = []
    for one in [library_id] if library_id is not None else await catalog.library_ids(uow.conn):
        scan_id, _ = await scans.open_scan(uow.conn, one, full, uow.clock.now())
        uow.defer("media.scan", scan_id=str(scan_id))  # also for one that is open: its runner may have been killed
        begun.append(scan_id)
    return begun


async def scan_here(db: Database, tools: MediaTools, library_id: UUID, *, full: bool) -> bool:
    """In this process, to its end; False where another process has the library in hand."""
    async with db.system() as uow:
        await catalog.library_path(uow.conn, library_id)
        scan_id, _ = await scans.open_scan(uow.conn, library_id, full, uow.clock.now())
    return await run_scan(db, tools, scan_id)


async def scan(conn: AsyncConnection, library_id: UUID) -> Scan:
    """The one under way, else the last. Raises NoScan."""
    row = await scans.latest(conn, library_id)
    if row is None:
        raise NoScan
    return _view(row)


def _view(row: Any) -> Scan:
    counting = row.state in ("waiting", "walking")
    percent = 100 if row.state == "done" or row.found == 0 else min(100 * row.done // row.found, 99)
    shown = {name: getattr(row, name) for name in Scan.__struct_fields__ if name in row._mapping}
    return Scan(
        **shown
        | {
            "id": out(Kind.SCAN, row.id),
            "library_id": out(Kind.LIBRARY, row.library_id),
            "full": row.whole,
            "percent": None if counting else percent,
        }
    )


async def scan_status(conn: AsyncConnection) -> ScanStatus:
    rows = await scans.latest_of_all(conn)
    return ScanStatus(
        scanning=any(row.finished_at is None for row in rows),
        count=sum(row.found for row in rows),
        folders=sum(row.folders for row in rows),
        last_scan=max((row.finished_at for row in rows if row.finished_at is not None), default=None),
    )


async def watch(db: Database, stop: asyncio.Event, *, look_every_s: float = LOOK_EVERY_S) -> None:
    """Until `stop`: scan watched libraries whenever something in them changes."""

    async def scan_one(library_id: UUID) -> None:
        async with db.system() as uow:
            await start_scan(uow, library_id)

    await watch_libraries(db, stop, scan_one, look_every_s=look_every_s)


async def cancel_scan(uow: UnitOfWork, library_id: UUID) -> Scan:
    """Raises NoScan where none is under way. What was read until then stays."""
    if await scans.ask_cancel(uow.conn, library_id, uow.clock.now()) is None:
        raise NoScan
    return await scan(uow.conn, library_id)


async def unreadable_files(conn: AsyncConnection, library_id: UUID, request: PageRequest) -> Page[UnreadableFile]:
    after = msgspec.convert(request.after, _Place) if request.after is not None else None
    rows = await store.unreadable(conn, library_id, after, request.limit + 1)
    page = cut(rows, request, lambda row: (row.folder, row.name))
    return page.map(_trouble)


def _trouble(row: Any) -> UnreadableFile:
    path = "/".join(part for part in (row.folder, row.name) if part)
    if row.error_code is None:
        return UnreadableFile(path, "tags_not_written", NOT_WRITTEN[row.unwritten])
    return UnreadableFile(path, row.error_code, row.error_detail or "")


_Place = tuple[Annotated[str, Meta(max_length=10_000)], Annotated[str, Meta(max_length=10_000)]]


async def confirm_missing(uow: UnitOfWork, library_id: UUID, only: Sequence[UUID] | None) -> bool:
    """These are gone for good; with None, all that are missing. True where more of them are left to do."""
    gone = await catalog.delete_missing(uow, library_id, only, REMOVED_AT_ONCE)
    return len(gone) == REMOVED_AT_ONCE


async def remove_library(uow: UnitOfWork, library_id: UUID) -> None:
    """Nobody hears it from now on, and a job takes it out of the catalogue; the files stay where they are."""
    await scans.ask_cancel(uow.conn, library_id, uow.clock.now())
    await catalog.change_library(uow, library_id, catalog.LibraryChange(access="chosen", watched=False))
    await catalog.set_library_access(uow, library_id, catalog.LibraryAccess([]))
    uow.defer("media.remove_library", library_id=str(library_id))


async def forget_library(db: Database, library_id: UUID) -> None:
    """Some hundred tracks at a time, so that nobody waits for it."""
    more = True
    while more:
        async with db.system() as uow:
            more = await catalog.delete_some_of_library(uow, library_id, REMOVED_AT_ONCE)
    async with db.system() as uow:
        await store.delete_of_library(uow.conn, library_id)
        await catalog.delete_library_playlists(uow, library_id)
        await catalog.delete_library_row(uow, library_id)
