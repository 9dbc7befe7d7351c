"""Processing, a job for each step. Each re-reads, does what is not done yet, and says what comes next.

accept → probe → first rendition ┬→ the other renditions ─┬→ complete
                 └→ artwork      └→ analysis → album loudness ┘
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import loudness as gating
from antiphon.domains.media import measuring, model, scan_jobs
from antiphon.domains.media.api.pictures import hold_picture, scale_picture
from antiphon.domains.media.api.uploads import expire_uploads
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.originals import Before, tell_file
from antiphon.domains.media.ports import EncodedFile, Loudness, Progress, Rendition, Tags
from antiphon.domains.media.staging import StagedFile
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.jobs import JobRegistry, JobSpec
from antiphon.kit.logs import get_logger

__all__ = ["register"]

log = get_logger(__name__)
PROBE, FIRST, ARTWORK, ANALYSE, REST = 95, 90, 60, 40, 10
_TOLD_AT_ONCE = 500
COLLECT_AFTER = timedelta(hours=1)
_ladder = msgspec.json.Decoder(tuple[Rendition, ...])


@dataclass(frozen=True, slots=True)
class MediaJobs:
    db: Database
    tools: MediaTools

    async def accept(self, track_id: str) -> None:
        """Hash the received file and store its bytes once."""
        track = UUID(track_id)
        source = await self._source(track)
        if source is None or source.staged is None:
            return
        staged = StagedFile(self.tools.staging, UUID(source.staged)).path
        if source.blob is None:
            key = model.blob_key(await asyncio.to_thread(_sha256, staged))
            async with self.db.system() as uow:
                await store.touch_blob(uow.conn, key, source.bytes, uow.clock.now())
                await store.set_blob(uow.conn, track, key)
        else:
            key = source.blob
        if staged.exists():  # else an earlier try stored it and fell before it could say so
            await self.tools.objects.put_file(key, staged)
        await self.tools.objects.info(key)
        async with self.db.system() as uow:
            await store.set_stored(uow.conn, track)
            await self._report(uow, track, "probe")
            uow.defer("media.probe", priority=PROBE, track_id=track_id)

    async def probe(self, track_id: str) -> None:
        """Find out what it is, fill the draft from its tags, plan the ladder."""
        track = UUID(track_id)
        source = await self._source(track)
        if source is None or source.ladder is not None:
            return
        async with self.tools.objects.local_file(source.blob) as path:
            facts = await self.tools.codecs.probe(path)
        plan = model.ladder(facts)
        async with self.db.system() as uow:
            kept = {name: getattr(facts, name) for name in _KEPT_FACTS}
            await store.set_facts(uow.conn, track, kept, plan)
            await tell_file(uow, track)
            await catalog.apply_tags(uow, track, _file_tags(facts.tags, source.title_given))
            await self._report(uow, track, "renditions")
            self._defer_encode(uow, track_id, model.first_of(plan).quality, FIRST)
            uow.defer("media.analyse", priority=ANALYSE, track_id=track_id)
            if facts.picture is not None:
                uow.defer("media.artwork", priority=ARTWORK, track_id=track_id)

    async def artwork(self, track_id: str) -> None:
        """The embedded picture as the cover, where nobody chose one. A broken picture harms nothing."""
        track = UUID(track_id)
        source = await self._source(track)
        if source is None or source.blob is None:
            return
        async with self.tools.objects.local_file(source.blob) as path:
            facts = await self.tools.codecs.probe(path)
        if facts.picture is None:
            return
        try:
            picture = await scale_picture(
                self.db, self.tools, user_id=source.user_id, kind="cover", data=facts.picture.data
            )
        except MediaRejected as error:
            log.info("embedded picture refused", track=track_id, reason=error.reason)
            return
        async with self.db.system() as uow:
            if await store.get(uow.conn, track, lock=True) is None:
                return
            for subject in await catalog.set_found_cover(uow, track, picture.image):
                await hold_picture(uow, subject, picture)

    async def encode(self, track_id: str, quality: str) -> None:
        """Make one rendition of the ladder; the first one makes the track playable."""
        track = UUID(track_id)
        source = await self._source(track)
        if source is None or source.ladder is None:
            return
        plan = _ladder.decode(source.ladder)
        wanted = next((rendition for rendition in plan if rendition.quality == quality), None)
        if wanted is None or quality in await self._qualities(track):
            await self._go_on(track)
            return
        with tempfile.TemporaryDirectory(prefix="encode-", dir=self._scratch()) as folder:
            async with self.tools.objects.local_file(source.blob) as path:
                made = await self.tools.codecs.encode(path, wanted, Path(folder) / "out", self._progress(track, wanted))
            key = model.blob_key(await asyncio.to_thread(_sha256, made.path))
            async with self.db.system() as uow:
                await store.touch_blob(uow.conn, key, made.bytes, uow.clock.now())
            await self.tools.objects.put_file(key, made.path)
        await self._keep(track, wanted, key, made)

    async def _keep(self, track: UUID, wanted: Rendition, key: str, made: EncodedFile) -> None:
        async with self.db.system() as uow:
            source = await store.get(uow.conn, track, lock=True)
            if source is None:
                return
            first = not await store.qualities(uow.conn, track)
            if first and not await catalog.mark_playable(uow, track, made.duration_ms):
                return
            await store.put_rendition(uow.conn, track, wanted.quality, wanted.codec, key, made, uow.clock.now())
            if first:
                for rendition in _ladder.decode(source.ladder):
                    if rendition.quality != wanted.quality:
                        self._defer_encode(uow, str(track), rendition.quality, REST)
            await self._report(uow, track, "renditions")

    async def analyse(self, track_id: str) -> None:
        """Loudness and waveform from one full decode."""
        track = UUID(track_id)
        source = await self._source(track)
        if source is None or source.blob is None:
            return
        async with self.db.read() as conn:
            known = await store.analysis(conn, track)
        done = known is not None and len(known.peaks) > 0  # what could not be measured may be tried again
        if not done:
            async with self.tools.objects.local_file(source.blob) as path:
                found = await self.tools.codecs.analyse(path)
            async with self.db.system() as uow:
                if await store.get(uow.conn, track, lock=True) is None:
                    return
                await store.put_analysis(uow.conn, track, found)
                await tell_file(uow, track)
                await self._report(uow, track, "loudness")
        async with self.db.system() as uow:
            album_id = await catalog.album_of(uow.conn, track)
        if album_id is not None:
            await self.album_loudness(str(album_id))

    async def album_loudness(self, album_id: str) -> None:
        """Gate over the blocks of all tracks of the album, as if it were one programme."""
        album = UUID(album_id)
        async with self.db.system() as uow:
            ids = await catalog.album_track_ids(uow.conn, album)
            rows = await store.gating_blocks(uow.conn, ids)
            blocks = [bytes(row.blocks) for row in rows]
            peaks = [row.true_peak_dbtp for row in rows if row.true_peak_dbtp is not None]
            integrated, range_lu = await asyncio.to_thread(_gate, blocks)
            measured = catalog.Loudness(integrated, max(peaks, default=None), range_lu) if rows else None
            known = await catalog.set_album_loudness(uow, album, measured)
            if measured is not None:
                whole = Loudness(measured.integrated_lufs, measured.true_peak_dbtp, measured.range_lu, b"")
                before = Before(album_lufs=known.integrated_lufs if known else None)
                for track_id in ids:
                    await tell_file(uow, track_id, whole, album_whole=len(rows) == len(ids), before=before)

    async def tell_files(self, after: str | None = None) -> None:
        """Uploads of which the catalogue does not know what their file is, some hundred at a time."""
        async with self.db.system() as uow:
            ids = await store.ids_after(uow.conn, UUID(after) if after else None, _TOLD_AT_ONCE)
            for track_id in await catalog.without_file_facts(uow.conn, ids):
                await tell_file(uow, track_id)
            if len(ids) == _TOLD_AT_ONCE:
                uow.defer("media.tell_files", after=str(ids[-1]))

    async def collect(self) -> None:
        """Delete bytes that nothing points at, and uploads that nobody went on with."""
        async with self.db.system() as uow:
            await expire_uploads(uow, self.tools)
        while True:
            async with self.db.system() as uow:
                keys = await store.unreferenced(uow.conn, uow.clock.now() - COLLECT_AFTER, 100)
                for key in keys:
                    await self.tools.objects.delete(key)
            if not keys:
                return

    async def reject(self, track_id: str, error: BaseException, quality: str | None = None) -> None:
        """A step gave up: the track fails; what plays already goes on without that rendition or that measurement."""
        track = UUID(track_id)
        code = error.reason if isinstance(error, MediaRejected) else catalog.OUR_TROUBLE
        detail = error.detail if isinstance(error, MediaRejected) else "Something went wrong here; it is in our logs."
        async with self.db.system() as uow:
            source = await store.get(uow.conn, track, lock=True)
            if source is None:
                return
            if not await store.qualities(uow.conn, track):
                await catalog.mark_failed(uow, track, code, detail)
            elif quality is not None:
                log.warning("rendition dropped", track=track_id, quality=quality, reason=code)
                await store.drop_rung(uow.conn, track, quality)
                await self._report(uow, track, "renditions")
            else:
                log.warning("track stays unmeasured", track=track_id, reason=code)
                await store.put_analysis(uow.conn, track, measuring.UNMEASURED)
                await self._report(uow, track, "loudness")

    async def _source(self, track: UUID) -> Row[Any] | None:
        async with self.db.read() as conn:
            return await store.get(conn, track)

    async def _qualities(self, track: UUID) -> set[str]:
        async with self.db.read() as conn:
            return await store.qualities(conn, track)

    async def _go_on(self, track: UUID) -> None:
        async with self.db.system() as uow:
            if await store.get(uow.conn, track, lock=True) is not None:
                await self._report(uow, track, "renditions")

    async def _report(self, uow: UnitOfWork, track: UUID, step: str) -> None:
        """Show how far it is; say when everything is there. The source's row is locked by the caller or fresh."""
        source = await store.get(uow.conn, track)
        if source is None:
            return
        wanted = {rendition.quality for rendition in _ladder.decode(source.ladder)} if source.ladder else set()
        have = await store.qualities(uow.conn, track)
        analysed = await store.analysis(uow.conn, track) is not None
        if wanted and wanted <= have and analysed:
            await catalog.mark_complete(uow, track)
            return
        done = model.Done(source.staged is None, source.ladder is not None, analysed, len(have & wanted), len(wanted))
        await catalog.report_progress(uow, track, step, model.percent(done))

    def _progress(self, track: UUID, rendition: Rendition) -> Progress | None:
        """Only the first rendition's own progress is shown; after it whole renditions are steps enough."""
        if rendition.codec == "flac":
            return None
        last = 0

        async def show(fraction: float) -> None:
            nonlocal last
            part = int(fraction * 10)
            if part > last:
                last = part
                async with self.db.system() as uow:
                    await catalog.report_progress(uow, track, "renditions", 6 + part)

        return show

    def _defer_encode(self, uow: UnitOfWork, track_id: str, quality: str, priority: int) -> None:
        uow.defer("media.encode", priority=priority, track_id=track_id, quality=quality)

    def _scratch(self) -> Path:
        scratch = self.tools.staging.parent / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        return scratch


