"""Stars, ratings, listens that are over, and what is heard at this moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_browsing import shelves_of
from antiphon.entry.subsonic.failures import MISSING, Failed, missing
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, parse

Given = dict[str, Any]
KINDS: tuple[tuple[social.WorkKind, Kind], ...] = (
    ("artist", Kind.ARTIST),
    ("album", Kind.ALBUM),
    ("track", Kind.TRACK),
)


def _wanted(call: Call) -> list[str]:
    """Works by whatever name: apps put ids of albums and artists where songs belong. Raises Failed (10)."""
    found = [text for name in ("id", "albumId", "artistId") for text in call.params.texts(name)]
    if not found:
        raise missing("id")
    return found


@endpoint("star", permission="social.like", cost="write")
async def star(call: Call) -> Answer:
    async with call.changing() as uow:
        for content_id in _wanted(call):
            await social.like(uow, call.user_id, content_id)
    return {}


@endpoint("unstar", permission="social.like", cost="write")
async def unstar(call: Call) -> Answer:
    async with call.changing() as uow:
        for content_id in _wanted(call):
            await social.unlike(uow, call.user_id, content_id)
    return {}


@endpoint("setRating", permission="social.like", cost="write")
async def set_rating(call: Call) -> Answer:
    content_id = call.params.needed("id")
    call.params.needed("rating")
    rating = call.params.whole("rating")
    if rating is None or not 0 <= rating <= 5:
        raise Failed(MISSING, "'rating' is 1 to 5, or 0 for none.")
    async with call.changing() as uow:
        await social.rate(uow, call.user_id, content_id, rating)
    return {}


@endpoint("scrobble", cost="write")
async def scrobble(call: Call) -> Answer:
    """What is over counts; with `submission=false` it only begins, and the time of that is now whatever is said."""
    call.params.needed("id")
    tracks = call.params.ids(Kind.TRACK)
    if call.params.flag("submission", True):
        listens = list(zip(tracks, _times(call, len(tracks)), strict=True))
        await call.house.listens.scrobble(call.user_id, listens, call.app)
    else:
        async with call.changing() as uow:
            await playback.play_now(uow, call.user_id, tracks[0], call.app)
    return {}


def _times(call: Call, count: int) -> list[datetime | None]:
    """`time` in milliseconds; one app says `date` in seconds instead."""
    told = call.params.moments("time")
    if not told:
        told = [_of_seconds(number) for number in call.params.numbers("date")]
    return [*told, *[None] * count][:count]


def _of_seconds(number: int) -> datetime | None:
    return datetime.fromtimestamp(number, UTC) if 0 < number < 2**35 else None


@endpoint("reportPlayback", cost="write")
async def report_playback(call: Call) -> Answer:
    """Where a player is; what stops counts if enough of it was played."""
    for name in ("mediaId", "mediaType", "positionMs", "state"):
        call.params.needed(name)
    state = next((one for one in playback.REPORTED if one == call.params.text("state")), None)
    if call.params.text("mediaType") != "song":
        raise Failed(MISSING, "'mediaType' is song.")
    if state is None:
        raise Failed(MISSING, "'state' is starting, playing, paused or stopped.")
    told = playback.PlaybackReport(
        call.params.id(Kind.TRACK, "mediaId"),
        call.params.number("positionMs", 0, most=10**10),
        state,
        call.params.decimal("playbackRate") or 1.0,
        counts=not call.params.flag("ignoreScrobble", False),
    )
    await playback.report_playback(call.house.db, call.house.listens, call.user_id, call.app, told)
    return {}


@endpoint("getNowPlaying")
async def get_now_playing(call: Call) -> Answer:
    async with call.reading() as conn:
        players = await playback.players(conn, call.user_id, call.now)
        songs = await _songs(call, conn, [player.track_id for player in players])
    entries = [
        songs[player.track_id]
        | {
            "username": player.handle,
            "minutesAgo": int((call.now - player.started_at).total_seconds() // 60),
            "playerId": player.number,
            "playerName": player.player,
            "state": player.state,
            "positionMs": player.position_ms,
            "playbackRate": player.rate,
        }
        for player in players
        if player.track_id in songs
    ]
    return {"nowPlaying": {"entry": entries}}


async def _songs(call: Call, conn: AsyncConnection, ids: list[UUID]) -> dict[UUID, Given]:
    shown = await views.songs_by_id(call, conn, list(dict.fromkeys(ids)))
    return {parse(Kind.TRACK, child.id): msgspec.to_builtins(child) for child in shown}


async def _starred(call: Call) -> views.Shown:
    """Artists, albums and songs, each with what was starred last before the others."""
    async with call.reading() as conn:
        shelves = await shelves_of(call, conn)
        wanted = [
            await listing.on_shelves(conn, id_kind, list(await social.starred(conn, call.user_id, kind)), shelves)
            for kind, id_kind in KINDS
        ]
        return await views.all_by_id(call, conn, *wanted)


@endpoint("getStarred2")
async def get_starred2(call: Call) -> Answer:
    found = await _starred(call)
    return {"starred2": {"artist": found.artists, "album": found.albums, "song": found.songs}}


@endpoint("getStarred")
async def get_starred(call: Call) -> Answer:
    found = await _starred(call)
    folders = [views.folder_album_of(album) for album in found.albums]
    return {"starred": {"artist": found.artists, "album": folders, "song": found.songs}}
