"""Count what is sent to the database and waited for, whichever way it is sent: statements, BEGIN and COMMIT too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from asyncpg.connection import Connection
from asyncpg.prepared_stmt import PreparedStatement

__all__ = ["round_trips"]


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """Of every connection of this process, until the block ends."""
    seen: list[str] = []
    fetch, execute, run = Connection._execute, Connection.execute, PreparedStatement._PreparedStatement__do_execute

    async def fetched(self: Any, query: str, *args: Any, **named: Any) -> Any:
        seen.append(" ".join(query.split())[:200])
        return await fetch(self, query, *args, **named)

    async def executed(self: Any, query: str, *args: Any, **named: Any) -> Any:
        if not args:  # else it fetches
            seen.append(" ".join(query.split())[:200])
        return await execute(self, query, *args, **named)

    async def ran(self: Any, executor: Any) -> Any:
        seen.append(" ".join(self.get_query().split())[:200])
        return await run(self, executor)

    with (
        mock.patch.object(Connection, "_execute", fetched),
        mock.patch.object(Connection, "execute", executed),
        mock.patch.object(PreparedStatement, "_PreparedStatement__do_execute", ran),
    ):
        yield seen
