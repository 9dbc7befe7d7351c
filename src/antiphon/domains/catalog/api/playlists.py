"""Playlists: who may see one, what is in it, and how it changes.

Everything wants a connection or a unit of work of the person who asks: row-level security hides the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.errors import NotYourPlaylist, PlaylistFull, PlaylistNotFound
from antiphon.domains.catalog.fields import required
from antiphon.domains.catalog.model import Image
from antiphon.domains.catalog.model_playlist_states import SITTING
from antiphon.domains.catalog.model_playlists import (
    MOST_ENTRIES,
    NewEntries,
    NewPlaylist,
    Playlist,
    PlaylistChange,
    PlaylistEntry,
    PlaylistMove,
    PlaylistOwner,
    places_between,
)
from antiphon.domains.catalog.store import playlists as store
from antiphon.domains.catalog.views import track_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import PlaylistDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound, VersionConflict
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.paging import CountKey, Page, PageRequest, cut
from antiphon.kit.text import clean_lines, search_key

__all__ = [
    "add_entries",
    "append_tracks",
    "create_playlist",
    "delete_playlist",
    "drop_entries",
    "edit_playlist",
    "listed_playlists",
    "make_playlist",
    "move_entries",
    "playlist",
    "playlist_entries",
    "playlist_of_app",
    "playlist_page",
    "playlist_track_ids",
    "playlists_for_apps",
    "playlists_of",
    "remove_entries",
    "replace_entries",
    "replace_tracks",
    "update_playlist",
]

_OF_PLAIN = (
    "name",
    "comment",
    "visibility",
    "track_count",
    "duration_ms",
    "version",
    "created_at",
    "updated_at",
)
_covers = msgspec.json.Decoder(list[Image])


async def playlist(conn: AsyncConnection, playlist_id: UUID, viewer: UUID | None) -> Playlist:
    """Raises PlaylistNotFound also for private ones of others."""
    row = await _found(conn, playlist_id)
    unavailable = await store.count_unavailable(conn, playlist_id)
    (view,) = await _views(conn, [row], viewer)
    return msgspec.structs.replace(view, unavailable=unavailable)


async def playlist_of_app(conn: AsyncConnection, playlist_id: UUID, viewer: UUID) -> Playlist:
    """Without pictures, which its songs have, and without how many of them are not shown. Raises PlaylistNotFound."""
    row = await store.get_plain(conn, playlist_id, viewer, identity.NAME_SHOWN)
    if row is None:
        raise PlaylistNotFound
    *_, handle, display_name = row
    return Playlist(
        id=out(Kind.PLAYLIST, playlist_id),
        owner=PlaylistOwner(out(Kind.USER, row["owner_id"]), handle, display_name) if handle else None,
        covers=[],
        cover_of=None,
        unavailable=None,
        editable=row["owner_id"] == viewer,
        library_id=out(Kind.LIBRARY, row["library_id"]) if row["library_id"] else None,
        **{name: row[name] for name in _OF_PLAIN},
    )


async def playlist_page(
    conn: AsyncConnection, viewer: UUID | None, request: PageRequest, *, mine: bool = False, owner: UUID | None = None
) -> Page[Playlist]:
    """The last changed first: one's own, or the public ones of everybody, or of one person."""
    if mine and viewer is None:
        return Page([], None)
    rows = await store.page(conn, request, owner=viewer if mine else owner, listed=not mine)
    page = cut(rows, request, lambda row: (row.updated_at.isoformat(), str(row.id)))
    return Page(await _views(conn, page.items, viewer), page.next)


async def playlists_for_apps(conn: AsyncConnection, viewer: UUID) -> list[Playlist]:
    """Somebody's own and everybody's public ones, by name."""
    return await _views(conn, await store.all_of(conn, viewer), viewer)


