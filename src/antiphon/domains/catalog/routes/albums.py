"""HTTP of albums."""

from __future__ import annotations

from typing import Literal

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import (
    Album,
    AlbumCard,
    NewAlbum,
)
from antiphon.domains.catalog.model_changes import ContentChange
from antiphon.domains.catalog.routes.asked import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    Library,
    Limit,
    Starting,
    Year,
    optional,
    page_of,
    viewer_of,
)
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]


@post("/albums", summary="Make an album", tags=["albums"], opt=needs("content.edit"))
async def create_album(
    data: JSONBody[NewAlbum],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> Response[Album]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        made = await once(uow, user, idempotency_key, data, lambda: api.create_album(uow, user, data), Album)
    return Response(made, headers=etag(made.version))


@get("/albums", summary="Albums", tags=["albums"], opt=needs("public"))
async def list_albums(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    artist_id: FromQuery[str | None] = None,
    genre_id: FromQuery[str | None] = None,
    year: Year = None,
    library: Library = None,
    mine: FromQuery[bool] = False,
    sort: FromQuery[Literal["newest", "title", "released"]] = "newest",
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AlbumCard]:
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.album_page(
            conn,
            viewer_of(actor),
            page_of(cursor, limit, starting if sort == "title" else None),
            artist=optional(Kind.ARTIST, artist_id),
            genre=optional(Kind.GENRE, genre_id),
            year=year,
            library=optional(Kind.LIBRARY, library),
            mine=mine,
            sort=sort,
        )


@get("/albums/{album_id:str}", summary="One album with its tracks", tags=["albums"], opt=needs("public"))
async def get_album(
    album_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[Album]:
    async with db.seen_by(viewer_of(actor)) as conn:
        album = parse(Kind.ALBUM, album_id)
        async with following(conn, Kind.ALBUM, album, "albums"):
            found = await api.album(conn, album, viewer_of(actor))
    return Response(found, headers=etag(found.version))


@put("/albums/{album_id:str}", summary="Change an album", tags=["albums"], opt=needs("content.edit"))
async def update_album(
    album_id: FromPath[str],
    data: JSONBody[ContentChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Album]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_album(uow, signed_in.user_id, parse(Kind.ALBUM, album_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete("/albums/{album_id:str}", summary="Delete an album", tags=["albums"], opt=needs("content.edit"))
async def delete_album(
    album_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    with_tracks: FromQuery[bool] = False,
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        album = parse(Kind.ALBUM, album_id)
        await api.delete_album(uow, signed_in.user_id, album, with_tracks=with_tracks)


@post(
    "/albums/{album_id:str}/publish",
    summary="Publish an album and its tracks",
    tags=["albums"],
    status_code=200,
    opt=needs("content.publish"),
)
async def publish_album(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[Album]:
    async with db.unit(signed_in.user_id) as uow:
        published = await api.publish_album(uow, signed_in.user_id, parse(Kind.ALBUM, album_id))
    return Response(published, headers=etag(published.version))


handlers = [create_album, list_albums, get_album, update_album, delete_album, publish_album]
