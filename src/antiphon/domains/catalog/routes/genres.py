"""HTTP of genres and of their tree."""

from __future__ import annotations

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import Genre, GenreNode
from antiphon.domains.catalog.model_changes import GenreChange, NewGenre
from antiphon.domains.catalog.routes.asked import viewer_of
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page

__all__ = ["handlers"]

KEEP = needs("content.edit_any")


class GenreMerge(msgspec.Struct, frozen=True):
    into: str


@get("/genres", summary="Genres that have published tracks, the largest first", tags=["genres"], opt=needs("public"))
async def list_genres(db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> Page[Genre]:
    """Counted over what whoever asks may hear."""
    async with db.seen_by(viewer_of(actor)) as conn:
        return Page(await api.genres(conn), None)


@get("/genres/tree", summary="All genres, the narrower ones under the wider", tags=["genres"], opt=needs("public"))
async def get_tree(db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> list[GenreNode]:
    """Counted over what whoever asks may hear."""
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.genre_tree(conn)


@post("/genres", summary="Make a genre", tags=["genres"], opt=KEEP)
async def create_genre(
    data: JSONBody[NewGenre], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> list[GenreNode]:
    """Answers the tree."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.create_genre(uow, signed_in.user_id, data)


@put("/genres/{genre_id:str}", summary="Rename a genre, move it, name it otherwise", tags=["genres"], opt=KEEP)
async def update_genre(
    genre_id: FromPath[str],
    data: JSONBody[GenreChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> list[GenreNode]:
    """Answers the tree."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.update_genre(uow, signed_in.user_id, parse(Kind.GENRE, genre_id), data)


@post("/genres/{genre_id:str}/merge", summary="Make it the same as another", tags=["genres"], status_code=200, opt=KEEP)
async def merge_genre(
    genre_id: FromPath[str],
    data: JSONBody[GenreMerge],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> list[GenreNode]:
    """Its tracks and narrower genres go over, its name becomes an alias. Answers the tree."""
    async with db.unit(signed_in.user_id) as uow:
        genre, into = parse(Kind.GENRE, genre_id), parse(Kind.GENRE, data.into)
        return await api.merge_genre(uow, signed_in.user_id, genre, into)


handlers = [list_genres, get_tree, create_genre, update_genre, merge_genre]
