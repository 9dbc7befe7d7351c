"""Where people are: bookmarks, the saved queue, what is played now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.model_listens import UNKNOWN_MS, player_key
from antiphon.domains.playback.store import places as store
from antiphon.domains.playback.store.listens import hold_listener
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import Conflict, FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean

__all__ = [
    "Bookmark",
    "BookmarkWords",
    "KeptBookmark",
    "KeptQueue",
    "NowPlaying",
    "Player",
    "QueueAddition",
    "QueueWords",
    "SavedQueue",
    "add_to_queue",
    "bookmarks",
    "drop_bookmark",
    "keep_queue",
    "kept_bookmarks",
    "kept_queue",
    "now_playing",
    "play_now",
    "players",
    "save_queue",
    "saved_queue",
    "set_bookmark",
]

GRACE = timedelta(minutes=1)
Position = Annotated[int, Meta(ge=0, le=10**10)]
Ids = Annotated[list[str], Meta(max_length=model.QUEUE_MAX)]


class BookmarkWords(msgspec.Struct, frozen=True, kw_only=True):
    """Where in the track, and why."""

    position_ms: Position
    comment: Annotated[str, Meta(max_length=1_000)] = ""


class Bookmark(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a track that the person wants to come back to; one a track."""

    content_id: str
    position_ms: int
    comment: str
    created_at: datetime
    changed_at: datetime
    track: catalog.Track


class QueueWords(msgspec.Struct, frozen=True, kw_only=True):
    """The whole queue. `current` is the place of the current track from 0, because a track may stand in it twice."""

    content_ids: Ids
    current: Annotated[int, Meta(ge=0)] | None = None
    position_ms: Position = 0
    changed_by: Annotated[str, Meta(max_length=100)] = ""


class QueueAddition(msgspec.Struct, frozen=True, kw_only=True):
    """At the end, or with `next` right behind the current track."""

    content_ids: Annotated[list[str], Meta(min_length=1, max_length=1_000)]
    next: bool = False
    changed_by: Annotated[str, Meta(max_length=100)] = ""


class SavedQueue(msgspec.Struct, frozen=True, kw_only=True):
    """What the person is about to hear, on whatever device. `revision` counts changes; 0 is the one never changed."""

    revision: int
    current: int | None
    position_ms: int
    changed_by: str
    changed_at: datetime | None
    tracks: list[catalog.Track]


