"""Albums that are announced before they are public. No I/O."""

from __future__ import annotations

from datetime import datetime

import msgspec

from antiphon.domains.catalog.model.albums import AlbumKind
from antiphon.domains.catalog.model.shared import ArtistRef, Image

__all__ = ["AnnouncedTrack", "Announcement"]


class AnnouncedTrack(msgspec.Struct, frozen=True):
    title: str
    version_title: str
    disc_number: int | None
    track_number: int | None
    explicit: bool


class Announcement(msgspec.Struct, frozen=True):
    """What everybody may know of an album that is planned: no sound, and nothing by which it could be asked for.

    `release_at` may have passed: it goes out once something of it plays.
    """

    id: str
    title: str
    album_kind: AlbumKind
    artist: ArtistRef
    cover: Image | None
    explicit: bool
    release_at: datetime
    track_count: int
    tracks: list[AnnouncedTrack]
