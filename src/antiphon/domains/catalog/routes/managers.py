"""HTTP of who manages an artist."""

from __future__ import annotations

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.catalog.api import managers
from antiphon.domains.catalog.model import (
    Manager,
    ManagerChoice,
)
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers"]


@get("/artists/{artist_id:str}/managers", summary="Who manages an artist", tags=["artists"], opt=needs("content.edit"))
async def list_managers(
    artist_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> list[Manager]:
    async with db.unit(signed_in.user_id) as uow:
        return await managers.managers(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id))


@put(
    "/artists/{artist_id:str}/managers/{user_id:str}",
    summary="Let somebody manage an artist",
    tags=["artists"],
    opt=needs("artist.share"),
)
async def put_manager(
    artist_id: FromPath[str],
    user_id: FromPath[str],
    data: JSONBody[ManagerChoice],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> list[Manager]:
    artist, person = parse(Kind.ARTIST, artist_id), parse(Kind.USER, user_id)
    async with db.unit(signed_in.user_id) as uow:
        return await managers.set_manager(uow, signed_in.user_id, artist, person, data.kind)


@delete(
    "/artists/{artist_id:str}/managers/{user_id:str}",
    summary="End somebody's management of an artist",
    tags=["artists"],
    opt=needs("content.edit"),
)
async def delete_manager(
    artist_id: FromPath[str],
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> None:
    artist, person = parse(Kind.ARTIST, artist_id), parse(Kind.USER, user_id)
    async with db.unit(signed_in.user_id) as uow:
        await managers.remove_manager(uow, signed_in.user_id, artist, person)


handlers = [list_managers, put_manager, delete_manager]
