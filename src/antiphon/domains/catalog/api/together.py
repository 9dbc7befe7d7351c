"""Several works at once, for lists that other domains keep: by ids in, views by id out, what is not seen left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound, ContentNotFound
from antiphon.domains.catalog.model import AlbumCard, Artist, Track
from antiphon.domains.catalog.store import together as store
from antiphon.domains.catalog.views import album_card_view, artist_view, track_view
from antiphon.kit.ids import Kind, kind_of, parse

__all__ = ["HeardTrack", "WorksById", "album_tracks", "heard_by_each", "heard_tracks", "require_seen", "works_by_id"]

_MISSING = {Kind.TRACK: ContentNotFound, Kind.ALBUM: AlbumNotFound, Kind.ARTIST: ArtistNotFound}


@dataclass(frozen=True, slots=True)
class WorksById:
    """What the viewer sees of the ids that were asked for."""

    tracks: dict[UUID, Track] = field(default_factory=dict)
    albums: dict[UUID, AlbumCard] = field(default_factory=dict)
    artists: dict[UUID, Artist] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeardTrack:
    """What counting a listen needs to know."""

    id: UUID
    album_id: UUID | None
    duration_ms: int | None
    published: bool


async def works_by_id(
    conn: AsyncConnection,
    viewer: UUID | None,
    *,
    tracks: Collection[UUID] = (),
    albums: Collection[UUID] = (),
    artists: Collection[UUID] = (),
) -> WorksById:
    """Drafts too, for those who manage them. At most one query a kind."""
    return WorksById(
        {row.id: track_view(row) for row in await store.tracks(conn, viewer, tracks)} if tracks else {},
        {row.id: album_card_view(row) for row in await store.albums(conn, viewer, albums)} if albums else {},
        {row.id: artist_view(row) for row in await store.artists(conn, viewer, artists)} if artists else {},
    )


async def require_seen(conn: AsyncConnection, viewer: UUID | None, content_id: str) -> tuple[Kind, UUID]:
    """What the public id of an artist, album or track names. Raises NotFound where the viewer sees no such work."""
    kind = kind_of(content_id)
    if kind not in _MISSING:
        raise ContentNotFound()
    found = parse(kind, content_id)
    if not await store.is_seen(conn, viewer, kind.name.lower(), found):
        raise _MISSING[kind]()
    return kind, found


async def heard_tracks(conn: AsyncConnection, viewer: UUID | None, track_ids: Collection[UUID]) -> list[HeardTrack]:
    """Those of them that the viewer may hear."""
    return [HeardTrack(*row) for row in await store.heard_tracks(conn, viewer, track_ids)]


async def heard_by_each(
    conn: AsyncConnection, pairs: Collection[tuple[UUID, UUID]]
) -> dict[UUID, dict[UUID, HeardTrack]]:
    """Of each person those of the (person, track) that they may hear; for the house, which counts for many at once."""
    found: dict[UUID, dict[UUID, HeardTrack]] = {person: {} for person, _ in pairs}
    people, tracks = zip(*pairs, strict=True) if pairs else ((), ())
    for person, *track in await store.heard_by_each(conn, people, tracks):
        heard = HeardTrack(*track)
        found[person][heard.id] = heard
    return found


async def album_tracks(conn: AsyncConnection, album_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """(album, track) of all tracks on these albums, drafts too."""
    return [(row.album_id, row.id) for row in await store.album_tracks(conn, album_ids)]
