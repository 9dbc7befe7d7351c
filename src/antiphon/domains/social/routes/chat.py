"""HTTP of the room where everybody talks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.social import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.idempotency import once

__all__ = ["handlers"]

TALK = needs("social.talk")
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]


@get("/social/chat", summary="What was said in the room", tags=["social"], opt=TALK)
async def list_messages(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    since: Annotated[datetime | None, QueryParameter(description="Only what came after, with its offset")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 100,
) -> Response[list[api.Message]]:
    """The newest of them, the oldest first."""
    if since is not None and since.tzinfo is None:
        raise Invalid(FieldProblem("/since", "no_offset", "A time has its offset, such as Z."))
    async with db.unit(signed_in.user_id) as uow:
        found = await api.messages(uow.conn, since, limit)
    return Response(found, headers={"Cache-Control": "private, no-cache"})


@post("/social/chat", summary="Say something in the room", tags=["social"], opt=TALK)
async def post_message(
    data: JSONBody[api.NewMessage],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> api.Message:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        return await once(uow, user, idempotency_key, data, lambda: api.say(uow, user, data), api.Message)


@delete("/social/chat/{message_id:str}", summary="Take back what one said", tags=["social"], opt=TALK)
async def delete_message(
    message_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.take_back(uow, signed_in.user_id, message_id)


handlers = [list_messages, post_message, delete_message]
