"""Libraries that are watched are scanned when something in their folders changes, and now and then all the same."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from watchfiles import DefaultFilter, awatch

from antiphon.domains.catalog import api as catalog
from antiphon.kit.db import Database
from antiphon.kit.logs import get_logger

__all__ = ["LOOK_EVERY_S", "watch_libraries"]

log = get_logger(__name__)
LOOK_EVERY_S = 15.0  # for libraries that are watched from now on, or no longer
QUIET_FOR_MS = 3_000  # somebody copies an album: it is read when the last file is there
ANYWAY_EVERY_S = 3_600.0  # network disks tell nobody of changes
Scan = Callable[[UUID], Awaitable[None]]


async def watch_libraries(db: Database, stop: asyncio.Event, scan: Scan, *, look_every_s: float = LOOK_EVERY_S) -> None:
    """Until `stop`. `scan` asks for the scan of one library."""
    watching: dict[tuple[UUID, str], asyncio.Task[None]] = {}
    try:
        while not stop.is_set():
            wanted = await _wanted(db)
            if wanted is not None:
                for key in watching.keys() - wanted:
                    watching.pop(key).cancel()
                for key in wanted - watching.keys():
                    watching[key] = asyncio.create_task(_watch(key[0], Path(key[1]), stop, scan))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), look_every_s)
    finally:
        for task in watching.values():
            task.cancel()
        await asyncio.gather(*watching.values(), return_exceptions=True)


async def _wanted(db: Database) -> set[tuple[UUID, str]] | None:
    try:
        async with db.system() as uow:
            return set((await catalog.watched_libraries(uow.conn)).items())
    except (SQLAlchemyError, OSError) as error:
        log.warning("watched libraries cannot be read", error=str(error))
        return None


async def _watch(library_id: UUID, root: Path, stop: asyncio.Event, scan: Scan) -> None:
    """What changed while nobody watched is found by a scan at the start."""
    while not stop.is_set():
        await _ask(library_id, scan)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_changes(library_id, root, stop, scan), ANYWAY_EVERY_S)


async def _changes(library_id: UUID, root: Path, stop: asyncio.Event, scan: Scan) -> None:
    """Raises nothing: where the system cannot watch, hourly scans remain."""
    try:
        async for _ in awatch(root, watch_filter=DefaultFilter(), debounce=QUIET_FOR_MS, step=500, stop_event=stop):
            await _ask(library_id, scan)
    except (OSError, RuntimeError) as error:  # the folder is away, or there are more folders than can be watched
        log.warning("a library cannot be watched", library=str(library_id), error=str(error))
        await asyncio.wait_for(stop.wait(), None)


async def _ask(library_id: UUID, scan: Scan) -> None:
    try:
        await scan(library_id)
    except Exception:  # tried again with the next change
        log.exception("a scan could not be asked for", library=str(library_id))
