"""Scans in the background, in a lane of their own: music that somebody uploads does not wait for them."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import api
from antiphon.domains.media.library.scanner import run_scan
from antiphon.domains.media.library.tag_writing import write_tags
from antiphon.domains.media.store import scans
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["specs"]

QUEUE = "scan"


def specs(db: Database, tools: MediaTools) -> list[JobSpec]:
    async def scan(scan_id: str) -> None:
        """Scan one library; goes on where an interrupted scan stopped."""
        await run_scan(db, tools, UUID(scan_id))

    async def no_scan(_error: BaseException, scan_id: str) -> None:
        async with db.system() as uow:
            detail = "Something went wrong here; it is in our logs."
            await scans.finish(uow.conn, UUID(scan_id), "failed", uow.clock.now(), "scan_failed", detail)

    async def remove(library_id: str) -> None:
        """Take a library that was removed out of the catalogue."""
        await api.forget_library(db, UUID(library_id))

    async def write(kind: catalog.EditedKind, fields: list[str], tracks: list[str]) -> None:
        """Write what people edited into the files of libraries that want it."""
        await write_tags(db, tools, kind, fields, [UUID(track) for track in tracks])

    return [
        JobSpec("media.write_tags", write, QUEUE, priority=20, attempts=5),
        JobSpec("media.scan", scan, QUEUE, attempts=3, gave_up=no_scan),
        JobSpec("media.remove_library", remove, QUEUE, priority=10, attempts=5),
    ]
