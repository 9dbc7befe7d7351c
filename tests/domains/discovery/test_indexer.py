"""The index follows the database, and is made anew when it cannot."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from sqlalchemy import text

from antiphon.domains.discovery import indexer as module
from antiphon.domains.discovery.api import Page
from antiphon.domains.discovery.indexer import Indexer
from antiphon.entry.bootstrap import House

pytestmark = pytest.mark.commits


@pytest.fixture
async def indexer(house: House) -> AsyncIterator[Indexer]:
    made = Indexer(house.db, house.finder.index)
    assert await made.take()
    await made.repair()
    yield made
    await made.let_go()


async def add(house: House, *titles: str) -> None:
    """Published tracks, written past every door: the database notes them all the same."""
    async with house.db.system() as uow:
        await uow.conn.execute(
            text(
                """
                WITH artist AS (
                    INSERT INTO catalog.artists (name, search_key, sort_key, created_at, updated_at)
                    VALUES ('Somebody', 'somebody', 'somebody', now(), now()) RETURNING id
                )
                INSERT INTO catalog.tracks (artist_id, title, search_key, status, published_at, created_at, updated_at)
                SELECT artist.id, title, title, 'ready', now(), now(), now()
                FROM artist, unnest(CAST(:titles AS text[])) AS title
                """
            ),
            {"titles": list(titles)},
        )


async def count(house: House, words: str) -> int:
    return (await house.finder.search(None, words, {"track": Page(10)}, counted=True)).found["track"].total


async def waiting(house: House) -> int:
    async with house.db.system() as uow:
        return int((await uow.conn.execute(text("SELECT count(*) FROM catalog.changes"))).scalar_one())


async def test_changes_are_forgotten_when_they_are_written(house: House, indexer: Indexer) -> None:
    await add(house, "First", "Second")
    assert await count(house, "first") == 0
    assert await indexer.work_once() > 0
    assert await count(house, "first") == 1
    assert await waiting(house) == 0
    assert await indexer.work_once() == 0


async def test_whoever_dies_before_forgetting_writes_the_same_again(house: House, indexer: Indexer) -> None:
    await add(house, "First")
    async with house.db.system() as uow:
        noted = (await uow.conn.execute(text("SELECT kind, id FROM catalog.changes"))).all()
    await indexer.work_once()
    async with house.db.system() as uow:
        for row in noted:
            await uow.conn.execute(
                text("INSERT INTO catalog.changes (kind, id) VALUES (:kind, :id)"), {"kind": row.kind, "id": row.id}
            )
    assert await indexer.work_once() == len(noted)
    assert await count(house, "first") == 1


@pytest.mark.parametrize("harm", ["missing", "damaged", "no mark", "other layout"])
async def test_an_index_that_cannot_be_used_is_made_anew(house: House, indexer: Indexer, harm: str) -> None:
    await add(house, "First")
    await indexer.work_once()
    await indexer.let_go()
    folder = house.settings.home / "search"
    current = folder / (folder / "current").read_text()
    if harm == "missing":
        shutil.rmtree(current)
    elif harm == "damaged":
        (current / "meta.json").write_text("{")
    elif harm == "no mark":
        (current / "mark").unlink()
    else:
        (current / "mark").write_text('{"layout":0,"begun":"x","seq":1}')
    assert await indexer.take()
    await indexer.repair()
    assert await count(house, "first") == 1
    assert (folder / "current").read_text() != current.name


async def test_an_index_of_another_state_of_the_database_is_made_anew(house: House, indexer: Indexer) -> None:
    await add(house, "First", "Second")
    await indexer.work_once()
    before = house.finder.index.begun()
    await indexer.repair()
    assert house.finder.index.begun() == before
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM catalog.tracks WHERE title = 'First'"))
        await uow.conn.execute(text("DELETE FROM catalog.changes"))  # as if a copy from before had been put back
    await indexer.repair()
    assert house.finder.index.begun() != before
    assert await count(house, "first") == 0
    assert await count(house, "second") == 1


async def test_what_changes_while_the_index_is_made_anew_is_in_it(house: House, indexer: Indexer) -> None:
    await add(house, *(f"Song {number}" for number in range(50)))
    await indexer.work_once()
    rebuilding = asyncio.create_task(indexer.rebuild())
    await asyncio.wait([rebuilding], timeout=0.001)
    await add(house, "Latecomer")
    while not rebuilding.done():
        await indexer.work_once()
        await asyncio.wait([rebuilding], timeout=0.01)
    await rebuilding
    await indexer.work_once()
    assert await count(house, "latecomer") == 1
    assert await count(house, "song") == 50


async def test_a_change_is_found_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN_S", 600.0)  # not found by looking again
    stop = asyncio.Event()
    running = asyncio.create_task(Indexer(house.db, house.finder.index).run(house.db_url, stop))
    try:
        await add(house, "Before")
        await _until_found(house, "before", running)
        await add(house, "Suddenly")
        await _until_found(house, "suddenly", running)
    finally:
        stop.set()
        await running


async def _until_found(house: House, words: str, running: asyncio.Task[None]) -> None:
    deadline = monotonic() + 60
    while await count(house, words) == 0:
        assert monotonic() < deadline
        await asyncio.wait([running], timeout=0.02)
