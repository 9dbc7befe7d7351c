"""HTTP of the queue."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

LISTEN = needs("content.listen")
OWN = {"Cache-Control": "private, no-cache"}
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]


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


@post("/stream/queue/commands", summary="Change the queue", tags=["playback"], status_code=200, opt=LISTEN)
async def post_commands(
    data: JSONBody[api.QueueCommands], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[api.QueueChanges]:
    """What a device did, with or without network, on the queue as it was at `revision`; all of it comes in after what
    others did since. Answers everything that was done since. A command of an `id` that was told before is not done
    again."""
    async with db.unit(signed_in.user_id) as uow:
        done = await api.do_in_queue(uow, signed_in.user_id, data)
    return Response(done, headers=etag(done.revision))


@get("/stream/queue/events", summary="What was done to the queue", tags=["playback"], opt=LISTEN)
async def list_events(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    since: Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The revision that is known")],
) -> Response[api.QueueChanges]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.queue_changes(uow.conn, signed_in.user_id, since)
    return Response(found, headers=OWN | etag(found.revision))


@get("/stream/queue/tracks", summary="The tracks of a part of the queue", tags=["playback"], opt=LISTEN)
async def list_tracks(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    start: Annotated[int, QueryParameter(ge=0, le=10_000, description="A place in the queue, from 0")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 100,
) -> Response[api.QueueTracks]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.queue_tracks(uow.conn, signed_in.user_id, start, limit), headers=OWN)


handlers = [get_queue, put_queue, post_queue, post_commands, list_events, list_tracks]
