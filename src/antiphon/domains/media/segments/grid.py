"""Into which pieces a recording is cut: known from its duration alone, before anything of it was decoded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from antiphon.domains.media.model import ladder
from antiphon.domains.media.ports import AudioFacts, Rendition, Segment, Tags
from antiphon.domains.media.transcodes.originals import Original
from antiphon.domains.media.transcodes.rungs import lossless

__all__ = ["Grid", "grid_of", "grids"]

_SECONDS: Final = 4.0  # of a segment, about: a whole number of frames
_FRAME: Final = {"aac": 1024, "flac": 4096}  # samples
_DELAY: Final = {"aac": 1024, "flac": 0}  # samples that a decoder puts out before the first that sounds
_MIME: Final = {"aac": 'audio/mp4; codecs="mp4a.40.2"', "flac": 'audio/mp4; codecs="flac"'}
_USUAL_RATE: Final = 44_100
_FLAC_SHARE: Final = 0.65  # of the plain samples: what FLAC mostly comes to


@dataclass(frozen=True, slots=True)
class Grid:
    """One rendition of one recording. Counts are in samples at the rendition's rate; `total` is what the duration says,
    which may be half a millisecond more or less than there is."""

    rendition: Rendition
    total: int
    start_ms: int
    end_ms: int | None

    @property
    def quality(self) -> str:
        return self.rendition.quality

    @property
    def mime(self) -> str:
        return _MIME[self.rendition.codec]

    @property
    def frame(self) -> int:
        return _FRAME[self.rendition.codec]

    @property
    def delay(self) -> int:
        return _DELAY[self.rendition.codec]

    @property
    def kbps(self) -> int:
        """On average; for FLAC a guess."""
        rendition = self.rendition
        if rendition.bitrate_kbps is not None:
            return rendition.bitrate_kbps
        return round(rendition.sample_rate * rendition.channels * (rendition.bit_depth or 16) * _FLAC_SHARE / 1000)

    @property
    def segment_frames(self) -> int:
        return max(1, round(_SECONDS * self.rendition.sample_rate / self.frame))

    @property
    def frames(self) -> int:
        return max(1, ceil((self.total + self.delay) / self.frame))

    @property
    def segments(self) -> int:
        return ceil(self.frames / self.segment_frames)

    @property
    def padding(self) -> int:
        return self.frames * self.frame - self.delay - self.total

    def seconds(self, number: int) -> float:
        """How long a segment lasts: a whole number of frames, but for the end of the last."""
        length = self.segment_frames * self.frame
        return min(length, self.total + self.delay - number * length) / self.rendition.sample_rate

    def segment(self, number: int) -> Segment:
        """What a codec needs to know. The last holds whatever is left."""
        rendition = self.rendition
        return Segment(
            codec="flac" if rendition.codec == "flac" else "aac",
            bitrate_kbps=rendition.bitrate_kbps,
            sample_rate=rendition.sample_rate,
            channels=rendition.channels,
            bit_depth=rendition.bit_depth,
            number=number,
            frame=self.frame,
            delay=self.delay,
            first=number * self.segment_frames,
            frames=min(self.segment_frames, self.frames - number * self.segment_frames),
            last=number == self.segments - 1,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
        )


def grids(original: Original) -> list[Grid]:
    """By rising bit rate, by the rules of every ladder: never above the source. Empty where nobody knows how long it
    is."""
    if not original.duration_ms:
        return []
    facts = AudioFacts(
        container=original.suffix,
        codec=original.codec,
        sample_rate=original.sample_rate or _USUAL_RATE,
        channels=original.channels or 2,
        bit_depth=original.bit_depth,
        bitrate_kbps=original.bitrate_kbps,
        duration_ms=original.duration_ms,
        lossless=lossless(original.codec),
        float_samples=original.codec.startswith(("pcm_f32", "pcm_f64")),
        tags=Tags(),
        picture=None,
    )
    made = [one for one in ladder(facts) if one.codec in _FRAME and one.length_ms is None]
    found = [
        Grid(one, original.duration_ms * one.sample_rate // 1000, original.start_ms, original.end_ms) for one in made
    ]
    return sorted(found, key=lambda grid: grid.kbps)


def grid_of(original: Original, quality: str) -> Grid | None:
    return next((grid for grid in grids(original) if grid.quality == quality), None)
