"""`/ws`: one door for everything live. A thin face of the live hub."""

from __future__ import annotations

from antiphon.entry.realtime.connection import Connection, Limits, MayWatch, Socket, Surroundings, Who
from antiphon.entry.realtime.messages import CloseCode, EventEncoder
from antiphon.kit import metrics
from antiphon.kit.clock import Clock
from antiphon.kit.live import LiveHub

__all__ = ["Gateway", "Limits", "MayWatch"]


class Gateway:
    """All connections of this process. `may_watch` decides about topics named `content:<id>`."""

    def __init__(self, hub: LiveHub, who: Who, clock: Clock, may_watch: MayWatch, limits: Limits | None = None) -> None:
        self._around = Surroundings(hub, who, clock, may_watch, limits or Limits(), EventEncoder())
        self._connections: set[Connection] = set()
        self._closing = False

    async def serve(self, socket: Socket) -> None:
        await socket.accept()
        if self._closing:
            await socket.close(CloseCode.RESTART, "the server restarts")
            return
        connection = Connection(self._around, socket)
        self._connections.add(connection)
        metrics.LIVE_CONNECTIONS.inc()
        try:
            await connection.run()
        finally:
            metrics.LIVE_CONNECTIONS.dec()
            self._connections.discard(connection)

    def close(self) -> None:
        """Tell everybody to come back later; for the server's shutdown, before it waits for its connections."""
        self._closing = True
        for connection in tuple(self._connections):
            connection.end(CloseCode.RESTART, "the server restarts")
