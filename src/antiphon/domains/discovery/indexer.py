"""Keeps the index as the catalogue is: what changed is read and written within a second, all of it when need be.

Changes are noted by the database itself, in the transaction that makes them. Here they are read, written into the
index, committed there, and only then forgotten: a process that dies in between does it again, to the same effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import Change
from antiphon.domains.discovery import sources
from antiphon.domains.discovery.documents import documents_of
from antiphon.domains.discovery.ports import KINDS, Document, IndexWriter, Kind, SearchIndex
from antiphon.kit.db import Database
from antiphon.kit.ids import new_uuid
from antiphon.kit.live import hang_up, listen_on
from antiphon.kit.logs import get_logger

__all__ = ["CHANNEL", "REBUILD", "Indexer"]

log = get_logger(__name__)
CHANNEL, REBUILD = "antiphon_index", "rebuild"
CHANGES_AT_ONCE = 2_000
WORKS_AT_ONCE = 2_000
LOOK_AGAIN_S = 5.0
GATHER_S = 0.25  # what comes one by one, as plays do, is written together
NOBODY = UUID(int=0)
OF_PEOPLE: tuple[Kind, ...] = ("person", "playlist")  # whose names are about somebody
LOOK_FOR_NAMES_S = 3600.0
NAMES_LIE_AT_MOST = timedelta(days=1)


class Indexer:
    """Of one process; whoever has the index's writer. All methods but `run` need it to be taken first."""

    def __init__(self, db: Database, index: SearchIndex) -> None:
        self._db = db
        self._index = index
        self._writer: IndexWriter | None = None
        self._usable = False
        self._writing = asyncio.Lock()
        self._meanwhile: list[Change] | None = None  # what was forgotten while another index was being made

    async def run(self, url: str, stop: asyncio.Event) -> None:
        """Until `stop`; woken by NOTIFY. After any failure it begins again with what is written."""
        while not stop.is_set():
            try:
                if await self.take():
                    await self._follow(url, stop)
            except Exception:
                log.exception("the search index could not be kept")
            finally:
                await self.let_go()
            await _until(stop, within_s=LOOK_AGAIN_S)

    async def take(self) -> bool:
        """False where another process has the writer."""
        self._writer = self._index.writer()
        return self._writer is not None

    async def let_go(self) -> None:
        if self._writer is not None:
            await self._writer.close()
        self._writer, self._usable = None, False

    async def _follow(self, url: str, stop: asyncio.Event) -> None:
        wake, anew = asyncio.Event(), asyncio.Event()

        def heard(_conn: object, _pid: int, _channel: str, payload: object) -> None:
            (anew if payload == REBUILD else wake).set()

        conn = await listen_on(url, CHANNEL, heard)
        rebuilding: asyncio.Task[None] | None = None
        now, look_at = asyncio.get_running_loop().time, 0.0
        try:
            await self.repair()
            while not stop.is_set():
                if conn.is_closed():
                    conn = await listen_on(url, CHANNEL, heard)
                wake.clear()
                if rebuilding is not None and rebuilding.done():
                    rebuilding.result()
                    rebuilding = None
                if rebuilding is None and (anew.is_set() or now() >= look_at):
                    rebuilding = asyncio.create_task(self.rebuild() if anew.is_set() else self.forget_names())
                    look_at = now() + LOOK_FOR_NAMES_S
                    anew.clear()
                asked = [anew] if rebuilding is None else []  # one is enough: another waits for its end
                if await self.work_once() == 0:
                    await _until(stop, wake, *asked, within_s=LOOK_AGAIN_S)
                await _until(stop, *asked, within_s=GATHER_S)
        finally:
            if rebuilding is not None:
                rebuilding.cancel()
                await asyncio.gather(rebuilding, return_exceptions=True)
            await hang_up(conn)

    async def work_once(self) -> int:
        """Write what has changed; answers how many changes that were."""
        async with self._writing:
            if self._writer is None or not self._usable:
                return 0
            async with self._db.system() as uow:
                noted = await catalog.changes(uow.conn, CHANGES_AT_ONCE)
            if not noted:
                return 0
            await self._apply(self._writer, noted)
            await self._writer.save(noted[-1].seq)
            async with self._db.system() as uow:
                await catalog.forget_changes(uow.conn, noted)
            if self._meanwhile is not None:
                self._meanwhile += noted
            return len(noted)

    async def repair(self) -> None:
        """Make the index anew where it is missing, damaged, of another layout, or not of this database."""
        assert self._writer is not None
        mark = await self._writer.mark()
        reason = "there is none" if mark is None else None
        if mark is not None:
            async with self._db.system() as uow:
                if await catalog.last_change(uow.conn) < mark.seq:
                    reason = "the database is older"
        if reason is None:
            self._usable = True
            while await self.work_once():
                pass
            reason = await self._miscounted()
        if reason is not None:
            log.info("the search index is made anew", reason=reason)
            await self.rebuild()
        self._usable = True

    async def _miscounted(self) -> str | None:
        assert self._writer is not None
        mark = await self._writer.mark()
        async with self._db.system() as uow:
            right = await sources.counts(uow.conn)
            waiting = await catalog.changes(uow.conn, 1)
        counts: dict[str, int] = dict(mark.counts.items()) if mark else {}
        if waiting or all(counts.get(kind, 0) == number for kind, number in right.items()):
            return None
        return "it counts other works than the database"

    async def rebuild(self) -> None:
        """Everything into an index beside the one that is asked, which then takes its place."""
        assert self._writer is not None
        self._meanwhile = []
        try:
            async with self._db.system() as uow:
                seq = await catalog.last_change(uow.conn)
            fresh = await self._writer.anew(new_uuid().hex)
            for kind in KINDS:
                await self._fill(fresh, kind)
            await fresh.save(seq)
            async with self._writing:
                if self._meanwhile:
                    await self._apply(fresh, self._meanwhile)
                    await fresh.save(self._meanwhile[-1].seq)
                await self._writer.replace(fresh)
        finally:
            self._meanwhile = None

    async def forget_names(self) -> None:
        """Make an index of yesterday anew where names that people changed or took with them still lie in its files."""
        assert self._writer is not None
        mark = await self._writer.mark()
        if mark is None or self._db.clock.now() < _begun_at(mark.begun) + NAMES_LIE_AT_MOST:
            return
        if await self._writer.remains(OF_PEOPLE):
            log.info("the search index is made anew", reason="names that are gone lie in it")
            await self.rebuild()

    async def _fill(self, fresh: IndexWriter, kind: Kind) -> None:
        """One page is written while the next is folded and the one after that is read."""
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._page(kind, NOBODY))
            writing: asyncio.Task[None] | None = None
            while True:
                last, works = await reading
                if last is None:
                    return
                reading = group.create_task(self._page(kind, last))
                documents = await _documents(kind, works)
                if writing is not None:
                    await writing
                writing = group.create_task(fresh.write(documents))

    async def _page(self, kind: Kind, after: UUID) -> tuple[UUID | None, list[catalog.IndexedWork]]:
        """With the last id that was looked at; None at the end."""
        async with self._db.system() as uow:
            ids = await sources.ids_after(uow.conn, kind, after, WORKS_AT_ONCE)
            return (ids[-1], await sources.read(uow.conn, kind, ids)) if ids else (None, [])

    async def _apply(self, writer: IndexWriter, noted: Sequence[Change]) -> None:
        async with self._db.system() as uow:
            touched = await sources.touched_by(uow.conn, noted)
        for kind in KINDS:
            waiting = sorted(touched[kind])
            for start in range(0, len(waiting), WORKS_AT_ONCE):
                ids = waiting[start : start + WORKS_AT_ONCE]
                async with self._db.system() as uow:
                    works = await sources.read(uow.conn, kind, ids)
                gone = set(ids) - {work.id for work in works}
                await writer.write(await _documents(kind, works), sorted(gone))


def _begun_at(begun: str) -> datetime:
    """An index is called by the UUIDv7 that it was begun with."""
    return datetime.fromtimestamp((UUID(begun).int >> 80) / 1000, UTC)


async def _documents(kind: Kind, works: Sequence[catalog.IndexedWork]) -> list[Document]:
    return await asyncio.to_thread(lambda: [one for work in works for one in documents_of(kind, work)])


async def _until(*events: asyncio.Event, within_s: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
