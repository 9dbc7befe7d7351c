"""Playlists that are files of a library: made once, renewed with the file for as long as nobody edits them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.errors import BadPlaylistFile
from antiphon.domains.catalog.model_playlist_states import SITTING
from antiphon.domains.catalog.model_playlists import MOST_ENTRIES
from antiphon.domains.catalog.playlist_formats import read_playlist
from antiphon.domains.catalog.store import playlists as store
from antiphon.domains.catalog.text_files import BadFile
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import PlaylistDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.text import clean, search_key

__all__ = ["delete_library_playlists", "library_keeper", "lines_of_playlist", "make_library_playlist", "renew_playlist"]


async def library_keeper(conn: AsyncConnection) -> UUID | None:
    """Whose they are: the first administrator. None before there is one."""
    return await identity.user_with_role(conn, "admin")


def lines_of_playlist(data: bytes) -> tuple[str, list[str]]:
    """What the file calls itself, and where each line says that its sound lies. Raises BadPlaylistFile."""
    try:
        _, found = read_playlist(data)
    except BadFile as error:
        raise BadPlaylistFile(str(error)) from error
    return found.title, [item.location for item in found.items]


async def make_library_playlist(
    uow: UnitOfWork, library_id: UUID, owner: UUID, name: str, tracks: Sequence[UUID]
) -> tuple[UUID, int]:
    """The playlist and its version."""
    named = _name(name)
    values = {"owner_id": owner, "library_id": library_id, "comment": "", "visibility": "private", **named}
    playlist_id = await store.add(uow.conn, {**values, "now": uow.clock.now()})
    await store.fill(uow.conn, playlist_id, tracks[:MOST_ENTRIES], uow.clock.now())
    return playlist_id, 1


async def renew_playlist(
    uow: UnitOfWork, playlist_id: UUID, version: int, name: str, tracks: Sequence[UUID]
) -> int | None:
    """Its new version; None where somebody has edited or deleted it, and it stays as they wanted it."""
    row = await store.get(uow.conn, playlist_id)
    same = row is not None and row.version == version and row.name == _name(name)["name"]
    if same and await store.track_ids(uow.conn, playlist_id) == list(tracks[:MOST_ENTRIES]):
        return version
    now = uow.clock.now()
    if row is None or await store.hold(uow.conn, playlist_id, row.owner_id, version, now, now - SITTING) is None:
        return None
    await store.update(uow.conn, playlist_id, _name(name))
    await store.clear(uow.conn, playlist_id)
    await store.fill(uow.conn, playlist_id, tracks[:MOST_ENTRIES], uow.clock.now())
    return version + 1


def _name(name: str) -> dict[str, str]:
    short = clean(name)[:300] or "Playlist"
    return {"name": short, "search_key": search_key(short)}


async def delete_library_playlists(uow: UnitOfWork, library_id: UUID) -> None:
    for playlist_id in await store.delete_of_library(uow.conn, library_id):
        uow.add_fact(PlaylistDeleted(subject=playlist_id))
