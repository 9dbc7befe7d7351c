"""Background jobs: tried again, set aside, replayed, and put back when their worker died."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from antiphon.kit.db import Database
from antiphon.kit.jobs import GiveUp, JobRegistry, JobSpec, JobsRunner
from tests.support.answers import rows
from tests.support.clock import FrozenClock


class Worked:
    """A job that fails as often as it is told to."""

    def __init__(self) -> None:
        self.ran: list[int] = []
        self.gave_up: list[tuple[str, int]] = []
        self.failures: dict[int, int] = {}
        self.error: type[Exception] = RuntimeError
        self.done = asyncio.Event()

    async def run(self, number: int) -> None:
        self.ran.append(number)
        if self.failures.get(number, 0) > 0:
            self.failures[number] -= 1
            raise self.error(f"job {number}")
        self.done.set()

    async def end(self, error: BaseException, number: int) -> None:
        self.gave_up.append((str(error), number))


@pytest.fixture
def worked() -> Worked:
    return Worked()


@pytest.fixture
def registry(worked: Worked) -> JobRegistry:
    made = JobRegistry()
    made.add(JobSpec("test.work", worked.run, "cache", first_wait_s=600, gave_up=worked.end))
    return made


@pytest.fixture
async def db(database_url: str, clock: FrozenClock, registry: JobRegistry) -> AsyncIterator[Database]:
    made = Database.connect(database_url, clock, registry, pool_size=3)
    yield made
    await made.close()


@pytest.fixture
def runner(registry: JobRegistry, database_url: str) -> JobsRunner:
    return JobsRunner(registry, database_url)


async def _defer(db: Database, *numbers: int, **options: Any) -> None:
    async with db.unit() as uow:
        for number in numbers:
            uow.defer("test.work", number=number, **options)


async def _run(db: Database, runner: JobsRunner, rounds: int = 1) -> None:
    """Run what waits; the waits between tries are cut short."""
    for _ in range(rounds):
        async with db.unit() as uow:
            await uow.conn.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        await runner.run_waiting(["cache"])


async def test_a_job_that_fails_is_tried_again_later(db: Database, runner: JobsRunner, worked: Worked) -> None:
    worked.failures = {1: 2}
    await _defer(db, 1)
    await _run(db, runner)
    (waiting,) = await rows(db, "SELECT status, attempts, scheduled_at > now() AS later FROM procrastinate_jobs")
    assert (waiting.status, waiting.attempts, waiting.later) == ("todo", 1, True)
    await _run(db, runner, 2)
    assert worked.ran == [1, 1, 1]
    assert worked.gave_up == []
    assert await rows(db, "SELECT 1 FROM procrastinate_jobs") == []  # what went well leaves nothing


async def test_waits_double_from_the_first(db: Database, database_url: str, registry: JobRegistry) -> None:
    async def run(number: int) -> None:
        raise RuntimeError(number)

    registry.add(JobSpec("test.patient", run, "cache", attempts=4, first_wait_s=15))
    runner = JobsRunner(registry, database_url)
    async with db.unit() as uow:
        uow.defer("test.patient", number=1)
    for wait_s in (15, 30, 60):
        await _run(db, runner)
        (waiting,) = await rows(
            db, "SELECT round(extract(epoch FROM scheduled_at - now())) AS seconds FROM procrastinate_jobs"
        )
        assert wait_s / 2 < waiting.seconds <= wait_s
    await _run(db, runner)
    assert [letter.attempts for letter in await runner.dead_letters()] == [4]


async def test_a_job_that_keeps_failing_is_set_aside_and_replayed(
    db: Database, runner: JobsRunner, worked: Worked
) -> None:
    worked.failures = {1: 3}
    await _defer(db, 1, 2)
    await _run(db, runner, 5)
    assert worked.ran.count(1) == 3
    assert worked.gave_up == [("job 1", 1)]
    (letter,) = await runner.dead_letters()
    assert (letter.task_name, letter.task_kwargs) == ("test.work", {"number": 1})
    assert letter.id is not None
    await runner.replay(letter.id)
    await _run(db, runner)
    assert worked.ran.count(1) == 4
    assert await runner.dead_letters() == []


async def test_who_gives_up_is_not_asked_again(db: Database, runner: JobsRunner, worked: Worked) -> None:
    worked.failures, worked.error = {1: 9}, GiveUp
    await _defer(db, 1)
    await _run(db, runner, 3)
    assert worked.ran == [1]
    assert worked.gave_up == [("job 1", 1)]


async def test_the_more_urgent_goes_first(db: Database, runner: JobsRunner, worked: Worked) -> None:
    await _defer(db, 1, 2)
    await _defer(db, 3, priority=50)
    await _defer(db, 4, priority=-1)
    await _run(db, runner)
    assert worked.ran == [3, 1, 2, 4]


async def test_jobs_of_a_dead_worker_are_put_back(
    db: Database, runner: JobsRunner, worked: Worked, database_url: str
) -> None:
    await _defer(db, 1)
    async with db.unit() as uow:  # as a killed worker leaves it
        await uow.conn.execute(
            text(
                "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 s') "
                "RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM w)"
            )
        )
    await runner.run_waiting(["cache"])
    assert worked.ran == []
    assert await runner.recover(silent_for_s=3600) == 0
    assert await JobsRunner(_again(worked), database_url).recover(silent_for_s=0) == 1
    await _run(db, runner)
    assert worked.ran == [1]


def _again(worked: Worked) -> JobRegistry:
    made = JobRegistry()
    made.add(JobSpec("test.work", worked.run, "cache"))
    return made


async def test_a_running_worker_takes_jobs_as_they_come_and_stops(
    db: Database, runner: JobsRunner, worked: Worked
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run([(("cache",), 2)], stop))
    for number in range(3):
        worked.done.clear()
        await _defer(db, number)
        await asyncio.wait_for(worked.done.wait(), 60)
    stop.set()
    await asyncio.wait_for(running, 60)
    assert worked.ran == [0, 1, 2]


def test_two_jobs_of_one_name_are_a_mistake(registry: JobRegistry, worked: Worked) -> None:
    with pytest.raises(ValueError, match="two jobs"):
        registry.add(JobSpec("test.work", worked.run, "cache"))
    assert [spec.name for spec in registry.all()] == ["test.work"]


async def test_what_the_clock_asks_for_is_a_running_workers(db: Database, database_url: str) -> None:
    rang, stop = asyncio.Event(), asyncio.Event()

    async def ring() -> None:
        rang.set()

    registry = JobRegistry()
    registry.add(JobSpec("test.ring", ring, "cache", cron="* * * * *"))
    await JobsRunner(registry, database_url).run_waiting(["cache"])
    assert not rang.is_set()
    running = asyncio.create_task(JobsRunner(registry, database_url).run([(("cache",), 1)], stop))
    await asyncio.wait_for(rang.wait(), 60)
    stop.set()
    await asyncio.wait_for(running, 60)
