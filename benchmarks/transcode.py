"""The first 16 kB of an MP3 that is made on demand, and a cover that is: when nobody asked before, and the second time.

`python -m benchmarks transcode`. Measured in this process, without HTTP and database: codecs, cache and files alone.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import av

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.media.covers.coverer import Coverer, PictureSource
from antiphon.domains.media.ports import Transcode
from antiphon.domains.media.transcodes.cache import DiskCache
from antiphon.domains.media.transcodes.originals import Original
from antiphon.domains.media.transcodes.places import Places
from antiphon.domains.media.transcodes.sounds import GrowingFile, WholeFile
from antiphon.domains.media.transcodes.transcoder import Transcoder
from antiphon.kit.clock import SystemClock
from benchmarks.fixtures import four_minute_wav
from benchmarks.report import Row, Section

__all__ = ["flac", "measure", "picture"]

_FIRST = 16 * 1024
_SECONDS = 180
_ROUNDS = 3
_SIDE = 1000


def measure() -> list[Section]:
    section = Section("Made on demand (median of three), in milliseconds")
    with tempfile.TemporaryDirectory(prefix="antiphon-bench-") as name:
        asyncio.run(_measure(Path(name), section))
    return [section]


async def _measure(folder: Path, section: Section) -> None:
    codecs = LocalCodecs()
    cache = DiskCache(folder / "cache", 10**10, SystemClock())
    transcoder = Transcoder(codecs, LocalStore(folder / "objects"), cache, Places(1))
    coverer = Coverer(codecs, cache)
    song = flac(four_minute_wav(folder / "four-minutes.wav"), folder / "song.flac")
    original = Original(
        UUID(int=1), song.name, folder, song, None, "flac", "audio/flac", "flac", 1, 900, 44_100, 2, _SECONDS * 1000
    )
    cover_picture = picture(1)

    async def read() -> bytes:
        return cover_picture

    async def first(number: int) -> None:
        """The end differs a little, so that each is another file."""
        made = Transcode("mp3", 128, 0, _SECONDS * 1000 - number)
        sound = await transcoder.open(original, made, "benchmark")
        if isinstance(sound, WholeFile):
            with sound.path.open("rb") as file:
                file.read(_FIRST)
            return
        assert isinstance(sound, GrowingFile)
        assert sound.pieces is not None
        size, pieces = 0, sound.pieces()
        while size < _FIRST:
            size += len(await anext(pieces))
        rest.append(asyncio.ensure_future(_drain(pieces)))

    async def cover(number: int) -> None:
        await coverer.scaled(PictureSource(f"picture {number}", read), 300, "jpeg")

    rest: list[asyncio.Future[None]] = []
    try:
        await first(1000)  # the fork server and the child that scales are there
        await cover(1000)
        await _all(rest)
        for what, asked, cold_target, warm_target in (
            ("first 16 kB of a FLAC of 180 s as MP3 128", first, 120.0, 4.0),
            ("cover of 1000 px at 300 px", cover, 14.0, None),
        ):
            cold = await _median(asked, rest)
            warm = await _median(asked, rest)
            section.rows.append(_row(f"{what}, new", cold, cold_target))
            section.rows.append(_row(f"{what}, again", warm, warm_target))
    finally:
        await transcoder.close()
        await codecs.close()


async def _drain(pieces: object) -> None:
    async for _ in pieces:  # type: ignore[attr-defined]
        pass


async def _all(rest: list[asyncio.Future[None]]) -> None:
    await asyncio.gather(*rest)
    rest.clear()


async def _median(asked: Callable[[int], Awaitable[None]], rest: list[asyncio.Future[None]]) -> float:
    taken = []
    for number in range(_ROUNDS):
        begin = time.perf_counter()
        await asked(number)
        taken.append((time.perf_counter() - begin) * 1000)
        await _all(rest)
    return statistics.median(taken)


def _row(what: str, figure: float, target: float | None) -> Row:
    if target is None:
        return Row(what, f"{figure:.2f}")
    return Row(what, f"{figure:.2f}", f"< {target:.0f}", "", figure < target)


def flac(wav: Path, target: Path) -> Path:
    with av.open(str(wav)) as incoming, av.open(str(target), "w", format="flac") as outgoing:
        stream = outgoing.add_stream("flac", rate=44_100)
        for frame in incoming.decode(audio=0):
            outgoing.mux(stream.encode(frame))
        outgoing.mux(stream.encode(None))
    return target


def picture(seed: int) -> bytes:
    """A JPEG of soft colours, others for each seed."""
    import numpy as np
    import pyvips

    coarse = np.random.default_rng(seed).integers(0, 255, (25, 25, 3)).astype("uint8")
    image = pyvips.Image.new_from_memory(coarse.tobytes(), 25, 25, 3, "uchar").resize(_SIDE / 25)
    made: bytes = image.jpegsave_buffer(Q=85)
    return made
