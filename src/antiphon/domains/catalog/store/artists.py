"""Artists and who manages them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.rows import MANAGED
from antiphon.kit.paging import PageRequest, TextKey

Sort = Literal["name", "newest"]
_KEYS: dict[Sort, Any] = {"name": TextKey, "newest": None}
# Ids of artists grow with time.
_ORDERS: dict[Sort, tuple[str, str]] = {
    "name": ("a.sort_key, a.id", "(a.sort_key, a.id) > (:key, CAST(:id AS uuid))"),
    "newest": ("a.id DESC", "a.id < CAST(:id AS uuid)"),
}
_MANAGED = f"a.id = ANY ({MANAGED})"
_COLUMNS = f"""
    a.id, a.name, a.bio, a.image, a.created_at, a.version, a.search_key, a.sort_key, a.approval, a.refused_for,
    {_MANAGED} AS editable,
    (SELECT count(*) FROM catalog.albums b WHERE b.artist_id = a.id AND b.published_at IS NOT NULL) AS albums,
    heard.tracks, heard.plays
"""
# Both in one look at the tracks.
_HEARD = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS tracks, coalesce(sum(s.plays), 0) AS plays
        FROM catalog.tracks t LEFT JOIN catalog.track_stats s ON s.track_id = t.id
        WHERE t.artist_id = a.id AND t.published_at IS NOT NULL
    ) heard
"""


async def set_manager(conn: AsyncConnection, artist_id: UUID, user_id: UUID, kind: str, now: datetime) -> None:
    """Whether or not they managed it before."""
    statement = text(
        """
        INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since) VALUES (:artist, :user, :kind, :now)
        ON CONFLICT (artist_id, user_id) DO UPDATE SET kind = excluded.kind
        """
    )
    await conn.execute(statement, {"artist": artist_id, "user": user_id, "kind": kind, "now": now})


_MEMBERSHIP = """
    (SELECT jsonb_agg(jsonb_build_array(jsonb_build_object('id', o.id, 'name', o.name), x.role, x.since_year,
            x.until_year) ORDER BY x.since_year, o.sort_key, o.id)
     FROM catalog.artist_members x JOIN catalog.artists o ON o.id = x.{theirs}
     WHERE x.{own} = a.id AND o.approval = 'approved' AND o.withheld_at IS NULL)
"""
_FULL = f"""
    {_COLUMNS}, a.sort_name, a.kind, a.disambiguation, a.mbid, a.links,
    (SELECT jsonb_agg(jsonb_build_object('name', x.name, 'language', x.language) ORDER BY x.search_key, x.name)
     FROM catalog.artist_aliases x WHERE x.artist_id = a.id) AS aliases,
    {_MEMBERSHIP.replace("{own}", "group_id").replace("{theirs}", "member_id")} AS members,
    {_MEMBERSHIP.replace("{own}", "member_id").replace("{theirs}", "group_id")} AS member_of
"""
_GET = text(
    f"""
    SELECT {_FULL} FROM catalog.artists a {_HEARD}
    WHERE a.id = :id AND (a.withheld_at IS NULL AND a.approval = 'approved' OR {_MANAGED})
    """
)


OF_IDS = text(
    f"""
    SELECT {_COLUMNS} FROM catalog.artists a {_HEARD}
    WHERE a.id = ANY (:ids) AND (a.withheld_at IS NULL AND a.approval = 'approved' OR {_MANAGED})
    """
)


async def get(conn: AsyncConnection, artist_id: UUID, viewer: UUID | None) -> Row[Any] | None:
    return (await conn.execute(_GET, {"id": artist_id, "viewer": viewer})).first()


