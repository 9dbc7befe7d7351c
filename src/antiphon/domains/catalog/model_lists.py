"""Flat shapes of lists: what one row says of a song, an album, an artist, a folder. Made by the thousand, so they are
filled in the order of their columns. `beside` is what other domains keep of the same thing, where that was looked up
with it. No I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from antiphon.domains.catalog.model import Image

__all__ = [
    "UPLOADS",
    "AlbumListing",
    "AlbumOrder",
    "ArtistListing",
    "CreditListing",
    "FolderListing",
    "GenreListing",
    "LibraryListing",
    "Named",
    "Portrait",
    "SongListing",
    "display_names",
    "index_letter",
]

UPLOADS = UUID(int=0)  # stands where a library would: what people uploaded belongs to none
AlbumOrder = Literal["newest", "title", "artist", "oldest_year", "latest_year"]
_LAST_OF_ALPHABETS = "\u30ff"  # scripts beyond have more letters than an index can show


class Named(msgspec.Struct, frozen=True, gc=False):
    """One of several artists, in their order. `joined_by` stands between this name and the next."""

    id: UUID
    name: str
    joined_by: str


class CreditListing(msgspec.Struct, frozen=True, gc=False):
    role: str
    name: str
    artist_id: UUID | None


class SongListing(msgspec.Struct, frozen=True):
    """`cover_of`: whose picture is shown, the song's own or its album's. Sizes in bytes, times in milliseconds,
    gains in dB towards -18 LUFS, peaks linear. What is not known is None.
    """

    id: UUID
    title: str
    sort_title: str | None
    album_id: UUID | None
    album_title: str | None
    artist_id: UUID
    artist_name: str
    disc_number: int | None
    track_number: int | None
    year: int | None
    duration_ms: int | None
    explicit: bool
    isrc: str | None
    bpm: float | None
    comment: str
    mbid: UUID | None
    moods: list[str]
    work: str
    movement: str
    library_id: UUID | None
    folder_id: UUID | None
    published_at: datetime
    cover_of: UUID | None
    path: str | None
    suffix: str | None
    mime: str | None
    bytes: int | None
    bitrate_kbps: int | None
    sample_rate: int | None
    channels: int | None
    bit_depth: int | None
    track_gain: float | None
    track_peak: float | None
    album_gain: float | None
    album_peak: float | None
    genres: list[str]
    artists: list[Named]
    album_artists: list[Named]
    credits: list[CreditListing]
    beside: Sequence[Any] = ()


class AlbumListing(msgspec.Struct, frozen=True):
    """`track_count` and `duration_ms` are of what is published."""

    id: UUID
    title: str
    sort_title: str | None
    edition: str
    kind: str
    artist_id: UUID
    artist_name: str
    cover: bool
    track_count: int
    duration_ms: int
    published_at: datetime
    release_date: date | None
    release_precision: str
    original_date: date | None
    original_precision: str
    compilation: bool
    explicit: bool
    label: str
    mbid: UUID | None
    moods: list[str]
    disc_titles: dict[str, str]
    folder_id: UUID | None
    genres: list[str]
    artists: list[Named]
    beside: Sequence[Any] = ()


class ArtistListing(msgspec.Struct, frozen=True):
    """`albums`: how many published ones whoever asks may hear."""

    id: UUID
    name: str
    sort_name: str | None
    sort_key: str
    disambiguation: str
    mbid: UUID | None
    image: bool
    albums: int
    beside: Sequence[Any] = ()


class FolderListing(msgspec.Struct, frozen=True, gc=False):
    id: UUID
    name: str
    sort_key: str
    parent_id: UUID | None
    library_id: UUID
    cover: bool
    created_at: datetime


class LibraryListing(msgspec.Struct, frozen=True, gc=False):
    """`number` is how Subsonic's apps know it; zero is what people uploaded."""

    id: UUID
    number: int
    name: str


class GenreListing(msgspec.Struct, frozen=True, gc=False):
    id: UUID
    name: str
    songs: int
    albums: int


class Portrait(msgspec.Struct, frozen=True):
    """What is told of a thing, and how it looks."""

    words: str
    mbid: UUID | None
    image: Image | None


def display_names(artists: list[Named]) -> str:
    """As a sleeve has them: "A feat. B"; with commas where nobody said how."""
    if len(artists) == 1:
        return artists[0].name
    last = len(artists) - 1
    return "".join(one.name + ("" if place == last else one.joined_by or ", ") for place, one in enumerate(artists))


def index_letter(sort_key: str) -> str:
    """Under which letter an index shows the name; `#` for what begins with none."""
    first = sort_key[:1]
    return first.upper() if first.isalpha() and first <= _LAST_OF_ALPHABETS else "#"
