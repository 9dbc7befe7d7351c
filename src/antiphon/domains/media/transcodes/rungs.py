"""Bit rates at which files are made, so that few of them serve many wishes. Pure."""

from __future__ import annotations

from typing import Final

from antiphon.domains.media.ports import TranscodeFormat

__all__ = ["lossless", "rung"]

_RUNGS: Final[dict[TranscodeFormat, tuple[int, ...]]] = {
    "mp3": (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "opus": (24, 32, 48, 64, 96, 128, 160, 192, 256),
    "aac": (32, 48, 64, 96, 128, 160, 192, 256, 320),
    "flac": (),
}
_LOSSLESS: Final = frozenset({"flac", "alac", "ape", "wavpack", "tta", "tak", "wmalossless", "mlp"})


def rung(made: TranscodeFormat, kbps: int) -> int:
    """The highest bit rate of the ladder that is not above, or its lowest."""
    return max((one for one in _RUNGS[made] if one <= kbps), default=_RUNGS[made][0])


def lossless(codec: str) -> bool:
    """By FFmpeg's name."""
    return codec in _LOSSLESS or codec.startswith(("pcm", "dsd"))