async def page(
    conn: AsyncConnection, viewer: UUID | None, mine: bool, request: PageRequest, *, sort: Sort = "name"
) -> Sequence[Row[Any]]:
    """`mine` are those that the viewer manages, else those with something published."""
    what = (
        _MANAGED
        if mine
        else "EXISTS (SELECT FROM catalog.tracks t WHERE t.artist_id = a.id AND t.published_at IS NOT NULL)"
    )
    position = request.position(_KEYS[sort])
    order, ahead = _ORDERS[sort]
    after = f"AND {ahead}" if position else ""
    statement = text(
        f"SELECT {_COLUMNS} FROM catalog.artists a {_HEARD} WHERE {what} {after} ORDER BY {order} LIMIT :limit"
    )
    args: dict[str, Any] = {"viewer": viewer, "limit": request.limit + 1}
    if position:
        args["id"] = position[1]
        if sort == "name":
            args["key"] = position[0]
    return (await conn.execute(statement, args)).all()


# OFFSET 0 keeps the five hundred look-ups by key from becoming a scan of all tracks.
_MOST_PLAYED = text(
    f"""
    SELECT {_COLUMNS} FROM (
        SELECT t.artist_id, sum(s.plays) AS weight FROM (
            SELECT track_id, plays FROM catalog.track_stats ORDER BY plays DESC, track_id DESC LIMIT 500
        ) s CROSS JOIN LATERAL (
            SELECT artist_id FROM catalog.tracks WHERE id = s.track_id AND published_at IS NOT NULL OFFSET 0
        ) t
        GROUP BY t.artist_id ORDER BY weight DESC, t.artist_id LIMIT :limit
    ) best JOIN catalog.artists a ON a.id = best.artist_id {_HEARD} ORDER BY best.weight DESC, a.id
    """
)


async def most_played(conn: AsyncConnection, viewer: UUID | None, limit: int) -> Sequence[Row[Any]]:
    return (await conn.execute(_MOST_PLAYED, {"viewer": viewer, "limit": limit})).all()


async def is_approved(conn: AsyncConnection, artist_id: UUID) -> bool:
    statement = text("SELECT approval = 'approved' FROM catalog.artists WHERE id = :id")
    return bool((await conn.execute(statement, {"id": artist_id})).scalar_one_or_none())


async def hold(conn: AsyncConnection, artist_id: UUID) -> None:
    """Nobody adds a work to the artist until the end of the transaction."""
    await conn.execute(text("SELECT FROM catalog.artists WHERE id = :id FOR UPDATE"), {"id": artist_id})


async def has_works(conn: AsyncConnection, artist_id: UUID) -> bool:
    statement = text(
        """
        SELECT EXISTS (SELECT FROM catalog.albums WHERE artist_id = :id)
            OR EXISTS (SELECT FROM catalog.tracks WHERE artist_id = :id)
        """
    )
    return bool((await conn.execute(statement, {"id": artist_id})).scalar_one())


async def delete(conn: AsyncConnection, artist_id: UUID) -> None:
    """An artist without works; that it performs on works of others is forgotten."""
    for table in ("track_artists", "album_artists"):
        await conn.execute(text(f"DELETE FROM catalog.{table} WHERE artist_id = :id"), {"id": artist_id})
    await conn.execute(text("DELETE FROM catalog.artists WHERE id = :id"), {"id": artist_id})


async def managers(conn: AsyncConnection, artist_id: UUID) -> Sequence[Row[Any]] | None:
    """`user_id`, `kind` and `since` of those who manage the artist, the first ones first; None where it is gone.

    Holds the artist in place for the rest of the transaction.
    """
    held = await conn.execute(text("SELECT 1 FROM catalog.artists WHERE id = :id FOR KEY SHARE"), {"id": artist_id})
    if held.first() is None:
        return None
    statement = text(
        "SELECT user_id, kind, since FROM catalog.artist_managers WHERE artist_id = :id ORDER BY since, user_id"
    )
    return (await conn.execute(statement, {"id": artist_id})).all()


async def drop_manager(conn: AsyncConnection, artist_id: UUID, user_id: UUID) -> bool:
    """False where they did not manage it."""
    statement = text("DELETE FROM catalog.artist_managers WHERE artist_id = :artist AND user_id = :user")
    return bool((await conn.execute(statement, {"artist": artist_id, "user": user_id})).rowcount)
