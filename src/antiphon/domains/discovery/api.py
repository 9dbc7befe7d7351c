"""The door of discovery: one search for REST and for every other face."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.discovery import own
from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.own import fondness, order_on_page
from antiphon.domains.discovery.plan import Results, look
from antiphon.domains.discovery.ports import Filters, Found, Kind, Page, SearchIndex
from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.kit.db import Database

__all__ = ["Filters", "Finder", "Found", "Kind", "Page", "Results", "fondness", "order_on_page"]

KNOWN_FOR_S = 3.0
PEOPLE_KNOWN = 10_000
EVERYTHING = Filters()
Counts = Mapping[str, Sequence[tuple[str, int]]]


class Finder:
    """Searches of one process. What somebody may search is remembered for seconds: rows are read with the viewer's
    own rights afterwards, so that nothing closed is ever shown; only a count can lag."""

    def __init__(self, db: Database, index: SearchIndex) -> None:
        self._db = db
        self.index = index
        self._open: OrderedDict[UUID | None, tuple[float, tuple[int, ...] | None]] = OrderedDict()

    async def search(
        self,
        viewer: UUID | None,
        text: str,
        pages: Mapping[Kind, Page],
        filters: Filters = EVERYTHING,
        *,
        counted: bool = False,
        own_first: bool = False,
    ) -> Results:
        """The best of each kind that is asked for, by id. Words that are spelt wrong count only where hardly anything
        has them as they are. `counted`: totals are of all that fits. `own_first`: what the viewer likes and plays
        often is ahead of what fits as well."""
        filters = replace(filters, libraries=_both(filters.libraries, await self._libraries(viewer)))
        raising = viewer if own_first else None
        asked = pages if raising is None else {kind: own.widened(kind, page) for kind, page in pages.items()}
        ask = ask_of(text, asked, filters, counted=counted)
        if ask is None:
            return Results({kind: Found() for kind in pages}, "words", None)
        results = await look(self.index, ask)
        if raising is None:
            return results
        return own.own_first(results, pages, await self._fondness(raising, own.in_window(results, pages)))

    async def facets(self, results: Results, kind: Kind, names: Sequence[str]) -> Counts:
        """Counts over everything that was found of one kind."""
        return await self.index.facets(results.ask, kind, names) if results.ask else dict.fromkeys(names, ())

    async def _fondness(self, viewer: UUID, ids: Sequence[UUID]) -> dict[UUID, float]:
        """Of what they like or play. Two look-ups by key, of so many works as may change places."""
        if not ids:
            return {}
        async with self._db.glance(viewer) as conn:
            said = await social.opinions(conn, viewer, ids)
            heard = await playback.heard(conn, viewer, ids)
        liked = {one for one, opinion in said.items() if opinion.liked_at is not None}
        plays = {one: counted.plays for one, counted in heard.items() if counted.plays}
        return {one: own.fondness(liked=one in liked, plays=plays.get(one, 0)) for one in {*liked, *plays}}

    async def _libraries(self, viewer: UUID | None) -> tuple[int, ...] | None:
        now = asyncio.get_running_loop().time()
        known = self._open.get(viewer)
        if known is not None and now - known[0] < KNOWN_FOR_S:
            return known[1]
        async with self._db.glance(viewer) as conn:
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
