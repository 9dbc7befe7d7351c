"""What a person sees of lists at this moment, and whether all that lists show still reads as it did.

What belongs to one person is asked each time: which things they may see, and what is kept beside those for them. What a
thing says of itself need not be, as long as no transaction that touched such has become visible (`catalog.stirred`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.listed import Listed, What
from antiphon.kit.beside import Beside, Look, around, around_one, by_thing, width
from antiphon.kit.db import rows

__all__ = ["Choice", "Rights", "Seen", "SeenNew", "SeenOne", "forget_stirs", "seen", "seen_new", "seen_one"]

_SINCE, _VIEWER, _GIVEN = "CAST(CAST($1 AS text) AS pg_snapshot)", "CAST($2 AS uuid)", 3
_MOMENT = f"""
    pg_current_snapshot()::text,
    {_SINCE} IS NULL OR EXISTS (
        SELECT FROM catalog.stirred s
        WHERE s.transaction >= pg_snapshot_xmin({_SINCE}) AND NOT pg_visible_in_snapshot(s.transaction, {_SINCE})),
    ARRAY (SELECT open FROM catalog.open_libraries() AS open ORDER BY open),
    ARRAY (SELECT m.artist_id FROM catalog.artist_managers m WHERE m.user_id = {_VIEWER} ORDER BY m.artist_id)
"""

# The libraries that are open to somebody, and the artists they manage: who has the same sees the same of a thing.
Rights: TypeAlias = tuple[tuple[UUID, ...], tuple[UUID, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Of `what` those in the place `of`, by one of the clauses of `listed`; without one, those of the ids `of`."""

    what: What
    beside: tuple[Beside, ...]
    of: UUID | list[UUID]
    where: str | None = None


class Seen(NamedTuple):
    """`snapshot`: of this answer, to be given as `since` of a later one. `stirred`: something may say something else
    than it did `since`. `ids`: of each choice, in order, repeats too; `beside` what is kept of them."""

    snapshot: str
    stirred: bool
    rights: Rights
    ids: list[list[UUID]]
    beside: list[dict[UUID, list[Any]]]


class SeenNew(NamedTuple):
    """As `Seen`, of a single choice: `ids` are those of the things at hand that the person sees, in no order, `listed`
    is all that there is to say of the others."""

    snapshot: str
    stirred: bool
    rights: Rights
    ids: list[UUID]
    beside: dict[UUID, list[Any]]
    listed: Listed


class SeenOne(NamedTuple):
    """As `Seen`, with the row of the one thing: its columns, then of each part and of each beside an array of rows."""

    snapshot: str
    stirred: bool
    rights: Rights
    row: list[Any]


async def seen(conn: AsyncConnection, since: str | None, viewer: UUID, choices: Sequence[Choice]) -> Seen:
    statement = _statement(tuple((one.what, one.where, one.beside) for one in choices))
    found = await rows(conn, statement, since, viewer, *(one.of for one in choices))
    snapshot, stirred, libraries, artists, *columns = found[0]
    ids, beside = [], []
    for one in choices:
        ids.append(columns.pop(0))
        kept = width(one.beside)
        beside.append(by_thing(one.beside, columns[:kept]))
        del columns[:kept]
    return Seen(snapshot, stirred, (tuple(libraries), tuple(artists)), ids, beside)


@lru_cache(64)
def _statement(shapes: tuple[tuple[What, str | None, tuple[Beside, ...]], ...]) -> str:
    chosen, columns, tables = [], [_MOMENT], []
    for number, (what, where, beside) in enumerate(shapes):
        which = _chosen(what, where, f"${number + _GIVEN}")
        chosen.append(f"w{number} AS MATERIALIZED (SELECT ARRAY ({which}) AS ids)")
        ids = f"(SELECT ids FROM w{number})"
        kept, of = around(beside, f"CAST({ids} AS uuid[])", _VIEWER, f"k{number}_")
        columns += [ids, kept]
        tables.append(of)
    return f"WITH {', '.join(chosen)} SELECT {', '.join(columns)} FROM {' CROSS JOIN '.join(tables)}"


async def seen_new(
    conn: AsyncConnection, since: str | None, what: What, held: list[UUID], new: list[UUID], look: Look
) -> SeenNew:
    """`held` are at hand, of those is only asked whether they are seen; of `new` everything is read."""
    head, *found = await rows(conn, _statement_of_new(what, look.beside), since, look.viewer, held, new)
    own, kept = width(what.parts), width(look.beside)
    snapshot, stirred, libraries, artists, ids, *columns = head[-5 - own - kept :]
    listed = Listed([row for row in found if row[0] is not None], columns[:own], {})
    beside = by_thing(look.beside, columns[own:])
    return SeenNew(snapshot, stirred, (tuple(libraries), tuple(artists)), ids, beside, listed)


@lru_cache(64)
def _statement_of_new(what: What, beside: tuple[Beside, ...]) -> str:
    """A first row of nothing has at its end what there is to say of all of them."""
    held, new = (f"CAST(${_GIVEN + place} AS uuid[])" for place in (0, 1))
    parts, of_parts = around(what.parts, new, _VIEWER, "p")
    kept, of_kept = around(beside, f"CAST((SELECT {held} || {new}) AS uuid[])", _VIEWER)
    seen = f"ARRAY (SELECT {what.id} FROM {what.table} WHERE {what.id} = ANY ({held}) AND {what.shown})"
    said = ", ".join(part for part in (_MOMENT, seen, parts, kept) if part)
    tables = " CROSS JOIN ".join(part for part in (of_parts, of_kept) if part)
    return f"""
        WITH head AS MATERIALIZED (SELECT {said} {"FROM" if tables else ""} {tables})
        SELECT {what.columns}, head.* FROM unnest(array_prepend(NULL, {new})) WITH ORDINALITY AS wanted(id, place)
        LEFT JOIN ({what.table} {what.joins}) ON {what.id} = wanted.id AND {what.shown}
        LEFT JOIN head ON wanted.place = 1 ORDER BY wanted.place
    """


async def seen_one(conn: AsyncConnection, since: str | None, what: What, thing: UUID, look: Look) -> SeenOne | None:
    """None where the person sees no such thing."""
    found = await rows(conn, _statement_of_one(what, look.beside), since, look.viewer, thing)
    if not found:
        return None
    snapshot, stirred, libraries, artists, *row = found[0]
    return SeenOne(snapshot, stirred, (tuple(libraries), tuple(artists)), row)


@lru_cache(64)
def _statement_of_one(what: What, beside: tuple[Beside, ...]) -> str:
    thing = f"CAST(${_GIVEN} AS uuid)"
    kept = around_one(what.parts + beside, thing, _VIEWER)
    columns = ", ".join(part for part in (_MOMENT, what.columns, kept) if part)
    return f"SELECT {columns} FROM {what.table} {what.joins} WHERE {what.id} = {thing} AND {what.shown}"


def _chosen(what: What, where: str | None, of: str) -> str:
    if where is not None:
        return f"SELECT {what.id} FROM {what.table} WHERE {what.shown} AND {where.format(of=of)}"
    return (
        f"SELECT {what.id} FROM unnest(CAST({of} AS uuid[])) WITH ORDINALITY AS wanted(id, place) "
        f"JOIN {what.table} ON {what.id} = wanted.id WHERE {what.shown} ORDER BY wanted.place"
    )


async def forget_stirs(conn: AsyncConnection, before: datetime) -> None:
    await conn.execute(text("DELETE FROM catalog.stirred WHERE at < :before"), {"before": before})
