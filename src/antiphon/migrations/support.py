"""What every revision shares. It never imports live code: a revision must mean the same for ever."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from alembic import op
from sqlalchemy import text

__all__ = ["begin", "grant", "private", "script"]


def begin() -> Callable[[str], None]:
    """Set the time-outs and answer a function that runs SQL.

    A revision that cannot get its locks soon gives up instead of queueing everybody behind it.
    """
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    return lambda sql: op.execute(text(sql.replace(":", r"\:")))


def grant(schema: str) -> None:
    """The application role may read and write rows of the schema, and nothing else."""
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO antiphon_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO antiphon_app")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO antiphon_app")
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO antiphon_app"
    )
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO antiphon_app")


def private(table: str, owner: str) -> None:
    """Rows that the application sees for their owner only, or for the house itself; `owner` is an SQL expression.

    The owner of the database is not bound, so that later revisions can move rows.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_rows ON {table} USING (kit.may_see({owner}))")


def script(name: str) -> str:
    return files("antiphon.migrations").joinpath("sql", name).read_text(encoding="utf-8")
