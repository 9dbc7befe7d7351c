"""Listens, bookmarks and queues follow a track into another one, and out of it again."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback.api.counting import follow_album
from antiphon.domains.playback.store import merges as store
from antiphon.kit.db import UnitOfWork

__all__ = ["follow_track", "follow_track_back"]


async def follow_track(uow: UnitOfWork, gone: UUID, into: UUID, albums: tuple[UUID | None, UUID | None]) -> None:
    await store.move_track(uow.conn, gone, into)
    await _count(uow, gone, into, albums)


async def follow_track_back(uow: UnitOfWork, gone: UUID, into: UUID, albums: tuple[UUID | None, UUID | None]) -> None:
    await store.move_track_back(uow.conn, gone, into)
    await _count(uow, gone, into, albums)


async def _count(uow: UnitOfWork, gone: UUID, into: UUID, albums: tuple[UUID | None, UUID | None]) -> None:
    await catalog.set_plays(uow, {each: await store.plays_of(uow.conn, each) for each in sorted((gone, into))})
    await follow_album(uow, sorted({album for album in albums if album is not None}))
