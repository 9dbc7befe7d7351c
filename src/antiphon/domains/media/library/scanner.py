"""One scan of one library: walk, read what is new, settle what is gone.

It can be killed at any moment and begun again: a folder counts as known once everything in it is written, in the same
transaction; what was written before is then unchanged and costs nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.library.comparing import compare, slices
from antiphon.domains.media.library.playlists import take_playlists
from antiphon.domains.media.library.reading import ReadSlice, read_slices
from antiphon.domains.media.library.spool import Slice, Spool
from antiphon.domains.media.library.walker import Folder, Known, LibraryAway, walk
from antiphon.domains.media.library.writing import Counts, file_row, playlist_row, put_rows, refused_row, write_batch
from antiphon.domains.media.store import library as store
from antiphon.domains.media.store import scans
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.logs import get_logger

__all__ = ["run_scan", "tell_scan"]

log = get_logger(__name__)
BATCH = 500  # tracks in one transaction
AHEAD = 2  # batches that are being read while one is written
TELL_EVERY_S = 0.4
LOOK_FOR_S = 0.3
SETTLE = 1000


class _Cancelled(Exception):
    """Somebody asked the scan to end."""


async def run_scan(db: Database, tools: MediaTools, scan_id: UUID) -> bool:
    """False where another process has the library in hand. Raises only for trouble of ours."""
    async with db.read() as conn:
        row = await scans.by_id(conn, scan_id)
    if row is None or row.finished_at is not None:
        return True
    async with db.system() as uow:
        root = await catalog.library_path(uow.conn, row.library_id)
    async with _held(db, row.library_id) as held:
        if not held:
            return False
        scan = _Scan(db, tools, scan_id, row.library_id, Path(root), whole=row.whole)
        await scan.run()
    return True


@asynccontextmanager
async def _held(db: Database, library_id: UUID) -> AsyncIterator[bool]:
    """A connection of its own holds the lock: whatever becomes of this process, the lock goes with it."""
    async with db.engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="AUTOCOMMIT")
        held = await scans.hold_library(conn, library_id)
        try:
            yield held
        finally:
            if held:
                await scans.let_go(conn, library_id)


def tell_scan(uow: UnitOfWork, library_id: UUID, state: str, counts: dict[str, int]) -> None:
    name = out(Kind.LIBRARY, library_id)
    uow.say(f"library:{name}", "scan", {"state": state, **counts})


@dataclass(slots=True)
class _Scan:
    db: Database
    tools: MediaTools
    id: UUID
    library_id: UUID
    root: Path
    whole: bool
    counts: Counts = field(default_factory=Counts)
    memory: catalog.ImportMemory = field(default_factory=catalog.ImportMemory)
    state: str = "walking"
    touched: bool = False
    closed: list[str] = field(default_factory=list)
    told_at: float = 0.0

    async def run(self) -> None:
        spool = Spool(self.tools.staging.parent / "scratch")
        try:
            await self._walk(spool)
            self.state = "reading"
            await self._read(spool)
            self.state = "settling"
            await self._settle()
            await self._finish("done")
        except LibraryAway:
            await self._finish(
                "failed", "library_away", "The folder of the library cannot be read; nothing was changed."
            )
        except _Cancelled:
            await self._finish("cancelled")
        finally:
            spool.close()

    async def _walk(self, spool: Spool) -> None:
        async with self.db.system() as uow:
            known = await store.folder_prints(uow.conn, self.library_id)
            targets = await catalog.link_targets(uow.conn, self.library_id)
        folders = walk(self.root, {} if self.whole else known, [*targets, *self.tools.link_targets])
        seen = 0
        while chunk := await asyncio.to_thread(_some, folders):
            seen += len(chunk)
            await self._compare(chunk, known, spool)
        if known and not seen:
            raise LibraryAway(str(self.root))  # a disk that is not mounted looks like an empty folder
        async with self.db.system() as uow:
            await store.clear_closed(uow.conn, self.library_id, self.closed, uow.clock.now())
        vanished = list(known)
        for start in range(0, len(vanished), SETTLE):
            async with self.db.system() as uow:
                part = vanished[start : start + SETTLE]
                await store.mark_gone_folders(uow.conn, self.library_id, part, uow.clock.now())
            self.touched = True

    async def _compare(self, chunk: list[Folder], known: dict[str, Known], spool: Spool) -> None:
        """Folders that were looked at leave `known`; what is left in it at the end has vanished."""
        now_known = {folder.path: known.pop(folder.path, None) for folder in chunk}
        for folder in chunk:
            if folder.trouble == "no_permission":
                for path in [path for path in known if path.startswith(f"{folder.path}/")]:
                    del known[path]
        changed = [folder for folder in chunk if not folder.trouble and (self.whole or not folder.unchanged)]
        for folder in chunk:
            self.counts.folders += 1
            self.counts.found += folder.sounds
            self.counts.done += folder.sounds
        async with self.db.system() as uow:
            if changed:
                await self._spool_changed(uow, changed, now_known, spool)
            closed = [(folder.path, folder.trouble) for folder in chunk if folder.trouble]
            if closed:
                self.closed += [path for path, _ in closed]
                await put_rows(uow.conn, self.library_id, [file_row(path, trouble) for path, trouble in closed])
            await self._report(uow)

    async def _spool_changed(
        self, uow: UnitOfWork, changed: list[Folder], known: dict[str, Known | None], spool: Spool
    ) -> None:
        rows: dict[str, list[object]] = {}
        for row in await store.files_of(uow.conn, self.library_id, [folder.path for folder in changed]):
            rows.setdefault(row.folder, []).append(row)
        gone, back, ready, playlists, refused = [], [], [], [], []
        for folder in changed:
            found = compare(folder, known[folder.path], rows.get(folder.path, ()), whole=self.whole)
            gone += [(folder.path, name) for name in found.gone]
            back += [(folder.path, name) for name in found.back]
            refused += [refused_row(folder.path, entry) for entry in found.refused]
            playlists += [playlist_row(folder.path, entry) for entry in found.playlists]
            self.counts.done -= len(found.read)
            for one in slices(folder, found.read):
                spool.add(one)
            if not found.read:
                ready.append((folder.path, folder.print, folder.beside, folder.cover, folder.sounds))
        if gone:
            await store.mark_gone(uow.conn, self.library_id, gone, uow.clock.now())
        if back:
            await store.mark_found(uow.conn, self.library_id, back)
        if playlists or refused:
            await put_rows(uow.conn, self.library_id, playlists + refused)
        if ready:
            await store.put_folders(uow.conn, self.library_id, ready)
        self.touched = self.touched or bool(gone or back or refused)

    async def _read(self, spool: Spool) -> None:
        under_way: deque[asyncio.Task[list[ReadSlice]]] = deque()
        try:
            for batch in _batches(spool):
                under_way.append(asyncio.create_task(read_slices(self.tools.readers, self.root, batch)))
                if len(under_way) > AHEAD:
                    await self._write(await under_way.popleft())
            while under_way:
                await self._write(await under_way.popleft())
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _write(self, batch: list[ReadSlice]) -> None:
        self.touched = True
        before = self.counts.copy()
        for attempt in (1, 2):
            try:
                async with self.db.system() as uow:
                    await write_batch(uow, self.library_id, batch, self.memory, self.counts)
                    await self._report(uow)
                return
            except IntegrityError:  # somebody merged or deleted what was looked up before
                if attempt == 2:
                    raise
                self.memory.forget()
                self.counts = before

    async def _settle(self) -> None:
        for gone in (True, False):
            while True:
                async with self.db.system() as uow:
                    ids = await store.unsettled(uow.conn, self.library_id, gone=gone, limit=SETTLE)
                    if not ids:
                        break
                    self.touched = True
                    if gone:
                        self.counts.missing += await catalog.hide_missing(uow, ids)
                    else:
                        await catalog.show_found(uow, ids)
                    await self._report(uow)
        if self.touched:
            async with self.db.system() as uow:
                await catalog.settle_albums(uow, self.library_id)
                await catalog.drop_folders(uow, self.library_id)
        await take_playlists(self.db, self.library_id, self.root, again=self.touched)

    async def _report(self, uow: UnitOfWork) -> None:
        """Raises _Cancelled where somebody asked for that; what was written until here stays."""
        if time.monotonic() - self.told_at < TELL_EVERY_S:
            return
        self.told_at = time.monotonic()
        counts = self.counts.as_dict()
        go_on = await scans.put_progress(uow.conn, self.id, self.state, counts, uow.clock.now())
        tell_scan(uow, self.library_id, self.state, counts)
        if not go_on:
            raise _Cancelled

    async def _finish(self, state: str, code: str | None = None, detail: str | None = None) -> None:
        async with self.db.system() as uow:
            _, self.counts.unreadable = await store.count_sounds(uow.conn, self.library_id)
            counts = self.counts.as_dict()
            await scans.put_progress(uow.conn, self.id, self.state, counts, uow.clock.now())
            await scans.finish(uow.conn, self.id, state, uow.clock.now(), code, detail)
            tell_scan(uow, self.library_id, state, counts)
        log.info("library scanned", library=str(self.library_id), state=state, **counts)


def _some(folders: Iterator[Folder]) -> list[Folder]:
    """Folders until there is something worth a transaction, or it is time to say how far it is."""
    chunk: list[Folder] = []
    until = time.monotonic() + LOOK_FOR_S
    changed = 0
    for folder in folders:
        chunk.append(folder)
        changed += len(folder.entries)
        if changed >= 4 * BATCH or time.monotonic() > until:
            break
    return chunk


def _batches(spool: Spool) -> Iterator[list[Slice]]:
    batch: list[Slice] = []
    files = 0
    for one in spool:
        batch.append(one)
        files += len(one.read)
        if files >= BATCH:
            yield batch
            batch, files = [], 0
    if batch:
        yield batch
