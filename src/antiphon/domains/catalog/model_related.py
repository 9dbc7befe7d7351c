"""What stands beside a work: its other editions, and the file that it is heard from. No I/O."""

from __future__ import annotations

import msgspec

from antiphon.domains.catalog.model import AlbumCard, Precision

__all__ = ["AlbumEdition", "FileDetails"]


class AlbumEdition(AlbumCard, frozen=True, kw_only=True):
    """An album with what tells it from other editions of the same."""

    edition: str
    label: str
    catalog_number: str
    release_precision: Precision


class FileDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The original file of a track. `suffix` and `codec` say its format, sizes are bytes, rates kbit/s and Hz.

    Gains are ReplayGain 2.0 in dB towards -18 LUFS, peaks are linear. `path` lies under the library's folder and is
    told to those who look after libraries only.
    """

    suffix: str
    mime: str
    codec: str
    bytes: int
    bitrate_kbps: int | None
    sample_rate: int | None
    channels: int | None
    bit_depth: int | None
    track_gain: float | None
    track_peak: float | None
    album_gain: float | None
    album_peak: float | None
    path: str | None
