"""HTTP of albums that are wanted before they are public."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.social import api
from antiphon.domains.social.routes.opinions import LIKE, OWN, Cursor, Limit
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]


@put(
    "/social/pre-saves/{album_id:str}",
    summary="Pre-save an announced album",
    tags=["social"],
    status_code=204,
    opt=LIKE,
)
async def put_pre_save(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    """One likes it as soon as it is public. Doing it again changes nothing."""
    async with db.unit(signed_in.user_id) as uow:
        await api.pre_save(uow, signed_in.user_id, parse(Kind.ALBUM, album_id))


@delete("/social/pre-saves/{album_id:str}", summary="Take a pre-save back", tags=["social"], opt=LIKE)
async def delete_pre_save(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.take_back_pre_save(uow, signed_in.user_id, parse(Kind.ALBUM, album_id))


@get("/social/pre-saves", summary="What one pre-saved, the newest first", tags=["social"], opt=LIKE)
async def list_pre_saves(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    album_id: Annotated[str | None, QueryParameter(description="Only of this album")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[api.PreSave]]:
    """What was published since is among one's likes instead."""
    album = None if album_id is None else parse(Kind.ALBUM, album_id)
    async with db.unit(signed_in.user_id) as uow:
        found = await api.pre_saves(uow, signed_in.user_id, PageRequest.of(cursor, limit), album)
    return Response(found, headers=OWN)


@get(
    "/social/pre-saves/{album_id:str}/count",
    summary="How many pre-saved one's album",
    tags=["social"],
    opt=needs("content.edit"),
)
async def count_pre_saves(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> api.PreSaveCount:
    """For those who manage it; nobody is told who."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.count_pre_saves(uow, signed_in.user_id, parse(Kind.ALBUM, album_id))


handlers = [put_pre_save, delete_pre_save, list_pre_saves, count_pre_saves]
