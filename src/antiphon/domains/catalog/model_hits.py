"""What a row of a search shows of a work, and no more: made by the dozen with every letter that somebody types."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from antiphon.domains.catalog.model import AlbumKind, AlbumRef, ArtistRef, Image
from antiphon.domains.catalog.model.territories import Because

__all__ = ["AlbumHit", "ArtistHit", "Hits", "TrackHit"]


class ArtistHit(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str
    image: Image | None
    kind: Literal["artist"] = "artist"


class AlbumHit(msgspec.Struct, frozen=True, gc=False):
    """`track_count` is of what is published. `because` says why it is not `playable` for whoever asks."""

    id: str
    title: str
    album_kind: AlbumKind
    artist: ArtistRef
    cover: Image | None
    release_date: date | None
    track_count: int
    explicit: bool
    playable: bool = True
    because: Because | None = None
    kind: Literal["album"] = "album"


class TrackHit(msgspec.Struct, frozen=True, gc=False):
    """A published track. `because` says why it is not `playable` for whoever asks, from where they ask."""

    id: str
    title: str
    version_title: str
    artist: ArtistRef
    album: AlbumRef | None
    cover: Image | None
    duration_ms: int | None
    year: int | None
    explicit: bool
    playable: bool = True
    because: Because | None = None
    kind: Literal["track"] = "track"


class Hits(msgspec.Struct, frozen=True):
    artists: list[ArtistHit]
    albums: list[AlbumHit]
    tracks: list[TrackHit]
