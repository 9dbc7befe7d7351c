"""The history of a playlist, and going back in it. For its owner alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from antiphon.domains.catalog.api.playlists import edit_playlist, playlist
from antiphon.domains.catalog.errors import NotYourPlaylist, PlaylistStateNotFound
from antiphon.domains.catalog.model_playlist_states import PlaylistState, changed_since
from antiphon.domains.catalog.model_playlists import Playlist, PlaylistOwner
from antiphon.domains.catalog.store import playlist_states as store
from antiphon.domains.catalog.store import playlists as playlist_store
from antiphon.domains.identity import api as identity
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut
from antiphon.kit.text import search_key

__all__ = ["playlist_history", "restore_playlist"]


async def playlist_history(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, request: PageRequest
) -> Page[PlaylistState]:
    """What it was, the last first. Raises PlaylistNotFound, NotYourPlaylist."""
    now = await playlist(uow.conn, playlist_id, owner)
    if not now.editable:
        raise NotYourPlaylist
    found = list(await store.page(uow.conn, playlist_id, request))
    entries, name, comment = await store.entries_now(uow.conn, playlist_id), now.name, now.comment
    if request.after and found:
        newer = found.pop(0)
        entries, name, comment = newer.entry_ids, newer.name, newer.comment
    named = await identity.names_shown(uow.conn, {row.changed_by for row in found if row.changed_by}, owner)
    views: dict[UUID, PlaylistState] = {}
    for row in found:
        renamed = (row.name, row.comment) != (name, comment)
        views[row.id] = _view(row, changed_since(row.entry_ids, entries), renamed, named.get(row.changed_by))
        entries, name, comment = row.entry_ids, row.name, row.comment
    return cut(found, request, lambda row: ("", str(row.id))).map(lambda row: views[row.id])


def _view(
    row: Row[Any], counts: tuple[int, int, int], renamed: bool, changed_by: identity.NameShown | None
) -> PlaylistState:
    added, removed, moved = counts
    return PlaylistState(
        id=out(Kind.PLAYLIST_STATE, row.id),
        until=row.changed_at,
        changed_by=PlaylistOwner(out(Kind.USER, row.changed_by), changed_by.handle, changed_by.display_name)
        if changed_by
        else None,
        name=row.name,
        track_count=len(row.entry_ids),
        added=added,
        removed=removed,
        moved=moved,
        renamed=renamed,
    )


async def restore_playlist(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, state_id: UUID, version: int | None
) -> Playlist:
    """Name, comment and entries as they were; who may see it stays. What it is now becomes part of its history.

    Raises as `edit_playlist`, PlaylistStateNotFound.
    """
    await edit_playlist(uow, owner, playlist_id, version, apart=True)
    then = await store.state(uow.conn, playlist_id, state_id)
    if then is None:
        raise PlaylistStateNotFound
    await store.restore(uow.conn, playlist_id, state_id)
    values = {"name": then.name, "search_key": search_key(then.name), "comment": then.comment}
    await playlist_store.update(uow.conn, playlist_id, values)
    return await playlist(uow.conn, playlist_id, owner)
