"""What the catalogue keeps of people: artists they manage, and the works of these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.albums import create_album
from antiphon.domains.catalog.api.artists import create_artist
from antiphon.domains.catalog.api.processing import create_draft, publish_awaited
from antiphon.domains.catalog.api.tracks import update_track
from antiphon.domains.catalog.errors import ArtistNotFound
from antiphon.domains.catalog.model import Approval, ApprovalRule, NewAlbum, NewArtist
from antiphon.domains.catalog.model_changes import ContentChange
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import personal as store
from antiphon.domains.catalog.store import playlists as playlist_store
from antiphon.domains.catalog.tools import CatalogTools
from antiphon.facts.catalog import AlbumDeleted, ArtistDeleted, TrackDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError, NotFound
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.personal import Contribution, Holding, Luggage, PersonalData

__all__ = [
    "AlbumRecord",
    "ArtistRecord",
    "CreditRecord",
    "EditRecord",
    "TrackRecord",
    "follow_account",
    "heirs",
    "here_already",
    "kinds_of",
    "names_of_tracks",
    "personal_data",
    "take_track",
]

_credits = msgspec.json.Decoder(list[tuple[str, str, UUID | None]])
_SAID = ("description", "explicit", "disc_number", "track_number", "year", "isrc")
_KINDS = {"artists": Kind.ARTIST, "albums": Kind.ALBUM, "tracks": Kind.TRACK}
_names = msgspec.json.Decoder(list[str])


class ArtistRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An artist profile that the person manages; `managers` counts everybody who does."""

    id: str
    name: str
    bio: str
    managers: int
    managed_since: datetime
    created_at: datetime
    approval: Approval = "approved"
    refused_for: str | None = None


class AlbumRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An album; without `published_at` it is a draft."""

    id: str
    artist_id: str
    title: str
    album_kind: str
    release_date: date | None
    description: str
    label: str
    upc: str | None
    explicit: bool
    published_at: datetime | None
    created_at: datetime


class CreditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what on a track."""

    name: str
    role: str
    artist_id: str | None


class TrackRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A recording; `plays` is what everybody heard of it, `status` what became of its file."""

    id: str
    artist_id: str
    album_id: str | None
    title: str
    disc_number: int | None
    track_number: int | None
    year: int | None
    explicit: bool
    isrc: str | None
    description: str
    genres: list[str]
    credits: list[CreditRecord]
    duration_ms: int | None
    status: str
    plays: int
    published_at: datetime | None
    created_at: datetime


class EditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A change that the person made; `before` and `after` hold the fields that changed."""

    id: str
    subject: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]
    edited_at: datetime


