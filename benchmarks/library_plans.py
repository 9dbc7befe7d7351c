"""How PostgreSQL means to answer the statements of imports and lists: none may read a large table from end to end."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import libraries, listing
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import PageRequest

__all__ = ["Plans", "browse"]

LARGE = 5_000  # rows: what is smaller may be read whole
ROUNDS = 5


class Plans:
    """Statements that go through the database while it is `listening`, each once, and how they would be answered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: dict[str, Any] = {}

    @property
    def count(self) -> int:
        return len(self._seen)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        def hear(_conn: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
            if not many and statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
                self._seen.setdefault(statement, values)

        engine = self._db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", hear)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", hear)

    async def whole(self) -> list[str]:
        """`table: beginning of the statement` for each large table that would be read whole."""
        found = []
        async with self._db.system() as uow:
            await uow.conn.execute(text("SET LOCAL statement_timeout = 0"))
            large = await _large(uow.conn)
            for statement, values in self._seen.items():
                plan = await uow.conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values)
                for table in _read_whole(json.loads(plan.scalar_one())[0]["Plan"]):
                    if table in large:
                        found.append(f"{table}: {' '.join(statement.split())[:80]}")
        return found


async def _large(conn: AsyncConnection) -> set[str]:
    statement = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > :large")
    return set((await conn.execute(statement, {"large": LARGE})).scalars())


def _read_whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _read_whole(part)


async def browse(db: Database, library: UUID) -> dict[str, float]:
    """What people open, each some times, as a guest: the median in milliseconds."""
    async with db.read() as conn:
        albums = await catalog.album_page(conn, None, PageRequest(50), sort="title")
        album = parse(Kind.ALBUM, albums.items[0].id)
        artist = parse(Kind.ARTIST, albums.items[0].artist.id)
        (root,) = await libraries.folder_roots(conn)
        top = parse(Kind.FOLDER, root.id)
    wanted: dict[str, Callable[[AsyncConnection], Awaitable[Any]]] = {
        "albums by title": lambda conn: catalog.album_page(conn, None, PageRequest(50), sort="title"),
        "albums from M": lambda conn: catalog.album_page(conn, None, _FROM_M, sort="title"),
        "newest albums": lambda conn: catalog.album_page(conn, None, PageRequest(50)),
        "albums of the library": lambda conn: catalog.album_page(conn, None, PageRequest(50), library=library),
        "an album": lambda conn: catalog.album(conn, album, None),
        "tracks by title": lambda conn: catalog.track_page(conn, None, PageRequest(50), sort="title"),
        "artists": lambda conn: catalog.artist_page(conn, None, False, PageRequest(50)),
        "an artist": lambda conn: catalog.artist(conn, artist, None),
        "a folder": lambda conn: libraries.folder(conn, top, None, PageRequest(100)),
        "random songs": lambda conn: listing.random_songs(conn, 50),
        "songs of an album": lambda conn: listing.songs_of_album(conn, album),
    }
    times = {}
    for name, ask in wanted.items():
        taken = []
        for _ in range(ROUNDS):
            async with db.read() as conn:
                began = time.perf_counter()
                await ask(conn)
                taken.append(1000 * (time.perf_counter() - began))
        times[name] = statistics.median(taken)
    return times


_FROM_M = PageRequest(50, ("m", str(UUID(int=0))))
