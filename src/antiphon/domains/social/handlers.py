"""When a work is gone, so is what people thought of it; when it became another, they think so of that; who waited for
it likes it once it is public."""

from __future__ import annotations

from antiphon.domains.social import api
from antiphon.domains.social.jobs import KEEP_PRE_SAVED
from antiphon.facts.catalog import (
    AlbumDeleted,
    AlbumPublished,
    AlbumsMerged,
    ArtistDeleted,
    ArtistsMerged,
    MergeUndone,
    TrackDeleted,
    TracksMerged,
)
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]


async def forget_work(uow: UnitOfWork, fact: TrackDeleted | AlbumDeleted | ArtistDeleted) -> None:
    await api.forget_works(uow, [fact.subject])


async def move_work(uow: UnitOfWork, fact: ArtistsMerged | AlbumsMerged | TracksMerged) -> None:
    await api.move_works(uow, fact.subject, fact.into)


async def move_work_back(uow: UnitOfWork, fact: MergeUndone) -> None:
    await api.move_works_back(uow, fact.subject, fact.apart_from)


async def keep_pre_saved(uow: UnitOfWork, _fact: AlbumPublished) -> None:
    uow.defer(KEEP_PRE_SAVED, lock="pre_saves")


def register(handlers: FactHandlers) -> None:
    handlers.on(AlbumPublished, "social.keep_pre_saved", keep_pre_saved)
    handlers.on(TrackDeleted, "social.forget_track", forget_work)
    handlers.on(AlbumDeleted, "social.forget_album", forget_work)
    handlers.on(ArtistDeleted, "social.forget_artist", forget_work)
    handlers.on(ArtistsMerged, "social.move_artist", move_work)
    handlers.on(AlbumsMerged, "social.move_album", move_work)
    handlers.on(TracksMerged, "social.move_track", move_work)
    handlers.on(MergeUndone, "social.move_work_back", move_work_back)
