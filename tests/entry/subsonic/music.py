"""A library written straight into the database: what browsing is tried on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text

from antiphon.domains.catalog.model import sort_key
from antiphon.entry.bootstrap import House
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, out
from antiphon.kit.text import search_key

__all__ = ["Library", "make_library"]


@dataclass
class Library:
    """Public ids by name."""

    id: UUID
    number: int
    folders: dict[str, str] = field(default_factory=dict)
    artists: dict[str, str] = field(default_factory=dict)
    albums: dict[str, str] = field(default_factory=dict)
    songs: dict[str, str] = field(default_factory=dict)


ALBUMS = (
    ("The Lanterns", "Harbour", 2019, "Rock", ["Pier", "Tide", "Gull"]),
    ("The Lanterns", "Attic", 2021, "Rock", ["Dust"]),
    ("Ærø & Co", "Øst", 1999, "Jazz", ["Nord", "Syd"]),
)


async def make_library(house: House, access: str = "members", name: str = "Records") -> Library:
    """Two artists, three albums, six songs, in folders of artist and album."""
    async with house.db.system() as uow:
        return await _Maker(uow).library(name, access)


class _Maker:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._made = Library(UUID(int=0), 0)
        self._artists: dict[str, tuple[UUID, UUID]] = {}
        # Songs are listed by their ids, of which two may be made within a millisecond.
        self._tracks = iter(sorted(new_uuid() for *_, songs in ALBUMS for _ in songs))

    async def _put(self, table: str, **values: object) -> None:
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        statement = f"INSERT INTO catalog.{table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING"
        await self._uow.conn.execute(text(statement), values)

    def _edited(self) -> dict[str, object]:
        now = self._uow.clock.now()
        return {"created_at": now, "updated_at": now}

    async def library(self, name: str, access: str) -> Library:
        await self._put("libraries", name=name, path=f"/{name}", access=access, **self._edited())
        found = await self._uow.conn.execute(
            text("SELECT id, number FROM catalog.libraries WHERE name = :name"), {"name": name}
        )
        self._made = Library(*found.one())
        root = await self._folder("", None)
        for artist, album, year, genre, songs in ALBUMS:
            if artist not in self._artists:
                self._artists[artist] = await self._artist(artist, root)
            await self._album(artist, album, year, genre, songs)
        return self._made

    async def _folder(self, path: str, parent: UUID | None) -> UUID:
        folder_id, last, library = new_uuid(), path.rpartition("/")[2], self._made.id
        place = {"id": folder_id, "library_id": library, "parent_id": parent, "name": last, "path": path}
        await self._put("folders", **place, sort_key=sort_key(last), created_at=self._uow.clock.now())
        self._made.folders[path] = out(Kind.FOLDER, folder_id)
        return folder_id

    async def _artist(self, name: str, root: UUID) -> tuple[UUID, UUID]:
        artist_id = new_uuid()
        keys = {"search_key": search_key(name), "sort_key": sort_key(name)}
        await self._put("artists", id=artist_id, name=name, **keys, **self._edited())
        self._made.artists[name] = out(Kind.ARTIST, artist_id)
        return artist_id, await self._folder(name, root)

    async def _album(self, artist: str, title: str, year: int, genre: str, songs: list[str]) -> None:
        artist_id, above = self._artists[artist]
        album_id, folder = new_uuid(), await self._folder(f"{artist}/{title}", above)
        shared = {"artist_id": artist_id, "library_id": self._made.id, "published_at": self._uow.clock.now()}
        names = {"title": title, "search_key": search_key(title), "sort_key": sort_key(title)}
        dated = {"release_date": date(year, 1, 1), "release_precision": "year"}
        await self._put("albums", id=album_id, **shared, **names, **dated, **self._edited())
        self._made.albums[title] = out(Kind.ALBUM, album_id)
        await self._put("genres", name=genre, key=search_key(genre))
        for number, song in enumerate(songs, start=1):
            place = {"album_id": album_id, "folder_id": folder, "disc_number": 1, "track_number": number}
            track_id = await self._song(song, shared | place, f"{artist}/{title}/{number:02} {song}.flac")
            await self._uow.conn.execute(
                text("INSERT INTO catalog.track_genres SELECT :id, id FROM catalog.genres WHERE name = :name"),
                {"id": track_id, "name": genre},
            )

    async def _song(self, title: str, place: dict[str, object], path: str) -> UUID:
        track_id = next(self._tracks)
        sound = {"duration_ms": 181_400, "status": "ready"}
        names = {"title": title, "search_key": search_key(title)}
        await self._put("tracks", id=track_id, **place, **names, **sound, **self._edited())
        form = {"suffix": "flac", "mime": "audio/flac", "codec": "flac", "bitrate_kbps": 900, "sample_rate": 44_100}
        size = {"bytes": 9_000_000_000, "channels": 2, "bit_depth": 16, "track_gain": -7.5}
        await self._put("track_files", track_id=track_id, path=path, **form, **size)
        self._made.songs[title] = out(Kind.TRACK, track_id)
        return track_id
