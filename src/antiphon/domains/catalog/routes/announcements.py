"""HTTP of albums that are announced before they are public."""

from __future__ import annotations

from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import Album, Announcement
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag

__all__ = ["handlers"]

PUBLISH = needs("content.publish")


@get(
    "/albums/{album_id:str}/announcement",
    summary="What is known of a planned album",
    tags=["albums"],
    opt=needs("public"),
)
async def get_announcement(album_id: FromPath[str], db: NamedDependency[Database]) -> Announcement:
    """404 for what is public by now, is not planned any more, or never was announced."""
    async with db.system() as uow:
        album = parse(Kind.ALBUM, album_id)
        async with following(uow.conn, Kind.ALBUM, album, "albums"):
            return await api.announcement(uow.conn, album)


@get(
    "/artists/{artist_id:str}/announcements",
    summary="What an artist has announced, the next first",
    tags=["artists"],
    opt=needs("public"),
)
async def list_announcements(artist_id: FromPath[str], db: NamedDependency[Database]) -> list[Announcement]:
    """Twenty at the most; none of an artist that is not there."""
    async with db.system() as uow:
        return await api.announcements_of_artist(uow.conn, parse(Kind.ARTIST, artist_id))


@put("/albums/{album_id:str}/announcement", summary="Announce a planned album", tags=["albums"], opt=PUBLISH)
async def announce_album(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[Album]:
    """Everybody reads its title, cover, date and titles of tracks from now on; nobody hears it before it is public."""
    return await _announced(album_id, db, signed_in, True)


@delete(
    "/albums/{album_id:str}/announcement",
    summary="Announce an album no more",
    tags=["albums"],
    status_code=200,
    opt=PUBLISH,
)
async def withdraw_announcement(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[Album]:
    """It stays planned. Who pre-saved it keeps that."""
    return await _announced(album_id, db, signed_in, False)


async def _announced(album_id: str, db: Database, signed_in: Actor, announced: bool) -> Response[Album]:
    async with db.unit(signed_in.user_id) as uow:
        found = await api.announce(uow, signed_in.user_id, parse(Kind.ALBUM, album_id), announced=announced)
    return Response(found, headers=etag(found.version))


handlers = [get_announcement, list_announcements, announce_album, withdraw_announcement]
