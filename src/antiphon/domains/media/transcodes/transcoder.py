"""Opens what somebody wants to hear: from the cache, from an encode under way, or from one that begins now."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from antiphon.domains.media.errors import OriginalMissing
from antiphon.domains.media.ports import Codecs, ObjectStore, Transcode
from antiphon.domains.media.transcodes.cache import DiskCache, Part
from antiphon.domains.media.transcodes.encode import PIECE, Encode
from antiphon.domains.media.transcodes.kinds import MADE_MIMES
from antiphon.domains.media.transcodes.originals import FileState, Original, located, unchanged
from antiphon.domains.media.transcodes.places import Places
from antiphon.domains.media.transcodes.sounds import Elsewhere, GrowingFile, Sound, WholeFile
from antiphon.kit.logs import get_logger
from antiphon.kit.remembered import Remembered

__all__ = ["Transcoder", "about_bytes"]

log = get_logger(__name__)
_LOOK_S = 0.02  # between looks at a file that another process makes
_LEND_S = 3600
_FOUND_AGAIN_S = 30.0
_REMAKES = 3  # how often a file is begun anew when the process that made it dies


@dataclass
class Transcoder:
    """One a process; the cache and the encodes of other processes are shared through the disk."""

    codecs: Codecs
    objects: ObjectStore
    cache: DiskCache
    places: Places
    link_targets: tuple[Path, ...] = ()
    _making: dict[str, Encode] = field(default_factory=dict)
    _trimming: asyncio.Task[int] | None = None
    _found: Remembered[FileState] = field(init=False)

    def __post_init__(self) -> None:
        self._found = Remembered(self.cache.clock, for_s=_FOUND_AGAIN_S, at_most=5_000)

    async def close(self) -> None:
        """Give up what is being made."""
        tasks = [encode.task for encode in self._making.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._trimming is not None:
            await self._trimming

    async def open(self, original: Original, made: Transcode | None, who: str, *, head: bool = False) -> Sound:
        """`made` is None for the original's own bytes. `who`: whom a place at the codecs is counted for. With
        `head` nothing is made.

        Raises OriginalMissing, TooManyTranscodes, MediaRejected, NotFound.
        """
        state = self._located(original) if original.root and original.path else None
        if made is None:
            return await self._as_it_is(original, state)
        mime = MADE_MIMES[made.format]
        name = _name(state.identity if state else str(original.blob), made)
        for _ in range(_REMAKES):
            whole = self.cache.find(name)
            if whole is not None:
                return WholeFile(whole, name.partition(".")[0], mime)
            if head:
                return _growing(original, made, None)
            encode = self._making.get(name) or self._begin(name, original, state, made, who)
            if encode is not None:
                await encode.beyond(0)
                if not encode.task.done():
                    return _growing(original, made, encode.pieces)
                encode.outcome()
            elif await self._somebody_began(name):
                return _growing(original, made, _MadeElsewhere(self, original, made, who, name).pieces)
        raise OSError("the file is given up again and again while somebody waits for it")

    def _located(self, original: Original) -> FileState:
        """Where it really lies is looked up every half minute only: players ask for one song piece by piece. Raises
        OriginalMissing."""
        assert original.root is not None
        assert original.path is not None
        key = (original.root, original.path, original.beyond)
        state = self._found.get(key)
        if state is None or not unchanged(state):
            state = located(original.root, original.path, (*original.beyond, *self.link_targets))
            self._found.keep(key, state)
        return state

    async def _as_it_is(self, original: Original, state: FileState | None) -> Sound:
        if state is not None:
            return WholeFile(state.path, state.identity, original.mime, state.modified)
        key = str(original.blob)
        path = self.objects.path(key)
        if path is not None:
            return WholeFile(path, key.rpartition("/")[2], original.mime)
        url = await self.objects.redirect_url(key, _LEND_S)
        if url is not None:
            return Elsewhere(url)
        raise OriginalMissing()

    def _begin(
        self, name: str, original: Original, state: FileState | None, wanted: Transcode, who: str
    ) -> Encode | None:
        """None where another process is at it."""
        part = self.cache.begin(name)
        if part is None:
            return None
        encode = Encode(part.path, part.target)
        source: AbstractAsyncContextManager[Path] = (
            nullcontext(state.path) if state else self.objects.local_file(str(original.blob))
        )
        encode.task = asyncio.create_task(self._make(part, encode, source, wanted, who))
        self._making[name] = encode

        def ended(task: asyncio.Task[None]) -> None:
            del self._making[name]
            error = None if task.cancelled() else task.exception()
            if error is not None or task.cancelled():
                part.drop()
                log.info("transcode given up", error=type(error).__name__, made=round(encode.fraction, 2))
            encode.wake()

        encode.task.add_done_callback(ended)
        return encode

    async def _make(
        self, part: Part, encode: Encode, source: AbstractAsyncContextManager[Path], wanted: Transcode, who: str
    ) -> None:
        async with self.places.place(who) as give_back, source as path:
            encode.left_alone = partial(self._alone, give_back)
            await self.codecs.transcode(path, wanted, part.path, encode.grown)
        part.keep()
        self._trim()

    def _alone(self, give_back: Callable[[], None]) -> None:
        """What nobody waits for any more goes on without a place: of no more files than there are places."""
        give_back()
        alone = [encode for encode in self._making.values() if encode.alone]
        if len(alone) > self.places.slots:
            min(alone, key=lambda encode: encode.fraction).task.cancel()

    def _trim(self) -> None:
        if self._trimming is None or self._trimming.done():
            self._trimming = asyncio.create_task(asyncio.to_thread(self.cache.trim))

    async def _somebody_began(self, name: str) -> bool:
        """Wait for the first bytes from another process; False where it has finished or given up."""
        while self.cache.making(name):
            with suppress(FileNotFoundError):
                if self.cache.part(name).stat().st_size:
                    return True
            await asyncio.sleep(_LOOK_S)
        return False


@dataclass(frozen=True, slots=True)
class _MadeElsewhere:
    """An encode of another process: looked at again and again. Should that process die, it is made here; encoders make
    the same bytes of the same sound, so whoever has heard the beginning goes on from there."""

    transcoder: Transcoder
    original: Original
    made: Transcode
    who: str
    name: str

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        cache, position = self.transcoder.cache, 0
        while True:
            making = cache.making(self.name)  # asked before the bytes are: what is read after it has ended is all
            piece = _read(cache.path(self.name), position) or _read(cache.part(self.name), position)
            if piece:
                position += len(piece)
                yield piece
            elif cache.path(self.name).exists():
                return
            elif making:
                await asyncio.sleep(_LOOK_S)
            else:
                break
        async for piece in self._made_here(position):
            yield piece

    async def _made_here(self, position: int) -> AsyncGenerator[bytes, None]:
        sound = await self.transcoder.open(self.original, self.made, self.who)
        if isinstance(sound, WholeFile):
            while piece := _read(sound.path, position):
                position += len(piece)
                yield piece
            return
        assert isinstance(sound, GrowingFile)
        assert sound.pieces is not None
        async for piece in sound.pieces():
            if position < len(piece):
                yield piece[position:]
            position = max(0, position - len(piece))


def _read(path: Path, position: int) -> bytes:
    """Empty where there is no such file, or no more of it."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""
    try:
        return os.pread(file, PIECE, position)
    finally:
        os.close(file)


def _name(identity: str, wanted: Transcode) -> str:
    said = f"1\n{identity}\n{wanted.format}\n{wanted.bitrate_kbps}\n{wanted.start_ms}\n{wanted.end_ms}"
    if wanted.sample_rate or wanted.channels:
        said += f"\n{wanted.sample_rate}\n{wanted.channels}"
    return f"{hashlib.sha256(said.encode()).hexdigest()}.{wanted.format}"


def _growing(
    original: Original, wanted: Transcode, pieces: Callable[[], AsyncGenerator[bytes, None]] | None
) -> GrowingFile:
    whole = original.duration_ms
    duration = None if whole is None else max(0, whole - (wanted.start_ms - original.start_ms))
    return GrowingFile(MADE_MIMES[wanted.format], duration, about_bytes(wanted, duration), pieces)


def about_bytes(wanted: Transcode, duration_ms: int | None) -> int | None:
    """A little more than the file will have; None where that depends on the sound."""
    if wanted.bitrate_kbps is None or duration_ms is None:
        return None
    constant = wanted.format == "mp3"
    return round(wanted.bitrate_kbps * duration_ms / 8 * (1.002 if constant else 1.12)) + 8192
