"""HTTP of playlists."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from antiphon.domains.catalog.api import playlists as api
from antiphon.domains.catalog.model_playlists import (
    NewEntries,
    NewPlaylist,
    Playlist,
    PlaylistChange,
    PlaylistEntries,
    PlaylistEntry,
    PlaylistMove,
    PlaylistTracks,
)
from antiphon.domains.catalog.routes.asked import Cursor, IdempotencyKey, IfMatch, Limit
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

PUBLIC, EDIT, TAGS = needs("public"), needs("playlist.edit"), ["playlists"]
EntryLimit = Annotated[int, QueryParameter(ge=1, le=500)]


def _answer(found: Playlist) -> Response[Playlist]:
    return Response(found, headers=etag(found.version))


def _viewer(actor: Actor | None) -> UUID | None:
    return actor.user_id if actor else None


@get("/playlists", summary="Playlists, the last changed first", tags=TAGS, opt=PUBLIC)
async def list_playlists(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    mine: FromQuery[bool] = False,
    owner_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Playlist]:
    """Public ones of everybody or of one person; with `mine` one's own, whoever may see them."""
    viewer, owner = _viewer(actor), parse(Kind.USER, owner_id) if owner_id else None
    async with db.seen_by(viewer) as conn:
        return await api.playlist_page(conn, viewer, PageRequest.of(cursor, limit), mine=mine, owner=owner)


@post("/playlists", summary="Make a playlist", tags=TAGS, opt=EDIT)
async def create_playlist(
    data: JSONBody[NewPlaylist],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> Response[Playlist]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        made = await once(uow, user, idempotency_key, data, lambda: api.create_playlist(uow, user, data), Playlist)
    return _answer(made)


@get("/playlists/{playlist_id:str}", summary="One playlist", tags=TAGS, opt=PUBLIC)
async def get_playlist(
    playlist_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[Playlist]:
    """Unlisted ones are found by whoever has the id."""
    viewer = _viewer(actor)
    async with db.seen_by(viewer) as conn:
        return _answer(await api.playlist(conn, parse(Kind.PLAYLIST, playlist_id), viewer))


@put("/playlists/{playlist_id:str}", summary="Rename a playlist, or show it to others", tags=TAGS, opt=EDIT)
async def update_playlist(
    playlist_id: FromPath[str],
    data: JSONBody[PlaylistChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Playlist]:
    user, version = signed_in.user_id, expected_version(if_match)
    async with db.unit(user) as uow:
        return _answer(await api.update_playlist(uow, user, parse(Kind.PLAYLIST, playlist_id), data, version))


@delete("/playlists/{playlist_id:str}", summary="Delete a playlist", tags=TAGS, opt=EDIT)
async def delete_playlist(
    playlist_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_playlist(uow, signed_in.user_id, parse(Kind.PLAYLIST, playlist_id))


@get("/playlists/{playlist_id:str}/entries", summary="What is in a playlist, in order", tags=TAGS, opt=PUBLIC)
async def list_entries(
    playlist_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    cursor: Cursor = None,
    limit: EntryLimit = 100,
) -> Page[PlaylistEntry]:
    viewer = _viewer(actor)
    request = PageRequest(limit, PageRequest.of(cursor, 1).after)
    async with db.seen_by(viewer) as conn:
        return await api.playlist_entries(conn, parse(Kind.PLAYLIST, playlist_id), viewer, request)


@post(
    "/playlists/{playlist_id:str}/entries", summary="Put tracks into a playlist", tags=TAGS, status_code=200, opt=EDIT
)
async def add_entries(
    playlist_id: FromPath[str],
    data: JSONBody[NewEntries],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Playlist]:
    """A thousand at a time; the same track may come more than once."""
    user, version, playlist = signed_in.user_id, expected_version(if_match), parse(Kind.PLAYLIST, playlist_id)
    async with db.unit(user) as uow:
        asked = (playlist_id, data)
        added = await once(
            uow, user, idempotency_key, asked, lambda: api.add_entries(uow, user, playlist, data, version), Playlist
        )
    return _answer(added)


@put("/playlists/{playlist_id:str}/entries", summary="Replace all that is in a playlist", tags=TAGS, opt=EDIT)
async def replace_entries(
    playlist_id: FromPath[str],
    data: JSONBody[PlaylistTracks],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Playlist]:
    user, version, playlist = signed_in.user_id, expected_version(if_match), parse(Kind.PLAYLIST, playlist_id)
    async with db.unit(user) as uow:
        return _answer(await api.replace_entries(uow, user, playlist, data.track_ids, version))


@post(
    "/playlists/{playlist_id:str}/entries/move",
    summary="Move entries within a playlist",
    tags=TAGS,
    status_code=200,
    opt=EDIT,
)
async def move_entries(
    playlist_id: FromPath[str],
    data: JSONBody[PlaylistMove],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Playlist]:
    user, version, playlist = signed_in.user_id, expected_version(if_match), parse(Kind.PLAYLIST, playlist_id)
    async with db.unit(user) as uow:
        return _answer(await api.move_entries(uow, user, playlist, data, version))


@post(
    "/playlists/{playlist_id:str}/entries/remove",
    summary="Take entries out of a playlist",
    tags=TAGS,
    status_code=200,
    opt=EDIT,
)
async def remove_entries(
    playlist_id: FromPath[str],
    data: JSONBody[PlaylistEntries],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Playlist]:
    """Those that are gone already are no error."""
    user, version, playlist = signed_in.user_id, expected_version(if_match), parse(Kind.PLAYLIST, playlist_id)
    async with db.unit(user) as uow:
        return _answer(await api.remove_entries(uow, user, playlist, data.entry_ids, version))


handlers = [
    list_playlists,
    create_playlist,
    get_playlist,
    update_playlist,
    delete_playlist,
    list_entries,
    add_entries,
    replace_entries,
    move_entries,
    remove_entries,
]
