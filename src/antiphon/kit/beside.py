"""What one domain keeps of another's things, looked up for a whole list at once.

The SQL of each stays in the store of its domain; the list only says which ids it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

__all__ = ["Beside", "Look", "around", "around_one", "by_thing", "columns_of_one", "width"]


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each: statements are looked up by them
class Beside:
    """`select` answers (id, values) of those things of which something is kept. In it `{among}` stands behind an id and
    says which are wanted, `= …` or `= ANY (…)`; `{viewer}` is the person who looks. `absent` are the values of all
    others."""

    select: str
    absent: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and what is looked up for them."""

    viewer: UUID
    beside: tuple[Beside, ...]


def around(besides: Sequence[Beside], ids: str, viewer: str, name: str = "k") -> tuple[str, str]:
    """Columns and FROM of one row with all that is kept: of each an array of ids, then arrays of their values. `name`
    begins those of its tables.

    A column of its own for each thing would be a search of its own for each thing.
    """
    columns, tables = [], []
    for place, beside in enumerate(besides):
        names = _names(beside)
        arrays = ", ".join(f"array_agg({one})" for one in names)
        select = _selected(beside, names, f"= ANY ({ids})", viewer)
        tables.append(f"(SELECT {arrays} FROM {select}) AS {name}{place}({', '.join(names)})")
        columns += [f"{name}{place}.{one}" for one in names]
    return ", ".join(columns), " CROSS JOIN ".join(tables)


@lru_cache(64)
def width(besides: tuple[Beside, ...]) -> int:
    """How many columns `around` has for them."""
    return sum(len(beside.absent) + 1 for beside in besides)


def around_one(besides: Sequence[Beside], thing: str, viewer: str) -> str:
    """Columns with all that is kept of a single thing, each an array of rows: half the price of `around`."""
    return ", ".join(_array(beside, thing, viewer) for beside in besides)


def _array(beside: Beside, thing: str, viewer: str) -> str:
    names = _names(beside)
    return f"ARRAY (SELECT ROW ({', '.join(names)}) FROM {_selected(beside, names, f'= {thing}', viewer)})"


def _selected(beside: Beside, names: Sequence[str], among: str, viewer: str) -> str:
    return f"({beside.select.format(among=among, viewer=viewer)}) AS one({', '.join(names)})"


def _names(beside: Beside) -> list[str]:
    return [f"v{n}" for n in range(len(beside.absent) + 1)]


def columns_of_one(besides: Sequence[Beside], arrays: Sequence[Sequence[Any]]) -> list[Any]:
    """What `around_one` found, as `around` would have said it."""
    columns: list[Any] = []
    for beside, found in zip(besides, arrays, strict=True):
        columns += zip(*found, strict=True) if found else (None,) * (len(beside.absent) + 1)
    return columns


def by_thing(besides: Sequence[Beside], row: Sequence[Any]) -> dict[UUID, list[Any]]:
    """The values of all of them in one row, of those things of which anything is kept."""
    absent = [value for beside in besides for value in beside.absent]
    found: dict[UUID, list[Any]] = {}
    column, first = 0, 0
    for beside in besides:
        wide = len(beside.absent)
        if row[column] is not None:
            for thing, *values in zip(*row[column : column + wide + 1], strict=True):
                kept = found.get(thing)
                if kept is None:
                    kept = found[thing] = absent.copy()
                kept[first : first + wide] = values
        column += wide + 1
        first += wide
    return found
