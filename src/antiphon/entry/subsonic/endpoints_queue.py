"""The saved queue, by the id of the current song and by its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import api as identity
from antiphon.domains.playback import api as playback
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import MISSING, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, kind_of, parse

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_MS = 10**10
Given = dict[str, Any]


async def _kept(call: Call, conn: AsyncConnection) -> tuple[Given, playback.Saved, list[views.Child]]:
    """What is said of any queue, the queue as far as it is still to be heard, and its songs.

    Whose it is, and when and by whom it changed, is said also of the one that nobody saved yet.
    """
    kept = await playback.kept_queue(conn, call.user_id)
    username = (await identity.names_shown(conn, [call.user_id], call.user_id))[call.user_id].handle
    if kept is None:
        return {"username": username, "changed": NEVER, "changedBy": "", "entry": []}, playback.Saved(), []
    songs = await views.songs_by_id(call, conn, kept.queue.track_ids)
    seen = {parse(Kind.TRACK, song.id) for song in songs}
    queue = playback.seen_only(kept.queue, seen)
    shown = {"username": username, "changed": kept.changed_at, "changedBy": kept.changed_by, "entry": songs}
    return shown, queue, songs


@endpoint("getPlayQueue")
async def get_play_queue(call: Call) -> Answer:
    async with call.reading() as conn:
        shown, queue, songs = await _kept(call, conn)
    if queue.current is not None:
        shown |= {"current": songs[queue.current].id, "position": queue.position_ms}
    return {"playQueue": shown}


@endpoint("getPlayQueueByIndex")
async def get_play_queue_by_index(call: Call) -> Answer:
    async with call.reading() as conn:
        shown, queue, _ = await _kept(call, conn)
    if queue.current is not None:
        shown |= {"currentIndex": queue.current, "position": queue.position_ms}
    return {"playQueueByIndex": shown}


@endpoint("savePlayQueue", cost="write")
async def save_play_queue(call: Call) -> Answer:
    """Without songs it is cleared. A current song that is not in the queue makes none current."""
    tracks = tuple(call.params.ids(Kind.TRACK))
    current = call.params.text("current")
    place = None
    if current is not None and kind_of(current) == Kind.TRACK:
        place = playback.place_of(tracks, parse(Kind.TRACK, current))
    await _save(call, playback.Saved(tracks, place, _position(call)))
    return {}


@endpoint("savePlayQueueByIndex", cost="write")
async def save_play_queue_by_index(call: Call) -> Answer:
    tracks = tuple(call.params.ids(Kind.TRACK))
    place = call.params.whole("currentIndex")
    if tracks and (place is None or not 0 <= place < len(tracks)):
        raise Failed(MISSING, "'currentIndex' is a place in the queue, from 0.")
    await _save(call, playback.Saved(tracks, place if tracks else None, _position(call)))
    return {}


def _position(call: Call) -> int:
    return call.params.number("position", 0, most=LONGEST_MS)


async def _save(call: Call, queue: playback.Saved) -> None:
    async with call.changing() as uow:
        await playback.keep_queue(uow, call.user_id, queue, call.app)
