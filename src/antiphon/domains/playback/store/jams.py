"""Rooms in which people listen together: read whole, and written where they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.model_jam import EMPTY, Entry, Head, Member, Options
from antiphon.kit.db import rows

__all__ = [
    "Kept",
    "Link",
    "add",
    "added_by",
    "by_code",
    "drop",
    "forget",
    "get",
    "hosted",
    "is_member",
    "memberships",
    "of_person",
    "over",
    "votes_of",
    "write",
]

_ROOM = """
    SELECT id, revision, created_at, current_id, playing, position_ms, at,
        everybody_adds, everybody_controls, by_votes, locked, code, code_expires_at
    FROM playback.jam_rooms WHERE id = $1
"""
_MEMBERS = "SELECT user_id, role, joined_at, until, skips, removed FROM playback.jam_members WHERE room_id = $1"
_ENTRIES = "SELECT id, track_id, duration_ms, rank, added_by, played FROM playback.jam_entries WHERE room_id = $1"
_VOTES = "SELECT entry_id, user_id, value FROM playback.jam_votes WHERE room_id = $1"
_ADD = """
    INSERT INTO playback.jam_rooms (id, created_at, playing, position_ms, at) VALUES ($1, $2, false, 0, $2)
"""
_SET_ROOM = """
    UPDATE playback.jam_rooms SET revision = $2, current_id = $3, playing = $4, position_ms = $5, at = $6,
        everybody_adds = $7, everybody_controls = $8, by_votes = $9, locked = $10, code = $11, code_expires_at = $12
    WHERE id = $1
"""
_SET_MEMBERS = """
    INSERT INTO playback.jam_members (room_id, user_id, role, joined_at, until, skips, removed)
    SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::uuid[], $7::boolean[])
    ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at,
        until = excluded.until, skips = excluded.skips, removed = excluded.removed
"""
_SET_ENTRIES = """
    INSERT INTO playback.jam_entries (room_id, id, track_id, duration_ms, rank, added_by, played)
    SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::uuid[], $7::boolean[])
    ON CONFLICT (room_id, id) DO UPDATE SET rank = excluded.rank, played = excluded.played
"""
_SET_VOTES = """
    INSERT INTO playback.jam_votes (room_id, entry_id, user_id, value)
    SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::int[])
    ON CONFLICT (room_id, entry_id, user_id) DO UPDATE SET value = excluded.value
"""
_DROP_VOTES = """
    DELETE FROM playback.jam_votes v USING unnest($2::uuid[], $3::uuid[]) AS g(entry, person)
    WHERE v.room_id = $1 AND v.entry_id = g.entry AND v.user_id = g.person
"""
_DROP_ENTRIES = "DELETE FROM playback.jam_entries WHERE room_id = $1 AND id = ANY ($2::uuid[])"
_DROP_MEMBERS = "DELETE FROM playback.jam_members WHERE room_id = $1 AND user_id = ANY ($2::uuid[])"
_IN = "SELECT room_id FROM playback.jam_members WHERE user_id = $1 AND NOT removed ORDER BY joined_at DESC LIMIT 100"
_HOSTED = "SELECT count(*) FROM playback.jam_members WHERE user_id = $1 AND role = 'host'"
_OVER = """
    SELECT r.id FROM playback.jam_rooms r WHERE NOT EXISTS (
        SELECT FROM playback.jam_members m WHERE m.room_id = r.id AND NOT m.removed AND m.until + $2 > $1)
    ORDER BY r.id LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Link:
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """`votes` by (entry, person). Members who were shown out are among the members."""

    id: UUID
    revision: int
    created_at: datetime
    head: Head
    options: Options
    link: Link | None
    members: Mapping[UUID, Member]
    entries: Mapping[UUID, Entry]
    votes: Mapping[tuple[UUID, UUID], int]


async def get(conn: AsyncConnection, room_id: UUID, *, hold: bool = False) -> Kept | None:
    """None where there is none, or none that the person is in. `hold`: whoever changes it waits until the commit."""
    found = await rows(conn, _ROOM + (" FOR UPDATE" if hold else ""), room_id)
    if not found:
        return None
    one = found[0]
    return Kept(
        id=one[0],
        revision=one[1],
        created_at=one[2],
        head=Head(*one[3:7]),
        options=Options(*one[7:11]),
        link=Link(one[11], one[12]) if one[11] is not None else None,
        members={row[0]: Member(*row) for row in await rows(conn, _MEMBERS, room_id)},
        entries={row[0]: Entry(*row) for row in await rows(conn, _ENTRIES, room_id)},
        votes={(row[0], row[1]): row[2] for row in await rows(conn, _VOTES, room_id)},
    )


async def add(conn: AsyncConnection, room_id: UUID, now: datetime) -> None:
    """An empty one, without anybody."""
    await rows(conn, _ADD, room_id, now)


