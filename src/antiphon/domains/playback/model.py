"""When a listen counts, and how long a device may keep a track. No I/O."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = [
    "GOES_ON",
    "LEFT_LATELY",
    "LONG_MS",
    "MOST_A_DAY",
    "TOLD_AGAIN",
    "credible_ms",
    "credible_start",
    "kept_until",
    "least",
    "resume_ms",
    "threshold_ms",
]

ENOUGH_MS = 30_000
GRACE_MS = 2_000
LONG_MS = 20 * 60_000
EDGE_MS = 60_000  # so near to its beginning or end a long track begins anew
LEFT_LATELY = timedelta(days=90)
OFFLINE = timedelta(days=30)
GOES_ON = timedelta(days=2)  # as long a session of a private listen may be silent and still be somebody's
TOLD_AGAIN = timedelta(days=31)  # as long somebody may tell of a listen once more
MOST_A_DAY = 1_000  # plays of a person that are paid for


def threshold_ms(duration_ms: int) -> int:
    """30 s, or half of a track shorter than a minute."""
    return min(ENOUGH_MS, max(1, duration_ms // 2))


def least(duration_ms: int | None) -> timedelta:
    """How long somebody has heard a track of which a play counts; two plays of one person begin no closer."""
    return timedelta(milliseconds=ENOUGH_MS if duration_ms is None else threshold_ms(duration_ms))


def resume_ms(position_ms: int | None, duration_ms: int) -> int | None:
    """Where a long track goes on that was left in the middle: nobody looks for a place in a mix of an hour."""
    if position_ms is None or duration_ms < LONG_MS:
        return None
    return position_ms if EDGE_MS <= position_ms <= duration_ms - EDGE_MS else None


def credible_ms(claimed_ms: int, started_at: datetime, now: datetime) -> int:
    """Nobody hears more than the time since they began, plus 2 s for clocks that differ."""
    elapsed = (now - started_at) // timedelta(milliseconds=1)
    return max(0, min(claimed_ms, elapsed + GRACE_MS))


def credible_start(claimed: datetime | None, now: datetime) -> datetime:
    """When a session began. Plays from offline hours are told later; older than 30 days or from the future are not."""
    if claimed is None:
        return now
    return max(now - OFFLINE, min(claimed, now))


def kept_until(*, theirs: bool, now: datetime) -> datetime | None:
    """When a device has to ask again before it plays what it keeps; None: never, it is their own. As long as plays from
    offline hours are believed."""
    return None if theirs else now + OFFLINE
