"""What a WebSocket costs in the `realtime` role, how fast what is said arrives, and how everybody comes back.

`python -m benchmarks gateway`. The role has one core to itself as far as the machine lets it; the clients are another
process (`gateway_clients.py`), and whoever says something is this one.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psutil

from antiphon.entry.bootstrap import House as Parts
from antiphon.entry.bootstrap import build
from antiphon.entry.database import logins
from antiphon.kit.settings import load_settings
from benchmarks import catalogue
from benchmarks.house import House, free_port, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

TOPICS, WATCHING = 50, 100
KB_EACH, P99_MS, EACH_SECOND, BACK_S = 40.0, 50.0, 10_000, 10.0
STEADY_S, STEADY_A_SECOND = 10.0, 100
BURSTS = 40
UP_WITHIN_S = 90.0


def measure() -> list[Section]:
    with own_home() as home, house(home) as running:
        tracks = catalogue.fill(running.database_url).tracks[:TOPICS]
        with _role(running) as role, _clients(role.port) as clients:
            return [asyncio.run(_measured(running, role, clients, [f"content:{track}" for track in tracks]))]


@dataclass
class _Role:
    """`antiphon realtime`, started again at once when it was killed."""

    environ: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        argv = [sys.executable, "-m", "antiphon.entry.cli", "realtime"]
        self.process = subprocess.Popen(argv, env=self.environ, start_new_session=True)
        cores = psutil.Process().cpu_affinity()
        psutil.Process(self.process.pid).cpu_affinity(cores[-1:])
        until = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/health/live")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        raise RuntimeError("the realtime role did not come up")

    @property
    def pss_kb(self) -> float:
        assert self.process is not None
        return float(psutil.Process(self.process.pid).memory_full_info().pss) / 1000

    @property
    def cpu_s(self) -> float:
        assert self.process is not None
        return sum(psutil.Process(self.process.pid).cpu_times()[:2])


@contextmanager
def _role(running: House) -> Iterator[_Role]:
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
    environ |= {
        "ANTIPHON_HOME": str(running.home),
        "ANTIPHON_PORT": str(running.port),
        "ANTIPHON_REALTIME_PORT": str(port),
        "ANTIPHON_CONFIG": str(running.home / "antiphon.toml"),
        "ANTIPHON_LOG_LEVEL": "warning",
    }
    made = _Role(environ, port)
    made.start()
    try:
        yield made
    finally:
        assert made.process is not None
        made.process.terminate()
        made.process.wait(30)


class _Clients:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, what: str, **details: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    async def until(self, what: str, wanted: int, within_s: float = UP_WITHIN_S) -> dict[str, Any]:
        began = time.monotonic()
        while (state := self.do("state"))[what] < wanted:
            if time.monotonic() - began > within_s:
                raise RuntimeError(f"{state[what]} of {wanted} {what}; {state['problems']}")
            await asyncio.sleep(0.02)
        return state


@contextmanager
def _clients(port: int) -> Iterator[_Clients]:
    argv = [sys.executable, "-m", "benchmarks.gateway_clients", str(port)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _Clients(process)
        finally:
            process.kill()


@dataclass
class _Speaker:
    """Says numbered events, and keeps what was said on which topic."""

    parts: Parts
    topics: Sequence[str]
    said: dict[str, list[int]] = field(default_factory=dict)
    count: int = 0

    async def say(self, *topics: str) -> None:
        async with self.parts.db.unit() as uow:
            for topic in topics:
                self.count += 1
                uow.say(topic, "progress", {"n": self.count, "at": time.monotonic()})
                self.said.setdefault(topic, []).append(self.count)

    async def steadily(self, seconds: float, a_second: float) -> None:
        began, n = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            await self.say(self.topics[n % len(self.topics)])
            n += 1
            await asyncio.sleep(max(0.0, began + n / a_second - time.monotonic()))


@asynccontextmanager
async def _speaker(running: House, topics: Sequence[str]) -> AsyncIterator[_Speaker]:
    settings = load_settings({"ANTIPHON_HOME": str(running.home), "ANTIPHON_PORT": str(running.port)})
    parts = build(settings, logins(settings).app_url)
    await parts.start()
    try:
        yield _Speaker(parts, topics)
    finally:
        await parts.close()


async def _measured(running: House, role: _Role, clients: _Clients, topics: Sequence[str]) -> Section:
    everybody = len(topics) * WATCHING
    async with _speaker(running, topics) as speaker:
        rows = [
            *await _come(role, clients, speaker),
            *await _steady(role, clients, speaker),
            *await _bursts(role, clients, speaker),
            *await _killed(role, clients, speaker),
        ]
    return Section(
        f"Gateway: {everybody:,} WebSockets in the realtime role, {len(topics)} topics of {WATCHING}",
        rows,
        ["From commit to client: from before the statement that says it, on one clock for all processes."],
    )


async def _come(role: _Role, clients: _Clients, speaker: _Speaker) -> list[Row]:
    everybody = len(speaker.topics) * WATCHING
    issue = speaker.parts.identity.tokens.issue
    new = [(issue(uuid4(), uuid4(), frozenset({"fan"})), topic) for topic in speaker.topics for _ in range(WATCHING)]
    memory, cpu, began = role.pss_kb, role.cpu_s, time.monotonic()
    clients.do("connect", clients=new)
    state = await clients.until("up", everybody)
    await speaker.say(*speaker.topics)
    await clients.until("took", everybody)
    clients.do("latencies")
    each = (role.pss_kb - memory) / everybody
    spent = (role.cpu_s - cpu) / everybody * 1000
    return [
        Row("memory for each connection (PSS)", f"{each:.1f} kB", f"< {KB_EACH:.0f} kB", met=each < KB_EACH),
        Row("all of them signed in and subscribed", f"{state['full_at'] - began:.1f} s, {spent:.2f} ms of CPU each"),
    ]


async def _steady(role: _Role, clients: _Clients, speaker: _Speaker) -> list[Row]:
    before, cpu = speaker.count, role.cpu_s
    await speaker.steadily(STEADY_S, STEADY_A_SECOND)
    await clients.until("took", (speaker.count - before) * WATCHING)
    busy = (role.cpu_s - cpu) / STEADY_S
    found = clients.do("latencies")
    p50, p95, p99 = (found[name] * 1000 for name in ("p50", "p95", "p99"))
    return [
        Row(
            f"from commit to client, {found['n'] / STEADY_S:,.0f} deliveries/s",
            f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms; {busy:.0%} of a core",
            f"p99 < {P99_MS:.0f} ms",
            met=p99 < P99_MS,
        )
    ]


async def _bursts(role: _Role, clients: _Clients, speaker: _Speaker) -> list[Row]:
    everybody = len(speaker.topics) * WATCHING
    cpu, began = role.cpu_s, time.monotonic()
    for n in range(BURSTS):
        await speaker.say(*speaker.topics)
        if n >= 3:  # so far ahead of the slowest, and no further
            await clients.until("took", everybody * (n - 2))
    await clients.until("took", everybody * BURSTS)
    seconds, cpu = time.monotonic() - began, role.cpu_s - cpu
    clients.do("latencies")
    each_second = everybody * BURSTS / seconds
    return [
        Row(
            "deliveries/s, as fast as they go",
            f"{each_second:,.0f}; {everybody * BURSTS / cpu:,.0f} for a second of CPU",
            f"≥ {EACH_SECOND:,}",
            met=each_second >= EACH_SECOND,
        )
    ]


async def _killed(role: _Role, clients: _Clients, speaker: _Speaker) -> list[Row]:
    """Something goes on being said on every topic all the while."""
    everybody = len(speaker.topics) * WATCHING
    speaking = asyncio.create_task(speaker.steadily(BACK_S, 20))
    assert role.process is not None
    await asyncio.sleep(0.5)
    killed = time.monotonic()
    role.process.kill()
    role.process.wait()
    await asyncio.to_thread(role.start)
    up = time.monotonic() - killed
    state = await clients.until("up", everybody)
    await speaking
    await speaker.say(*speaker.topics)
    wrong: dict[str, Any] = {"wrong": everybody}
    for _ in range(100):
        wrong = clients.do("compare", said=speaker.said)
        if not wrong["wrong"]:
            break
        await asyncio.sleep(0.1)
    back = state["full_at"] - killed
    right = everybody - wrong["wrong"]
    return [
        Row(
            "killed (-9) and started again: everybody is back",
            f"{back:.1f} s, of which the start {up:.1f} s",
            f"< {BACK_S:.0f} s",
            met=back < BACK_S,
        ),
        Row(
            "and heard everything, once and in order, over all of the above",
            f"{right:,} of {everybody:,}; {len(state['problems'])} were told to read afresh",
            f"{everybody:,}",
            met=right == everybody and not state["problems"],
        ),
    ]
