"""Rules of media: the ladder of renditions, keys, progress. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from antiphon.domains.media.ports import AudioFacts, Rendition

__all__ = [
    "COVER_SIZES",
    "PICTURE_MAX",
    "PREVIEW",
    "Done",
    "audio_path",
    "blob_key",
    "first_of",
    "image_path",
    "ladder",
    "percent",
    "picture_key",
]

PICTURE_MAX = 20 * 1024 * 1024
"""Bytes of a picture that is taken."""
COVER_SIZES = (160, 320, 640, 1280)
PREVIEW = "preview"
PREVIEW_MS = 30_000
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_AAC = {"aac_64": 64, "aac_128": 128, "aac_320": 320}
_MP3 = {"mp3_128": 128, "mp3_320": 320}


def _lossy_rate(rate: int) -> int:
    """The source's rate, or what it divides to best, never above it and at most 48 kHz."""
    if rate > 48000:
        return 44100 if rate % 44100 == 0 else 48000
    return max((r for r in _AAC_RATES if r <= rate), default=_AAC_RATES[0])


def _bitrate_class(facts: AudioFacts) -> int:
    """Which of 64, 128 and 320 kbit/s the source deserves; a lossy source never gets a class above its own."""
    if facts.lossless or facts.bitrate_kbps is None:
        return 320
    stereo_kbps = facts.bitrate_kbps * (2 if facts.channels == 1 else 1)
    return 320 if stereo_kbps >= 160 else 128 if stereo_kbps >= 80 else 64


def ladder(facts: AudioFacts) -> tuple[Rendition, ...]:
    """Every rendition of a source, the one that is made first at the head.

    Never above the source's rate, channels or bitrate class (architecture: delivery of audio). A lossless source
    begins with FLAC, which takes a tenth of the time of the others; a lossy one with its AAC at 128.
    """
    rate, channels = _lossy_rate(facts.sample_rate), min(facts.channels, 2)
    highest = _bitrate_class(facts)
    # AAC holds at most 6 bits a sample, MPEG-2 layer III at most 160 kbit/s.
    aac_limit, mp3_limit = 6 * rate * channels // 1000, 320 if rate >= 32000 else 160

    def lossy(quality: str, codec: str, kbps: int, limit: int) -> Rendition:
        wanted = min(kbps, highest) if kbps != 64 else 64
        return Rendition(quality, codec, min(wanted * channels // 2, limit), rate, channels)

    made = [lossy(quality, "aac", kbps, aac_limit) for quality, kbps in _AAC.items() if kbps <= highest]
    made.sort(key=lambda rendition: rendition.quality != "aac_128")
    if facts.lossless:
        depth = 16 if (facts.bit_depth or 24) <= 16 and not facts.float_samples else 24
        made.insert(0, Rendition("flac", "flac", None, facts.sample_rate, min(facts.channels, 8), depth))
    made += [lossy(quality, "mp3", kbps, mp3_limit) for quality, kbps in _MP3.items() if kbps <= max(highest, 128)]
    start = max(0, (facts.duration_ms or 0) // 3 - PREVIEW_MS // 2) if (facts.duration_ms or 0) > PREVIEW_MS else 0
    preview = lossy(PREVIEW, "aac", 128, aac_limit)
    made.append(Rendition(PREVIEW, "aac", preview.bitrate_kbps, rate, channels, start_ms=start, length_ms=PREVIEW_MS))
    return tuple(made)


def first_of(renditions: tuple[Rendition, ...]) -> Rendition:
    return renditions[0]


@dataclass(frozen=True, slots=True)
class Done:
    """What of a track's processing is finished; `qualities` are those of its ladder."""

    stored: bool
    probed: bool
    analysed: bool
    qualities: int
    ladder: int


def percent(done: Done) -> int:
    """0 … 99; 100 is said only when everything is there. Encoding is most of the work."""
    parts = 3 * done.stored + 3 * done.probed + 14 * done.analysed
    if done.ladder:
        parts += 79 * done.qualities // done.ladder
    return min(99, parts)


def blob_key(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def picture_key(sha256: str) -> str:
    return f"pictures/{sha256[:2]}/{sha256[2:4]}/{sha256}.webp"


def audio_path(owner: str, track: str, quality: str, container: str) -> str:
    """The public name of a rendition: `/audio/{user}/{content}/{quality}.{ext}`."""
    return f"/audio/{owner}/{track}/{quality}.{container}"


def image_path(owner: UUID | str, kind: str, size: int, sha256: str) -> str:
    """The public name of a picture: `/images/{user}/{type}/{size}/{file}.webp`."""
    return f"/images/{owner}/{kind}/{size}/{sha256}.webp"
