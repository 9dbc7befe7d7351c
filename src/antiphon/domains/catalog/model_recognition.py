"""Works by words that hold in every install: how an archive names them, and which of ours those may mean. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from antiphon.kit.ids import Kind
from antiphon.kit.text import search_key

__all__ = ["CLOSE_MS", "WorkWords", "work_keys", "works_meant"]

CLOSE_MS = 2_000


class WorkWords(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A work beside its id, for installs where it has another. Of an artist, `title` is the name.

    `artist` is the first of them, `version` the version of a track or the edition of an album, `mbid` the id of the
    recording, release or artist at MusicBrainz.
    """

    title: str
    artist: str = ""
    album: str = ""
    version: str = ""
    isrc: str | None = None
    upc: str | None = None
    mbid: UUID | None = None
    duration_ms: int | None = None


def work_keys(words: WorkWords) -> Iterator[tuple[str, str | UUID]]:
    """Works that share none of them are never the same."""
    for name in ("isrc", "upc", "mbid"):
        if said := getattr(words, name):
            yield name, said
    if key := search_key(words.title):
        yield "title", key


def works_meant(kind: Kind, said: WorkWords, known: Mapping[UUID, WorkWords]) -> list[UUID]:
    """None: it is not here. One: that is it. Several: it may be each of them, and nobody guesses.

    A number that the world agrees on goes before names. Of several, those of the same version and album are meant.
    """
    found = [work for work, ours in known.items() if _same_number(said, ours)]
    if not found:
        found = [work for work, ours in known.items() if _same_names(kind, said, ours)]
    return _narrowed(said, known, sorted(found))


def _same_number(said: WorkWords, ours: WorkWords) -> bool:
    pairs = ((said.isrc, ours.isrc), (said.upc, ours.upc), (said.mbid, ours.mbid))
    return any(one and one == other for one, other in pairs)


def _same_names(kind: Kind, said: WorkWords, ours: WorkWords) -> bool:
    title = search_key(said.title)
    if not title or title != search_key(ours.title):
        return False
    others = said.mbid is not None and ours.mbid is not None  # and they differ, or it had been found by them
    if kind is Kind.ARTIST:
        return not others
    artist = search_key(said.artist)
    if not artist or artist != search_key(ours.artist):
        return False
    if kind is Kind.ALBUM:
        return True  # whose releases have an id each
    lengths_known = said.duration_ms is not None and ours.duration_ms is not None
    return not others and lengths_known and abs((said.duration_ms or 0) - (ours.duration_ms or 0)) <= CLOSE_MS


def _narrowed(said: WorkWords, known: Mapping[UUID, WorkWords], found: Sequence[UUID]) -> list[UUID]:
    kept = list(found)
    for name in ("version", "album"):
        if len(kept) > 1 and (wanted := search_key(getattr(said, name))):
            kept = [work for work in kept if search_key(getattr(known[work], name)) == wanted] or kept
    return kept
