"""What the original file of a track is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import rows
from antiphon.kit.ids import Kind

__all__ = ["get", "of_album", "pictured", "put", "put_gains", "without"]

_COLUMNS = """
    t.id, t.library_id, t.duration_ms, l.path AS root, f.path, f.suffix, f.mime, f.codec, f.bytes, f.bitrate_kbps,
    f.sample_rate, f.channels, f.bit_depth, f.track_gain, f.track_peak, f.album_gain, f.album_peak
    FROM catalog.track_files f JOIN catalog.tracks t ON t.id = f.track_id
    LEFT JOIN catalog.libraries l ON l.id = t.library_id
"""
_GET = text(f"SELECT {_COLUMNS} WHERE f.track_id = :id")
_OF_ALBUM = text(
    f"SELECT {_COLUMNS} WHERE t.album_id = :album AND t.published_at IS NOT NULL "
    "ORDER BY t.disc_number, t.track_number, t.id LIMIT :limit"
)


async def get(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    return (await conn.execute(_GET, {"id": track_id})).first()


async def of_album(conn: AsyncConnection, album_id: UUID, limit: int) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF_ALBUM, {"album": album_id, "limit": limit})).all()


_PICTURED = {
    kind: f"SELECT id FROM catalog.tracks WHERE {column} = $1 AND published_at IS NOT NULL "
    "ORDER BY disc_number, track_number, id LIMIT $2"
    for kind, column in (
        (Kind.ALBUM, "album_id"),
        (Kind.FOLDER, "folder_id"),
        (Kind.ARTIST, "artist_id"),
        (Kind.TRACK, "id"),
    )
}


async def pictured(conn: AsyncConnection, kind: Kind, thing: UUID, limit: int) -> list[UUID]:
    return [row[0] for row in await rows(conn, _PICTURED[kind], thing, limit)]


async def without(conn: AsyncConnection, track_ids: Sequence[UUID]) -> list[UUID]:
    statement = text(
        "SELECT id FROM unnest(CAST(:ids AS uuid[])) AS asked(id) "
        "WHERE NOT EXISTS (SELECT FROM catalog.track_files f WHERE f.track_id = asked.id)"
    )
    return list((await conn.execute(statement, {"ids": list(track_ids)})).scalars())


_PUT = text(
    """
    INSERT INTO catalog.track_files AS f (track_id, path, suffix, mime, codec, bytes, bitrate_kbps, sample_rate,
        channels, bit_depth, track_gain, track_peak, album_gain, album_peak)
    SELECT id, :path, :suffix, :mime, :codec, :bytes, :bitrate_kbps, :sample_rate, :channels, :bit_depth,
        CAST(:track_gain AS real), CAST(:track_peak AS real), CAST(:album_gain AS real), CAST(:album_peak AS real)
    FROM catalog.tracks WHERE id = :id
    ON CONFLICT (track_id) DO UPDATE SET path = excluded.path, suffix = excluded.suffix, mime = excluded.mime,
        codec = excluded.codec, bytes = excluded.bytes, bitrate_kbps = excluded.bitrate_kbps,
        sample_rate = excluded.sample_rate, channels = excluded.channels, bit_depth = excluded.bit_depth,
        track_gain = coalesce(excluded.track_gain, f.track_gain),
        track_peak = coalesce(excluded.track_peak, f.track_peak),
        album_gain = coalesce(excluded.album_gain, f.album_gain),
        album_peak = coalesce(excluded.album_peak, f.album_peak)
    """
)


_MEASURED = """
    {0}_gain = CASE WHEN abs(f.{0}_gain - r.{0}_was) < 0.006
        THEN coalesce(r.{0}_gain, f.{0}_gain) ELSE coalesce(f.{0}_gain, r.{0}_gain) END,
    {0}_peak = CASE WHEN abs(f.{0}_gain - r.{0}_was) < 0.006
        THEN coalesce(r.{0}_peak, f.{0}_peak) ELSE coalesce(f.{0}_peak, r.{0}_peak) END
"""


async def put_gains(conn: AsyncConnection, gains: str) -> None:
    """Where the file's own tags say nothing; what was told of it before is replaced."""
    statement = text(
        f"""
        UPDATE catalog.track_files f SET {_MEASURED.format("track")}, {_MEASURED.format("album")}
        FROM json_to_recordset(CAST(:gains AS json)) AS r(track_id uuid, track_gain real, track_peak real,
            album_gain real, album_peak real, track_was real, album_was real)
        WHERE f.track_id = r.track_id
        """
    )
    await conn.execute(statement, {"gains": gains})


async def put(conn: AsyncConnection, track_id: UUID, values: dict[str, Any]) -> None:
    """Gains that are not known leave those that are."""
    await conn.execute(_PUT, {"id": track_id, **values})
