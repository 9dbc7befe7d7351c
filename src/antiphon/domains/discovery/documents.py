"""A published work, or a person, as the document that an index keeps. No I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

from antiphon.domains.catalog.api import IndexedWork
from antiphon.domains.discovery.folding import endings, key, keys, tokens
from antiphon.domains.discovery.ports import Document, Kind

__all__ = ["document_of", "documents_of", "weight"]

# What moves a score, at most by a fifth in all: less than lies between two ways of fitting.
POPULAR, RECENT, SHORT = 0.12, 0.03, 0.05
_PLAYS_OF_A_HIT = 6.0  # as a power of ten
_BEGINNING, _SPAN_DAYS = datetime(2000, 1, 1, tzinfo=UTC), 18_000


def documents_of(kind: Kind, work: IndexedWork) -> list[Document]:
    """One, but of lyrics one for each line; `part` is then its place."""
    if kind != "lyrics":
        return [document_of(kind, work)]
    heavy = weight(work.plays, work.since, 8)
    return [
        Document(kind=kind, id=work.id, title=found, libraries=work.libraries, weight=heavy, part=place)
        for place, line in enumerate(work.lines)
        if (found := tokens(line))
    ]


def document_of(kind: Kind, work: IndexedWork) -> Document:
    title = tokens(*work.names)
    return Document(
        kind=kind,
        id=work.id,
        title=title,
        beside=tuple(dict.fromkeys(chain.from_iterable(map(_beside, work.beside)))),
        keys=keys(work.names[0]) if len(work.names) == 1 else _keys(work.names),
        endings=endings(title),
        libraries=work.libraries,
        weight=weight(work.plays, work.since, len(title)),
        genres=work.genres,
        moods=work.moods,
        year=work.year,
        bpm=round(work.bpm) if work.bpm else None,
        key=work.key,
        duration_s=work.duration_ms // 1000 if work.duration_ms is not None else None,
        format=work.format,
    )


def _keys(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in names for one in keys(name)))


@lru_cache(1 << 14)  # an artist and an album stand beside each of their tracks
def _beside(name: str) -> tuple[str, ...]:
    """Its words, and all of it as one where people may write it so."""
    joined = key(name) if name.count(" ") in {1, 2} else ""
    return (*tokens(name), joined) if joined else tokens(name)


def weight(plays: int, since: datetime, words: int) -> float:
    """1 to 1.2. Plays count by their power of ten; what came later is ahead of what came before, on one scale for all
    times, so that no day makes an index old; a short name is closer to the words that were asked for."""
    popular = min(1.0, math.log10(1 + plays) / _PLAYS_OF_A_HIT)
    recent = min(1.0, max(0.0, (since - _BEGINNING).days / _SPAN_DAYS))
    return 1.0 + POPULAR * popular + RECENT * recent + SHORT / max(1, words)
