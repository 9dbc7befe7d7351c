"""The shapes and rules of playlists. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from antiphon.domains.catalog.model import Image, Track

__all__ = [
    "MOST_ENTRIES",
    "NewEntries",
    "NewPlaylist",
    "Playlist",
    "PlaylistChange",
    "PlaylistEntries",
    "PlaylistEntry",
    "PlaylistMove",
    "PlaylistOwner",
    "PlaylistTracks",
    "Visibility",
    "places_between",
]

Visibility = Literal["private", "unlisted", "public"]
MOST_ENTRIES = 20_000
MOST_AT_ONCE = 1_000
GAP = 1 << 32
"""Between two neighbours of a list that was written whole: some thirty things can be put at one place before the
list must be spread again, and a bigint still holds two thousand million entries."""

Name = Annotated[str, Meta(min_length=1, max_length=300)]
Comment = Annotated[str, Meta(max_length=5000)]


class PlaylistOwner(msgspec.Struct, frozen=True):
    id: str
    handle: str
    display_name: str


class Playlist(msgspec.Struct, frozen=True, kw_only=True):
    """`track_count` and `duration_ms` are of all entries; `unavailable` says how many of them are not shown to who
    asks, because the tracks are drafts, withdrawn or in a library that is not open to them; None in lists. `covers`
    are those of the first tracks, four at the most; `cover_of` is the track of the first of them. `owner` is None
    where they keep their profile to themselves. One with a `library_id` was made of a file there: whoever hears the
    library sees it, also where it is private otherwise.
    """

    id: str
    name: str
    comment: str
    visibility: Visibility
    owner: PlaylistOwner | None
    covers: list[Image]
    cover_of: str | None
    track_count: int
    duration_ms: int
    unavailable: int | None
    editable: bool
    version: int
    created_at: datetime
    updated_at: datetime
    library_id: str | None = None
    kind: Literal["playlist"] = "playlist"


class PlaylistEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`id` stays the same wherever the entry is moved to. `track` is None where even the playlist's owner may not see
    it; others are not shown such entries."""

    id: str
    track: Track | None
    added_at: datetime


class NewPlaylist(msgspec.Struct, frozen=True):
    name: Name
    comment: Comment = ""
    visibility: Visibility = "private"
    track_ids: Annotated[list[str], Meta(max_length=MOST_AT_ONCE)] = []


class PlaylistChange(msgspec.Struct, frozen=True):
    """Only what is given changes."""

    name: Name | UnsetType = UNSET
    comment: Comment | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET


class NewEntries(msgspec.Struct, frozen=True):
    """Put before the entry `before`, or at the end. The same track may come more than once."""

    track_ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    before: str | None = None


class PlaylistMove(msgspec.Struct, frozen=True):
    """The entries, in this order, before the entry `before`, or at the end."""

    entry_ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    before: str | None = None


class PlaylistEntries(msgspec.Struct, frozen=True):
    entry_ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class PlaylistTracks(msgspec.Struct, frozen=True):
    """What the whole playlist is from now on."""

    track_ids: Annotated[list[str], Meta(max_length=MOST_ENTRIES)]


def places_between(low: int | None, high: int | None, count: int) -> Sequence[int] | None:
    """`count` places in order, above `low` and below `high`; None where they do not fit between the two."""
    if high is None:
        start = 0 if low is None else low
        return range(start + GAP, start + GAP * count + 1, GAP)
    if low is None:
        return range(high - GAP * count, high, GAP)
    step = (high - low) // (count + 1)
    return range(low + step, low + step * count + 1, step) if step > 0 else None
