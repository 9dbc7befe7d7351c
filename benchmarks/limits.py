"""What it costs to count a request, on one machine and with Redis, by one process and by four at once.

`python -m benchmarks limits`.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

from antiphon.adapters.limits import open_limits
from antiphon.kit.clock import SystemClock
from antiphon.kit.cost import cost_classes
from antiphon.kit.limits import Limits, Take
from benchmarks.report import Row, Section
from tests.support.redis import ABSENT, redis_server

__all__ = ["measure"]

TARGET_US = 50.0
PROCESSES = 4
PEOPLE, NETWORKS = 1000, 100


def measure(seconds: float = 3.0) -> list[Section]:
    section = Section("Limits: the cost of counting one request")
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as folder:
        section.rows += _rows("file on this machine", "", Path(folder), seconds, TARGET_US)
    if shutil.which("redis-server") is None:
        section.notes.append(f"Redis: {ABSENT}.")
    else:
        with redis_server() as url, tempfile.TemporaryDirectory(prefix="antiphon-bench-") as folder:
            section.rows += _rows("Redis by a Unix socket", url, Path(folder), seconds, None)
    section.notes.append(
        f"A request takes a unit of its person ({PEOPLE} of them) and one of its network ({NETWORKS}) in one question. "
        f"The {PROCESSES} processes share all keys and the processors of this machine."
    )
    return [section]


def _rows(where: str, url: str, folder: Path, seconds: float, target_us: float | None) -> Iterator[Row]:
    for processes, takes in ((1, 1), (1, 2), (PROCESSES, 2)):
        found = _race(processes, url, folder, takes, seconds)
        p50, p99 = (sorted(times)[len(times) // 2] for times in zip(*[numbers[:2] for numbers in found], strict=True))
        total = sum(numbers[2] for numbers in found)
        counted = "the person alone" if takes == 1 else "person and network"
        wanted = target_us is not None and processes == 1
        yield Row(
            f"{where}, {counted}, {processes} process{'es' * (processes > 1)}",
            f"p50 {p50:.1f}, p99 {p99:.0f} µs; {total:,.0f}/s in all",
            f"p50 < {target_us:.0f} µs" if wanted else "",
            "",
            p50 < target_us if wanted and target_us is not None else None,
        )


def _race(processes: int, url: str, folder: Path, takes: int, seconds: float) -> list[tuple[float, float, float]]:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    with context.Pool(processes, initializer=_remember, initargs=(barrier,)) as pool:
        jobs = [pool.apply_async(_run, (url, folder, takes, seconds, number)) for number in range(processes)]
        return [job.get(seconds + 60) for job in jobs]


_barrier: Any = None


def _remember(barrier: Any) -> None:
    global _barrier  # noqa: PLW0603 — a pool hands primitives to its processes in no other way
    _barrier = barrier


def _run(url: str, folder: Path, takes: int, seconds: float, number: int) -> tuple[float, float, float]:
    return asyncio.run(_count(open_limits(url, folder, SystemClock()), takes, seconds, number))


async def _count(limits: Limits, takes: int, seconds: float, number: int) -> tuple[float, float, float]:
    """p50 and p99 in microseconds, and questions a second."""
    cost = cost_classes(f"read={10**8}/60")["read"]
    own, network = cost.own, cost.network
    await limits.take(Take(own, "warm-up"))
    with _together():
        times: list[float] = []
        began = now = time.perf_counter()
        turn = number * 17
        while now < began + seconds:
            turn += 7
            wanted = (Take(own, f"usr_{turn % PEOPLE}"), Take(network, f"198.51.{turn % NETWORKS}.7/32"))[:takes]
            started = time.perf_counter()
            await limits.take(*wanted)
            now = time.perf_counter()
            times.append(now - started)
    await limits.close()
    times.sort()
    return times[len(times) // 2] * 1e6, times[len(times) * 99 // 100] * 1e6, len(times) / (now - began)


@contextmanager
def _together() -> Iterator[None]:
    try:
        _barrier.wait(30)
    except BrokenBarrierError as error:
        raise RuntimeError("the processes did not start together") from error
    yield
