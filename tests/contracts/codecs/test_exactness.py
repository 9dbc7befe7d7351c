"""Bit for bit, sample for sample: what the encoders keep, and what the meters say of known sound."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.ports import Rendition
from tests.support.audio import noise, samples_of, silence, tone, transcode, write_wav


def flac(rate: int, channels: int, depth: int) -> Rendition:
    return Rendition("flac", "flac", None, rate, channels, bit_depth=depth)


def as_encoded(samples: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What a 16 or 24 bit FLAC of these samples must decode to."""
    if samples.dtype == np.uint8:
        return (samples.astype(np.int16) - 128) << 8
    if samples.dtype.kind == "f":
        scaled = np.rint(samples.astype(np.float64) * 2**23)
        return np.clip(scaled, -(2**23), 2**23 - 1).astype(np.int32) << 8
    return samples >> 8 << 8 if samples.dtype == np.int32 else samples


@pytest.mark.parametrize("bits", [8, 16, 20, 24, 32, "float", "double"])
async def test_flac_is_the_source_bit_for_bit(local: LocalCodecs, tmp_path: Path, bits: int | str) -> None:
    source = write_wav(tmp_path / "a.wav", noise(2.345, dbfs=0.0), bits=bits)
    facts = await local.probe(source)
    assert facts.float_samples == isinstance(bits, str)
    depth = 16 if facts.bit_depth is not None and facts.bit_depth <= 16 else 24
    encoded = await local.encode(source, flac(44_100, 2, depth), tmp_path / "a.mp4")
    expected, _ = samples_of(source)
    kept, rate = samples_of(encoded.path)
    assert rate == 44_100
    np.testing.assert_array_equal(kept, as_encoded(expected))


@pytest.mark.parametrize(
    ("channels", "mask"), [(1, None), (3, None), (4, 0x33), (5, 0x37), (6, 0x60F), (7, 0x70F), (8, 0x63F), (8, None)]
)
async def test_flac_keeps_every_channel_and_aac_mixes_down(
    local: LocalCodecs, tmp_path: Path, channels: int, mask: int | None
) -> None:
    source = write_wav(tmp_path / "a.wav", noise(1.0, channels=channels), mask=mask)
    assert (await local.probe(source)).channels == channels
    assert (await local.analyse(source)).total_samples == 44_100
    narrow = min(2, channels)
    whole, mixed = await local.encode_many(
        source, [flac(44_100, channels, 16), Rendition("aac_64", "aac", 64, 44_100, narrow)], tmp_path
    )
    np.testing.assert_array_equal(samples_of(whole.path)[0], samples_of(source)[0])
    assert samples_of(mixed.path)[0].shape[1] == narrow


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000, 96_000, 192_000])
async def test_rates(local: LocalCodecs, tmp_path: Path, rate: int) -> None:
    source = write_wav(tmp_path / "a.wav", noise(1.5, rate=rate), rate=rate, bits=24)
    low = min(rate, 48_000)
    whole, aac, mp3 = await local.encode_many(
        source,
        [flac(rate, 2, 24), Rendition("aac_128", "aac", 128, low, 2), Rendition("mp3_128", "mp3", 128, low, 2)],
        tmp_path,
    )
    np.testing.assert_array_equal(samples_of(whole.path)[0], samples_of(source)[0])
    assert aac.total_samples == mp3.total_samples == round(1.5 * low)
    assert len(samples_of(mp3.path)[0]) == mp3.total_samples
    assert samples_of(aac.path)[1] == low


