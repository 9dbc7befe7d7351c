"""HTTP of integrations."""

from __future__ import annotations

from litestar import Response, delete, get, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.identity.api import Actor
from antiphon.domains.integrations import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database

__all__ = ["handlers"]

READ, MANAGE = needs("account.read"), needs("account.manage")
OWN = {"Cache-Control": "private, no-cache"}


@get("/integrations/scrobblers", summary="Services that are told what one hears", tags=["integrations"], opt=READ)
async def list_scrobblers(
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    forwarding: NamedDependency[api.ForwardTools],
) -> Response[list[api.ScrobblerView]]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.scrobblers(uow, forwarding, signed_in.user_id), headers=OWN)


@put(
    "/integrations/scrobblers/{service:str}",
    summary="Tell a service what one hears from now on",
    tags=["integrations"],
    status_code=204,
    opt=MANAGE,
)
async def put_scrobbler(
    service: FromPath[str],
    data: JSONBody[api.ScrobblerToken],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    forwarding: NamedDependency[api.ForwardTools],
) -> None:
    """What is heard in private sessions is told to nobody."""
    await api.connect(db, forwarding, signed_in.user_id, service, data)


@patch(
    "/integrations/scrobblers/{service:str}",
    summary="Tell a connected service nothing for a while, or again",
    tags=["integrations"],
    status_code=204,
    opt=MANAGE,
)
async def patch_scrobbler(
    service: FromPath[str],
    data: JSONBody[api.ScrobblerChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> None:
    """What is heard while it is off is not told later either."""
    async with db.unit(signed_in.user_id) as uow:
        await api.switch(uow, signed_in.user_id, service, data)


@delete(
    "/integrations/scrobblers/{service:str}",
    summary="Tell a service nothing any more",
    tags=["integrations"],
    opt=MANAGE,
)
async def delete_scrobbler(
    service: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.disconnect(uow, signed_in.user_id, service)


@get(
    "/integrations/scrobblers/{service:str}/not-taken",
    summary="Plays that a service refused for good",
    tags=["integrations"],
    opt=READ,
)
async def list_not_taken(
    service: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[list[api.PlayNotTaken]]:
    """The last 200. They count here all the same, and are not told again."""
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.not_taken(uow, signed_in.user_id, service), headers=OWN)


@delete(
    "/integrations/scrobblers/{service:str}/not-taken",
    summary="Put away the list of plays that a service refused",
    tags=["integrations"],
    opt=MANAGE,
)
async def delete_not_taken(
    service: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.forget_not_taken(uow, signed_in.user_id, service)


handlers = [list_scrobblers, put_scrobbler, patch_scrobbler, delete_scrobbler, list_not_taken, delete_not_taken]
