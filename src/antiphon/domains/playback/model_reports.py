"""What a player reports of itself: where it is between two reports, and whether it has played enough. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from antiphon.domains.playback.model import threshold_ms
from antiphon.domains.playback.model_listens import UNKNOWN_MS

__all__ = ["Playing", "State", "begun", "continued", "heard_enough", "position_ms", "shown_until"]

State = Literal["starting", "playing", "paused"]
GRACE = timedelta(minutes=1)
GIVE_UP = timedelta(minutes=30)
_MOST_RATE = 8.0


@dataclass(frozen=True, slots=True)
class Playing:
    """`heard_ms` of the track by the moment `at`, pauses left out; `duration_ms` None where nobody knows."""

    state: State
    position_ms: int
    at: datetime
    rate: float
    heard_ms: int
    started_at: datetime
    duration_ms: int | None

    @property
    def length_ms(self) -> int:
        return self.duration_ms or UNKNOWN_MS


def begun(state: State, position: int, rate: float, now: datetime, duration_ms: int | None) -> Playing:
    return Playing(state, position, now, believable_rate(rate), 0, now, duration_ms)


def continued(before: Playing, state: State, position: int, rate: float, now: datetime) -> Playing:
    heard = before.heard_ms + _played_ms(before, now)
    return Playing(state, position, now, believable_rate(rate), heard, before.started_at, before.duration_ms)


def believable_rate(rate: float) -> float:
    return rate if 0 < rate <= _MOST_RATE else 1.0


def _played_ms(playing: Playing, now: datetime) -> int:
    """Since it told of itself: no further than to the end."""
    if playing.state == "paused":
        return 0
    passed = max(0.0, (now - playing.at) / timedelta(milliseconds=1)) * playing.rate
    return round(min(passed, max(0, playing.length_ms - playing.position_ms)))


def position_ms(playing: Playing, now: datetime) -> int:
    return playing.position_ms + _played_ms(playing, now)


def _over_at(playing: Playing) -> datetime:
    left = max(0, playing.length_ms - playing.position_ms)
    return playing.at + timedelta(milliseconds=left / playing.rate)


def shown_until(playing: Playing) -> datetime:
    return _over_at(playing) + (GIVE_UP if playing.state == "paused" else GRACE)


def heard_enough(playing: Playing, now: datetime) -> bool:
    """Of what stops now; who says so half an hour after it must have been over is not believed."""
    if now > _over_at(playing) + GIVE_UP and playing.state != "paused":
        return False
    return playing.heard_ms + _played_ms(playing, now) >= threshold_ms(playing.length_ms)
