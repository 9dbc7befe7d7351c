"""Libraries as those who run the installation arrange them, and their folders as people walk through them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.errors import FolderNotFound, LibraryNotFound, LibraryOverlaps
from antiphon.domains.catalog.model import Track
from antiphon.domains.catalog.store import file_tags as file_tag_store
from antiphon.domains.catalog.store import libraries as store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.views import track_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import AlbumDeleted, TrackDeleted, WorksEdited
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.paging import Page, PageRequest, TextKey, cut
from antiphon.kit.text import clean

__all__ = [
    "Access",
    "Folder",
    "FolderRef",
    "Library",
    "LibraryAccess",
    "LibraryChange",
    "MissingTrack",
    "NewLibrary",
    "add_library",
    "change_library",
    "delete_library_row",
    "delete_missing",
    "delete_some_of_library",
    "folder",
    "folder_roots",
    "library",
    "library_access",
    "library_ids",
    "library_path",
    "link_targets",
    "missing_tracks",
    "set_library_access",
    "visible_libraries",
    "watched_libraries",
]

Access = Literal["everyone", "members", "chosen"]
MOST_TRACKS = 2_000
WORKS_IN_A_FACT = 5_000


class Library(msgspec.Struct, frozen=True):
    """A collection in a folder of the server. What follows `access` is told to administrators only.

    `number` is what Subsonic's apps call it by. `access`: heard by everyone, by whoever has an account, or by chosen
    people. `writes_tags`: what people edit here is written into its files.
    """

    id: str
    number: int
    name: str
    access: Access
    path: str | None = None
    watched: bool | None = None
    writes_tags: bool | None = None
    created_at: datetime | None = None
    version: int | None = None
    kind: Literal["library"] = "library"


class NewLibrary(msgspec.Struct, frozen=True):
    """`path` is a folder that the server can read; without a `name` it is called as its folder is."""

    path: Annotated[str, Meta(min_length=1, max_length=4096)]
    name: Annotated[str, Meta(max_length=100)] = ""
    access: Access = "members"
    watched: bool = False
    writes_tags: bool = False


class LibraryChange(msgspec.Struct, frozen=True):
    """Only what is given changes. A new `path` is where the same files lie now."""

    name: Annotated[str, Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    path: Annotated[str, Meta(min_length=1, max_length=4096)] | UnsetType = UNSET
    access: Access | UnsetType = UNSET
    watched: bool | UnsetType = UNSET
    writes_tags: bool | UnsetType = UNSET


class LibraryAccess(msgspec.Struct, frozen=True):
    """Who hears a library whose access is `chosen`."""

    user_ids: Annotated[list[str], Meta(max_length=10_000)]


class FolderRef(msgspec.Struct, frozen=True):
    id: str
    name: str
    library_id: str


class Folder(msgspec.Struct, frozen=True):
    """`above` leads down from the library. Folders come in pages, tracks (the first 2,000) with the first page."""

    id: str
    name: str
    library_id: str
    above: list[FolderRef]
    folders: Page[FolderRef]
    tracks: list[Track]
    kind: Literal["folder"] = "folder"


class MissingTrack(msgspec.Struct, frozen=True):
    """A track whose file was not found by the last scans."""

    id: str
    title: str
    artist: str
    album: str | None
    path: str
    missing_since: datetime


async def visible_libraries(conn: AsyncConnection, *, whole: bool) -> list[Library]:
    """Those that the person who asks may hear; `whole` tells what only administrators may know."""
    return [_view(row, whole=whole) for row in await store.listed(conn)]


def _view(row: object, *, whole: bool = True) -> Library:
    fields = row._mapping  # type: ignore[attr-defined]
    within = ("path", "watched", "writes_tags", "created_at", "version") if whole else ()
    shown = ("number", "name", "access", *within)
    return Library(id=out(Kind.LIBRARY, fields["id"]), **{name: fields[name] for name in shown})


async def library(conn: AsyncConnection, library_id: UUID) -> Library:
    """Raises LibraryNotFound."""
    row = await store.get(conn, library_id)
    if row is None:
        raise LibraryNotFound
    return _view(row)


async def library_path(conn: AsyncConnection, library_id: UUID) -> str:
    """Raises LibraryNotFound."""
    row = await store.get(conn, library_id)
    if row is None:
        raise LibraryNotFound
    return str(row.path)


async def link_targets(conn: AsyncConnection, library_id: UUID) -> list[Path]:
    """Where links within the library may lead: into libraries that are as open as it, or more."""
    return [Path(path) for path in await store.link_targets(conn, library_id)]


async def library_ids(conn: AsyncConnection) -> list[UUID]:
    """All of them, for the house."""
    return [row.id for row in await store.listed(conn)]


async def watched_libraries(conn: AsyncConnection) -> dict[UUID, str]:
    """Library → its folder."""
    return {row.id: row.path for row in await store.listed(conn) if row.watched}


async def add_library(uow: UnitOfWork, new: NewLibrary) -> Library:
    """Raises Invalid where the folder is none, LibraryOverlaps where its files belong to another library."""
    path = await _checked(uow, new.path, None)
    values = {
        "name": clean(new.name) or path.name or "Music",
        "path": str(path),
        "access": new.access,
        "watched": new.watched,
        "writes_tags": new.writes_tags,
    }
    try:
        made = await store.insert(uow.conn, values, uow.clock.now())
    except IntegrityError as error:
        raise LibraryOverlaps from error
    return await library(uow.conn, made)


async def change_library(uow: UnitOfWork, library_id: UUID, change: LibraryChange) -> Library:
    """Raises LibraryNotFound, Invalid, LibraryOverlaps."""
    before = await store.get(uow.conn, library_id, lock=True)
    if before is None:
        raise LibraryNotFound
    given = msgspec.structs.asdict(change)
    values = {name: value for name, value in given.items() if value is not UNSET}
    if isinstance(change.path, str):
        values["path"] = str(await _checked(uow, change.path, library_id))
    if isinstance(change.name, str):
        values["name"] = clean(change.name) or "Music"
    if values:
        await store.update(uow.conn, library_id, values, uow.clock.now())
    if values.get("writes_tags") and not before.writes_tags:
        await _tell_past_edits(uow, library_id)
    if "access" in values:
        uow.rights_changed("content:*")
    return await library(uow.conn, library_id)


async def _tell_past_edits(uow: UnitOfWork, library_id: UUID) -> None:
    """What people have edited so far comes into the files too."""
    for row in await file_tag_store.edited(uow.conn, library_id):
        for start in range(0, len(row.works), WORKS_IN_A_FACT):
            works = tuple(row.works[start : start + WORKS_IN_A_FACT])
            uow.add_fact(WorksEdited(subject=library_id, kind=row.kind, works=works, fields=tuple(row.fields)))


async def _checked(uow: UnitOfWork, given: str, itself: UUID | None) -> Path:
    path = await asyncio.to_thread(_folder_here, given)
    for row in await store.listed(uow.conn):
        other = Path(row.path)
        if row.id != itself and (other == path or other in path.parents or path in other.parents):
            raise LibraryOverlaps
    return path


def _folder_here(given: str) -> Path:
    path = Path(os.path.normpath(Path(given.replace("\0", "")).expanduser()))
    if not path.is_absolute():
        raise Invalid(FieldProblem("/path", "not_absolute", "Give the whole path of the folder, from the root."))
    if not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
        raise Invalid(FieldProblem("/path", "not_a_folder", "There is no such folder here that the server may read."))
    return path


async def delete_library_row(uow: UnitOfWork, library_id: UUID) -> None:
    """When nothing belongs to it any more."""
    await store.delete(uow.conn, library_id)


async def library_access(conn: AsyncConnection, library_id: UUID) -> LibraryAccess:
    await library(conn, library_id)
    return LibraryAccess([out(Kind.USER, row.user_id) for row in await store.access_of(conn, library_id)])


async def set_library_access(uow: UnitOfWork, library_id: UUID, access: LibraryAccess) -> LibraryAccess:
    """These people and nobody else. Raises LibraryNotFound, NotFound for somebody who is not there."""
    await library(uow.conn, library_id)
    users = [parse(Kind.USER, user) for user in dict.fromkeys(access.user_ids)]
    for user in users:
        await identity.user_by_id(uow.conn, user)
    await store.set_access(uow.conn, library_id, users, uow.clock.now())
    uow.rights_changed("content:*")
    return await library_access(uow.conn, library_id)


async def folder_roots(conn: AsyncConnection) -> list[FolderRef]:
    """The libraries that the person who asks may hear, as folders; one that was never scanned has none."""
    return [_ref(row) for row in await store.roots(conn)]


def _ref(row: object) -> FolderRef:
    fields = row._mapping  # type: ignore[attr-defined]
    return FolderRef(out(Kind.FOLDER, fields["id"]), fields["name"], out(Kind.LIBRARY, fields["library_id"]))


async def folder(conn: AsyncConnection, folder_id: UUID, viewer: UUID | None, request: PageRequest) -> Folder:
    """Raises FolderNotFound also for one of a library that the viewer may not hear."""
    above = await store.folders_above(conn, folder_id)
    if not above:
        raise FolderNotFound
    position = request.position(TextKey)
    below = await store.folders_below(conn, folder_id, position, request.limit + 1)
    page = cut(below, request, lambda row: (row.sort_key, str(row.id)))
    tracks = [] if position else [track_view(row) for row in await track_store.of_folder(conn, folder_id, viewer)]
    itself = _ref(above[-1])
    return Folder(itself.id, itself.name, itself.library_id, [_ref(row) for row in above[:-1]], page.map(_ref), tracks)


async def missing_tracks(conn: AsyncConnection, library_id: UUID, request: PageRequest) -> Page[MissingTrack]:
    position = request.position(TextKey)
    rows = await store.missing(conn, library_id, position[1] if position else None, request.limit + 1)
    page = cut(rows, request, lambda row: ("", str(row.id)))
    return page.map(
        lambda row: MissingTrack(out(Kind.TRACK, row.id), row.title, row.artist, row.album, row.path, row.missing_since)
    )


async def delete_missing(uow: UnitOfWork, library_id: UUID, only: Sequence[UUID] | None, limit: int) -> list[UUID]:
    """Somebody confirms that these are gone for good: at most `limit` of them; with None, of all that are missing."""
    rows = await store.delete_tracks(uow.conn, library_id, only, missing=True, limit=limit)
    for row in rows:
        uow.add_fact(TrackDeleted(subject=row.id, artist_id=row.artist_id, album_id=row.album_id))
    return [row.id for row in rows]


async def delete_some_of_library(uow: UnitOfWork, library_id: UUID, limit: int) -> bool:
    """Part of what a library that is being removed holds, tracks before albums. False when nothing is left."""
    tracks = await store.delete_tracks(uow.conn, library_id, None, missing=False, limit=limit)
    for row in tracks:
        uow.add_fact(TrackDeleted(subject=row.id, artist_id=row.artist_id, album_id=None))
    if tracks:
        return True
    albums = await store.delete_albums(uow.conn, library_id, limit)
    for row in albums:
        uow.add_fact(AlbumDeleted(subject=row.id, artist_id=row.artist_id))
    return bool(albums)
