"""Likes and ratings: giving them, taking them back, and what the rest of the house asks about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.social.model import WorkKind, id_kind
from antiphon.domains.social.store import opinions as store
from antiphon.facts.social import Liked, Rated, Unliked
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import Kind, kind_of, out, parse
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = [
    "OPINION",
    "Like",
    "Mark",
    "Opinion",
    "count_rated_albums",
    "count_starred",
    "forget_works",
    "highest_rated_albums",
    "like",
    "likes",
    "marks",
    "move_works",
    "move_works_back",
    "opinions",
    "own_opinions",
    "rate",
    "starred",
    "unlike",
]

OPINION = store.OPINION  # the values are an Opinion's members
_WORKS = frozenset({Kind.TRACK, Kind.ALBUM, Kind.ARTIST})


class Like(msgspec.Struct, frozen=True, kw_only=True):
    """A work that the person likes; it stands in the member of its kind. All three are null where it is not to be
    seen any more."""

    id: str
    kind: WorkKind
    liked_at: datetime
    track: catalog.Track | None = None
    album: catalog.AlbumCard | None = None
    artist: catalog.Artist | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What the person thinks of a work, and everybody together. `average` is of ratings from 1 to 5."""

    id: str
    liked_at: datetime | None
    rating: int | None
    likes: int
    raters: int
    average: float | None


class Opinion(msgspec.Struct, frozen=True):
    """The same for other parts of the house, where ids are inside."""

    liked_at: datetime | None = None
    rating: int | None = None
    average: float | None = None


async def like(uow: UnitOfWork, user_id: UUID, content_id: str) -> None:
    """Liking again changes nothing, not even the time. Raises NotFound where the person sees no such work."""
    kind, work_id = await catalog.require_seen(uow.conn, user_id, content_id)
    name = kind.name.lower()
    if await store.like(uow.conn, user_id, work_id, name, uow.clock.now()):
        uow.add_fact(Liked(subject=work_id, user_id=user_id, kind=name))


async def unlike(uow: UnitOfWork, user_id: UUID, content_id: str) -> None:
    """Taking back what was not given changes nothing. Works that are not seen any more can be let go too."""
    kind, work_id = _named(content_id)
    if await store.unlike(uow.conn, user_id, work_id):
        uow.add_fact(Unliked(subject=work_id, user_id=user_id, kind=kind.name.lower()))


async def rate(uow: UnitOfWork, user_id: UUID, content_id: str, rating: int) -> Mark:
    """One to five; zero takes the rating back. Raises Invalid, or NotFound where the person sees no such work."""
    if not 0 <= rating <= 5:
        raise Invalid(FieldProblem("/rating", "range", "A rating is 1 to 5, or 0 for none."))
    if rating:
        kind, work_id = await catalog.require_seen(uow.conn, user_id, content_id)
        changed = await store.rate(uow.conn, user_id, work_id, kind.name.lower(), rating, uow.clock.now())
    else:
        kind, work_id = _named(content_id)
        changed = await store.clear_rating(uow.conn, user_id, work_id)
    if changed:
        uow.add_fact(Rated(subject=work_id, user_id=user_id, kind=kind.name.lower(), rating=rating))
    return (await marks(uow.conn, user_id, [content_id]))[0]


def _named(content_id: str) -> tuple[Kind, UUID]:
    kind = kind_of(content_id)
    if kind not in _WORKS:
        raise NotFound("There is no work with this id.")
    return kind, parse(kind, content_id)


async def marks(conn: AsyncConnection, user_id: UUID | None, content_ids: Sequence[str]) -> list[Mark]:
    """In the order of the ids. Of works that nobody has an opinion of, or that are not there, everything is none."""
    ids = [_named(content_id)[1] for content_id in content_ids]
    found = {row.id: row for row in await store.marks(conn, user_id, set(ids))}
    return [_mark(content_id, found.get(work_id)) for content_id, work_id in zip(content_ids, ids, strict=True)]


def _mark(content_id: str, row: Row[Any] | None) -> Mark:
    if row is None:
        return Mark(id=content_id, liked_at=None, rating=None, likes=0, raters=0, average=None)
    return Mark(
        id=content_id,
        liked_at=row.liked_at,
        rating=row.rating,
        likes=row.likes,
        raters=row.raters,
        average=row.average,
    )


async def likes(conn: AsyncConnection, user_id: UUID, kind: WorkKind, request: PageRequest) -> Page[Like]:
    """The newest first. Two queries."""
    rows = await store.likes(conn, user_id, kind, request)
    page = cut(rows, request, lambda row: (row.liked_at.isoformat(), str(row.work_id)))
    ids = [row.work_id for row in page.items]
    tracks, albums, artists = (ids if kind == name else [] for name in ("track", "album", "artist"))
    works = await catalog.works_by_id(conn, user_id, tracks=tracks, albums=albums, artists=artists)
    return page.map(
        lambda row: Like(
            id=out(id_kind(kind), row.work_id),
            kind=kind,
            liked_at=row.liked_at,
            track=works.tracks.get(row.work_id),
            album=works.albums.get(row.work_id),
            artist=works.artists.get(row.work_id),
        )
    )


async def opinions(conn: AsyncConnection, user_id: UUID, work_ids: Collection[UUID]) -> dict[UUID, Opinion]:
    """Of tracks, albums and artists alike, in one query; works that nobody has an opinion of are left out."""
    if not work_ids:
        return {}
    return {work: Opinion(*said) for work, *said in await store.opinions(conn, user_id, work_ids)}


async def own_opinions(conn: AsyncConnection, user_id: UUID, kind: WorkKind) -> dict[UUID, Opinion]:
    """Of all works of the kind that the person likes or has rated; without everybody's average."""
    return {work: Opinion(liked_at, rating) for work, liked_at, rating in await store.own_opinions(conn, user_id, kind)}


async def starred(
    conn: AsyncConnection, user_id: UUID, kind: WorkKind, limit: int | None = None, offset: int = 0
) -> dict[UUID, datetime]:
    """What the person likes, the newest first, with the time; everything without a limit."""
    rows = await store.liked_ids(conn, user_id, kind, limit, max(0, offset))
    return {row.work_id: row.liked_at for row in rows}


async def count_starred(conn: AsyncConnection, user_id: UUID, kind: WorkKind) -> int:
    return await store.count_liked(conn, user_id, kind)


async def highest_rated_albums(conn: AsyncConnection, limit: int | None = None, offset: int = 0) -> list[UUID]:
    """By the average of everybody's ratings; albums that nobody rated are not among them."""
    return await store.best(conn, "album", limit, max(0, offset))


async def count_rated_albums(conn: AsyncConnection) -> int:
    return await store.count_rated(conn, "album")


async def forget_works(uow: UnitOfWork, work_ids: Sequence[UUID]) -> None:
    """They are gone from the catalogue."""
    await store.forget_works(uow.conn, work_ids)


async def move_works(uow: UnitOfWork, work_id: UUID, into: UUID) -> None:
    """The catalogue made them one."""
    await store.move_works(uow.conn, work_id, into)


async def move_works_back(uow: UnitOfWork, work_id: UUID, out_of: UUID) -> None:
    """It is a work of its own again; what was said of the other since is said of that."""
    await store.move_works_back(uow.conn, work_id, out_of)
