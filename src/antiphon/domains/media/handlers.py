"""When the catalogue loses something, media lets go of what it held for it."""

from __future__ import annotations

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.store import library, uploads
from antiphon.domains.media.store import sources as store
from antiphon.facts.catalog import (
    AlbumDeleted,
    AlbumsMerged,
    ArtistDeleted,
    ArtistsMerged,
    MergeUndone,
    TrackDeleted,
    TrackMoved,
    TracksMerged,
    WorksEdited,
)
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]

FILES_IN_A_JOB = 100


async def release(uow: UnitOfWork, fact: TrackDeleted | AlbumDeleted | ArtistDeleted) -> None:
    """The bytes go with the next collection, unless something else points at them."""
    await store.release(uow.conn, fact.subject)
    await library.forget_track(uow.conn, fact.subject)


async def remeasure_album(uow: UnitOfWork, fact: TrackDeleted) -> None:
    if fact.album_id is not None:
        uow.defer("media.album_loudness", album_id=str(fact.album_id))


async def remeasure_albums(uow: UnitOfWork, fact: TrackMoved) -> None:
    for album_id in filter(None, (fact.from_album, fact.to_album)):
        uow.defer("media.album_loudness", album_id=str(album_id))


async def hold_pictures(uow: UnitOfWork, fact: ArtistsMerged | AlbumsMerged) -> None:
    """Uploads on their way arrive at the other, and stay there if the merge is undone."""
    await store.hold_pictures(uow.conn, fact.subject, fact.into)
    await uploads.redirect(uow.conn, fact.subject, fact.into)


async def remeasure_merged(uow: UnitOfWork, fact: AlbumsMerged) -> None:
    uow.defer("media.album_loudness", album_id=str(fact.into))


async def remeasure_without(uow: UnitOfWork, fact: TracksMerged) -> None:
    if fact.from_album is not None:
        uow.defer("media.album_loudness", album_id=str(fact.from_album))


async def follow_undone(uow: UnitOfWork, fact: MergeUndone) -> None:
    await store.own_pictures(uow.conn, fact.subject)
    albums = {"album": (fact.subject, fact.apart_from), "track": (fact.to_album,)}.get(fact.kind, ())
    for album_id in filter(None, albums):
        uow.defer("media.album_loudness", album_id=str(album_id))


async def write_files(uow: UnitOfWork, fact: WorksEdited) -> None:
    """A library's files are written one after the other, and never by two at once."""
    for library_id, tracks in (await catalog.tracks_to_write(uow.conn, fact.kind, fact.works)).items():
        for start in range(0, len(tracks), FILES_IN_A_JOB):
            part = [str(track) for track in tracks[start : start + FILES_IN_A_JOB]]
            lock = f"library_tags:{library_id}"
            uow.defer("media.write_tags", lock=lock, kind=fact.kind, fields=list(fact.fields), tracks=part)


def register(handlers: FactHandlers) -> None:
    handlers.on(TrackDeleted, "media.release_track", release)
    handlers.on(AlbumDeleted, "media.release_album", release)
    handlers.on(ArtistDeleted, "media.release_artist", release)
    handlers.on(TrackDeleted, "media.remeasure_album", remeasure_album)
    handlers.on(TrackMoved, "media.remeasure_albums", remeasure_albums)
    handlers.on(ArtistsMerged, "media.move_artist", hold_pictures)
    handlers.on(AlbumsMerged, "media.move_album", hold_pictures)
    handlers.on(AlbumsMerged, "media.remeasure_merged", remeasure_merged)
    handlers.on(TracksMerged, "media.remeasure_without", remeasure_without)
    handlers.on(WorksEdited, "media.write_files", write_files)
    handlers.on(MergeUndone, "media.follow_undone", follow_undone)
