"""Short reads on behalf of one person, or of a guest, on connections that stay set up for whom they were used last.

Each statement stands for itself, so nothing is sent around it: where the same person asks again, a list costs the round
trips of its statements. The connections can only read, and every statement is planned once for all its values.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

__all__ = ["Glance", "Glances", "driver"]

WAIT_S = 10.0
_DRIVER: Final = "antiphon.driver"
_UNCERTAIN: Final = object()


async def driver(conn: AsyncConnection) -> Any:
    """The connection of asyncpg below, looked up once in its life."""
    kept = conn.info
    found = kept.get(_DRIVER)
    if found is None:
        found = kept[_DRIVER] = (await conn.get_raw_connection()).driver_connection
    return found


class _Line:
    """A connection, the driver's own below it, and for whom it stands; `_UNCERTAIN` until that is settled."""

    __slots__ = ("conn", "raw", "viewer")

    def __init__(self, conn: AsyncConnection) -> None:
        self.conn = conn
        self.raw: Any = None
        self.viewer: object = _UNCERTAIN

    async def end(self) -> None:
        await self.conn.invalidate()
        await self.conn.close()


class Glances:
    """Connections of an engine that commits by itself; at most `at_most`, which is the size of the engine's pool."""

    def __init__(self, engine: AsyncEngine, at_most: int) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(at_most)
        self._idle: list[_Line] = []
        self._closed = False

    def of(self, viewer: UUID | None) -> Glance:
        return Glance(self, viewer)

    async def take(self, viewer: UUID | None) -> _Line:
        """One that knows `viewer`, sooner than another, sooner than a new one. Raises PoolTimeout."""
        if self._free.locked():
            try:
                async with asyncio.timeout(WAIT_S):  # `wait_for` would make a task of it
                    await self._free.acquire()
            except TimeoutError as error:
                raise PoolTimeout("no connection became free") from error
        else:
            await self._free.acquire()
        try:
            line = self._known(viewer)
            while line is not None and line.raw.is_closed():
                await line.end()
                line = self._known(viewer)
            if line is None:
                line = _Line(await self._engine.connect())
            if line.viewer != viewer:
                await self._act_as(line, viewer)
        except BaseException:
            self._free.release()
            raise
        return line

    def _known(self, viewer: UUID | None) -> _Line | None:
        for place in range(len(self._idle) - 1, -1, -1):
            if self._idle[place].viewer == viewer:
                return self._idle.pop(place)
        return self._idle.pop() if self._idle else None

    async def _act_as(self, line: _Line, viewer: UUID | None) -> None:
        """Before it is certain whom the connection stands for, it stands for nobody that could ask."""
        line.viewer = _UNCERTAIN
        try:
            line.raw = await driver(line.conn)
            await line.raw.execute(f"SET antiphon.actor = '{'' if viewer is None else UUID(int=viewer.int)}'")
        except BaseException:
            await line.end()
            raise
        line.viewer = viewer

    async def give_back(self, line: _Line, *, sound: bool) -> None:
        """What was cut off in the middle of a statement is not used again."""
        try:
            if not sound or self._closed or line.raw.is_closed():
                await line.end()
                return
            if line.conn.in_transaction():
                await line.conn.rollback()
            self._idle.append(line)
        finally:
            self._free.release()

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().conn.close()
        await self._engine.dispose()


class Glance:
    """`async with` it: a connection on which one person, or a guest, looks."""

    __slots__ = ("_glances", "_line", "_viewer")

    def __init__(self, glances: Glances, viewer: UUID | None) -> None:
        self._glances = glances
        self._viewer = viewer
        self._line: _Line | None = None

    async def __aenter__(self) -> AsyncConnection:
        self._line = await self._glances.take(self._viewer)
        return self._line.conn

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        line, self._line = self._line, None
        assert line is not None
        await self._glances.give_back(line, sound=error is None or isinstance(error, Exception))
