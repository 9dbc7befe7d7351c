"""Playlists and their entries. Row-level security shows a person their own, and what others do not keep private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_playlists import GAP
from antiphon.domains.catalog.store.tracks import SEEN_TRACKS
from antiphon.kit.beside import Beside
from antiphon.kit.db import changed, rows
from antiphon.kit.paging import PageRequest, TimeKey

__all__ = [
    "add",
    "add_filled",
    "all_of",
    "all_of_owner",
    "clear",
    "count_unavailable",
    "delete",
    "delete_all",
    "delete_of_library",
    "entries",
    "entry_page",
    "fill",
    "get",
    "get_plain",
    "hold",
    "ids_of",
    "insert_entries",
    "named_entries",
    "neighbours",
    "of_ids",
    "page",
    "place_entries",
    "places_of",
    "remove",
    "seen",
    "spread",
    "track_ids",
    "tracks",
    "update",
    "withhold",
]

_COVERS = """
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(c.cover ORDER BY c.place) AS covers, (array_agg(c.track_id ORDER BY c.place))[1] AS cover_of
        FROM (
            SELECT f.cover, min(f.place) AS place, (array_agg(f.track_id ORDER BY f.place))[1] AS track_id FROM (
                SELECT coalesce(t.cover, b.cover) AS cover, e.place, e.track_id FROM (
                    SELECT track_id, place FROM catalog.playlist_entries
                    WHERE playlist_id = p.id ORDER BY place, id LIMIT 16
                ) e JOIN catalog.tracks t ON t.id = e.track_id LEFT JOIN catalog.albums b ON b.id = t.album_id
            ) f WHERE f.cover IS NOT NULL GROUP BY f.cover ORDER BY min(f.place) LIMIT 4
        ) c
    ) shown ON true
"""
_SELECT = f"""
    SELECT p.id, p.owner_id, p.name, p.comment, p.visibility, p.track_count, p.duration_ms, p.version, p.created_at,
           p.updated_at, p.library_id, shown.covers, shown.cover_of
    FROM catalog.playlists p {_COVERS}
"""
_GET = text(f"{_SELECT} WHERE p.id = :id")


async def get(conn: AsyncConnection, playlist_id: UUID) -> Row[Any] | None:
    return (await conn.execute(_GET, {"id": playlist_id})).first()


_PLAIN = """
    SELECT p.id, p.owner_id, p.library_id, p.name, p.comment, p.visibility, p.track_count, p.duration_ms, p.version,
           p.created_at, p.updated_at, owner.handle, owner.display_name
    FROM catalog.playlists p LEFT JOIN LATERAL ({owner}) AS owner(id, handle, display_name) ON true WHERE p.id = $1
"""


async def get_plain(conn: AsyncConnection, playlist_id: UUID, viewer: UUID, named: Beside) -> Any | None:
    """Without pictures; how the owner is `named` comes last."""
    owner = named.select.format(among="= p.owner_id", viewer="CAST($2 AS uuid)")
    return next(iter(await rows(conn, _PLAIN.format(owner=owner), playlist_id, viewer)), None)


_OF_IDS = text(
    f"{_SELECT} WHERE p.id = ANY (CAST(:ids AS uuid[])) AND p.visibility = 'public' AND p.withheld_at IS NULL"
)


async def of_ids(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """The public ones of them, in any order."""
    return (await conn.execute(_OF_IDS, {"ids": list(ids)})).all()


async def page(conn: AsyncConnection, request: PageRequest, *, owner: UUID | None, listed: bool) -> Sequence[Row[Any]]:
    """The last changed first. `listed`: public ones only, as everybody may find them."""
    position = request.position(TimeKey)
    args: dict[str, Any] = {"owner": owner} if owner else {}
    if position:
        args["key"], args["id"] = position
    statement = _page(owner is not None, listed, position is not None, request.limit + 1)
    return (await conn.execute(statement, args)).all()


@lru_cache(64)
def _page(of_owner: bool, listed: bool, goes_on: bool, limit: int) -> TextClause:
    where = ["p.owner_id = :owner"] if of_owner else []
    if listed:
        where.append("(p.visibility = 'public' OR p.library_id IS NOT NULL) AND p.withheld_at IS NULL")
    if goes_on:
        where.append("(p.updated_at, p.id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))")
    return text(f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY p.updated_at DESC, p.id DESC LIMIT {limit}")


_ALL_OF = text(
    f"{_SELECT} WHERE p.owner_id = :viewer OR p.visibility = 'public' OR p.library_id IS NOT NULL "
    "ORDER BY p.search_key, p.id LIMIT 5000"
)


async def all_of(conn: AsyncConnection, viewer: UUID) -> Sequence[Row[Any]]:
    """Somebody's own and all public ones by name, for apps that ask for all at once."""
    return (await conn.execute(_ALL_OF, {"viewer": viewer})).all()


