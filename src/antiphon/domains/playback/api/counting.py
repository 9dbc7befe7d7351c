"""Counting listens: those that apps tell of when they are over, and the numbers that follow from any play."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import ContentNotFound
from antiphon.domains.identity import api as identity
from antiphon.domains.playback import model_listens as model
from antiphon.domains.playback.model import least
from antiphon.domains.playback.store import counting as store
from antiphon.domains.playback.store import listens as listens_store
from antiphon.facts.playback import PlayCounted
from antiphon.kit import metrics
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, parse

__all__ = [
    "ALBUM_HEARD",
    "TRACK_HEARD",
    "Heard",
    "Listens",
    "ListensTaken",
    "Report",
    "count_heard_albums",
    "count_plays",
    "count_reports",
    "follow_album",
    "forget_album",
    "forget_private",
    "forget_track",
    "heard",
    "most_played_albums",
    "rebuild_heard",
    "recent_albums",
    "told_before",
    "told_listens",
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


# Their values are the members of Heard.
TRACK_HEARD, ALBUM_HEARD = listens_store.TRACK_HEARD, listens_store.ALBUM_HEARD


@dataclass(frozen=True, slots=True)
class Report:
    """Listens that are over, as one app tells of them."""

    user_id: UUID
    listens: Sequence[tuple[UUID, datetime | None]]
    client: str


def told_listens(told: Listens) -> list[tuple[UUID, datetime | None]]:
    return [(parse(Kind.TRACK, listen.content_id), listen.at) for listen in told.listens]


async def count_reports(uow: UnitOfWork, reports: Sequence[Report]) -> list[int | ContentNotFound]:
    """Count listens of several people at once; answers for each report how many were new.

    Tracks that are gone, or hidden from who tells, are passed over; where none is left, that is the answer. The same
    track within what makes a listen counts once, told by whatever app, at whatever time, or by heartbeats.
    """
    if not reports:
        return []
    now = uow.clock.now()
    heard = await catalog.heard_by_each(uow.conn, {(one.user_id, track) for one in reports for track, _ in one.listens})
    told = [
        [(track, model.believable(at, now)) for track, at in one.listens if track in heard[one.user_id]]
        for one in reports
    ]
    before, free, private = await _known(uow.conn, reports, told, heard, now)
    scrobbles: list[store.Scrobble] = []
    plays: list[store.Play] = []
    answers: list[int | ContentNotFound] = []
    for one, listens in zip(reports, told, strict=True):
        if not listens:
            answers.append(ContentNotFound())
            continue
        tracks = heard[one.user_id]
        durations = {track: tracks[track].duration_ms for track, _ in listens}
        new = model.distinct(listens, before[one.user_id], durations)
        same = model.matched(new, free[one.user_id], durations)
        before[one.user_id] += new
        free[one.user_id] = [session for session in free[one.user_id] if session.id not in same.values()]
        hidden = one.user_id in private
        rows = [_scrobble(one, listen, same.get(listen), hidden) for listen in new]
        scrobbles += rows
        fresh = [row for row in rows if row.session_id is None and tracks[row.track_id].published]
        answers.append(len(fresh))
        plays += [_play(row, tracks[row.track_id]) for row in fresh]
    await count_plays(uow, plays, scrobbles)
    return answers


def _play(row: store.Scrobble, track: catalog.HeardTrack) -> store.Play:
    play_id = new_uuid() if row.private else row.play_id  # nothing leads from the person to a private play
    least_heard = least(track.duration_ms)
    return store.Play(play_id, row.track_id, row.user_id, row.at, track.album_id, row.private, least_heard)


def _scrobble(told: Report, listen: model.Listen, session_id: UUID | None, private: bool) -> store.Scrobble:
    return store.Scrobble(told.user_id, *listen, session_id or new_uuid(), session_id, told.client, private)


async def _known(
    conn: AsyncConnection,
    reports: Sequence[Report],
    told: Sequence[Sequence[model.Listen]],
    heard: Mapping[UUID, Mapping[UUID, catalog.HeardTrack]],
    now: datetime,
) -> tuple[dict[UUID, list[model.Listen]], dict[UUID, list[model.Told]], set[UUID]]:
    """Of each person the scrobbles, and the sessions that may be the same listens; and who listens in private."""
    windows: dict[tuple[UUID, UUID], store.Window] = {}
    for one, listens in zip(reports, told, strict=True):
        for track, at in listens:
            first, last = model.window(at, heard[one.user_id][track].duration_ms)
            wide = windows.get((one.user_id, track))
            if wide is not None:
                first, last = min(first, wide.first), max(last, wide.last)
            windows[one.user_id, track] = store.Window(one.user_id, track, first, last)
    before: dict[UUID, list[model.Listen]] = {one.user_id: [] for one in reports}
    free: dict[UUID, list[model.Told]] = {one.user_id: [] for one in reports}
    private: set[UUID] = set()
    for found in await store.known(conn, windows.values(), identity.LISTEN_PRIVATELY):
        if found.track_id is None:
            if found.at > now:
                private.add(found.user_id)
        elif found.session_id is None:
            before[found.user_id].append((found.track_id, found.at))
        else:
            free[found.user_id].append(model.Told(found.session_id, found.track_id, found.at))
    return before, free, private


async def count_plays(uow: UnitOfWork, plays: Sequence[store.Play], scrobbles: Sequence[store.Scrobble] = ()) -> None:
    """The plays, and every number that follows from them."""
    if not plays and not scrobbles:
        return
    counters = {"count_tracks": catalog.COUNT_PLAYS, "count_people": identity.COUNT_PLAYS}
    await store.add_listens(uow.conn, scrobbles, plays, uow.clock.now(), **counters)
    for play in plays:
        user_id = None if play.private else play.user_id
        uow.add_fact(PlayCounted(subject=play.track_id, session_id=play.id, user_id=user_id, started_at=play.at))
    if plays:
        metrics.PLAYS_COUNTED.inc(len(plays))


async def told_before(uow: UnitOfWork, session: store.Session, duration_ms: int | None) -> bool:
    """Whether an app told of the listen of a session, which is about to count, already."""
    first, last = model.told_between(session.started_at, duration_ms)
    return await listens_store.claim_scrobble(uow.conn, session, first, last)


async def heard(conn: AsyncConnection, user_id: UUID, ids: Collection[UUID]) -> dict[UUID, Heard]:
    """Of tracks and albums alike, in one query; what the person never heard is left out."""
    if not ids:
        return {}
    rows = await listens_store.heard(conn, user_id, ids)
    return {one: Heard(plays or 0, last, position) for one, plays, last, position in rows}


async def count_heard_albums(conn: AsyncConnection, user_id: UUID) -> int:
    return await listens_store.count_albums(conn, user_id)


async def most_played_albums(
    conn: AsyncConnection, user_id: UUID, limit: int | None = None, offset: int = 0
) -> list[UUID]:
    """By the plays of their tracks by this person."""
    return await listens_store.most_albums(conn, user_id, limit, max(0, offset))


async def recent_albums(conn: AsyncConnection, user_id: UUID, limit: int | None = None, offset: int = 0) -> list[UUID]:
    """Those that the person heard last."""
    return await listens_store.last_albums(conn, user_id, limit, max(0, offset))


async def follow_album(uow: UnitOfWork, album_ids: Sequence[UUID]) -> None:
    """Their tracks came or went: what was heard of an album is what was heard of the tracks that are on it."""
    await listens_store.rebuild_albums(uow.conn, album_ids, await catalog.album_tracks(uow.conn, album_ids))


async def forget_track(uow: UnitOfWork, track_id: UUID, album_id: UUID | None) -> None:
    await listens_store.forget_tracks(uow.conn, [track_id])
    if album_id is not None:
        await follow_album(uow, [album_id])


async def forget_album(uow: UnitOfWork, album_id: UUID) -> None:
    await listens_store.forget_albums(uow.conn, [album_id])


async def forget_private(uow: UnitOfWork) -> None:
    """Who listened in private, as soon as nobody needs to know for counting once."""
    await store.forget_private(uow.conn, uow.clock.now())


async def rebuild_heard(uow: UnitOfWork) -> None:
    """What everybody heard, anew from the plays."""
    albums: set[UUID] = set()
    for user_id in await listens_store.listeners(uow.conn):
        await listens_store.hold_listener(uow.conn, user_id)
        tracks = await listens_store.rebuild_heard(uow.conn, user_id)
        found = await catalog.heard_tracks(uow.conn, user_id, tracks)
        albums |= {track.album_id for track in found if track.album_id is not None}
    await follow_album(uow, sorted(albums))