async def listed_playlists(conn: AsyncConnection, ids: Sequence[UUID], viewer: UUID | None) -> list[Playlist]:
    """Those of them that everybody may see, in the given order."""
    if not ids:
        return []
    rows = await store.of_ids(conn, ids)
    found = {one.id: one for one in await _views(conn, rows, viewer)}
    return [found[one] for given in ids if (one := out(Kind.PLAYLIST, given)) in found]


async def playlists_of(conn: AsyncConnection, owner: UUID, viewer: UUID) -> list[Playlist]:
    """All that somebody keeps and the connection may see, by name."""
    return await _views(conn, await store.all_of_owner(conn, owner), viewer)


async def _found(conn: AsyncConnection, playlist_id: UUID) -> Row[Any]:
    row = await store.get(conn, playlist_id)
    if row is None:
        raise PlaylistNotFound
    return row


async def _views(conn: AsyncConnection, rows: Sequence[Row[Any]], viewer: UUID | None) -> list[Playlist]:
    named = await identity.names_shown(conn, {row.owner_id for row in rows}, viewer)
    return [_view(row, named.get(row.owner_id), viewer) for row in rows]


def _view(row: Row[Any], owner: identity.NameShown | None, viewer: UUID | None) -> Playlist:
    return Playlist(
        id=out(Kind.PLAYLIST, row.id),
        name=row.name,
        comment=row.comment,
        visibility=row.visibility,
        owner=PlaylistOwner(out(Kind.USER, row.owner_id), owner.handle, owner.display_name) if owner else None,
        covers=_covers.decode(row.covers) if row.covers else [],
        cover_of=out(Kind.TRACK, row.cover_of) if row.cover_of else None,
        track_count=row.track_count,
        duration_ms=row.duration_ms,
        unavailable=None,
        editable=row.owner_id == viewer,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        library_id=out(Kind.LIBRARY, row.library_id) if row.library_id else None,
    )


async def playlist_entries(
    conn: AsyncConnection, playlist_id: UUID, viewer: UUID | None, request: PageRequest
) -> Page[PlaylistEntry]:
    """In order. Raises PlaylistNotFound."""
    row = await _found(conn, playlist_id)
    everything = row.owner_id == viewer
    position = request.position(CountKey)
    found = await store.entry_page(conn, playlist_id, position, request.limit + 1, everything=everything)
    page = cut(found, request, lambda entry: (entry.place, str(entry.id)))
    seen = {entry.track_id for entry in page.items if entry.seen}
    tracks = {track.id: track_view(track) for track in await store.tracks(conn, list(seen), viewer)}

    def view(entry: Row[Any]) -> PlaylistEntry:
        return PlaylistEntry(
            id=out(Kind.PLAYLIST_ENTRY, entry.id), track=tracks.get(entry.track_id), added_at=entry.added_at
        )

    return page.map(view)


async def playlist_track_ids(conn: AsyncConnection, playlist_id: UUID) -> list[tuple[UUID, UUID]]:
    """Entry and track, in order, of what the person who asks may hear. Raises PlaylistNotFound."""
    await _found(conn, playlist_id)
    return [(row.id, row.track_id) for row in await store.entries(conn, playlist_id)]


async def create_playlist(uow: UnitOfWork, owner: UUID, new: NewPlaylist) -> Playlist:
    """Raises Invalid for a name without anything to see in it, and for tracks that the person may not see."""
    playlist_id = await store.add(uow.conn, _values(uow, owner, new))
    if new.track_ids:
        await _fill(uow, playlist_id, _tracks(new.track_ids))
    return await playlist(uow.conn, playlist_id, owner)


async def make_playlist(uow: UnitOfWork, owner: UUID, new: NewPlaylist, tracks: Sequence[UUID]) -> Playlist:
    """As `create_playlist`, but what the person may not see is left out, and what is answered is as `playlist_of_app`
    has it. Raises Invalid, PlaylistFull."""
    if len(tracks) > MOST_ENTRIES:
        raise PlaylistFull
    values = _values(uow, owner, new)
    made, count, duration_ms, handle, display_name = await store.add_filled(
        uow.conn, values, tracks, identity.NAME_SHOWN
    )
    return Playlist(
        id=out(Kind.PLAYLIST, made),
        name=values["name"],
        comment=values["comment"],
        visibility=new.visibility,
        owner=PlaylistOwner(out(Kind.USER, owner), handle, display_name) if handle else None,
        covers=[],
        cover_of=None,
        track_count=count,
        duration_ms=duration_ms,
        unavailable=None,
        editable=True,
        version=1,
        created_at=values["now"],
        updated_at=values["now"],
    )


