"""Playlist files of a library become playlists: their lines are looked up by where the files lie."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.library.walker import inside
from antiphon.domains.media.store import library_playlists as store
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import AppError

__all__ = ["places_meant", "take_playlists"]

AT_ONCE = 100
MOST_BYTES = 4 * 1024 * 1024
_DRIVE = re.compile(r"[A-Za-z]:/")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{0,3}")


async def take_playlists(db: Database, library_id: UUID, root: Path, *, again: bool) -> None:
    """Files that are new or have changed; `again`: also those with lines for which nothing was found before."""
    async with db.system() as uow:
        owner = await catalog.library_keeper(uow.conn)
    if owner is None:
        return  # the next scan finds them as new as they are
    after = ("", "")
    while True:
        async with db.system() as uow:
            due = await store.playlists_due(uow.conn, library_id, after, AT_ONCE, again=again)
        for row in due:
            async with db.system() as uow:
                await _take(uow, library_id, root, owner, row)
        if len(due) < AT_ONCE:
            return
        after = (due[-1].folder, due[-1].name)


async def _take(uow: UnitOfWork, library_id: UUID, root: Path, owner: UUID, row: Any) -> None:
    try:
        data = await asyncio.to_thread(_bytes, inside(root, row.folder, row.name))
        title, lines = catalog.lines_of_playlist(data)
    except OSError:
        return
    except AppError as error:
        await store.put_trouble(uow.conn, library_id, row, error.code, error.detail)
        return
    tracks, unmatched = await _tracks(uow, library_id, root, row.folder, lines)
    taken: tuple[UUID | None, int | None] = row.playlist_id, row.playlist_version
    if row.playlist_id is None:
        taken = await store.take_over_moved(uow.conn, library_id, row) or taken
    name = title or row.name.rpartition(".")[0]
    playlist_id, version = taken
    if playlist_id is not None and version is not None:
        version = await catalog.renew_playlist(uow, playlist_id, version, name, tracks)
    elif playlist_id is None and tracks:
        playlist_id, version = await catalog.make_library_playlist(uow, library_id, owner, name, tracks)
    await store.put_taken(uow.conn, library_id, row, playlist_id, version, unmatched)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)[:MOST_BYTES]


async def _tracks(
    uow: UnitOfWork, library_id: UUID, root: Path, folder: str, lines: Sequence[str]
) -> tuple[list[UUID], int]:
    """Tracks in the order of the lines, all parts of a file that is divided; and how many lines meant nothing here."""
    meant = [list(places_meant(line, folder, str(root))) for line in lines]
    wanted = list(dict.fromkeys(place for places in meant for place in places))
    there: dict[tuple[str, str], list[UUID]] = {}
    for row in await store.tracks_at(uow.conn, library_id, wanted):
        there.setdefault((row.folder, row.name), []).append(row.track_id)
    found = [next((there[place] for place in places if place in there), []) for places in meant]
    return [track for tracks in found for track in tracks], sum(not tracks for tracks in found)


def places_meant(line: str, folder: str, root: str) -> Iterator[tuple[str, str]]:
    """(folder, name) of what a line could mean, the surest first: from where the list lies, from the library, and by
    the end of a path that was right on another machine."""
    path = line.replace("\\", "/")
    scheme = None if _DRIVE.match(path) else _SCHEME.match(path)
    if scheme is not None:
        if scheme[1].lower() != "file":
            return
        path = unquote("/" + path[scheme.end() :].removeprefix("localhost/"))
        path = path[1:] if _DRIVE.match(path[1:]) else path
    seen: set[str] = set()
    for found in _paths(path, folder, root):
        for form in ("NFC", "NFD") if not found.isascii() else ("NFC",):
            spelled = found if form == "NFC" and found not in seen else unicodedata.normalize(form, found)
            if spelled not in seen:
                seen.add(spelled)
                above, _, name = spelled.rpartition("/")
                yield above, name


def _paths(path: str, folder: str, root: str) -> Iterator[str]:
    absolute = path.startswith("/") or _DRIVE.match(path)
    if path.startswith(f"{root}/"):
        yield normpath(path[len(root) + 1 :])
    elif not absolute:
        for above in (folder, ""):
            whole = normpath(f"{above}/{path}" if above else path)
            if not whole.startswith(".."):
                yield whole
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    for start in range(1 if absolute else 0, max(len(parts) - 1, 0)):
        yield "/".join(parts[start:])
