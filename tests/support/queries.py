"""Count the statements that reach the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from antiphon.kit.db import Database

__all__ = ["queries"]


@contextmanager
def queries(db: Database, *, at_most: int) -> Iterator[list[str]]:
    """Fails where the block sends more than `at_most` statements; lists them."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(" ".join(statement.split())[:200])

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)
    assert len(seen) <= at_most, f"{len(seen)} statements, {at_most} allowed:\n" + "\n".join(seen)
