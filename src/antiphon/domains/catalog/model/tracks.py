"""Tracks, as people see them. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.model.genres import Genre
from antiphon.domains.catalog.model.shared import AlbumRef, ArtistCredit, ArtistRef, Image, TakenDown
from antiphon.domains.catalog.model.territories import Because

__all__ = ["Credit", "FullTrack", "Isrc", "ProcessingError", "Progress", "Track", "TrackStats", "TrackStatus"]

TrackStatus = Literal["processing", "ready", "failed"]
Isrc = Annotated[str, Meta(pattern=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")]


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
    """`because` says why it is not `playable` for whoever asks, from where they ask."""

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
    playable: bool = True
    because: Because | None = None
    kind: Literal["track"] = "track"


class FullTrack(Track, frozen=True, kw_only=True):
    """A track with everything that is known of it.

    `version_title` says which version it is, such as "live". `publish_at` and `taken_down` are shown to its managers.
    It is heard where its `territories` (countries, ISO 3166) and those of its album agree, in a country with an embargo
    from that moment on.
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
    territories: list[str] | None = None
    embargoes: dict[str, datetime] = {}
