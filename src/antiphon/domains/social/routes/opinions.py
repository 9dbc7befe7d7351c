"""HTTP of likes and ratings."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from antiphon.domains.identity.api import Actor
from antiphon.domains.social import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

LIKE = needs("social.like")
OWN = {"Cache-Control": "private, no-cache"}
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


class Rating(msgspec.Struct, frozen=True):
    """One to five stars; zero takes them back."""

    rating: Annotated[int, Meta(ge=0, le=5)]


@put("/social/likes/{content_id:str}", summary="Like a work", tags=["social"], status_code=204, opt=LIKE)
async def put_like(content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> None:
    """An artist, an album or a track. Doing it again changes nothing."""
    async with db.unit(signed_in.user_id) as uow:
        await api.like(uow, signed_in.user_id, content_id)


@delete("/social/likes/{content_id:str}", summary="Like a work no more", tags=["social"], opt=LIKE)
async def delete_like(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.unlike(uow, signed_in.user_id, content_id)


@get("/social/likes", summary="What one likes, the newest first", tags=["social"], opt=LIKE)
async def list_likes(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    kind: Annotated[api.WorkKind, QueryParameter(description="Of which kind")] = "track",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[api.Like]]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.likes(uow.conn, signed_in.user_id, kind, PageRequest.of(cursor, limit))
    return Response(found, headers=OWN)


@put("/social/ratings/{content_id:str}", summary="Rate a work", tags=["social"], opt=LIKE)
async def put_rating(
    content_id: FromPath[str],
    data: JSONBody[Rating],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> api.Mark:
    async with db.unit(signed_in.user_id) as uow:
        return await api.rate(uow, signed_in.user_id, content_id, data.rating)


@get("/social/marks", summary="Likes and ratings of works", tags=["social"], opt=LIKE)
async def list_marks(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    content_id: Annotated[list[str], QueryParameter(description="Up to 200 of them", min_items=1, max_items=200)],
) -> Response[list[api.Mark]]:
    """One's own, with everybody's counts, in the order of the ids."""
    async with db.unit(signed_in.user_id) as uow:
        found = await api.marks(uow.conn, signed_in.user_id, content_id)
    return Response(found, headers=OWN)


handlers = [put_like, delete_like, list_likes, put_rating, list_marks]