def _values(uow: UnitOfWork, owner: UUID, new: NewPlaylist) -> dict[str, Any]:
    name = required(new.name, "/name")
    return {
        "owner_id": owner,
        "name": name,
        "search_key": search_key(name),
        "comment": clean_lines(new.comment),
        "visibility": new.visibility,
        "now": uow.clock.now(),
    }


def _tracks(ids: Iterable[str]) -> list[UUID]:
    return [_parsed(Kind.TRACK, text, f"/track_ids/{index}") for index, text in enumerate(ids)]


def _parsed(kind: Kind, text: str, pointer: str) -> UUID:
    try:
        return parse(kind, text)
    except NotFound as error:
        raise Invalid(FieldProblem(pointer, "not_found", error.detail)) from error


async def edit_playlist(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, version: int | None = None, *, apart: bool = False
) -> int:
    """Begin an edit: others wait until the commit. Answers how many entries there are. `apart`: a step of its own in
    the history, however soon it follows another.

    Raises PlaylistNotFound, NotYourPlaylist, VersionConflict where `version` is not the present one.
    """
    now = uow.clock.now()
    count = await store.hold(uow.conn, playlist_id, owner, version, now, now if apart else now - SITTING)
    if count is None:
        row = await _found(uow.conn, playlist_id)
        raise VersionConflict if row.owner_id == owner else NotYourPlaylist
    return count


async def update_playlist(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, change: PlaylistChange, version: int | None
) -> Playlist:
    """Raises as `edit_playlist`, and Invalid."""
    values = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    if "name" in values:
        values["name"] = required(values["name"], "/name")
        values["search_key"] = search_key(values["name"])
    if "comment" in values:
        values["comment"] = clean_lines(values["comment"])
    await edit_playlist(uow, owner, playlist_id, version)
    await store.update(uow.conn, playlist_id, values)
    return await playlist(uow.conn, playlist_id, owner)


async def delete_playlist(uow: UnitOfWork, owner: UUID, playlist_id: UUID) -> None:
    """Raises PlaylistNotFound, NotYourPlaylist."""
    if not await store.delete(uow.conn, playlist_id, owner):
        await _found(uow.conn, playlist_id)
        raise NotYourPlaylist
    uow.add_fact(PlaylistDeleted(subject=playlist_id))


async def add_entries(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, new: NewEntries, version: int | None
) -> Playlist:
    """Raises as `edit_playlist`, Invalid for what cannot be found, PlaylistFull."""
    tracks = _tracks(new.track_ids)
    before = _parsed(Kind.PLAYLIST_ENTRY, new.before, "/before") if new.before else None
    await append_tracks(uow, owner, playlist_id, tracks, before=before, version=version)
    return await playlist(uow.conn, playlist_id, owner)


async def append_tracks(
    uow: UnitOfWork,
    owner: UUID,
    playlist_id: UUID,
    tracks: Sequence[UUID],
    *,
    before: UUID | None = None,
    version: int | None = None,
    lenient: bool = False,
) -> None:
    """`lenient`: tracks that the person may not see are left out. Raises as `add_entries`."""
    count = await edit_playlist(uow, owner, playlist_id, version)
    if count + len(tracks) > MOST_ENTRIES:
        raise PlaylistFull
    places = await _places(uow, playlist_id, before, len(tracks))
    put = await store.insert_entries(uow.conn, playlist_id, tracks, places, uow.clock.now())
    if put < len(tracks) and not lenient:
        await _complain(uow, tracks)


