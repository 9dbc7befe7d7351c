"""What processing made of a track, for whoever plays or shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import model
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out

_segments = msgspec.json.Decoder(tuple[tuple[int, int], ...])


@dataclass(frozen=True, slots=True)
class MediaRendition:
    """One encoded file with its signed link; ranges are inclusive byte offsets, segments are (bytes, samples)."""

    quality: str
    url: str
    codec: str
    container: str
    mime: str
    bytes: int
    bitrate_kbps: int
    sample_rate: int
    channels: int
    delay_samples: int
    padding_samples: int
    total_samples: int
    duration_ms: int
    init_range: tuple[int, int] | None
    index_range: tuple[int, int] | None
    segments: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MediaResult:
    """`renditions` from the lowest bit rate to the highest, the preview apart."""

    renditions: tuple[MediaRendition, ...]
    preview: MediaRendition | None
    loudness: catalog.Loudness | None
    has_waveform: bool


class Waveform(msgspec.Struct, frozen=True):
    """Peak and root mean square of each of at most 1,600 equal parts, 0 … 255."""

    duration_ms: int
    peaks: list[int]
    rms: list[int]


async def media_result(conn: AsyncConnection, tools: MediaTools, track_id: UUID, owner_id: UUID | None) -> MediaResult:
    """One query; links are made here and hold for everybody."""
    owner = out(Kind.USER, owner_id) if owner_id else "nobody"
    track = out(Kind.TRACK, track_id)
    made, loudness, has_waveform = [], None, False
    for row in await store.renditions(conn, track_id):
        has_waveform = row.has_waveform
        if row.analysed and loudness is None:
            loudness = catalog.Loudness(row.integrated_lufs, row.true_peak_dbtp, row.range_lu)
        path = model.audio_path(owner, track, row.quality, row.container)
        made.append(
            MediaRendition(
                quality=row.quality,
                url=tools.links.sign(path, row.blob.rpartition("/")[2]),
                codec=row.codec,
                container=row.container,
                mime=row.mime,
                bytes=row.bytes,
                bitrate_kbps=row.bitrate_kbps,
                sample_rate=row.sample_rate,
                channels=row.channels,
                delay_samples=row.delay_samples,
                padding_samples=row.padding_samples,
                total_samples=row.total_samples,
                duration_ms=row.duration_ms,
                init_range=None if row.init_end is None else (row.init_start, row.init_end),
                index_range=None if row.index_end is None else (row.index_start, row.index_end),
                segments=_segments.decode(row.segments),
            )
        )
    made.sort(key=lambda rendition: (rendition.bitrate_kbps, rendition.quality))
    return MediaResult(
        renditions=tuple(rendition for rendition in made if rendition.quality != model.PREVIEW),
        preview=next((rendition for rendition in made if rendition.quality == model.PREVIEW), None),
        loudness=loudness,
        has_waveform=has_waveform,
    )


async def waveform(conn: AsyncConnection, track_id: UUID) -> Waveform:
    """Raises NotFound until the track is analysed, and where it cannot be."""
    found = await store.analysis(conn, track_id)
    if found is None or not found.peaks:
        raise NotFound("There is no waveform.")
    return Waveform(found.duration_ms, list(found.peaks), list(found.rms))
