"""What the catalogue keeps of a person: read for an export, hidden while an account closes, let go at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "albums_of",
    "artists_of",
    "delete_artists",
    "drop_manager",
    "edits_by",
    "heirs",
    "hold_artist_of_wish",
    "may_edit",
    "names_of",
    "names_of_tracks",
    "publish_when_ready",
    "ready_wishes",
    "ready_wishes_for",
    "rename_owner",
    "sole_artists",
    "take_wish",
    "tracks_of",
    "withhold",
    "works_of",
]

# Artists that nobody else manages: they go with the person.
_SOLE = """
    SELECT m.artist_id FROM catalog.artist_managers m
    WHERE m.user_id = :user
      AND NOT EXISTS (SELECT FROM catalog.artist_managers o WHERE o.artist_id = m.artist_id AND o.user_id <> :user)
"""
_MANAGED = "SELECT artist_id FROM catalog.artist_managers WHERE user_id = :user"


async def _stream(conn: AsyncConnection, statement: str, user_id: UUID) -> AsyncIterator[Row[Any]]:
    async with conn.stream(text(statement), {"user": user_id}) as rows:
        async for row in rows:
            yield row


def artists_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT a.id, a.name, a.bio, a.created_at, a.approval, m.since AS managed_since,
               CASE WHEN a.approval = 'refused' THEN a.refused_for END AS refused_for,
               (SELECT count(*) FROM catalog.artist_managers o WHERE o.artist_id = a.id) AS managers
        FROM catalog.artists a JOIN catalog.artist_managers m ON m.artist_id = a.id AND m.user_id = :user
        ORDER BY a.id
    """
    return _stream(conn, statement, user_id)


def albums_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    """Of the artists the person manages, and what the person made for others."""
    statement = f"""
        SELECT id, artist_id, title, kind, release_date, description, label, upc, explicit,
               coalesce(published_at, withheld_at) AS published_at, created_at
        FROM catalog.albums WHERE artist_id IN ({_MANAGED}) OR created_by = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


def tracks_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = f"""
        SELECT t.id, t.artist_id, t.album_id, t.title, t.disc_number, t.track_number, t.year, t.explicit, t.isrc,
               t.description, t.duration_ms, t.status, coalesce(t.published_at, t.withheld_at) AS published_at,
               t.created_at, coalesce(s.plays, 0) AS plays,
               (SELECT jsonb_agg(g.name ORDER BY g.name) FROM catalog.track_genres tg
                JOIN catalog.genres g ON g.id = tg.genre_id WHERE tg.track_id = t.id) AS genres,
               (SELECT jsonb_agg(jsonb_build_array(c.name, c.role, c.artist_id) ORDER BY c.position)
                FROM catalog.track_credits c WHERE c.track_id = t.id) AS credits
        FROM catalog.tracks t LEFT JOIN catalog.track_stats s ON s.track_id = t.id
        WHERE t.artist_id IN ({_MANAGED}) OR t.created_by = :user ORDER BY t.id
    """
    return _stream(conn, statement, user_id)


def edits_by(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, kind, subject, action, before, after, edited_at FROM catalog.edits
        WHERE edited_by = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


async def names_of_tracks(conn: AsyncConnection, track_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    statement = text(
        "SELECT t.id, t.title, a.name AS artist FROM catalog.tracks t JOIN catalog.artists a ON a.id = t.artist_id "
        "WHERE t.id = ANY (:ids)"
    )
    return (await conn.execute(statement, {"ids": list(track_ids)})).all()


async def names_of(conn: AsyncConnection, subjects: Sequence[UUID]) -> Sequence[Row[Any]]:
    """(id, name of its table) of each that is an artist, an album or a track."""
    statement = " UNION ALL ".join(
        f"SELECT id, '{table}' AS name FROM catalog.{table} WHERE id = ANY (:ids)"
        for table in ("artists", "albums", "tracks")
    )
    return (await conn.execute(text(statement), {"ids": list(subjects)})).all()


async def may_edit(conn: AsyncConnection, table: str, row_id: UUID, user_id: UUID) -> bool:
    """Whether there is such an artist, album or track, and the person manages it."""
    artist = "id" if table == "artists" else "artist_id"
    statement = text(f"SELECT EXISTS (SELECT FROM catalog.{table} WHERE id = :id AND {artist} IN ({_MANAGED}))")
    return bool((await conn.execute(statement, {"id": row_id, "user": user_id})).scalar_one())


async def heirs(conn: AsyncConnection, subjects: Sequence[UUID], leaving: UUID) -> dict[UUID, UUID]:
    """Artist, album or track → who has managed its artist longest, but for the person that leaves.

    What is left out stays with nobody.
    """
    statement = text(
        """
        SELECT DISTINCT ON (s.id) s.id, m.user_id FROM (
            SELECT id, id AS artist_id FROM catalog.artists WHERE id = ANY (:ids)
            UNION ALL SELECT id, artist_id FROM catalog.albums WHERE id = ANY (:ids)
            UNION ALL SELECT id, artist_id FROM catalog.tracks WHERE id = ANY (:ids)
        ) s JOIN catalog.artist_managers m ON m.artist_id = s.artist_id AND m.user_id <> :leaving
        ORDER BY s.id, m.since, m.user_id
        """
    )
    rows = await conn.execute(statement, {"ids": list(subjects), "leaving": leaving})
    return {row.id: row.user_id for row in rows}


async def withhold(conn: AsyncConnection, user_id: UUID, now: datetime | None) -> None:
    """Take the works that are the person's alone out of sight, or with None show them as they were."""
    for table in ("albums", "tracks"):
        change = "withheld_at = published_at, published_at = NULL" if now else "published_at = withheld_at"
        which = "published_at IS NOT NULL" if now else "withheld_at IS NOT NULL"
        done = "" if now else ", withheld_at = NULL"
        statement = f"UPDATE catalog.{table} SET {change}{done} WHERE {which} AND artist_id IN ({_SOLE})"
        await conn.execute(text(statement), {"user": user_id})
    statement = f"UPDATE catalog.artists SET withheld_at = :now WHERE id IN ({_SOLE})"
    await conn.execute(text(statement), {"user": user_id, "now": now})


