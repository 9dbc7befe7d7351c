"""What somebody hears of a track: its original, or a file made for them; and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from antiphon.domains.media.ports import Transcode, TranscodeFormat
from antiphon.domains.media.transcodes.kinds import MADE_MIMES, family
from antiphon.domains.media.transcodes.originals import Original

__all__ = ["Choice", "Wish", "choose", "rung"]

_RUNGS: Final[dict[TranscodeFormat, tuple[int, ...]]] = {
    "mp3": (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "opus": (24, 32, 48, 64, 96, 128, 160, 192, 256),
    "aac": (32, 48, 64, 96, 128, 160, 192, 256, 320),
    "flac": (),
}
_USUAL: Final[dict[TranscodeFormat, int]] = {"mp3": 192, "opus": 128, "aac": 192}
_LOSSLESS: Final = frozenset({"flac", "alac", "pcm", "ape", "wavpack", "tta", "tak", "dsd", "wmalossless", "mlp"})
_OTHER_NAMES: Final[dict[str, TranscodeFormat]] = {"ogg": "opus", "oga": "opus", "m4a": "aac", "mp4": "aac"}
_SLOW_MPEG = 32_000  # below it MPEG-2 has up to 160 kbit/s, below 16 kHz MPEG-2.5 up to 64


@dataclass(frozen=True, slots=True)
class Wish:
    """`format` None: whatever the file is. `plays`: formats that the player knows, None for all. `max_kbps` None: no
    limit. `raw`: the original, come what may."""

    format: str | None = None
    max_kbps: int | None = None
    offset_ms: int = 0
    plays: frozenset[str] | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """`made` is None for the original's own bytes. Reasons are words of a fixed set, for people who wonder."""

    made: Transcode | None
    reasons: tuple[str, ...]


def choose(original: Original, wish: Wish) -> Choice:
    """The original where it does, else the closest to it that does."""
    have = family(original.codec)
    lossless = have in _LOSSLESS or original.codec.startswith(("pcm", "dsd"))
    wanted = wish.format if wish.format not in (None, "", "raw") else None
    reasons = []
    if not original.whole:
        reasons.append("part_of_a_file")
    if not (wish.raw or wish.format == "raw"):
        if wish.offset_ms:
            reasons.append("begins_later")
        if wanted is not None and wanted not in (have, original.suffix):
            reasons.append("other_format_wanted")
        if wish.plays is not None and have not in wish.plays:
            reasons.append("format_not_played")
        if wish.max_kbps and (original.bitrate_kbps or 10_000) > wish.max_kbps:
            reasons.append("bitrate_above_limit")
    if not reasons:
        return Choice(None, ("original_fits",))
    named = _OTHER_NAMES.get(wanted or "", wanted)
    made = _format(named if named in MADE_MIMES else None, wish, lossless=lossless)
    start = original.start_ms + (0 if wish.raw else wish.offset_ms)
    source_kbps = None if lossless else original.bitrate_kbps
    return Choice(Transcode(made, _bitrate(made, wish, original, source_kbps), start, original.end_ms), tuple(reasons))


def _format(wanted: TranscodeFormat | None, wish: Wish, *, lossless: bool) -> TranscodeFormat:
    if wanted is not None:
        return wanted
    order: list[TranscodeFormat] = ["mp3", "aac", "opus"]
    if lossless and not wish.max_kbps:
        order.insert(0, "flac")  # nobody counts the bits: it stays as good as it is
    return next((one for one in order if wish.plays is None or one in wish.plays), "mp3")


def _bitrate(made: TranscodeFormat, wish: Wish, original: Original, source_kbps: int | None) -> int | None:
    """Never above what is asked, nor above a lossy source."""
    if made == "flac":
        return None
    limits = [wish.max_kbps or _USUAL[made], *([source_kbps] if source_kbps else [])]
    if made == "mp3" and original.sample_rate is not None and original.sample_rate < _SLOW_MPEG:
        limits.append(64 if original.sample_rate < _SLOW_MPEG // 2 else 160)
    return rung(made, min(limits))


def rung(made: TranscodeFormat, kbps: int) -> int:
    """The highest bit rate of the ladder that is not above, so that few files serve many wishes."""
    return max((one for one in _RUNGS[made] if one <= kbps), default=_RUNGS[made][0])
