"""Which listens are one and the same, told twice. No I/O.

Apps tell of a listen once it is over (a scrobble), our own player by heartbeats (a session), and some tell twice or
both. Two counted listens of one person to one track cannot begin closer than what makes one count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from antiphon.domains.playback.model import threshold_ms

__all__ = ["Told", "believable", "distinct", "matched", "player_key", "same_listen", "told_between", "window"]

UNKNOWN_MS = 60_000
CLOCKS_DIFFER = timedelta(seconds=30)
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
Listen = tuple[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Told:
    """A session that counted, or a scrobble: who told it, of which track, when the listen began."""

    id: UUID
    track_id: UUID
    at: datetime


def believable(at: datetime | None, now: datetime) -> datetime:
    """In whole seconds. No time, one near 1970 and one from the future mean: now."""
    if at is None or at < LONG_AGO or at > now:
        at = now
    return at.replace(microsecond=0)


def _shortest(duration_ms: int | None) -> timedelta:
    return timedelta(milliseconds=threshold_ms(duration_ms or UNKNOWN_MS))


def same_listen(one: datetime, other: datetime, duration_ms: int | None) -> bool:
    """Two scrobbles of one track."""
    return one == other or abs(one - other) < _shortest(duration_ms)


def distinct(told: Iterable[Listen], known: Iterable[Listen], durations: dict[UUID, int | None]) -> list[Listen]:
    """Of what an app tells, the oldest first, what is neither known nor told before in the same breath."""
    taken: dict[UUID, list[datetime]] = {}
    for track, at in known:
        taken.setdefault(track, []).append(at)
    new = []
    for track, at in sorted(told, key=lambda listen: (listen[1], listen[0])):
        before = taken.setdefault(track, [])
        if not any(same_listen(at, other, durations.get(track)) for other in before):
            before.append(at)
            new.append((track, at))
    return new


def window(at: datetime, duration_ms: int | None) -> tuple[datetime, datetime]:
    """Between which beginnings a session may be the same listen: apps tell its beginning, or its end."""
    return at - timedelta(milliseconds=duration_ms or UNKNOWN_MS) - CLOCKS_DIFFER, at + CLOCKS_DIFFER


def told_between(started_at: datetime, duration_ms: int | None) -> tuple[datetime, datetime]:
    """The same from the session's side: which times an app may have said."""
    length = timedelta(milliseconds=duration_ms or UNKNOWN_MS)
    return started_at - CLOCKS_DIFFER, started_at + length + CLOCKS_DIFFER


def matched(
    listens: Sequence[Listen], sessions: Iterable[Told], durations: dict[UUID, int | None]
) -> dict[Listen, UUID]:
    """Which session told of the same listen, each at most once, and each listen the nearest that is left."""
    free = list(sessions)
    found: dict[Listen, UUID] = {}
    for track, at in listens:
        first, last = window(at, durations.get(track))
        near = [told for told in free if told.track_id == track and first <= told.at <= last]
        if near:
            nearest = min(near, key=lambda told: (abs(told.at - at), told.id))
            free.remove(nearest)
            found[track, at] = nearest.id
    return found


def player_key(name: str) -> str:
    """One app calls itself `Feishin` here and `feishin_` there, and is one player."""
    return "".join(c for c in name.casefold() if c.isalnum())[:100]
