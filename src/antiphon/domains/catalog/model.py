"""The catalogue's shapes and rules: what a person sees, what a person may ask for. No I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.kit.text import search_key

__all__ = [
    "IGNORED_ARTICLES",
    "MANAGER_KINDS",
    "Album",
    "AlbumCard",
    "AlbumKind",
    "AlbumRef",
    "Alias",
    "Applicant",
    "Approval",
    "ApprovalRule",
    "Artist",
    "ArtistCredit",
    "ArtistKind",
    "ArtistRef",
    "ArtistStats",
    "Credit",
    "FullArtist",
    "FullTrack",
    "Genre",
    "GenreNode",
    "Image",
    "Isrc",
    "Link",
    "Loudness",
    "Manager",
    "ManagerChoice",
    "ManagerKind",
    "Membership",
    "NewAlbum",
    "NewArtist",
    "Precision",
    "ProcessingError",
    "Progress",
    "Refusal",
    "TakenDown",
    "Text",
    "Title",
    "Track",
    "TrackStats",
    "Upc",
    "Url",
    "WaitingArtist",
    "sort_key",
    "without_article",
]

ManagerKind = Literal["owner", "manager", "label"]
MANAGER_KINDS: tuple[ManagerKind, ...] = ("owner", "manager", "label")
Approval = Literal["waiting", "approved", "refused"]
ApprovalRule = Literal["open", "required"]
AlbumKind = Literal[
    "album",
    "ep",
    "single",
    "compilation",
    "live",
    "remix",
    "soundtrack",
    "mixtape",
    "demo",
    "spoken",
    "audiobook",
    "broadcast",
    "other",
]
ArtistKind = Literal["", "person", "group", "orchestra", "choir", "character", "other"]
Precision = Literal["year", "month", "day"]
TrackStatus = Literal["processing", "ready", "failed"]
Title = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(max_length=5000)]
Isrc = Annotated[str, Meta(pattern=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Upc = Annotated[str, Meta(pattern=r"^[0-9]{8,14}$")]


# As Subsonic's apps are told too; what is left out of an order stands at the end of no name.
IGNORED_ARTICLES = ("The", "El", "La", "Los", "Las", "Le", "Les")
_ARTICLES = tuple(f"{article.lower()} " for article in IGNORED_ARTICLES)


def sort_key(name: str) -> str:
    """Where a name stands in a list: its search key without a leading article."""
    return without_article(search_key(name))


def without_article(key: str) -> str:
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


class Link(msgspec.Struct, frozen=True):
    """A page of the artist elsewhere; `name` is what the link is called."""

    url: Url
    name: Annotated[str, Meta(max_length=100)] = ""


class Alias(msgspec.Struct, frozen=True):
    """Another name of an artist; `language` is a code of ISO 639."""

    name: Title
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")] | None = None


class Membership(msgspec.Struct, frozen=True):
    """Who belongs to a group, or to which group an artist belongs, with the years where they are known."""

    artist: ArtistRef
    role: str
    since_year: int | None
    until_year: int | None


class FullArtist(Artist, frozen=True, kw_only=True):
    """An artist with everything that is known of it. `sort_name` is none where it sorts by its name."""

    sort_name: str | None
    artist_kind: ArtistKind
    disambiguation: str
    mbid: UUID | None
    links: list[Link]
    aliases: list[Alias]
    members: list[Membership]
    member_of: list[Membership]


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
    """`tracks` and `albums` count what may be heard; `parent_id` is the wider genre. None of them inside of a track."""

    id: str
    name: str
    tracks: int | None = None
    parent_id: str | None = None
    albums: int | None = None


class GenreNode(msgspec.Struct, frozen=True):
    """A genre in the tree. `tracks` and `albums` are its own; `aliases` are other names, which are written as it."""

    id: str
    name: str
    aliases: list[str]
    tracks: int
    albums: int
    children: list[GenreNode]


class ArtistCredit(msgspec.Struct, frozen=True):
    """One of those who perform. `name` is how they are credited here, `joined_by` stands before the next."""

    id: str
    name: str
    joined_by: str


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
    artists: list[ArtistCredit]
    version_title: str
    kind: Literal["track"] = "track"


class FullTrack(Track, frozen=True, kw_only=True):
    """A track with everything that is known of it.

    `version_title` says which version it is, such as "live". `publish_at` and `taken_down` are shown to its managers.
    """

    sort_title: str | None
    disc_title: str | None
    bpm: float | None
    musical_key: str | None
    language: str | None
    moods: list[str]
    tags: list[str]
    work: str
    movement: str
    comment: str
    copyright: str
    mbid: UUID | None
    publish_at: datetime | None
    taken_down: TakenDown | None


class TakenDown(msgspec.Struct, frozen=True):
    """Since when nobody hears it, and why."""

    at: datetime
    reason: str


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
    """An album with its tracks and everything that is known of it.

    Dates are whole, with the precision that they are known with. `territories` are countries (ISO 3166) where it may
    be heard; none is everywhere. `publish_at` and `taken_down` are shown to its managers.
    """

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
    artists: list[ArtistCredit]
    sort_title: str | None
    edition: str
    disc_titles: dict[str, str]
    release_precision: Precision
    original_date: date | None
    original_precision: Precision
    catalog_number: str
    compilation: bool
    territories: list[str] | None
    moods: list[str]
    tags: list[str]
    mbid: UUID | None
    release_group_mbid: UUID | None
    publish_at: datetime | None
    taken_down: TakenDown | None
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


class NewAlbum(msgspec.Struct, frozen=True):
    artist_id: str
    title: Title
    album_kind: AlbumKind = "album"
    release_date: date | None = None
    description: Text = ""
    label: Annotated[str, Meta(max_length=300)] = ""
    upc: Upc | None = None
    explicit: bool = False
