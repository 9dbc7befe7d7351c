"""How loud the music of a library is: as its tags say, else as it was measured once somebody had heard it.

Libraries are not measured as a whole: a hundred thousand files take days of a processor, and most are never heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.originals import loudness_of
from antiphon.domains.media.store import measures as store
from antiphon.kit.db import UnitOfWork

__all__ = ["FileMeasures", "file_measures", "measure_later"]


@dataclass(frozen=True, slots=True)
class FileMeasures:
    """`album`: as the tags of the file say."""

    track: catalog.Loudness | None
    album: catalog.Loudness | None
    has_waveform: bool


async def file_measures(conn: AsyncConnection, track_id: UUID) -> FileMeasures:
    """Tags go before what was measured: whoever wrote them has chosen."""
    file = await catalog.track_file(conn, track_id)
    found = await store.of(conn, track_id)
    tagged = loudness_of(file.track_gain, file.track_peak) if file else None
    measured = catalog.Loudness(found.integrated_lufs, found.true_peak_dbtp, found.range_lu) if found else None
    album = loudness_of(file.album_gain, file.album_peak) if file else None
    return FileMeasures(tagged or measured, album, found is not None and found.has_waveform)


async def measure_later(uow: UnitOfWork, track_id: UUID) -> None:
    """Unless it was asked for before. The rest of its album follows: it is heard as one programme."""
    if await store.ask(uow.conn, track_id, uow.clock.now()):
        uow.defer("media.measure", track_id=str(track_id), with_album=True)
