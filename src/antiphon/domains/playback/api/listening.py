"""Who may hear what, by which links, and what counts as a play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.media import api as media
from antiphon.domains.playback import manifests, model
from antiphon.domains.playback.api.adaptive import STREAM_PATH
from antiphon.domains.playback.api.choosing import (
    Decision,
    Listener,
    decision_among,
    decision_of,
    heard_by,
    wanting,
)
from antiphon.domains.playback.api.counting import count_plays, rebuild_heard, told_before
from antiphon.domains.playback.api.places import play_now
from antiphon.domains.playback.errors import EventIdReused, NotPlayable, PlaySessionNotFound
from antiphon.domains.playback.model_choice import Device, Network
from antiphon.domains.playback.store import counting as store_counting
from antiphon.domains.playback.store import plays as store
from antiphon.domains.playback.store.counting import Play, Session
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, out, parse

__all__ = [
    "Beat",
    "Counted",
    "Gapless",
    "PlayProgress",
    "PlayStart",
    "ProgressiveFile",
    "StartedPlay",
    "Stream",
    "beat_of",
    "count_beats",
    "recount",
    "start_play",
    "stream",
    "waveform",
]

OWN_PLAYER = "Antiphon"


class ProgressiveFile(msgspec.Struct, frozen=True):
    """One file; ranges are inclusive byte offsets, samples are at `sample_rate`. One that is made `on_demand` has about
    so many bytes, and no ranges are answered before it is whole."""

    url: str
    quality: str
    codec: str
    container: str
    mime: str
    bitrate_kbps: int
    bytes: int
    sample_rate: int
    channels: int
    delay_samples: int
    padding_samples: int
    total_samples: int
    init_range: tuple[int, int] | None
    index_range: tuple[int, int] | None
    on_demand: bool = False


class Gapless(msgspec.Struct, frozen=True):
    """Of the best rendition: what to drop at the start and the end, and what sounds between."""

    delay_samples: int
    padding_samples: int
    total_samples: int
    sample_rate: int


class Stream(msgspec.Struct, frozen=True):
    """Everything a player needs; links hold until `expires_at` and are the same for all who are entitled,
    but for those to what is made on demand, which tell encoders one listener from another.

    `resume_ms`: where the person left a track of twenty minutes or more in the middle.

    A track without renditions is heard by its original, by a file made on demand, or by `segmented` ones, whose pieces
    are made as they are asked for; its manifests lead to those.
    """

    content_id: str
    hls: str | None
    dash: str | None
    progressive: list[ProgressiveFile]
    segmented: list[media.SegmentedFile]
    preview: ProgressiveFile | None
    duration_ms: int
    loudness: catalog.Loudness | None
    album_loudness: catalog.Loudness | None
    gapless: Gapless | None
    waveform_url: str | None
    lyrics_url: str | None
    resume_ms: int | None
    complete: bool
    expires_at: datetime
    decision: Decision


Milliseconds = Annotated[int, Meta(ge=0, le=10**10)]


class PlayStart(msgspec.Struct, frozen=True):
    """`started_at`: where the listen happened offline and is told later. `private`: it counts and leaves no trace, as
    in a private session."""

    content_id: str
    event_id: UUID
    started_at: Annotated[datetime, Meta(tz=True)] | None = None
    private: bool = False


class PlayProgress(msgspec.Struct, frozen=True):
    """`played_ms` is the sum heard in this session so far; repeats and late ones harm nothing."""

    session_id: str
    event_id: UUID
    position_ms: Milliseconds
    played_ms: Milliseconds


class StartedPlay(msgspec.Struct, frozen=True):
    session_id: str


class Counted(msgspec.Struct, frozen=True):
    counted: bool


async def stream(
    conn: AsyncConnection,
    tools: media.MediaTools,
    listener: Listener,
    content_id: str,
    device: Device | None = None,
    network: Network | None = None,
) -> Stream:
    """The signed description of how to hear a track, and what of it suits the device. Two queries."""
    device, network = device or wanting(None), network or Network()
    track = await heard_by(conn, listener, parse(Kind.TRACK, content_id))
    result = await media.media_result(conn, tools, track.id, track.owner_id)
    if track.duration_ms is None:
        raise NotPlayable()
    if not result.renditions:
        return await _on_demand(conn, tools, listener, track, content_id, result, device, network)
    base = f"{STREAM_PATH}/{content_id}"
    best = manifests.streamable(result.renditions)[-1:] or result.renditions[-1:]
    return Stream(
        content_id=content_id,
        hls=tools.links.sign(f"{base}/master.m3u8"),
        dash=tools.links.sign(f"{base}/manifest.mpd"),
        progressive=[_file(rendition) for rendition in result.renditions],
        segmented=[],
        preview=_file(result.preview) if result.preview else None,
        duration_ms=track.duration_ms,
        loudness=result.loudness,
        album_loudness=track.album_loudness,
        gapless=Gapless(best[0].delay_samples, best[0].padding_samples, best[0].total_samples, best[0].sample_rate),
        waveform_url=tools.links.sign(f"{base}/waveform") if result.has_waveform else None,
        lyrics_url=_lyrics(track, content_id),
        resume_ms=await _left_at(conn, tools, listener, track),
        complete=track.renditions_complete,
        expires_at=tools.links.expiry(),
        decision=decision_among(result.renditions, device, network),
    )


async def _on_demand(
    conn: AsyncConnection,
    tools: media.MediaTools,
    listener: Listener,
    track: catalog.PlayableTrack,
    content_id: str,
    result: media.MediaResult,
    device: Device,
    network: Network,
) -> Stream:
    original = await media.original_of(conn, track.id)
    if original is None or track.duration_ms is None:
        raise NotPlayable()
    measures = await media.file_measures(conn, track.id)
    base = f"{STREAM_PATH}/{content_id}"
    waveform_url = tools.links.sign(f"{base}/waveform") if measures.has_waveform else None
    tools = tools.heard_by(listener.user_id)
    return Stream(
        content_id=content_id,
        hls=tools.links.sign(f"{base}/master.m3u8"),
        dash=tools.links.sign(f"{base}/manifest.mpd"),
        progressive=[_offered(offer, track.duration_ms) for offer in media.offers(tools, original)],
        segmented=media.segmented(tools, original),
        preview=None,
        duration_ms=track.duration_ms,
        loudness=result.loudness or measures.track,
        album_loudness=measures.album or track.album_loudness,
        gapless=None,
        waveform_url=waveform_url,
        lyrics_url=_lyrics(track, content_id),
        resume_ms=await _left_at(conn, tools, listener, track),
        complete=True,
        expires_at=tools.links.expiry(),
        decision=decision_of(tools, original, device, network),
    )


async def _left_at(
    conn: AsyncConnection, tools: media.MediaTools, listener: Listener, track: catalog.PlayableTrack
) -> int | None:
    if listener.user_id is None or track.duration_ms is None or track.duration_ms < model.LONG_MS:
        return None
    since = tools.links.clock.now() - model.LEFT_LATELY
    return model.resume_ms(await store.left_at(conn, listener.user_id, track.id, since), track.duration_ms)


def _lyrics(track: catalog.PlayableTrack, content_id: str) -> str | None:
    """Asked for as its reader, like all of the catalogue: words are not bytes of a recording."""
    return f"/api/v1/tracks/{content_id}/lyrics" if track.has_lyrics else None


def _offered(offer: media.Offer, duration_ms: int) -> ProgressiveFile:
    return ProgressiveFile(
        **asdict(offer),
        delay_samples=0,
        padding_samples=0,
        total_samples=duration_ms * offer.sample_rate // 1000,
        init_range=None,
        index_range=None,
        on_demand=offer.quality != media.ORIGINAL,
    )


def _file(rendition: media.MediaRendition) -> ProgressiveFile:
    names = [name for name in ProgressiveFile.__struct_fields__ if name != "on_demand"]
    return ProgressiveFile(**{name: getattr(rendition, name) for name in names})


async def waveform(conn: AsyncConnection, content_id: str) -> media.Waveform:
    return await media.waveform(conn, parse(Kind.TRACK, content_id))


async def start_play(uow: UnitOfWork, listener: Listener, start: PlayStart) -> StartedPlay:
    """Open a session. The same event id finds the same session; drafts are heard without being counted.

    Raises EventIdReused where the id began another play."""
    track = await heard_by(uow.conn, listener, parse(Kind.TRACK, start.content_id))
    now = uow.clock.now()
    private = start.private
    if listener.user_id is not None and not private:
        private = await identity.listens_privately(uow.conn, listener.user_id, now)
    values = {
        "track_id": track.id,
        "user_id": listener.user_id,
        "event_id": start.event_id,
        "started_at": model.credible_start(start.started_at, now),
        "threshold_ms": model.threshold_ms(track.duration_ms or 0) if track.published else None,
        "private": private,
        "now": now,
    }
    session_id = await store.insert_session(uow.conn, values)
    if session_id is None:
        raise EventIdReused()
    if track.in_library:
        await media.measure_later(uow, track.id)
    if listener.user_id is not None and track.published and start.started_at is None:
        await play_now(uow, listener.user_id, track.id, OWN_PLAYER, private=private)
    return StartedPlay(out(Kind.PLAY_SESSION, session_id))


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat of a listener; `user_id` None is a guest's."""

    user_id: UUID | None
    session_id: UUID
    position_ms: int
    played_ms: int


