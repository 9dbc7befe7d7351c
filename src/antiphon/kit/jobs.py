"""Background jobs: a registry of names, run by procrastinate's worker on the same database.

A job is deferred by the unit of work in its own transaction, carries ids only, re-reads, and survives being run
twice or being run when what it was about is gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import procrastinate
import structlog
from procrastinate import BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job, Status

from antiphon.kit import metrics
from antiphon.kit.logs import get_logger

__all__ = ["GiveUp", "JobRegistry", "JobSpec", "JobsRunner"]

log = get_logger(__name__)
JobFunction = Callable[..., Awaitable[None]]


class GiveUp(Exception):
    """Trying again would not help: the job goes to the dead letters at once."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """`attempts` counts all tries; the wait between them doubles from `first_wait_s`. `gave_up` hears the last error
    and the ids."""

    name: str
    run: JobFunction
    queue: str
    priority: int = 0
    attempts: int = 3
    first_wait_s: int = 1
    cron: str | None = None
    gave_up: Callable[..., Awaitable[None]] | None = None


class JobRegistry:
    """Every job by name. Filled by the composition root, read by the unit of work and the worker."""

    def __init__(self) -> None:
        self._specs: dict[str, JobSpec] = {}

    def add(self, spec: JobSpec) -> None:
        if spec.name in self._specs:
            raise ValueError(f"two jobs are called {spec.name}")
        self._specs[spec.name] = spec

    def spec(self, name: str) -> JobSpec:
        return self._specs[name]

    def all(self) -> list[JobSpec]:
        return sorted(self._specs.values(), key=lambda spec: spec.name)


class _Backoff(BaseRetryStrategy):
    def __init__(self, attempts: int, first_wait_s: int) -> None:
        self.attempts = attempts
        self.first_wait_s = first_wait_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, GiveUp) or job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": self.first_wait_s * 2**job.attempts})


class JobsRunner:
    """Runs registered jobs in this process until told to stop."""

    def __init__(self, registry: JobRegistry, conninfo: str, *, options: str = "") -> None:
        """`conninfo` is a libpq URL; `options` go to the server at connect (`-c role=…`)."""
        kwargs: dict[str, Any] = {"conninfo": conninfo, "min_size": 1, "max_size": 6}
        if options:
            kwargs["kwargs"] = {"options": options}
        self._app = procrastinate.App(connector=PsycopgConnector(**kwargs))
        self._connected = False
        self._timed: list[tuple[str, Any]] = []
        for spec in registry.all():
            self._register(spec)

    def _register(self, spec: JobSpec) -> None:
        async def run(context: procrastinate.JobContext, /, **ids: Any) -> None:
            started = time.perf_counter()
            outcome = "failed"
            try:
                with structlog.contextvars.bound_contextvars(job=spec.name, **ids):
                    await spec.run(**ids)
                outcome = "done"
            except Exception as error:
                log.exception("job failed", job=spec.name, **ids)
                last = isinstance(error, GiveUp) or context.job.attempts + 1 >= spec.attempts
                if last and spec.gave_up is not None:
                    await spec.gave_up(error, **ids)
                raise
            finally:
                metrics.JOB_SECONDS.labels(spec.name).observe(time.perf_counter() - started)
                metrics.JOBS_FINISHED.labels(spec.name, outcome).inc()

        retry = _Backoff(spec.attempts, spec.first_wait_s)
        task = self._app.task(name=spec.name, queue=spec.queue, retry=retry, pass_context=True)(run)
        if spec.cron:

            async def tick(context: procrastinate.JobContext, timestamp: int) -> None:
                await run(context)

            timed = self._app.task(name=f"{spec.name}.tick", queue=spec.queue, pass_context=True)(tick)
            self._timed.append((spec.cron, timed))
        assert task.name == spec.name

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """All that is asked of it inside shares its connections; outside, whatever is asked makes its own."""
        if self._connected:
            yield
            return
        async with self._app.open_async():
            self._connected = True
            try:
                yield
            finally:
                self._connected = False

    async def recover(self, *, silent_for_s: float) -> int:
        """Put jobs back whose worker was silent for that long (0: any; only where no other worker can live)."""
        async with self.connected():
            return await self._put_back(silent_for_s)

    async def _put_back(self, silent_for_s: float) -> int:
        stalled = list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for_s))
        for job in stalled:
            await self._app.job_manager.retry_job(job)
        if stalled:
            log.info("interrupted jobs put back", count=len(stalled))
        return len(stalled)

    async def run(self, lanes: Sequence[tuple[Sequence[str], int]], stop: asyncio.Event) -> None:
        """Each lane is (queues, how many at a time). Jobs by the clock are asked for here alone.

        Returns when `stop` is set and running jobs were let go.
        """
        for cron, timed in self._timed:
            self._app.periodic(cron=cron)(timed)
        async with self.connected():
            tasks = [
                asyncio.create_task(
                    self._app.run_worker_async(
                        queues=list(queues),
                        concurrency=concurrency,
                        install_signal_handlers=False,
                        fetch_job_polling_interval=2.0,
                        update_heartbeat_interval=5.0,
                        shutdown_graceful_timeout=3.0,
                        delete_jobs="successful",
                    )
                )
                for queues, concurrency in lanes
            ]
            tasks.append(asyncio.create_task(self._rescue()))
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
            for task in [*tasks, waiting]:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            for result in results:
                if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
                    raise result

    async def _rescue(self) -> None:
        while True:
            await asyncio.sleep(15)
            await self._put_back(30)

    async def run_waiting(self, queues: Sequence[str]) -> None:
        """Run everything that waits, then return. What the clock asks for does not wait: it is a running worker's."""
        async with self.connected():
            await self._app.run_worker_async(
                queues=list(queues),
                wait=False,
                install_signal_handlers=False,
                delete_jobs="successful",
                listen_notify=False,
            )

    async def dead_letters(self) -> list[Job]:
        async with self.connected():
            return list(await self._app.job_manager.list_jobs_async(status=Status.FAILED.value))

    async def replay(self, job_id: int) -> None:
        """Try a dead letter again."""
        async with self.connected():
            await self._app.job_manager.retry_job_by_id_async(job_id, retry_at=procrastinate.utils.utcnow())
