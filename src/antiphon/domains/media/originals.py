"""What the catalogue is told of files that were uploaded: kind, size, rate, and how loud they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.ports import Loudness
from antiphon.domains.media.store import measures
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.transcodes.kinds import kind_of_file
from antiphon.kit.db import UnitOfWork

__all__ = ["Before", "gain_and_peak", "loudness_of", "tell_file", "tell_kept"]

_REFERENCE_LUFS = -18.0  # ReplayGain 2.0


def gain_and_peak(lufs: float | None, true_peak_dbtp: float | None) -> tuple[float | None, float | None]:
    """dB towards -18 LUFS, and the peak as a part of full scale."""
    gain = None if lufs is None else round(_REFERENCE_LUFS - lufs, 2)
    return gain, None if true_peak_dbtp is None else round(10 ** (true_peak_dbtp / 20), 6)


def loudness_of(gain: float | None, peak: float | None) -> catalog.Loudness | None:
    """The way back; None where no gain was told. A peak of nothing is silence."""
    if gain is None:
        return None
    true_peak = round(20 * math.log10(peak), 2) if peak else None
    return catalog.Loudness(round(_REFERENCE_LUFS - gain, 2), true_peak, None)


@dataclass(frozen=True, slots=True)
class Before:
    """What was measured of a track, and of its album, when the catalogue was told last."""

    lufs: float | None = None
    album_lufs: float | None = None


async def tell_file(
    uow: UnitOfWork,
    track_id: UUID,
    album: Loudness | None = None,
    *,
    album_whole: bool = True,
    before: Before = Before(),
) -> None:
    """As far as it is known; to be called again when more is. `album`: of the album, of which not all may be known.

    Files of libraries are known from their scans, and told what was measured of them."""
    source = await store.get(uow.conn, track_id)
    if source is None:
        await _tell_measures(uow, track_id, album if album_whole else None, before)
        return
    if source.facts is None:
        return
    facts: dict[str, Any] = msgspec.json.decode(source.facts)
    suffix, mime = kind_of_file(facts["container"], facts["codec"], source.filename)
    found = await store.analysis(uow.conn, track_id)
    gain, peak = gain_and_peak(found.integrated_lufs, found.true_peak_dbtp) if found is not None else (None, None)
    album_gain, album_peak = gain_and_peak(album.integrated_lufs, album.true_peak_dbtp) if album else (None, None)
    told = catalog.FileFacts(
        path=source.filename,
        suffix=suffix,
        mime=mime,
        codec=facts["codec"],
        bytes=source.bytes,
        bitrate_kbps=facts["bitrate_kbps"],
        sample_rate=facts["sample_rate"],
        channels=facts["channels"],
        bit_depth=facts["bit_depth"],
        track_gain=gain,
        track_peak=peak,
        album_gain=album_gain,
        album_peak=album_peak,
    )
    await catalog.set_file_facts(uow, track_id, told)


async def _tell_measures(uow: UnitOfWork, track_id: UUID, album: Loudness | None, before: Before) -> None:
    found = await store.analysis(uow.conn, track_id)
    if found is None:
        return
    track = gain_and_peak(found.integrated_lufs, found.true_peak_dbtp)
    whole = gain_and_peak(album.integrated_lufs, album.true_peak_dbtp) if album else (None, None)
    was = (gain_and_peak(lufs, None)[0] for lufs in (before.lufs, before.album_lufs))
    await catalog.set_gains(uow, [catalog.MeasuredGains(track_id, *track, *whole, *was)])


async def tell_kept(uow: UnitOfWork, files: Sequence[tuple[UUID, int, int | None]]) -> None:
    """A scan tells what the tags of files say, and that alone: what was measured of them holds where those say nothing,
    as long as it is the same sound. A file of another size is measured anew all the same when it is heard.

    `files`: their tracks, sizes and durations."""
    told = [dict(zip(("track_id", "bytes", "duration_ms"), file, strict=True)) for file in files]
    found = await measures.kept(uow.conn, msgspec.json.encode(told).decode())
    if not found:
        return
    gains = {row.track_id: gain_and_peak(row.integrated_lufs, row.true_peak_dbtp) for row in found}
    await catalog.set_gains(uow, [catalog.MeasuredGains(track, *both) for track, both in gains.items()])
    for album in await catalog.albums_of(uow.conn, list(gains)):
        uow.defer("media.album_loudness", album_id=str(album))
