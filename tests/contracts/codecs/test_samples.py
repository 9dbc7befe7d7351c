"""Real and hostile files of the sample collection, where it is present."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.loudness import gated_loudness
from antiphon.domains.media.ports import AudioFacts, Rendition
from antiphon.domains.media.sniff import SNIFF_BYTES, refuse_reason
from tests.support.audio import samples_of
from tests.support.samples import samples_folder

SAMPLES = samples_folder()
pytestmark = pytest.mark.skipif(SAMPLES is None, reason="no sample collection: set ANTIPHON_SAMPLES")

SOUND = (".ogg", ".mp3", ".flac", ".wav", ".wv", ".m4a", ".aiff", ".wma")
LONGEST_ANSWER = 30.0  # seconds for a hostile file, on a busy machine
FFMPEG = shutil.which("ffmpeg")


def below(folder: str, endings: Sequence[str]) -> list[Path]:
    if SAMPLES is None:
        return []
    return sorted(path for path in (SAMPLES / folder).rglob("*") if path.suffix in endings)


def expected() -> list[dict[str, Any]]:
    if SAMPLES is None:
        return []
    described: list[dict[str, Any]] = json.loads((SAMPLES / "music/derived-formats/expected.json").read_text())
    return described


@pytest.mark.parametrize("described", expected(), ids=lambda described: described["file"])
async def test_derived_formats_are_read_as_described(local: LocalCodecs, described: dict[str, Any]) -> None:
    assert SAMPLES is not None
    source = SAMPLES / "music/derived-formats" / described["file"]
    facts = await local.probe(source)
    found = await local.analyse(source)
    tags = facts.tags
    assert (tags.title, list(tags.artists), tags.album) == (
        described["title"],
        described["artists"],
        described["album"],
    )
    assert (tags.track_number, tags.disc_number) == (described["track"], described["disc"])
    assert facts.codec == described["codec"]
    assert (facts.sample_rate, facts.channels) == (described["sample_rate"], described["channels"])
    assert found.duration_ms / 1000 == pytest.approx(described["decoded_seconds"], abs=0.05)


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg command to compare with")
async def test_loudness_agrees_with_ffmpeg(local: LocalCodecs) -> None:
    files = below("music", SOUND)
    chosen = [path for path in files if path.stat().st_size < 1_000_000][::3]
    assert chosen
    for path in chosen:
        found = (await local.analyse(path)).loudness
        integrated, peak = await asyncio.to_thread(measured_by_ffmpeg, path)
        assert found.integrated_lufs == pytest.approx(integrated, abs=0.1), path.name
        assert found.true_peak_dbtp == pytest.approx(peak, abs=0.1), path.name
        assert gated_loudness([found.blocks]) == pytest.approx(integrated, abs=0.1), path.name


def measured_by_ffmpeg(path: Path) -> tuple[float, float]:
    command = [
        FFMPEG,
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-vn",
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    log = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True).stderr
    summary = log[log.rindex("Summary:") :]
    integrated, peak = (re.search(rf"{name}:\s+(-?[\d.]+)", summary) for name in ("I", "Peak"))
    assert integrated is not None
    assert peak is not None
    return float(integrated[1]), float(peak[1])


async def test_lossless_files_stay_bit_for_bit(local: LocalCodecs, tmp_path: Path) -> None:
    lossless = 0
    for path in below("music", (".flac", ".wav", ".wv", ".m4a", ".aiff")):
        facts = await local.probe(path)
        if facts.lossless:
            lossless += 1
            encoded = await local.encode(path, whole(facts), tmp_path / "a.mp4")
            same_sound(path, encoded.path)
    assert lossless >= 8


@pytest.mark.parametrize("path", below("hostile/flac-testbench", (".flac",)), ids=lambda path: path.stem[:40])
async def test_flac_test_bench(local: LocalCodecs, tmp_path: Path, path: Path) -> None:
    """What the reference decoder takes is taken, bit for bit, but for the faulty ones: these end in a clear word."""
    try:
        facts = await local.probe(path)
        found = await local.analyse(path)
        encoded = await local.encode(path, whole(facts), tmp_path / "a.mp4")
    except MediaRejected as rejected:
        assert path.parent.name == "faulty" or "changing bitdepth" in path.name
        assert rejected.reason in ("not_audio", "damaged", "no_samples")  # noqa: PT017
        return
    assert encoded.total_samples == found.total_samples > 0
    if path.parent.name == "subset":
        same_sound(path, encoded.path)


async def test_fuzzed_files_end_in_an_answer(local: LocalCodecs, tmp_path: Path) -> None:
    """A few of each archive through the codecs, all of them past the door; pictures through the picture path too."""
    assert SAMPLES is not None
    for archive in sorted((SAMPLES / "hostile/go-fuzz").glob("*.tar.gz")):
        folder = tmp_path / archive.name.split(".")[0]
        files = unpack(archive, folder)
        assert files
        refused = sum(refuse_reason(path.read_bytes()[:SNIFF_BYTES], path.name) is not None for path in files)
        assert refused >= len(files) * 0.4, archive.name
        for path in files[::6]:
            await answers_in_time(local, path)
            if folder.name in ("bmp", "gif", "jpeg", "png", "tiff", "webp"):
                await picture_answers_in_time(local, path.read_bytes())
    (server,) = [child for child in psutil.Process().children() if "--fork-server" in child.cmdline()][:1]
    assert server.memory_info().rss < 200 * 1024 * 1024


def unpack(archive: Path, folder: Path) -> list[Path]:
    """Its plain files, by name; extraction filters came with Python 3.11.4 only."""
    files = []
    with tarfile.open(archive) as packed:
        for number, member in enumerate(packed):
            if stored := packed.extractfile(member):
                path = folder / str(number) / Path(member.name).name
                path.parent.mkdir(parents=True)
                path.write_bytes(stored.read())
                files.append(path)
    return sorted(files, key=lambda path: path.name)


async def answers_in_time(local: LocalCodecs, path: Path) -> None:
    start = time.monotonic()
    try:
        await local.probe(path)
        await local.analyse(path)
    except MediaRejected as rejected:
        assert rejected.reason in MediaRejected.REASONS  # noqa: PT017
    assert time.monotonic() - start < LONGEST_ANSWER, path.name


async def picture_answers_in_time(local: LocalCodecs, data: bytes) -> None:
    start = time.monotonic()
    try:
        colour, files = await local.pictures(data, [160, 320])
        assert re.fullmatch("#[0-9a-f]{6}", colour)
        assert files
    except MediaRejected as rejected:
        assert rejected.reason in ("bad_picture", "too_complex")  # noqa: PT017
    assert time.monotonic() - start < LONGEST_ANSWER


async def test_no_picture_is_sound_whatever_its_name(local: LocalCodecs, tmp_path: Path) -> None:
    pictures = below("music", (".jpg", ".png"))
    assert pictures
    for picture in pictures:
        renamed = tmp_path / "song.mp3"
        renamed.write_bytes(picture.read_bytes())
        with pytest.raises(MediaRejected) as rejected:
            await local.probe(renamed)
        assert rejected.value.reason == "not_audio"


def whole(facts: AudioFacts) -> Rendition:
    depth = 16 if (facts.bit_depth or 16) <= 16 else 24
    return Rendition("flac", "flac", None, facts.sample_rate, facts.channels, bit_depth=depth)


def same_sound(source: Path, encoded: Path) -> None:
    before, rate = samples_of(source)
    after, rate_after = samples_of(encoded)
    assert rate == rate_after
    if before.dtype == np.uint8:
        before = (before.astype(np.int16) - 128) << 8
    np.testing.assert_array_equal(before, after)
