"""HTTP of bookmarks, the saved queue, what is played now, what was heard, and listens that are over."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

LISTEN = needs("content.listen")
OWN = {"Cache-Control": "private, no-cache"}
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]


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


@get("/stream/queue", summary="What one is about to hear", tags=["playback"], opt=LISTEN)
async def get_queue(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[api.SavedQueue]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.saved_queue(uow.conn, signed_in.user_id)
    return Response(found, headers=OWN | etag(found.revision))


@put("/stream/queue", summary="Save the whole queue", tags=["playback"], opt=LISTEN)
async def put_queue(
    data: JSONBody[api.QueueWords],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[api.SavedQueue]:
    """Over the revision that `If-Match` names, or over any; nothing in it clears it."""
    revision = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        saved = await api.save_queue(uow, signed_in.user_id, data, revision)
    return Response(saved, headers=etag(saved.revision))


@post("/stream/queue/add", summary="Add tracks to the queue", tags=["playback"], status_code=200, opt=LISTEN)
async def post_queue(
    data: JSONBody[api.QueueAddition],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> Response[api.SavedQueue]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        saved = await once(uow, user, idempotency_key, data, lambda: api.add_to_queue(uow, user, data), api.SavedQueue)
    return Response(saved, headers=etag(saved.revision))


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
    get_queue,
    put_queue,
    post_queue,
    list_now_playing,
    list_history,
    post_listens,
]
