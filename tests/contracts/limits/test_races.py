"""Several processes that want the same units at once get exactly as many as there are."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.adapters.limits.local import LocalLimits
from antiphon.kit.limits import Policy, Take
from tests.support.clock import FrozenClock

ROOT = Path(__file__).parents[3]
PROCESSES = 4


@contextmanager
def racer(url: str, folder: Path, limit: int, times: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.support.racer", url, str(folder), str(limit), str(times)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def result(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    return [int(number) for number in process.stdout.readline().split()]


@pytest.mark.parametrize("kind", ["local", "redis"])
def test_processes_share_a_limit_exactly(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    limit, times = 2000, 1000
    with ExitStack() as stack:
        racers = [stack.enter_context(racer(url, tmp_path, limit, times)) for _ in range(PROCESSES)]
        for process in racers:
            start(process)
        results = [result(process) for process in racers]
    granted, attempts = (sum(numbers) for numbers in zip(*results, strict=True))
    assert (granted, attempts) == (limit, 5)


def test_a_process_that_is_killed_takes_nothing_along(tmp_path: Path) -> None:
    """Its locks are free at once, and it has spent at most what it was granted."""
    with racer("", tmp_path, 1_000_000, 10**9) as doomed, racer("", tmp_path, 1_000_000, 300) as heir:
        start(doomed)
        start(heir)
        assert result(heir)[0] == 300
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
        with racer("", tmp_path, 1_000_000, 300) as later:
            start(later)
            assert result(later)[0] == 300


def test_threads_of_a_process_share_a_limit_exactly(tmp_path: Path, clock: FrozenClock) -> None:
    limits, policy = LocalLimits(tmp_path / "limits", clock), Policy("any", 500, 60)
    granted: list[bool] = []

    def run() -> None:
        for _ in range(250):
            step = limits.take(Take(policy, "all"))
            with pytest.raises(StopIteration) as done:
                step.send(None)
            granted.append(done.value.value[0].allowed)

    threads = [threading.Thread(target=run) for _ in range(PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 1000
    assert sum(granted) == 500


async def test_a_restart_forgives_nobody(tmp_path: Path, clock: FrozenClock) -> None:
    policy = Policy("any", 2, 60)
    for allowed in (True, True, False):
        limits = LocalLimits(tmp_path / "limits", clock)
        assert [verdict.allowed for verdict in await limits.take(Take(policy, "ada"))] == [allowed]
        await limits.close()
        clock.move(timedelta(seconds=1))
