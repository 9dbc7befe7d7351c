"""The gateway on plain sockets, with a client of another make at the other end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from antiphon.domains.identity.api import Tokens
from antiphon.entry.realtime import Gateway, Limits
from antiphon.entry.realtime.sockets import SocketProtocol
from tests.entry.test_realtime import ADA, OPEN_TRACK, PATIENCE_S, Aside
from tests.entry.test_realtime import aside as _aside

Serve = Callable[..., Awaitable[str]]
aside = _aside


@pytest.fixture
async def serve(aside: Aside) -> AsyncIterator[Serve]:
    servers: list[tuple[asyncio.Server, Gateway]] = []

    async def serve(limits: Limits | None = None) -> str:
        gateway = aside.gateway(limits)
        server = await asyncio.get_running_loop().create_server(lambda: SocketProtocol(gateway), "127.0.0.1", 0)
        servers.append((server, gateway))
        return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    yield serve
    for server, gateway in servers:
        server.close()
        gateway.close()
        await asyncio.wait_for(gateway.empty(), PATIENCE_S)


async def ask(client: ClientConnection, message: object) -> dict[str, Any]:
    await client.send(json.dumps(message))
    return await hear(client)


async def hear(client: ClientConnection) -> dict[str, Any]:
    heard: dict[str, Any] = json.loads(await asyncio.wait_for(client.recv(), PATIENCE_S))
    return heard


async def closed_with(client: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        await read_all(client)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def read_all(client: ClientConnection) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await client.recv()


async def signed_in(client: ClientConnection, tokens: Tokens) -> None:
    ready = await ask(client, {"type": "auth", "token": tokens.issue(ADA, uuid4(), frozenset())})
    assert ready["type"] == "ready"


async def test_what_is_said_is_heard_whatever_its_length(serve: Serve, aside: Aside, tokens: Tokens) -> None:
    async with connect(f"ws://{await serve()}/ws") as client:
        await signed_in(client, tokens)
        assert (await ask(client, {"type": "subscribe", "topic": OPEN_TRACK}))["type"] == "subscribed"
        for length in (1, 200, 70_000):  # the three forms that a frame's length has
            await aside.say(OPEN_TRACK, "progress", {"pad": "ö" * length})
            assert len((await hear(client))["data"]["pad"]) == length
        assert await ask(client, {"type": "ping"}) == {"type": "pong"}
        await client.ping()  # the protocol's own are answered too


async def test_many_messages_at_once_are_answered_in_order(serve: Serve, tokens: Tokens) -> None:
    async with connect(f"ws://{await serve()}/ws") as client:
        await signed_in(client, tokens)
        for n in range(200):
            await client.send(json.dumps({"type": "unsubscribe", "topic": f"t{n}"}))
        assert [(await hear(client))["topic"] for _ in range(200)] == [f"t{n}" for n in range(200)]


@pytest.mark.parametrize(
    ("sent", "code"), [(b"\x00", 1003), ("x" * 17_000, 1009), ('{"type":"subscribe","topic":"t"}', 4401)]
)
async def test_what_ends_a_connection(serve: Serve, sent: str | bytes, code: int) -> None:
    async with connect(f"ws://{await serve()}/ws") as client:
        await client.send(sent)
        assert await closed_with(client) == code


async def test_who_takes_nothing_is_let_go_and_its_memory_with_it(serve: Serve, aside: Aside, tokens: Tokens) -> None:
    host = await serve(Limits(waiting_bytes=100_000, close_within_s=0.4))
    async with connect(f"ws://{host}/ws", max_queue=1) as slow, connect(f"ws://{host}/ws") as quick:
        for client in (slow, quick):
            await signed_in(client, tokens)
            await ask(client, {"type": "subscribe", "topic": OPEN_TRACK})
        (gateway,) = aside.gateways
        for n in range(2000):  # more than the system's own buffers hold
            await aside.say(OPEN_TRACK, "progress", {"n": n, "pad": "x" * 50_000})
            assert (await hear(quick))["data"]["n"] == n
            if len(gateway._connections) == 1:
                break
        assert len(gateway._connections) == 1


async def test_who_does_not_shake_hands_or_asks_for_something_else(serve: Serve) -> None:
    host, hasty = await serve(), await serve(Limits(auth_within_s=0.3))
    async with httpx.AsyncClient(base_url=f"http://{host}", timeout=PATIENCE_S) as http:
        assert (await http.get("/health/live")).status_code == 200
        assert (await http.get("/api/v1/tracks")).status_code == 404
    with pytest.raises(InvalidStatus):
        await connect(f"ws://{host}/elsewhere")
    reader, writer = await asyncio.open_connection(*hasty.split(":"))
    writer.write(b"GET /ws HTTP/1.1\r\n")
    assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    writer.close()


async def test_our_subprotocol_is_chosen_where_it_is_offered_and_a_ticket_that_is_none_is_nobody(serve: Serve) -> None:
    async with connect(f"ws://{await serve()}/ws", subprotocols=["antiphon", "ticket.x"]) as client:  # type: ignore[list-item]
        assert client.subprotocol == "antiphon"
        assert await closed_with(client) == 4401


async def test_a_full_house_says_so(serve: Serve) -> None:
    host = await serve(Limits(connections=1))
    async with connect(f"ws://{host}/ws"), connect(f"ws://{host}/ws") as second:
        assert await closed_with(second) == 1013


async def test_a_stop_tells_everybody(serve: Serve, aside: Aside, tokens: Tokens) -> None:
    async with connect(f"ws://{await serve()}/ws") as client:
        await signed_in(client, tokens)
        aside.gateways[0].close()
        assert await closed_with(client) == 1012
