"""What media keeps of people: the files they uploaded, and pictures."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.media.api.pictures import hold_picture, scale_picture
from antiphon.domains.media.api.uploads import SNIFFED, adopt, check_room
from antiphon.domains.media.errors import EmptyFile, UnsupportedMediaType, UploadTooLarge
from antiphon.domains.media.model import PICTURE_MAX
from antiphon.domains.media.sniff import refuse_reason
from antiphon.domains.media.staging import StagedFile
from antiphon.domains.media.store import personal as store
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, kind_of, new_uuid, out
from antiphon.kit.personal import Contribution, Holding, Luggage, PersonalData, StoredFile
from antiphon.kit.text import clean

__all__ = ["MasterRecord", "PictureRecord", "UploadRecord", "personal_data"]


class MasterRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The file behind a track, as it was uploaded; `path` is its place in this archive, none while it is received."""

    track_id: str
    filename: str
    bytes: int
    path: str | None
    uploaded_at: datetime


class PictureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The largest form that is kept of a picture; `subject` is the artist, album, track or person it shows."""

    subject: str
    path: str
    bytes: int


class UploadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An upload of the last days; `track_id` is what it became."""

    id: str
    filename: str
    title: str | None
    bytes: int
    track_id: str | None
    started_at: datetime


def _master_path(track: str, filename: str) -> str:
    """Readable, unique by the track's id, and safe to unpack anywhere."""
    plain = "".join(char if char.isalnum() or char in " ._-()" else "_" for char in clean(filename))
    suffix = PurePosixPath(plain).suffix[:12]
    return f"media/masters/{track}/{plain.removesuffix(suffix)[:80].strip('. ') or 'master'}{suffix.rstrip('. ')}"