_OF_OWNER = text(f"{_SELECT} WHERE p.owner_id = :owner ORDER BY p.search_key, p.id LIMIT 5000")


async def all_of_owner(conn: AsyncConnection, owner: UUID) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF_OWNER, {"owner": owner})).all()


_UNAVAILABLE = text(
    "SELECT count(*) FROM catalog.playlist_entries e WHERE e.playlist_id = :id "
    "AND NOT EXISTS (SELECT FROM catalog.tracks t WHERE t.id = e.track_id)"
)


async def count_unavailable(conn: AsyncConnection, playlist_id: UUID) -> int:
    """Entries whose tracks the person who asks may not see."""
    return int((await conn.execute(_UNAVAILABLE, {"id": playlist_id})).scalar_one())


_NEW = """
    INSERT INTO catalog.playlists (owner_id, name, search_key, comment, visibility, created_at, updated_at, library_id)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id
"""
_FILLED = """
    WITH made AS ({new}), fit AS MATERIALIZED (
        SELECT t.id, w.place, coalesce(t.duration_ms, 0) AS duration_ms
        FROM unnest($8::uuid[], $9::bigint[]) AS w(track, place) JOIN catalog.tracks t ON t.id = w.track
    ), put AS (
        INSERT INTO catalog.playlist_entries (playlist_id, track_id, place, duration_ms, added_at)
        SELECT m.id, f.id, f.place, f.duration_ms, $6 FROM made m, fit f
    )
    SELECT m.id, (SELECT count(*) FROM fit), (SELECT coalesce(sum(f.duration_ms), 0)::bigint FROM fit f),
           owner.handle, owner.display_name
    FROM made m LEFT JOIN LATERAL ({owner}) AS owner(id, handle, display_name) ON true
"""
_OF_NEW = ("owner_id", "name", "search_key", "comment", "visibility", "now")


async def add(conn: AsyncConnection, values: Mapping[str, Any]) -> UUID:
    """`values` are of the columns, and `now`."""
    found: UUID = (await rows(conn, _NEW, *_given(values)))[0][0]
    return found


async def add_filled(conn: AsyncConnection, values: Mapping[str, Any], tracks: Sequence[UUID], named: Beside) -> Any:
    """As `add`; tracks that the person may not see are left out. Answers (id, tracks, milliseconds, handle, display
    name): how the owner is `named` to themselves comes last."""
    statement = _FILLED.format(new=_NEW, owner=named.select.format(among="= $1", viewer="$1"))
    return (await rows(conn, statement, *_given(values), list(tracks), _places(len(tracks))))[0]


def _given(values: Mapping[str, Any]) -> list[Any]:
    return [*(values[name] for name in _OF_NEW), values.get("library_id")]


def _places(count: int) -> list[int]:
    """Of an empty list, far apart."""
    return list(range(GAP, GAP * count + 1, GAP))


_HOLD = text(
    """
    WITH held AS (
        UPDATE catalog.playlists SET version = version + 1, updated_at = :now
        WHERE id = :id AND owner_id = :owner AND (CAST(:version AS int) IS NULL OR version = :version)
        RETURNING id, name, comment, track_count
    ), kept AS (
        INSERT INTO catalog.playlist_states
            (playlist_id, owner_id, name, comment, entry_ids, track_ids, added_at, changed_at, changed_by)
        SELECT h.id, :owner, h.name, h.comment, e.ids, e.tracks, e.added, :now, :owner
        FROM held h CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(x.id ORDER BY x.place, x.id), '{}') AS ids,
                   coalesce(array_agg(x.track_id ORDER BY x.place, x.id), '{}') AS tracks,
                   coalesce(array_agg(x.added_at ORDER BY x.place, x.id), '{}') AS added
            FROM catalog.playlist_entries x WHERE x.playlist_id = h.id
        ) e
        WHERE NOT EXISTS (
            SELECT FROM catalog.playlist_states s
            WHERE s.playlist_id = h.id AND s.changed_by = :owner AND s.changed_at > :since
        ) RETURNING id
    ), too_old AS (
        DELETE FROM catalog.playlist_states
        WHERE CAST(:since AS timestamptz) < :now AND EXISTS (SELECT FROM kept) AND id IN (
            SELECT s.id FROM catalog.playlist_states s WHERE s.playlist_id = :id ORDER BY s.id DESC OFFSET 99)
    )
    SELECT track_count FROM held
    """
)


