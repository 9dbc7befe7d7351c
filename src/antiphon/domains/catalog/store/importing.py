"""Works of libraries, hundreds at a time: what they are is sent as JSON, and every statement takes all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "albums_like",
    "albums_of_tracks",
    "artists_like",
    "delete_empty_albums",
    "drop_folders",
    "folders_at",
    "hide",
    "insert_albums",
    "insert_artists",
    "insert_folders",
    "insert_tracks",
    "put_beside",
    "show",
    "unpublish_empty_albums",
    "update_albums",
    "update_tracks",
    "with_lyrics",
]


async def artists_like(
    conn: AsyncConnection, keys: Sequence[str], mbids: Sequence[UUID], names: Sequence[str]
) -> Sequence[Row[Any]]:
    """Artists that an import made: (id, import_key, mbid, alias). `names` finds those that have it as an alias."""
    statement = text(
        """
        SELECT id, import_key, mbid, NULL AS alias FROM catalog.artists WHERE import_key = ANY (:keys)
        UNION ALL
        SELECT id, import_key, mbid, NULL FROM catalog.artists WHERE mbid = ANY (:mbids) AND import_key IS NOT NULL
        UNION ALL
        SELECT a.id, a.import_key, a.mbid, x.search_key FROM catalog.artist_aliases x
        JOIN catalog.artists a ON a.id = x.artist_id WHERE x.search_key = ANY (:names) AND a.import_key IS NOT NULL
        """
    )
    return (await conn.execute(statement, {"keys": list(keys), "mbids": list(mbids), "names": list(names)})).all()


_ARTISTS = text(
    """
    INSERT INTO catalog.artists (name, search_key, sort_name, sort_key, mbid, import_key, created_at, updated_at)
    SELECT r.name, r.search_key, r.sort_name, r.sort_key, r.mbid, r.import_key, :now, :now
    FROM json_to_recordset(CAST(:rows AS json)) AS r(name text, search_key text, sort_name text, sort_key text,
        mbid uuid, import_key text)
    ORDER BY r.import_key
    ON CONFLICT (import_key) DO NOTHING
    """
)


async def insert_artists(conn: AsyncConnection, rows: str, now: datetime) -> None:
    """In the order of their keys, so that two imports never wait for each other in a ring."""
    await conn.execute(_ARTISTS, {"rows": rows, "now": now})


async def folders_at(conn: AsyncConnection, library_id: UUID, paths: Sequence[str]) -> dict[str, UUID]:
    statement = text("SELECT path, id FROM catalog.folders WHERE library_id = :library AND path = ANY (:paths)")
    rows = await conn.execute(statement, {"library": library_id, "paths": list(paths)})
    return {row.path: row.id for row in rows}


async def insert_folders(
    conn: AsyncConnection, library_id: UUID, folders: Sequence[tuple[str, UUID | None, str, str]], now: datetime
) -> None:
    """`folders` are (path, parent, name, sort key); their parents are there."""
    statement = text(
        """
        INSERT INTO catalog.folders (library_id, path, parent_id, name, sort_key, created_at)
        SELECT :library, f.path, f.parent, f.name, f.sort_key, :now
        FROM unnest(CAST(:paths AS text[]), CAST(:parents AS uuid[]), CAST(:names AS text[]), CAST(:keys AS text[]))
             AS f(path, parent, name, sort_key)
        ON CONFLICT (library_id, path) DO NOTHING
        """
    )
    columns = [list(column) for column in zip(*folders, strict=True)]
    values = dict(zip(("paths", "parents", "names", "keys"), columns, strict=True))
    await conn.execute(statement, {"library": library_id, "now": now, **values})


async def drop_folders(conn: AsyncConnection, library_id: UUID) -> None:
    """Folders with nothing to hear in them, from the leaves up."""
    statement = text(
        """
        DELETE FROM catalog.folders f WHERE f.library_id = :library AND f.path <> ''
          AND NOT EXISTS (SELECT FROM catalog.folders c WHERE c.parent_id = f.id)
          AND NOT EXISTS (SELECT FROM catalog.tracks t WHERE t.folder_id = f.id AND t.missing_since IS NULL)
        """
    )
    while (await conn.execute(statement, {"library": library_id})).rowcount:
        pass


async def albums_like(
    conn: AsyncConnection, library_id: UUID, keys: Sequence[str], mbids: Sequence[UUID], folders: Sequence[UUID]
) -> Sequence[Row[Any]]:
    """(id, import_key, mbid, folder_id) of albums of the library that could be meant."""
    statement = text(
        """
        SELECT id, import_key, mbid, folder_id FROM catalog.albums
        WHERE library_id = :library AND import_key = ANY (:keys)
        UNION SELECT id, import_key, mbid, folder_id FROM catalog.albums
        WHERE mbid = ANY (:mbids) AND library_id = :library AND import_key IS NOT NULL
        UNION SELECT id, import_key, mbid, folder_id FROM catalog.albums
        WHERE folder_id = ANY (:folders) AND library_id = :library AND import_key IS NOT NULL
        """
    )
    values = {"library": library_id, "keys": list(keys), "mbids": list(mbids), "folders": list(folders)}
    return (await conn.execute(statement, values)).all()


async def albums_of_tracks(conn: AsyncConnection, track_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """(track, album, all tracks that the album has)."""
    statement = text(
        """
        SELECT t.id, t.album_id, (SELECT count(*) FROM catalog.tracks o WHERE o.album_id = t.album_id) AS tracks
        FROM catalog.tracks t WHERE t.id = ANY (:ids) AND t.album_id IS NOT NULL
        """
    )
    return (await conn.execute(statement, {"ids": list(track_ids)})).all()


_ALBUM_COLUMNS = """id uuid, artist_id uuid, title text, search_key text, sort_title text, sort_key text, kind text,
    edition text, release_date date, release_precision text, original_date date, original_precision text, label text,
    catalog_number text, upc text, compilation boolean, explicit boolean, moods text[], mbid uuid,
    release_group_mbid uuid, folder_id uuid, import_key text"""
_ALBUM_NAMES = [column.split()[0] for column in _ALBUM_COLUMNS.replace("\n", " ").split(",")]
_SHOWN = [name for name in _ALBUM_NAMES if name not in ("id", "import_key", "folder_id")]
_ALBUMS = text(
    f"""
    INSERT INTO catalog.albums (library_id, published_at, created_at, updated_at, {", ".join(_ALBUM_NAMES)})
    SELECT :library, :now, :now, :now, {", ".join(f"r.{name}" for name in _ALBUM_NAMES)}
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_ALBUM_COLUMNS})
    ORDER BY r.import_key
    """
)
_RENEW_ALBUMS = text(
    f"""
    UPDATE catalog.albums b SET import_key = r.import_key, folder_id = r.folder_id, updated_at = :now,
        {", ".join(f"{name} = CASE WHEN b.version = 1 THEN r.{name} ELSE b.{name} END" for name in _SHOWN)},
        published_at = CASE WHEN b.taken_down_at IS NULL THEN coalesce(b.published_at, b.withheld_at) END,
        withheld_at = CASE WHEN b.taken_down_at IS NULL THEN NULL ELSE b.withheld_at END
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_ALBUM_COLUMNS})
    WHERE b.id = r.id
    """
)


async def insert_albums(conn: AsyncConnection, library_id: UUID, rows: str, now: datetime) -> None:
    await conn.execute(_ALBUMS, {"library": library_id, "rows": rows, "now": now})


async def update_albums(conn: AsyncConnection, rows: str, now: datetime) -> None:
    """As the files say now; what a person has edited stays as they wanted it."""
    await conn.execute(_RENEW_ALBUMS, {"rows": rows, "now": now})


_TRACK_COLUMNS = """id uuid, artist_id uuid, album_id uuid, folder_id uuid, title text, search_key text,
    sort_title text, disc_title text, disc_number int, track_number int, year int, explicit boolean, isrc text,
    duration_ms bigint, bpm real, musical_key text, language text, moods text[], work text, movement text, comment text,
    copyright text, mbid uuid"""
_TRACK_NAMES = [column.split()[0] for column in _TRACK_COLUMNS.replace("\n", " ").split(",")]
_SAID = [name for name in _TRACK_NAMES if name not in ("id", "folder_id", "duration_ms")]
_TRACKS = text(
    f"""
    INSERT INTO catalog.tracks (library_id, status, renditions_complete, published_at, created_at, updated_at,
        {", ".join(_TRACK_NAMES)})
    SELECT :library, 'ready', true, :now, :now, :now, {", ".join(f"r.{name}" for name in _TRACK_NAMES)}
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_TRACK_COLUMNS})
    """
)
_RENEW_TRACKS = text(
    f"""
    UPDATE catalog.tracks t SET folder_id = r.folder_id, duration_ms = r.duration_ms, updated_at = :now,
        {", ".join(f"{name} = CASE WHEN t.version = 1 THEN r.{name} ELSE t.{name} END" for name in _SAID)}
    FROM json_to_recordset(CAST(:rows AS json)) AS r({_TRACK_COLUMNS})
    WHERE t.id = r.id
    """
)


async def insert_tracks(conn: AsyncConnection, library_id: UUID, rows: str, now: datetime) -> None:
    await conn.execute(_TRACKS, {"library": library_id, "rows": rows, "now": now})


async def update_tracks(conn: AsyncConnection, rows: str, now: datetime) -> None:
    await conn.execute(_RENEW_TRACKS, {"rows": rows, "now": now})


_UNEDITED = "JOIN catalog.tracks t ON t.id = r.track_id AND t.version = 1"
_BESIDE = {
    "artists": (
        "track_artists",
        """
        INSERT INTO catalog.track_artists AS x (track_id, position, artist_id, credited_as, joined_by)
        SELECT r.track_id, r.position, r.artist_id, r.credited_as, r.joined_by FROM json_to_recordset(
            CAST(:rows AS json)) AS r(track_id uuid, position int, artist_id uuid, credited_as text, joined_by text)
        {unedited} ON CONFLICT (track_id, position) DO UPDATE SET credited_as = excluded.credited_as,
            joined_by = excluded.joined_by
        """,
    ),
    "album_artists": (
        "",
        """
        INSERT INTO catalog.album_artists AS x (album_id, position, artist_id, credited_as, joined_by)
        SELECT r.album_id, r.position, r.artist_id, r.credited_as, r.joined_by FROM json_to_recordset(
            CAST(:rows AS json)) AS r(album_id uuid, position int, artist_id uuid, credited_as text, joined_by text)
        ON CONFLICT DO NOTHING
        """,
    ),
    "genres": (
        "track_genres",
        """
        WITH wanted AS (
            SELECT r.track_id, r.name, r.key FROM json_to_recordset(CAST(:rows AS json))
                AS r(track_id uuid, name text, key text) {unedited}
        ), made AS (
            INSERT INTO catalog.genres (name, key)
            SELECT DISTINCT ON (key) name, key FROM wanted w
            WHERE NOT EXISTS (SELECT FROM catalog.genres g WHERE g.key = w.key)
              AND NOT EXISTS (SELECT FROM catalog.genre_aliases a WHERE a.key = w.key)
            ORDER BY key, name
            ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id, key
        )
        INSERT INTO catalog.track_genres (track_id, genre_id)
        SELECT DISTINCT w.track_id, coalesce(g.id, a.genre_id, m.id) FROM wanted w
        LEFT JOIN catalog.genres g ON g.key = w.key
        LEFT JOIN catalog.genre_aliases a ON a.key = w.key
        LEFT JOIN made m ON m.key = w.key
        WHERE coalesce(g.id, a.genre_id, m.id) IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
    ),
    "credits": (
        "track_credits",
        """
        INSERT INTO catalog.track_credits (track_id, position, name, role)
        SELECT r.track_id, r.position, r.name, r.role FROM json_to_recordset(CAST(:rows AS json))
            AS r(track_id uuid, position int, name text, role text) {unedited} ON CONFLICT DO NOTHING
        """,
    ),
    "files": (
        "track_files",
        """
        INSERT INTO catalog.track_files (track_id, path, suffix, mime, codec, bytes, bitrate_kbps, sample_rate,
            channels, bit_depth, track_gain, track_peak, album_gain, album_peak)
        SELECT r.* FROM json_to_recordset(CAST(:rows AS json)) AS r(track_id uuid, path text, suffix text, mime text,
            codec text, bytes bigint, bitrate_kbps int, sample_rate int, channels int, bit_depth int, track_gain real,
            track_peak real, album_gain real, album_peak real)
        """,
    ),
}


