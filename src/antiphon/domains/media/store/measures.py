"""What was measured of files that lie in libraries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.media.ports import SourceAnalysis
from antiphon.domains.media.store.sources import analysis_values

__all__ = ["ask", "kept", "of", "put"]

_APART_MS = 250  # readers of tags and decoders disagree on what is padding


async def ask(conn: AsyncConnection, track_id: UUID, now: datetime) -> bool:
    """Whether it is to be measured: a whole file that is there, of which nobody has asked before."""
    statement = text(
        """
        INSERT INTO media.measures AS m (track_id, of_bytes, asked_at)
        SELECT track_id, size, :now FROM media.library_files
        WHERE track_id = :track AND part = 0 AND gone_since IS NULL LIMIT 1
        ON CONFLICT (track_id) DO UPDATE SET of_bytes = excluded.of_bytes, asked_at = excluded.asked_at
        WHERE m.of_bytes <> excluded.of_bytes
        """
    )
    return bool((await conn.execute(statement, {"track": track_id, "now": now})).rowcount)


async def put(conn: AsyncConnection, track_id: UUID, found: SourceAnalysis, now: datetime) -> None:
    """A track that is gone harms nothing."""
    statement = text(
        """
        UPDATE media.measures SET measured_at = :now, integrated_lufs = :integrated, true_peak_dbtp = :peak,
            range_lu = :range, blocks = :blocks, duration_ms = :duration, peaks = :peaks, rms = :rms
        WHERE track_id = :id
        """
    )
    await conn.execute(statement, {"id": track_id, "now": now, **analysis_values(found)})


async def kept(conn: AsyncConnection, files: str) -> Sequence[Row[Any]]:
    """Of files that are as long as when they were measured, in bytes or in time; what was measured of others is
    forgotten. `files`: of (track_id, bytes, duration_ms)."""
    statement = text(
        """
        WITH known AS (
            SELECT m.track_id, m.integrated_lufs, m.true_peak_dbtp,
                coalesce(m.of_bytes = r.bytes OR abs(m.duration_ms - r.duration_ms) <= :apart, false) AS same
            FROM json_to_recordset(CAST(:files AS json)) AS r(track_id uuid, bytes bigint, duration_ms bigint)
            JOIN media.measures m ON m.track_id = r.track_id
            WHERE m.measured_at IS NOT NULL AND m.integrated_lufs IS NOT NULL
        ), gone AS (
            DELETE FROM media.measures m USING known k WHERE m.track_id = k.track_id AND NOT k.same
        )
        SELECT track_id, integrated_lufs, true_peak_dbtp FROM known WHERE same
        """
    )
    return (await conn.execute(statement, {"files": files, "apart": _APART_MS})).all()


async def of(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    """None where it is not measured yet."""
    statement = text(
        """
        SELECT integrated_lufs, true_peak_dbtp, range_lu, octet_length(peaks) > 0 AS has_waveform
        FROM media.measures WHERE track_id = :id AND measured_at IS NOT NULL
        """
    )
    return (await conn.execute(statement, {"id": track_id})).first()
