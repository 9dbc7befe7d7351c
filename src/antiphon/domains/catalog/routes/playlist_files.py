"""HTTP of playlist files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from antiphon.domains.catalog.api import playlist_files as api
from antiphon.domains.catalog.model_playlist_imports import Acceptance, PlaylistImport
from antiphon.domains.catalog.model_playlists import Playlist
from antiphon.domains.catalog.playlist_formats import PlaylistFormat
from antiphon.domains.catalog.routes.bodies import FileBody
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag

__all__ = ["handlers"]

LARGEST_FILE = 4 << 20  # bytes
TAGS, EDIT = ["playlists"], needs("playlist.edit")
_TYPES = {
    "m3u8": "audio/x-mpegurl; charset=utf-8",
    "pls": "audio/x-scpls; charset=utf-8",
    "xspf": "application/xspf+xml",
    "jspf": "application/jspf+json",
}


@post(
    "/playlists/import",
    summary="Look at a playlist file",
    tags=TAGS,
    status_code=201,
    opt=EDIT,
    operation_class=FileBody,
    request_max_body_size=LARGEST_FILE,
)
async def review_file(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    filename: FromQuery[str] = "",
) -> PlaylistImport:
    """The body is the file: M3U, PLS, XSPF or JSPF, in any code page. The answer says which track each line means,
    and how sure that is; nothing is made before it is accepted. It is kept for a week."""
    data = await request.body()
    async with db.unit(signed_in.user_id) as uow:
        return await api.review_file(uow, signed_in.user_id, data, filename[:1000])


@get("/playlists/import/{import_id:str}", summary="A playlist file under review", tags=TAGS, opt=EDIT)
async def get_import(
    import_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> PlaylistImport:
    async with db.seen_by(signed_in.user_id) as conn:
        return await api.playlist_import(conn, signed_in.user_id, parse(Kind.PLAYLIST_IMPORT, import_id))


@post(
    "/playlists/import/{import_id:str}/accept",
    summary="Make the playlist that a file means",
    tags=TAGS,
    status_code=201,
    opt=EDIT,
)
async def accept_import(
    import_id: FromPath[str],
    data: JSONBody[Acceptance],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> Response[Playlist]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        made = await api.accept_import(uow, user, parse(Kind.PLAYLIST_IMPORT, import_id), data)
    return Response(made, headers=etag(made.version))


@get("/playlists/{playlist_id:str}/export", summary="A playlist as a file", tags=TAGS, opt=needs("public"))
async def export_playlist(
    playlist_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    format: FromQuery[PlaylistFormat] = "m3u8",  # noqa: A002
) -> Response[str]:
    viewer: UUID | None = actor.user_id if actor else None
    async with db.seen_by(viewer) as conn:
        name, text = await api.playlist_file(conn, parse(Kind.PLAYLIST, playlist_id), viewer, format)
    disposition = f"attachment; filename*=UTF-8''{quote(name.replace('/', '_'), safe='')}.{format}"
    return Response(text, media_type=_TYPES[format], headers={"Content-Disposition": disposition})


handlers = [review_file, get_import, accept_import, export_playlist]
