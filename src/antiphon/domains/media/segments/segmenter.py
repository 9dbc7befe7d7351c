"""Opens a segment: from the cache, or made now; once, however many ask for it in whatever process."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from antiphon.domains.media.ports import Codecs, ObjectStore
from antiphon.domains.media.segments.grid import Grid
from antiphon.domains.media.transcodes.cache import DiskCache
from antiphon.domains.media.transcodes.originals import FileState, Original, located
from antiphon.domains.media.transcodes.places import Places
from antiphon.domains.media.transcodes.sounds import WholeFile
from antiphon.kit.coalesce import Coalesced
from antiphon.kit.fragments import initialisation

__all__ = ["Segmenter", "first_bytes"]

_MIME = "audio/mp4"
_LOOK_S = 0.01  # between looks at a segment that another process makes
_TRIM_EVERY = 64  # segments that are made


@dataclass
class Segmenter:
    """One a process; cache and codecs' places are those of the files that are made on demand."""

    codecs: Codecs
    objects: ObjectStore
    cache: DiskCache
    places: Places
    link_targets: tuple[Path, ...] = ()
    _making: Coalesced[Path] = field(default_factory=Coalesced[Path])
    _made: int = 0
    _trimming: asyncio.Task[int] | None = None

    async def close(self) -> None:
        if self._trimming is not None:
            await self._trimming

    async def open(self, original: Original, grid: Grid, number: int, who: str) -> WholeFile:
        """`who`: whom a place at the codecs is counted for.

        Raises OriginalMissing, TooManyTranscodes, MediaRejected.
        """
        beyond = (*original.beyond, *self.link_targets)
        state = located(original.root, original.path, beyond) if original.root and original.path else None
        digest = _digest(state.identity if state else str(original.blob), grid, number)
        name = f"{digest}.m4s"

        async def make() -> Path:
            return self.cache.find(name) or await self._make(name, original, state, grid, number, who)

        path = self.cache.find(name) or await self._making.get(name, make)
        return WholeFile(path, digest, _MIME)

    async def _make(
        self, name: str, original: Original, state: FileState | None, grid: Grid, number: int, who: str
    ) -> Path:
        part = self.cache.begin(name)
        while part is None:  # another process is at it
            await asyncio.sleep(_LOOK_S)
            found = self.cache.find(name)
            if found is not None:
                return found
            part = self.cache.begin(name)
        source: AbstractAsyncContextManager[Path] = (
            nullcontext(state.path) if state else self.objects.local_file(str(original.blob))
        )
        try:
            async with self.places.place(who), source as path:
                await self.codecs.segment(path, grid.segment(number), part.path)
        except BaseException:
            part.drop()
            raise
        part.keep()
        self._trim_sometimes()
        return part.target

    def _trim_sometimes(self) -> None:
        """Looking through the folder takes as long as making a few segments does."""
        self._made += 1
        if self._made % _TRIM_EVERY == 0 and (self._trimming is None or self._trimming.done()):
            self._trimming = asyncio.create_task(asyncio.to_thread(self.cache.trim))


def _digest(identity: str, grid: Grid, number: int) -> str:
    said = f"segment 1\n{identity}\n{grid.rendition}\n{grid.total}\n{grid.start_ms}\n{grid.end_ms}\n{number}"
    return hashlib.sha256(said.encode()).hexdigest()


def first_bytes(grid: Grid) -> bytes:
    """What every player reads before the first segment."""
    rendition = grid.rendition
    return initialisation(
        codec=rendition.codec,
        rate=rendition.sample_rate,
        channels=rendition.channels,
        bit_depth=rendition.bit_depth,
        frame=grid.frame,
        delay=grid.delay,
        total=grid.total,
    )
