"""What a search index is made of, and what it has yet to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store import indexing as store
from antiphon.domains.catalog.store.indexing import WorkKind

__all__ = [
    "Change",
    "IndexedWork",
    "WorkKind",
    "changes",
    "forget_changes",
    "ids_to_index",
    "last_change",
    "open_library_numbers",
    "published_counts",
    "touched_by",
    "works_to_index",
]


class IndexedWork(msgspec.Struct, frozen=True, gc=False):
    """`names` are its own, the one that is shown first; `beside` those of whose it is and what it is on. Of lyrics
    there are `lines` instead, the empty ones too."""

    id: UUID
    names: tuple[str, ...]
    beside: tuple[str, ...]
    libraries: tuple[int, ...]
    since: datetime
    plays: int
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    year: int | None = None
    bpm: float | None = None
    key: str | None = None
    duration_ms: int | None = None
    format: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    seq: int
    kind: str
    id: UUID


async def works_to_index(conn: AsyncConnection, kind: WorkKind, ids: Sequence[UUID]) -> list[IndexedWork]:
    """Those of the ids that are published; whoever asks sees all libraries."""
    make = {"artist": _artist, "album": _album, "track": _track, "playlist": _playlist, "lyrics": _lyrics}[kind]
    return [make(row) for row in await store.rows(conn, kind, ids)]


async def ids_to_index(conn: AsyncConnection, kind: WorkKind, after: UUID, limit: int) -> list[UUID]:
    """The next ones in the order of ids; none at the end."""
    return await store.ids_after(conn, kind, after, limit)


async def published_counts(conn: AsyncConnection) -> dict[str, int]:
    """How many albums and tracks an index that is whole has."""
    return {"album": await store.count(conn, "album"), "track": await store.count(conn, "track")}


async def changes(conn: AsyncConnection, limit: int) -> list[Change]:
    """What was not forgotten yet, the oldest first."""
    return [Change(row.seq, row.kind, row.id) for row in await store.changes(conn, limit)]


async def forget_changes(conn: AsyncConnection, read: Sequence[Change]) -> None:
    await store.forget_changes(conn, [change.seq for change in read])


async def last_change(conn: AsyncConnection) -> int:
    return await store.last_change(conn)


async def touched_by(conn: AsyncConnection, noted: Sequence[Change]) -> dict[WorkKind, set[UUID]]:
    """All that has to be read again: what changed, what shows its name, and the artists whose works came or went."""
    found: dict[WorkKind, set[UUID]] = {kind: set() for kind in get_args(WorkKind)}
    for kind, ids in found.items():
        ids.update(change.id for change in noted if change.kind == kind)
    artists, albums, tracks = (list(found[kind]) for kind in ("artist", "album", "track"))
    for row in [
        *await store.touched(conn, "works_of_artists", artists),
        *await store.touched(conn, "tracks_of_albums", albums),
        *await store.touched(conn, "lyrics_of_tracks", tracks),
        *await store.touched(conn, "artists_of_works", [*albums, *tracks]),
    ]:
        found[row.kind].add(row.id)
    return found


async def open_library_numbers(conn: AsyncConnection) -> tuple[int, ...] | None:
    """What the person who asks may search, 0 for what was uploaded; None where all is open."""
    numbers = await store.open_libraries(conn)
    return None if numbers is None else (0, *numbers)


def _artist(row: Any) -> IndexedWork:
    return IndexedWork(
        id=row["id"],
        names=_present(row["name"], row["sort_name"], *row["aliases"]),
        beside=(),
        libraries=tuple(row["libraries"]),
        since=row["since"],
        plays=int(row["plays"]),
    )


def _album(row: Any) -> IndexedWork:
    return IndexedWork(
        id=row["id"],
        names=_present(row["title"], row["sort_title"]),
        beside=_present(*(row["artists"] or ()), row["edition"]),
        libraries=(row["library"],),
        since=row["since"],
        plays=int(row["plays"]),
        genres=tuple(row["genres"] or ()),
        moods=tuple(row["moods"] or ()),
        year=row["year"],
    )


def _track(row: Any) -> IndexedWork:
    title, version = row["title"], row["version_title"]
    return IndexedWork(
        id=row["id"],
        names=_present(title, f"{title} {version}" if version else None, row["sort_title"]),
        beside=_present(*(row["artists"] or ()), *(row["album_artists"] or ()), row["album"]),
        libraries=(row["library"],),
        since=row["since"],
        plays=row["plays"],
        genres=tuple(row["genres"] or ()),
        moods=tuple(row["moods"] or ()),
        year=row["year"],
        bpm=row["bpm"],
        key=row["musical_key"],
        duration_ms=row["duration_ms"],
        format=row["format"] or None,
    )


def _playlist(row: Any) -> IndexedWork:
    return IndexedWork(id=row["id"], names=(row["name"],), beside=(), libraries=(0,), since=row["since"], plays=0)


def _lyrics(row: Any) -> IndexedWork:
    return IndexedWork(
        id=row["id"],
        names=(),
        beside=(),
        libraries=(row["library"],),
        since=row["since"],
        plays=row["plays"],
        lines=tuple(line or "" for line in row["lines"]),
    )


def _present(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))
