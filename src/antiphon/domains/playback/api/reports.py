"""Players that report where they are: shown while they play, counted when they stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.playback import model_reports as model
from antiphon.domains.playback.api.places import keep_playing, playing_of
from antiphon.domains.playback.api.writer import ListenWriter
from antiphon.domains.playback.model_listens import player_key
from antiphon.domains.playback.store import places as store
from antiphon.kit.db import Database

__all__ = ["REPORTED", "PlaybackReport", "report_playback"]

Reported = Literal["starting", "playing", "paused", "stopped"]
REPORTED: Final[tuple[Reported, ...]] = ("starting", "playing", "paused", "stopped")


@dataclass(frozen=True, slots=True)
class PlaybackReport:
    """`counts`: whether what is over by it may count as a play."""

    track_id: UUID
    position_ms: int
    state: Reported
    rate: float = 1.0
    counts: bool = True


async def report_playback(db: Database, writer: ListenWriter, user_id: UUID, player: str, told: PlaybackReport) -> None:
    """What stops, or makes room for another track, is judged by how long it was played. Counted first and forgotten
    then: who reports again after a failure is not counted twice. Raises ContentNotFound."""
    now = db.clock.now()
    async with db.glance(user_id) as conn:
        row = await store.of_player(conn, user_id, player_key(player))
        wanted = {told.track_id} if row is None else {told.track_id, row.track_id}
        durations = {one.id: one.duration_ms for one in await catalog.heard_tracks(conn, user_id, wanted)}
    if told.track_id not in durations:
        raise catalog.ContentNotFound()
    before = playing_of(row, durations[row.track_id]) if row is not None and row.track_id in durations else None
    goes_on = row is not None and row.track_id == told.track_id and told.state not in ("starting", "stopped")
    if row is not None and before is not None and told.counts and not goes_on and model.heard_enough(before, now):
        await writer.scrobble(user_id, [(row.track_id, before.started_at)], player)
    async with db.unit(user_id) as uow:
        if told.state == "stopped":
            await store.forget_player(uow.conn, user_id, player_key(player))
            return
        if goes_on and before is not None:
            present = model.continued(before, told.state, told.position_ms, told.rate, now)
        else:
            present = model.begun(told.state, told.position_ms, told.rate, now, durations[told.track_id])
        private = await identity.listens_privately(uow.conn, user_id, now)
        await keep_playing(uow, user_id, player, told.track_id, present, private)
