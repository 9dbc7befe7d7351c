"""The door of discovery: one search for REST and for every other face."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.ports import SCORES, Ask, Filters, Found, Kind, Page, Reach, SearchIndex
from antiphon.kit.db import Database

__all__ = ["Filters", "Finder", "Found", "Kind", "Page", "Results"]

ENOUGH = 3  # with fewer hits of words that are only begun, what is near is looked for too
KNOWN_FOR_S = 3.0
PEOPLE_KNOWN = 10_000
EVERYTHING = Filters()
Counts = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Results:
    """`reach` says how far the words had to be stretched; `ask` is what was asked in the end, None for no words."""

    found: Mapping[Kind, Found]
    reach: Reach
    ask: Ask | None

    def ids(self, kind: Kind) -> list[UUID]:
        return [hit.id for hit in self.found[kind].hits] if kind in self.found else []


class Finder:
    """Searches of one process. What somebody may search is remembered for seconds: rows are read with the viewer's
    own rights afterwards, so that nothing closed is ever shown; only a count can lag."""

    def __init__(self, db: Database, index: SearchIndex) -> None:
        self._db = db
        self.index = index
        self._open: OrderedDict[UUID | None, tuple[float, tuple[int, ...] | None]] = OrderedDict()

    async def search(
        self, viewer: UUID | None, text: str, pages: Mapping[Kind, Page], filters: Filters = EVERYTHING
    ) -> Results:
        """The best of each kind that is asked for, by id. Words that are spelt wrong count only where hardly anything
        has them as they are."""
        filters = replace(filters, libraries=_both(filters.libraries, await self._libraries(viewer)))
        ask = ask_of(text, pages, filters)
        if ask is None:
            return Results({kind: Found() for kind in pages}, "words", None)
        found = await self.index.find(ask)
        if _enough(ask, found):
            return Results(found, "words", ask)
        for wider in await self._wider(ask):
            if wider.reach == "some" and _total(found):
                break
            wider_found = await self.index.find(wider)
            if _total(wider_found) > _total(found):
                return Results(wider_found, wider.reach, wider)
        return Results(found, "words", ask)

    async def _wider(self, ask: Ask) -> list[Ask]:
        """What is tried in turn. Words that something has are taken to be right, unless all of them are."""
        known = await self.index.known([word.whole for word in ask.words if word.typos])
        suspect = any(word.typos and word.whole not in known for word in ask.words)
        words = tuple(replace(word, typos=0) if suspect and word.whole in known else word for word in ask.words)
        once = tuple(replace(word, typos=min(word.typos, 1)) for word in words)
        tried = [replace(ask, words=once, reach="near")]
        if words != once:
            tried.append(replace(ask, words=words, reach="near"))
        if len(ask.words) > 1:
            tried.append(replace(ask, reach="some"))
        return tried

    async def facets(self, results: Results, kind: Kind, names: Sequence[str]) -> Counts:
        """Counts over everything that was found of one kind."""
        return await self.index.facets(results.ask, kind, names) if results.ask else dict.fromkeys(names, ())

    async def _libraries(self, viewer: UUID | None) -> tuple[int, ...] | None:
        now = asyncio.get_running_loop().time()
        known = self._open.get(viewer)
        if known is not None and now - known[0] < KNOWN_FOR_S:
            return known[1]
        async with self._db.seen_by(viewer) as conn:
            numbers = await catalog.open_library_numbers(conn)
        self._open[viewer] = (now, numbers)
        self._open.move_to_end(viewer)
        if len(self._open) > PEOPLE_KNOWN:
            self._open.popitem(last=False)
        return numbers


def _both(wanted: tuple[int, ...] | None, allowed: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Libraries that are in both; None is all of them."""
    if wanted is None or allowed is None:
        return allowed if wanted is None else wanted
    return tuple(number for number in wanted if number in allowed)


def _total(found: Mapping[Kind, Found]) -> int:
    return sum(one.total for one in found.values())


def _enough(ask: Ask, found: Mapping[Kind, Found]) -> bool:
    """Either something has all the words as they are, or some things have begun ones."""
    needed = sum(not word.optional for word in ask.words) or len(ask.words)
    best = max((one.hits[0].score for one in found.values() if one.hits), default=0.0)
    return best >= needed * SCORES.beside or _total(found) >= ENOUGH
