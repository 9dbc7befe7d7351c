"""HTTP of bookmarks, what is played now, what was heard, and listens that are over."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

LISTEN = needs("content.listen")
OWN = {"Cache-Control": "private, no-cache"}


@get("/stream/bookmarks", summary="One's bookmarks, those that changed last first", tags=["playback"], opt=LISTEN)
async def list_bookmarks(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[list[api.Bookmark]]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.bookmarks(uow.conn, signed_in.user_id), headers=OWN)


@put(
    "/stream/bookmarks/{content_id:str}",
    summary="Mark a place in a track",
    tags=["playback"],
    status_code=204,
    opt=LISTEN,
)
async def put_bookmark(
    content_id: FromPath[str],
    data: JSONBody[api.BookmarkWords],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.set_bookmark(uow, signed_in.user_id, content_id, data)


@delete("/stream/bookmarks/{content_id:str}", summary="Take a bookmark away", tags=["playback"], opt=LISTEN)
async def delete_bookmark(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.drop_bookmark(uow, signed_in.user_id, content_id)


@get("/stream/now-playing", summary="What is heard at this moment", tags=["playback"], opt=LISTEN)
async def list_now_playing(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[list[api.NowPlaying]]:
    """By everybody; private sessions are seen by their own person only."""
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.now_playing(uow.conn, signed_in.user_id, uow.clock.now()), headers=OWN)


@get("/stream/history", summary="What one heard, the last first", tags=["playback"], opt=LISTEN)
async def list_history(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    cursor: Annotated[str | None, QueryParameter(description="`next` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> Response[Page[api.HeardOnce]]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.history(uow.conn, signed_in.user_id, PageRequest.of(cursor, limit))
    return Response(found, headers=OWN)


@get("/stream/offline", summary="What a device may keep, and until when", tags=["playback"], opt=LISTEN)
async def list_licences(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    content_id: Annotated[list[str], QueryParameter(description="Tracks, up to 100", min_items=1, max_items=100)],
) -> Response[list[api.Licence]]:
    async with db.unit(signed_in.user_id) as uow:
        listener = api.Listener(signed_in, guests_may=False)
        found = await api.licences(uow.conn, listener, content_id, uow.clock.now())
    return Response(found, headers=OWN)


@post("/stream/listens", summary="Tell of listens that are over", tags=["playback"], status_code=200, opt=LISTEN)
async def post_listens(
    data: JSONBody[api.Listens], listen_writer: NamedDependency[api.ListenWriter], signed_in: NamedDependency[Actor]
) -> api.ListensTaken:
    """From hours without network, or from another player. What was told before, in whatever way, changes nothing."""
    return await listen_writer.take_listens(signed_in.user_id, data)


handlers = [
    list_bookmarks,
    put_bookmark,
    delete_bookmark,
    list_now_playing,
    list_history,
    list_licences,
    post_listens,
]
