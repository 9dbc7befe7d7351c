"""What every adapter behind `Codecs` promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.loudness import gated_loudness
from antiphon.domains.media.ports import EncodedFile, Rendition, Transcode, TranscodeFormat
from tests.contracts.codecs.conftest import Studio

LADDER = (
    Rendition("aac_128", "aac", 128, 44_100, 2),
    Rendition("flac", "flac", None, 44_100, 2, bit_depth=16),
    Rendition("mp3_128", "mp3", 128, 44_100, 2),
    Rendition("preview", "aac", 128, 44_100, 2, start_ms=1500, length_ms=3000),
)


async def test_probe_tells_the_shape(studio: Studio) -> None:
    facts = await studio.codecs.probe(studio.record(seconds=6.0, rate=48_000, channels=1))
    assert (facts.codec, facts.sample_rate, facts.channels, facts.bit_depth) == ("pcm_s16le", 48_000, 1, 16)
    assert facts.lossless
    assert not facts.float_samples
    assert facts.duration_ms == 6000
    assert facts.tags.title is None
    assert facts.picture is None


async def test_analysis_is_exact(studio: Studio) -> None:
    found = await studio.codecs.analyse(studio.record(seconds=6.0, lufs=-20.0))
    assert (found.total_samples, found.sample_rate, found.duration_ms) == (264_600, 44_100, 6000)
    assert found.loudness.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert found.loudness.true_peak_dbtp is not None
    assert len(found.peaks) == len(found.rms) <= 1600
    assert all(0 <= level <= 255 for level in (*found.peaks, *found.rms))
    assert gated_loudness([found.loudness.blocks]) == pytest.approx(found.loudness.integrated_lufs, abs=0.02)


async def test_silence_has_no_loudness(studio: Studio) -> None:
    found = await studio.codecs.analyse(studio.record(seconds=3.0, lufs=None))
    assert found.loudness.integrated_lufs is None
    assert found.loudness.true_peak_dbtp is None
    assert found.loudness.range_lu is None
    assert gated_loudness([found.loudness.blocks]) is None


@pytest.mark.parametrize("rendition", LADDER, ids=lambda one: one.quality)
async def test_encoding_keeps_account_of_every_sample(studio: Studio, tmp_path: Path, rendition: Rendition) -> None:
    target = tmp_path / "out"
    encoded = await studio.codecs.encode(studio.record(seconds=6.0), rendition, target)
    assert encoded.path == target
    check_account(encoded, rendition, expected=264_600 if rendition.length_ms is None else 132_300)


async def test_an_excerpt_stays_inside_the_recording(studio: Studio, tmp_path: Path) -> None:
    source = studio.record(seconds=6.0)
    for start_ms, expected in ((4000, 2 * 44_100), (60_000, 6 * 44_100)):
        preview = Rendition("preview", "aac", 128, 44_100, 2, start_ms=start_ms, length_ms=30_000)
        check_account(await studio.codecs.encode(source, preview, tmp_path / "out"), preview, expected=expected)


async def test_many_at_once_are_the_same_as_one_by_one(studio: Studio, tmp_path: Path) -> None:
    source = studio.record(seconds=6.0)
    together = await studio.codecs.encode_many(source, LADDER, tmp_path)
    assert len({encoded.path for encoded in together}) == len(LADDER)
    for rendition, encoded in zip(LADDER, together, strict=True):
        alone = await studio.codecs.encode(source, rendition, tmp_path / "alone")
        assert alone.path.read_bytes() == encoded.path.read_bytes()
        assert (alone.segments, alone.total_samples) == (encoded.segments, encoded.total_samples)
    assert await studio.codecs.encode_many(source, (), tmp_path) == ()


async def test_progress_stays_between_nothing_and_all(studio: Studio, tmp_path: Path) -> None:
    seen: list[float] = []

    async def note(fraction: float) -> None:
        seen.append(fraction)

    source = studio.record(seconds=60.0)
    await studio.codecs.analyse(source, note)
    await studio.codecs.encode(source, LADDER[2], tmp_path / "out", note)
    assert all(0.0 <= fraction <= 1.0 for fraction in seen)


@pytest.mark.parametrize(("content", "reason"), [(b"", "no_samples"), (b"neither sound nor fake" * 9, "not_audio")])
async def test_what_is_no_sound_is_rejected(studio: Studio, tmp_path: Path, content: bytes, reason: str) -> None:
    source = tmp_path / "song.mp3"
    source.write_bytes(content)
    target = tmp_path / "out.mp4"
    for call in (
        studio.codecs.probe(source),
        studio.codecs.analyse(source),
        studio.codecs.encode(source, LADDER[0], target),
    ):
        with pytest.raises(MediaRejected) as rejected:
            await call
        assert rejected.value.reason == reason
    assert not target.exists()


async def test_pictures_come_in_the_sizes_that_exist(studio: Studio) -> None:
    colour, files = await studio.codecs.pictures(studio.picture, [1280, 160, 640])
    assert colour.startswith("#")
    assert len(colour) == 7
    assert [(one.size, one.width, one.height) for one in files] == [(160, 160, 112), (640, 640, 448)]
    assert all(one.data[:4] == b"RIFF" and one.data[8:12] == b"WEBP" for one in files)


async def test_a_small_picture_is_never_blown_up(studio: Studio) -> None:
    _, files = await studio.codecs.pictures(studio.picture, [2000])
    assert [(one.size, one.width, one.height) for one in files] == [(2000, 1000, 700)]


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken"])
async def test_what_is_no_picture_is_rejected(studio: Studio, data: bytes) -> None:
    with pytest.raises(MediaRejected) as rejected:
        await studio.codecs.pictures(data, [160])
    assert rejected.value.reason == "bad_picture"


def check_account(encoded: EncodedFile, rendition: Rendition, *, expected: int) -> None:
    assert encoded.total_samples == expected
    assert encoded.duration_ms == round(expected * 1000 / encoded.sample_rate)
    assert encoded.bytes == encoded.path.stat().st_size
    assert (encoded.sample_rate, encoded.channels) == (rendition.sample_rate, rendition.channels)
    if rendition.codec == "mp3":
        assert (encoded.container, encoded.mime) == ("mp3", "audio/mpeg")
        assert encoded.init_range is encoded.index_range is None
        assert encoded.segments == ()
        assert (encoded.delay_samples + expected + encoded.padding_samples) % 1152 == 0
        return
    assert encoded.container == "mp4"
    assert encoded.mime.startswith("audio/mp4; codecs=")
    assert encoded.init_range is not None
    assert encoded.index_range is not None
    assert encoded.init_range[0] == 0
    assert encoded.index_range[0] == encoded.init_range[1] + 1
    assert encoded.index_range[1] + 1 + sum(size for size, _ in encoded.segments) == encoded.bytes
    assert sum(samples for _, samples in encoded.segments) == expected
    if rendition.codec == "aac":
        assert encoded.delay_samples == 1024
        assert (encoded.delay_samples + expected + encoded.padding_samples) % 1024 == 0
    else:
        assert encoded.delay_samples == encoded.padding_samples == 0


@pytest.mark.parametrize(("format_", "kbps"), [("mp3", 128), ("opus", 96), ("aac", 128), ("flac", None)])
async def test_a_file_is_heard_while_it_is_made(
    studio: Studio, tmp_path: Path, format_: TranscodeFormat, kbps: int | None
) -> None:
    target, told = tmp_path / "growing", list[tuple[int, float]]()
    head = b""

    def grown(size: int, fraction: float) -> None:
        nonlocal head
        head = head or target.read_bytes()
        told.append((size, fraction))

    made = await studio.codecs.transcode(studio.record(seconds=20.0), Transcode(format_, kbps), target, grown)
    assert made.duration_ms == pytest.approx(20_000, abs=1)
    assert made.bytes == target.stat().st_size == told[-1][0]
    sizes = [size for size, _ in told]
    assert len(sizes) > 5
    assert sizes == sorted(set(sizes))
    assert all(0 <= fraction <= 1 for _, fraction in told)
    assert target.read_bytes().startswith(head)  # what somebody may have heard stays as it was
    if kbps is not None:
        assert made.bytes == pytest.approx(kbps * 125 * 20, rel=0.2)


@pytest.mark.parametrize("format_", ["mp3", "opus", "aac", "flac"])
async def test_a_part_of_a_source_is_cut_exactly(studio: Studio, tmp_path: Path, format_: TranscodeFormat) -> None:
    source = studio.record(seconds=10.0)
    for start, end, expected in ((3_000, None, 7_000), (2_500, 6_000, 3_500), (0, 4_000, 4_000)):
        wanted = Transcode(format_, None if format_ == "flac" else 128, start, end)
        made = await studio.codecs.transcode(source, wanted, tmp_path / "part", lambda _size, _fraction: None)
        assert made.duration_ms == pytest.approx(expected, abs=1)
    late = Transcode(format_, None if format_ == "flac" else 128, 20_000)
    with pytest.raises(MediaRejected):
        await studio.codecs.transcode(source, late, tmp_path / "nothing", lambda _size, _fraction: None)
