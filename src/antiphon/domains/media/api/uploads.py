"""Files come in: whole by multipart, or in pieces by tus. Both end in `finish`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.errors import (
    EmptyFile,
    OffsetMismatch,
    QuotaExceeded,
    UnsupportedMediaType,
    UploadGone,
    UploadTooLarge,
)
from antiphon.domains.media.sniff import refuse_reason
from antiphon.domains.media.staging import StagedFile, remove_unknown
from antiphon.domains.media.store import sources, uploads
from antiphon.domains.media.tools import MediaTools
from antiphon.kit import metrics
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, new_uuid, out

LIFETIME = timedelta(days=7)
SNIFFED = 4096


class Upload(msgspec.Struct, frozen=True):
    id: str
    filename: str
    artist_id: str
    album_id: str | None
    offset: int
    length: int
    expires_at: datetime
    created_at: datetime
    title: str | None = None
    content_id: str | None = None


class Quota(msgspec.Struct, frozen=True):
    """All in bytes."""

    used_bytes: int
    limit_bytes: int
    max_file_bytes: int


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an uploaded file belongs. `title` and `filename` are clean text."""

    user_id: UUID
    artist_id: UUID
    album_id: UUID | None
    title: str | None
    filename: str


async def quota(conn: AsyncConnection, tools: MediaTools, user_id: UUID) -> Quota:
    used = await uploads.used_bytes(conn, user_id)
    return Quota(used, tools.quota_bytes, tools.upload_max_bytes)


async def check_room(uow: UnitOfWork, tools: MediaTools, user_id: UUID, length: int) -> None:
    """Raises UploadTooLarge or QuotaExceeded. Reservations of one person follow one another."""
    if length > tools.upload_max_bytes:
        raise UploadTooLarge(limit_bytes=tools.upload_max_bytes)
    await uploads.lock_person(uow.conn, user_id)
    used = await uploads.used_bytes(uow.conn, user_id)
    if used + length > tools.quota_bytes:
        raise QuotaExceeded(used_bytes=used, limit_bytes=tools.quota_bytes)


async def receive(
    db: Database,
    tools: MediaTools,
    user_id: UUID,
    destination: Callable[[], Destination | None],
    filename: str,
    chunks: AsyncIterator[bytes],
    declared: int,
) -> catalog.Track:
    """A whole file in one request. `declared` is the most that can come, in bytes.

    `destination` is asked before the file, where it may not be known yet, and after it, where it must be. Refused
    files leave nothing behind.
    """
    early = destination()
    async with db.unit(user_id) as uow:
        if early is not None:
            await catalog.check_destination(uow.conn, user_id, early.artist_id, early.album_id)
        await check_room(uow, tools, user_id, min(declared, tools.upload_max_bytes))
    upload_id = new_uuid()
    staged = StagedFile(tools.staging, upload_id)
    try:
        async with staged.writing() as file:
            await _fill(file, chunks, filename, tools.upload_max_bytes)
        to = destination()
        if to is None:
            raise Invalid(FieldProblem("/artist_id", "required", "Say which artist this is by: artist_id."))
        track_id = await finish(db, tools, upload_id, to, door="multipart")
    except BaseException:
        staged.remove()
        raise
    async with db.seen_by(user_id) as conn:
        return await catalog.track(conn, track_id, user_id)


async def _fill(file: StagedFile, chunks: AsyncIterator[bytes], filename: str, limit: int) -> None:
    looked = False
    async for chunk in chunks:
        await file.append(chunk)
        if file.size > limit:
            raise UploadTooLarge(limit_bytes=limit)
        if not looked and file.size >= SNIFFED:
            looked = True
            _refuse_what_is_no_sound(file, filename)
    if file.size == 0:
        raise EmptyFile()
    if not looked:
        _refuse_what_is_no_sound(file, filename)


def _refuse_what_is_no_sound(file: StagedFile, filename: str) -> None:
    reason = refuse_reason(file.head(SNIFFED), filename)
    if reason is not None:
        raise UnsupportedMediaType(reason)


async def start_upload(uow: UnitOfWork, tools: MediaTools, to: Destination, length: int) -> Upload:
    """Reserve room for a file that comes in pieces."""
    if length == 0:
        raise EmptyFile()
    await catalog.check_destination(uow.conn, to.user_id, to.artist_id, to.album_id)
    await check_room(uow, tools, to.user_id, length)
    upload_id, now = new_uuid(), uow.clock.now()
    values = {
        "id": upload_id,
        "user_id": to.user_id,
        "filename": to.filename,
        "artist_id": to.artist_id,
        "album_id": to.album_id,
        "title": to.title,
        "length": length,
        "created_at": now,
        "expires_at": now + LIFETIME,
    }
    await uploads.insert(uow.conn, values)
    StagedFile(tools.staging, upload_id).create()
    return await find_upload(uow.conn, tools, upload_id, to.user_id)


