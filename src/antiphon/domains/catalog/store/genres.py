"""Genres: a tree, with other names for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import tables
from antiphon.domains.catalog.model_lists import UPLOADS
from antiphon.kit.db import rows
from antiphon.kit.text import search_key

__all__ = [
    "all_of_them",
    "heard",
    "hold_tree",
    "insert",
    "is_there",
    "is_under",
    "note_tracks",
    "taken",
    "write",
]


# Of the libraries that whoever asks may listen to.
_COUNTS = f"""
    SELECT c.genre_id, sum(c.albums)::int AS albums, sum(c.tracks)::int AS tracks FROM catalog.genre_counts c
    WHERE c.library_id = '{UPLOADS}'::uuid
       OR c.library_id IN (SELECT catalog.open_libraries())
    GROUP BY c.genre_id
"""
_TREE = text(
    f"""
    SELECT g.id, g.name, g.parent_id, coalesce(n.albums, 0) AS albums, coalesce(n.tracks, 0) AS tracks,
           (SELECT jsonb_agg(a.name ORDER BY a.key) FROM catalog.genre_aliases a WHERE a.genre_id = g.id) AS aliases
    FROM catalog.genres g LEFT JOIN ({_COUNTS}) n ON n.genre_id = g.id
    ORDER BY g.key, g.id
    """
)
_HEARD = f"""
    SELECT g.id, g.name, g.parent_id, n.albums, n.tracks FROM catalog.genres g
    JOIN ({_COUNTS}) n ON n.genre_id = g.id AND n.tracks > 0
"""
_BY_NAME = f"{_HEARD} ORDER BY g.name, g.id"
_BY_SIZE = f"{_HEARD} ORDER BY n.tracks DESC, g.name, g.id LIMIT 500"


async def all_of_them(conn: AsyncConnection) -> Sequence[Row[Any]]:
    """(id, name, parent_id, albums and tracks that may be heard, aliases), by name."""
    return (await conn.execute(_TREE)).all()


async def heard(conn: AsyncConnection, *, largest_first: bool = False) -> Sequence[Any]:
    """(id, name, parent_id, albums, tracks) of those of which something may be heard."""
    return await rows(conn, _BY_SIZE if largest_first else _BY_NAME)


async def insert(conn: AsyncConnection, name: str, parent_id: UUID | None) -> UUID:
    statement = text("INSERT INTO catalog.genres (name, key, parent_id) VALUES (:name, :key, :parent) RETURNING id")
    made: UUID = (
        await conn.execute(statement, {"name": name, "key": search_key(name), "parent": parent_id})
    ).scalar_one()
    return made


async def is_there(conn: AsyncConnection, genre_id: UUID) -> bool:
    statement = text("SELECT EXISTS (SELECT FROM catalog.genres WHERE id = :id)")
    return bool((await conn.execute(statement, {"id": genre_id})).scalar_one())


async def taken(conn: AsyncConnection, names: Sequence[str], own: UUID | None) -> set[str]:
    """Those of the names by which another genre than `own` is known."""
    keys = {search_key(name): name for name in names}
    statement = text(
        """
        SELECT key FROM catalog.genres WHERE key = ANY (:keys) AND id IS DISTINCT FROM CAST(:own AS uuid)
        UNION SELECT key FROM catalog.genre_aliases
        WHERE key = ANY (:keys) AND genre_id IS DISTINCT FROM CAST(:own AS uuid)
        """
    )
    found = (await conn.execute(statement, {"keys": list(keys), "own": own})).scalars()
    return {keys[key] for key in found}


async def is_under(conn: AsyncConnection, genre_id: UUID, above: UUID) -> bool:
    """Whether `genre_id` is `above` itself, or somewhere below it."""
    statement = text(
        """
        WITH RECURSIVE way AS (
            SELECT id, parent_id FROM catalog.genres WHERE id = :id
            UNION SELECT g.id, g.parent_id FROM catalog.genres g JOIN way ON g.id = way.parent_id
        ) SELECT EXISTS (SELECT FROM way WHERE id = :above)
        """
    )
    return bool((await conn.execute(statement, {"id": genre_id, "above": above})).scalar_one())


async def hold_tree(conn: AsyncConnection) -> None:
    """Until the end of the transaction nobody else moves a genre, so that two moves cannot make a ring."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('catalog.genres'))"))


async def write(
    conn: AsyncConnection, genre_id: UUID, columns: Mapping[str, Any], aliases: Sequence[str] | None
) -> None:
    values = dict(columns)
    if "name" in values:
        values["key"] = search_key(values["name"])
        await note_tracks(conn, genre_id)
    if values:
        await conn.execute(update(tables.genres).where(tables.genres.c.id == genre_id).values(**values))
    if aliases is None:
        return
    await conn.execute(text("DELETE FROM catalog.genre_aliases WHERE genre_id = :id"), {"id": genre_id})
    statement = text(
        """
        INSERT INTO catalog.genre_aliases (key, name, genre_id)
        SELECT r.key, r.name, :id FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(key text, name text)
        """
    )
    rows = [{"key": search_key(name), "name": name} for name in aliases]
    await conn.execute(statement, {"id": genre_id, "rows": msgspec.json.encode(rows).decode()})


async def note_tracks(conn: AsyncConnection, genre_id: UUID) -> None:
    """The search index reads the genre's tracks anew."""
    statement = text(
        "INSERT INTO catalog.changes (kind, id) SELECT 'track', track_id FROM catalog.track_genres WHERE genre_id = :id"
    )
    if (await conn.execute(statement, {"id": genre_id})).rowcount:
        await conn.execute(text("SELECT pg_notify('antiphon_index', '')"))