async def hold(
    conn: AsyncConnection, playlist_id: UUID, owner: UUID, version: int | None, now: datetime, since: datetime
) -> int | None:
    """Counts the version up and keeps other edits waiting; answers how many entries there are. What it is goes into
    its history, which keeps a hundred, unless the person has changed it after `since` already; where that is now,
    nothing is let go of: one may be about to go back to it.

    None where it is not the owner's, or not at the expected version.
    """
    args = {"id": playlist_id, "owner": owner, "version": version, "now": now, "since": since}
    return (await conn.execute(_HOLD, args)).scalar_one_or_none()


async def update(conn: AsyncConnection, playlist_id: UUID, values: Mapping[str, Any]) -> None:
    """`values` are of the columns name, search_key, comment and visibility."""
    if values:
        columns = ", ".join(f"{name} = :{name}" for name in sorted(values))
        await conn.execute(
            text(f"UPDATE catalog.playlists SET {columns} WHERE id = :id"), {**values, "id": playlist_id}
        )


async def delete(conn: AsyncConnection, playlist_id: UUID, owner: UUID) -> bool:
    statement = text("DELETE FROM catalog.playlists WHERE id = :id AND owner_id = :owner")
    return bool((await conn.execute(statement, {"id": playlist_id, "owner": owner})).rowcount)


@lru_cache(8)
def _entries(everything: bool, goes_on: bool, limit: int) -> TextClause:
    join = "LEFT JOIN" if everything else "JOIN"
    ahead = "AND (e.place, e.id) > (CAST(:place AS bigint), CAST(:entry AS uuid))" if goes_on else ""
    return text(
        f"""
        SELECT e.id, e.place, e.added_at, e.track_id, t.id IS NOT NULL AS seen
        FROM catalog.playlist_entries e {join} catalog.tracks t ON t.id = e.track_id
        WHERE e.playlist_id = :id {ahead} ORDER BY e.place, e.id LIMIT {limit}
        """
    )


async def entry_page(
    conn: AsyncConnection, playlist_id: UUID, after: tuple[int, UUID] | None, limit: int, *, everything: bool
) -> Sequence[Row[Any]]:
    """`everything`: also those whose tracks the person who asks may not see."""
    args: dict[str, Any] = {"id": playlist_id}
    if after:
        args["place"], args["entry"] = after
    return (await conn.execute(_entries(everything, after is not None, limit), args)).all()


_TRACKS = text(f"{SEEN_TRACKS} AND t.id = ANY (:ids)")


async def tracks(conn: AsyncConnection, ids: Sequence[UUID], viewer: UUID | None) -> Sequence[Row[Any]]:
    return (await conn.execute(_TRACKS, {"ids": list(ids), "viewer": viewer})).all() if ids else []


async def seen(conn: AsyncConnection, ids: Sequence[UUID]) -> set[UUID]:
    """Which of the tracks the person who asks may see."""
    statement = text("SELECT id FROM catalog.tracks WHERE id = ANY (:ids)")
    return set((await conn.execute(statement, {"ids": list(ids)})).scalars())


_TRACK_IDS = text(
    """
    SELECT e.id, e.track_id FROM catalog.playlist_entries e JOIN catalog.tracks t ON t.id = e.track_id
    WHERE e.playlist_id = :id ORDER BY e.place, e.id
    """
)


async def entries(conn: AsyncConnection, playlist_id: UUID) -> Sequence[Row[Any]]:
    """Entry and track of all that the person who asks may see, in order."""
    return (await conn.execute(_TRACK_IDS, {"id": playlist_id})).all()


async def track_ids(conn: AsyncConnection, playlist_id: UUID) -> list[UUID]:
    return [row.track_id for row in await entries(conn, playlist_id)]


async def named_entries(conn: AsyncConnection, playlist_id: UUID) -> Sequence[Row[Any]]:
    """As `entries`, with title, artist, duration, ISRC, path and when it was added."""
    statement = text(
        """
        SELECT e.id, e.track_id, e.added_at, t.title, a.name AS artist, b.title AS album, t.duration_ms, t.isrc,
               t.track_number, f.path
        FROM catalog.playlist_entries e
        JOIN catalog.tracks t ON t.id = e.track_id JOIN catalog.artists a ON a.id = t.artist_id
        LEFT JOIN catalog.albums b ON b.id = t.album_id LEFT JOIN catalog.track_files f ON f.track_id = t.id
        WHERE e.playlist_id = :id ORDER BY e.place, e.id
        """
    )
    return (await conn.execute(statement, {"id": playlist_id})).all()


_INSERT = """
    INSERT INTO catalog.playlist_entries (playlist_id, track_id, place, duration_ms, added_at)
    SELECT $1, t.id, w.place, coalesce(t.duration_ms, 0), $4
    FROM unnest($2::uuid[], $3::bigint[]) AS w(track, place) JOIN catalog.tracks t ON t.id = w.track
"""


