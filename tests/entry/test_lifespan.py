"""What the web server is told at the start and at the end, and what it gets to see when either fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from antiphon.entry.http.lifespan import live


class WebServer:
    """Says that it starts, and then that it ends."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.heard: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        self.said.append("shutdown" if self.said else "startup")
        return {"type": f"lifespan.{self.said[-1]}"}

    async def send(self, message: dict[str, Any]) -> None:
        self.heard.append(message)


@asynccontextmanager
async def house(events: list[str], breaks: str = "") -> AsyncIterator[None]:
    for step in ("opened", "closed"):
        if breaks == step:
            raise RuntimeError(f"cannot be {step}")
        events.append(step)
        if step == "opened":
            yield


async def test_what_is_opened_before_the_first_request_is_closed_after_the_last() -> None:
    server, events = WebServer(), list[str]()
    await live(house(events), server.receive, server.send)
    assert [message["type"] for message in server.heard] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert events == ["opened", "closed"]
    assert server.said == ["startup", "shutdown"]


@pytest.mark.parametrize(
    ("breaks", "heard"), [("opened", ["startup.failed"]), ("closed", ["startup.complete", "shutdown.failed"])]
)
async def test_the_server_is_told_what_fails_and_sees_it(breaks: str, heard: list[str]) -> None:
    server = WebServer()
    with pytest.raises(RuntimeError, match=f"cannot be {breaks}"):
        await live(house([], breaks), server.receive, server.send)
    assert [message["type"] for message in server.heard] == [f"lifespan.{said}" for said in heard]
    assert f"cannot be {breaks}" in server.heard[-1]["message"]
