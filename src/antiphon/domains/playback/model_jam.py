"""A room in which people hear the same at the same time: where it is, who decides, what comes next. No I/O.

Nobody turns a wheel. The head says that an entry is at a position at a moment, and everything else follows from the
time: when it ends the next begins, exactly then. So a room that nobody looked at for an hour is where it should be,
and a server that was away misses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

__all__ = [
    "EMPTY",
    "ENTRIES_MAX",
    "HOST_AWAY",
    "LEAD",
    "LEASE",
    "MEMBERS_MAX",
    "PLAYED_KEPT",
    "Act",
    "Entry",
    "Head",
    "Member",
    "Options",
    "Role",
    "heir",
    "is_over",
    "may",
    "moved",
    "ordered",
    "position_at",
    "settled",
    "skip_needed",
]

ENTRIES_MAX: Final = 500  # to come
PLAYED_KEPT: Final = 20
MEMBERS_MAX: Final = 100
LEAD: Final = timedelta(milliseconds=600)
"""So long before it happens something is told, so that it begins everywhere at once."""
LEASE: Final = timedelta(seconds=90)
HOST_AWAY: Final = timedelta(minutes=10)
"""For so long a host may be away before somebody who is there is host."""
EMPTY: Final = timedelta(minutes=30)
"""So long after the last one left a room is over."""

Role: TypeAlias = Literal["host", "co_host", "listener"]
Act: TypeAlias = Literal["control", "add", "arrange", "manage"]
_MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Head:
    """The current entry is at `position_ms` at the moment `at`, which may lie ahead, and goes on from there if it is
    `playing`. Without an entry `playing` means that whatever is added begins at once."""

    current: UUID | None
    playing: bool
    position_ms: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """`rank` is its place among those with as many votes: its age, until somebody moves it."""

    id: UUID
    track_id: UUID
    duration_ms: int
    rank: int
    added_by: UUID | None = None
    played: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Here until `until`, unless they say so again. `skips`: the entry that they would rather not hear to its end."""

    user_id: UUID
    role: Role
    joined_at: datetime
    until: datetime
    skips: UUID | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """`by_votes`: those with the most votes come first."""

    everybody_adds: bool = True
    everybody_controls: bool = False
    by_votes: bool = True
    locked: bool = False


def position_at(head: Head, now: datetime) -> int:
    """Milliseconds from the beginning of the current entry; before the head's moment, where it will begin."""
    passed = (now - head.at) // _MS if head.playing and head.current is not None else 0
    return head.position_ms + max(0, passed)


def settled(head: Head, current_ms: int, coming: Sequence[Entry], now: datetime) -> tuple[Head, list[UUID]]:
    """Where the room is now, and what was heard to its end since. `current_ms` is the length of the current entry."""
    heard, left, length = [], list(coming), current_ms
    while head.playing and head.current is not None:
        ends = head.at + max(0, length - head.position_ms) * _MS
        if now < ends:
            break
        heard.append(head.current)
        following = left.pop(0) if left else None
        head = Head(following.id if following else None, True, 0, ends)
        length = following.duration_ms if following else 0
    return head, heard


def ordered(entries: Iterable[Entry], scores: dict[UUID, int], by_votes: bool) -> list[Entry]:
    """Those to come. Of as many votes the older is first."""
    coming = [one for one in entries if not one.played]
    return sorted(coming, key=lambda one: (-scores.get(one.id, 0) if by_votes else 0, one.rank))


def may(role: Role, act: Act, options: Options) -> bool:
    """`control` is what plays, `arrange` what others added, `manage` the room and who is in it."""
    if act == "manage":
        return role == "host"
    open_to_all = options.everybody_adds if act == "add" else options.everybody_controls
    return role != "listener" or open_to_all


def skip_needed(members: Iterable[Member], now: datetime) -> int:
    """More than half of those who are here."""
    return sum(one.until > now and not one.removed for one in members) // 2 + 1


def heir(members: Iterable[Member], now: datetime) -> Member | None:
    """Who is host when the host goes: who is here before who is not, a co-host before others, the longest there."""
    others = [one for one in members if one.role != "host" and not one.removed]
    return min(
        others, key=lambda one: (one.until <= now, one.role != "co_host", one.joined_at, one.user_id), default=None
    )


def is_over(members: Iterable[Member], now: datetime) -> bool:
    """Nobody was there for a long time."""
    return all(one.removed or one.until + EMPTY <= now for one in members)


def moved(entries: Sequence[Entry], which: UUID, after: UUID | None) -> list[Entry]:
    """The same entries with other ranks: `which` right behind `after`, or before all. Of entries in their order."""
    taken = next((one for one in entries if one.id == which), None)
    if taken is None or which == after:
        return list(entries)
    rest = [one for one in entries if one.id != which]
    place = 0 if after is None else next((at + 1 for at, one in enumerate(rest) if one.id == after), len(rest))
    rest.insert(place, taken)
    return [replace(one, rank=rank) for rank, one in enumerate(rest)]