async def _edits(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[EditRecord]:
    async for row in store.edits_by(conn, user_id):
        yield EditRecord(
            id=out(Kind.EDIT, row.id),
            subject=out(Kind[row.kind.upper()], row.subject),
            action=row.action,
            before=msgspec.json.decode(row.before),
            after=msgspec.json.decode(row.after),
            edited_at=row.edited_at,
        )


async def _artists(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ArtistRecord]:
    async for row in store.artists_of(conn, user_id):
        yield ArtistRecord(
            id=out(Kind.ARTIST, row.id),
            name=row.name,
            bio=row.bio,
            managers=row.managers,
            managed_since=row.managed_since,
            created_at=row.created_at,
            approval=row.approval,
            refused_for=row.refused_for,
        )


async def _albums(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[AlbumRecord]:
    async for row in store.albums_of(conn, user_id):
        yield AlbumRecord(
            id=out(Kind.ALBUM, row.id),
            artist_id=out(Kind.ARTIST, row.artist_id),
            title=row.title,
            album_kind=row.kind,
            release_date=row.release_date,
            description=row.description,
            label=row.label,
            upc=row.upc,
            explicit=row.explicit,
            published_at=row.published_at,
            created_at=row.created_at,
        )


async def _tracks(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[TrackRecord]:
    async for row in store.tracks_of(conn, user_id):
        credits = _credits.decode(row.credits) if row.credits else []
        yield TrackRecord(
            id=out(Kind.TRACK, row.id),
            artist_id=out(Kind.ARTIST, row.artist_id),
            album_id=out(Kind.ALBUM, row.album_id) if row.album_id else None,
            title=row.title,
            disc_number=row.disc_number,
            track_number=row.track_number,
            year=row.year,
            explicit=row.explicit,
            isrc=row.isrc,
            description=row.description,
            genres=_names.decode(row.genres) if row.genres else [],
            credits=[
                CreditRecord(name=name, role=role, artist_id=out(Kind.ARTIST, artist) if artist else None)
                for name, role, artist in credits
            ],
            duration_ms=row.duration_ms,
            status=row.status,
            plays=row.plays,
            published_at=row.published_at,
            created_at=row.created_at,
        )


async def take(luggage: Luggage, *, rule: ApprovalRule) -> None:
    """Artists, then their albums. Tracks come with their files, so media takes those.

    Approval elsewhere is none here: what `rule` asks of new artists, it asks of these.
    """
    async for artist in luggage.records("artists", ArtistRecord):
        await _take_artist(luggage, artist, rule)
    async for album in luggage.records("albums", AlbumRecord):
        await _take_album(luggage, album)


async def here_already(uow: UnitOfWork, luggage: Luggage, name: str, source: str) -> bool:
    """Taken before; or the archive was made in this very install, and the thing is still the person's to edit."""
    if await luggage.target(uow.conn, name, source) is not None:
        return True
    try:
        found = parse(_KINDS[name], source)
    except NotFound:
        return False
    if not await store.may_edit(uow.conn, name, found, luggage.user_id):
        return False
    await luggage.remember(uow, name, source, found)
    return True


async def _take_artist(luggage: Luggage, artist: ArtistRecord, rule: ApprovalRule) -> None:
    try:
        async with luggage.db.unit(luggage.user_id) as uow:
            if await here_already(uow, luggage, "artists", artist.id):
                return
            new = NewArtist(artist.name[:300], artist.bio[:5000])
            made = await create_artist(uow, luggage.user_id, new, rule=rule)
            await luggage.remember(uow, "artists", artist.id, parse(Kind.ARTIST, made.id))
            await luggage.taken(uow, "artists")
    except AppError as error:
        luggage.left("artists", artist.id, error.code)


async def _take_album(luggage: Luggage, album: AlbumRecord) -> None:
    try:
        async with luggage.db.unit(luggage.user_id) as uow:
            if await here_already(uow, luggage, "albums", album.id):
                return
            made = await create_album(uow, luggage.user_id, await _new_album(uow, luggage, album))
            await luggage.remember(uow, "albums", album.id, parse(Kind.ALBUM, made.id))
            await luggage.taken(uow, "albums")
    except (AppError, msgspec.ValidationError) as error:
        luggage.left("albums", album.id, error.code if isinstance(error, AppError) else "invalid_input")


async def _new_album(uow: UnitOfWork, luggage: Luggage, album: AlbumRecord) -> NewAlbum:
    """Raises ArtistNotFound where its artist did not come, msgspec.ValidationError for what an album cannot have."""
    artist_id = await luggage.target(uow.conn, "artists", album.artist_id)
    if artist_id is None:
        raise ArtistNotFound
    fields = msgspec.structs.asdict(album) | {"artist_id": out(Kind.ARTIST, artist_id)}
    return msgspec.convert({name: fields[name] for name in NewAlbum.__struct_fields__}, NewAlbum)


async def take_track(uow: UnitOfWork, luggage: Luggage, track: TrackRecord) -> UUID:
    """A draft with everything that was said of the track. Raises ArtistNotFound where its artist is not here.

    What was public becomes so again as soon as it plays, if that was asked for.
    """
    artist_id = await luggage.target(uow.conn, "artists", track.artist_id)
    if artist_id is None:
        raise ArtistNotFound
    album_id = await luggage.target(uow.conn, "albums", track.album_id) if track.album_id else None
    track_id = await create_draft(uow, luggage.user_id, artist_id=artist_id, album_id=album_id, title=track.title)
    credits = []
    for credit in track.credits:
        known = await luggage.target(uow.conn, "artists", credit.artist_id) if credit.artist_id else None
        credits.append(
            {"name": credit.name, "role": credit.role, "artist_id": out(Kind.ARTIST, known) if known else None}
        )
    said = {name: getattr(track, name) for name in _SAID} | {"genres": track.genres, "credits": credits}
    await update_track(uow, luggage.user_id, track_id, msgspec.convert(said, ContentChange), None)
    if luggage.publish and track.published_at is not None:
        await store.publish_when_ready(uow.conn, track_id, album_id)
    return track_id


async def follow_account(uow: UnitOfWork, user_id: UUID, *, closing: bool) -> None:
    """Playlists, and works that are the person's alone, are out of sight while their account is about to go, and
    back with it.
    """
    at = uow.clock.now() if closing else None
    await store.withhold(uow.conn, user_id, at)
    await playlist_store.withhold(uow.conn, user_id, at)
    uow.rights_changed("content:*")
    if not closing:
        for track_id in await store.ready_wishes(uow.conn, user_id):
            await publish_awaited(uow, track_id)


async def heirs(conn: AsyncConnection, subjects: Sequence[UUID], leaving: UUID) -> dict[UUID, UUID]:
    """Artist, album or track → who keeps it when somebody leaves; what is left out stays with nobody."""
    return await store.heirs(conn, subjects, leaving)


async def kinds_of(conn: AsyncConnection, subjects: Sequence[UUID]) -> dict[UUID, Kind]:
    """Whether each is an artist, an album or a track; what is none of ours is left out."""
    return {row.id: _KINDS[row.name] for row in await store.names_of(conn, subjects)}


async def names_of_tracks(conn: AsyncConnection, track_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Title and artist."""
    return {row.id: (row.title, row.artist) for row in await store.names_of_tracks(conn, track_ids)}


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    """What is the person's alone goes; artists that others manage too stay with those."""
    artists = await store.sole_artists(uow.conn, user_id)
    for work in await store.works_of(uow.conn, artists):
        if work.kind == "track":
            uow.add_fact(TrackDeleted(subject=work.id, artist_id=work.artist_id, album_id=work.album_id))
        else:
            uow.add_fact(AlbumDeleted(subject=work.id, artist_id=work.artist_id))
    for artist_id in artists:
        uow.add_fact(ArtistDeleted(subject=artist_id))
    await store.delete_artists(uow.conn, artists)
    await store.rename_owner(uow.conn, out(Kind.USER, user_id), "nobody")
    await store.drop_manager(uow.conn, user_id)
    await edit_store.forget_editor(uow.conn, user_id)


def personal_data(tools: CatalogTools) -> PersonalData:
    return PersonalData(
        domain="catalog",
        holdings=_HOLDINGS,
        contributions=(
            Contribution("artists", "Artist profiles you manage.", ArtistRecord, _artists),
            Contribution("albums", "Albums of these artists, and what you made for others.", AlbumRecord, _albums),
            Contribution("tracks", "Tracks of these artists, with genres and credits.", TrackRecord, _tracks),
            Contribution("edits", "What you changed about artists and works.", EditRecord, _edits),
        ),
        erase=erase,
        take=partial(take, rule=tools.artist_approval),
    )


_WORKS = "Goes with its artist where nobody else manages that; else it stays, without a word of who made it."
_HOLDINGS = (
    Holding(
        "catalog.artists",
        "Name, words and picture of an artist profile, who made it, whether it may publish, and who decided so",
        "To show it",
        "Until it is deleted",
        "Deleted where nobody else manages it; else it stays with the others",
        exported=("artists",),
    ),
    Holding(
        "catalog.artist_managers",
        "Who manages which artist, and since when",
        "To know who may edit",
        "Until the person leaves the artist",
        "Deleted",
        exported=("artists",),
    ),
    Holding(
        "catalog.edits",
        "What was changed about artists and works, when, and by whom",
        "To show how a work came to be as it is, and to undo",
        "Until the work is deleted",
        "Stays with works that stay, without a word of who did it",
        exported=("edits",),
    ),
    Holding(
        "catalog.library_access",
        "Which libraries are open to whom, where they are not open to everybody",
        "To know who may listen",
        "Until the access is taken away",
        "Deleted",
        not_exported="It is the operator's word about a library, and means nothing elsewhere.",
    ),
    Holding(
        "catalog.albums", "Albums, and who made them", "To show them", "Until deleted", _WORKS, exported=("albums",)
    ),
    Holding(
        "catalog.tracks",
        "Tracks, and who uploaded them",
        "To show and play them",
        "Until deleted",
        _WORKS,
        exported=("tracks",),
    ),
)
