"""What social keeps of people: what they like, rate, share and say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.social.model import WorkKind, id_kind
from antiphon.domains.social.store import chat, opinions, personal, pre_saves, shares
from antiphon.facts.social import Liked, Rated
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.personal import Contribution, Holding, Luggage, PersonalData

__all__ = ["personal_data"]

BATCH = 500


class LikeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A work that the person likes."""

    id: str
    kind: WorkKind
    liked_at: datetime
    work: catalog.WorkWords | None = None


class RatingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the person gave a work, from 1 to 5."""

    id: str
    kind: WorkKind
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    rated_at: datetime
    work: catalog.WorkWords | None = None


R = TypeVar("R", LikeRecord, RatingRecord)


class ShareRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A link to works that the person made."""

    id: str
    content_ids: list[str]
    description: str
    created_at: datetime
    expires_at: datetime | None
    visits: int
    last_visited_at: datetime | None


class PreSaveRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An album that the person will like once it is public. Its names are empty while it is not announced."""

    id: str
    saved_at: datetime
    title: str = ""
    artist: str = ""


class MessageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the person said in the room."""

    id: str
    text: str
    sent_at: datetime


async def _likes(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[LikeRecord]:
    rows = await opinions.own_likes(conn, user_id)
    words = await _words(conn, user_id, rows)
    for row in rows:
        work = out(id_kind(row.kind), row.work_id)
        yield LikeRecord(id=work, kind=row.kind, liked_at=row.liked_at, work=words.get(row.work_id))


async def _ratings(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[RatingRecord]:
    rows = await opinions.own_ratings(conn, user_id)
    words = await _words(conn, user_id, rows)
    for row in rows:
        yield RatingRecord(
            id=out(id_kind(row.kind), row.work_id),
            kind=row.kind,
            rating=row.rating,
            rated_at=row.rated_at,
            work=words.get(row.work_id),
        )


async def _words(conn: AsyncConnection, user_id: UUID, rows: Sequence[Row[Any]]) -> dict[UUID, catalog.WorkWords]:
    words: dict[UUID, catalog.WorkWords] = {}
    for kind in {row.kind for row in rows}:
        words |= await catalog.describe(conn, user_id, id_kind(kind), [row.work_id for row in rows if row.kind == kind])
    return words


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


async def _pre_saves(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PreSaveRecord]:
    rows = await pre_saves.of_person(conn, user_id)
    announced = await catalog.announcements(conn, [row.work_id for row in rows])
    for row in rows:
        album, found = out(Kind.ALBUM, row.work_id), announced.get(row.work_id)
        if found:
            yield PreSaveRecord(id=album, saved_at=row.saved_at, title=found.title, artist=found.artist.name)
        else:
            yield PreSaveRecord(id=album, saved_at=row.saved_at)


async def _messages(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[MessageRecord]:
    for row in await chat.of_person(conn, user_id):
        yield MessageRecord(id=out(Kind.MESSAGE, row.id), text=row.text, sent_at=row.sent_at)


async def take(luggage: Luggage) -> None:
    """Opinions of works that are here. What the person said here since is not taken back: a like keeps its first time,
    and of two ratings the later stays."""
    await _take(luggage, "likes", LikeRecord, _take_likes)
    await _take(luggage, "ratings", RatingRecord, _take_ratings)


async def _take(
    luggage: Luggage,
    name: str,
    kind: type[R],
    put: Callable[[UnitOfWork, UUID, list[tuple[UUID, R]]], Awaitable[int]],
) -> None:
    async for batch in _batches(luggage.records(name, kind)):
        async with luggage.db.unit(luggage.user_id) as uow:
            works = [catalog.SourceWork(record.id, record.work) for record in batch]
            meant: list[tuple[UUID, R]] = []
            for record, work in zip(batch, await catalog.recognize(uow.conn, luggage, works), strict=True):
                if work.id is None or work.kind is not id_kind(record.kind):
                    luggage.left(name, record.id, work.reason or "invalid_record", work.label)
                else:
                    meant.append((work.id, record))
            if luggage.reviewing:
                luggage.found(name, len(meant))
            else:
                await luggage.taken(uow, name, await put(uow, luggage.user_id, meant))


async def _batches(records: AsyncIterator[R]) -> AsyncIterator[list[R]]:
    batch: list[R] = []
    async for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _take_likes(uow: UnitOfWork, user_id: UUID, likes: Sequence[tuple[UUID, LikeRecord]]) -> int:
    now, new = uow.clock.now(), 0
    for work_id, one in likes:
        if await opinions.like(uow.conn, user_id, work_id, one.kind, min(one.liked_at, now)):
            uow.add_fact(Liked(subject=work_id, user_id=user_id, kind=one.kind))
            new += 1
    return new


async def _take_ratings(uow: UnitOfWork, user_id: UUID, ratings: Sequence[tuple[UUID, RatingRecord]]) -> int:
    now, new = uow.clock.now(), 0
    for work_id, one in ratings:
        at = min(one.rated_at, now)
        if await opinions.rate_unless_later(uow.conn, user_id, work_id, one.kind, one.rating, at):
            uow.add_fact(Rated(subject=work_id, user_id=user_id, kind=one.kind, rating=one.rating))
            new += 1
    return new


async def erase(uow: UnitOfWork, user_id: UUID) -> None:
    await personal.forget(uow.conn, user_id)


def personal_data() -> PersonalData:
    ours, gone = "Until it is taken back, or the account is erased", "Deleted; the counters follow"
    return PersonalData(
        domain="social",
        holdings=(
            Holding("social.likes", "What one likes, and since when", "One's own lists", ours, gone, ("likes",)),
            Holding(
                "social.pre_saves",
                "Planned albums that one will like, and since when",
                "To like them once they are public",
                "Until the album is public or it is taken back, or the account is erased",
                "Deleted",
                ("pre_saves",),
            ),
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
            Contribution("pre_saves", "Planned albums that you pre-saved.", PreSaveRecord, _pre_saves),
            Contribution("ratings", "What you rated.", RatingRecord, _ratings),
            Contribution("shares", "The links that you made.", ShareRecord, _shares),
            Contribution("messages", "What you said in the room.", MessageRecord, _messages),
        ),
        erase=erase,
        take=take,
    )
