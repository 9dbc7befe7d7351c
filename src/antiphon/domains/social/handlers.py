"""When a work is gone, so is what people thought of it."""

from __future__ import annotations

from antiphon.domains.social import api
from antiphon.facts.catalog import AlbumDeleted, ArtistDeleted, TrackDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]


async def forget_work(uow: UnitOfWork, fact: TrackDeleted | AlbumDeleted | ArtistDeleted) -> None:
    await api.forget_works(uow, [fact.subject])


def register(handlers: FactHandlers) -> None:
    handlers.on(TrackDeleted, "social.forget_track", forget_work)
    handlers.on(AlbumDeleted, "social.forget_album", forget_work)
    handlers.on(ArtistDeleted, "social.forget_artist", forget_work)