async def _places(
    uow: UnitOfWork, playlist_id: UUID, before: UUID | None, count: int, but: Sequence[UUID] = ()
) -> Sequence[int]:
    for spread in (False, True):
        if spread:
            await store.spread(uow.conn, playlist_id)
        around = await store.neighbours(uow.conn, playlist_id, before, but)
        if around is None:
            raise Invalid(FieldProblem("/before", "not_found", "There is no such entry in this playlist."))
        places = places_between(*around, count)
        if places is not None:
            return places
    raise PlaylistFull


async def _complain(uow: UnitOfWork, tracks: Sequence[UUID]) -> None:
    seen = await store.seen(uow.conn, tracks)
    problems = [
        FieldProblem(f"/track_ids/{index}", "not_found", "There is no such track.")
        for index, track_id in enumerate(tracks)
        if track_id not in seen
    ]
    raise Invalid(*problems[:20])


async def _fill(uow: UnitOfWork, playlist_id: UUID, tracks: Sequence[UUID], *, lenient: bool = False) -> None:
    put = await store.fill(uow.conn, playlist_id, tracks, uow.clock.now())
    if put < len(tracks) and not lenient:
        await _complain(uow, tracks)


async def replace_entries(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, track_ids: Sequence[str], version: int | None
) -> Playlist:
    """The whole list anew. Raises as `add_entries`."""
    tracks = _tracks(track_ids)
    await edit_playlist(uow, owner, playlist_id, version)
    await store.clear(uow.conn, playlist_id)
    await _fill(uow, playlist_id, tracks)
    return await playlist(uow.conn, playlist_id, owner)


async def replace_tracks(uow: UnitOfWork, owner: UUID, playlist_id: UUID, tracks: Sequence[UUID]) -> None:
    """As `replace_entries`, but what the person may not see is left out. Raises as `edit_playlist`, PlaylistFull."""
    if len(tracks) > MOST_ENTRIES:
        raise PlaylistFull
    await edit_playlist(uow, owner, playlist_id)
    await store.clear(uow.conn, playlist_id)
    await _fill(uow, playlist_id, tracks, lenient=True)


async def move_entries(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, move: PlaylistMove, version: int | None
) -> Playlist:
    """Raises as `edit_playlist`, Invalid for an entry that is not there, or to be moved before itself."""
    ids = [_parsed(Kind.PLAYLIST_ENTRY, text, f"/entry_ids/{n}") for n, text in enumerate(move.entry_ids)]
    ids = list(dict.fromkeys(ids))
    before = _parsed(Kind.PLAYLIST_ENTRY, move.before, "/before") if move.before else None
    if before in ids:
        raise Invalid(FieldProblem("/before", "moved_itself", "An entry cannot be moved before itself."))
    await edit_playlist(uow, owner, playlist_id, version)
    there = await store.places_of(uow.conn, playlist_id, ids)
    for index, entry in enumerate(ids):
        if entry not in there:
            raise Invalid(FieldProblem(f"/entry_ids/{index}", "not_found", "There is no such entry in this playlist."))
    places = await _places(uow, playlist_id, before, len(ids), but=ids)
    await store.place_entries(uow.conn, playlist_id, ids, places)
    return await playlist(uow.conn, playlist_id, owner)


async def remove_entries(
    uow: UnitOfWork, owner: UUID, playlist_id: UUID, entry_ids: Sequence[str], version: int | None
) -> Playlist:
    """What is gone already is no error. Raises as `edit_playlist`."""
    ids = [_parsed(Kind.PLAYLIST_ENTRY, text, f"/entry_ids/{n}") for n, text in enumerate(entry_ids)]
    await edit_playlist(uow, owner, playlist_id, version)
    await store.remove(uow.conn, playlist_id, ids)
    return await playlist(uow.conn, playlist_id, owner)


async def drop_entries(uow: UnitOfWork, playlist_id: UUID, entries: Sequence[UUID]) -> None:
    """Within an edit that was begun."""
    if entries:
        await store.remove(uow.conn, playlist_id, entries)
