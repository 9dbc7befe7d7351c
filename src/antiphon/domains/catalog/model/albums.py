"""Albums, as people see and make them. No I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.model.shared import ArtistCredit, ArtistRef, Image, Loudness, TakenDown, Text, Title
from antiphon.domains.catalog.model.territories import Because
from antiphon.domains.catalog.model.tracks import Track

__all__ = ["Album", "AlbumCard", "AlbumKind", "NewAlbum", "Precision", "Upc"]

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
Precision = Literal["year", "month", "day"]
Upc = Annotated[str, Meta(pattern=r"^[0-9]{8,14}$")]


class AlbumCard(msgspec.Struct, frozen=True):
    """`because` says why it is not `playable` for whoever asks, from where they ask."""

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
    playable: bool = True
    because: Because | None = None
    kind: Literal["album"] = "album"


class Album(msgspec.Struct, frozen=True):
    """An album with its tracks and everything that is known of it.

    Dates are whole, with the precision that they are known with. `territories` are countries (ISO 3166) where it may
    be heard; none is everywhere; `embargoes` are countries where it is heard from a moment on. `because` says why it is
    not `playable` for whoever asks, from where they ask. `publish_at`, `announced` and `taken_down` are shown to its
    managers.
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
    announced: bool = False
    embargoes: dict[str, datetime] = {}
    playable: bool = True
    because: Because | None = None
    kind: Literal["album"] = "album"


class NewAlbum(msgspec.Struct, frozen=True):
    artist_id: str
    title: Title
    album_kind: AlbumKind = "album"
    release_date: date | None = None
    description: Text = ""
    label: Annotated[str, Meta(max_length=300)] = ""
    upc: Upc | None = None
    explicit: bool = False
