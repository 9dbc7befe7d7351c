"""`/ws`: one door for everything live, whatever server carries its connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from antiphon.domains.identity.api import STANDING_TOPIC, Standing
from antiphon.entry.realtime.attendance import Attendance
from antiphon.entry.realtime.connection import Connection, Handshake, Limits, Surroundings, Who, Wire
from antiphon.entry.realtime.messages import CloseCode, frame
from antiphon.entry.realtime.rules import Rules
from antiphon.entry.realtime.switchboard import Switchboard
from antiphon.kit import metrics
from antiphon.kit.clock import Clock
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.live import LiveHub, LiveMessage
from antiphon.kit.topics import RIGHTS_TOPIC

__all__ = ["Gateway"]


class Gateway:
    """All connections of this process. What becomes of sessions and people ends theirs."""

    def __init__(
        self,
        hub: LiveHub,
        standing: Standing,
        switchboard: Switchboard,
        attendance: Attendance,
        rules: Rules,
        who: Who,
        clock: Clock,
        limits: Limits | None = None,
        *,
        guests: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self._standing = standing
        self._around = Surroundings(switchboard, attendance, rules, who, self._came, clock, self.limits, guests)
        self._switchboard = switchboard
        self._attendance = attendance
        self._connections: set[Connection] = set()
        self._people: dict[UUID, set[Connection]] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._closing = False
        self._emptied = asyncio.Event()
        hub.watch(STANDING_TOPIC, self._hear)
        hub.watch(RIGHTS_TOPIC, self._doubt)
        hub.after_connect(self._look_at_all)

    def _doubt(self, message: LiveMessage) -> None:
        """One topic alone is told in its place among what is said on it."""
        if message.data["form"].endswith("*"):
            self._switchboard.doubt(message.data["form"])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks after what is missed, and who is there; in the end everybody is told to come back later."""
        tasks = [asyncio.create_task(work) for work in (self._switchboard.look(), self._attendance.run())]
        try:
            yield
        finally:
            self.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def refusal(self) -> tuple[int, str] | None:
        """Why nobody can come in now."""
        if self._closing:
            return CloseCode.RESTART, "the server restarts"
        if len(self._connections) >= self.limits.connections:
            metrics.LIVE_DROPPED.labels("full").inc()
            return CloseCode.FULL, "there is no room; try again later"
        return None

    def open(self, wire: Wire, handshake: Handshake) -> Connection:
        """To be told of every message until it is `gone`; then the caller must call `left`."""
        connection = Connection(self._around, wire, handshake, asyncio.get_running_loop().time())
        self._connections.add(connection)
        metrics.LIVE_CONNECTIONS.inc()
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._tick())
        return connection

    def left(self, connection: Connection) -> None:
        connection.gone()
        if connection in self._connections:
            metrics.LIVE_CONNECTIONS.dec()
            self._connections.discard(connection)
            if not self._connections:
                self._emptied.set()
        if connection.actor is not None:
            theirs = self._people.get(connection.actor.user_id, set())
            theirs.discard(connection)
            if not theirs:
                self._people.pop(connection.actor.user_id, None)

    def close(self) -> None:
        """Tell everybody to come back later; for the server's shutdown, before it waits for its connections."""
        self._closing = True
        for connection in tuple(self._connections):
            connection.end(CloseCode.RESTART, "the server restarts")

    async def empty(self) -> None:
        """Returns when everybody left."""
        if self._connections:
            self._emptied.clear()
            await self._emptied.wait()

    def _came(self, connection: Connection) -> None:
        assert connection.actor is not None
        self._people.setdefault(connection.actor.user_id, set()).add(connection)

    async def _tick(self) -> None:
        """Ends with the last connection. One timer for all: a timer for each would cost more than all they are for."""
        while self._connections:
            await asyncio.sleep(self.limits.tick_s)
            now = asyncio.get_running_loop().time()
            for connection in tuple(self._connections):
                connection.tick(now)
        self._ticking = None

    def _hear(self, message: LiveMessage) -> None:
        user_id = message.data.get("user_id")
        theirs = self._people.get(parse(Kind.USER, user_id), ()) if user_id else ()
        for connection in tuple(theirs):
            if message.event == "session_ended":
                self._show_out(connection, message.data["session_id"], message.data["reason"])
            elif message.event == "shut" and connection.actor is not None and connection.actor.session_id is not None:
                connection.end(CloseCode.SIGNED_OUT, "the account is closed")
            connection.look_at_key()

    def _show_out(self, connection: Connection, session_id: str, reason: str) -> None:
        actor = connection.actor
        if actor is not None and actor.session_id is not None and out(Kind.SIGN_IN, actor.session_id) == session_id:
            connection.send(frame("signed_out", reason=reason))
            connection.end(CloseCode.SIGNED_OUT, "signed out")

    async def _look_at_all(self) -> None:
        """What was told may not have been heard."""
        self._switchboard.doubt()
        for connection in tuple(self._connections):
            if connection.actor is not None and self._standing.is_out(connection.actor):
                connection.end(CloseCode.SIGNED_OUT, "signed out")
            connection.look_at_key()
