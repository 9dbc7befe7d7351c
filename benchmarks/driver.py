"""A closed-loop HTTP driver: a number of kept-alive connections, each asking again as soon as it has its answer."""

from __future__ import annotations

import asyncio
import functools
import gc
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Load", "drive"]


@dataclass(frozen=True, slots=True)
class Load:
    """What one route did under one number of connections; latencies in milliseconds, sorted."""

    connections: int
    seconds: float
    latencies_ms: list[float]
    failures: int

    @property
    def requests_s(self) -> float:
        return len(self.latencies_ms) / self.seconds

    def percentile(self, percent: float) -> float:
        """Nearest rank."""
        rank = min(len(self.latencies_ms) - 1, round(percent / 100 * len(self.latencies_ms) + 0.5) - 1)
        return self.latencies_ms[max(0, rank)]


class _Connection(asyncio.Protocol):
    """One request at a time: this reads just enough HTTP to know where an answer ends."""

    def __init__(self, requests: Iterator[bytes], until: float, done: asyncio.Event) -> None:
        self.latencies: list[float] = []
        self.failures = 0
        self._requests, self._until, self._done = requests, until, done
        self._buffer = bytearray()
        self._missing = -1
        self._asked = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        if time.perf_counter() >= self._until:
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._buffer += data
            head, end, body = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self.failures += not head.startswith(b"HTTP/1.1 20")
            self._missing = _length(head) - len(body)
            self._buffer.clear()
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self.latencies.append((time.perf_counter() - self._asked) * 1000)
            self._missing = -1
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self.failures += error is not None
        self._done.set()


def _length(head: bytes | bytearray) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without a length")


def _same(protocol: _Connection) -> _Connection:
    return protocol


async def _run(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made: list[tuple[_Connection, asyncio.Event]] = []
    for number in range(connections):
        done = asyncio.Event()
        start = number * len(requests) // connections
        order = itertools.cycle([*requests[start:], *requests[:start]])
        protocol = _Connection(order, began + seconds, done)
        await loop.create_connection(functools.partial(_same, protocol), "127.0.0.1", port)
        made.append((protocol, done))
    for _, done in made:
        await done.wait()
    took = time.perf_counter() - began
    latencies = sorted(itertools.chain.from_iterable(protocol.latencies for protocol, _ in made))
    return Load(connections, took, latencies, sum(protocol.failures for protocol, _ in made))


def drive(port: int, paths: Sequence[str], *, connections: int, seconds: float, headers: str = "") -> Load:
    """Asks for `paths` again and again. `headers` are whole lines, each with its line end.

    Raises RuntimeError where nothing was answered.
    """
    requests = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode() for path in paths]
    gc.collect()
    gc.disable()
    try:
        load = asyncio.run(_run(port, requests, connections, seconds))
    finally:
        gc.enable()
    if not load.latencies_ms:
        raise RuntimeError(f"no answer from {paths[0]}")
    return load
