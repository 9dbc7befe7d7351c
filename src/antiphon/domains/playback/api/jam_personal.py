"""What rooms keep of people who listen together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.api.jams import leave_jams
from antiphon.domains.playback.store import jams as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.personal import Contribution, Holding

__all__ = ["CONTRIBUTION", "HOLDINGS", "erase"]


class JamVoteRecord(msgspec.Struct, frozen=True, kw_only=True):
    """1 for, -1 against hearing it soon."""

    track_id: str
    value: int


class JamRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A room that one was in, what one added to it, and one's votes."""

    id: str
    role: str
    joined_at: datetime
    here_until: datetime
    shown_out: bool
    added: list[str]
    votes: list[JamVoteRecord]


async def _jams(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[JamRecord]:
    for room_id, member in await store.memberships(conn, user_id):
        added = await store.added_by(conn, room_id, user_id)
        votes = await store.votes_of(conn, room_id, user_id)
        yield JamRecord(
            id=out(Kind.JAM, room_id),
            role=member.role,
            joined_at=member.joined_at,
            here_until=member.until,
            shown_out=member.removed,
            added=[out(Kind.TRACK, track) for track in added],
            votes=[JamVoteRecord(track_id=out(Kind.TRACK, track), value=value) for track, value in votes],
        )


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    """Somebody else is host of their rooms from then on."""
    await leave_jams(uow, user_id)


CONTRIBUTION: Final = Contribution("jams", "Rooms in which you listened together with others.", JamRecord, _jams)
HOLDINGS: Final = (
    Holding(
        "playback.jam_members",
        "Who is in a room to listen together, as what, since when, and until when they were there",
        "To let them in, to ask the right people, and to count those who would skip a track",
        "Until they leave, half an hour after the last one was there, or the account is erased",
        "Deleted; somebody else is host",
        exported=("jams",),
    ),
    Holding(
        "playback.jam_entries",
        "What is to be heard in a room, and who added it",
        "To play it, and to let people take back what they added",
        "Until half an hour after the last one was there",
        "Stays without the person",
        exported=("jams",),
    ),
    Holding(
        "playback.jam_votes",
        "Who would hear what sooner, or later",
        "To order what comes next; others see the sum alone",
        "Until it was heard, or half an hour after the last one was there",
        "Deleted",
        exported=("jams",),
    ),
)