_KEPT_FACTS = (
    "container",
    "codec",
    "sample_rate",
    "channels",
    "bit_depth",
    "bitrate_kbps",
    "duration_ms",
    "lossless",
    "float_samples",
)


def _file_tags(tags: Tags, title_given: bool) -> catalog.FileTags:
    performers = tuple((name, "performer") for name in tags.artists)
    return catalog.FileTags(
        title=None if title_given else tags.title,
        disc_number=tags.disc_number,
        track_number=tags.track_number,
        year=tags.year,
        isrc=tags.isrc,
        genres=tags.genres,
        credits=performers + tuple((name, role) for role, name in tags.credits),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _gate(blocks: list[bytes]) -> tuple[float | None, float | None]:
    return gating.gated_loudness(blocks), gating.loudness_range(blocks)


def register(registry: JobRegistry, db: Database, tools: MediaTools) -> None:
    jobs = MediaJobs(db, tools)

    def step(name: str, run: Callable[..., Awaitable[None]], priority: int) -> None:
        async def or_reject(**ids: Any) -> None:
            try:
                await run(**ids)
            except MediaRejected as error:
                await jobs.reject(ids["track_id"], error, ids.get("quality"))

        async def gave_up(error: BaseException, **ids: Any) -> None:
            await jobs.reject(ids["track_id"], error, ids.get("quality"))

        registry.add(JobSpec(name, or_reject, "media", priority=priority, gave_up=gave_up))

    step("media.accept", jobs.accept, 100)
    step("media.probe", jobs.probe, PROBE)
    step("media.encode", jobs.encode, REST)
    step("media.analyse", jobs.analyse, ANALYSE)
    registry.add(JobSpec("media.artwork", jobs.artwork, "media", priority=ARTWORK))  # no picture, no harm
    registry.add(measuring.spec(db, tools))
    registry.add(JobSpec("media.album_loudness", jobs.album_loudness, "media", priority=REST))
    for spec in scan_jobs.specs(db, tools):
        registry.add(spec)
    registry.add(JobSpec("media.tell_files", jobs.tell_files, "cache", cron="23 4 * * *"))
    registry.add(JobSpec("media.collect", jobs.collect, "cache", cron="17 * * * *"))
