"""What an operator does with the search index."""

from __future__ import annotations

import asyncio
import time

from rich.console import Console
from sqlalchemy import text

from antiphon.domains.discovery.indexer import CHANNEL, REBUILD, Indexer
from antiphon.entry.bootstrap import House
from antiphon.entry.cli.admin import open_house
from antiphon.kit.settings import Settings

__all__ = ["rebuild"]

console = Console()
LOOK_EVERY_S = 0.2


async def rebuild(settings: Settings) -> None:
    """By the worker where one runs, else here; the index that is there is asked until the new one is whole."""
    house = open_house(settings)
    began = time.monotonic()
    try:
        indexer = Indexer(house.db, house.finder.index)
        if await indexer.take():
            try:
                await indexer.rebuild()
            finally:
                await indexer.let_go()
        else:
            await _ask_the_worker(house)
        size, took = house.finder.index.size() / 1e6, time.monotonic() - began
        console.print(f"The search index was made anew in {took:.1f} s and takes {size:.1f} MB.")
    finally:
        await house.close()


async def _ask_the_worker(house: House) -> None:
    before = house.finder.index.begun()
    async with house.db.system() as uow:
        await uow.conn.execute(text("SELECT pg_notify(:channel, :what)"), {"channel": CHANNEL, "what": REBUILD})
    while house.finder.index.begun() == before:  # noqa: ASYNC110 — another process does it
        await asyncio.sleep(LOOK_EVERY_S)
