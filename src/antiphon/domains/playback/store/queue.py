"""The queue of each person: what stands at its head, its entries, and what was done to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.model_queue import Entry, Event, Head
from antiphon.kit.db import rows

__all__ = [
    "KEPT",
    "Kept",
    "Told",
    "add_events",
    "done_already",
    "entries",
    "events",
    "forget",
    "hold",
    "kept",
    "tracks_of",
    "write",
]

KEPT = 1_000  # events of a person

_HEAD = (
    "SELECT current_id, position_ms, position_at, repeat, shuffled, seed, radio, revision, changed_by, changed_at "
    "FROM playback.queues WHERE user_id = $1"
)
_ADD = "INSERT INTO playback.queues (user_id) VALUES ($1) ON CONFLICT DO NOTHING"
_ENTRIES = "SELECT id, track_id, rank, mixed, gone_at FROM playback.queue_entries WHERE user_id = $1"
_SET_HEAD = """
    UPDATE playback.queues SET current_id = $2, position_ms = $3, position_at = $4, repeat = $5, shuffled = $6,
        seed = $7, radio = $8, revision = $9, changed_by = $10, changed_at = $11 WHERE user_id = $1
"""
_SET_ENTRIES = """
    INSERT INTO playback.queue_entries AS e (user_id, id, track_id, rank, mixed, gone_at)
    SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::int[])
    ON CONFLICT (user_id, id) DO UPDATE SET rank = excluded.rank, mixed = excluded.mixed, gone_at = excluded.gone_at
"""
_DROP = "DELETE FROM playback.queue_entries WHERE user_id = $1 AND id = ANY ($2::uuid[])"
_ADD_EVENTS = """
    INSERT INTO playback.queue_events (user_id, revision, command_id, told_by, told_at, event)
    SELECT $1, r, c, $4, $5, e::jsonb FROM unnest($2::int[], $3::uuid[], $6::text[]) AS t(r, c, e)
"""
_PRUNE = "DELETE FROM playback.queue_events WHERE user_id = $1 AND revision <= $2"
_EVENTS = """
    SELECT revision, command_id, told_by, told_at, event FROM playback.queue_events
    WHERE user_id = $1 AND revision > $2 ORDER BY revision
"""
_DONE = "SELECT command_id FROM playback.queue_events WHERE user_id = $1 AND command_id = ANY ($2::uuid[])"
_TRACKS = "SELECT id, track_id FROM playback.queue_entries WHERE user_id = $1 AND id = ANY ($2::uuid[])"


@dataclass(frozen=True, slots=True)
class Kept:
    """`changed_at` is None where nothing was ever done to it."""

    head: Head
    revision: int
    changed_by: str
    changed_at: datetime | None


class Told(NamedTuple):
    """What became of one command, at which revision."""

    revision: int
    command_id: UUID
    by: str
    at: datetime
    event: Event


def _kept(row: Sequence[Any]) -> Kept:
    return Kept(Head(*row[:7]), *row[7:])


async def kept(conn: AsyncConnection, user_id: UUID) -> Kept:
    found = await rows(conn, _HEAD, user_id)
    return _kept(found[0]) if found else Kept(Head(), 0, "", None)


async def hold(conn: AsyncConnection, user_id: UUID) -> Kept:
    """Whoever changes this person's queue waits until the commit."""
    found = await rows(conn, _HEAD + " FOR UPDATE", user_id)
    if not found:
        await rows(conn, _ADD, user_id)
        found = await rows(conn, _HEAD + " FOR UPDATE", user_id)
    return _kept(found[0])


async def entries(conn: AsyncConnection, user_id: UUID, ids: Collection[UUID] | None = None) -> list[Entry]:
    """All that are known, or those of `ids`; gone ones too, in no order."""
    if ids is None:
        found = await rows(conn, _ENTRIES, user_id)
    else:
        found = await rows(conn, _ENTRIES + " AND id = ANY ($2::uuid[])", user_id, list(ids))
    return [Entry(*row) for row in found]


async def tracks_of(conn: AsyncConnection, user_id: UUID, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By entry."""
    return dict(await rows(conn, _TRACKS, user_id, list(ids))) if ids else {}


async def write(
    conn: AsyncConnection, user_id: UUID, now: Kept, changed: Sequence[Entry], dropped: Collection[UUID]
) -> None:
    """Only what changed."""
    if dropped:
        await rows(conn, _DROP, user_id, list(dropped))
    if changed:
        columns = zip(*((one.id, one.track_id, one.rank, one.mixed, one.gone_at) for one in changed), strict=True)
        await rows(conn, _SET_ENTRIES, user_id, *(list(column) for column in columns))
    head = now.head
    values = (head.current, head.position_ms, head.at, head.repeat, head.shuffled, head.seed, head.radio)
    await rows(conn, _SET_HEAD, user_id, *values, now.revision, now.changed_by, now.changed_at)


async def done_already(conn: AsyncConnection, user_id: UUID, command_ids: Collection[UUID]) -> set[UUID]:
    return {row[0] for row in await rows(conn, _DONE, user_id, list(command_ids))}


async def add_events(conn: AsyncConnection, user_id: UUID, told: Sequence[Told]) -> None:
    """All of one moment; what was told long before goes."""
    last = told[-1]
    revisions, commands = [one.revision for one in told], [one.command_id for one in told]
    what = [msgspec.json.encode(one.event).decode() for one in told]
    await rows(conn, _ADD_EVENTS, user_id, revisions, commands, last.by, last.at, what)
    await rows(conn, _PRUNE, user_id, last.revision - KEPT)


async def events(conn: AsyncConnection, user_id: UUID, since: int) -> list[Told]:
    """Those that are kept, the oldest first."""
    found = await rows(conn, _EVENTS, user_id, since)
    return [Told(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=Event)) for row in found]


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    for table in ("queue_events", "queue_entries", "queues"):
        await conn.execute(text(f"DELETE FROM playback.{table} WHERE user_id = :user"), {"user": user_id})
