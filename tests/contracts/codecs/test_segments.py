"""Segments that are made one by one, in any order, are the recording: no gap, no click, no sample too many."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import numpy as np
import numpy.typing as npt
import pytest

from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.segments.grid import Grid, grids
from antiphon.domains.media.segments.segmenter import first_bytes
from antiphon.domains.media.transcodes.originals import Original
from tests.support.audio import Signal, noise, samples_of, tone, transcode, write_wav

SECONDS = 13.777
Samples = npt.NDArray[Any]


def music(rate: int = 44_100, seconds: float = SECONDS) -> Signal:
    """Something that no block of it looks like another."""
    time = np.arange(round(seconds * rate)) / rate
    sweep = 0.3 * np.sin(2 * np.pi * (200 + 40 * time) * time)[:, None]
    found: Signal = sweep + tone(seconds, rate=rate, hertz=440.0) + noise(seconds, rate=rate, dbfs=-36.0)
    return found


async def original(codecs: LocalCodecs, path: Path, start_ms: int = 0, end_ms: int | None = None) -> Original:
    facts = await codecs.probe(path)
    length = (end_ms or facts.duration_ms or 0) - start_ms
    return Original(
        UUID(int=1), path.name, path.parent, path, None, path.suffix[1:], "audio/x", facts.codec, 1,
        facts.bitrate_kbps, facts.sample_rate, facts.channels, length, start_ms, end_ms, bit_depth=facts.bit_depth,
    )  # fmt: skip


async def shuffled(codecs: LocalCodecs, path: Path, grid: Grid, folder: Path) -> Path:
    """The whole, out of segments made in another order than theirs."""
    order = list(range(grid.segments))
    random.Random(7).shuffle(order)
    for number in order:
        await codecs.segment(path, grid.segment(number), folder / f"{number}.m4s")
    whole = folder / f"{grid.quality}.mp4"
    pieces = [(folder / f"{number}.m4s").read_bytes() for number in range(grid.segments)]
    whole.write_bytes(first_bytes(grid) + b"".join(pieces))
    return whole


def durations(path: Path) -> int:
    """The sum of what the frames of a file say they last, in samples."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert stream.time_base is not None
        total = sum((packet.duration or 0) for packet in container.demux(stream) if packet.size)
        return round(total * stream.time_base * stream.sample_rate)


def unlikeness(one: Samples, other: Samples, at: list[int] | None = None) -> float:
    """The worst ratio of difference to sound, in dB, over windows of 1,024; `at`: around these samples only."""
    starts = range(2048, len(one) - 2048, 512) if at is None else [k + d for k in at for d in range(-2048, 2048, 512)]
    return max(
        10 * np.log10(np.sum((one[k : k + 1024] - other[k : k + 1024]) ** 2) / np.sum(one[k : k + 1024] ** 2) + 1e-12)
        for k in starts
    )


@pytest.mark.parametrize(("rate", "bits", "channels"), [(44_100, 16, 2), (96_000, 24, 2), (48_000, "float", 1)])
async def test_flac_is_the_source_bit_for_bit(
    local: LocalCodecs, tmp_path: Path, rate: int, bits: int | str, channels: int
) -> None:
    source = write_wav(tmp_path / "a.wav", music(rate)[:, :channels], rate=rate, bits=bits)
    [grid] = [grid for grid in grids(await original(local, source)) if grid.quality == "flac"]
    assert grid.segments == 4
    made, made_rate = samples_of(await shuffled(local, source, grid, tmp_path))
    said, _ = samples_of(source)
    if bits == "float":
        said = np.clip(np.rint(said.astype(np.float64) * 2**23), -(2**23), 2**23 - 1).astype(np.int32) << 8
    assert made_rate == rate
    np.testing.assert_array_equal(made, said)


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "m4a", "ogg", "opus", "adts"])
async def test_lossy_joins_are_no_worse_than_the_rest(local: LocalCodecs, tmp_path: Path, ending: str) -> None:
    """Against one encode of the whole by the same encoder; and the places of the joins against all others."""
    source = write_wav(tmp_path / "a.wav", music())
    if ending != "wav":
        source = transcode(source, tmp_path / f"b.{ending}", ending)
    found = grids(await original(local, source))
    grid = [grid for grid in found if grid.rendition.codec == "aac"][-1]
    whole = await shuffled(local, source, grid, tmp_path)
    encoded = await local.encode(source, grid.rendition, tmp_path / "one.mp4")
    made, one = (samples_of(path)[0].astype(np.float64) for path in (whole, encoded.path))
    if ending != "adts":  # whose length is a guess
        assert abs(durations(whole) - grid.delay - encoded.total_samples) <= 1
    length = min(len(made), len(one))
    joins = [number * grid.segment_frames * grid.frame - grid.delay for number in range(1, grid.segments - 1)]
    assert unlikeness(one[:length], made[:length], joins) < -20.0
    assert unlikeness(one[:length], made[:length]) < -15.0


async def test_parts_of_a_file_meet_to_the_sample(local: LocalCodecs, tmp_path: Path) -> None:
    """As cue sheets cut a side of a record."""
    source = transcode(write_wav(tmp_path / "a.wav", music()), tmp_path / "a.flac", "flac")
    said, _ = samples_of(source)
    heard = []
    for start, end in ((0, 5_013), (5_013, None)):
        folder = tmp_path / str(start)
        folder.mkdir()
        part = await original(local, source, start, end)
        [grid] = [grid for grid in grids(part) if grid.quality == "flac"]
        heard.append(samples_of(await shuffled(local, source, grid, folder))[0])
    np.testing.assert_array_equal(np.concatenate(heard), said)


async def test_a_duration_that_lies_leaves_silence_or_takes_the_rest(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", music(seconds=6.0))
    said, _ = samples_of(source)
    for claimed, expected in ((5_500, 6.0), (20_000, 6.0)):
        found = await original(local, source, 0, None)
        longer = Original(**{name: getattr(found, name) for name in found.__slots__} | {"duration_ms": claimed})
        [grid] = [grid for grid in grids(longer) if grid.quality == "flac"]
        made, _ = samples_of(await shuffled(local, source, grid, tmp_path))
        length = round(expected * 44_100)
        np.testing.assert_array_equal(made[:length], said)
        assert not made[length:].any()


async def test_what_cannot_be_decoded_is_refused(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", music(seconds=6.0))
    [grid, *_] = grids(await original(local, source))
    (tmp_path / "broken.wav").write_bytes(b"RIFF" + b"\x00" * 900)
    with pytest.raises(MediaRejected):
        await local.segment(tmp_path / "broken.wav", grid.segment(0), tmp_path / "x.m4s")
