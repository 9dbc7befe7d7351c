"""Lists of songs, albums and artists in one statement each. Row-level security leaves out what the person may not see;
drafts stay out of lists also for those who manage them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_lists import UPLOADS

_NOBODYS = f"'{UPLOADS}'::uuid"


def _people(kind: str, of: str) -> str:
    return f"""(
        SELECT jsonb_agg(jsonb_build_array(x.artist_id, coalesce(x.credited_as, y.name), x.joined_by)
                         ORDER BY x.position)
        FROM catalog.{kind}_artists x JOIN catalog.artists y ON y.id = x.artist_id WHERE x.{kind}_id = {of}
    )"""


_SONGS = f"""
    SELECT t.id, t.title, t.sort_title, t.album_id, b.title, t.artist_id, a.name, t.disc_number, t.track_number,
           coalesce(t.year, extract(year FROM b.release_date)::int), t.duration_ms, t.explicit, t.isrc, t.bpm,
           t.comment, t.mbid, t.moods, t.work, t.movement, t.library_id, t.folder_id, t.published_at,
           CASE WHEN t.cover IS NOT NULL THEN t.id WHEN b.cover IS NOT NULL THEN b.id END,
           f.path, f.suffix, f.mime, f.bytes, f.bitrate_kbps, f.sample_rate, f.channels, f.bit_depth,
           f.track_gain, f.track_peak, f.album_gain, f.album_peak, coalesce(s.plays, 0),
           ARRAY (SELECT g.name FROM catalog.track_genres tg JOIN catalog.genres g ON g.id = tg.genre_id
                  WHERE tg.track_id = t.id ORDER BY g.name),
           {_people("track", "t.id")}, {_people("album", "t.album_id")},
           (SELECT jsonb_agg(jsonb_build_array(c.role, c.name, c.artist_id) ORDER BY c.position)
            FROM catalog.track_credits c WHERE c.track_id = t.id)
    FROM catalog.tracks t
    JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.albums b ON b.id = t.album_id AND b.published_at IS NOT NULL
    LEFT JOIN catalog.track_files f ON f.track_id = t.id
    LEFT JOIN catalog.track_stats s ON s.track_id = t.id
"""
_ALBUMS = f"""
    SELECT b.id, b.title, b.sort_title, b.edition, b.kind, b.artist_id, a.name, b.cover IS NOT NULL, b.track_count,
           b.duration_ms, b.published_at, b.release_date, b.release_precision, b.original_date, b.original_precision,
           b.compilation, b.explicit, b.label, b.mbid, b.moods, b.disc_titles, b.folder_id,
           (SELECT coalesce(sum(s.plays), 0)::bigint FROM catalog.tracks t
            JOIN catalog.track_stats s ON s.track_id = t.id WHERE t.album_id = b.id),
           ARRAY (SELECT DISTINCT g.name FROM catalog.tracks t JOIN catalog.track_genres tg ON tg.track_id = t.id
                  JOIN catalog.genres g ON g.id = tg.genre_id WHERE t.album_id = b.id ORDER BY g.name),
           {_people("album", "b.id")}
    FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id
"""
_ARTISTS = f"""
    SELECT a.id, a.name, a.sort_name, a.sort_key, a.disambiguation, a.mbid, a.image IS NOT NULL,
           coalesce(n.albums, 0)::int
    FROM catalog.artists a LEFT JOIN LATERAL (
        SELECT sum(c.albums) AS albums FROM catalog.artist_counts c
        WHERE c.artist_id = a.id AND (c.library_id = {_NOBODYS} OR c.library_id IN (SELECT catalog.open_libraries()))
    ) n ON true
