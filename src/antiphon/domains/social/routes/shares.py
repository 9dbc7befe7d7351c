"""HTTP of links that share works."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from antiphon.domains.identity.api import Actor
from antiphon.domains.media.api import MediaTools
from antiphon.domains.playback.api import Stream
from antiphon.domains.social import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.settings import Settings

__all__ = ["handlers"]

SHARE = needs("social.share")
OWN = {"Cache-Control": "private, no-cache"}
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]


@post("/social/shares", summary="Make a link to works", tags=["social"], opt=SHARE)
async def post_share(
    data: JSONBody[api.NewShare],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> api.Share:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        return await once(
            uow, user, idempotency_key, data, lambda: api.make_share(uow, user, settings.site_url, data), api.Share
        )


@get("/social/shares", summary="The links that one made, the newest first", tags=["social"], opt=SHARE)
async def list_shares(
    db: NamedDependency[Database], settings: NamedDependency[Settings], signed_in: NamedDependency[Actor]
) -> Response[list[api.Share]]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.shares(uow.conn, signed_in.user_id, settings.site_url), headers=OWN)


@get("/social/shares/{share_id:str}", summary="What is behind a link", tags=["social"], opt=needs("public"))
async def get_share(
    share_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[api.OpenedShare]:
    """For whoever has it, with or without an account. Counts the visit."""
    found = await api.open_share(db, actor.user_id if actor else None, share_id)
    return Response(found, headers={"Cache-Control": "no-store"})


@get(
    "/social/shares/{share_id:str}/stream/{content_id:str}",
    summary="How to hear a track behind a link",
    tags=["social"],
    opt=needs("public"),
)
async def get_shared_stream(
    share_id: FromPath[str],
    content_id: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[MediaTools],
) -> Response[Stream]:
    """For whoever has the link, also where guests hear nothing otherwise."""
    found = await api.shared_stream(db, media, share_id, content_id)
    return Response(found, headers={"Cache-Control": "private, no-cache"})


@put("/social/shares/{share_id:str}", summary="Change a link", tags=["social"], opt=SHARE)
async def put_share(
    share_id: FromPath[str],
    data: JSONBody[api.ShareChange],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Share:
    async with db.unit(signed_in.user_id) as uow:
        return await api.change_share(uow, signed_in.user_id, settings.site_url, share_id, data)


@delete("/social/shares/{share_id:str}", summary="Delete a link", tags=["social"], opt=SHARE)
async def delete_share(
    share_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_share(uow, signed_in.user_id, share_id)


handlers = [post_share, list_shares, get_share, get_shared_stream, put_share, delete_share]