async def put_beside(conn: AsyncConnection, what: str, rows: str, known: Sequence[UUID]) -> None:
    """What stands beside tracks: `artists` (from the second on), `genres`, `credits`, `files`, `album_artists`.

    That of `known` tracks is replaced, unless a person has edited the track.
    """
    table, statement = _BESIDE[what]
    if known and table:
        further = " AND position > 0" if what == "artists" else ""
        unedited = "" if what == "files" else "USING catalog.tracks t"
        where = "" if what == "files" else " AND t.id = x.track_id AND t.version = 1"
        await conn.execute(
            text(f"DELETE FROM catalog.{table} x {unedited} WHERE x.track_id = ANY (:known){further}{where}"),
            {"known": list(known)},
        )
    unedited = _UNEDITED if known else ""
    await conn.execute(text(statement.replace("{unedited}", unedited)), {"rows": rows})


async def hide(conn: AsyncConnection, track_ids: Sequence[UUID], now: datetime) -> int:
    """Their files were not found. Answers how many were there before."""
    statement = text(
        """
        UPDATE catalog.tracks SET missing_since = :now, withheld_at = coalesce(published_at, withheld_at),
            published_at = NULL
        WHERE id = ANY (:ids) AND missing_since IS NULL
        """
    )
    return int((await conn.execute(statement, {"ids": list(track_ids), "now": now})).rowcount)


