"""What social keeps of people: what they like, rate, share and say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.social.model import WorkKind, id_kind
from antiphon.domains.social.store import chat, opinions, personal, shares
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.personal import Contribution, Holding, PersonalData

__all__ = ["personal_data"]


class LikeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A work that the person likes."""

    id: str
    kind: WorkKind
    liked_at: datetime


class RatingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the person gave a work, from 1 to 5."""

    id: str
    kind: WorkKind
    rating: int
    rated_at: datetime


class ShareRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A link to works that the person made."""

    id: str
    content_ids: list[str]
    description: str
    created_at: datetime
    expires_at: datetime | None
    visits: int
    last_visited_at: datetime | None


class MessageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the person said in the room."""

    id: str
    text: str
    sent_at: datetime


async def _likes(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[LikeRecord]:
    for row in await opinions.own_likes(conn, user_id):
        yield LikeRecord(id=out(id_kind(row.kind), row.work_id), kind=row.kind, liked_at=row.liked_at)


async def _ratings(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[RatingRecord]:
    for row in await opinions.own_ratings(conn, user_id):
        work = out(id_kind(row.kind), row.work_id)
        yield RatingRecord(id=work, kind=row.kind, rating=row.rating, rated_at=row.rated_at)


async def _shares(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ShareRecord]:
    rows = await shares.of_person(conn, user_id)
    works: dict[UUID, list[str]] = {row.id: [] for row in rows}
    for item in await shares.items(conn, list(works)):
        works[item.share_id].append(out(id_kind(item.kind), item.work_id))
    for row in rows:
        yield ShareRecord(
            id=out(Kind.SHARE, row.id),
            content_ids=works[row.id],
            description=row.description,
            created_at=row.created_at,
            expires_at=row.expires_at,
            visits=row.visits,
            last_visited_at=row.last_visited_at,
        )


async def _messages(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[MessageRecord]:
    for row in await chat.of_person(conn, user_id):
        yield MessageRecord(id=out(Kind.MESSAGE, row.id), text=row.text, sent_at=row.sent_at)


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    await personal.forget(uow.conn, user_id)


def personal_data() -> PersonalData:
    ours, gone = "Until it is taken back, or the account is erased", "Deleted; the counters follow"
    return PersonalData(
        domain="social",
        holdings=(
            Holding("social.likes", "What one likes, and since when", "One's own lists", ours, gone, ("likes",)),
            Holding("social.ratings", "What one rated, and how", "One's own stars", ours, gone, ("ratings",)),
            Holding(
                "social.shares",
                "Links to works, with words for their visitors, and how often they were opened",
                "To show the works to whoever has the link",
                ours,
                "Deleted: the link opens nothing any more",
                ("shares",),
            ),
            Holding(
                "social.messages",
                "What one said in the room",
                "So that others can read it",
                ours,
                "Deleted",
                ("messages",),
            ),
        ),
        contributions=(
            Contribution("likes", "What you like.", LikeRecord, _likes),
            Contribution("ratings", "What you rated.", RatingRecord, _ratings),
            Contribution("shares", "The links that you made.", ShareRecord, _shares),
            Contribution("messages", "What you said in the room.", MessageRecord, _messages),
        ),
        erase=erase,
    )
