"""Tracks of a library's files come in, hundreds at a time, and find their artists, albums and folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.lyrics import take_lyrics
from antiphon.domains.catalog.model import sort_key
from antiphon.domains.catalog.store import importing as store
from antiphon.facts.catalog import AlbumDeleted
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import new_uuid
from antiphon.kit.logs import get_logger
from antiphon.kit.text import search_key

__all__ = [
    "ImportMemory",
    "ImportedAlbum",
    "ImportedArtist",
    "ImportedTrack",
    "drop_folders",
    "hide_missing",
    "import_tracks",
    "settle_albums",
    "show_found",
    "take_found_lyrics",
]

log = get_logger(__name__)
MOST_REMEMBERED = 20_000


class ImportedArtist(msgspec.Struct, frozen=True):
    """`name` as it is credited; `joined_by` stands between this name and the next."""

    name: str
    sort_name: str | None = None
    mbid: UUID | None = None
    joined_by: str = ""


class ImportedAlbum(msgspec.Struct, frozen=True, kw_only=True):
    """`home` is the folder that it lies in. Dates are whole, with the precision that they were given with."""

    artists: tuple[ImportedArtist, ...]
    title: str
    home: str
    sort_title: str | None = None
    kind: str = "album"
    edition: str = ""
    release_date: str | None = None
    release_precision: str = "day"
    original_date: str | None = None
    original_precision: str = "day"
    label: str = ""
    catalog_number: str = ""
    upc: str | None = None
    compilation: bool = False
    explicit: bool = False
    moods: tuple[str, ...] = ()
    mbid: UUID | None = None
    release_group_mbid: UUID | None = None

    @property
    def year(self) -> str:
        return (self.original_date or self.release_date or "")[:4]


class ImportedTrack(msgspec.Struct, kw_only=True):
    """`id` is that of a track which is here already; every text is clean and of the length that the catalogue takes."""

    id: UUID | None
    folder: str
    artists: tuple[ImportedArtist, ...]
    album: ImportedAlbum | None
    title: str
    sort_title: str | None = None
    disc_title: str | None = None
    disc_number: int | None = None
    track_number: int | None = None
    year: int | None = None
    explicit: bool = False
    isrc: str | None = None
    duration_ms: int | None = None
    bpm: float | None = None
    musical_key: str | None = None
    language: str | None = None
    moods: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    credits: tuple[tuple[str, str], ...] = ()  # (role, name)
    work: str = ""
    movement: str = ""
    comment: str = ""
    copyright: str = ""
    mbid: UUID | None = None
    path: str = ""
    suffix: str = ""
    mime: str = ""
    codec: str = ""
    bytes: int = 0
    bitrate_kbps: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    bit_depth: int | None = None
    track_gain: float | None = None
    track_peak: float | None = None
    album_gain: float | None = None
    album_peak: float | None = None


@dataclass(slots=True)
class ImportMemory:
    """What one import has looked up before. Forget it when a batch was refused: a row may have gone meanwhile."""

    artists: dict[tuple[str, UUID | None], UUID] = field(default_factory=dict)
    folders: dict[str, UUID] = field(default_factory=dict)

    def forget(self) -> None:
        self.artists.clear()
        self.folders.clear()

    def trim(self) -> None:
        if len(self.artists) + len(self.folders) > MOST_REMEMBERED:
            self.forget()


_TRACK = (
    "title", "sort_title", "disc_title", "disc_number", "track_number", "year", "explicit", "isrc", "duration_ms",
    "bpm", "musical_key", "language", "work", "movement", "comment", "copyright", "mbid",
)  # fmt: skip
_FILE = (
    "path", "suffix", "mime", "codec", "bytes", "bitrate_kbps", "sample_rate", "channels", "bit_depth", "track_gain",
    "track_peak", "album_gain", "album_peak",
)  # fmt: skip
_ALBUM = (
    "title", "sort_title", "kind", "edition", "release_date", "release_precision", "original_date",
    "original_precision", "label", "catalog_number", "upc", "compilation", "explicit", "mbid", "release_group_mbid",
)  # fmt: skip


async def import_tracks(
    uow: UnitOfWork, library_id: UUID, tracks: Sequence[ImportedTrack], memory: ImportMemory
) -> list[UUID]:
    """Writes new ones and renews known ones, in one go; answers their ids in order.

    What a person has edited stays as it is. Raises IntegrityError where somebody merged or deleted what the memory
    names: forget it and try again.
    """
    now = uow.clock.now()
    memory.trim()
    albums = list({id(track.album): track.album for track in tracks if track.album is not None}.values())
    everybody = [*(a for t in tracks for a in t.artists), *(a for album in albums for a in album.artists)]
    await _know_artists(uow.conn, everybody, memory, now)
    await _know_folders(uow.conn, library_id, {*(t.folder for t in tracks), *(a.home for a in albums)}, memory, now)
    album_ids = await _Albums(library_id, memory, now).put(uow.conn, albums, tracks)
    ids = [track.id or new_uuid() for track in tracks]
    known = [track.id for track in tracks if track.id is not None]
    rows = [
        _track_row(track, track_id, memory, album_ids.get(id(track.album)))
        for track, track_id in zip(tracks, ids, strict=True)
    ]
    fresh = [row for row, track in zip(rows, tracks, strict=True) if track.id is None]
    if fresh:
        await store.insert_tracks(uow.conn, library_id, _json(fresh), now)
    if known:
        renewed = [row for row, track in zip(rows, tracks, strict=True) if track.id is not None]
        await store.update_tracks(uow.conn, _json(renewed), now)
    await _put_beside(uow.conn, tracks, ids, known, memory)
    return ids


def _json(rows: Sequence[object]) -> str:
    return msgspec.json.encode(rows).decode()


def _key(artist: ImportedArtist) -> tuple[str, UUID | None]:
    return search_key(artist.name), artist.mbid


async def _know_artists(
    conn: AsyncConnection, artists: Iterable[ImportedArtist], memory: ImportMemory, now: datetime
) -> None:
    """One with a MusicBrainz id is found by it, whatever the name; names meet where no ids keep them apart."""
    unknown = {key: artist for artist in artists if (key := _key(artist)) not in memory.artists}
    if not unknown:
        return
    await _find_artists(conn, unknown, memory)
    rows = []
    made: set[str] = set()
    for (name, mbid), artist in unknown.items():
        if (name, mbid) in memory.artists:
            continue
        import_key = name if name not in made and (name, None) not in memory.artists else f"mbid:{mbid}"
        if import_key in made or (mbid is None and name in made):
            continue
        made.add(import_key)
        rows.append(
            {
                "name": artist.name,
                "search_key": name,
                "sort_name": artist.sort_name if artist.sort_name != artist.name else None,
                "sort_key": sort_key(artist.sort_name or artist.name),
                "mbid": mbid,
                "import_key": import_key,
            }
        )
    if rows:
        await store.insert_artists(conn, _json(rows), now)
        await _find_artists(conn, unknown, memory)


async def _find_artists(conn: AsyncConnection, wanted: Iterable[tuple[str, UUID | None]], memory: ImportMemory) -> None:
    wanted = list(wanted)
    names = [name for name, _ in wanted]
    mbids = [mbid for _, mbid in wanted if mbid is not None]
    by_name: dict[str, tuple[UUID, UUID | None]] = {}
    by_mbid: dict[UUID, UUID] = {}
    for row in await store.artists_like(conn, names, mbids, names):
        by_name.setdefault(row.alias or row.import_key, (row.id, row.mbid))
        if row.mbid is not None:
            by_mbid.setdefault(row.mbid, row.id)
    for name, mbid in wanted:
        named = by_name.get(name)
        if mbid is not None and mbid in by_mbid:
            memory.artists[name, mbid] = by_mbid[mbid]
        elif named is not None and (mbid is None or named[1] is None):
            memory.artists[name, mbid] = named[0]
        if named is not None:
            memory.artists.setdefault((name, None), named[0])


async def _know_folders(
    conn: AsyncConnection, library_id: UUID, paths: Iterable[str], memory: ImportMemory, now: datetime
) -> None:
    """Each with those above it; the library itself is the folder without a name."""
    wanted = {part for path in paths for part in _with_parents(path)} - memory.folders.keys()
    if not wanted:
        return
    memory.folders.update(await store.folders_at(conn, library_id, list(wanted)))
    missing = sorted(wanted - memory.folders.keys(), key=_depth)
    while missing:
        depth = _depth(missing[0])
        level = [path for path in missing if _depth(path) == depth]
        missing = missing[len(level) :]
        rows = []
        for path in level:
            name = path.rpartition("/")[2]
            parent = memory.folders[path.rpartition("/")[0]] if path else None
            rows.append((path, parent, name, sort_key(name)))
        await store.insert_folders(conn, library_id, rows, now)
        memory.folders.update(await store.folders_at(conn, library_id, level))


def _depth(path: str) -> int:
    return path.count("/") + 1 if path else 0


def _with_parents(path: str) -> list[str]:
    parts = path.split("/") if path else []
    return ["/".join(parts[:count]) for count in range(len(parts) + 1)]


@dataclass(slots=True)
class _Albums:
    """Finds the album that each group of tracks belongs to, and makes those that are new."""

    library_id: UUID
    memory: ImportMemory
    now: datetime

    async def put(
        self, conn: AsyncConnection, albums: Sequence[ImportedAlbum], tracks: Sequence[ImportedTrack]
    ) -> dict[int, UUID]:
        """By the identity of the object in hand."""
        if not albums:
            return {}
        found = await self._find(conn, albums)
        chosen = {id(album): row for album in albums if (row := found.match(album)) is not None}
        left = await self._left_behind(conn, tracks, chosen)
        rows: dict[str, dict[str, object]] = {}
        renewed: dict[UUID, dict[str, object]] = {}
        ids: dict[int, UUID] = {}
        for album in albums:
            at, key = id(album), found.key(album)
            known = chosen.get(at) or (left.get(at) if key not in rows else None)
            if known is not None:
                ids[at] = known
                renewed.setdefault(known, self._row(album, known, key))
            elif key in rows:
                ids[at] = UUID(str(rows[key]["id"]))
            else:
                ids[at] = new_uuid()
                rows[key] = self._row(album, ids[at], key)
        await self._write(conn, list(rows.values()), list(renewed.values()), albums, ids)
        return ids

    async def _find(self, conn: AsyncConnection, albums: Sequence[ImportedAlbum]) -> _Known:
        known = _Known(self.memory)
        keys = {key for album in albums for key in (known.key(album), known.base(album))}
        mbids = {album.mbid for album in albums if album.mbid is not None}
        folders = {self.memory.folders[album.home] for album in albums}
        for row in await store.albums_like(conn, self.library_id, list(keys), list(mbids), list(folders)):
            known.add(row.id, row.import_key, row.mbid, row.folder_id)
        return known

    async def _left_behind(
        self, conn: AsyncConnection, tracks: Sequence[ImportedTrack], chosen: dict[int, UUID]
    ) -> dict[int, UUID]:
        """Albums all of whose tracks come under another name now: they are renamed, and stay what people like."""
        homeless = {t.id: id(t.album) for t in tracks if t.id and t.album is not None and id(t.album) not in chosen}
        if not homeless:
            return {}
        groups: dict[UUID, list[int]] = {}
        sizes: dict[UUID, int] = {}
        for row in await store.albums_of_tracks(conn, list(homeless)):
            groups.setdefault(row.album_id, []).append(homeless[row.id])
            sizes[row.album_id] = row.tracks
        taken = set(chosen.values())
        whole = {
            album: group[0]
            for album, group in groups.items()
            if album not in taken and len(set(group)) == 1 and len(group) == sizes[album]
        }
        return {group: album for album, group in whole.items()}

    def _row(self, album: ImportedAlbum, album_id: UUID, key: str) -> dict[str, object]:
        return {
            **{name: getattr(album, name) for name in _ALBUM},
            "id": album_id,
            "artist_id": self.memory.artists[_key(album.artists[0])],
            "search_key": search_key(album.title),
            "sort_key": sort_key(album.sort_title or album.title),
            "moods": _array(album.moods),
            "folder_id": self.memory.folders[album.home],
            "import_key": key,
        }

    async def _write(
        self,
        conn: AsyncConnection,
        fresh: Sequence[object],
        renewed: Sequence[object],
        albums: Sequence[ImportedAlbum],
        ids: dict[int, UUID],
    ) -> None:
        if fresh:
            await store.insert_albums(conn, self.library_id, _json(fresh), self.now)
        if renewed:
            await store.update_albums(conn, _json(renewed), self.now)
        others = [
            {"album_id": ids[id(album)], **row}
            for album in albums
            for row in _artist_rows(album.artists, self.memory)
            if row["position"]
        ]
        if others:
            await store.put_beside(conn, "album_artists", _json(others), ())


class _Known:
    """Albums of the library that could be meant."""

    def __init__(self, memory: ImportMemory) -> None:
        self._memory = memory
        self._by_key: dict[str, tuple[UUID, UUID | None]] = {}
        self._by_mbid: dict[UUID, UUID] = {}
        self._by_folder: dict[tuple[UUID, str], tuple[UUID, UUID | None]] = {}

    def add(self, album_id: UUID, key: str, mbid: UUID | None, folder: UUID | None) -> None:
        self._by_key[key] = (album_id, mbid)
        if mbid is not None:
            self._by_mbid[mbid] = album_id
        if folder is not None:
            self._by_folder[folder, key.rpartition("\t")[0]] = (album_id, mbid)

    def base(self, album: ImportedAlbum) -> str:
        """The artist by id, so that names that MusicBrainz holds together stay together."""
        artist = self._memory.artists[_key(album.artists[0])]
        return f"{artist}\t{search_key(album.title)}\t{search_key(album.edition)}"

    def key(self, album: ImportedAlbum) -> str:
        return f"{self.base(album)}\t{album.mbid or album.year}"

    def match(self, album: ImportedAlbum) -> UUID | None:
        """By id; else the one of this name in the same folder; else the one of this name and year."""
        if album.mbid is not None and album.mbid in self._by_mbid:
            return self._by_mbid[album.mbid]
        here = self._by_folder.get((self._memory.folders[album.home], self.base(album)))
        for found in (here, self._by_key.get(self.key(album))):
            if found is not None and (album.mbid is None or found[1] is None):
                return found[0]
        return None


def _array(values: Sequence[str]) -> list[str]:
    return list(values)


def _artist_rows(artists: Sequence[ImportedArtist], memory: ImportMemory) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    seen: set[UUID] = set()
    for artist in artists:
        artist_id = memory.artists[_key(artist)]
        if artist_id not in seen:
            seen.add(artist_id)
            rows.append(
                {
                    "position": len(rows),
                    "artist_id": artist_id,
                    "credited_as": artist.name,
                    "joined_by": artist.joined_by,
                }
            )
    return rows


def _track_row(track: ImportedTrack, track_id: UUID, memory: ImportMemory, album_id: UUID | None) -> dict[str, object]:
    return {
        **{name: getattr(track, name) for name in _TRACK},
        "id": track_id,
        "artist_id": memory.artists[_key(track.artists[0])],
        "album_id": album_id,
        "folder_id": memory.folders[track.folder],
        "search_key": search_key(track.title),
        "moods": _array(track.moods),
    }


async def _put_beside(
    conn: AsyncConnection,
    tracks: Sequence[ImportedTrack],
    ids: Sequence[UUID],
    known: Sequence[UUID],
    memory: ImportMemory,
) -> None:
    both = list(zip(tracks, ids, strict=True))
    beside: dict[str, list[dict[str, object]]] = {
        "artists": [
            {"track_id": track_id, **row}
            for track, track_id in both
            if len(track.artists) > 1
            for row in _artist_rows(track.artists, memory)
        ],
        "genres": [
            {"track_id": track_id, "name": name, "key": key}
            for track, track_id in both
            for name in track.genres
            if (key := search_key(name))
        ],
        "credits": [
            {"track_id": track_id, "position": position, "role": role, "name": name}
            for track, track_id in both
            for position, (role, name) in enumerate(track.credits)
        ],
        "files": [{"track_id": track_id, **{name: getattr(track, name) for name in _FILE}} for track, track_id in both],
    }
    for what, rows in beside.items():
        if rows or known:
            await store.put_beside(conn, what, _json(rows), known)


async def take_found_lyrics(uow: UnitOfWork, found: Mapping[UUID, bytes]) -> None:
    """What lay beside or within files, by track, whatever the format; a track that has lyrics keeps those."""
    have = await store.with_lyrics(uow.conn, list(found))
    for track_id, data in found.items():
        if track_id in have:
            continue
        try:
            await take_lyrics(uow, track_id, data)
        except (ValueError, ArithmeticError, LookupError):  # text from anywhere; nobody waits for these lyrics
            log.exception("lyrics make no sense", track=str(track_id))


async def hide_missing(uow: UnitOfWork, track_ids: Sequence[UUID]) -> int:
    """Tracks whose files were not found are out of sight until they are, or somebody confirms that they are gone."""
    return await store.hide(uow.conn, track_ids, uow.clock.now())


async def show_found(uow: UnitOfWork, track_ids: Sequence[UUID]) -> None:
    await store.show(uow.conn, track_ids)


async def settle_albums(uow: UnitOfWork, library_id: UUID) -> None:
    """After a scan: albums without a track to hear are out of sight, and those without any are no more."""
    await store.unpublish_empty_albums(uow.conn, library_id)
    for album_id, artist_id in await store.delete_empty_albums(uow.conn, library_id):
        uow.add_fact(AlbumDeleted(subject=album_id, artist_id=artist_id))


async def drop_folders(uow: UnitOfWork, library_id: UUID) -> None:
    """Folders with nothing to hear in them."""
    await store.drop_folders(uow.conn, library_id)
