"""Lists of songs, albums and artists in one statement each. Row-level security leaves out what the person may not see;
drafts stay out of lists also for those who manage them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.listed import (
    ALBUMS,
    ARTISTS,
    IN_FOLDER,
    NOBODYS,
    OF_ALBUM,
    OF_ARTIST,
    SONGS,
    Listed,
    What,
)
from antiphon.kit.beside import Beside, Look, around, around_one, by_thing, columns_of_one, width
from antiphon.kit.db import rows
from antiphon.kit.ids import Kind

_IDS, _ID, _VIEWER = "CAST($1 AS uuid[])", "CAST($1 AS uuid)", "CAST($2 AS uuid)"


_FOLDERS = """
    SELECT f.id, f.name, f.sort_key, f.parent_id, f.library_id, f.cover IS NOT NULL, f.created_at FROM catalog.folders f
"""
_WITH_ALBUMS = f"""
    SELECT a.id, a.name, a.sort_name, a.sort_key, a.disambiguation, a.mbid, a.image IS NOT NULL AS image, n.albums
    FROM (
        SELECT c.artist_id, sum(c.albums)::int AS albums FROM catalog.artist_counts c
        WHERE c.albums > 0 AND (c.library_id = {NOBODYS} OR c.library_id IN (SELECT catalog.open_libraries()))
          AND (CAST($1 AS uuid[]) IS NULL OR c.library_id = ANY (CAST($1 AS uuid[])))
        GROUP BY c.artist_id
    ) n JOIN catalog.artists a ON a.id = n.artist_id
    """
_ALL_ARTISTS = f"{_WITH_ALBUMS} ORDER BY a.sort_key, a.id"
# Of every value that is listed, so nothing has to be told that something changed.
_HASHED = "bit_xor(hash_record_extended(f, CAST($2 AS bigint)))"
_DIGEST = f"SELECT count(*), coalesce({_HASHED}, 0) FROM ({_WITH_ALBUMS}) f"
_DIGESTED = f"SELECT f.*, count(*) OVER (), {_HASHED} OVER () FROM ({_WITH_ALBUMS}) f ORDER BY f.sort_key, f.id"


async def songs_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> Listed:
    """In the order of the ids, repeats too."""
    return await _by_id(conn, SONGS, ids, look)


async def is_there(conn: AsyncConnection, track_id: UUID) -> bool:
    statement = "SELECT FROM catalog.tracks WHERE id = $1 AND published_at IS NOT NULL"
    return bool(await rows(conn, statement, track_id))


async def songs_of_album(conn: AsyncConnection, album_id: UUID, look: Look | None = None) -> Listed:
    return await _where(conn, SONGS, OF_ALBUM, album_id, look)


async def albums_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> Listed:
    return await _by_id(conn, ALBUMS, ids, look)


async def albums_of_artist(conn: AsyncConnection, artist_id: UUID, look: Look | None = None) -> Listed:
    """The oldest first, those too on which the artist is one of several."""
    return await _where(conn, ALBUMS, OF_ARTIST, artist_id, look)


async def artists_by_id(conn: AsyncConnection, ids: Sequence[UUID], look: Look | None = None) -> Listed:
    return await _by_id(conn, ARTISTS, ids, look)


async def _by_id(conn: AsyncConnection, what: What, ids: Sequence[UUID], look: Look | None) -> Listed:
    if len(ids) > 1:
        return await _with_parts(conn, what, await rows(conn, _select_by_id(what), list(ids)), look)
    return await _one(conn, what, ids[0], look)


async def _one(conn: AsyncConnection, what: What, thing: UUID, look: Look | None) -> Listed:
    """Of a single thing all comes in one statement."""
    beside = look.beside if look else ()
    statement = _select_one(what, beside)
    found = await rows(conn, statement, thing, look.viewer) if look else await rows(conn, statement, thing)
    return one_listed(what, found[0], beside) if found else Listed((), (), {})


def one_listed(what: What, row: Sequence[Any], beside: tuple[Beside, ...]) -> Listed:
    """Of a row with all that belongs to its thing behind it, each an array of rows."""
    around = what.parts + beside
    return _listed(what, [row], columns_of_one(around, row[len(row) - len(around) :]), beside)


async def _where(conn: AsyncConnection, what: What, where: str, of: UUID, look: Look | None) -> Listed:
    return await _with_parts(conn, what, await rows(conn, _select(what, where), of), look)


async def _with_parts(conn: AsyncConnection, what: What, found: Sequence[Any], look: Look | None) -> Listed:
    beside = look.beside if look else ()
    if not found or not what.parts + beside:
        return _listed(what, found, (), beside)
    ids = [row[0] for row in found]
    statement = _select_parts(what, beside)
    parts = await rows(conn, statement, ids, look.viewer) if look else await rows(conn, statement, ids)
    return _listed(what, found, parts[0], beside)


def _listed(what: What, found: Sequence[Any], parts: Sequence[Any], beside: tuple[Beside, ...]) -> Listed:
    own = width(what.parts)
    return Listed(found, parts[:own], by_thing(beside, parts[own:]) if parts and beside else {})


@lru_cache(32)
def _select(what: What, where: str) -> str:
    return f"SELECT {what.columns} FROM {what.table} {what.joins} WHERE {what.shown} AND {where.format(of='$1')}"


@lru_cache(32)
def _select_by_id(what: What) -> str:
    """The ids lead: so many tables are joined in the order in which they are written."""
    return (
        f"SELECT {what.columns} FROM unnest(CAST($1 AS uuid[])) WITH ORDINALITY AS wanted(id, place) "
        f"JOIN {what.table} ON {what.id} = wanted.id {what.joins} WHERE {what.shown} ORDER BY wanted.place"
    )


@lru_cache(32)
def _select_one(what: What, beside: tuple[Beside, ...]) -> str:
    parts = what.parts + beside
    columns = f"{what.columns}, {around_one(parts, _ID, _VIEWER)}" if parts else what.columns
    return f"SELECT {columns} FROM {what.table} {what.joins} WHERE {what.id} = {_ID} AND {what.shown}"


@lru_cache(32)
def _select_parts(what: What, beside: tuple[Beside, ...]) -> str:
    columns, tables = around(what.parts + beside, _IDS, _VIEWER)
    return f"SELECT {columns} FROM {tables}"


async def all_artists(conn: AsyncConnection, shelves: Sequence[UUID] | None) -> Sequence[Any]:
    return await rows(conn, _ALL_ARTISTS, None if shelves is None else list(shelves))


async def artists_digest(conn: AsyncConnection, shelves: Sequence[UUID] | None, seed: int) -> tuple[int, int]:
    """How many `all_artists` would list, and a hash of all that it says of them."""
    count, digest = (await rows(conn, _DIGEST, None if shelves is None else list(shelves), seed))[0]
    return count, digest


async def digested_artists(conn: AsyncConnection, shelves: Sequence[UUID] | None, seed: int) -> Sequence[Any]:
    """As `all_artists`, with the values of `artists_digest` behind each."""
    return await rows(conn, _DIGESTED, None if shelves is None else list(shelves), seed)


async def libraries(conn: AsyncConnection) -> Sequence[Any]:
    statement = text(
        "SELECT id, number, name FROM catalog.libraries WHERE id IN (SELECT catalog.open_libraries()) ORDER BY number"
    )
    return (await conn.execute(statement)).all()


async def libraries_of(conn: AsyncConnection, user_ids: Sequence[UUID]) -> Sequence[Any]:
    """(person, numbers) of the libraries that are open to each of them."""
    statement = text(
        """
        SELECT u.id, ARRAY (
            SELECT l.number FROM catalog.libraries l WHERE l.access IN ('everyone', 'members') OR EXISTS (
                SELECT FROM catalog.library_access a WHERE a.library_id = l.id AND a.user_id = u.id)
            ORDER BY l.number)
        FROM unnest(CAST(:ids AS uuid[])) AS u(id)
        """
    )
    return (await conn.execute(statement, {"ids": list(user_ids)})).all()


@dataclass(frozen=True, slots=True)
class Drawn:
    """From what is drawn: `tracks` or `albums`, narrowed."""

    table: str
    shelves: Sequence[UUID] | None
    years: tuple[int, int] | None
    genre: UUID | None


async def drawn(conn: AsyncConnection, wanted: Drawn, start: float, limit: int) -> list[UUID]:
    """Ids from a place on in the shuffled order."""
    values: list[Any] = [start]
    if wanted.shelves is not None:
        values.append(list(wanted.shelves))
    if wanted.years is not None:
        values += wanted.years
    if wanted.genre is not None:
        values.append(wanted.genre)
    shape = (wanted.shelves is not None, wanted.years is not None, wanted.genre is not None)
    return [row[0] for row in await rows(conn, _drawn(wanted.table, shape, limit), *values)]


# A track that has no year of its own is shown with this one.
_ITS_ALBUMS = "SELECT extract(year FROM b.release_date)::int FROM catalog.albums b WHERE b.id = p.album_id"


@lru_cache(256)
def _drawn(table: str, shape: tuple[bool, bool, bool], limit: int) -> str:
    shelves, years, genre = shape
    value = count(2)
    where = ["p.published_at IS NOT NULL", "p.dice >= CAST($1 AS real)"]
    if shelves:
        where.append(f"coalesce(p.library_id, {NOBODYS}) = ANY (${next(value)})")
    if years:
        where.append(f"coalesce(p.year, ({_ITS_ALBUMS})) BETWEEN ${next(value)} AND ${next(value)}")
    joined = f"JOIN catalog.track_genres tg ON tg.track_id = p.id AND tg.genre_id = ${next(value)}" if genre else ""
    return f"SELECT p.id FROM catalog.{table} p {joined} WHERE {' AND '.join(where)} ORDER BY p.dice LIMIT {limit}"


_HERE = {
    Kind.TRACK: f"JOIN catalog.tracks p ON p.id = w.id AND p.published_at IS NOT NULL "
    f"AND coalesce(p.library_id, {NOBODYS}) = ANY (:shelves)",
    Kind.ALBUM: f"JOIN catalog.albums p ON p.id = w.id AND p.published_at IS NOT NULL "
    f"AND coalesce(p.library_id, {NOBODYS}) = ANY (:shelves)",
    Kind.ARTIST: "WHERE EXISTS (SELECT FROM catalog.artist_counts c "
    "WHERE c.artist_id = w.id AND c.albums > 0 AND c.library_id = ANY (:shelves))",
}


async def on_shelves(conn: AsyncConnection, kind: Kind, ids: Sequence[UUID], shelves: Sequence[UUID]) -> list[UUID]:
    """Those of the ids that lie there, in their order."""
    statement = text(
        f"SELECT w.id FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS w(id, place) {_HERE[kind]} ORDER BY w.place"
    )
    return list((await conn.execute(statement, {"ids": list(ids), "shelves": list(shelves)})).scalars())


async def genre_named(conn: AsyncConnection, key: str) -> UUID | None:
    """By its own name or another one that it goes by, both folded."""
    statement = text(
        "SELECT id FROM catalog.genres WHERE key = :key "
        "UNION ALL SELECT genre_id FROM catalog.genre_aliases WHERE key = :key LIMIT 1"
    )
    return (await conn.execute(statement, {"key": key})).scalar_one_or_none()


async def folders_in(conn: AsyncConnection, parent_id: UUID) -> Sequence[Any]:
    statement = text(f"{_FOLDERS} WHERE f.parent_id = :id ORDER BY f.sort_key, f.id")
    return (await conn.execute(statement, {"id": parent_id})).all()


async def folder(conn: AsyncConnection, folder_id: UUID) -> Any | None:
    return (await conn.execute(text(f"{_FOLDERS} WHERE f.id = :id"), {"id": folder_id})).first()


async def root_folders(conn: AsyncConnection, libraries: Sequence[UUID]) -> Sequence[Any]:
    statement = text(f"{_FOLDERS} WHERE f.library_id = ANY (:ids) AND f.path = ''")
    return (await conn.execute(statement, {"ids": list(libraries)})).all()


async def songs_in_folder(conn: AsyncConnection, folder_id: UUID, look: Look | None = None) -> Listed:
    return await _where(conn, SONGS, IN_FOLDER, folder_id, look)


async def last_change(conn: AsyncConnection) -> Any | None:
    """When something was last added or edited, as far as the person may know; None in an empty catalogue."""
    statement = text(
        """
        SELECT greatest(
            (SELECT published_at FROM catalog.tracks WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT 1),
            (SELECT published_at FROM catalog.albums WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT 1)
        )
        """
    )
    return (await conn.execute(statement)).scalar_one_or_none()


_TOP_SONGS = text(
    """
    SELECT t.id FROM catalog.track_artists x JOIN catalog.tracks t ON t.id = x.track_id
    JOIN catalog.track_stats s ON s.track_id = t.id
    WHERE x.artist_id = :id AND t.published_at IS NOT NULL AND s.plays > 0
    ORDER BY s.plays DESC, t.id LIMIT :limit
    """
)
_PORTRAITS = {
    Kind.ARTIST: "SELECT a.bio, a.mbid, a.image FROM catalog.artists a WHERE a.id = $1",
    Kind.ALBUM: "SELECT b.description, b.mbid, b.cover FROM catalog.albums b "
    "WHERE b.id = $1 AND b.published_at IS NOT NULL",
    Kind.TRACK: "SELECT t.description, t.mbid, coalesce(t.cover, b.cover) FROM catalog.tracks t "
    "LEFT JOIN catalog.albums b ON b.id = t.album_id WHERE t.id = $1 AND t.published_at IS NOT NULL",
    Kind.FOLDER: """SELECT '', NULL, coalesce(f.cover, (
        SELECT b.cover FROM catalog.tracks t JOIN catalog.albums b ON b.id = t.album_id
        WHERE t.folder_id = f.id AND b.cover IS NOT NULL LIMIT 1)) FROM catalog.folders f WHERE f.id = $1""",
}


async def top_songs(conn: AsyncConnection, artist_id: UUID, limit: int) -> list[UUID]:
    """The most played first."""
    return list((await conn.execute(_TOP_SONGS, {"id": artist_id, "limit": limit})).scalars())


async def artist_named(conn: AsyncConnection, key: str) -> UUID | None:
    """By a folded name; the one with the most albums where several have it."""
    statement = text(
        """
        SELECT a.id FROM catalog.artists a WHERE a.search_key = :key
        ORDER BY (SELECT sum(c.albums) FROM catalog.artist_counts c WHERE c.artist_id = a.id) DESC NULLS LAST, a.id
        LIMIT 1
        """
    )
    return (await conn.execute(statement, {"key": key})).scalar_one_or_none()


async def genres_of_artist(conn: AsyncConnection, artist_id: UUID) -> list[UUID]:
    """The most frequent first, of a hundred of their songs."""
    statement = text(
        """
        SELECT tg.genre_id FROM (
            SELECT x.track_id FROM catalog.track_artists x WHERE x.artist_id = :id LIMIT 100
        ) songs JOIN catalog.track_genres tg ON tg.track_id = songs.track_id
        GROUP BY tg.genre_id ORDER BY count(*) DESC, tg.genre_id LIMIT 3
        """
    )
    return list((await conn.execute(statement, {"id": artist_id})).scalars())


async def portrait(conn: AsyncConnection, kind: Kind, thing: UUID) -> Any | None:
    found = await rows(conn, _PORTRAITS[kind], thing)
    return found[0] if found else None