async def _masters(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[MasterRecord]:
    async for row in store.masters_of(conn, user_id):
        track = out(Kind.TRACK, row.track_id)
        yield MasterRecord(
            track_id=track,
            filename=row.filename,
            bytes=row.bytes,
            path=_master_path(track, row.filename) if row.blob else None,
            uploaded_at=row.created_at,
        )


async def _master_files(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[StoredFile]:
    async for row in store.masters_of(conn, user_id):
        if row.blob:
            yield StoredFile(_master_path(out(Kind.TRACK, row.track_id), row.filename), row.blob, row.bytes)


async def _pictures(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PictureRecord]:
    async for subject, row in _named_pictures(conn, user_id):
        yield PictureRecord(subject=subject, path=f"media/pictures/{subject}.webp", bytes=row.bytes)


async def _picture_files(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[StoredFile]:
    async for subject, row in _named_pictures(conn, user_id):
        yield StoredFile(f"media/pictures/{subject}.webp", row.key, row.bytes)


async def _named_pictures(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[tuple[str, Any]]:
    """With the public id of what each shows. A picture whose subject has just gone is nobody's."""
    rows = [row async for row in store.pictures_of(conn, user_id)]
    kinds = await catalog.kinds_of(conn, [row.subject for row in rows])
    for row in rows:
        kind = Kind.USER if row.subject == user_id else kinds.get(row.subject)
        if kind is not None:
            yield out(kind, row.subject), row


async def _uploads(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[UploadRecord]:
    async for row in store.uploads_of(conn, user_id):
        yield UploadRecord(
            id=out(Kind.UPLOAD, row.id),
            filename=row.filename,
            title=row.title,
            bytes=row.length,
            track_id=out(Kind.TRACK, row.track_id) if row.track_id else None,
            started_at=row.created_at,
        )


def personal_data(tools: MediaTools) -> PersonalData:
    async def take(luggage: Luggage) -> None:
        """Tracks with their files, which then go the way of every upload; then the pictures of what is here."""
        masters = {master.track_id: master async for master in luggage.records("masters", MasterRecord)}
        async for track in luggage.records("tracks", catalog.TrackRecord):
            await _take_track(luggage, tools, track, masters.get(track.id))
        async for picture in luggage.records("pictures", PictureRecord):
            await _take_picture(luggage, tools, picture)

    async def erase(uow: UnitOfWork, user_id: UUID) -> None:
        """Files of works that stay with others are theirs now; the bytes of all else go with the next collection."""
        heirs = await catalog.heirs(uow.conn, await store.held_by(uow.conn, user_id), user_id)
        staged = [UUID(name) for name in await store.hand_on(uow.conn, user_id, heirs)]
        for upload_id in [*staged, *await store.delete_uploads(uow.conn, user_id)]:
            StagedFile(tools.staging, upload_id).remove()

    return PersonalData(
        domain="media",
        holdings=_HOLDINGS,
        contributions=(
            Contribution("masters", "Files you uploaded, as they came.", MasterRecord, _masters, _master_files),
            Contribution(
                "pictures", "Covers and portraits, the largest form.", PictureRecord, _pictures, _picture_files
            ),
            Contribution("uploads", "Uploads of the last days.", UploadRecord, _uploads),
        ),
        erase=erase,
        take=take,
    )


async def _take_track(
    luggage: Luggage, tools: MediaTools, track: catalog.TrackRecord, master: MasterRecord | None
) -> None:
    async with luggage.db.unit(luggage.user_id) as uow:
        if await catalog.here_already(uow, luggage, "tracks", track.id):
            return
    if master is None or master.path is None or not luggage.has_file(master.path):
        luggage.left("tracks", track.id, "no_file")
        return
    staged = StagedFile(tools.staging, new_uuid())
    async with luggage.file(master.path) as unpacked:
        reason = await asyncio.to_thread(_stage, unpacked, staged, master.filename)
    try:
        if reason is not None:
            raise UnsupportedMediaType(reason)
        await _begin_track(luggage, tools, track, staged, master.filename)
    except (AppError, msgspec.ValidationError) as error:
        staged.remove()
        luggage.left("tracks", track.id, error.code if isinstance(error, AppError) else "invalid_input")


def _stage(unpacked: Path, staged: StagedFile, filename: str) -> str | None:
    """Move the file to where uploads wait, on disk to stay; why it is no sound, if so."""
    staged.path.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(unpacked, staged.path)
    staged.sync()
    with staged.path.open("rb") as file:
        return refuse_reason(file.read(SNIFFED), filename)


async def _begin_track(
    luggage: Luggage, tools: MediaTools, track: catalog.TrackRecord, staged: StagedFile, filename: str
) -> None:
    async with luggage.db.unit(luggage.user_id) as uow:
        size = staged.stored_size()
        if size == 0:
            raise EmptyFile
        await check_room(uow, tools, luggage.user_id, size)
        track_id = await catalog.take_track(uow, luggage, track)
        name = clean(filename)[:300] or "untitled"
        await adopt(uow, luggage.user_id, track_id, staged, name, title_given=True)
        await luggage.remember(uow, "tracks", track.id, track_id)
        await luggage.taken(uow, "tracks")


async def _take_picture(luggage: Luggage, tools: MediaTools, picture: PictureRecord) -> None:
    subject = await _subject_without_picture(luggage, picture.subject)
    if subject is None:
        return
    if not luggage.has_file(picture.path):
        luggage.left("pictures", picture.subject, "no_file")
        return
    kind, target = subject
    async with luggage.file(picture.path) as unpacked:
        data = await asyncio.to_thread(_small, unpacked)
    try:
        if data is None:
            raise UploadTooLarge(limit_bytes=PICTURE_MAX)
        named = "artist" if kind is Kind.ARTIST else "avatar" if kind is Kind.USER else "cover"
        scaled = await scale_picture(luggage.db, tools, user_id=luggage.user_id, kind=named, data=data)
        async with luggage.db.unit(luggage.user_id) as uow:
            await _show(uow, luggage.user_id, kind, target, scaled.image)
            await hold_picture(uow, target, scaled)
            await luggage.remember(uow, "pictures", picture.subject, target)
            await luggage.taken(uow, "pictures")
    except AppError as error:
        luggage.left("pictures", picture.subject, error.code)


async def _subject_without_picture(luggage: Luggage, source: str) -> tuple[Kind, UUID] | None:
    """What the picture shows here; None where it is not here, or got its picture before."""
    kind = kind_of(source)
    name = _SHOWN.get(kind) if kind else None
    async with luggage.db.unit(luggage.user_id) as uow:
        if name is None or kind is None or await luggage.target(uow.conn, "pictures", source) is not None:
            return None
        target = await luggage.target(uow.conn, name, source)
    if target is None:
        luggage.left("pictures", source, "subject_not_here")
        return None
    return kind, target


async def _show(uow: UnitOfWork, user_id: UUID, kind: Kind, target: UUID, image: catalog.Image) -> None:
    if kind is Kind.ARTIST:
        await catalog.set_artist_image(uow, user_id, target, image)
    elif kind is Kind.ALBUM:
        await catalog.set_album_cover(uow, user_id, target, image)
    elif kind is Kind.TRACK:
        await catalog.set_track_cover(uow, user_id, target, image)
    else:
        await identity.set_avatar(uow, target, image.color, image.sizes)


def _small(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= PICTURE_MAX else None


_SHOWN = {Kind.ARTIST: "artists", Kind.ALBUM: "albums", Kind.TRACK: "tracks", Kind.USER: "account"}
_HOLDINGS = (
    Holding(
        "media.sources",
        "The file that was uploaded for a track: its name, its size, what was measured in it",
        "To make what is played from it, and to give it back",
        "Until the track is deleted",
        "Deleted with the track; handed to another manager where the track stays",
        exported=("masters",),
    ),
    Holding(
        "media.uploads",
        "Uploads under way, with their file names",
        "To go on where a connection broke",
        "7 days after the last piece",
        "Deleted, with the bytes that had come",
        exported=("uploads",),
    ),
    Holding(
        "media.pictures",
        "Who put which picture where",
        "To show it",
        "Until it is replaced or its subject deleted",
        "Deleted; handed to another manager where its subject stays",
        exported=("pictures",),
    ),
)
