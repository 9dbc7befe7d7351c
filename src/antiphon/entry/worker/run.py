"""One process that works: media first, everything else beside it, the relay of facts, and the search index."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from antiphon.domains.discovery.indexer import Indexer
from antiphon.domains.media import api as media
from antiphon.entry.bootstrap import House, build
from antiphon.entry.database import logins
from antiphon.kit.collector import spare_the_collector
from antiphon.kit.jobs import JobsRunner
from antiphon.kit.logs import get_logger
from antiphon.kit.relay import Relay
from antiphon.kit.settings import Settings

__all__ = ["job_runner", "run_worker", "work"]

log = get_logger(__name__)
SILENT_FOR_S = 30.0
STOP_WITHIN_S = 6


def _lanes(settings: Settings) -> list[tuple[tuple[str, ...], int]]:
    """One more media job than codec processes, so that a core is not idle while a job writes down what it made."""
    return [(("media",), settings.media_workers + 1), (("cache", "mail", "maintenance"), 2), (("scan",), 1)]


async def run_worker(settings: Settings, *, stop: asyncio.Event | None = None, alone: bool = False) -> None:
    """Until SIGTERM or `stop`. `alone`: no other worker can live, so interrupted jobs go on at once."""
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        signal.alarm(STOP_WITHIN_S)  # where the database went first, nothing can be said to it; jobs survive that

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, end)
    login = logins(settings)
    house = build(settings, login.app_url, owner_login=login.owner_login)
    try:
        await house.vault.load(house.db)  # a job may seal too
        spare_the_collector()
        await work(house, settings, stop, alone=alone)
    finally:
        await house.close()


def job_runner(house: House) -> JobsRunner:
    options = " ".join(f"-c {name}={value}" for name, value in house.db_options.items())
    return JobsRunner(house.jobs, house.db_url, options=options)


async def work(house: House, settings: Settings, stop: asyncio.Event, *, alone: bool) -> None:
    runner = job_runner(house)
    await runner.recover(silent_for_s=0.0 if alone else SILENT_FOR_S)
    relay = Relay(house.db, house.handlers)
    async with asyncio.TaskGroup() as group:
        group.create_task(relay.run(house.db_url, stop))
        group.create_task(Indexer(house.db, house.finder.index).run(house.db_url, stop))
        group.create_task(media.watch(house.db, stop))
        group.create_task(runner.run(_lanes(settings), stop))
