"""Playlists as files: taken in with a look at what each line means, and given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.playlists import make_playlist, playlist
from antiphon.domains.catalog.errors import BadPlaylistFile, ImportNotFound
from antiphon.domains.catalog.matching import Candidate, file_names, match, title_keys
from antiphon.domains.catalog.model_playlist_imports import (
    Acceptance,
    ImportedLine,
    MatchedTrack,
    PlaylistImport,
    StoredLine,
)
from antiphon.domains.catalog.model_playlists import NewPlaylist, Playlist
from antiphon.domains.catalog.playlist_formats import (
    PlaylistFile,
    PlaylistFormat,
    PlaylistItem,
    read_playlist,
    write_playlist,
)
from antiphon.domains.catalog.store import playlist_imports as store
from antiphon.domains.catalog.store import playlists as playlist_store
from antiphon.domains.catalog.text_files import BadFile
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean, search_key

__all__ = ["accept_import", "playlist_file", "playlist_import", "review_file", "tracks_meant"]

_lines = msgspec.json.Decoder(list[StoredLine])


async def tracks_meant(conn: AsyncConnection, items: Sequence[PlaylistItem]) -> list[StoredLine]:
    """What each line means, of what the person who asks may hear: by ISRC, by the end of the path, by names."""
    found: dict[int, dict[UUID, Candidate]] = defaultdict(dict)

    def keep(rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            found[row.number][row.id] = Candidate(
                row.id, row.title_key, row.artist_key, row.duration_ms, row.isrc, row.path
            )

    keep(await store.by_isrc(conn, [(number, item.isrc) for number, item in enumerate(items) if item.isrc]))
    keep(await store.by_path(conn, [(n, end) for n, item in enumerate(items) for end in _ends(item)]))
    keys = [(n, key, search_key(item.artist)) for n, item in enumerate(items) for key in title_keys(item)]
    keep(await store.by_title(conn, keys))
    lines = []
    for number, item in enumerate(items):
        meant = match(item, list(found[number].values()))
        lines.append(
            StoredLine(item.location, item.title, item.artist, item.duration_ms, meant.sureness, meant.candidates)
        )
    return lines


def _ends(item: PlaylistItem) -> list[str]:
    """The file's name, and before it the folder's: a thousand files may be called `01.mp3`."""
    ends = []
    folders = [part for part in item.location.split("/")[:-1] if part not in ("", ".", "..")]
    for name in file_names(item.location):
        ends += [f"{folders[-1].lower()}/{name}", name] if folders else [name]
    return ends


async def review_file(uow: UnitOfWork, owner: UUID, data: bytes, filename: str) -> PlaylistImport:
    """Raises BadPlaylistFile."""
    try:
        _, found = read_playlist(data)
    except BadFile as error:
        raise BadPlaylistFile(str(error)) from error
    lines = await tracks_meant(uow.conn, found.items)
    stem = clean(filename).rpartition("/")[2].rpartition("\\")[2]
    name = (found.title or stem.rpartition(".")[0] or stem)[:300]
    stored = msgspec.json.encode(lines).decode()
    made = await store.add(uow.conn, owner, name, stored, uow.clock.now())
    return await playlist_import(uow.conn, owner, made)


async def playlist_import(conn: AsyncConnection, owner: UUID, import_id: UUID) -> PlaylistImport:
    """Raises ImportNotFound."""
    row = await store.get(conn, import_id, owner)
    if row is None:
        raise ImportNotFound
    lines = _lines.decode(row.lines)
    ids = list({one for line in lines for one in line.candidates})
    named = {track.id: _matched(track) for track in await store.names(conn, ids)}
    shown = [
        ImportedLine(
            number=number,
            location=line.location,
            title=line.title,
            artist=line.artist,
            duration_ms=line.duration_ms,
            sureness=line.sureness,
            candidates=[named[one] for one in line.candidates if one in named],
        )
        for number, line in enumerate(lines)
    ]
    counts = {name: sum(line.sureness == name for line in lines) for name in ("sure", "likely", "none")}
    return PlaylistImport(
        id=out(Kind.PLAYLIST_IMPORT, row.id),
        name=row.name,
        lines=shown,
        sure=counts["sure"],
        likely=counts["likely"],
        missing=counts["none"],
        created_at=row.created_at,
    )


def _matched(row: Row[Any]) -> MatchedTrack:
    return MatchedTrack(out(Kind.TRACK, row.id), row.title, row.artist, row.album, row.duration_ms)


async def accept_import(uow: UnitOfWork, owner: UUID, import_id: UUID, accepted: Acceptance) -> Playlist:
    """The playlist that comes of it. Raises ImportNotFound, Invalid."""
    row = await store.get(uow.conn, import_id, owner)
    if row is None:
        raise ImportNotFound
    meant: dict[int, UUID | None] = {
        number: line.candidates[0] if line.sureness != "none" else None
        for number, line in enumerate(_lines.decode(row.lines))
    }
    for choice in accepted.choices:
        if choice.number in meant:
            meant[choice.number] = parse(Kind.TRACK, choice.track_id) if choice.track_id else None
    tracks = [track for _, track in sorted(meant.items()) if track is not None]
    new = NewPlaylist(accepted.name, "", accepted.visibility)
    made = await make_playlist(uow, owner, new, tracks)
    await store.delete(uow.conn, import_id)
    return await playlist(uow.conn, parse(Kind.PLAYLIST, made.id), owner)


async def playlist_file(
    conn: AsyncConnection, playlist_id: UUID, viewer: UUID | None, file_format: PlaylistFormat
) -> tuple[str, str]:
    """Name and text. What the person may not hear is left out. Raises PlaylistNotFound."""
    found = await playlist(conn, playlist_id, viewer)
    items = [_item(row) for row in await playlist_store.named_entries(conn, playlist_id)]
    return found.name, write_playlist(PlaylistFile(title=found.name, items=items), file_format)


def _item(row: Row[Any]) -> PlaylistItem:
    return PlaylistItem(
        location=row.path or _made_path(row),
        title=row.title,
        artist=row.artist,
        album=row.album or "",
        duration_ms=row.duration_ms,
        isrc=row.isrc or "",
    )


def _made_path(row: Row[Any]) -> str:
    """What was uploaded has no place that people know: artist, album and title make one that another program finds."""
    number = f"{row.track_number:02} " if row.track_number else ""
    parts = [row.artist, row.album or "", f"{number}{row.title}"]
    return "/".join(part.replace("/", "_") for part in parts if part)