class NowPlaying(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody hears at this moment."""

    user_id: str
    handle: str
    display_name: str
    player: str
    player_id: int
    started_at: datetime
    track: catalog.Track


@dataclass(frozen=True, slots=True)
class KeptBookmark:
    """The same for other parts of the house, which show tracks their own way."""

    track_id: UUID
    position_ms: int
    comment: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class KeptQueue:
    """The same for other parts of the house."""

    queue: model.Queue
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Player:
    """The same for other parts of the house."""

    user_id: UUID
    handle: str
    player: str
    number: int
    track_id: UUID
    started_at: datetime


async def set_bookmark(uow: UnitOfWork, user_id: UUID, content_id: str, words: BookmarkWords) -> None:
    """One a track: another takes its place. Raises ContentNotFound where the person may not hear the track."""
    track_id = parse(Kind.TRACK, content_id)
    if not await catalog.heard_tracks(uow.conn, user_id, [track_id]):
        raise catalog.ContentNotFound()
    await store.set_bookmark(uow.conn, user_id, track_id, words.position_ms, clean(words.comment), uow.clock.now())


async def drop_bookmark(uow: UnitOfWork, user_id: UUID, content_id: str) -> None:
    """No error where there is none."""
    await store.drop_bookmark(uow.conn, user_id, parse(Kind.TRACK, content_id))


async def kept_bookmarks(conn: AsyncConnection, user_id: UUID) -> list[KeptBookmark]:
    """Those that changed last first, of tracks that are not to be heard any more too."""
    return [
        KeptBookmark(row.track_id, row.position_ms, row.comment, row.created_at, row.changed_at)
        for row in await store.bookmarks(conn, user_id)
    ]


async def bookmarks(conn: AsyncConnection, user_id: UUID) -> list[Bookmark]:
    kept = await kept_bookmarks(conn, user_id)
    works = await catalog.works_by_id(conn, user_id, tracks={one.track_id for one in kept})
    return [
        Bookmark(
            content_id=out(Kind.TRACK, one.track_id),
            position_ms=one.position_ms,
            comment=one.comment,
            created_at=one.created_at,
            changed_at=one.changed_at,
            track=works.tracks[one.track_id],
        )
        for one in kept
        if one.track_id in works.tracks
    ]


async def kept_queue(conn: AsyncConnection, user_id: UUID) -> KeptQueue | None:
    """None where the person never kept one."""
    row = await store.queue(conn, user_id)
    return None if row is None else KeptQueue(_queue(row), row.changed_by, row.changed_at)


async def keep_queue(uow: UnitOfWork, user_id: UUID, queue: model.Queue, changed_by: str) -> None:
    """Over whatever was there, for clients that know no revisions. Tracks that are not to be heard are left out."""
    await _keep(uow, user_id, await _heard_only(uow, user_id, queue), changed_by, None)


async def saved_queue(conn: AsyncConnection, user_id: UUID) -> SavedQueue:
    """With the tracks that are still to be heard; where the current one is not, the next is current."""
    return await _saved(conn, user_id, await store.queue(conn, user_id))


async def save_queue(uow: UnitOfWork, user_id: UUID, words: QueueWords, revision: int | None) -> SavedQueue:
    """Raises ContentNotFound where the person may not hear one of the tracks, Invalid for a place outside the queue,
    VersionConflict where `revision` is not the present one."""
    tracks = tuple(parse(Kind.TRACK, content_id) for content_id in words.content_ids)
    if words.current is not None and words.current >= len(tracks):
        raise Invalid(FieldProblem("/current", "outside", "This place is outside the queue."))
    queue = model.Queue(tracks, words.current, words.position_ms)
    if await _heard_only(uow, user_id, queue) != queue:
        raise catalog.ContentNotFound()
    return await _saved(uow.conn, user_id, await _keep(uow, user_id, queue, words.changed_by, revision))


async def add_to_queue(uow: UnitOfWork, user_id: UUID, more: QueueAddition) -> SavedQueue:
    """Two at once both come in. Raises ContentNotFound, or Conflict where the queue would be too long."""
    tracks = [parse(Kind.TRACK, content_id) for content_id in more.content_ids]
    known = {track.id for track in await catalog.heard_tracks(uow.conn, user_id, set(tracks))}
    if not known.issuperset(tracks):
        raise catalog.ContentNotFound()
    await hold_listener(uow.conn, user_id)
    row = await store.queue(uow.conn, user_id)
    queue = model.added(_queue(row) if row is not None else model.Queue(), tracks, next_up=more.next)
    if len(queue.track_ids) > model.QUEUE_MAX:
        raise Conflict(f"A queue holds up to {model.QUEUE_MAX} tracks.")
    kept = await _keep(uow, user_id, queue, more.changed_by, row.revision if row is not None else 0)
    return await _saved(uow.conn, user_id, kept)


async def _heard_only(uow: UnitOfWork, user_id: UUID, queue: model.Queue) -> model.Queue:
    if not queue.track_ids:
        return queue
    seen = await catalog.heard_tracks(uow.conn, user_id, set(queue.track_ids))
    return model.seen_only(queue, {track.id for track in seen})


async def _keep(uow: UnitOfWork, user_id: UUID, queue: model.Queue, changed_by: str, revision: int | None) -> Row[Any]:
    values = {
        "tracks": list(queue.track_ids),
        "current": queue.current,
        "position": queue.position_ms,
        "by": clean(changed_by)[:100],
        "now": uow.clock.now(),
    }
    row = await store.keep_queue(uow.conn, user_id, values, revision)
    if row is None:
        raise VersionConflict()
    return row


def _queue(row: Row[Any]) -> model.Queue:
    return model.Queue(tuple(row.track_ids), row.current, row.position_ms)


async def _saved(conn: AsyncConnection, user_id: UUID, row: Row[Any] | None) -> SavedQueue:
    if row is None:
        return SavedQueue(revision=0, current=None, position_ms=0, changed_by="", changed_at=None, tracks=[])
    works = await catalog.works_by_id(conn, user_id, tracks=set(row.track_ids))
    queue = model.seen_only(_queue(row), works.tracks.keys())
    return SavedQueue(
        revision=row.revision,
        current=queue.current,
        position_ms=queue.position_ms,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        tracks=[works.tracks[track] for track in queue.track_ids],
    )


async def play_now(uow: UnitOfWork, user_id: UUID, track_id: UUID, player: str, *, private: bool | None = None) -> None:
    """A player of this person begins a track. Shown until the track must be over; `private` None asks the person's
    preferences. Raises ContentNotFound."""
    found = await catalog.heard_tracks(uow.conn, user_id, [track_id])
    if not found:
        raise catalog.ContentNotFound()
    now = uow.clock.now()
    if private is None:
        private = await identity.listens_privately(uow.conn, user_id, now)
    length = timedelta(milliseconds=found[0].duration_ms or UNKNOWN_MS)
    values = {
        "user": user_id,
        "key": player_key(player),
        "player": clean(player)[:100],
        "track": track_id,
        "now": now,
        "until": now + length + GRACE,
        "private": private,
    }
    await store.play_now(uow.conn, values)


async def players(conn: AsyncConnection, viewer: UUID, now: datetime) -> list[Player]:
    """The newest first; private sessions and profiles are seen by their own person only."""
    rows: Sequence[Row[Any]] = await store.now_playing(conn, viewer, now)
    names = await identity.names_shown(conn, {row.user_id for row in rows}, viewer)
    return [
        Player(row.user_id, names[row.user_id].handle, row.player, row.number, row.track_id, row.started_at)
        for row in rows
        if row.user_id in names
    ]


async def now_playing(conn: AsyncConnection, viewer: UUID, now: datetime) -> list[NowPlaying]:
    """Of tracks that the viewer may hear."""
    found = await players(conn, viewer, now)
    works = await catalog.works_by_id(conn, viewer, tracks={one.track_id for one in found})
    names = await identity.names_shown(conn, {one.user_id for one in found}, viewer)
    return [
        NowPlaying(
            user_id=out(Kind.USER, one.user_id),
            handle=one.handle,
            display_name=names[one.user_id].display_name,
            player=one.player,
            player_id=one.number,
            started_at=one.started_at,
            track=works.tracks[one.track_id],
        )
        for one in found
        if one.track_id in works.tracks
    ]
