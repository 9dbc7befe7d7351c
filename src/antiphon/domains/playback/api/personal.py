"""What playback keeps of people: what they heard, and when."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback.api import jam_personal
from antiphon.domains.playback.model_queue_edits import Queue
from antiphon.domains.playback.store import devices, places, queue
from antiphon.domains.playback.store import personal as store
from antiphon.domains.playback.store.listens import add_heard
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.personal import Contribution, Holding, Luggage, PersonalData

__all__ = ["ListenRecord", "PlayRecord", "personal_data"]

BATCH = 500


class PlayRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A play that counted; `title` and `artist` say it to people, and are none where the track is gone.

    `private`: heard in a private session, only in archives of earlier versions, and not taken. `imported`: came from
    another install and did not count here. `set_apart`: why nobody is paid for it, such as `overlap` with another.
    """

    id: str
    track_id: str
    title: str | None
    artist: str | None
    started_at: datetime
    counted_at: datetime
    imported: bool
    private: bool = False
    set_apart: str | None = None
    work: catalog.WorkWords | None = None


class ListenRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was begun, heard to the end or not."""

    id: str
    track_id: str
    started_at: datetime
    position_ms: int
    played_ms: int
    counted_at: datetime | None
    private: bool
    updated_at: datetime


class BookmarkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a track."""

    track_id: str
    position_ms: int
    comment: str
    created_at: datetime
    changed_at: datetime


class QueueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The queue in the order it is played; `current` is a place in it from 0."""

    track_ids: list[str]
    current: int | None
    position_ms: int
    repeat: str
    shuffled: bool
    radio: bool
    changed_by: str
    changed_at: datetime | None


class DeviceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A device that played, or was told to."""

    id: str
    name: str
    kind: str
    seen_at: datetime


async def _plays(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PlayRecord]:
    known: dict[UUID, tuple[str, str]] = {}
    words: dict[UUID, catalog.WorkWords] = {}
    async for rows in _batches(store.plays_of(conn, user_id)):
        new = {row.track_id for row in rows} - known.keys()
        known |= await catalog.names_of_tracks(conn, list(new))
        words |= await catalog.describe(conn, user_id, Kind.TRACK, new)
        for row in rows:
            title, artist = known.get(row.track_id, (None, None))
            yield PlayRecord(
                id=out(Kind.PLAY_SESSION, row.session_id),
                track_id=out(Kind.TRACK, row.track_id),
                title=title,
                artist=artist,
                started_at=row.started_at,
                counted_at=row.counted_at,
                imported=row.imported,
                set_apart=row.set_apart,
                work=words.get(row.track_id),
            )


async def _batches(rows: AsyncIterator[Any]) -> AsyncIterator[list[Any]]:
    batch = []
    async for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _listens(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ListenRecord]:
    async for row in store.listens_of(conn, user_id):
        yield ListenRecord(
            id=out(Kind.PLAY_SESSION, row.id),
            track_id=out(Kind.TRACK, row.track_id),
            started_at=row.started_at,
            position_ms=row.position_ms,
            played_ms=row.played_ms,
            counted_at=row.counted_at,
            private=row.private,
            updated_at=row.updated_at,
        )


