"""Counting listens: those that apps tell of when they are over, and the numbers that follow from any play."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.playback import model_listens as model
from antiphon.domains.playback.store import listens as store
from antiphon.facts.playback import PlayCounted
from antiphon.kit import metrics
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, parse

__all__ = [
    "Heard",
    "Listens",
    "ListensTaken",
    "count_heard",
    "count_heard_albums",
    "follow_album",
    "forget_album",
    "forget_track",
    "heard",
    "most_played_albums",
    "rebuild_heard",
    "recent_albums",
    "scrobble",
    "take_listens",
    "told_before",
]


class Listen(msgspec.Struct, frozen=True):
    """`at`: when it began; now, where it is left out."""

    content_id: str
    at: Annotated[datetime, Meta(tz=True)] | None = None


class Listens(msgspec.Struct, frozen=True):
    """Listens that are over, of hours without network too. Telling them again changes nothing."""

    listens: Annotated[list[Listen], Meta(min_length=1, max_length=1_000)]
    client: Annotated[str, Meta(max_length=100)] = ""


class ListensTaken(msgspec.Struct, frozen=True):
    """`new`: how many were not known before, by whatever way they were told."""

    new: int


class Heard(msgspec.Struct, frozen=True):
    """What a person heard of a track or an album; `bookmark_ms` is where in a track they left a bookmark."""

    plays: int = 0
    last_played_at: datetime | None = None
    bookmark_ms: int | None = None


async def take_listens(uow: UnitOfWork, user_id: UUID, told: Listens) -> ListensTaken:
    """Raises ContentNotFound where not one of the tracks is to be heard by the person."""
    listens = [(parse(Kind.TRACK, listen.content_id), listen.at) for listen in told.listens]
    return ListensTaken(await scrobble(uow, user_id, listens, told.client))


async def scrobble(uow: UnitOfWork, user_id: UUID, listens: Sequence[tuple[UUID, datetime | None]], client: str) -> int:
    """Count listens that are over; answers how many were new.

    The same track within what makes a listen counts once, told by whatever app, at whatever time, or by heartbeats.
    Tracks that are gone or hidden are passed over. Raises ContentNotFound where nothing is left.
    """
    tracks = await catalog.heard_tracks(uow.conn, user_id, {track for track, _ in listens})
    known = {track.id: track for track in tracks}
    if not known:
        raise catalog.ContentNotFound()
    await store.hold_listener(uow.conn, user_id)
    now = uow.clock.now()
    told = [(track, model.believable(at, now)) for track, at in listens if track in known]
    durations = {track.id: track.duration_ms for track in tracks}
    windows = [model.window(at, durations[track]) for track, at in told]
    first, last = min(start for start, _ in windows), max(end for _, end in windows)
    before = await store.scrobbles_between(uow.conn, user_id, known.keys(), first, last)
    new = model.distinct(told, before, durations)
    if not new:
        return 0
    sessions = await store.free_sessions(uow.conn, user_id, known.keys(), first, last)
    same = model.matched(new, [model.Told(s.id, s.track_id, s.started_at) for s in sessions], durations)
    rows = [(track, at, same.get((track, at)) or new_uuid(), same.get((track, at))) for track, at in new]
    await store.add_scrobbles(uow.conn, user_id, rows, client[:100], now)
    fresh = [(play, track, at) for track, at, play, session in rows if session is None and known[track].published]
    await _count(uow, user_id, fresh, known)
    return len(fresh)


async def _count(
    uow: UnitOfWork,
    user_id: UUID,
    plays: Sequence[tuple[UUID, UUID, datetime]],
    known: dict[UUID, catalog.HeardTrack],
) -> None:
    if not plays:
        return
    now = uow.clock.now()
    private = await identity.listens_privately(uow.conn, user_id, now)
    await store.add_plays(uow.conn, user_id, plays, now, private=private)
    await store.add_heard(uow.conn, user_id, [(track, known[track].album_id, at) for _, track, at in plays])
    for play, track, at in sorted(plays, key=lambda one: one[1]):  # one order for all, as counters are locked
        await catalog.count_play(uow, track)
        shown = None if private else user_id
        if shown is not None:
            await identity.count_play(uow, shown)
        uow.add_fact(PlayCounted(subject=track, session_id=play, user_id=shown, started_at=at))
        metrics.PLAYS_COUNTED.inc()


async def told_before(uow: UnitOfWork, session: Row[Any]) -> bool:
    """Whether an app told of the listen of a session, which is about to count, already."""
    await store.hold_listener(uow.conn, session.user_id)
    track = await catalog.heard_tracks(uow.conn, session.user_id, [session.track_id])
    first, last = model.told_between(session.started_at, track[0].duration_ms if track else None)
    return await store.claim_scrobble(uow.conn, session, first, last)


async def count_heard(uow: UnitOfWork, user_id: UUID, track_id: UUID, at: datetime) -> None:
    """One more play of a session."""
    album = await catalog.album_of(uow.conn, track_id)
    await store.add_heard(uow.conn, user_id, [(track_id, album, at)])


async def heard(conn: AsyncConnection, user_id: UUID, ids: Collection[UUID]) -> dict[UUID, Heard]:
    """Of tracks and albums alike, in one query; what the person never heard is left out."""
    if not ids:
        return {}
    rows = await store.heard(conn, user_id, ids)
    return {one: Heard(plays or 0, last, position) for one, plays, last, position in rows}


async def count_heard_albums(conn: AsyncConnection, user_id: UUID) -> int:
    return await store.count_albums(conn, user_id)


async def most_played_albums(
    conn: AsyncConnection, user_id: UUID, limit: int | None = None, offset: int = 0
) -> list[UUID]:
    """By the plays of their tracks by this person."""
    return await store.most_albums(conn, user_id, limit, max(0, offset))


async def recent_albums(conn: AsyncConnection, user_id: UUID, limit: int | None = None, offset: int = 0) -> list[UUID]:
    """Those that the person heard last."""
    return await store.last_albums(conn, user_id, limit, max(0, offset))


async def follow_album(uow: UnitOfWork, album_ids: Sequence[UUID]) -> None:
    """Their tracks came or went: what was heard of an album is what was heard of the tracks that are on it."""
    await store.rebuild_albums(uow.conn, album_ids, await catalog.album_tracks(uow.conn, album_ids))


async def forget_track(uow: UnitOfWork, track_id: UUID, album_id: UUID | None) -> None:
    await store.forget_tracks(uow.conn, [track_id])
    if album_id is not None:
        await follow_album(uow, [album_id])


async def forget_album(uow: UnitOfWork, album_id: UUID) -> None:
    await store.forget_albums(uow.conn, [album_id])


async def rebuild_heard(uow: UnitOfWork) -> None:
    """What everybody heard, anew from the plays."""
    albums: set[UUID] = set()
    for user_id in await store.listeners(uow.conn):
        await store.hold_listener(uow.conn, user_id)
        tracks = await store.rebuild_heard(uow.conn, user_id)
        found = await catalog.heard_tracks(uow.conn, user_id, tracks)
        albums |= {track.album_id for track in found if track.album_id is not None}
    await follow_album(uow, sorted(albums))
