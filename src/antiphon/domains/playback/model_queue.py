"""The saved queue: a list in which a track may stand twice, and a place in it. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

__all__ = ["QUEUE_MAX", "Queue", "added", "place_of", "seen_only"]

QUEUE_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Queue:
    """`current` counts from 0 and is None where nothing is chosen; `position_ms` is inside the current track."""

    track_ids: tuple[UUID, ...] = ()
    current: int | None = None
    position_ms: int = 0

    def __post_init__(self) -> None:
        if self.current is not None and not 0 <= self.current < len(self.track_ids):
            raise ValueError("the current place is outside the queue")


def place_of(track_ids: Sequence[UUID], current: UUID) -> int | None:
    """The first place of a track, for clients that name the current one by its id alone."""
    return track_ids.index(current) if current in track_ids else None


def seen_only(queue: Queue, seen: Collection[UUID]) -> Queue:
    """Without the tracks that are not to be heard any more. Where the current one is among them, the next that stays
    is current, from its beginning; behind the last that stays there is nothing to go on with but the last itself."""
    kept = [place for place, track in enumerate(queue.track_ids) if track in seen]
    if len(kept) == len(queue.track_ids):
        return queue
    tracks = tuple(queue.track_ids[place] for place in kept)
    if queue.current is None or not kept:
        return Queue(tracks)
    before = sum(place < queue.current for place in kept)
    if queue.current in kept:
        return Queue(tracks, before, queue.position_ms)
    return Queue(tracks, min(before, len(kept) - 1))


def added(queue: Queue, track_ids: Sequence[UUID], *, next_up: bool) -> Queue:
    """At the end, or right behind the current one; the current track stays the current track."""
    at = len(queue.track_ids) if not next_up else 0 if queue.current is None else queue.current + 1
    return replace(queue, track_ids=(*queue.track_ids[:at], *track_ids, *queue.track_ids[at:]))
