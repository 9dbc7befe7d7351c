"""Rows that point at one thing are made to point at another, and back again: with a trail in each of them.

A row's `merged` is a stack. Where the row moved, its entry names the thing that it pointed at. Where its owner had a
row at both things, the entry also holds the row that was given up for the one that stays, and what that one said
before. Whoever goes back takes the last entry away first, so moves are taken back in the opposite order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["Pointer", "move", "move_back"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column of a table that has a `merged`.

    `owner`: columns that have one row a thing. `folded`: what the row that stays (`t`) says from then on, where it
    should learn of the one that goes (`g`).
    """

    table: str
    column: str
    owner: tuple[str, ...] = ()
    folded: Mapping[str, str] = field(default_factory=dict)


async def move(conn: AsyncConnection, pointer: Pointer, gone: UUID, into: UUID) -> None:
    both = {"gone": gone, "into": into}
    if pointer.owner:
        await conn.execute(text(_absorb(pointer)), both)
    moved = (
        f"UPDATE {pointer.table} SET {pointer.column} = :into, merged = coalesce(merged, '[]') || "
        f"jsonb_build_array(jsonb_build_object('from', CAST(:gone AS uuid))) WHERE {pointer.column} = :gone"
    )
    await conn.execute(text(moved), both)


async def move_back(conn: AsyncConnection, pointer: Pointer, gone: UUID, into: UUID) -> None:
    """What still stands: rows that were deleted since do not come back, and what was said since stays said."""
    both = {"gone": gone, "into": into}
    if pointer.owner:
        await conn.execute(text(_release(pointer)), both)
    back = (
        f"UPDATE {pointer.table} SET {pointer.column} = :gone, merged = nullif(merged - -1, '[]') "
        f"WHERE {pointer.column} = :into AND {_LAST}"
    )
    await conn.execute(text(back), both)


_LAST = "merged -> -1 ->> 'from' = CAST(CAST(:gone AS uuid) AS text)"


def _absorb(pointer: Pointer) -> str:
    same = " AND ".join(f"t.{name} = g.{name}" for name in pointer.owner)
    own = ", ".join(f"'{name}', t.{name}" for name in pointer.folded)
    made = ", ".join(f"'{name}', {said}" for name, said in pointer.folded.items())
    told = "".join(f", {name} = {said}" for name, said in pointer.folded.items())
    return f"""
        WITH g AS (
            DELETE FROM {pointer.table} g USING {pointer.table} t
            WHERE g.{pointer.column} = :gone AND t.{pointer.column} = :into AND {same} RETURNING g.*
        )
        UPDATE {pointer.table} t SET merged = coalesce(t.merged, '[]') || jsonb_build_array(jsonb_build_object(
            'from', CAST(:gone AS uuid), 'row', to_jsonb(g), 'own', jsonb_build_object({own}),
            'made', jsonb_build_object({made}))){told}
        FROM g WHERE t.{pointer.column} = :into AND {same}
    """


def _release(pointer: Pointer) -> str:
    said = "".join(
        f", {name} = CASE WHEN to_jsonb(t.{name}) = t.merged -> -1 -> 'made' -> '{name}' "
        f"THEN (jsonb_populate_record(NULL::{pointer.table}, t.merged -> -1 -> 'own')).{name} ELSE t.{name} END"
        for name in pointer.folded
    )
    return f"""
        WITH kept AS (
            UPDATE {pointer.table} t SET merged = nullif(t.merged - -1, '[]'){said}
            WHERE t.{pointer.column} = :into AND t.{_LAST} AND t.merged -> -1 ? 'row'
            RETURNING old.merged -> -1 -> 'row' AS gone
        )
        INSERT INTO {pointer.table}
        SELECT r.* FROM kept, jsonb_populate_record(NULL::{pointer.table}, kept.gone) AS r ON CONFLICT DO NOTHING
    """
