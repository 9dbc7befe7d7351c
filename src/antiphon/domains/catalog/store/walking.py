"""Ids in an order, from a key onwards: how long lists are read without counting from their beginning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_lists import UPLOADS

__all__ = ["WALKS", "Narrowed", "Walk", "count", "marks", "page"]

_NOBODYS = f"'{UPLOADS}'::uuid"


@dataclass(frozen=True, slots=True)
class Walk:
    """`p` is the table that is walked, `keys` the columns of the order and their types, `answer` what is looked for."""

    source: str
    keys: tuple[tuple[str, str], ...]
    descending: bool = False
    leading: int = 0  # so many keys belong to another table, whose index finds the place
    answer: str = "p.id"
    shelved: str = f"coalesce(p.library_id, {_NOBODYS}) = ANY (:shelves)"

    @property
    def order(self) -> str:
        return ", ".join(f"{column} DESC" if self.descending else column for column, _ in self.keys)


_ALBUMS = "catalog.albums p WHERE p.published_at IS NOT NULL"
_TRACKS = "catalog.tracks p WHERE p.published_at IS NOT NULL"
_OF_GENRE = """catalog.track_genres tg JOIN catalog.tracks p ON p.id = tg.track_id
    WHERE tg.genre_id = :genre AND p.published_at IS NOT NULL"""
_ID = ("p.id", "uuid")
WALKS: Mapping[str, Walk] = {
    "newest": Walk(_ALBUMS, (("p.published_at", "timestamptz"), _ID), descending=True),
    "title": Walk(_ALBUMS, (("p.sort_key", "text"), _ID)),
    "artist": Walk(
        f"catalog.artists q JOIN {_ALBUMS.replace(' WHERE', ' ON p.artist_id = q.id WHERE')}",
        (("q.sort_key", "text"), ("q.id", "uuid"), ("p.sort_key", "text"), _ID),
        leading=2,
    ),
    "oldest_year": Walk(f"{_ALBUMS} AND p.release_date IS NOT NULL", (("p.release_date", "date"), _ID)),
    "latest_year": Walk(f"{_ALBUMS} AND p.release_date IS NOT NULL", (("p.release_date", "date"), _ID), True),
    "songs": Walk(_TRACKS, (_ID,)),
    "artists": Walk(
        f"""catalog.artists p WHERE EXISTS (
            SELECT FROM catalog.artist_counts c WHERE c.artist_id = p.id AND c.albums > 0
            AND (c.library_id = {_NOBODYS} OR c.library_id IN (SELECT catalog.open_libraries())))""",
        (("p.sort_key", "text"), _ID),
        shelved="""EXISTS (
            SELECT FROM catalog.artist_counts s
            WHERE s.artist_id = p.id AND s.albums > 0 AND s.library_id = ANY (:shelves))""",
    ),
    "songs_of_genre": Walk(_OF_GENRE, (("tg.track_id", "uuid"),)),
    "albums_of_genre": Walk(
        """catalog.album_genres ag JOIN catalog.albums p ON p.id = ag.album_id
        WHERE ag.genre_id = :genre AND p.published_at IS NOT NULL""",
        (("ag.album_id", "uuid"),),
    ),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is kept of what is walked past. `shelves` are libraries, and UPLOADS; `years` are inclusive; walks of a
    genre need one."""

    shelves: tuple[UUID, ...] | None = None
    years: tuple[int, int] | None = None
    genre: UUID | None = None

    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.shelves is not None:
            found["shelves"] = list(self.shelves)
        if self.years is not None:
            found["first"], found["last"] = self.years
        if self.genre is not None:
            found["genre"] = self.genre
        return found


async def page(
    conn: AsyncConnection, walk: str, narrowed: Narrowed, after: Sequence[Any] | None, skip: int, limit: int
) -> Sequence[Any]:
    """What is walked for, and behind it the key of its place."""
    statement = _page(walk, _shape(narrowed), after is not None, limit)
    args = narrowed.values() | {"skip": skip} | _key(after)
    return (await conn.execute(statement, args)).all()


async def marks(
    conn: AsyncConnection, walk: str, narrowed: Narrowed, after: Sequence[Any] | None, upto: int, step: int
) -> Sequence[Any]:
    """Every `step`th key of the next `upto`."""
    statement = _marks(walk, _shape(narrowed), after is not None)
    args = narrowed.values() | {"upto": upto, "step": step} | _key(after)
    return (await conn.execute(statement, args)).all()


async def count(conn: AsyncConnection, walk: str, narrowed: Narrowed) -> int:
    statement = text(f"SELECT count(*) FROM {_from(WALKS[walk], _shape(narrowed), False)}")
    return int((await conn.execute(statement, narrowed.values())).scalar_one())


def _key(after: Sequence[Any] | None) -> dict[str, Any]:
    return {f"k{place}": value for place, value in enumerate(after or ())}


Shape = tuple[bool, bool]


def _shape(narrowed: Narrowed) -> Shape:
    return (narrowed.shelves is not None, narrowed.years is not None)


def _from(walk: Walk, shape: Shape, goes_on: bool) -> str:
    shelves, years = shape
    found = [walk.source]
    if shelves:
        found.append(walk.shelved)
    if years:
        found.append("p.release_date BETWEEN make_date(:first, 1, 1) AND make_date(:last, 12, 31)")
    if goes_on:
        found += [_ahead(walk, len(walk.keys), "")] + [_ahead(walk, walk.leading, "=")] * bool(walk.leading)
    return " AND ".join(found)


def _ahead(walk: Walk, count: int, also: str) -> str:
    columns = ", ".join(column for column, _ in walk.keys[:count])
    values = ", ".join(f"CAST(:k{place} AS {kind})" for place, (_, kind) in enumerate(walk.keys[:count]))
    return f"({columns}) {'<' if walk.descending else '>'}{also} ({values})"


@lru_cache(512)
def _page(name: str, shape: Shape, goes_on: bool, limit: int) -> TextClause:
    """The limit stands in the statement, so that it is planned for it."""
    walk = WALKS[name]
    columns = ", ".join([walk.answer, *(column for column, _ in walk.keys)])
    walked = _from(walk, shape, goes_on)
    return text(f"SELECT {columns} FROM {walked} ORDER BY {walk.order} LIMIT {limit} OFFSET :skip")


@lru_cache(64)
def _marks(name: str, shape: Shape, goes_on: bool) -> TextClause:
    walk = WALKS[name]
    columns = ", ".join(f"{column} AS c{place}" for place, (column, _) in enumerate(walk.keys))
    shown = ", ".join(f"c{place}" for place in range(len(walk.keys)))
    return text(
        f"""
        SELECT {shown} FROM (
            SELECT *, row_number() OVER () AS place FROM (
                SELECT {columns} FROM {_from(walk, shape, goes_on)} ORDER BY {walk.order} LIMIT :upto
            ) walked
        ) counted WHERE place % :step = 0
        """
    )
