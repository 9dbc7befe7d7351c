"""HTTP of artists."""

from __future__ import annotations

from typing import Literal

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import (
    Artist,
    FullArtist,
    NewArtist,
)
from antiphon.domains.catalog.model_changes import ArtistChange
from antiphon.domains.catalog.routes.asked import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    Limit,
    Starting,
    page_of,
    viewer_of,
)
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]


@post("/artists", summary="Make an artist profile", tags=["artists"], opt=needs("content.make"))
async def create_artist(
    data: JSONBody[NewArtist],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    catalog: NamedDependency[api.CatalogTools],
    client: NamedDependency[Client],
    idempotency_key: IdempotencyKey = None,
) -> Response[FullArtist]:
    """Where the installation requires it, the artist waits to be approved: see `approval`."""
    user, rule = signed_in.user_id, catalog.artist_approval
    async with db.unit(user) as uow:
        made = await once(
            uow,
            user,
            idempotency_key,
            data,
            lambda: api.create_artist(uow, user, data, rule=rule, client=client),
            FullArtist,
        )
    return Response(made, headers=etag(made.version))


@get("/artists", summary="Artists", tags=["artists"], opt=needs("public"))
async def list_artists(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    mine: FromQuery[bool] = False,
    sort: FromQuery[Literal["name", "newest"]] = "name",
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Artist]:
    """By name, or the newest first."""
    page = page_of(cursor, limit, starting if sort == "name" else None)
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.artist_page(conn, viewer_of(actor), mine, page, sort=sort)


@get("/artists/{artist_id:str}", summary="One artist", tags=["artists"], opt=needs("public"))
async def get_artist(
    artist_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullArtist]:
    async with db.seen_by(viewer_of(actor)) as conn:
        artist = parse(Kind.ARTIST, artist_id)
        async with following(conn, Kind.ARTIST, artist, "artists"):
            found = await api.artist(conn, artist, viewer_of(actor))
    return Response(found, headers=etag(found.version))


@put("/artists/{artist_id:str}", summary="Change an artist profile", tags=["artists"], opt=needs("content.edit"))
async def update_artist(
    artist_id: FromPath[str],
    data: JSONBody[ArtistChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[FullArtist]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_artist(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete(
    "/artists/{artist_id:str}", summary="Delete an empty artist profile", tags=["artists"], opt=needs("content.edit")
)
async def delete_artist(
    artist_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_artist(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id))


handlers = [create_artist, list_artists, get_artist, update_artist, delete_artist]
