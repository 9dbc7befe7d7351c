"""The catalogue's shapes and rules: what a person sees, what a person may ask for. No I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from antiphon.kit.text import search_key

__all__ = [
    "IGNORED_ARTICLES",
    "MANAGER_KINDS",
    "Album",
    "AlbumCard",
    "AlbumKind",
    "AlbumRef",
    "Applicant",
    "Approval",
    "ApprovalRule",
    "Artist",
    "ArtistChange",
    "ArtistRef",
    "ArtistStats",
    "ContentChange",
    "Credit",
    "CreditInput",
    "Genre",
    "Image",
    "Loudness",
    "Manager",
    "ManagerChoice",
    "ManagerKind",
    "NewAlbum",
    "NewArtist",
    "ProcessingError",
    "Progress",
    "Refusal",
    "Track",
    "TrackStats",
    "WaitingArtist",
    "sort_key",
]

ManagerKind = Literal["owner", "manager", "label"]
MANAGER_KINDS: tuple[ManagerKind, ...] = ("owner", "manager", "label")
Approval = Literal["waiting", "approved", "refused"]
ApprovalRule = Literal["open", "required"]
AlbumKind = Literal["album", "ep", "single", "compilation"]
TrackStatus = Literal["processing", "ready", "failed"]
Title = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(max_length=5000)]
Isrc = Annotated[str, Meta(pattern=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")]
Upc = Annotated[str, Meta(pattern=r"^[0-9]{8,14}$")]


# As Subsonic's apps are told too; what is left out of an order stands at the end of no name.
IGNORED_ARTICLES = ("The", "El", "La", "Los", "Las", "Le", "Les")
_ARTICLES = tuple(f"{article.lower()} " for article in IGNORED_ARTICLES)


def sort_key(name: str) -> str:
    """Where a name stands in a list: its search key without a leading article."""
    key = search_key(name)
    for article in _ARTICLES:
        if key.startswith(article):
            return key.removeprefix(article)
    return key


class Image(msgspec.Struct, frozen=True):
    """`sizes` maps the longer edge in pixels to a URL; `color` is the dominant colour."""

    color: str
    sizes: dict[str, str]


class Loudness(msgspec.Struct, frozen=True):
    """EBU R128; None where nothing but silence was measured."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    range_lu: float | None


class ArtistRef(msgspec.Struct, frozen=True):
    id: str
    name: str


class AlbumRef(msgspec.Struct, frozen=True):
    id: str
    title: str


class ArtistStats(msgspec.Struct, frozen=True):
    """Published works, and plays of them."""

    albums: int
    tracks: int
    plays: int


class Artist(msgspec.Struct, frozen=True):
    """What is not `approved` is seen by its managers only and publishes nothing; `refused_for` says why."""

    id: str
    name: str
    bio: str
    image: Image | None
    created_at: datetime
    version: int
    editable: bool
    stats: ArtistStats
    approval: Approval
    refused_for: str | None
    kind: Literal["artist"] = "artist"


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    handle: str
    display_name: str


class WaitingArtist(msgspec.Struct, frozen=True, kw_only=True):
    """A profile to be decided about. `tracks` are the drafts that it has by now; `refused_before` is why it was refused
    last time, if it was. `made_by` is None where the person left, or keeps their profile to themselves."""

    id: str
    name: str
    bio: str
    image: Image | None
    asked_at: datetime
    tracks: int
    refused_before: str | None
    made_by: Applicant | None


class Refusal(msgspec.Struct, frozen=True):
    """The artist's managers read the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Genre(msgspec.Struct, frozen=True):
    id: str
    name: str
    tracks: int | None = None


class Credit(msgspec.Struct, frozen=True):
    name: str
    role: str
    artist_id: str | None


class Progress(msgspec.Struct, frozen=True):
    step: str
    percent: int


class ProcessingError(msgspec.Struct, frozen=True):
    code: str
    detail: str


class TrackStats(msgspec.Struct, frozen=True):
    plays: int


class Track(msgspec.Struct, frozen=True):
    id: str
    title: str
    artist: ArtistRef
    album: AlbumRef | None
    disc_number: int | None
    track_number: int | None
    cover: Image | None
    duration_ms: int | None
    explicit: bool
    isrc: str | None
    description: str
    year: int | None
    genres: list[Genre]
    credits: list[Credit]
    status: TrackStatus
    published: bool
    published_at: datetime | None
    renditions_complete: bool
    progress: Progress
    error: ProcessingError | None
    stats: TrackStats
    editable: bool
    version: int
    created_at: datetime
    kind: Literal["track"] = "track"


class AlbumCard(msgspec.Struct, frozen=True):
    id: str
    title: str
    album_kind: AlbumKind
    artist: ArtistRef
    cover: Image | None
    release_date: date | None
    published: bool
    track_count: int
    duration_ms: int
    explicit: bool
    version: int
    editable: bool
    kind: Literal["album"] = "album"


class Album(msgspec.Struct, frozen=True):
    id: str
    title: str
    album_kind: AlbumKind
    artist: ArtistRef
    cover: Image | None
    release_date: date | None
    published: bool
    track_count: int
    duration_ms: int
    explicit: bool
    version: int
    editable: bool
    description: str
    label: str
    upc: str | None
    tracks: list[Track]
    loudness: Loudness | None
    created_at: datetime
    published_at: datetime | None
    kind: Literal["album"] = "album"


class NewArtist(msgspec.Struct, frozen=True):
    name: Title
    bio: Text = ""


class Manager(msgspec.Struct, frozen=True):
    """Somebody who manages an artist: an `owner` also chooses the others, a `label` has the artist on its roster."""

    user_id: str
    kind: ManagerKind
    since: datetime


class ManagerChoice(msgspec.Struct, frozen=True):
    kind: ManagerKind


class ArtistChange(msgspec.Struct, frozen=True):
    """Only what is given changes."""

    name: Title | UnsetType = UNSET
    bio: Text | UnsetType = UNSET


class NewAlbum(msgspec.Struct, frozen=True):
    artist_id: str
    title: Title
    album_kind: AlbumKind = "album"
    release_date: date | None = None
    description: Text = ""
    label: Annotated[str, Meta(max_length=300)] = ""
    upc: Upc | None = None
    explicit: bool = False


class CreditInput(msgspec.Struct, frozen=True):
    name: Title
    role: Annotated[str, Meta(min_length=1, max_length=60)]
    artist_id: str | None = None


class ContentChange(msgspec.Struct, frozen=True):
    """Only what is given changes; a field that the kind of content does not have is refused."""

    title: Title | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    explicit: bool | UnsetType = UNSET
    album_id: str | UnsetType | None = UNSET
    disc_number: Annotated[int, Meta(ge=1, le=999)] | UnsetType | None = UNSET
    track_number: Annotated[int, Meta(ge=1, le=9999)] | UnsetType | None = UNSET
    year: Annotated[int, Meta(ge=1000, le=9999)] | UnsetType | None = UNSET
    isrc: Isrc | UnsetType | None = UNSET
    genres: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=20)] | UnsetType = UNSET
    credits: Annotated[list[CreditInput], Meta(max_length=100)] | UnsetType = UNSET
    album_kind: AlbumKind | UnsetType = UNSET
    release_date: date | UnsetType | None = UNSET
    label: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    upc: Upc | UnsetType | None = UNSET
