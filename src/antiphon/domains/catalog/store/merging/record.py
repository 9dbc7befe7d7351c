"""What a merge changed, and steps that all kinds of merges take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "FORWARDED",
    "ask",
    "bring_back",
    "encoded",
    "fill",
    "forget",
    "keep",
    "later_merge",
    "moved_by",
    "put_back_redirects",
    "run",
    "unfill",
]

FORWARDED = "SELECT coalesce(jsonb_agg(id), '[]') FROM catalog.redirects WHERE target = :gone"


async def run(conn: AsyncConnection, steps: Sequence[str], values: Mapping[str, Any]) -> None:
    for statement in steps:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        await conn.execute(text(statement), used)


def encoded(moved: Any) -> str:
    return msgspec.json.encode(moved).decode()


async def keep(conn: AsyncConnection, edit_id: UUID, moved: Mapping[str, Any]) -> None:
    statement = text("INSERT INTO catalog.merges (edit_id, moved) VALUES (:id, CAST(:moved AS jsonb))")
    await conn.execute(statement, {"id": edit_id, "moved": encoded(moved)})


async def moved_by(conn: AsyncConnection, edit_id: UUID) -> dict[str, Any] | None:
    """None for merges from before they were recorded, and for those that were taken back."""
    statement = text("SELECT moved FROM catalog.merges WHERE edit_id = :id FOR UPDATE")
    found = (await conn.execute(statement, {"id": edit_id})).scalar_one_or_none()
    return msgspec.json.decode(found, type=dict[str, Any]) if found is not None else None


async def forget(conn: AsyncConnection, edit_id: UUID) -> None:
    await conn.execute(text("DELETE FROM catalog.merges WHERE edit_id = :id"), {"id": edit_id})


async def later_merge(conn: AsyncConnection, edit_id: UUID, subject: UUID) -> bool:
    """Whether something else was merged into the same since and is still part of it."""
    statement = text(
        "SELECT EXISTS (SELECT FROM catalog.edits e JOIN catalog.merges m ON m.edit_id = e.id "
        "WHERE e.subject = :subject AND e.id > :id)"
    )
    return bool((await conn.execute(statement, {"id": edit_id, "subject": subject})).scalar_one())


async def fill(
    conn: AsyncConnection, table: str, columns: Sequence[str], row: Mapping[str, Any], into: UUID
) -> dict[str, Any]:
    """What the other lacks it gets of the row that goes. Answers what each of these columns said before, and now."""
    said = ", ".join(f"'{name}', jsonb_build_array(old.{name}, new.{name})" for name in columns)
    told = ", ".join(
        f"{name} = CASE WHEN coalesce(to_jsonb(t.{name}), 'null') IN ('null', '\"\"') THEN g.{name} ELSE t.{name} END"
        for name in columns
    )
    statement = text(
        f"UPDATE catalog.{table} t SET {told}, version = t.version + 1 "
        f"FROM jsonb_populate_record(NULL::catalog.{table}, CAST(:row AS jsonb)) g "
        f"WHERE t.id = :into RETURNING jsonb_build_object({said})"
    )
    found = (await conn.execute(statement, {"row": encoded(row), "into": into})).scalar_one()
    return msgspec.json.decode(found, type=dict[str, Any])


async def bring_back(conn: AsyncConnection, table: str, row: Mapping[str, Any]) -> None:
    """The row as it was, but for counts, which its works bring along."""
    statement = text(
        f"INSERT INTO catalog.{table} SELECT r.* "
        f"FROM jsonb_populate_record(NULL::catalog.{table}, CAST(:row AS jsonb)) AS r"
    )
    counts = {name: 0 for name in ("track_count", "duration_ms") if name in row}
    await conn.execute(statement, {"row": encoded({**row, **counts, "version": row["version"] + 1})})


async def ask(conn: AsyncConnection, statement: str, **values: Any) -> Any:
    """One value of JSON."""
    return msgspec.json.decode((await conn.execute(text(statement), values)).scalar_one())


async def unfill(conn: AsyncConnection, table: str, filled: Mapping[str, Any], into: UUID) -> None:
    """Where it still says what it got."""
    names = [name for name, (before, after) in filled.items() if before != after]
    told = "".join(
        f", {name} = CASE WHEN to_jsonb(t.{name}) = w.was -> '{name}' "
        f"THEN (jsonb_populate_record(NULL::catalog.{table}, w.had)).{name} ELSE t.{name} END"
        for name in names
    )
    statement = text(
        f"UPDATE catalog.{table} t SET version = t.version + 1{told} "
        "FROM (SELECT CAST(:had AS jsonb) AS had, CAST(:was AS jsonb) AS was) w WHERE t.id = :into"
    )
    had, was = ({name: filled[name][side] for name in names} for side in (0, 1))
    await conn.execute(statement, {"into": into, "had": encoded(had), "was": encoded(was)})


async def put_back_redirects(conn: AsyncConnection, gone: UUID, into: UUID, forwarded: Sequence[str]) -> None:
    """What led to it leads to it again."""
    await conn.execute(text("DELETE FROM catalog.redirects WHERE id = :gone"), {"gone": gone})
    statement = text("UPDATE catalog.redirects SET target = :gone WHERE target = :into AND id = ANY (:ids)")
    await conn.execute(statement, {"gone": gone, "into": into, "ids": [UUID(row_id) for row_id in forwarded]})