def beat_of(listener: Listener, progress: PlayProgress) -> Beat:
    """Raises NotFound for what cannot be the id of a session."""
    session_id = parse(Kind.PLAY_SESSION, progress.session_id)
    return Beat(listener.user_id, session_id, progress.position_ms, progress.played_ms)


async def count_beats(uow: UnitOfWork, beats: Sequence[Beat]) -> list[Counted | PlaySessionNotFound]:
    """Take heartbeats of several people at once; the one that passes its threshold counts the play, once."""
    if not beats:
        return []
    now = uow.clock.now()
    sessions = await store_counting.lock_sessions(uow.conn, {beat.session_id for beat in beats})
    told, counting = dict[UUID, Session](), list[Session]()
    answers: list[Counted | PlaySessionNotFound] = []
    for beat in beats:
        session = sessions.get(beat.session_id)
        if session is None or session.user_id != beat.user_id:
            answers.append(PlaySessionNotFound())
            continue
        session.position_ms = beat.position_ms
        session.played_ms = max(session.played_ms, model.credible_ms(beat.played_ms, session.started_at, now))
        threshold = session.threshold_ms
        if session.counted_at is None and threshold is not None and session.played_ms >= threshold:
            session.counted_at = now
            counting.append(session)
        told[session.id] = session
        answers.append(Counted(session.counted_at is not None))
    if told:
        await store_counting.set_beats(uow.conn, told.values(), now)
    await _count(uow, counting)
    return answers


async def _count(uow: UnitOfWork, sessions: Sequence[Session]) -> None:
    """Sessions that have passed their thresholds, but for those whose listens apps told of already."""
    if not sessions:
        return
    tracks = {track.id: track for track in await catalog.heard_tracks(uow.conn, None, {s.track_id for s in sessions})}
    plays = []
    for session in sessions:
        track = tracks.get(session.track_id)
        if session.user_id is not None and await told_before(uow, session, track.duration_ms if track else None):
            continue
        album = track.album_id if track else None
        heard = model.least(track.duration_ms if track else None)
        play_id = new_uuid() if session.private else session.id  # nothing leads from the person to a private play
        plays.append(
            Play(play_id, session.track_id, session.user_id, session.started_at, album, session.private, heard)
        )
    await count_plays(uow, plays)


async def recount(uow: UnitOfWork) -> int:
    """Put every play counter right from the plays themselves; answers how many were wrong."""
    await rebuild_heard(uow)
    wrong = await catalog.set_play_counts(uow, await store.plays_by_track(uow.conn))
    return wrong + await identity.set_play_counts(uow, await store.plays_by_listener(uow.conn))
