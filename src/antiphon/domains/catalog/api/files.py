"""What the original file of a track is, as media tells it and whoever lists tracks shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store import files as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind

__all__ = [
    "FileFacts",
    "MeasuredGains",
    "TrackFile",
    "album_files",
    "pictured_tracks",
    "set_file_facts",
    "set_gains",
    "track_file",
    "without_file_facts",
]


_ENOUGH_TO_SHOW = 5


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`path`: as people know it, under the library. Gains are dB towards -18 LUFS, peaks are linear."""

    path: str
    suffix: str
    mime: str
    codec: str
    bytes: int
    bitrate_kbps: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    bit_depth: int | None = None
    track_gain: float | None = None
    track_peak: float | None = None
    album_gain: float | None = None
    album_peak: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredGains:
    """Of a file, as in `FileFacts`. `track_was`, `album_was`: the gains that were told of it before."""

    track_id: UUID
    track_gain: float | None = None
    track_peak: float | None = None
    album_gain: float | None = None
    album_peak: float | None = None
    track_was: float | None = None
    album_was: float | None = None


@dataclass(frozen=True, slots=True)
class TrackFile:
    """`root` is the folder of the library that it lies in; None for what was uploaded. Gains and peaks as in
    `FileFacts`."""

    track_id: UUID
    root: str | None
    path: str
    suffix: str
    mime: str
    codec: str
    bytes: int
    bitrate_kbps: int | None
    sample_rate: int | None
    channels: int | None
    bit_depth: int | None
    duration_ms: int | None
    track_gain: float | None
    track_peak: float | None
    album_gain: float | None
    album_peak: float | None


async def track_file(conn: AsyncConnection, track_id: UUID) -> TrackFile | None:
    """None where nobody has told yet, or the reader may not see the track."""
    row = await store.get(conn, track_id)
    return None if row is None else _file(row)


async def album_files(conn: AsyncConnection, album_id: UUID, limit: int = 1) -> list[TrackFile]:
    """Of the album's first published tracks."""
    return [_file(row) for row in await store.of_album(conn, album_id, limit)]


async def pictured_tracks(conn: AsyncConnection, kind: Kind, thing: UUID) -> list[UUID]:
    """Some tracks whose files may show what an album, a folder, an artist or a track looks like."""
    return await store.pictured(conn, kind, thing, _ENOUGH_TO_SHOW)


async def set_file_facts(uow: UnitOfWork, track_id: UUID, facts: FileFacts) -> None:
    """Gains that are None leave what is known. A track that is gone harms nothing."""
    await store.put(uow.conn, track_id, asdict(facts))


async def set_gains(uow: UnitOfWork, gains: Sequence[MeasuredGains]) -> None:
    """What the tags of the files say stays."""
    await store.put_gains(uow.conn, msgspec.json.encode(gains).decode())


async def without_file_facts(conn: AsyncConnection, track_ids: Sequence[UUID]) -> list[UUID]:
    """Those of which nobody has told what their file is."""
    return await store.without(conn, track_ids)


def _file(row: Row[Any]) -> TrackFile:
    return TrackFile(
        track_id=row.id,
        root=row.root,
        path=row.path,
        suffix=row.suffix,
        mime=row.mime,
        codec=row.codec,
        bytes=row.bytes,
        bitrate_kbps=row.bitrate_kbps,
        sample_rate=row.sample_rate,
        channels=row.channels,
        bit_depth=row.bit_depth,
        duration_ms=row.duration_ms,
        track_gain=row.track_gain,
        track_peak=row.track_peak,
        album_gain=row.album_gain,
        album_peak=row.album_peak,
    )
