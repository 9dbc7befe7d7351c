"""HTTP of lists of tracks, and of one."""

from __future__ import annotations

from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import (
    FullTrack,
    Track,
)
from antiphon.domains.catalog.routes.asked import (
    Cursor,
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
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page
from antiphon.kit.versions import etag

__all__ = ["handlers"]


@get("/tracks", summary="Tracks", tags=["tracks"], opt=needs("public"))
async def list_tracks(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    artist_id: FromQuery[str | None] = None,
    genre_id: FromQuery[str | None] = None,
    year: Year = None,
    library: Library = None,
    mine: FromQuery[bool] = False,
    status: FromQuery[Literal["processing", "ready", "failed"] | None] = None,
    sort: FromQuery[Literal["newest", "popular", "title"]] = "newest",
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Track]:
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.track_page(
            conn,
            viewer_of(actor),
            page_of(cursor, limit, starting if sort == "title" else None),
            mine=mine,
            artist=optional(Kind.ARTIST, artist_id),
            genre=optional(Kind.GENRE, genre_id),
            year=year,
            library=optional(Kind.LIBRARY, library),
            status=status,
            sort=sort,
        )


@get("/tracks/{track_id:str}", summary="One track", tags=["tracks"], opt=needs("public"))
async def get_track(
    track_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullTrack]:
    async with db.seen_by(viewer_of(actor)) as conn:
        track = parse(Kind.TRACK, track_id)
        async with following(conn, Kind.TRACK, track, "tracks"):
            found = await api.track(conn, track, viewer_of(actor))
    return Response(found, headers=etag(found.version))


handlers = [list_tracks, get_track]
