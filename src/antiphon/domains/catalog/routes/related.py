"""HTTP of what stands beside a work: where else an artist is heard, other editions, the file."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import AlbumCard
from antiphon.domains.catalog.model_related import AlbumEdition, FileDetails
from antiphon.domains.catalog.routes.asked import Cursor, Limit, viewer_of
from antiphon.domains.identity.api import Actor, can
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]


@get(
    "/artists/{artist_id:str}/appearances",
    summary="Albums of others on which an artist is heard, the newest first",
    tags=["artists"],
    opt=needs("public"),
)
async def list_appearances(
    artist_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AlbumCard]:
    async with db.seen_by(viewer_of(actor)) as conn:
        artist = parse(Kind.ARTIST, artist_id)
        await api.artist(conn, artist, viewer_of(actor))
        return await api.appearances(conn, artist, viewer_of(actor), PageRequest.of(cursor, limit))


@get("/albums/{album_id:str}/editions", summary="Other editions of an album", tags=["albums"], opt=needs("public"))
async def list_editions(
    album_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> list[AlbumEdition]:
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.editions(conn, parse(Kind.ALBUM, album_id), viewer_of(actor))


@get(
    "/tracks/{track_id:str}/file",
    summary="What the original file of a track is",
    tags=["tracks"],
    opt=needs("public"),
)
async def get_file(
    track_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> FileDetails | None:
    """Null where nobody has told yet. Where it lies is told to those who look after libraries."""
    with_path = can(actor, "libraries.manage").allowed
    async with db.seen_by(viewer_of(actor)) as conn:
        return await api.file_details(conn, parse(Kind.TRACK, track_id), viewer_of(actor), with_path=with_path)


handlers = [list_appearances, list_editions, get_file]
