"""HTTP of `/content/{id}`, for whatever an id names."""

from __future__ import annotations

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import (
    Album,
    FullTrack,
)
from antiphon.domains.catalog.model_changes import ContentChange
from antiphon.domains.catalog.routes.asked import (
    IfMatch,
    viewer_of,
)
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, kind_of, parse
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]


@get("/content/{content_id:str}", summary="Whatever the id names", tags=["content"], opt=needs("public"))
async def get_content(
    content_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullTrack | Album]:
    found: FullTrack | Album
    async with db.seen_by(viewer_of(actor)) as conn:
        if kind_of(content_id) is Kind.ALBUM:
            album = parse(Kind.ALBUM, content_id)
            async with following(conn, Kind.ALBUM, album, "content"):
                found = await api.album(conn, album, viewer_of(actor))
        else:
            track = parse(Kind.TRACK, content_id)
            async with following(conn, Kind.TRACK, track, "content"):
                found = await api.track(conn, track, viewer_of(actor))
    return Response(found, headers=etag(found.version))


@put("/content/{content_id:str}", summary="Change a track or an album", tags=["content"], opt=needs("content.edit"))
async def update_content(
    content_id: FromPath[str],
    data: JSONBody[ContentChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[FullTrack | Album]:
    version, user = expected_version(if_match), signed_in.user_id
    async with db.unit(user) as uow:
        changed: FullTrack | Album
        if kind_of(content_id) is Kind.ALBUM:
            changed = await api.update_album(uow, user, parse(Kind.ALBUM, content_id), data, version)
        else:
            changed = await api.update_track(uow, user, parse(Kind.TRACK, content_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete("/content/{content_id:str}", summary="Delete a track or an album", tags=["content"], opt=needs("content.edit"))
async def delete_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        if kind_of(content_id) is Kind.ALBUM:
            await api.delete_album(uow, user, parse(Kind.ALBUM, content_id), with_tracks=False)
        else:
            await api.delete_track(uow, user, parse(Kind.TRACK, content_id))


@post(
    "/content/{content_id:str}/publish",
    summary="Let everybody hear it",
    tags=["content"],
    status_code=200,
    opt=needs("content.publish"),
)
async def publish_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack | Album]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        published: FullTrack | Album
        if kind_of(content_id) is Kind.ALBUM:
            published = await api.publish_album(uow, user, parse(Kind.ALBUM, content_id))
        else:
            published = await api.publish_track(uow, user, parse(Kind.TRACK, content_id))
    return Response(published, headers=etag(published.version))


@post(
    "/content/{content_id:str}/unpublish",
    summary="Make it a draft again",
    tags=["content"],
    status_code=200,
    opt=needs("content.publish"),
)
async def unpublish_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack]:
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.unpublish_track(uow, signed_in.user_id, parse(Kind.TRACK, content_id))
    return Response(changed, headers=etag(changed.version))


handlers = [get_content, update_content, delete_content, publish_content, unpublish_content]
