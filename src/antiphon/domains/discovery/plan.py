"""How far the words are stretched until something fits: as they are, nearly, or some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from antiphon.domains.discovery.ports import SCORES, Ask, Found, Kind, Reach, SearchIndex

__all__ = ["Results", "look"]

ENOUGH = 3  # with fewer hits of words that are only begun, what is near is looked for too
NO_SLIP = 6  # letters: whatever begins with so many is what is being typed


@dataclass(frozen=True, slots=True)
class Results:
    """`reach` says how far the words had to be stretched; `ask` is what was asked in the end, None for no words."""

    found: Mapping[Kind, Found]
    reach: Reach
    ask: Ask | None

    def ids(self, kind: Kind) -> list[UUID]:
        return [hit.id for hit in self.found[kind].hits] if kind in self.found else []


async def look(index: SearchIndex, ask: Ask) -> Results:
    """Wrong letters cost time, and are looked for only where hardly anything has the words as they are."""
    found = await index.find(ask)
    if _enough(ask, found):
        return Results(found, "words", ask)
    for wider in await _wider(index, ask):
        if wider.reach == "some" and _total(found):
            break
        wider_found = await index.find(wider)
        if _total(wider_found) > _total(found):
            return Results(wider_found, wider.reach, wider)
    return Results(found, "words", ask)


async def _wider(index: SearchIndex, ask: Ask) -> list[Ask]:
    """What is tried in turn. Words that something has are taken to be right, unless all of them are."""
    known = await index.known([word.whole for word in ask.words if word.typos])
    suspect = any(word.typos and word.whole not in known for word in ask.words)
    words = tuple(replace(word, typos=0) if suspect and word.whole in known else word for word in ask.words)
    once = tuple(replace(word, typos=min(word.typos, 1)) for word in words)
    tried = [replace(ask, words=once, reach="near")]
    if words != once:
        tried.append(replace(ask, words=words, reach="near"))
    if len(ask.words) > 1:
        tried.append(replace(ask, reach="some"))
    return tried


def _total(found: Mapping[Kind, Found]) -> int:
    return sum(one.total for one in found.values())


def _enough(ask: Ask, found: Mapping[Kind, Found]) -> bool:
    """Either something has all the words as they are, or it has begun ones: several things, or one where so much was
    typed that it is no slip."""
    best = max((one.best for one in found.values()), default=0.0)
    wanted = 1 if len(ask.key) >= NO_SLIP else ENOUGH
    return best >= SCORES.beside_in_short or _total(found) >= wanted