async def insert_entries(
    conn: AsyncConnection, playlist_id: UUID, tracks: Sequence[UUID], places: Sequence[int], now: datetime
) -> int:
    """How many were put in: tracks that the person may not see are left out."""
    return await changed(conn, _INSERT, playlist_id, list(tracks), list(places), now)


async def fill(conn: AsyncConnection, playlist_id: UUID, tracks: Sequence[UUID], now: datetime) -> int:
    """An empty one; answers as `insert_entries`."""
    return await insert_entries(conn, playlist_id, tracks, _places(len(tracks)), now)


async def clear(conn: AsyncConnection, playlist_id: UUID) -> None:
    await changed(conn, "DELETE FROM catalog.playlist_entries WHERE playlist_id = $1", playlist_id)


_BEFORE = text(
    """
    SELECT (SELECT max(o.place) FROM catalog.playlist_entries o
            WHERE o.playlist_id = :id AND o.place < e.place AND o.id <> ALL (CAST(:but AS uuid[]))) AS low,
           e.place AS high
    FROM catalog.playlist_entries e WHERE e.playlist_id = :id AND e.id = :before
    """
)
_END = text(
    "SELECT max(place) AS low, CAST(NULL AS bigint) AS high FROM catalog.playlist_entries "
    "WHERE playlist_id = :id AND id <> ALL (CAST(:but AS uuid[]))"
)


async def neighbours(
    conn: AsyncConnection, playlist_id: UUID, before: UUID | None, but: Sequence[UUID] = ()
) -> tuple[int | None, int | None] | None:
    """The places around the gap before an entry, or at the end, entries `but` left aside. None: no such entry."""
    args: dict[str, Any] = {"id": playlist_id, "but": list(but)}
    if before is not None:
        args["before"] = before
    row = (await conn.execute(_END if before is None else _BEFORE, args)).first()
    return None if row is None else (row.low, row.high)


async def spread(conn: AsyncConnection, playlist_id: UUID) -> None:
    """Every place anew, far apart. The order stays."""
    statement = text(
        f"""
        UPDATE catalog.playlist_entries e SET place = n.number * {GAP} FROM (
            SELECT id, row_number() OVER (ORDER BY place, id) AS number
            FROM catalog.playlist_entries WHERE playlist_id = :id
        ) n WHERE n.id = e.id
        """
    )
    await conn.execute(statement, {"id": playlist_id})


async def places_of(conn: AsyncConnection, playlist_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Which of the entries are there."""
    statement = text("SELECT id FROM catalog.playlist_entries WHERE playlist_id = :id AND id = ANY (:ids)")
    return set((await conn.execute(statement, {"id": playlist_id, "ids": list(ids)})).scalars())


async def place_entries(conn: AsyncConnection, playlist_id: UUID, ids: Sequence[UUID], places: Sequence[int]) -> None:
    statement = text(
        """
        UPDATE catalog.playlist_entries e SET place = w.place
        FROM unnest(CAST(:ids AS uuid[]), CAST(:places AS bigint[])) AS w(id, place)
        WHERE e.id = w.id AND e.playlist_id = :playlist
        """
    )
    await conn.execute(statement, {"playlist": playlist_id, "ids": list(ids), "places": list(places)})


async def remove(conn: AsyncConnection, playlist_id: UUID, ids: Sequence[UUID]) -> int:
    statement = text("DELETE FROM catalog.playlist_entries WHERE playlist_id = :id AND id = ANY (:ids)")
    return (await conn.execute(statement, {"id": playlist_id, "ids": list(ids)})).rowcount


async def withhold(conn: AsyncConnection, owner: UUID, at: datetime | None) -> None:
    """Out of everybody else's sight, or back in it."""
    statement = text(
        "UPDATE catalog.playlists SET withheld_at = :at "
        "WHERE owner_id = :owner AND (withheld_at IS NULL) = (CAST(:at AS timestamptz) IS NOT NULL)"
    )
    await conn.execute(statement, {"owner": owner, "at": at})


async def ids_of(conn: AsyncConnection, owner: UUID) -> list[UUID]:
    statement = text("SELECT id FROM catalog.playlists WHERE owner_id = :owner ORDER BY id")
    return list((await conn.execute(statement, {"owner": owner})).scalars())


async def delete_all(conn: AsyncConnection, owner: UUID) -> list[UUID]:
    """Answers which there were."""
    statement = text("DELETE FROM catalog.playlists WHERE owner_id = :owner RETURNING id")
    return list((await conn.execute(statement, {"owner": owner})).scalars())


async def delete_of_library(conn: AsyncConnection, library_id: UUID) -> list[UUID]:
    statement = text("DELETE FROM catalog.playlists WHERE library_id = :library RETURNING id")
    return list((await conn.execute(statement, {"library": library_id})).scalars())