"""
_IN_ORDER = "unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted(id, place)"

_SONGS_BY_ID = text(
    f"{_SONGS} JOIN {_IN_ORDER} ON wanted.id = t.id WHERE t.published_at IS NOT NULL ORDER BY wanted.place"
)
_SONGS_OF_ALBUM = text(
    f"{_SONGS} WHERE t.album_id = :id AND t.published_at IS NOT NULL "
    "ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id"
)
_ALBUMS_BY_ID = text(
    f"{_ALBUMS} JOIN {_IN_ORDER} ON wanted.id = b.id WHERE b.published_at IS NOT NULL ORDER BY wanted.place"
)
_ALBUMS_OF_ARTIST = text(
    f"""
    {_ALBUMS} WHERE b.published_at IS NOT NULL
      AND b.id IN (SELECT x.album_id FROM catalog.album_artists x WHERE x.artist_id = :id)
    ORDER BY b.release_date NULLS LAST, b.sort_key, b.id
    """
)
_ARTISTS_BY_ID = text(f"{_ARTISTS} JOIN {_IN_ORDER} ON wanted.id = a.id ORDER BY wanted.place")
_ALL_ARTISTS = text(
    f"""
    SELECT a.id, a.name, a.sort_name, a.sort_key, a.disambiguation, a.mbid, a.image IS NOT NULL, n.albums
    FROM (
        SELECT c.artist_id, sum(c.albums)::int AS albums FROM catalog.artist_counts c
        WHERE c.albums > 0 AND (c.library_id = {_NOBODYS} OR c.library_id IN (SELECT catalog.open_libraries()))
          AND (CAST(:shelves AS uuid[]) IS NULL OR c.library_id = ANY (:shelves))
        GROUP BY c.artist_id
    ) n JOIN catalog.artists a ON a.id = n.artist_id
    ORDER BY a.sort_key, a.id
    """
)


async def songs_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Any]:
    """In the order of the ids, repeats too."""
    return (await conn.execute(_SONGS_BY_ID, {"ids": list(ids)})).all()


async def songs_of_album(conn: AsyncConnection, album_id: UUID) -> Sequence[Any]:
    return (await conn.execute(_SONGS_OF_ALBUM, {"id": album_id})).all()


async def albums_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Any]:
    return (await conn.execute(_ALBUMS_BY_ID, {"ids": list(ids)})).all()


async def albums_of_artist(conn: AsyncConnection, artist_id: UUID) -> Sequence[Any]:
    """The oldest first, those too on which the artist is one of several."""
    return (await conn.execute(_ALBUMS_OF_ARTIST, {"id": artist_id})).all()


async def artists_by_id(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Any]:
    return (await conn.execute(_ARTISTS_BY_ID, {"ids": list(ids)})).all()


async def all_artists(conn: AsyncConnection, shelves: Sequence[UUID] | None) -> Sequence[Any]:
    args = {"shelves": None if shelves is None else list(shelves)}
    return (await conn.execute(_ALL_ARTISTS, args)).all()


async def libraries(conn: AsyncConnection) -> Sequence[Any]:
    statement = text(
        "SELECT id, number, name FROM catalog.libraries WHERE id IN (SELECT catalog.open_libraries()) ORDER BY number"
    )
    return (await conn.execute(statement)).all()


async def album_page(
    conn: AsyncConnection,
    order: str,
    *,
    offset: int,
    limit: int,
    shelves: Sequence[UUID] | None = None,
    dice: float | None = None,
    years: tuple[int, int] | None = None,
    genre: UUID | None = None,
) -> Sequence[Any]:
    args: dict[str, Any] = {"offset": offset}
    if shelves is not None:
        args["shelves"] = list(shelves)
    if dice is not None:
        args["dice"] = dice
    if years is not None:
        args["first"], args["last"] = years
    if genre is not None:
        args["genre"] = genre
    statement = _album_page(order, limit, shelves is not None, years is not None, genre is not None)
    return (await conn.execute(statement, args)).all()


_ORDERS = {
    "newest": "p.published_at DESC, p.id DESC",
    "title": "p.sort_key, p.id",
    "artist": "q.sort_key, q.id, p.sort_key, p.id",
    "oldest_year": "p.release_date, p.id",
    "latest_year": "p.release_date DESC, p.id DESC",
    "random": "p.dice",
}


@lru_cache(256)
def _album_page(order: str, limit: int, on_shelves: bool, of_years: bool, of_genre: bool) -> TextClause:
    """The page is picked by narrow rows first; the limit stands in the statement, so that it is planned for it."""
    where = ["p.published_at IS NOT NULL"]
    if on_shelves:
        where.append(f"coalesce(p.library_id, {_NOBODYS}) = ANY (:shelves)")
    if of_years:
        where.append("p.release_date BETWEEN make_date(:first, 1, 1) AND make_date(:last, 12, 31)")
    if of_genre:
        where.append(
            "EXISTS (SELECT FROM catalog.tracks t JOIN catalog.track_genres tg ON tg.track_id = t.id "
            "WHERE t.album_id = p.id AND t.published_at IS NOT NULL AND tg.genre_id = :genre)"
        )
    if order == "random":
        where.append("p.dice >= CAST(:dice AS real)")
    joined = "JOIN catalog.artists q ON q.id = p.artist_id" if order == "artist" else ""
    return text(
        f"""
        {_ALBUMS} JOIN (
            SELECT p.id, row_number() OVER (ORDER BY {_ORDERS[order]}) AS place FROM catalog.albums p {joined}
            WHERE {" AND ".join(where)} ORDER BY {_ORDERS[order]} LIMIT {limit} OFFSET :offset
        ) picked ON picked.id = b.id ORDER BY picked.place
        """
    )
