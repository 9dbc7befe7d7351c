"""Rows that are about to be merged or split, held; and what the new one has of the old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["albums", "artists", "copy_album", "copy_managers", "tracks", "works_of_artist"]


async def artists(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Held in the order of their ids, so that two merges cannot wait for each other."""
    statement = text("SELECT * FROM catalog.artists WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
    return {row.id: row for row in await conn.execute(statement, {"ids": list(ids)})}


async def albums(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    statement = text("SELECT * FROM catalog.albums WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
    return {row.id: row for row in await conn.execute(statement, {"ids": list(ids)})}


async def tracks(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    statement = text("SELECT * FROM catalog.tracks WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
    return {row.id: row for row in await conn.execute(statement, {"ids": list(ids)})}


async def copy_album(
    conn: AsyncConnection, album_id: UUID, title: str, keys: tuple[str, str], by: UUID, now: datetime
) -> UUID:
    """An album like it, without tracks and without the ids that the other alone has. `keys` are (search, sort)."""
    alike = """artist_id, kind, edition, release_date, release_precision, original_date, original_precision, label,
        compilation, territories, embargoes, moods, tags, explicit, cover, published_at, library_id, folder_id"""
    statement = text(
        f"""
        INSERT INTO catalog.albums ({alike}, title, search_key, sort_key, created_by, created_at, updated_at)
        SELECT {alike}, :title, :search, :sort, :by, :now, :now FROM catalog.albums WHERE id = :id RETURNING id
        """
    )
    values = {"id": album_id, "title": title, "search": keys[0], "sort": keys[1], "by": by, "now": now}
    made: UUID = (await conn.execute(statement, values)).scalar_one()
    guests = text(
        """
        INSERT INTO catalog.album_artists (album_id, position, artist_id, credited_as, joined_by)
        SELECT CAST(:made AS uuid), position, artist_id, credited_as, joined_by FROM catalog.album_artists
        WHERE album_id = :id AND position > 0
        """
    )
    await conn.execute(guests, {"id": album_id, "made": made})
    return made


async def copy_managers(conn: AsyncConnection, artist_id: UUID, made: UUID) -> None:
    statement = text(
        """
        INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since)
        SELECT CAST(:made AS uuid), user_id, kind, since FROM catalog.artist_managers WHERE artist_id = :id
        """
    )
    await conn.execute(statement, {"id": artist_id, "made": made})


async def works_of_artist(
    conn: AsyncConnection, artist_id: UUID, album_ids: Sequence[UUID], track_ids: Sequence[UUID]
) -> Sequence[Row[Any]]:
    """('album' or 'track', id) of those works that are the artist's, with the artist's tracks on these albums."""
    statement = text(
        """
        SELECT 'album' AS kind, id FROM catalog.albums WHERE artist_id = :artist AND id = ANY (:albums)
        UNION ALL SELECT 'track', id FROM catalog.tracks
        WHERE artist_id = :artist AND (id = ANY (:tracks) OR album_id = ANY (:albums))
        """
    )
    args = {"artist": artist_id, "albums": list(album_ids), "tracks": list(track_ids)}
    return (await conn.execute(statement, args)).all()
