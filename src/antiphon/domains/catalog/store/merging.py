"""Everything here that points at an artist or an album goes over to another one; other domains hear of it by facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["albums", "artists", "copy_album", "copy_managers", "merge_album", "merge_artist", "works_of_artist"]


async def artists(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Held in the order of their ids, so that two merges cannot wait for each other."""
    statement = text("SELECT * FROM catalog.artists WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
    return {row.id: row for row in await conn.execute(statement, {"ids": list(ids)})}


async def albums(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    statement = text("SELECT * FROM catalog.albums WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
    return {row.id: row for row in await conn.execute(statement, {"ids": list(ids)})}


_ARTIST_STEPS = (
    "UPDATE catalog.albums SET artist_id = :into, version = version + 1, updated_at = :now WHERE artist_id = :id",
    "UPDATE catalog.tracks SET artist_id = :into, version = version + 1, updated_at = :now WHERE artist_id = :id",
    *(
        statement
        for kind in ("album", "track")
        for statement in (
            f"DELETE FROM catalog.{kind}_artists x WHERE x.artist_id = :id AND EXISTS (SELECT FROM "
            f"catalog.{kind}_artists o WHERE o.{kind}_id = x.{kind}_id AND o.artist_id = :into)",
            f"UPDATE catalog.{kind}_artists SET artist_id = :into WHERE artist_id = :id",
        )
    ),
    "UPDATE catalog.track_credits SET artist_id = :into WHERE artist_id = :id",
    """
    INSERT INTO catalog.artist_members (group_id, member_id, role, since_year, until_year)
    SELECT * FROM (
        SELECT CASE group_id WHEN :id THEN CAST(:into AS uuid) ELSE group_id END AS one,
               CASE member_id WHEN :id THEN CAST(:into AS uuid) ELSE member_id END AS other, role, since_year,
               until_year
        FROM catalog.artist_members WHERE :id IN (group_id, member_id)
    ) x WHERE x.one <> x.other ON CONFLICT DO NOTHING
    """,
    "DELETE FROM catalog.artist_members WHERE :id IN (group_id, member_id)",
    """
    INSERT INTO catalog.artist_aliases (artist_id, name, search_key, language)
    SELECT CAST(:into AS uuid), x.name, x.search_key, x.language FROM (
        SELECT name, search_key, language FROM catalog.artist_aliases WHERE artist_id = :id
        UNION ALL SELECT name, search_key, NULL FROM catalog.artists WHERE id = :id
    ) x WHERE x.search_key <> (SELECT search_key FROM catalog.artists WHERE id = :into) ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since)
    SELECT CAST(:into AS uuid), user_id, kind, since FROM catalog.artist_managers WHERE artist_id = :id
    ON CONFLICT DO NOTHING
    """,
    "DELETE FROM catalog.artists WHERE id = :id",
)


async def _run(conn: AsyncConnection, steps: Sequence[str], values: dict[str, Any]) -> None:
    for statement in steps:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        await conn.execute(text(statement), used)


async def merge_artist(conn: AsyncConnection, gone: Row[Any], into: UUID, now: datetime) -> None:
    """What the other lacks it gets: picture, words, id of MusicBrainz, and the key by which imports find it."""
    await _run(conn, _ARTIST_STEPS, {"id": gone.id, "into": into, "now": now})
    statement = text(
        """
        UPDATE catalog.artists SET version = version + 1, updated_at = :now, mbid = coalesce(mbid, :mbid),
            bio = CASE bio WHEN '' THEN :bio ELSE bio END, image = coalesce(image, CAST(:image AS jsonb)),
            import_key = coalesce(import_key, :key)
        WHERE id = :id
        """
    )
    filled = {"mbid": gone.mbid, "bio": gone.bio, "image": gone.image, "key": gone.import_key}
    await conn.execute(statement, {"id": into, "now": now, **filled})


_ALBUM_STEPS = (
    "UPDATE catalog.tracks SET album_id = :into, version = version + 1, updated_at = :now WHERE album_id = :id",
    """
    INSERT INTO catalog.album_artists (album_id, position, artist_id, credited_as, joined_by)
    SELECT CAST(:into AS uuid), (SELECT max(position) FROM catalog.album_artists WHERE album_id = :into)
           + row_number() OVER (ORDER BY x.position), x.artist_id, x.credited_as, x.joined_by
    FROM catalog.album_artists x WHERE x.album_id = :id AND NOT EXISTS (
        SELECT FROM catalog.album_artists o WHERE o.album_id = :into AND o.artist_id = x.artist_id)
    """,
    "DELETE FROM catalog.albums WHERE id = :id",
)


async def merge_album(conn: AsyncConnection, gone: Row[Any], into: UUID, now: datetime) -> None:
    """What the other lacks it gets: cover, label, UPC, id of MusicBrainz."""
    await _run(conn, _ALBUM_STEPS, {"id": gone.id, "into": into, "now": now})
    statement = text(
        """
        UPDATE catalog.albums SET version = version + 1, updated_at = :now, mbid = coalesce(mbid, :mbid),
            upc = coalesce(upc, :upc), label = CASE label WHEN '' THEN :label ELSE label END,
            cover = coalesce(cover, CAST(:cover AS jsonb))
        WHERE id = :id
        """
    )
    filled = {"mbid": gone.mbid, "upc": gone.upc, "label": gone.label, "cover": gone.cover}
    await conn.execute(statement, {"id": into, "now": now, **filled})


async def copy_album(
    conn: AsyncConnection, album_id: UUID, title: str, keys: tuple[str, str], by: UUID, now: datetime
) -> UUID:
    """An album like it, without tracks and without the ids that the other alone has. `keys` are (search, sort)."""
    alike = """artist_id, kind, edition, release_date, release_precision, original_date, original_precision, label,
        compilation, territories, moods, tags, explicit, cover, published_at, library_id, folder_id"""
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
