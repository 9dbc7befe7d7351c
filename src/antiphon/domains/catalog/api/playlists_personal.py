"""Playlists as personal data. Apart from the catalogue's other things, because tracks come with their files first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.playlists import make_playlist
from antiphon.domains.catalog.api.recognition import SourceWork, WorkWords, describe, recognize
from antiphon.domains.catalog.model_playlists import MOST_ENTRIES, NewPlaylist, Visibility
from antiphon.domains.catalog.store import playlist_states as states
from antiphon.domains.catalog.store import playlists as store
from antiphon.facts.catalog import PlaylistDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError, NotFound
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.personal import Contribution, Holding, Luggage, PersonalData

__all__ = ["PlaylistPastTrack", "PlaylistRecord", "PlaylistStateRecord", "PlaylistTrackRecord", "playlists_data"]


class PlaylistTrackRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a playlist; title and artist are for people."""

    track_id: str
    title: str
    artist: str
    added_at: datetime
    work: WorkWords | None = None


class PlaylistRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A playlist that the person keeps, with all that is in it."""

    id: str
    name: str
    comment: str
    visibility: Visibility
    created_at: datetime
    updated_at: datetime
    tracks: list[PlaylistTrackRecord]


class PlaylistPastTrack(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a playlist. The names are empty where the track is gone."""

    track_id: str
    title: str
    artist: str
    added_at: datetime


class PlaylistStateRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a playlist was until it was changed, by its owner or by somebody else."""

    playlist_id: str
    name: str
    comment: str
    until: datetime
    changed_by_you: bool
    tracks: list[PlaylistPastTrack]


async def _playlists(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PlaylistRecord]:
    for playlist_id in await store.ids_of(conn, user_id):
        row = await store.get(conn, playlist_id)
        if row is None:
            continue
        entries = await store.named_entries(conn, playlist_id)
        words = await describe(conn, user_id, Kind.TRACK, {entry.track_id for entry in entries})
        yield PlaylistRecord(
            id=out(Kind.PLAYLIST, row.id),
            name=row.name,
            comment=row.comment,
            visibility=row.visibility,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tracks=[
                PlaylistTrackRecord(
                    track_id=out(Kind.TRACK, entry.track_id),
                    title=entry.title,
                    artist=entry.artist,
                    added_at=entry.added_at,
                    work=words.get(entry.track_id),
                )
                for entry in entries
            ],
        )


_past = msgspec.json.Decoder(list[tuple[UUID, str | None, str | None, datetime]])


async def _playlist_states(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PlaylistStateRecord]:
    for state_id in await states.ids_of(conn, user_id):
        row = await states.whole(conn, state_id)
        if row is None:
            continue
        yield PlaylistStateRecord(
            playlist_id=out(Kind.PLAYLIST, row.playlist_id),
            name=row.name,
            comment=row.comment,
            until=row.changed_at,
            changed_by_you=row.by_owner,
            tracks=[
                PlaylistPastTrack(
                    track_id=out(Kind.TRACK, track_id), title=title or "", artist=artist or "", added_at=added_at
                )
                for track_id, title, artist, added_at in (_past.decode(row.tracks) if row.tracks else [])
            ],
        )


async def take(luggage: Luggage) -> None:
    """Tracks that are not here, or that the person may not hear here, are left out of their lists and named."""
    async for record in luggage.records("playlists", PlaylistRecord):
        try:
            async with luggage.db.unit(luggage.user_id) as uow:
                tracks = await _tracks(uow, luggage, record)
                if luggage.reviewing:
                    luggage.found("playlists", 1)
                elif not await _here_already(uow, luggage, record.id):
                    await _take_one(uow, luggage, record, tracks)
        except AppError as error:
            luggage.left("playlists", record.id, error.code)


async def _here_already(uow: UnitOfWork, luggage: Luggage, source: str) -> bool:
    if await luggage.target(uow.conn, "playlists", source) is not None:
        return True
    try:
        found = parse(Kind.PLAYLIST, source)
    except NotFound:
        return False
    row = await store.get(uow.conn, found)
    if row is None or row.owner_id != luggage.user_id:
        return False
    await luggage.remember(uow, "playlists", source, found)
    return True


async def _take_one(uow: UnitOfWork, luggage: Luggage, record: PlaylistRecord, tracks: Sequence[UUID]) -> None:
    visibility = record.visibility if luggage.publish else "private"
    new = NewPlaylist(record.name[:300], record.comment[:5000], visibility)
    made = await make_playlist(uow, luggage.user_id, new, tracks)
    await luggage.remember(uow, "playlists", record.id, parse(Kind.PLAYLIST, made.id))
    await luggage.taken(uow, "playlists")


async def _tracks(uow: UnitOfWork, luggage: Luggage, record: PlaylistRecord) -> list[UUID]:
    """Those that are here, in order. Also asked for a playlist that is: what it lacks is said every time."""
    entries = record.tracks[:MOST_ENTRIES]
    found = await recognize(uow.conn, luggage, [SourceWork(one.track_id, _words(one)) for one in entries])
    for entry, work in zip(entries, found, strict=True):
        if work.kind is not Kind.TRACK or work.id is None:
            luggage.left("playlist_tracks", f"{record.id} {entry.track_id}", work.reason, work.label)
    return [work.id for work in found if work.kind is Kind.TRACK and work.id is not None]


def _words(entry: PlaylistTrackRecord) -> WorkWords:
    return entry.work or WorkWords(title=entry.title, artist=entry.artist)


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    for playlist_id in await store.delete_all(uow.conn, user_id):
        uow.add_fact(PlaylistDeleted(subject=playlist_id))


def playlists_data() -> PersonalData:
    """To be registered after the domain that takes tracks in."""
    about = "Playlists you keep, with what is in them."
    past = "What your playlists were before they were changed."
    return PersonalData(
        domain="playlists",
        holdings=(
            Holding(
                "catalog.playlists",
                "Name, comment and tracks of somebody's playlists, and who may see them",
                "To show and play them",
                "Until deleted",
                "Deleted",
                exported=("playlists",),
            ),
            Holding(
                "catalog.playlist_imports",
                "Playlist files under review, and which tracks their lines may mean",
                "To ask before anything is made of them",
                "Until accepted; the next file after a week takes them away",
                "Deleted",
                not_exported="It is a file that the person has.",
            ),
            Holding(
                "catalog.playlist_states",
                "What playlists were before they were changed, and by whom",
                "To go back to it",
                "The last hundred of each playlist, until that is deleted",
                "Deleted",
                exported=("playlist_states",),
            ),
        ),
        contributions=(
            Contribution("playlists", about, PlaylistRecord, _playlists),
            Contribution("playlist_states", past, PlaylistStateRecord, _playlist_states),
        ),
        erase=erase,
        take=take,
    )
