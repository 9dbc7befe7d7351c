"""A library written straight into the database: what browsing is tried on."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from antiphon.domains.catalog.model import sort_key
from antiphon.entry.bootstrap import House
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
        conn, now = uow.conn, uow.clock.now()
        row = await conn.execute(
            text(
                "INSERT INTO catalog.libraries (name, path, access, created_at, updated_at) "
                "VALUES (:name, :path, :access, :now, :now) RETURNING id, number"
            ),
            {"name": name, "path": f"/{name}", "access": access, "now": now},
        )
        made = Library(*row.one())

        async def put(statement: str, **values: object) -> None:
            await conn.execute(text(statement), {"now": now, "library": made.id} | values)

        async def folder(path: str, parent: UUID | None) -> UUID:
            folder_id, last = new_uuid(), path.rpartition("/")[2]
            await put(
                "INSERT INTO catalog.folders (id, library_id, parent_id, name, sort_key, path, created_at) "
                "VALUES (:id, :library, :parent, :name, :key, :path, :now)",
                id=folder_id,
                parent=parent,
                name=last,
                key=sort_key(last),
                path=path,
            )
            made.folders[path] = out(Kind.FOLDER, folder_id)
            return folder_id

        root = await folder("", None)
        artists: dict[str, tuple[UUID, UUID]] = {}
        for artist, album, year, genre, songs in ALBUMS:
            if artist not in artists:
                artist_id = new_uuid()
                await put(
                    "INSERT INTO catalog.artists (id, name, search_key, sort_key, created_at, updated_at) "
                    "VALUES (:id, :name, :key, :sort, :now, :now)",
                    id=artist_id,
                    name=artist,
                    key=search_key(artist),
                    sort=sort_key(artist),
                )
                artists[artist] = (artist_id, await folder(artist, root))
                made.artists[artist] = out(Kind.ARTIST, artist_id)
            artist_id, above = artists[artist]
            album_id, place = new_uuid(), await folder(f"{artist}/{album}", above)
            made.albums[album] = out(Kind.ALBUM, album_id)
            await put(
                "INSERT INTO catalog.albums (id, artist_id, library_id, title, search_key, sort_key, release_date, "
                "release_precision, published_at, created_at, updated_at) VALUES (:id, :artist, :library, :title, "
                ":key, :sort, make_date(:year, 1, 1), 'year', :now, :now, :now)",
                id=album_id,
                artist=artist_id,
                title=album,
                key=search_key(album),
                sort=sort_key(album),
                year=year,
            )
            await put(
                "INSERT INTO catalog.genres (name, key) VALUES (:name, :key) ON CONFLICT DO NOTHING",
                name=genre,
                key=search_key(genre),
            )
            for number, song in enumerate(songs, start=1):
                track_id = new_uuid()
                made.songs[song] = out(Kind.TRACK, track_id)
                await put(
                    "INSERT INTO catalog.tracks (id, artist_id, album_id, library_id, folder_id, title, search_key, "
                    "disc_number, track_number, duration_ms, status, published_at, created_at, updated_at) VALUES "
                    "(:id, :artist, :album, :library, :folder, :title, :key, 1, :number, 181400, 'ready', "
                    ":now, :now, :now)",
                    id=track_id,
                    artist=artist_id,
                    album=album_id,
                    folder=place,
                    title=song,
                    key=search_key(song),
                    number=number,
                )
                await put(
                    "INSERT INTO catalog.track_genres SELECT :id, id FROM catalog.genres WHERE key = :key",
                    id=track_id,
                    key=search_key(genre),
                )
                await put(
                    "INSERT INTO catalog.track_files (track_id, path, suffix, mime, codec, bytes, bitrate_kbps, "
                    "sample_rate, channels, bit_depth, track_gain) VALUES (:id, :path, 'flac', 'audio/flac', 'flac', "
                    "9000000000, 900, 44100, 2, 16, -7.5)",
                    id=track_id,
                    path=f"{artist}/{album}/{number:02} {song}.flac",
                )
        return made
