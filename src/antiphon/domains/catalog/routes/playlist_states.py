"""HTTP of the history of playlists."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from antiphon.domains.catalog.api import playlist_states as api
from antiphon.domains.catalog.model_playlist_states import PlaylistState
from antiphon.domains.catalog.model_playlists import Playlist
from antiphon.domains.catalog.routes.asked import Cursor, IfMatch
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

EDIT, TAGS = needs("playlist.edit"), ["playlists"]
StateLimit = Annotated[int, QueryParameter(ge=1, le=50)]


@get("/playlists/{playlist_id:str}/history", summary="What a playlist was, the last first", tags=TAGS, opt=EDIT)
async def list_history(
    playlist_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    cursor: Cursor = None,
    limit: StateLimit = 20,
) -> Page[PlaylistState]:
    """For its owner. What somebody changes within ten minutes counts as one change; the last hundred are kept."""
    async with db.unit(signed_in.user_id) as uow:
        request = PageRequest.of(cursor, limit)
        return await api.playlist_history(uow, signed_in.user_id, parse(Kind.PLAYLIST, playlist_id), request)


@post(
    "/playlists/{playlist_id:str}/history/{state_id:str}/restore",
    summary="Make a playlist what it was",
    tags=TAGS,
    status_code=200,
    opt=EDIT,
)
async def restore_state(
    playlist_id: FromPath[str],
    state_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Playlist]:
    """Name, comment and entries; who may see it stays as it is. What it is now becomes part of its history."""
    playlist, state = parse(Kind.PLAYLIST, playlist_id), parse(Kind.PLAYLIST_STATE, state_id)
    async with db.unit(signed_in.user_id) as uow:
        made = await api.restore_playlist(uow, signed_in.user_id, playlist, state, expected_version(if_match))
    return Response(made, headers=etag(made.version))


handlers = [list_history, restore_state]
