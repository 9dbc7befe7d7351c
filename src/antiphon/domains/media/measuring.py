"""Measures files of libraries, behind everything that somebody waits for."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.api.streams import original_of
from antiphon.domains.media.errors import MediaRejected, OriginalMissing
from antiphon.domains.media.originals import Before, tell_file
from antiphon.domains.media.ports import Loudness, SourceAnalysis
from antiphon.domains.media.store import measures as store
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.originals import located
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec
from antiphon.kit.logs import get_logger

__all__ = ["UNMEASURED", "spec"]

log = get_logger(__name__)
UNMEASURED = SourceAnalysis(0, 0, 0, Loudness(None, None, None, b""), (), ())


def spec(db: Database, tools: MediaTools) -> JobSpec:
    async def measure(track_id: str, with_album: bool = False) -> None:
        """Loudness and waveform of a file of a library, from one full decode; then of what else is on its album."""
        track = UUID(track_id)
        found = await _analysed(db, tools, track)
        async with db.system() as uow:
            if found is not None:
                known = await store.of(uow.conn, track)
                await store.put(uow.conn, track, found, uow.clock.now())
                await tell_file(uow, track, before=Before(known.integrated_lufs if known else None))
            album_id = await catalog.album_of(uow.conn, track)
            if album_id is None:
                return
            others = await catalog.album_track_ids(uow.conn, album_id) if with_album else []
            for other in others:
                if await store.ask(uow.conn, other, uow.clock.now()):
                    uow.defer("media.measure", track_id=str(other))
            uow.defer("media.album_loudness", album_id=str(album_id))

    return JobSpec("media.measure", measure, "media", priority=5)


async def _analysed(db: Database, tools: MediaTools, track: UUID) -> SourceAnalysis | None:
    """None where the file went away meanwhile."""
    async with db.system() as uow:
        original = await original_of(uow.conn, track)
    if original is None or original.root is None or original.path is None or not original.whole:
        return None
    try:
        state = located(original.root, original.path, (*original.beyond, *tools.link_targets))
        return await tools.codecs.analyse(state.path)
    except OriginalMissing:
        return None
    except MediaRejected as error:
        log.info("file stays unmeasured", track=str(track), reason=error.reason)
        return UNMEASURED
