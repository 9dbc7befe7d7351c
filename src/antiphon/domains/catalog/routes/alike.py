"""HTTP of works that may be the same, and of the versions of one."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from antiphon.domains.catalog.api import alike as api
from antiphon.domains.catalog.model_alike import AlikeAlbums, AlikeArtists, AlikeTracks, TrackVersion
from antiphon.domains.catalog.routes.asked import Cursor, Limit, viewer_of
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

EDIT = needs("content.edit")


@get("/duplicates/artists", summary="Artists that may be the same", tags=["artists"], opt=EDIT)
async def list_alike_artists(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], cursor: Cursor = None, limit: Limit = 50
) -> Page[AlikeArtists]:
    """Of those that one manages, or of all for whoever may edit anything. A page may be empty and have a next one."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.alike_artists(uow.conn, signed_in.user_id, PageRequest.of(cursor, limit))


@get("/duplicates/albums", summary="Albums that may be the same", tags=["albums"], opt=EDIT)
async def list_alike_albums(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], cursor: Cursor = None, limit: Limit = 50
) -> Page[AlikeAlbums]:
    """Of artists that one manages, or of all for whoever may edit anything. A page may be empty and have a next one."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.alike_albums(uow.conn, signed_in.user_id, PageRequest.of(cursor, limit))


@get("/duplicates/tracks", summary="Tracks that may be the same", tags=["tracks"], opt=EDIT)
async def list_alike_tracks(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], cursor: Cursor = None, limit: Limit = 50
) -> Page[AlikeTracks]:
    """Of artists that one manages, or of all for whoever may edit anything. A page may be empty and have a next one."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.alike_tracks(uow.conn, signed_in.user_id, PageRequest.of(cursor, limit))


@get("/tracks/{track_id:str}/versions", summary="Versions of a track", tags=["tracks"], opt=needs("public"))
async def list_versions(
    track_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> list[TrackVersion]:
    """The track itself and others of the artist that are called the same or are of the same work: live, remixed …"""
    viewer = viewer_of(actor)
    async with db.seen_by(viewer) as conn:
        track = parse(Kind.TRACK, track_id)
        async with following(conn, Kind.TRACK, track, "tracks"):
            return await api.versions(conn, track, viewer)


handlers = [list_alike_artists, list_alike_albums, list_alike_tracks, list_versions]
