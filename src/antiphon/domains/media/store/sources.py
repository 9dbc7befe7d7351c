"""Sources: the file behind a track, what was found in it, and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.media.ports import EncodedFile, SourceAnalysis


async def insert(conn: AsyncConnection, values: dict[str, Any]) -> None:
    statement = text(
        """
        INSERT INTO media.sources (track_id, user_id, filename, bytes, staged, title_given, created_at)
        VALUES (:track_id, :user_id, :filename, :bytes, :staged, :title_given, :created_at)
        """
    )
    await conn.execute(statement, values)


async def get(conn: AsyncConnection, track_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    statement = "SELECT * FROM media.sources WHERE track_id = :id" + (" FOR UPDATE" if lock else "")
    return (await conn.execute(text(statement), {"id": track_id})).first()


async def ids_after(conn: AsyncConnection, after: UUID | None, limit: int) -> list[UUID]:
    """Tracks whose file was uploaded, in order."""
    statement = text(
        "SELECT track_id FROM media.sources WHERE CAST(:after AS uuid) IS NULL OR track_id > CAST(:after AS uuid) "
        "ORDER BY track_id LIMIT :limit"
    )
    return list((await conn.execute(statement, {"after": after, "limit": limit})).scalars())


async def waiting_of(conn: AsyncConnection, user_id: UUID) -> int:
    """How many of the person's tracks are still being worked on."""
    statement = text("SELECT count(*) FROM media.sources WHERE user_id = :user AND ladder IS NULL")
    return int((await conn.execute(statement, {"user": user_id})).scalar_one())


async def touch_blob(conn: AsyncConnection, key: str, size: int, now: datetime) -> None:
    """Say that a reference to the blob is about to be made, before its bytes are put."""
    statement = text(
        """
        INSERT INTO media.blobs (key, bytes, touched_at) VALUES (:key, :bytes, :now)
        ON CONFLICT (key) DO UPDATE SET touched_at = excluded.touched_at
        """
    )
    await conn.execute(statement, {"key": key, "bytes": size, "now": now})


async def set_blob(conn: AsyncConnection, track_id: UUID, key: str) -> None:
    statement = text("UPDATE media.sources SET blob = :key WHERE track_id = :id")
    await conn.execute(statement, {"id": track_id, "key": key})


async def set_stored(conn: AsyncConnection, track_id: UUID) -> None:
    await conn.execute(text("UPDATE media.sources SET staged = NULL WHERE track_id = :id"), {"id": track_id})


async def set_facts(conn: AsyncConnection, track_id: UUID, facts: dict[str, Any], ladder: Sequence[Any]) -> None:
    statement = text(
        "UPDATE media.sources SET facts = CAST(:facts AS jsonb), ladder = CAST(:ladder AS jsonb) WHERE track_id = :id"
    )
    encoded = {"facts": msgspec.json.encode(facts).decode(), "ladder": msgspec.json.encode(ladder).decode()}
    await conn.execute(statement, {"id": track_id, **encoded})


async def drop_rung(conn: AsyncConnection, track_id: UUID, quality: str) -> None:
    """A rendition that cannot be made is no longer waited for."""
    statement = text(
        """
        UPDATE media.sources SET ladder = (
            SELECT coalesce(jsonb_agg(rung ORDER BY place), '[]')
            FROM jsonb_array_elements(ladder) WITH ORDINALITY AS r(rung, place) WHERE rung->>'quality' <> :quality
        ) WHERE track_id = :id
        """
    )
    await conn.execute(statement, {"id": track_id, "quality": quality})


async def put_rendition(
    conn: AsyncConnection, track_id: UUID, quality: str, codec: str, key: str, made: EncodedFile, now: datetime
) -> None:
    statement = text(
        """
        INSERT INTO media.renditions (track_id, quality, blob, codec, container, mime, bytes, bitrate_kbps, sample_rate,
            channels, delay_samples, padding_samples, total_samples, duration_ms, init_start, init_end,
            index_start, index_end, segments, made_at)
        VALUES (:id, :quality, :blob, :codec, :container, :mime, :bytes, :bitrate, :rate, :channels, :delay, :padding,
            :total, :duration, :init0, :init1, :index0, :index1, CAST(:segments AS jsonb), :now)
        ON CONFLICT (track_id, quality) DO UPDATE SET blob = excluded.blob, made_at = excluded.made_at
        """
    )
    init, index = made.init_range or (None, None), made.index_range or (None, None)
    values = {
        "id": track_id,
        "quality": quality,
        "blob": key,
        "codec": codec,
        "container": made.container,
        "mime": made.mime,
        "bytes": made.bytes,
        "bitrate": made.bitrate_kbps,
        "rate": made.sample_rate,
        "channels": made.channels,
        "delay": made.delay_samples,
        "padding": made.padding_samples,
        "total": made.total_samples,
        "duration": made.duration_ms,
        "init0": init[0],
        "init1": init[1],
        "index0": index[0],
        "index1": index[1],
        "segments": msgspec.json.encode(made.segments).decode(),
        "now": now,
    }
    await conn.execute(statement, values)


_RENDITIONS = text(
    """
    SELECT r.quality, r.blob, r.codec, r.container, r.mime, r.bytes, r.bitrate_kbps, r.sample_rate, r.channels,
           r.delay_samples, r.padding_samples, r.total_samples, r.duration_ms, r.init_start, r.init_end, r.index_start,
           r.index_end, r.segments, a.track_id IS NOT NULL AS analysed, a.integrated_lufs, a.true_peak_dbtp, a.range_lu,
           coalesce(octet_length(a.peaks) > 0, false) AS has_waveform
    FROM media.renditions r LEFT JOIN media.analyses a ON a.track_id = r.track_id
    WHERE r.track_id = :id
    """
)


