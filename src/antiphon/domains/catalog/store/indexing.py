"""What a search index needs to know of published works, and what has changed since it last asked.

Read by the house itself: every row is seen here, and each says which library it is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import bindparam

from antiphon.kit.db import rows as read_rows

WorkKind = Literal["artist", "album", "track", "playlist", "lyrics"]
_IDS = bindparam("ids", type_=ARRAY(PG_UUID))

# An empty array costs its reader more than none: there are none here.
# Who performs: names, and those under which they are credited here.
_NAMES = """
    (SELECT array_agg(n.name ORDER BY x.position, n.place)
     FROM catalog.{kind}_artists x JOIN catalog.artists a ON a.id = x.artist_id
     CROSS JOIN LATERAL (VALUES (0, a.name), (1, x.credited_as)) AS n(place, name)
     WHERE x.{kind}_id = {row}.id AND n.name IS NOT NULL)
"""
_ARTISTS = """
    WITH shown AS (
        SELECT x.artist_id, coalesce(l.number, 0) AS library, coalesce(s.plays, 0) AS plays
        FROM catalog.track_artists x JOIN catalog.tracks t ON t.id = x.track_id AND t.published_at IS NOT NULL
        LEFT JOIN catalog.libraries l ON l.id = t.library_id
        LEFT JOIN catalog.track_stats s ON s.track_id = t.id
        WHERE x.artist_id = ANY (CAST($1 AS uuid[]))
        UNION ALL
        SELECT x.artist_id, coalesce(l.number, 0), 0
        FROM catalog.album_artists x JOIN catalog.albums b ON b.id = x.album_id AND b.published_at IS NOT NULL
        LEFT JOIN catalog.libraries l ON l.id = b.library_id
        WHERE x.artist_id = ANY (CAST($1 AS uuid[]))
    ), told AS (
        SELECT artist_id, array_agg(DISTINCT library) AS libraries, sum(plays) AS plays FROM shown GROUP BY artist_id
    )
    SELECT a.id, a.name, a.sort_name, a.created_at AS since, told.libraries, told.plays,
           ARRAY (SELECT i.name FROM catalog.artist_aliases i WHERE i.artist_id = a.id ORDER BY i.name) AS aliases
    FROM told JOIN catalog.artists a ON a.id = told.artist_id WHERE a.withheld_at IS NULL
"""
_ALBUMS = f"""
    SELECT b.id, b.title, b.sort_title, b.edition, nullif(b.moods, '{{}}') AS moods, b.published_at AS since,
           coalesce(l.number, 0) AS library,
           extract(year FROM coalesce(b.original_date, b.release_date))::int AS year,
           {_NAMES.format(kind="album", row="b")} AS artists,
           (SELECT coalesce(sum(s.plays), 0) FROM catalog.tracks t JOIN catalog.track_stats s ON s.track_id = t.id
            WHERE t.album_id = b.id AND t.published_at IS NOT NULL) AS plays,
           (SELECT array_agg(DISTINCT g.name) FROM catalog.tracks t JOIN catalog.track_genres tg ON tg.track_id = t.id
            JOIN catalog.genres g ON g.id = tg.genre_id
            WHERE t.album_id = b.id AND t.published_at IS NOT NULL) AS genres
    FROM catalog.albums b LEFT JOIN catalog.libraries l ON l.id = b.library_id
    WHERE b.id = ANY (CAST($1 AS uuid[])) AND b.published_at IS NOT NULL
"""
_TRACKS = f"""
    SELECT t.id, t.title, t.sort_title, t.version_title, nullif(t.moods, '{{}}') AS moods, t.published_at AS since,
           t.duration_ms, t.bpm, t.musical_key, coalesce(l.number, 0) AS library, b.title AS album, f.suffix AS format,
           coalesce(t.year, extract(year FROM coalesce(b.original_date, b.release_date))::int) AS year,
           coalesce(s.plays, 0) AS plays,
           {_NAMES.format(kind="track", row="t")} AS artists,
           CASE WHEN b.artist_id <> t.artist_id THEN {_NAMES.format(kind="album", row="b")} END AS album_artists,
           (SELECT array_agg(g.name) FROM catalog.track_genres tg JOIN catalog.genres g ON g.id = tg.genre_id
            WHERE tg.track_id = t.id) AS genres
    FROM catalog.tracks t
    LEFT JOIN catalog.albums b ON b.id = t.album_id AND b.published_at IS NOT NULL
    LEFT JOIN catalog.libraries l ON l.id = t.library_id
    LEFT JOIN catalog.track_stats s ON s.track_id = t.id
    LEFT JOIN catalog.track_files f ON f.track_id = t.id
    WHERE t.id = ANY (CAST($1 AS uuid[])) AND t.published_at IS NOT NULL
"""
_PLAYLISTS = """
    SELECT p.id, p.name, p.updated_at AS since FROM catalog.playlists p
    WHERE p.id = ANY (CAST($1 AS uuid[])) AND p.visibility = 'public' AND p.withheld_at IS NULL