async def publish_when_ready(conn: AsyncConnection, track_id: UUID, album_id: UUID | None) -> None:
    statement = text("UPDATE catalog.tracks SET publish_when_ready = true WHERE id = :id")
    await conn.execute(statement, {"id": track_id})
    statement = text("UPDATE catalog.albums SET publish_when_ready = true WHERE id = :id AND published_at IS NULL")
    await conn.execute(statement, {"id": album_id})


async def hold_artist_of_wish(conn: AsyncConnection, track_id: UUID) -> None:
    """Whoever lets the artist be seen meanwhile is waited for, or waits: one of both finds the track that plays."""
    statement = text(
        "SELECT FROM catalog.artists WHERE id = "
        "(SELECT artist_id FROM catalog.tracks WHERE id = :id AND publish_when_ready) FOR SHARE"
    )
    await conn.execute(statement, {"id": track_id})


async def take_wish(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    """(artist_id, album_id, with_album) of a track that waits to be published; it waits no more.

    None where it does not wait, or its artist is out of sight or not approved: then it goes on waiting.
    """
    statement = text(
        """
        WITH track AS (
            UPDATE catalog.tracks t SET publish_when_ready = false FROM catalog.artists a
            WHERE t.id = :id AND t.publish_when_ready AND a.id = t.artist_id AND a.withheld_at IS NULL
              AND a.approval = 'approved'
            RETURNING t.artist_id, t.album_id
        ), album AS (
            UPDATE catalog.albums b SET publish_when_ready = false FROM track
            WHERE b.id = track.album_id AND b.publish_when_ready RETURNING b.id
        )
        SELECT artist_id, album_id, EXISTS (SELECT FROM album) AS with_album FROM track
        """
    )
    return (await conn.execute(statement, {"id": track_id})).first()


async def ready_wishes(conn: AsyncConnection, user_id: UUID) -> list[UUID]:
    """Tracks that could have been published while their artist was out of sight."""
    statement = text(
        f"SELECT id FROM catalog.tracks WHERE publish_when_ready AND status = 'ready' AND artist_id IN ({_SOLE})"
    )
    return list((await conn.execute(statement, {"user": user_id})).scalars())


async def ready_wishes_for(conn: AsyncConnection, artist_id: UUID) -> list[UUID]:
    """Tracks that could have been published while their artist was not approved."""
    statement = text(
        "SELECT id FROM catalog.tracks WHERE publish_when_ready AND status = 'ready' AND artist_id = :artist"
    )
    return list((await conn.execute(statement, {"artist": artist_id})).scalars())


async def sole_artists(conn: AsyncConnection, user_id: UUID) -> list[UUID]:
    """Locked, so that nobody joins or adds a work while they go."""
    statement = text(f"SELECT id FROM catalog.artists WHERE id IN ({_SOLE}) ORDER BY id FOR UPDATE")
    return list((await conn.execute(statement, {"user": user_id})).scalars())


async def works_of(conn: AsyncConnection, artist_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """(kind, id, artist_id, album_id) of every album and track."""
    statement = text(
        """
        SELECT 'track' AS kind, id, artist_id, album_id FROM catalog.tracks WHERE artist_id = ANY (:ids)
        UNION ALL SELECT 'album', id, artist_id, NULL FROM catalog.albums WHERE artist_id = ANY (:ids)
        """
    )
    return (await conn.execute(statement, {"ids": list(artist_ids)})).all()


async def delete_artists(conn: AsyncConnection, artist_ids: Sequence[UUID]) -> None:
    """With all their works, and what they did on works of others."""
    of_these = (
        ("tracks", "artist_id"),
        ("albums", "artist_id"),
        ("track_artists", "artist_id"),
        ("album_artists", "artist_id"),
        ("artists", "id"),
    )
    for table, column in of_these:
        statement = text(f"DELETE FROM catalog.{table} WHERE {column} = ANY (:ids)")
        await conn.execute(statement, {"ids": list(artist_ids)})


async def drop_manager(conn: AsyncConnection, user_id: UUID) -> None:
    """The person manages nothing and made nothing any more."""
    await conn.execute(text("DELETE FROM catalog.artist_managers WHERE user_id = :user"), {"user": user_id})
    for table in ("artists", "albums", "tracks"):
        statement = text(f"UPDATE catalog.{table} SET created_by = NULL WHERE created_by = :user")
        await conn.execute(statement, {"user": user_id})
    statement = text("UPDATE catalog.artists SET decided_by = NULL WHERE decided_by = :user")
    await conn.execute(statement, {"user": user_id})


async def rename_owner(conn: AsyncConnection, owner: str, heir: str) -> None:
    """Addresses of pictures name who put them there; those that stay name somebody else from now on."""
    for table, column in (("artists", "image"), ("albums", "cover"), ("tracks", "cover")):
        statement = text(
            f"""
            UPDATE catalog.{table} SET {column} = CAST(replace(CAST({column} AS text), :owner, :heir) AS jsonb)
            WHERE strpos(CAST({column} AS text), :owner) > 0
            """
        )
        await conn.execute(statement, {"owner": owner, "heir": heir})
