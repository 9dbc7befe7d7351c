"""Which track a line of a playlist file means. Pure rules; the store finds who may be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal
from urllib.parse import unquote
from uuid import UUID

import msgspec

from antiphon.domains.catalog.playlist_formats import PlaylistItem
from antiphon.kit.text import search_key

__all__ = ["MOST_CANDIDATES", "Candidate", "Match", "Sureness", "file_names", "match", "title_keys"]

Sureness = Literal["sure", "likely", "none"]
MOST_CANDIDATES = 5
_CLOSE_MS = 3_000
# "(Remastered 2011)", "[Live]", " - 2009 Remaster": said in one place and not in another.
_ASIDE = re.compile(
    r"\s*[(\[][^()\[\]]*[)\]]\s*$|\s+-\s+(?:\d{4}\s+)?(?:re)?master(?:ed)?(?:\s+\d{4})?$", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\d{1,3}(?:\s*[-._]\s*|\s+)(?=\S)")


class Candidate(msgspec.Struct, frozen=True):
    """A track that a line may mean. `path` is under its library; empty for what was uploaded."""

    id: UUID
    title_key: str
    artist_key: str
    duration_ms: int | None
    isrc: str | None
    path: str


class Match(msgspec.Struct, frozen=True):
    """`candidates` are the best few, the best first."""

    sureness: Sureness
    candidates: list[UUID]


def _parts(path: str) -> list[str]:
    return [part.casefold() for part in path.split("/") if part not in ("", ".", "..")]


def file_names(location: str) -> list[str]:
    """How the file may be called: as it stands, and as a URL would mean it. None for what lies in the net."""
    if not location or "://" in location[:20]:
        return []
    name = location.rpartition("/")[2]
    return list(dict.fromkeys(part.lower() for part in (name, unquote(name)) if part))


def title_keys(item: PlaylistItem) -> list[str]:
    """Search keys that the title may have: as it stands and without what is said in brackets; the file's name where
    there is no title."""
    title = item.title
    if not title and item.location and "://" not in item.location[:20]:
        stem = item.location.rpartition("/")[2]
        title = _NUMBERED.sub("", unquote(stem.rpartition(".")[0] or stem)).rpartition(" - ")[2]
    keys = (search_key(title), search_key(_ASIDE.sub("", title)))
    return list(dict.fromkeys(key for key in keys if key))


def _shared(location: str, path: str) -> int:
    """How many last parts of the two paths are the same."""
    best = 0
    for written in (location, unquote(location)):
        count = 0
        for ours, theirs in zip(reversed(_parts(path)), reversed(_parts(written)), strict=False):
            if ours != theirs:
                break
            count += 1
        best = max(best, count)
    return best


def _points(item: PlaylistItem, candidate: Candidate) -> int:
    """Of 100; from 60 on it is likely, from 80 on sure."""
    if item.isrc and candidate.isrc == item.isrc:
        return 100
    known = item.duration_ms is not None and candidate.duration_ms is not None
    close = known and abs((item.duration_ms or 0) - (candidate.duration_ms or 0)) <= _CLOSE_MS
    points = 0
    shared = _shared(item.location, candidate.path) if candidate.path else 0
    if shared:
        points = 85 if shared >= min(3, len(_parts(item.location))) and shared > 1 else 50 + 10 * shared
    keys = title_keys(item)
    if candidate.title_key in keys:
        named = 55 if candidate.title_key == keys[0] else 45
        artist = search_key(item.artist)
        if artist and artist == candidate.artist_key:
            named += 25
        elif artist and candidate.artist_key and (artist in candidate.artist_key or candidate.artist_key in artist):
            named += 10
        elif artist:
            named -= 30
        points = max(points, named)
    if known and points:
        points += 10 if close else -20
    return max(0, min(100, points))


def match(item: PlaylistItem, candidates: Sequence[Candidate]) -> Match:
    """Sure of nothing that two tracks fit as well."""
    rated = {candidate.id: _points(item, candidate) for candidate in candidates}
    ranked = sorted((one for one in rated if rated[one] >= 30), key=lambda one: (-rated[one], one))
    if not ranked or rated[ranked[0]] < 50:
        return Match("none", ranked[:MOST_CANDIDATES])
    best = rated[ranked[0]]
    alone = len(ranked) == 1 or rated[ranked[1]] < best
    return Match("sure" if best >= 80 and alone else "likely", ranked[:MOST_CANDIDATES])
