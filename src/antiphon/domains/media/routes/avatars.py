"""HTTP of the pictures that people show of themselves."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import api
from antiphon.domains.media.routes.bodies import PictureBody, read_picture
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag

__all__ = ["handlers"]

Size = Annotated[int, QueryParameter(ge=1, le=4096, description="The longer edge, at least so many pixels")]


def _nearest(user: identity.User, size: int) -> Redirect:
    """The smallest that is large enough, else the largest. Raises NotFound where there is none."""
    if user.avatar is None:
        raise NotFound("There is no picture.")
    sizes = sorted(int(one) for one in user.avatar.sizes)
    chosen = next((one for one in sizes if one >= size), sizes[-1])
    return Redirect(user.avatar.sizes[str(chosen)], status_code=307)


@get("/users/me/avatar", summary="One's own picture", tags=["identity"], status_code=307, opt=needs("account.read"))
async def get_own_avatar(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], size: Size = 256
) -> Redirect:
    async with db.read() as conn:
        return _nearest(await identity.user_by_id(conn, signed_in.user_id, signed_in), size)


@get(
    "/users/{user_id:str}/avatar", summary="A person's picture", tags=["identity"], status_code=307, opt=needs("public")
)
async def get_avatar(
    user_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None], size: Size = 256
) -> Redirect:
    async with db.read() as conn:
        return _nearest(await identity.user_by_id(conn, parse(Kind.USER, user_id), actor), size)


@put(
    "/users/me/avatar",
    summary="Show a picture of oneself",
    tags=["identity"],
    request_max_body_size=None,
    operation_class=PictureBody,
    opt=needs("account.manage"),
)
async def put_avatar(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
) -> Response[identity.Me]:
    user = signed_in.user_id
    picture = await api.scale_picture(db, media, user_id=user, kind="avatar", data=await read_picture(request))
    async with db.unit(user) as uow:
        await identity.set_avatar(uow, user, picture.image.color, picture.image.sizes)
        await api.hold_picture(uow, user, picture)
        changed = await identity.me(uow.conn, signed_in)
    return Response(changed, headers=etag(changed.version))


@delete(
    "/users/me/avatar",
    summary="Show no picture any more",
    tags=["identity"],
    status_code=200,
    opt=needs("account.manage"),
)
async def delete_avatar(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[identity.Me]:
    async with db.unit(signed_in.user_id) as uow:
        await identity.set_avatar(uow, signed_in.user_id, None, {})
        await api.drop_picture(uow, signed_in.user_id)
        changed = await identity.me(uow.conn, signed_in)
    return Response(changed, headers=etag(changed.version))


handlers = [get_own_avatar, put_avatar, delete_avatar, get_avatar]