async def renditions(conn: AsyncConnection, track_id: UUID) -> Sequence[Row[Any]]:
    """Each with the loudness of the whole track: playback needs both, and one round trip is half the price of two."""
    return (await conn.execute(_RENDITIONS, {"id": track_id})).all()


async def qualities(conn: AsyncConnection, track_id: UUID) -> set[str]:
    statement = text("SELECT quality FROM media.renditions WHERE track_id = :id")
    return set((await conn.execute(statement, {"id": track_id})).scalars())


async def put_analysis(conn: AsyncConnection, track_id: UUID, found: SourceAnalysis) -> None:
    statement = text(
        """
        INSERT INTO media.analyses
            (track_id, integrated_lufs, true_peak_dbtp, range_lu, blocks, duration_ms, peaks, rms)
        VALUES (:id, :integrated, :peak, :range, :blocks, :duration, :peaks, :rms)
        ON CONFLICT (track_id) DO UPDATE SET integrated_lufs = excluded.integrated_lufs,
            true_peak_dbtp = excluded.true_peak_dbtp, range_lu = excluded.range_lu, blocks = excluded.blocks,
            duration_ms = excluded.duration_ms, peaks = excluded.peaks, rms = excluded.rms
        WHERE length(analyses.peaks) = 0
        """
    )
    await conn.execute(statement, {"id": track_id, **analysis_values(found)})


def analysis_values(found: SourceAnalysis) -> dict[str, Any]:
    """What both tables of measurements keep of it."""
    return {
        "integrated": found.loudness.integrated_lufs,
        "peak": found.loudness.true_peak_dbtp,
        "range": found.loudness.range_lu,
        "blocks": found.loudness.blocks,
        "duration": found.duration_ms,
        "peaks": bytes(found.peaks),
        "rms": bytes(found.rms),
    }


async def analysis(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    statement = text(
        """
        SELECT integrated_lufs, true_peak_dbtp, range_lu, duration_ms, peaks, rms
        FROM media.analyses WHERE track_id = :id
        UNION ALL SELECT integrated_lufs, true_peak_dbtp, range_lu, duration_ms, peaks, rms
        FROM media.measures WHERE track_id = :id AND measured_at IS NOT NULL LIMIT 1
        """
    )
    return (await conn.execute(statement, {"id": track_id})).first()


async def gating_blocks(conn: AsyncConnection, track_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Of uploads and of files of libraries alike."""
    statement = text(
        "SELECT track_id, blocks, true_peak_dbtp FROM media.analyses WHERE track_id = ANY (:ids) "
        "UNION ALL SELECT track_id, blocks, true_peak_dbtp FROM media.measures "
        "WHERE track_id = ANY (:ids) AND measured_at IS NOT NULL"
    )
    return (await conn.execute(statement, {"ids": list(track_ids)})).all()


async def put_pictures(
    conn: AsyncConnection, subject: UUID, user_id: UUID | None, files: Sequence[tuple[int, str, int]]
) -> None:
    """`files` are (size, key, bytes); what the subject had before is let go."""
    await conn.execute(text("DELETE FROM media.pictures WHERE subject = :id"), {"id": subject})
    statement = text(
        "INSERT INTO media.pictures (subject, size, key, user_id, bytes) VALUES (:id, :size, :key, :user, :bytes)"
    )
    rows = [{"id": subject, "user": user_id, "size": size, "key": key, "bytes": count} for size, key, count in files]
    if rows:
        await conn.execute(statement, rows)


async def hold_pictures(conn: AsyncConnection, subject: UUID, into: UUID) -> None:
    """The subject became another, which may show its pictures. Kept until that goes, as it can be undone."""
    statement = text("UPDATE media.pictures SET merged_into = :into WHERE subject = :id")
    await conn.execute(statement, {"id": subject, "into": into})


async def own_pictures(conn: AsyncConnection, subject: UUID) -> None:
    """The subject is one of its own again."""
    await conn.execute(text("UPDATE media.pictures SET merged_into = NULL WHERE subject = :id"), {"id": subject})


async def release(conn: AsyncConnection, subject: UUID) -> None:
    """Let go of everything that is held for a track, an album or an artist, and for what became part of it."""
    await conn.execute(text("DELETE FROM media.sources WHERE track_id = :id"), {"id": subject})
    statement = text(
        """
        WITH RECURSIVE part AS (
            SELECT CAST(:id AS uuid) AS subject
            UNION SELECT p.subject FROM media.pictures p JOIN part ON p.merged_into = part.subject
        ) DELETE FROM media.pictures WHERE subject IN (SELECT subject FROM part)
        """
    )
    await conn.execute(statement, {"id": subject})


async def unreferenced(conn: AsyncConnection, before: datetime, limit: int) -> list[str]:
    """Take rows of blobs that nothing points at; the caller deletes their bytes in the same transaction."""
    statement = text(
        """
        DELETE FROM media.blobs WHERE key IN (
            SELECT key FROM media.blobs b WHERE touched_at < :before
              AND NOT EXISTS (SELECT FROM media.sources s WHERE s.blob = b.key)
              AND NOT EXISTS (SELECT FROM media.renditions r WHERE r.blob = b.key)
              AND NOT EXISTS (SELECT FROM media.pictures p WHERE p.key = b.key)
            LIMIT :limit FOR UPDATE SKIP LOCKED
        ) RETURNING key
        """
    )
    return list((await conn.execute(statement, {"before": before, "limit": limit})).scalars())
