"""The gateway on plain sockets: for very many connections, each of a few kilobytes.

The WebSocket protocol itself is that of the `websockets` library, without its connection objects. What the server says
does not go through it: a frame is made once and written to everybody who gets it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from http import HTTPStatus
from typing import Final

from litestar.datastructures import Headers
from websockets.frames import Frame as Received
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from antiphon.entry.realtime.connection import Connection
from antiphon.entry.realtime.gateway import Gateway
from antiphon.entry.realtime.messages import SUBPROTOCOL, CloseCode, Frame, offered

__all__ = ["SocketProtocol"]

UNREAD: Final = 32  # messages of one client; it is not read from while there are more
_HEARD = frozenset({"host", "cookie", "origin", "sec-fetch-site", "sec-websocket-protocol", "user-agent"})
_quiet = logging.getLogger("antiphon.websockets")
_quiet.setLevel(logging.CRITICAL)


class _Handshake:
    """What the gateway wants to know of the request, and no more: it is kept as long as the connection."""

    __slots__ = ("_kept",)

    def __init__(self, request: Request) -> None:
        found = ((name.lower(), value) for name, value in request.headers.raw_items())
        self._kept = [(name.encode(), value.encode("latin-1", "replace")) for name, value in found if name in _HEARD]

    @property
    def headers(self) -> Headers:
        return Headers(self._kept)

    @property
    def cookies(self) -> dict[str, str]:
        shown = self.headers.get("cookie", "")
        pairs = (one.strip().partition("=") for one in shown.split(";"))
        return {name: value for name, _, value in pairs if name}


class SocketProtocol(asyncio.Protocol):
    """One TCP connection, and the gateway's wire on it."""

    __slots__ = ("_connection", "_gateway", "_inbox", "_paused", "_protocol", "_started", "_transport", "_working")
    _transport: asyncio.Transport

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._protocol = ServerProtocol(max_size=gateway.limits.message_bytes, logger=_quiet)
        self._connection: Connection | None = None
        self._inbox: deque[bytes | None] | None = None
        self._working: asyncio.Task[None] | None = None
        self._started: asyncio.TimerHandle | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._started = asyncio.get_running_loop().call_later(self._gateway.limits.auth_within_s, transport.abort)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._shake_hands(event)
            elif isinstance(event, Received):
                self._take(event)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._started is not None:
            self._started.cancel()
        if self._working is not None:
            self._working.cancel()
        if self._connection is not None:
            self._gateway.left(self._connection)

    @property
    def waiting(self) -> int:
        return self._transport.get_write_buffer_size()

    def send(self, message: Frame) -> None:
        self._transport.write(message.wire)

    def close(self, code: int, reason: str, *, hurry: bool = False) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
        self._flush()

    def cut(self) -> None:
        self._transport.abort()

    def _shake_hands(self, request: Request) -> None:
        assert self._started is not None
        self._started.cancel()
        self._started = None
        path = request.path.partition("?")[0]
        if path == "/health/live":
            response = self._protocol.reject(HTTPStatus.OK, "alive\n")
        elif path != "/ws":
            response = self._protocol.reject(HTTPStatus.NOT_FOUND, "Only /ws is here.\n")
        else:
            response = self._protocol.accept(request)
            known, _ = offered(request.headers.get("Sec-WebSocket-Protocol", ""))
            if known and response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
                response.headers["Sec-WebSocket-Protocol"] = SUBPROTOCOL
        self._protocol.send_response(response)
        self._flush()
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._transport.close()
            return
        refusal = self._gateway.refusal()
        if refusal is not None:
            self.close(*refusal)
            return
        self._connection = self._gateway.open(self, _Handshake(request))
        self._inbox = deque()
        self._working = asyncio.create_task(self._work(self._connection, self._inbox, fresh=True))

    def _take(self, received: Received) -> None:
        """Whole text messages. A message in pieces is longer than any of ours, and counts as not understood."""
        if self._connection is None or received.opcode is Opcode.CLOSE:
            return
        if received.opcode in (Opcode.PING, Opcode.PONG):
            self._connection.alive()
            return
        whole = received.opcode is Opcode.TEXT and received.fin
        self._inbox = self._inbox if self._inbox is not None else deque()
        self._inbox.append(bytes(received.data) if whole else None)
        if self._working is None:
            self._working = asyncio.create_task(self._work(self._connection, self._inbox))
        if len(self._inbox) > UNREAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    async def _work(self, connection: Connection, inbox: deque[bytes | None], *, fresh: bool = False) -> None:
        try:
            if fresh:
                await connection.opened()
            while inbox:
                await connection.heard(inbox.popleft())
        except Exception as error:
            connection.broke(error)
        self._working = self._inbox = None
        if self._paused:
            self._paused = False
            self._transport.resume_reading()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()
        if self._connection is not None and self._protocol.state is not State.OPEN:
            self._connection.end(
                CloseCode.TOO_BIG, "the protocol was broken"
            )  # it was told in the protocol's own words
