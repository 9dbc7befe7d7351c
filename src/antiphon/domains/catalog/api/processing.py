"""What media and playback tell the catalogue about a track."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.api.access import require_manager
from antiphon.domains.catalog.api.tracks import publish_ready
from antiphon.domains.catalog.errors import AlbumNotFound
from antiphon.domains.catalog.model import Image
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import personal as personal_store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as store
from antiphon.facts.catalog import AlbumPublished
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, out
from antiphon.kit.text import clean

COUNT_PLAYS = store.COUNT_PLAYS
OUR_TROUBLE = "processing_failed"  # the error of a track whose file is not at fault


@dataclass(frozen=True, slots=True)
class FileTags:
    """What the file said of itself, for a draft that nobody has edited yet. None leaves a field as it is."""

    title: str | None
    disc_number: int | None
    track_number: int | None
    year: int | None
    isrc: str | None
    genres: tuple[str, ...]
    credits: tuple[tuple[str, str], ...]  # (name, role)


async def check_destination(conn: AsyncConnection, user_id: UUID, artist_id: UUID, album_id: UUID | None) -> None:
    """Raises where the person may not add a track to this artist, or the album is not the artist's."""
    await require_manager(conn, artist_id, user_id)
    if album_id is not None:
        row = await album_store.get(conn, album_id, user_id)
        if row is None:
            raise AlbumNotFound()
        if row.artist_id != artist_id:
            raise Invalid(FieldProblem("/album_id", "other_artist", "This album belongs to another artist."))


async def create_draft(uow: UnitOfWork, user_id: UUID, *, artist_id: UUID, album_id: UUID | None, title: str) -> UUID:
    """A track that is being processed, seen by the artist's managers only."""
    await check_destination(uow.conn, user_id, artist_id, album_id)
    values = {
        "title": clean(title)[:300] or "Untitled",
        "artist_id": artist_id,
        "album_id": album_id,
        "created_by": user_id,
    }
    track_id = await rows.insert_row(uow.conn, tables.tracks, values, uow.clock.now())
    await store.set_progress(uow.conn, track_id, "accept", 1)
    return track_id


async def apply_tags(uow: UnitOfWork, track_id: UUID, tags: FileTags) -> None:
    """Fill a fresh draft; the version is not counted up, for nobody's edit is overwritten."""
    values = {
        "title": clean(tags.title)[:300] if tags.title else None,
        "disc_number": tags.disc_number if tags.disc_number and 1 <= tags.disc_number <= 999 else None,
        "track_number": tags.track_number if tags.track_number and 1 <= tags.track_number <= 9999 else None,
        "year": tags.year if tags.year and 1000 <= tags.year <= 9999 else None,
        "isrc": tags.isrc,
    }
    kept = {name: value for name, value in values.items() if value}
    if not await store.fill(uow.conn, track_id, kept):
        return
    genres = [clean(name)[:60] for name in tags.genres]
    await store.set_genres(uow.conn, [track_id], [name for name in genres if name][:20])
    credits = [(clean(name)[:300], clean(role)[:60], None) for name, role in tags.credits]
    await store.set_credits(uow.conn, track_id, [credit for credit in credits if credit[0] and credit[1]][:100])


async def set_found_cover(uow: UnitOfWork, track_id: UUID, cover: Image) -> list[UUID]:
    """The picture embedded in the file: the track's own cover where it has none, and so for its album.

    Answers the track and the album that took it.
    """
    return await store.set_found_cover(uow.conn, track_id, msgspec.json.encode(cover).decode())


async def report_progress(uow: UnitOfWork, track_id: UUID, step: str, percent: int) -> None:
    """Stored and shown live; steps run side by side, so the bar only moves forward."""
    if await store.set_progress(uow.conn, track_id, step, percent):
        await _tell(uow, track_id)


async def mark_playable(uow: UnitOfWork, track_id: UUID, duration_ms: int) -> bool:
    """The first rendition exists. False where the track is gone or its file was refused; trouble of ours heals."""
    if not await store.set_playable(uow.conn, track_id, duration_ms, OUR_TROUBLE):
        return False
    await publish_awaited(uow, track_id)
    await _tell(uow, track_id)
    return True


async def publish_awaited(uow: UnitOfWork, track_id: UUID) -> None:
    """Publish a track that plays now, if it was waiting for that, and its album with its first such track."""
    await personal_store.hold_artist_of_wish(uow.conn, track_id)
    wish = await personal_store.take_wish(uow.conn, track_id)
    if wish is None:
        return
    if wish.with_album and await album_store.publish(uow.conn, wish.album_id, uow.clock.now()):
        uow.add_fact(AlbumPublished(subject=wish.album_id, artist_id=wish.artist_id))
    await publish_ready(uow, track_id, wish.artist_id, wish.album_id)


async def mark_complete(uow: UnitOfWork, track_id: UUID) -> None:
    """Every rendition of the ladder exists."""
    await store.set_complete(uow.conn, track_id)
    await store.set_progress(uow.conn, track_id, "done", 100)
    await _tell(uow, track_id)


async def mark_failed(uow: UnitOfWork, track_id: UUID, code: str, detail: str) -> None:
    """The file cannot be used. A track that plays already keeps playing."""
    await store.set_failed(uow.conn, track_id, code, detail)
    await _tell(uow, track_id)


async def set_plays(uow: UnitOfWork, plays: dict[UUID, int]) -> None:
    """Counted anew, for these alone."""
    await store.set_plays(uow.conn, plays)


async def set_play_counts(uow: UnitOfWork, plays: dict[UUID, int]) -> int:
    """Make the counters equal to `plays`; tracks that are not named have none. Answers how many changed."""
    return await store.set_play_counts(uow.conn, plays)


async def _tell(uow: UnitOfWork, track_id: UUID) -> None:
    state = await store.processing_state(uow.conn, track_id)
    if state is None:
        return
    error = {"code": state.error_code, "detail": state.error_detail} if state.error_code else None
    uow.say(
        f"content:{out(Kind.TRACK, track_id)}",
        "progress",
        {
            "status": state.status,
            "step": state.step,
            "percent": state.percent,
            "renditions_complete": state.renditions_complete,
            "error": error,
        },
    )
