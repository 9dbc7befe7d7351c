"""What was measured of files that lie in libraries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.media.ports import SourceAnalysis
from antiphon.domains.media.store.sources import analysis_values

__all__ = ["ask", "of", "put"]


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


async def of(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    """None where it is not measured yet."""
    statement = text(
        """
        SELECT integrated_lufs, true_peak_dbtp, range_lu, octet_length(peaks) > 0 AS has_waveform
        FROM media.measures WHERE track_id = :id AND measured_at IS NOT NULL
        """
    )
    return (await conn.execute(statement, {"id": track_id})).first()
