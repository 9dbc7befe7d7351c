"""HTTP of publishing later, and of taking down what must not be heard."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import Album, FullTrack, Refusal, TakenDownItem
from antiphon.domains.catalog.routes.asked import Cursor, Limit
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag

__all__ = ["handlers"]

PUBLISH, MODERATE = needs("content.publish"), needs("moderation.decide")


class Schedule(msgspec.Struct, frozen=True):
    """When it becomes public, with a time zone."""

    publish_at: Annotated[datetime, Meta(tz=True)]


@put("/content/{content_id:str}/schedule", summary="Publish it later", tags=["content"], opt=PUBLISH)
async def schedule_content(
    content_id: FromPath[str],
    data: JSONBody[Schedule],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> Response[FullTrack | Album]:
    """An album goes out with what plays of it; what does not play by then goes out once it does."""
    async with db.unit(signed_in.user_id) as uow:
        found = await api.schedule(uow, signed_in.user_id, content_id, data.publish_at)
    return Response(found, headers=etag(found.version))


@delete(
    "/content/{content_id:str}/schedule",
    summary="Do not publish it by itself",
    tags=["content"],
    status_code=200,
    opt=PUBLISH,
)
async def unschedule_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack | Album]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.unschedule(uow, signed_in.user_id, content_id)
    return Response(found, headers=etag(found.version))


@get("/content/taken-down", summary="What was taken down, the last first", tags=["moderation"], opt=MODERATE)
async def list_taken_down(
    db: NamedDependency[Database], cursor: Cursor = None, limit: Limit = 50
) -> Page[TakenDownItem]:
    """Of an album that went with its tracks the album only."""
    async with db.system() as uow:
        return await api.taken_down(uow, PageRequest.of(cursor, limit))


@get("/content/taken-down/{content_id:str}", summary="A work that was taken down", tags=["moderation"], opt=MODERATE)
async def show_taken_down(content_id: FromPath[str], db: NamedDependency[Database]) -> FullTrack | Album:
    """To be read before it is brought back. Of an album what was public; 404 for what nobody took down."""
    async with db.system() as uow:
        return await api.taken_down_work(uow.conn, content_id)


@post(
    "/content/{content_id:str}/take-down",
    summary="Let nobody hear it any more",
    tags=["moderation"],
    status_code=204,
    opt=MODERATE,
)
async def take_down_content(
    content_id: FromPath[str],
    data: JSONBody[Refusal],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Its managers go on seeing it, and read why. An album goes with its tracks."""
    async with db.system() as uow:
        await api.take_down(uow, content_id, data.reason, by=signed_in.user_id, client=client)


@post(
    "/content/{content_id:str}/restore",
    summary="Let it be heard again",
    tags=["moderation"],
    status_code=204,
    opt=MODERATE,
)
async def restore_content(
    content_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """What was taken down is as public as it was before."""
    async with db.system() as uow:
        await api.restore(uow, content_id, by=signed_in.user_id, client=client)


handlers = [list_taken_down, show_taken_down, schedule_content, unschedule_content, take_down_content, restore_content]
