"""Planned albums of which everybody may know."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.albums import album, require_editable
from antiphon.domains.catalog.errors import NotAnnounced, NotPlanned
from antiphon.domains.catalog.model import Album, AnnouncedTrack, Announcement
from antiphon.domains.catalog.store import announcements as store
from antiphon.domains.catalog.views import announcement_view
from antiphon.kit.db import UnitOfWork

__all__ = ["announce", "announcement", "announcements", "announcements_of_artist", "hold_announced", "public_albums"]

OF_ARTIST = 20
_tracks = msgspec.json.Decoder(list[tuple[str, str, int | None, int | None, bool]])


def _view(row: Row[Any]) -> Announcement:
    return announcement_view(row, [AnnouncedTrack(*track) for track in _tracks.decode(row.tracks)])


async def announce(uow: UnitOfWork, user_id: UUID, album_id: UUID, *, announced: bool) -> Album:
    """Let everybody know that it is planned, or not (any more). Raises NotFound, NotManager, NotPlanned."""
    await require_editable(uow, user_id, album_id, album=True)
    await store.announce(uow.conn, album_id, announced)
    found = await album(uow.conn, album_id, user_id)
    if announced and not found.announced:
        raise NotPlanned
    return found


async def announcement(conn: AsyncConnection, album_id: UUID) -> Announcement:
    """For the house, on behalf of everybody. Raises NotAnnounced."""
    for row in await store.announced(conn, [album_id]):
        return _view(row)
    raise NotAnnounced


async def announcements(conn: AsyncConnection, album_ids: Collection[UUID]) -> dict[UUID, Announcement]:
    """As `announcement`; what is not announced (any more) is left out."""
    return {row.id: _view(row) for row in await store.announced(conn, album_ids)}


async def announcements_of_artist(conn: AsyncConnection, artist_id: UUID) -> list[Announcement]:
    """As `announcement`; the next first, twenty at the most."""
    return [_view(row) for row in await store.of_artist(conn, artist_id, OF_ARTIST)]


async def hold_announced(conn: AsyncConnection, album_id: UUID) -> None:
    """As `announcement`; it stays unpublished until the end of the transaction. Raises NotAnnounced."""
    if not await store.hold(conn, album_id):
        raise NotAnnounced


async def public_albums(conn: AsyncConnection, album_ids: Collection[UUID]) -> list[UUID]:
    """Those of them that are out."""
    return await store.public(conn, album_ids)