async def _bookmarks(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[BookmarkRecord]:
    for row in await places.bookmarks(conn, user_id):
        yield BookmarkRecord(
            track_id=out(Kind.TRACK, row.track_id),
            position_ms=row.position_ms,
            comment=row.comment,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )


async def _queues(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[QueueRecord]:
    kept = await queue.kept(conn, user_id)
    if kept.revision == 0 and kept.changed_at is None:
        return
    order = Queue(kept.head, kept.revision, await queue.entries(conn, user_id)).order
    yield QueueRecord(
        track_ids=[out(Kind.TRACK, entry.track_id) for entry in order],
        current=next((place for place, entry in enumerate(order) if entry.id == kept.head.current), None),
        position_ms=kept.head.position_ms,
        repeat=kept.head.repeat,
        shuffled=kept.head.shuffled,
        radio=kept.head.radio,
        changed_by=kept.changed_by,
        changed_at=kept.changed_at,
    )


async def _devices(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[DeviceRecord]:
    for device in await devices.of(conn, user_id):
        yield DeviceRecord(
            id=str(device.id), name=device.given_name or device.name, kind=device.kind, seen_at=device.seen_at
        )


async def take(luggage: Luggage) -> None:
    """Plays of tracks that are here become history. They move no counter: an archive can say what it likes."""
    async for batch in _batches(luggage.records("plays", PlayRecord)):
        plays = [play for play in batch if not play.private]
        async with luggage.db.unit(luggage.user_id) as uow:
            works = [catalog.SourceWork(play.track_id, _words(play)) for play in plays]
            found = await catalog.recognize(uow.conn, luggage, works)
            rows = [row for play, work in zip(plays, found, strict=True) if (row := _row(luggage, play, work))]
            if luggage.reviewing:
                luggage.found("plays", len(rows))
                continue
            new = await store.add_imported(uow.conn, luggage.user_id, rows)
            known = await catalog.heard_tracks(uow.conn, luggage.user_id, {row.track_id for row in new})
            albums = {track.id: track.album_id for track in known}
            heard = [(row.track_id, albums.get(row.track_id), row.started_at) for row in new]
            await add_heard(uow.conn, luggage.user_id, heard)
            await luggage.taken(uow, "plays", len(new))


def _words(play: PlayRecord) -> catalog.WorkWords:
    return play.work or catalog.WorkWords(title=play.title or "", artist=play.artist or "")


def _row(luggage: Luggage, play: PlayRecord, work: catalog.Recognized) -> dict[str, Any] | None:
    if work.kind is not Kind.TRACK or work.id is None:
        luggage.left("plays", play.id, work.reason, work.label)
        return None
    return {
        "session_id": _session_id(luggage.user_id, play.id),
        "track_id": work.id,
        "started_at": play.started_at,
        "counted_at": play.counted_at,
    }


def _session_id(user_id: UUID, source: str) -> UUID:
    """The same for the same play of the same person, so that an archive read twice makes no play twice.

    A UUID of version 8 (RFC 9562): ours by its own rule.
    """
    digest = hashlib.sha256(user_id.bytes + source.encode()).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & ~(0xF << 76 | 0b11 << 62) | 0x8 << 76 | 0b10 << 62)


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    """What was heard stays counted; who heard it is forgotten."""
    await store.forget_listener(uow.conn, user_id)
    await places.forget(uow.conn, user_id)
    await queue.forget(uow.conn, user_id)
    await devices.forget(uow.conn, user_id)
    await jam_personal.erase(uow, user_id)


_LISTENED = (
    Holding(
        "playback.sessions",
        "Which track was begun when, and how far it was heard",
        "To count a play once, and to go on where one stopped",
        "Until the account is erased; what was heard in private, until it was silent for two days",
        "Stays without the person",
        exported=("listens",),
    ),
    Holding(
        "playback.plays",
        "Plays that counted; private ones without the person",
        "Exact counters, and one's own history",
        "Until the account is erased",
        "Stays without the person, so that counters stay exact; imported ones are deleted",
        exported=("plays",),
    ),
)
_PLACES = (
    Holding(
        "playback.bookmarks",
        "Places in tracks, with a comment",
        "To come back to them",
        "Until it is taken away, or the account is erased",
        "Deleted",
        exported=("bookmarks",),
    ),
    Holding(
        "playback.queues",
        "Where one is in one's queue, by which app it was changed last, whether it is shuffled, repeated, continued",
        "To go on from any device",
        "Until the account is erased",
        "Deleted",
        exported=("queues",),
    ),
    Holding(
        "playback.queue_entries",
        "The tracks of the queue; of the last thousand that were taken out, where they stood",
        "To go on from any device, and to bring together what two of them did at once",
        "Until it is replaced, or the account is erased",
        "Deleted",
        exported=("queues",),
    ),
    Holding(
        "playback.queue_events",
        "The last thousand changes of the queue, and by which app",
        "To tell devices that come back what they missed, and to do nothing twice",
        "Until a thousand others came, or the account is erased",
        "Deleted",
        not_exported="what is left of them is the queue",
    ),
    Holding(
        "playback.devices",
        "Devices that play: their names, whether they do, how loud, when they were seen last",
        "To play on another of them, and to control one from another",
        "Until it is taken away, fifty others came, or the account is erased",
        "Deleted",
        exported=("devices",),
    ),
    Holding(
        "playback.now_playing",
        "What each player plays at the moment, since when, where in it, and how much of it was heard",
        "To show it to others, but for private sessions",
        "Until the player plays something else, or the account is erased",
        "Deleted",
        not_exported="of the moment, and among the listens when it is over",
    ),
    Holding(
        "playback.scrobbles",
        "Listens that apps told of: track, second, app",
        "To count a listen once, by however many ways it is told",
        "Until the account is erased; what was told in private, 31 days",
        "Deleted; the plays stay without the person",
        not_exported="the same listens are among the plays",
    ),
    Holding(
        "playback.private_times",
        "When something was heard in private, not what",
        "To set apart what nobody can have heard, such as two tracks at once",
        "31 days",
        "Deleted",
        not_exported="is forgotten by itself",
    ),
    Holding(
        "playback.heard_tracks",
        "How often and when last one heard each track",
        "One's own lists by plays, without counting them anew",
        "Until the account is erased",
        "Deleted",
        not_exported="follows from the plays",
    ),
    Holding(
        "playback.heard_albums",
        "How often and when last one heard each album",
        "One's own lists by plays, without counting them anew",
        "Until the account is erased",
        "Deleted",
        not_exported="follows from the plays",
    ),
)


def personal_data() -> PersonalData:
    return PersonalData(
        domain="playback",
        holdings=(*_LISTENED, *_PLACES, *jam_personal.HOLDINGS),
        contributions=(
            Contribution("plays", "What you heard and what was counted of it.", PlayRecord, _plays),
            Contribution("listens", "Everything you began to hear.", ListenRecord, _listens),
            Contribution("bookmarks", "Places in tracks that you marked.", BookmarkRecord, _bookmarks),
            Contribution("devices", "Devices that you played on.", DeviceRecord, _devices),
            jam_personal.CONTRIBUTION,
            Contribution("queues", "What you were about to hear.", QueueRecord, _queues),
        ),
        erase=erase,
        take=take,
    )