async def show(conn: AsyncConnection, track_ids: Sequence[UUID]) -> None:
    """Their files are there again: they are as public as they were."""
    statement = text(
        """
        UPDATE catalog.tracks SET missing_since = NULL,
            published_at = CASE WHEN taken_down_at IS NULL THEN coalesce(published_at, withheld_at) END,
            withheld_at = CASE WHEN taken_down_at IS NULL THEN NULL ELSE withheld_at END
        WHERE id = ANY (:ids) AND missing_since IS NOT NULL RETURNING album_id
        """
    )
    albums = {album for album in (await conn.execute(statement, {"ids": list(track_ids)})).scalars() if album}
    statement = text(
        """
        UPDATE catalog.albums SET published_at = withheld_at, withheld_at = NULL
        WHERE id = ANY (:ids) AND withheld_at IS NOT NULL AND taken_down_at IS NULL
        """
    )
    await conn.execute(statement, {"ids": list(albums)})


async def unpublish_empty_albums(conn: AsyncConnection, library_id: UUID) -> None:
    """Albums all of whose tracks are missing are out of sight with them."""
    statement = text(
        """
        UPDATE catalog.albums b SET withheld_at = published_at, published_at = NULL
        WHERE b.library_id = :library AND b.published_at IS NOT NULL AND b.track_count = 0
          AND EXISTS (SELECT FROM catalog.tracks t WHERE t.album_id = b.id AND t.missing_since IS NOT NULL)
        """
    )
    await conn.execute(statement, {"library": library_id})


async def delete_empty_albums(conn: AsyncConnection, library_id: UUID) -> list[tuple[UUID, UUID]]:
    """Albums that nothing belongs to any more, and that nobody has edited: (album, artist)."""
    statement = text(
        """
        DELETE FROM catalog.albums b WHERE b.library_id = :library AND b.track_count = 0 AND b.version = 1
          AND NOT EXISTS (SELECT FROM catalog.tracks t WHERE t.album_id = b.id) RETURNING b.id, b.artist_id
        """
    )
    return [(album, artist) for album, artist in await conn.execute(statement, {"library": library_id})]


async def with_lyrics(conn: AsyncConnection, track_ids: Sequence[UUID]) -> set[UUID]:
    statement = text("SELECT DISTINCT track_id FROM catalog.lyrics WHERE track_id = ANY (:ids)")
    return set((await conn.execute(statement, {"ids": list(track_ids)})).scalars())
