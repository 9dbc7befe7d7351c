"""The gateway behind an ASGI server."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, TypeAlias

from litestar import WebSocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from antiphon.entry.realtime.connection import Connection
from antiphon.entry.realtime.gateway import Gateway
from antiphon.entry.realtime.messages import SUBPROTOCOL, Frame, offered
from antiphon.kit.logs import get_logger

__all__ = ["Socket", "serve"]

log = get_logger(__name__)
Socket: TypeAlias = WebSocket[Any, Any, State]


async def serve(gateway: Gateway, socket: Socket) -> None:
    """Returns when the connection is over."""
    known, _ = offered(socket.headers.get("sec-websocket-protocol", ""))
    await socket.accept(SUBPROTOCOL if known else None)
    refusal = gateway.refusal()
    if refusal is not None:
        await socket.close(*refusal)
        return
    wire = _Wire(socket)
    connection = gateway.open(wire, socket)
    try:
        await wire.run(connection)
    finally:
        gateway.left(connection)
    await wire.say_farewell(gateway.limits.close_within_s)


class _Wire:
    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._outbox: deque[Frame] = deque()
        self._wake = asyncio.Event()
        self._cut = asyncio.Event()
        self._farewell: tuple[int, str] | None = None
        self.waiting = 0

    def send(self, message: Frame) -> None:
        self._outbox.append(message)
        self.waiting += len(message.body)
        self._wake.set()

    def close(self, code: int, reason: str, *, hurry: bool = False) -> None:
        self._farewell = (code, reason)
        self._wake.set()
        if hurry:
            self.cut()

    def cut(self) -> None:
        self._outbox.clear()
        self._cut.set()

    async def run(self, connection: Connection) -> None:
        """Until the client is gone, or everything that it should get was sent."""
        tasks = [asyncio.create_task(work) for work in (self._read(connection), self._write(), self._cut.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for broken in results:
            if isinstance(broken, Exception) and not isinstance(broken, WebSocketDisconnect):
                connection.broke(broken)

    async def say_farewell(self, within_s: float) -> None:
        """Only when nobody receives any more: Granian does not send the close frame while a receive is pending."""
        if self._farewell is None:
            return
        try:
            async with asyncio.timeout(within_s):
                await self._socket.close(*self._farewell)
        except (TimeoutError, WebSocketDisconnect, OSError, RuntimeError):
            log.debug("live connection was gone before its close")

    async def _write(self) -> None:
        while True:
            while self._outbox:
                message = self._outbox.popleft()
                await self._socket.send_text(message.text)
                self.waiting -= len(message.body)
            if self._farewell is not None:
                return
            self._wake.clear()
            await self._wake.wait()

    async def _read(self, connection: Connection) -> None:
        await connection.opened()
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text")
            await connection.heard(text if isinstance(text, str) else None)
