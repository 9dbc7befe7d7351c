"""What somebody likes and plays often stands first among what fits as well. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from antiphon.domains.discovery.plan import Results
from antiphon.domains.discovery.ports import SCORES, Found, Hit, Kind, Page

__all__ = ["OWN_KINDS", "fondness", "in_window", "order_on_page", "own_first", "widened"]

OWN_KINDS: tuple[Kind, ...] = ("artist", "album", "track")
WINDOW = 20  # so many of a kind, from the best on, may change places
OWN = 0.2  # of a score: as much as everything that makes a thing heavy for everybody
OFTEN = 20  # plays; more say no more
HEAVIEST = 1.2
_WAYS = (
    SCORES.name,
    SCORES.title,
    SCORES.beside,
    SCORES.beside_in_short,
    SCORES.name_begun,
    SCORES.title_begun,
    SCORES.beside_begun,
)


def fondness(*, liked: bool, plays: int) -> float:
    """0 to 1; a like is half of it."""
    return 0.5 * liked + 0.5 * min(1.0, math.log1p(plays) / math.log1p(OFTEN))


def widened(kind: Kind, page: Page) -> Page:
    """The same page and the whole window, where the page begins in it: what changes places may come from below."""
    if kind not in OWN_KINDS or page.offset >= WINDOW:
        return page
    return Page(max(WINDOW, page.offset + page.limit))


def in_window(results: Results, pages: Mapping[Kind, Page]) -> list[UUID]:
    """Whose places may change. None where letters were wrong: there nothing fits as well as something else."""
    if results.reach == "near":
        return []
    return [hit.id for kind in OWN_KINDS if _begins_in(pages, kind) for hit in results.found[kind].hits[:WINDOW]]


def own_first(results: Results, pages: Mapping[Kind, Page], fond: Mapping[UUID, float]) -> Results:
    """Of the widened pages the ones that were asked for."""
    found: dict[Kind, Found] = dict(results.found)
    for kind, page in pages.items():
        if _begins_in(pages, kind):
            hits = found[kind].hits
            if fond:
                hits = (*_sorted(hits[:WINDOW], fond), *hits[WINDOW:])
            found[kind] = replace(found[kind], hits=hits[page.offset : page.offset + page.limit])
    return replace(results, found=found)


def order_on_page(results: Results, kind: Kind, offset: int, fond: Mapping[UUID, float]) -> list[UUID]:
    """The ids of a page as it was found, for whoever knows of what is on it only: nothing comes from below."""
    hits, room = results.found[kind].hits, max(0, WINDOW - offset)
    if results.reach == "near":
        return [hit.id for hit in hits]
    return [*(hit.id for _, _, hit in _raised(hits[:room], fond)), *(hit.id for hit in hits[room:])]


def _begins_in(pages: Mapping[Kind, Page], kind: Kind) -> bool:
    return kind in OWN_KINDS and kind in pages and pages[kind].offset < WINDOW


def _sorted(hits: tuple[Hit, ...], fond: Mapping[UUID, float]) -> list[Hit]:
    """A score is raised within its way of fitting only, so that it also compares with those of other kinds."""
    return [replace(hit, score=max(hit.score, min(score, way * HEAVIEST))) for way, score, hit in _raised(hits, fond)]


def _raised(hits: tuple[Hit, ...], fond: Mapping[UUID, float]) -> list[tuple[float, float, Hit]]:
    """(way, score as it counts for this person, hit), the best first."""
    raised = [(_way_of(hit.score), hit.score * (1 + OWN * fond.get(hit.id, 0.0)), hit) for hit in hits]
    raised.sort(key=lambda one: one[:2], reverse=True)
    return raised


def _way_of(score: float) -> float:
    """What the way of fitting alone is worth: weights lie between 1 and `HEAVIEST`, ways further apart."""
    return next((way for way in _WAYS if way <= score), 0.0)
