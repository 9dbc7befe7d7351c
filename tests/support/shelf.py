"""Tracks of a library, as a scan leaves them, without a scan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, new_uuid, out

__all__ = ["Shelf", "Shelved"]


@dataclass(frozen=True)
class Shelved:
    track: UUID
    album: UUID

    @property
    def id(self) -> str:
        return out(Kind.TRACK, self.track)

    @property
    def album_id(self) -> str:
        return out(Kind.ALBUM, self.album)


@dataclass
class Shelf:
    """One library over `root`."""

    db: Database
    root: Path
    library: UUID

    @classmethod
    async def put_up(cls, db: Database, root: Path, access: str = "everyone") -> Shelf:
        root.mkdir(parents=True, exist_ok=True)
        library = new_uuid()
        async with db.system() as uow:
            statement = """
                INSERT INTO catalog.libraries (id, name, path, access, created_at, updated_at)
                VALUES (:id, :name, :path, :access, now(), now())
            """
            await uow.conn.execute(
                text(statement), {"id": library, "name": root.name, "path": str(root), "access": access}
            )
        return cls(db, root, library)

    async def add(
        self, path: str, *, data: bytes | None = None, suffix: str = "flac", mime: str = "audio/flac",
        codec: str = "flac", kbps: int | None = 900, seconds: float = 100.0, rate: int = 44_100,
        start_ms: int | None = None, end_ms: int | None = None,
    ) -> Shelved:  # fmt: skip
        """A published track of an album of its own; with `data` its file is written, too."""
        file = self.root / path
        if data is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        ids = {"artist": new_uuid(), "album": new_uuid(), "track": new_uuid(), "library": self.library}
        size = len(data) if data is not None else file.stat().st_size if file.exists() else 0
        folder, _, name = path.rpartition("/")
        values = {
            "folder": folder, "name": name, "start": start_ms, "end": end_ms,
            "path": path, "suffix": suffix, "mime": mime, "codec": codec, "bytes": size, "kbps": kbps, "rate": rate,
            "ms": round(seconds * 1000),
        }  # fmt: skip
        async with self.db.system() as uow:
            for statement in _STATEMENTS:
                await uow.conn.execute(text(statement), {**ids, **values})
        return Shelved(ids["track"], ids["album"])


_STATEMENTS = (
    """
    INSERT INTO catalog.artists (id, name, search_key, sort_key, created_at, updated_at)
    VALUES (:artist, 'The Shelf', 'the shelf', 'shelf', now(), now())
    """,
    """
    INSERT INTO catalog.albums (id, artist_id, title, search_key, sort_key, kind, published_at, library_id, created_at,
        updated_at)
    VALUES (:album, :artist, 'Upper', 'upper', 'upper', 'album', now(), :library, now(), now())
    """,
    """
    INSERT INTO catalog.tracks (id, artist_id, album_id, title, search_key, status, duration_ms, published_at,
        library_id, created_at, updated_at, renditions_complete)
    VALUES (:track, :artist, :album, 'Left', 'left', 'ready', :ms, now(), :library, now(), now(), true)
    """,
    """
    INSERT INTO catalog.track_files (track_id, path, suffix, mime, codec, bytes, bitrate_kbps, sample_rate, channels)
    VALUES (:track, :path, :suffix, :mime, :codec, :bytes, :kbps, :rate, 2)
    """,
    """
    INSERT INTO media.library_files (library_id, folder, name, part, size, mtime_ns, inode, track_id, start_ms, end_ms)
    SELECT :library, :folder, :name, count(*), :bytes, 1, 1, :track, CAST(:start AS int), CAST(:end AS int)
    FROM media.library_files WHERE library_id = :library AND folder = :folder AND name = :name
    """,
)
