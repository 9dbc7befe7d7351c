"""Where people are: bookmarks, and what is played now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.playback.api.queue_words import Position
from antiphon.domains.playback.model_listens import player_key
from antiphon.domains.playback.model_reports import Playing, State, begun, position_ms, shown_until
from antiphon.domains.playback.store import places as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean

__all__ = [
    "Bookmark",
    "BookmarkWords",
    "KeptBookmark",
    "NowPlaying",
    "Player",
    "bookmarks",
    "drop_bookmark",
    "keep_playing",
    "kept_bookmarks",
    "now_playing",
    "play_now",
    "players",
    "playing_of",
    "set_bookmark",
]

NOW_PLAYING = "now-playing"  # the topic


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
class Player:
    """The same for other parts of the house."""

    user_id: UUID
    handle: str
    player: str
    number: int
    track_id: UUID
    started_at: datetime
    state: State
    position_ms: int
    rate: float


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


async def play_now(uow: UnitOfWork, user_id: UUID, track_id: UUID, player: str, *, private: bool | None = None) -> None:
    """A player of this person begins a track. Shown until the track must be over; `private` None asks the person's
    preferences. Raises ContentNotFound."""
    found = await catalog.heard_tracks(uow.conn, user_id, [track_id])
    if not found:
        raise catalog.ContentNotFound()
    now = uow.clock.now()
    if private is None:
        private = await identity.listens_privately(uow.conn, user_id, now)
    await keep_playing(uow, user_id, player, track_id, begun("playing", 0, 1.0, now, found[0].duration_ms), private)


async def keep_playing(
    uow: UnitOfWork, user_id: UUID, player: str, track_id: UUID, playing: Playing, private: bool
) -> None:
    """Shown until the track must be over."""
    values = {
        "user": user_id,
        "key": player_key(player),
        "player": clean(player)[:100],
        "track": track_id,
        "started": playing.started_at,
        "until": shown_until(playing),
        "private": private,
        "state": playing.state,
        "position": playing.position_ms,
        "now": playing.at,
        "rate": playing.rate,
        "heard": playing.heard_ms,
    }
    await store.play_now(uow.conn, values)
    if not private:
        uow.say(NOW_PLAYING, "changed", {})  # who may see what is decided when it is fetched


async def players(conn: AsyncConnection, viewer: UUID, now: datetime) -> list[Player]:
    """The newest first; private sessions and profiles are seen by their own person only."""
    rows: Sequence[Row[Any]] = await store.now_playing(conn, viewer, now)
    names = await identity.names_shown(conn, {row.user_id for row in rows}, viewer)
    tracks = await catalog.heard_tracks(conn, viewer, {row.track_id for row in rows})
    durations = {track.id: track.duration_ms for track in tracks}
    shown = []
    for row in rows:
        if row.user_id in names:
            at = position_ms(playing_of(row, durations.get(row.track_id)), now)
            person = names[row.user_id].handle
            told = (row.player, row.number, row.track_id, row.started_at, row.state, at, row.rate)
            shown.append(Player(row.user_id, person, *told))
    return shown


def playing_of(row: Row[Any], duration_ms: int | None) -> Playing:
    at = row.position_at or row.started_at
    return Playing(row.state, row.position_ms, at, row.rate, row.heard_ms, row.started_at, duration_ms)


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
