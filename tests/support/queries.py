"""Count the statements that a request sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import event

from antiphon.kit.db import Database

__all__ = ["queries"]

_WATCHED: ContextVar[list[str] | None] = ContextVar("watched", default=None)


@contextmanager
def queries(db: Database, *, at_most: int) -> Iterator[list[str]]:
    """Fails where the block sends more than `at_most` statements; lists them.

    What runs beside it all the time, by a clock of its own, is not the block's.
    """
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if _WATCHED.get() is seen:
            seen.append(" ".join(statement.split())[:200])

    before = _WATCHED.set(seen)
    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        _WATCHED.reset(before)
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)
    assert len(seen) <= at_most, f"{len(seen)} statements, {at_most} allowed:\n" + "\n".join(seen)
