"""What an operator does with jobs and facts that ended badly, and with counters that are in doubt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.console import Console

from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House
from antiphon.entry.cli.admin import open_house
from antiphon.entry.worker.run import job_runner
from antiphon.kit import relay
from antiphon.kit.settings import Settings

__all__ = ["list_dead_jobs", "list_parked", "opened", "recount_plays", "replay_dead_job", "replay_parked"]

console = Console()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    house = open_house(settings)
    try:
        yield house
    finally:
        await house.close()


async def list_dead_jobs(settings: Settings) -> None:
    async with opened(settings) as house:
        for job in await job_runner(house).dead_letters():
            console.print(f"{job.id}  {job.task_name}  {job.task_kwargs}  after {job.attempts} attempts", markup=False)


async def replay_dead_job(settings: Settings, number: int) -> None:
    async with opened(settings) as house:
        await job_runner(house).replay(number)


async def list_parked(settings: Settings) -> None:
    async with opened(settings) as house, house.db.read() as conn:
        for row in await relay.parked(conn):
            console.print(f"{row.handler}  {row.name}  {row.subject}  {row.error}", markup=False)


async def replay_parked(settings: Settings, handler: str) -> None:
    async with opened(settings) as house, house.db.system() as uow:
        count = await relay.release_parked(uow, handler)
    console.print(f"{count} facts are handed over again.")


async def recount_plays(settings: Settings) -> None:
    async with opened(settings) as house, house.db.system() as uow:
        changed = await playback.recount(uow)
    console.print(f"{changed} counters were put right.")
