"""Hearing a track by segments that are made as they are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.media.api.streams import linked_file
from antiphon.domains.media.segments.grid import Grid, grid_of, grids
from antiphon.domains.media.segments.segmenter import first_bytes
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.originals import Original
from antiphon.domains.media.transcodes.sounds import WholeFile
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out

__all__ = ["SEGMENT_MIME", "SegmentedFile", "asked_of", "linked_grid", "open_segment", "segmented"]

SEGMENT_MIME: Final = "audio/mp4"
_PATH: Final = re.compile(r"^(/segments/([a-z0-9_]{1,40})/([a-z0-9_]{1,20}))/(?:(init)\.mp4|([0-9]{1,6})\.m4s)$")
_NUMBER: Final = "{n}"


@dataclass(frozen=True, slots=True)
class SegmentedFile:
    """One rendition in segments. `{n}` in `segment_url` stands for a number from 0; samples are at `sample_rate`.

    Every segment lasts `segment_samples`, but for the end of the last; what a decoder puts out begins with
    `delay_samples` that do not sound.
    """

    quality: str
    codec: str
    mime: str
    bitrate_kbps: int
    sample_rate: int
    channels: int
    delay_samples: int
    padding_samples: int
    total_samples: int
    segment_samples: int
    segments: int
    init_url: str
    segment_url: str


def segmented(tools: MediaTools, original: Original) -> list[SegmentedFile]:
    """By rising bit rate; links are signed, one signature for all segments of a rendition."""
    return [_file(tools, original, grid) for grid in grids(original)]


def _file(tools: MediaTools, original: Original, grid: Grid) -> SegmentedFile:
    folder = f"/segments/{out(Kind.TRACK, original.track_id)}/{grid.quality}"
    query = tools.links.sign(folder, original.version).partition("?")[2]
    return SegmentedFile(
        quality=grid.quality,
        codec=grid.rendition.codec,
        mime=grid.mime,
        bitrate_kbps=grid.kbps,
        sample_rate=grid.rendition.sample_rate,
        channels=grid.rendition.channels,
        delay_samples=grid.delay,
        padding_samples=grid.padding,
        total_samples=grid.total,
        segment_samples=grid.segment_frames * grid.frame,
        segments=grid.segments,
        init_url=f"{folder}/init.mp4?{query}",
        segment_url=f"{folder}/{_NUMBER}.m4s?{query}",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a path names; `number` is None for the beginning of the file."""

    folder: str
    track: str
    quality: str
    number: int | None


def asked_of(path: str) -> Asked:
    """Raises NotFound."""
    match = _PATH.match(path)
    if match is None:
        raise NotFound()
    return Asked(match[1], match[2], match[3], None if match[4] else int(match[5]))


async def linked_grid(conn: AsyncConnection, asked: Asked, version: str) -> tuple[Original, Grid]:
    """Raises NotFound, OriginalMissing, LinkRefused where the file has changed since."""
    original = await linked_file(conn, asked.track, version)
    grid = grid_of(original, asked.quality)
    if grid is None or (asked.number is not None and asked.number >= grid.segments):
        raise NotFound()
    return original, grid


async def open_segment(
    tools: MediaTools, original: Original, grid: Grid, number: int | None, who: str
) -> WholeFile | bytes:
    """The file's beginning as bytes, a segment as a file. Raises OriginalMissing, TooManyTranscodes, MediaRejected."""
    if number is None:
        return first_bytes(grid)
    return await tools.segmenter.open(original, grid, number, who)
