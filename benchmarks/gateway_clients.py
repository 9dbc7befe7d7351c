"""Thousands of WebSocket clients in one process, spoken to by lines of JSON: what drives the gateway's benchmark.

`python -m benchmarks.gateway_clients PORT` reads commands from its input and answers each with one line.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

CONNECTING_AT_ONCE = 200
FIRST_RETRY_S, LAST_RETRY_S = 0.5, 4.0


class Client(asyncio.Protocol):
    """Just enough of RFC 6455 to speak with a server that sends whole text messages; comes back by itself."""

    __slots__ = ("auth", "buffer", "crowd", "cursor", "heard", "retry", "shaken", "topic", "transport", "up")

    def __init__(self, crowd: Crowd, token: str, topic: str) -> None:
        self.crowd = crowd
        self.auth = token
        self.topic = topic
        self.cursor: str | None = None
        self.heard: list[int] = []
        self.retry = FIRST_RETRY_S
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.shaken = self.up = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.buffer, self.shaken = b"", False
        transport.write(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def say(self, message: object) -> None:
        assert self.transport is not None
        body = json.dumps(message).encode()
        head = bytes((0x81, 0x80 | len(body))) if len(body) < 126 else b"\x81\xfe" + len(body).to_bytes(2, "big")
        self.transport.write(head + b"\0\0\0\0" + body)  # a mask of zeroes leaves the body as it is

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        data = self.buffer + data if self.buffer else data
        if not self.shaken:
            if b"\r\n\r\n" not in data:
                self.buffer = data
                return
            data = data[data.index(b"\r\n\r\n") + 4 :]
            self.shaken = True
            self.say({"type": "auth", "token": self.auth})
        at = 0
        while len(data) - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if len(data) < start + size:
                break
            if data[at] == 0x81:
                self.hear(data[start : start + size], now)
            at = start + size
        self.buffer = data[at:]

    def hear(self, body: bytes, now: float) -> None:
        message = json.loads(body)
        kind = message["type"]
        if kind == "event":
            self.cursor = message["cursor"]
            self.heard.append(message["data"]["n"])
            self.crowd.took(now - message["data"]["at"])
        elif kind == "ready":
            ask = {"type": "subscribe", "topic": self.topic}
            self.say(ask if self.cursor is None else {**ask, "cursor": self.cursor})
        elif kind == "subscribed":
            self.cursor = message["cursor"]
            self.retry = FIRST_RETRY_S
            if not self.up:
                self.up = True
                self.crowd.came()
        elif kind == "ping":
            self.say({"type": "pong"})
        elif kind in ("reset", "refused", "error"):
            self.crowd.problems.append(message)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.up:
            self.up = False
            self.crowd.up -= 1
        self.later()

    def later(self) -> None:
        asyncio.get_running_loop().call_later(self.retry * (0.5 + random.random() / 2), self.again)
        self.retry = min(self.retry * 2, LAST_RETRY_S)

    def again(self) -> None:
        self.crowd.spawn(self.connect())

    async def connect(self) -> None:
        async with self.crowd.room:
            try:
                await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.crowd.port)
            except OSError:
                self.later()


class Crowd:
    def __init__(self, port: int) -> None:
        self.port = port
        self.room = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self.clients: list[Client] = []
        self.up = 0
        self.full_at = 0.0
        self.latencies: list[float] = []
        self.problems: list[dict[str, Any]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def came(self) -> None:
        self.up += 1
        if self.up == len(self.clients):
            self.full_at = time.monotonic()

    def took(self, seconds: float) -> None:
        self.latencies.append(seconds)

    async def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "connect":
            new = [Client(self, token, topic) for token, topic in command["clients"]]
            self.clients += new
            for client in new:
                self.spawn(client.connect())
            return {}
        if command["do"] == "state":
            return {"up": self.up, "full_at": self.full_at, "problems": self.problems[:5], "took": len(self.latencies)}
        if command["do"] == "latencies":
            taken, self.latencies = sorted(self.latencies), []
            return {"n": len(taken), **{f"p{q}": _quantile(taken, q / 100) for q in (50, 95, 99)}, "most": taken[-1:]}
        said: dict[str, list[int]] = command["said"]
        wrong = [client for client in self.clients if client.heard != said[client.topic]]
        return {"wrong": len(wrong), "sample": [len(client.heard) for client in wrong[:3]]}


def _quantile(taken: Sequence[float], share: float) -> float | None:
    return taken[min(len(taken) - 1, int(len(taken) * share))] if taken else None


async def main(port: int) -> None:
    crowd = Crowd(port)
    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        sys.stdout.write(json.dumps(await crowd.obey(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1])))
