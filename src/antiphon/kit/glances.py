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
_ACTOR: Final = "antiphon.actor"  # missing where it is not certain whom the connection stands for
_UNCERTAIN: Final = object()


async def driver(conn: AsyncConnection) -> Any:
    """The connection of asyncpg below, looked up once in its life."""
    kept = conn.info
    found = kept.get(_DRIVER)
    if found is None:
        found = kept[_DRIVER] = (await conn.get_raw_connection()).driver_connection
    return found


class Glances:
    """Connections of an engine that commits by itself; at most `at_most`, which is the size of the engine's pool."""

    def __init__(self, engine: AsyncEngine, at_most: int) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(at_most)
        self._idle: list[AsyncConnection] = []
        self._closed = False

    def of(self, viewer: UUID | None) -> Glance:
        return Glance(self, viewer)

    async def take(self, viewer: UUID | None) -> AsyncConnection:
        """One that knows `viewer`, sooner than another, sooner than a new one. Raises PoolTimeout."""
        try:
            await asyncio.wait_for(self._free.acquire(), WAIT_S) if self._free.locked() else await self._free.acquire()
        except TimeoutError as error:
            raise PoolTimeout("no connection became free") from error
        try:
            conn = self._known(viewer)
            while conn is not None and conn.info[_DRIVER].is_closed():
                await self._end(conn)
                conn = self._known(viewer)
            if conn is None:
                conn = await self._engine.connect()
            await self._act_as(conn, viewer)
        except BaseException:
            self._free.release()
            raise
        return conn

    def _known(self, viewer: UUID | None) -> AsyncConnection | None:
        for place in range(len(self._idle) - 1, -1, -1):
            if self._idle[place].info.get(_ACTOR, _UNCERTAIN) == viewer:
                return self._idle.pop(place)
        return self._idle.pop() if self._idle else None

    async def _act_as(self, conn: AsyncConnection, viewer: UUID | None) -> None:
        """Before it is certain whom the connection stands for, it stands for nobody that could ask."""
        kept = conn.info
        if kept.get(_ACTOR, _UNCERTAIN) == viewer:
            return
        kept.pop(_ACTOR, None)
        try:
            raw = await driver(conn)
            await raw.execute(f"SET antiphon.actor = '{'' if viewer is None else UUID(int=viewer.int)}'")
        except BaseException:
            await self._end(conn)
            raise
        kept[_ACTOR] = viewer

    async def give_back(self, conn: AsyncConnection, *, sound: bool) -> None:
        """What was cut off in the middle of a statement is not used again."""
        try:
            raw = conn.info.get(_DRIVER)
            if not sound or self._closed or raw is None or raw.is_closed():
                await self._end(conn)
                return
            if conn.in_transaction():
                await conn.rollback()
            self._idle.append(conn)
        finally:
            self._free.release()

    async def _end(self, conn: AsyncConnection) -> None:
        await conn.invalidate()
        await conn.close()

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()


class Glance:
    """`async with` it: a connection on which one person, or a guest, looks."""

    __slots__ = ("_conn", "_glances", "_viewer")

    def __init__(self, glances: Glances, viewer: UUID | None) -> None:
        self._glances = glances
        self._viewer = viewer
        self._conn: AsyncConnection | None = None

    async def __aenter__(self) -> AsyncConnection:
        self._conn = await self._glances.take(self._viewer)
        return self._conn

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        conn, self._conn = self._conn, None
        assert conn is not None
        await self._glances.give_back(conn, sound=error is None or isinstance(error, Exception))