@pytest.mark.parametrize("seconds", [0.05, 1.0, 9.87])
async def test_gapless_start_and_end(local: LocalCodecs, tmp_path: Path, seconds: float) -> None:
    """A decoder that honours the edit list begins with the first sample; the account says where the sound ends."""
    source = write_wav(tmp_path / "a.wav", tone(seconds, dbfs=-6.0))
    total = round(seconds * 44_100)
    aac, mp3 = await local.encode_many(
        source, [Rendition("aac_320", "aac", 320, 44_100, 2), Rendition("mp3_320", "mp3", 320, 44_100, 2)], tmp_path
    )
    expected = samples_of(source)[0][:, 0] / 32768
    for encoded, padding in ((aac, aac.padding_samples), (mp3, 0)):
        heard = samples_of(encoded.path)[0][:, 0]
        assert len(heard) - padding == encoded.total_samples == total
        middle = slice(total // 4, total * 3 // 4)
        assert np.abs(heard[:total][middle] - expected[middle]).max() < 0.03  # a shift by one sample would be 0.07


async def test_the_header_tells_players_how_long_the_sound_is(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", tone(5.0))
    encoded = await local.encode(source, Rendition("aac_128", "aac", 128, 44_100, 2), tmp_path / "a.mp4")
    assert encoded.init_range is not None
    header = encoded.path.read_bytes()[: encoded.init_range[1] + 1]
    boxes = dict(walk(header))
    edits = boxes["moov.trak.edts.elst"]
    assert struct.unpack(">IIi", edits[4:16]) == (1, 220_500, 1024)
    movie_rate = struct.unpack(">I", boxes["moov.mvhd"][12:16])[0]
    assert movie_rate == 44_100
    smpb = f"{1024:08X} {encoded.padding_samples:08X} {220_500:016X}"
    assert smpb.encode() in boxes["moov.udta"]


async def test_index_points_at_fragments(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", tone(13.0))
    for rendition in (Rendition("aac_128", "aac", 128, 44_100, 2), flac(44_100, 2, 16)):
        encoded = await local.encode(source, rendition, tmp_path / f"{rendition.quality}.mp4")
        data = encoded.path.read_bytes()
        assert encoded.index_range is not None
        assert data[encoded.index_range[0] + 4 :][:4] == b"sidx"
        position = encoded.index_range[1] + 1
        assert len(encoded.segments) == 4
        for size, samples in encoded.segments:
            assert data[position + 4 : position + 8] == b"moof"
            assert 0 < samples <= 4.2 * 44_100
            position += size
        assert position == len(data)


async def test_a_preview_fades(local: LocalCodecs, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", tone(20.0, dbfs=-6.0))
    preview = Rendition("preview", "aac", 128, 44_100, 2, start_ms=6000, length_ms=8000)
    encoded = await local.encode(source, preview, tmp_path / "a.mp4")
    heard = np.abs(samples_of(encoded.path)[0][:, 0])
    assert encoded.total_samples == 8 * 44_100
    assert heard[:400].max() < 0.05
    assert heard[4 * 44_100 : 5 * 44_100].max() == pytest.approx(0.5, abs=0.03)
    assert heard[-2000:].max() < 0.05


async def test_a_sine_is_as_loud_as_the_standard_says(local: LocalCodecs, tmp_path: Path) -> None:
    """EBU Tech 3341, case 1 and 2: a stereo 1 kHz sine of -23 dBFS peak is -23 LUFS."""
    for dbfs in (-23.0, -33.0):
        signal = tone(20.0, rate=48_000, hertz=1000.0, dbfs=dbfs)
        source = write_wav(tmp_path / "a.wav", signal, rate=48_000, bits=24)
        found = (await local.analyse(source)).loudness
        assert found.integrated_lufs == pytest.approx(dbfs, abs=0.1)
        assert found.true_peak_dbtp == pytest.approx(dbfs, abs=0.1)
        assert found.range_lu == pytest.approx(0.0, abs=0.1)


async def test_the_gate_leaves_pauses_out(local: LocalCodecs, tmp_path: Path) -> None:
    """EBU Tech 3341, case 3: quiet passages before and after do not count."""
    rate = 48_000
    parts = [tone(seconds, rate=rate, hertz=1000.0, dbfs=dbfs) for seconds, dbfs in ((10, -36), (60, -23), (10, -36))]
    source = write_wav(tmp_path / "a.wav", np.concatenate(parts), rate=rate, bits=24)
    assert (await local.analyse(source)).loudness.integrated_lufs == pytest.approx(-23.0, abs=0.1)


async def test_the_waveform_follows_the_sound(local: LocalCodecs, tmp_path: Path) -> None:
    signal = np.concatenate([tone(5.0, dbfs=-6.0), silence(5.0), tone(5.0, dbfs=-20.0)])
    found = await local.analyse(write_wav(tmp_path / "a.wav", signal))
    third = len(found.peaks) // 3
    assert set(found.peaks[10 : third - 10]) == {128}
    assert set(found.peaks[third + 10 : 2 * third - 10]) == {0}
    assert set(found.peaks[2 * third + 10 : -10]) <= {25, 26}
    assert found.rms[third // 2] == pytest.approx(128 / np.sqrt(2), abs=2)


async def test_broken_floats_do_not_spoil_the_rest(local: LocalCodecs, tmp_path: Path) -> None:
    signal = tone(4.0, rate=48_000, hertz=1000.0, dbfs=-23.0)
    signal[1000] = np.nan
    signal[2000] = np.inf
    source = write_wav(tmp_path / "a.wav", signal, rate=48_000, bits="float")
    assert (await local.analyse(source)).loudness.integrated_lufs is not None
    (aac,) = await local.encode_many(source, [Rendition("aac_64", "aac", 64, 48_000, 2)], tmp_path)
    assert aac.total_samples == 4 * 48_000


FORMATS = {  # ending → codec, lossless, samples more or less than the source has
    "flac": ("flac", True, 0),
    "mp3": ("mp3", False, 0),
    "m4a": ("aac", False, 0),
    "alac.m4a": ("alac", True, 0),
    "ogg": ("vorbis", False, 64),
    "opus": ("opus", False, 0),
    "wv": ("wavpack", True, 0),
    "aiff": ("pcm_s16be", True, 0),
    "wma": ("wmav2", False, 2048),
    "tta": ("tta", True, 0),
    "mka": ("flac", True, 0),
    "caf": ("pcm_s24le", True, 0),
    "au": ("pcm_s16be", True, 0),
    "w64": ("pcm_s16le", True, 0),
    "adts": ("aac", False, 2048),
}


@pytest.mark.parametrize("ending", FORMATS)
async def test_every_common_format(local: LocalCodecs, tmp_path: Path, ending: str) -> None:
    wav = write_wav(tmp_path / "a.wav", tone(4.321, rate=48_000, dbfs=-20.0), rate=48_000)
    title = "Дорога — 道 🎸"
    source = transcode(wav, tmp_path / "source", ending, metadata={"title": title})
    codec, lossless, tolerance = FORMATS[ending]
    facts = await local.probe(source)
    found = await local.analyse(source)
    assert (facts.codec, facts.lossless, facts.sample_rate, facts.channels) == (codec, lossless, 48_000, 2)
    assert facts.bit_depth == (None if not lossless else 24 if ending == "caf" else 16)
    assert abs(found.total_samples - round(4.321 * 48_000)) <= tolerance
    assert found.loudness.integrated_lufs == pytest.approx(-20.0, abs=0.3)
    if ending not in ("w64", "adts", "aiff"):  # these carry no tags, or no Unicode
        assert facts.tags.title == title


def walk(data: bytes, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Path and body of each box."""
    position = 0
    while position + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + size]
        path = f"{prefix}{kind.decode('latin-1')}"
        yield path, body
        if kind in (b"moov", b"trak", b"edts", b"mdia"):
            yield from walk(body, f"{path}.")
        position += size
