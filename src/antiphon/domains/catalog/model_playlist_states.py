"""What playlists were, and what was changed of them. No I/O."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from antiphon.domains.catalog.model_playlists import PlaylistOwner

__all__ = ["SITTING", "PlaylistState", "changed_since"]

SITTING = timedelta(minutes=10)
"""What somebody changes within it counts as one change: the playlist is kept as it was before the first."""


class PlaylistState(msgspec.Struct, frozen=True, kw_only=True):
    """What a playlist was until somebody changed it. `added`, `removed` and `moved` count entries by which what came
    next differs; `renamed` says that its name or its comment did."""

    id: str
    until: datetime
    changed_by: PlaylistOwner | None
    name: str
    track_count: int
    added: int
    removed: int
    moved: int
    renamed: bool


def changed_since(before: Sequence[UUID], after: Sequence[UUID]) -> tuple[int, int, int]:
    """How many entries came, went, and changed places among those that stayed.

    >>> a, b, c = (UUID(int=n) for n in range(3))
    >>> changed_since([a, b], [b, c])
    (1, 1, 0)
    """
    then, now = set(before), set(after)
    stayed = [entry for entry in before if entry in now]
    order = {entry: place for place, entry in enumerate(entry for entry in after if entry in then)}
    return len(now - then), len(then - now), len(stayed) - _longest_rise([order[entry] for entry in stayed])


def _longest_rise(places: Sequence[int]) -> int:
    """The length of the longest run, gaps allowed, that only rises: those that need not have been moved."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)
