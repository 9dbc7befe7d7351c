"""Count what is sent to the database and waited for, whichever way it is sent: statements, BEGIN and COMMIT too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from unittest import mock

from asyncpg.connection import Connection
from asyncpg.prepared_stmt import PreparedStatement

__all__ = ["round_trips"]

_WATCHED: ContextVar[list[str] | None] = ContextVar("watched", default=None)


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """Whichever connection the block sends it on. What runs beside it, as what is heard of other processes, is not the
    block's.
    """
    seen: list[str] = []
    fetch, execute, run = Connection._execute, Connection.execute, PreparedStatement._PreparedStatement__do_execute

    def note(query: str) -> None:
        if _WATCHED.get() is seen:
            seen.append(" ".join(query.split())[:200])

    async def fetched(self: Any, query: str, *args: Any, **named: Any) -> Any:
        note(query)
        return await fetch(self, query, *args, **named)

    async def executed(self: Any, query: str, *args: Any, **named: Any) -> Any:
        if not args:  # else it fetches
            note(query)
        return await execute(self, query, *args, **named)

    async def ran(self: Any, executor: Any) -> Any:
        note(self.get_query())
        return await run(self, executor)

    before = _WATCHED.set(seen)
    with (
        mock.patch.object(Connection, "_execute", fetched),
        mock.patch.object(Connection, "execute", executed),
        mock.patch.object(PreparedStatement, "_PreparedStatement__do_execute", ran),
    ):
        try:
            yield seen
        finally:
            _WATCHED.reset(before)
