"""Works of archives: described so that another install can find them, and found by what was described."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_recognition import WorkWords, work_keys, works_meant
from antiphon.domains.catalog.store import recognition as store
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, kind_of, out, parse
from antiphon.kit.personal import Candidate, Luggage

__all__ = ["Recognized", "SourceWork", "WorkWords", "describe", "recognize"]

_TAKEN_AS = {Kind.ARTIST: "artists", Kind.ALBUM: "albums", Kind.TRACK: "tracks"}
NOT_HERE, SEVERAL = "work_not_here", "work_ambiguous"


@dataclass(frozen=True, slots=True)
class SourceWork:
    """As an archive names it. Those of the first version have no words, or too few to find more than the id does."""

    id: str
    words: WorkWords | None


@dataclass(frozen=True, slots=True)
class Recognized:
    """`id` is ours; where there is none, `reason` says why. `label` is for people, empty where nothing is known."""

    kind: Kind | None
    id: UUID | None
    reason: str
    label: str


async def describe(conn: AsyncConnection, viewer: UUID, kind: Kind, ids: Collection[UUID]) -> dict[UUID, WorkWords]:
    """What the viewer may not see (any more) is left out. One query."""
    return _by_id(await store.words(conn, viewer, kind, ids)) if ids else {}


async def recognize(conn: AsyncConnection, luggage: Luggage, works: Sequence[SourceWork]) -> list[Recognized]:
    """Each in its place: what came with the same archive, else by its id, else by its words.

    Only what the person of the luggage sees here. Three queries a kind, however many works.
    """
    found: dict[str, tuple[UUID | None, str]] = {}
    for kind in _TAKEN_AS:
        found |= await _of_kind(conn, luggage, kind, {work.id: work for work in works if kind_of(work.id) is kind})
    return [_recognized(work, *found.get(work.id, (None, NOT_HERE))) for work in works]


async def _of_kind(
    conn: AsyncConnection, luggage: Luggage, kind: Kind, works: dict[str, SourceWork]
) -> dict[str, tuple[UUID | None, str]]:
    if not works:
        return {}
    taken = await luggage.targets(conn, _TAKEN_AS[kind], list(works))
    ids = taken | {source: known for source in works.keys() - taken.keys() if (known := _parsed(kind, source))}
    here = await store.here(conn, luggage.user_id, kind, set(ids.values()))
    found: dict[str, tuple[UUID | None, str]] = {
        source: (here[known], "") for source, known in ids.items() if known in here
    }
    rest = {source: work.words for source, work in works.items() if source not in found and work.words is not None}
    return found | await _by_words(conn, luggage, kind, rest)


async def _by_words(
    conn: AsyncConnection, luggage: Luggage, kind: Kind, said: dict[str, WorkWords]
) -> dict[str, tuple[UUID | None, str]]:
    if not said:
        return {}
    known = _by_id(await store.may_be_meant(conn, luggage.user_id, kind, list(said.values())))
    shared: dict[tuple[str, str | UUID], dict[UUID, WorkWords]] = defaultdict(dict)
    for work, words in known.items():
        for key in work_keys(words):
            shared[key][work] = words
    found: dict[str, tuple[UUID | None, str]] = {}
    for source, words in said.items():
        alike = {work: ours for key in work_keys(words) for work, ours in shared.get(key, {}).items()}
        match works_meant(kind, words, alike):
            case []:
                found[source] = None, NOT_HERE
            case [one]:
                found[source] = one, ""
            case several:
                found[source] = None, SEVERAL
                luggage.unsure(
                    _TAKEN_AS[kind], source, _label(words), [_candidate(kind, one, known[one]) for one in several]
                )
    return found


def _candidate(kind: Kind, work: UUID, words: WorkWords) -> Candidate:
    return Candidate(
        id=out(kind, work),
        title=words.title,
        artist=words.artist,
        album=words.album,
        version=words.version,
        duration_ms=words.duration_ms,
    )


def _by_id(rows: Iterable[Row[Any]]) -> dict[UUID, WorkWords]:
    return {
        row.id: WorkWords(
            title=row.title,
            artist=row.artist,
            album=row.album,
            version=row.version,
            isrc=row.isrc,
            upc=row.upc,
            mbid=row.mbid,
            duration_ms=row.duration_ms,
        )
        for row in rows
    }


def _parsed(kind: Kind, source: str) -> UUID | None:
    try:
        return parse(kind, source)
    except NotFound:
        return None


def _recognized(work: SourceWork, found: UUID | None, reason: str) -> Recognized:
    return Recognized(kind_of(work.id), found, reason, _label(work.words) if work.words else "")


def _label(words: WorkWords) -> str:
    return " - ".join(name for name in (words.artist, words.title) if name)