async def write(conn: AsyncConnection, before: Kept, now: Kept) -> None:
    """Only what is different. Members that go last, because with oneself goes what one sees."""
    await _write_room(conn, now)
    fresh = [one for key, one in now.entries.items() if before.entries.get(key) != one]
    if fresh:
        ids, tracks, lengths, ranks, by, played = _columns(
            [(one.id, one.track_id, one.duration_ms, one.rank, one.added_by, one.played) for one in fresh]
        )
        await rows(conn, _SET_ENTRIES, now.id, ids, tracks, lengths, ranks, by, played)
    gone = [key for key in before.entries if key not in now.entries]
    if gone:
        await rows(conn, _DROP_ENTRIES, now.id, gone)
    votes = [(*key, value) for key, value in now.votes.items() if before.votes.get(key) != value]
    if votes:
        await rows(conn, _SET_VOTES, now.id, *_columns(votes))
    taken_back = [key for key in before.votes if key not in now.votes]
    if taken_back:
        await rows(conn, _DROP_VOTES, now.id, *_columns(taken_back))
    people = [one for key, one in now.members.items() if before.members.get(key) != one]
    if people:
        columns = [(one.user_id, one.role, one.joined_at, one.until, one.skips, one.removed) for one in people]
        await rows(conn, _SET_MEMBERS, now.id, *_columns(columns))
    left = [key for key in before.members if key not in now.members]
    if left:
        await rows(conn, _DROP_MEMBERS, now.id, left)


async def _write_room(conn: AsyncConnection, now: Kept) -> None:
    head, options, link = now.head, now.options, now.link
    await rows(
        conn,
        _SET_ROOM,
        now.id,
        now.revision,
        head.current,
        head.playing,
        head.position_ms,
        head.at,
        options.everybody_adds,
        options.everybody_controls,
        options.by_votes,
        options.locked,
        link.code if link else None,
        link.expires_at if link else None,
    )


def _columns(found: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*found, strict=True)]


async def by_code(conn: AsyncConnection, code: str, now: datetime) -> UUID | None:
    """None for links that ran out, too."""
    found = await rows(conn, "SELECT id FROM playback.jam_rooms WHERE code = $1 AND code_expires_at > $2", code, now)
    return found[0][0] if found else None


async def is_member(conn: AsyncConnection, room_id: UUID, user_id: UUID) -> bool:
    statement = "SELECT FROM playback.jam_members WHERE room_id = $1 AND user_id = $2 AND NOT removed"
    return bool(await rows(conn, statement, room_id, user_id))


async def of_person(conn: AsyncConnection, user_id: UUID) -> list[UUID]:
    """The room that they came into last first."""
    return [row[0] for row in await rows(conn, _IN, user_id)]


async def hosted(conn: AsyncConnection, user_id: UUID) -> int:
    return int((await rows(conn, _HOSTED, user_id))[0][0])


async def over(conn: AsyncConnection, now: datetime) -> list[UUID]:
    """Rooms that nobody was in for a long time."""
    return [row[0] for row in await rows(conn, _OVER, now, EMPTY)]


async def drop(conn: AsyncConnection, room_id: UUID) -> None:
    await rows(conn, "DELETE FROM playback.jam_rooms WHERE id = $1", room_id)


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    """What is left of somebody in rooms that they were shown out of, or left. What they added stays, of nobody."""
    await rows(conn, "DELETE FROM playback.jam_votes WHERE user_id = $1", user_id)
    await rows(conn, "DELETE FROM playback.jam_members WHERE user_id = $1", user_id)
    await rows(conn, "UPDATE playback.jam_entries SET added_by = NULL WHERE added_by = $1", user_id)


async def added_by(conn: AsyncConnection, room_id: UUID, user_id: UUID) -> list[UUID]:
    """Tracks, in the order in which they were added."""
    statement = "SELECT track_id FROM playback.jam_entries WHERE room_id = $1 AND added_by = $2 ORDER BY id"
    return [row[0] for row in await rows(conn, statement, room_id, user_id)]


async def memberships(conn: AsyncConnection, user_id: UUID) -> list[tuple[UUID, Member]]:
    """(room, what one is in it), the oldest first, those that one was shown out of too."""
    statement = """
        SELECT room_id, user_id, role, joined_at, until, skips, removed FROM playback.jam_members
        WHERE user_id = $1 ORDER BY joined_at, room_id
    """
    return [(row[0], Member(*row[1:])) for row in await rows(conn, statement, user_id)]


async def votes_of(conn: AsyncConnection, room_id: UUID, user_id: UUID) -> list[tuple[UUID, int]]:
    """(track, vote)."""
    statement = """
        SELECT e.track_id, v.value FROM playback.jam_votes v
        JOIN playback.jam_entries e ON (e.room_id, e.id) = (v.room_id, v.entry_id)
        WHERE v.room_id = $1 AND v.user_id = $2 ORDER BY e.id
    """
    return [(row[0], row[1]) for row in await rows(conn, statement, room_id, user_id)]