async def find_upload(conn: AsyncConnection, tools: MediaTools, upload_id: UUID, user_id: UUID) -> Upload:
    """The offset is what lies on disk, so that nothing acknowledged or received is sent twice."""
    row = await uploads.get(conn, upload_id, user_id)
    if row is None:
        raise UploadGone()
    size = row.length if row.track_id else StagedFile(tools.staging, upload_id).stored_size()
    return Upload(
        id=out(Kind.UPLOAD, row.id),
        filename=row.filename,
        artist_id=out(Kind.ARTIST, row.artist_id),
        album_id=out(Kind.ALBUM, row.album_id) if row.album_id else None,
        offset=size,
        length=row.length,
        expires_at=row.expires_at,
        created_at=row.created_at,
        title=row.title,
        content_id=out(Kind.TRACK, row.track_id) if row.track_id else None,
    )


async def open_uploads(conn: AsyncConnection, tools: MediaTools, user_id: UUID) -> list[Upload]:
    rows = await uploads.open_of(conn, user_id)
    return [await find_upload(conn, tools, row.id, user_id) for row in rows]


async def append(
    db: Database,
    tools: MediaTools,
    user_id: UUID,
    upload_id: UUID,
    offset: int,
    chunks: AsyncIterator[bytes],
    checksum: tuple[str, bytes] | None = None,
) -> Upload:
    """Write at `offset`; the piece that completes the file turns it into a track.

    Raises OffsetMismatch, UploadLocked, ChecksumMismatch (the piece is dropped), UnsupportedMediaType (the upload
    is dropped). A lost connection keeps what arrived, unless a checksum was promised for it.
    """
    async with db.unit(user_id) as uow:
        row = await uploads.get(uow.conn, upload_id, user_id)
        if row is None:
            raise UploadGone()
        await uploads.prolong(uow.conn, upload_id, uow.clock.now() + LIFETIME)
    if row.track_id:
        raise OffsetMismatch()
    staged = StagedFile(tools.staging, upload_id)
    to = Destination(user_id, row.artist_id, row.album_id, row.title, row.filename)
    async with staged.writing() as file:
        if file.size != offset:
            raise OffsetMismatch(offset=file.size)
        await file.append_piece(chunks, row.length - offset, checksum)
        metrics.UPLOAD_BYTES.inc(file.size - offset)
        complete = file.size == row.length
        reason = refuse_reason(file.head(SNIFFED), row.filename) if complete or file.size >= SNIFFED > offset else None
        if reason is None and complete:
            await finish(db, tools, upload_id, to, door="tus")
    if reason is not None:
        await terminate(db, tools, user_id, upload_id)
        raise UnsupportedMediaType(reason)
    async with db.read() as conn:
        return await find_upload(conn, tools, upload_id, user_id)


async def finish(db: Database, tools: MediaTools, upload_id: UUID, to: Destination, *, door: str) -> UUID:
    """The file is here: make the draft and begin to process it. From here on it is never lost."""
    staged = StagedFile(tools.staging, upload_id)
    await asyncio.to_thread(staged.sync)
    async with db.unit(to.user_id) as uow:
        row = await uploads.get(uow.conn, upload_id, to.user_id, lock=True)
        if row is not None and row.track_id is not None:
            return UUID(str(row.track_id))
        if row is None:  # nothing was reserved for it, and how much came is known only now
            await check_room(uow, tools, to.user_id, staged.stored_size())
        title = to.title or PurePosixPath(to.filename.replace("\\", "/")).stem
        track_id = await catalog.create_draft(
            uow, to.user_id, artist_id=to.artist_id, album_id=to.album_id, title=title
        )
        await adopt(uow, to.user_id, track_id, staged, to.filename, title_given=to.title is not None)
        if row is not None:
            await uploads.finish(uow.conn, upload_id, track_id)
    metrics.UPLOADS_FINISHED.labels(door).inc()
    return track_id


async def adopt(
    uow: UnitOfWork, user_id: UUID, track_id: UUID, staged: StagedFile, filename: str, *, title_given: bool
) -> None:
    """A received file becomes the source of a draft; processing begins with the commit."""
    values = {
        "track_id": track_id,
        "user_id": user_id,
        "filename": filename,
        "bytes": staged.stored_size(),
        "staged": staged.name,
        "title_given": title_given,
        "created_at": uow.clock.now(),
    }
    await sources.insert(uow.conn, values)
    waiting = await sources.waiting_of(uow.conn, user_id)
    uow.defer("media.accept", priority=100 - min(waiting, 50), track_id=str(track_id))


async def terminate(db: Database, tools: MediaTools, user_id: UUID, upload_id: UUID) -> None:
    """Give up an upload that is under way."""
    async with db.unit(user_id) as uow:
        row = await uploads.get(uow.conn, upload_id, user_id, lock=True)
        if row is None:
            raise UploadGone()
        await uploads.delete(uow.conn, upload_id)
        if row.track_id is None:
            StagedFile(tools.staging, upload_id).remove()


async def expire_uploads(uow: UnitOfWork, tools: MediaTools) -> int:
    """Drop uploads that nobody went on with, and received files that no row knows."""
    for upload_id in await uploads.delete_expired(uow.conn, uow.clock.now()):
        StagedFile(tools.staging, upload_id).remove()
    known = await uploads.staged_names(uow.conn)
    abandoned = uow.clock.now() - timedelta(days=1)
    return await asyncio.to_thread(remove_unknown, tools.staging, known, abandoned)