"""
_LYRICS = """
    SELECT y.id, t.published_at AS since, coalesce(l.number, 0) AS library, coalesce(s.plays, 0) AS plays,
           ARRAY (SELECT e.line ->> 'text' FROM jsonb_array_elements(y.document -> 'lines') WITH ORDINALITY
                  AS e(line, place) ORDER BY e.place) AS lines
    FROM catalog.lyrics y JOIN catalog.tracks t ON t.id = y.track_id AND t.published_at IS NOT NULL
    LEFT JOIN catalog.libraries l ON l.id = t.library_id
    LEFT JOIN catalog.track_stats s ON s.track_id = t.id
    WHERE y.id = ANY (CAST($1 AS uuid[])) AND y.kind <> 'pronunciation'
"""
_ROWS = {"artist": _ARTISTS, "album": _ALBUMS, "track": _TRACKS, "playlist": _PLAYLISTS, "lyrics": _LYRICS}
_AFTER = {
    kind: f"SELECT id FROM catalog.{table} WHERE id > $1 AND {shown} ORDER BY id LIMIT $2"
    for kind, table, shown in (
        ("artist", "artists", "withheld_at IS NULL"),
        ("album", "albums", "published_at IS NOT NULL"),
        ("track", "tracks", "published_at IS NOT NULL"),
        ("playlist", "playlists", "visibility = 'public' AND withheld_at IS NULL"),
        ("lyrics", "lyrics", "kind <> 'pronunciation'"),
    )
}


async def rows(conn: AsyncConnection, kind: WorkKind, ids: Sequence[UUID]) -> Sequence[Any]:
    """Those of them that are published."""
    return await read_rows(conn, _ROWS[kind], list(ids))


async def ids_after(conn: AsyncConnection, kind: WorkKind, after: UUID, limit: int) -> list[UUID]:
    return [row[0] for row in await read_rows(conn, _AFTER[kind], after, limit)]


async def count(conn: AsyncConnection, kind: Literal["album", "track"]) -> int:
    found = await conn.execute(text(f"SELECT count(*) FROM catalog.{kind}s WHERE published_at IS NOT NULL"))
    return int(found.scalar_one())


_CHANGES = text("SELECT seq, kind, id FROM catalog.changes ORDER BY seq LIMIT :limit")


async def changes(conn: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    return (await conn.execute(_CHANGES, {"limit": limit})).all()


async def forget_changes(conn: AsyncConnection, seqs: Sequence[int]) -> None:
    statement = text("DELETE FROM catalog.changes WHERE seq = ANY (CAST(:seqs AS bigint[]))")
    await conn.execute(statement, {"seqs": list(seqs)})


async def last_change(conn: AsyncConnection) -> int:
    """The number of the newest change that was ever noted; only a database from before knows a smaller one."""
    statement = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM catalog.changes_seq_seq")
    return int((await conn.execute(statement)).scalar_one())


_WITH = {
    "works_of_artists": """
        SELECT 'album' AS kind, album_id AS id FROM catalog.album_artists WHERE artist_id = ANY (:ids)
        UNION SELECT 'track', track_id FROM catalog.track_artists WHERE artist_id = ANY (:ids)
        UNION SELECT 'track', t.id FROM catalog.album_artists x JOIN catalog.tracks t ON t.album_id = x.album_id
              WHERE x.artist_id = ANY (:ids)
    """,
    "lyrics_of_tracks": "SELECT 'lyrics' AS kind, id FROM catalog.lyrics WHERE track_id = ANY (:ids)",
    "tracks_of_albums": "SELECT 'track' AS kind, id FROM catalog.tracks WHERE album_id = ANY (:ids)",
    "artists_of_works": """
        SELECT 'artist' AS kind, artist_id AS id FROM catalog.album_artists WHERE album_id = ANY (:ids)
        UNION SELECT 'artist', artist_id FROM catalog.track_artists WHERE track_id = ANY (:ids)
    """,
}
_TOUCHED = {name: text(sql).bindparams(_IDS) for name, sql in _WITH.items()}
Touched = Literal["works_of_artists", "lyrics_of_tracks", "tracks_of_albums", "artists_of_works"]


async def touched(conn: AsyncConnection, how: Touched, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """What shows something of these, as `kind` and `id`."""
    return (await conn.execute(_TOUCHED[how], {"ids": list(ids)})).all() if ids else []


async def open_libraries(conn: AsyncConnection) -> list[int] | None:
    """Numbers of the libraries that are open to the person who asks; None where all are."""
    statement = text(
        """
        SELECT array_agg(l.number) FILTER (WHERE o.id IS NOT NULL) AS open, count(*) = count(o.id) AS everything
        FROM catalog.libraries l LEFT JOIN catalog.open_libraries() AS o(id) ON o.id = l.id
        """
    )
    row = (await conn.execute(statement)).one()
    return None if row.everything else list(row.open or [])
