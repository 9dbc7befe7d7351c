"""Facts of the catalogue."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from antiphon.kit.facts import Fact

__all__ = [
    "AlbumDeleted",
    "AlbumPublished",
    "AlbumsMerged",
    "ArtistApproved",
    "ArtistCreated",
    "ArtistDeleted",
    "ArtistsMerged",
    "MergeUndone",
    "PlaylistDeleted",
    "TrackDeleted",
    "TrackMoved",
    "TrackPublished",
    "TracksMerged",
    "WorksEdited",
]


class ArtistCreated(Fact, frozen=True, kw_only=True):
    """Somebody made an artist profile."""

    name: ClassVar[str] = "catalog.artist_created"
    by_user: UUID


class ArtistApproved(Fact, frozen=True, kw_only=True):
    """An artist that had to wait for it may publish from now on, and is seen by everybody."""

    name: ClassVar[str] = "catalog.artist_approved"


class ArtistDeleted(Fact, frozen=True, kw_only=True):
    """An artist profile is gone, its albums and tracks before it."""

    name: ClassVar[str] = "catalog.artist_deleted"


class TrackPublished(Fact, frozen=True, kw_only=True):
    """Everybody can hear the track from now on."""

    name: ClassVar[str] = "catalog.track_published"
    artist_id: UUID
    album_id: UUID | None = None


class TrackMoved(Fact, frozen=True, kw_only=True):
    """The track left an album, came to one, or both."""

    name: ClassVar[str] = "catalog.track_moved"
    from_album: UUID | None
    to_album: UUID | None


class TrackDeleted(Fact, frozen=True, kw_only=True):
    """The track is gone from the catalogue; whoever holds something for it lets go."""

    name: ClassVar[str] = "catalog.track_deleted"
    artist_id: UUID
    album_id: UUID | None = None


class AlbumPublished(Fact, frozen=True, kw_only=True):
    """Everybody can see the album from now on."""

    name: ClassVar[str] = "catalog.album_published"
    artist_id: UUID


class AlbumDeleted(Fact, frozen=True, kw_only=True):
    """The album is gone; its tracks stay or were deleted before."""

    name: ClassVar[str] = "catalog.album_deleted"
    artist_id: UUID


class PlaylistDeleted(Fact, frozen=True, kw_only=True):
    """The playlist is gone; its tracks are where they were."""

    name: ClassVar[str] = "catalog.playlist_deleted"


class ArtistsMerged(Fact, frozen=True, kw_only=True):
    """The artist is another one from now on; whoever holds something for it holds it for that."""

    name: ClassVar[str] = "catalog.artists_merged"
    into: UUID


class AlbumsMerged(Fact, frozen=True, kw_only=True):
    """The album is another one from now on, its tracks with it; whoever holds something for it holds it for that."""

    name: ClassVar[str] = "catalog.albums_merged"
    into: UUID


class TracksMerged(Fact, frozen=True, kw_only=True):
    """The track is another one from now on. It keeps its files, out of sight; what people made of it goes over."""

    name: ClassVar[str] = "catalog.tracks_merged"
    into: UUID
    from_album: UUID | None
    to_album: UUID | None


class MergeUndone(Fact, frozen=True, kw_only=True):
    """What had become part of another work is one of its own again. Albums are those of tracks."""

    name: ClassVar[str] = "catalog.merge_undone"
    kind: str
    apart_from: UUID
    from_album: UUID | None = None
    to_album: UUID | None = None


class WorksEdited(Fact, frozen=True, kw_only=True):
    """Somebody wrote these fields of works of one kind. The subject is the edit, or what made several of them."""

    name: ClassVar[str] = "catalog.works_edited"
    kind: Literal["artist", "album", "track", "genre"]
    works: tuple[UUID, ...]
    fields: tuple[str, ...]
