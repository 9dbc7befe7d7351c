"""HTTP of discovery: the front page's lists, and the search box."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.coalesce import Coalesced
from antiphon.kit.cost import costs
from antiphon.kit.db import Database

__all__ = ["handlers"]


@get("/content/discover", summary="Fresh and popular", tags=["discovery"], opt=needs("public"))
async def discover(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    front_pages: NamedDependency[Coalesced[catalog.Discovery]],
) -> Response[catalog.Discovery]:
    viewer = actor.user_id if actor else None

    async def make() -> catalog.Discovery:
        async with db.read() as conn:
            return await catalog.discover(conn, viewer)

    found = await front_pages.get(viewer, make)
    return Response(found, headers={"Cache-Control": "private, no-cache"})


@get("/search", summary="Search titles and names", tags=["discovery"], opt=needs("public") | costs("search"))
async def search(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    q: Annotated[str, QueryParameter(description="Words of a title or a name", max_length=500)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=50)] = 10,
) -> catalog.SearchResult:
    async with db.read() as conn:
        return await catalog.search(conn, actor.user_id if actor else None, q, limit)


handlers = [discover, search]
