"""When works move or go, what people heard of them follows."""

from __future__ import annotations

from antiphon.domains.playback import api
from antiphon.facts.catalog import AlbumDeleted, AlbumsMerged, MergeUndone, TrackDeleted, TrackMoved, TracksMerged
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]


async def follow_move(uow: UnitOfWork, fact: TrackMoved) -> None:
    await api.follow_album(uow, [album for album in (fact.from_album, fact.to_album) if album is not None])


async def follow_merge(uow: UnitOfWork, fact: AlbumsMerged) -> None:
    await api.follow_album(uow, [fact.subject, fact.into])


async def follow_track(uow: UnitOfWork, fact: TracksMerged) -> None:
    await api.follow_track(uow, fact.subject, fact.into, (fact.from_album, fact.to_album))


async def follow_undone(uow: UnitOfWork, fact: MergeUndone) -> None:
    if fact.kind == "album":
        await api.follow_album(uow, [fact.subject, fact.apart_from])
    if fact.kind == "track":
        await api.follow_track_back(uow, fact.subject, fact.apart_from, (fact.from_album, fact.to_album))


async def forget_track(uow: UnitOfWork, fact: TrackDeleted) -> None:
    await api.forget_track(uow, fact.subject, fact.album_id)


async def forget_album(uow: UnitOfWork, fact: AlbumDeleted) -> None:
    await api.forget_album(uow, fact.subject)


def register(handlers: FactHandlers) -> None:
    handlers.on(TrackMoved, "playback.follow_move", follow_move)
    handlers.on(AlbumsMerged, "playback.follow_merge", follow_merge)
    handlers.on(TrackDeleted, "playback.forget_track", forget_track)
    handlers.on(AlbumDeleted, "playback.forget_album", forget_album)
    handlers.on(TracksMerged, "playback.follow_track", follow_track)
    handlers.on(MergeUndone, "playback.follow_undone", follow_undone)
