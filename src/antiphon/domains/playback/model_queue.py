"""The queue of a person: entries, of which a track may have several, a place in them, and what is done to them. No I/O.

Devices say what they do as commands and name entries, never places, so that what one did without network can be done
after what others did meanwhile: behind an entry that went stays behind where that stood. Whoever comes later finds what
came before him; of two that say where one is, the one who was there later is right.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

__all__ = [
    "QUEUE_MAX",
    "Add",
    "Clear",
    "Command",
    "Entry",
    "Event",
    "Head",
    "Jump",
    "Move",
    "NoRoom",
    "Place",
    "Position",
    "Radio",
    "Remove",
    "Repeat",
    "RepeatMode",
    "Replace",
    "Saved",
    "Shuffle",
    "Unshuffle",
    "place_of",
    "replayed",
    "seen_only",
]

QUEUE_MAX: Final = 10_000
RepeatMode: TypeAlias = Literal["off", "one", "all"]
Place: TypeAlias = UUID | Literal["end", "next", "start"]
"""Behind an entry, at the end, right behind the current one, or before everything."""


class NoRoom(Exception):
    """More than QUEUE_MAX entries."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A queue as apps without entries know it. `current` is a place from 0 and None where nothing is chosen."""

    track_ids: tuple[UUID, ...] = ()
    current: int | None = None
    position_ms: int = 0

    def __post_init__(self) -> None:
        if self.current is not None and not 0 <= self.current < len(self.track_ids):
            raise ValueError("the current place is outside the queue")


@dataclass(slots=True)
class Entry:
    """`mixed` is the rank in the shuffled order, where there is one. `gone_at` is the revision that removed it."""

    id: UUID
    track_id: UUID
    rank: int = 0
    mixed: int | None = None
    gone_at: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """`at` is when somebody was at `position_ms` of the current entry."""

    current: UUID | None = None
    position_ms: int = 0
    at: datetime | None = None
    repeat: RepeatMode = "off"
    shuffled: bool = False
    seed: int | None = None
    radio: bool = False


@dataclass(frozen=True, slots=True)
class Add:
    """Entries that are known already, also as gone ones, are not added again."""

    entries: tuple[tuple[UUID, UUID], ...]
    """(entry, track)"""
    place: Place = "end"


@dataclass(frozen=True, slots=True)
class Remove:
    entries: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """In the order that is played; the original order of a shuffled queue stays as it was."""

    entries: tuple[UUID, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Clear:
    keep_current: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    entries: tuple[tuple[UUID, UUID], ...]
    at: datetime
    current: UUID | None = None
    position_ms: int = 0


@dataclass(frozen=True, slots=True)
class Jump:
    entry: UUID
    position_ms: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Of the current entry; of another one it is told too late."""

    entry: UUID
    position_ms: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Shuffle:
    """The current entry comes first, then the others in an order that follows from the seed."""

    seed: int


@dataclass(frozen=True, slots=True)
class Unshuffle:
    pass


@dataclass(frozen=True, slots=True)
class Repeat:
    mode: RepeatMode


@dataclass(frozen=True, slots=True)
class Radio:
    on: bool


Command: TypeAlias = Add | Remove | Move | Clear | Replace | Jump | Position | Shuffle | Unshuffle | Repeat | Radio


@dataclass(frozen=True, slots=True)
class Event:
    """What one command did. Whoever knows the queue before it takes everything away if `cleared`, then what was
    removed and what is placed, and puts each run of `placed` behind its entry (None: before everything). Where it was
    `reordered`, the order is asked for."""

    head: Head
    cleared: bool = False
    removed: tuple[UUID, ...] = ()
    placed: tuple[tuple[UUID | None, tuple[UUID, ...]], ...] = ()
    reordered: bool = False


def place_of(track_ids: Sequence[UUID], current: UUID) -> int | None:
    """The first place of a track, for clients that name the current one by its id alone."""
    return track_ids.index(current) if current in track_ids else None


def seen_only(queue: Saved, seen: Collection[UUID]) -> Saved:
    """Without the tracks that are not to be heard any more. Where the current one is among them, the next that stays
    is current, from its beginning; behind the last that stays there is nothing to go on with but the last itself."""
    kept = [place for place, track in enumerate(queue.track_ids) if track in seen]
    if len(kept) == len(queue.track_ids):
        return queue
    tracks = tuple(queue.track_ids[place] for place in kept)
    if queue.current is None or not kept:
        return Saved(tracks)
    before = sum(place < queue.current for place in kept)
    if queue.current in kept:
        return Saved(tracks, before, queue.position_ms)
    return Saved(tracks, min(before, len(kept) - 1))


def replayed(order: Sequence[UUID], events: Sequence[Event], final: Sequence[UUID] | None = None) -> list[UUID]:
    """What a device knows after the events, given what it knew before them; `final` where one of them reordered."""
    known = list(order)
    for event in events:
        moved = {one for _, run in event.placed for one in run}
        known = [] if event.cleared else [one for one in known if one not in moved and one not in event.removed]
        for after, run in event.placed:
            at = 0 if after is None else known.index(after) + 1 if after in known else len(known)
            known[at:at] = run
    return known if final is None else list(final)
