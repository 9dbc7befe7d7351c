"""An order of entries by whole numbers with room between them, so that a change writes what it changes. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final
from uuid import UUID

__all__ = ["STEP", "Line"]

STEP: Final = 1 << 32  # between neighbours at the ends; a billion additions fit into 63 bits
ROOM: Final = 1 << 10  # what neighbours have at least after a crowded part was spread


class Line:
    """`ids` in their order. Whoever gets another rank is in `touched`: the crowded neighbours of what was put between
    them too, and nobody else."""

    def __init__(self, ranked: Iterable[tuple[UUID, int]]) -> None:
        pairs = sorted(ranked, key=lambda pair: (pair[1], pair[0]))
        self.ids = [one for one, _ in pairs]
        self.ranks = dict(pairs)
        self.touched: set[UUID] = set()

    @classmethod
    def of(cls, ids: Sequence[UUID]) -> Line:
        line = cls([])
        line.put(ids, 0)
        return line

    def after(self, anchor: UUID | None) -> int | None:
        """The place right behind it, the first for None; None where it is not known."""
        if anchor is None:
            return 0
        return self.ids.index(anchor) + 1 if anchor in self.ranks else None

    def take(self, gone: AbstractSet[UUID]) -> None:
        self.ids = [one for one in self.ids if one not in gone]
        for one in gone:
            self.ranks.pop(one, None)

    def put(self, run: Sequence[UUID], at: int) -> None:
        """Before what stands at place `at` now."""
        self.ids[at:at] = run
        first, last, wider = at, at + len(run), len(run)
        while not self._spread(first, last, 1 if wider == len(run) else ROOM):
            wider = max(8, 2 * wider)
            first, last = max(0, at - wider), min(len(self.ids), at + len(run) + wider)

    def _spread(self, first: int, last: int, room: int) -> bool:
        """Give `ids[first:last]` ranks between their neighbours; False where there is not so much room for each."""
        count = last - first
        low = self.ranks[self.ids[first - 1]] if first else None
        high = self.ranks[self.ids[last]] if last < len(self.ids) else None
        if high is None:
            start, step = (low if low is not None else -STEP), STEP
        elif low is None:
            start, step = high - STEP * (count + 1), STEP
        else:
            start, step = low, (high - low) // (count + 1)
        if step < room:
            return False
        for place in range(first, last):
            one, rank = self.ids[place], start + step * (place - first + 1)
            if self.ranks.get(one) != rank:
                self.ranks[one] = rank
                self.touched.add(one)
        return True
