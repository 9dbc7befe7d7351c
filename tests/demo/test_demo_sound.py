"""What comes out of the generator: level, length, determinism and joins, from shortened pieces where they will do."""

from __future__ import annotations

import dataclasses
import io
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.wave import WAVE

from antiphon.demo import DemoAlbum, demo_albums, render_albums, render_track
from antiphon.demo import pieces_ambient as ambient
from antiphon.demo import pieces_chamber as chamber
from antiphon.demo import pieces_groove as groove
from antiphon.demo.effects import limit, loudness, reverb
from antiphon.demo.render import suite, suite_lengths
from antiphon.demo.score import Piece
from antiphon.demo.studio import wav
from antiphon.demo.synth import SAMPLE_RATE, Sound, modal, pad_table, subtractive

SHORT = [ambient.CALM.head(1), groove.WINDOW_SEAT.head(2), chamber.LANTERN_JIG.head(2)]


def pcm(file: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 44_100)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)


@pytest.mark.parametrize("piece", SHORT, ids=["ambient", "groove", "chamber"])
def test_a_piece_is_loud_enough_never_clips_and_comes_out_the_same_twice(piece: Piece) -> None:
    (sound,) = suite((piece,))
    assert sound.shape == (2, suite_lengths((piece,))[0])
    assert float(np.abs(sound).max()) < 0.9
    assert loudness(sound) == pytest.approx(piece.loudness, abs=0.5)
    assert -18.5 < loudness(sound) < -13.5
    assert abs(float(sound.mean())) < 0.002
    left, right = sound
    assert np.corrcoef(left, right)[0, 1] < 0.98
    assert not sound[:, -1].any()
    assert wav(sound) == wav(suite((piece,))[0])


def test_a_gapless_pair_joins_without_a_step() -> None:
    end = dataclasses.replace(groove.DEPOT, sections=groove.DEPOT.sections[-1:])
    first, second = suite((end, groove.NIGHT_BUS.head(1)))
    around = np.concatenate([first[:, -4410:], second[:, :4410]], axis=1)
    steps = np.abs(np.diff(around, axis=1)).max(axis=0)
    assert steps[4409] < 0.05
    assert steps[4409] <= steps.max()
    assert np.sqrt(np.mean(first[:, -4410:] ** 2)) > 0.02
    assert np.sqrt(np.mean(second[:, :4410] ** 2)) > 0.02


def test_parts_of_a_suite_are_cut_where_the_written_music_ends() -> None:
    pair = (ambient.SNOW_LIGHT, ambient.HARBOUR)
    lengths = suite_lengths(pair)
    assert lengths[0] == round(ambient.SNOW_LIGHT.seconds * SAMPLE_RATE)
    assert lengths[1] == round((ambient.HARBOUR.seconds + ambient.HARBOUR.tail) * SAMPLE_RATE)


def test_a_whole_track_is_a_tagged_wav_of_the_promised_length() -> None:
    album = demo_albums()[0]
    track = album.tracks[0]
    file = render_track(track)
    samples = pcm(file)
    assert len(samples) == track.samples
    assert round(len(samples) / 44.1) == track.duration_ms
    assert np.abs(samples).max() < 0.9 * 32_768
    tags = WAVE(io.BytesIO(file)).tags
    assert tags["TIT2"].text == [track.title]
    assert tags["TPE1"].text == [album.artist.name]
    assert tags["TALB"].text == [album.title]
    assert tags["TRCK"].text == [f"{track.number}/{len(album.tracks)}"]
    assert tags["TCON"].text == list(track.genres)


def test_albums_are_rendered_in_order_and_tell_how_far_they_are() -> None:
    album = small_album()
    heard: list[tuple[int, int, str]] = []
    made = list(render_albums((album,), lambda done, total, track: heard.append((done, total, track.key))))
    assert [track.key for _, track, _ in made] == [track.key for track in album.tracks]
    assert heard == [(1, 2, album.tracks[0].key), (2, 2, album.tracks[1].key)]
    assert all(len(pcm(file)) == track.samples for _, track, file in made)


def small_album() -> DemoAlbum:
    album = demo_albums()[-1]
    pair = (groove.DEPOT.head(1), dataclasses.replace(groove.NIGHT_BUS, sections=groove.NIGHT_BUS.sections[-1:]))
    tracks = tuple(dataclasses.replace(track, suite=pair) for track in album.tracks[:2])
    return dataclasses.replace(album, tracks=tracks)


@pytest.mark.parametrize(("frequency", "expected"), [(997.0, -20.0), (100.0, -21.5)])
def test_loudness_agrees_with_the_standard_on_tones(frequency: float, expected: float) -> None:
    tone = 0.1 * np.sin(2 * np.pi * frequency * np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE)
    assert loudness(np.stack([tone, tone]).astype(np.float32)) == pytest.approx(expected, abs=0.4)


def test_silence_has_no_loudness() -> None:
    assert loudness(np.zeros((2, SAMPLE_RATE), np.float32)) == float("-inf")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 8.0), st.floats(0.3, 0.95))
def test_nothing_gets_past_the_limiter(seed: int, gain: float, ceiling: float) -> None:
    rng = np.random.default_rng(seed)
    bursts = (rng.random(20_000) > 0.999) * gain + 0.1
    sound = (rng.standard_normal((2, 20_000)) * bursts).astype(np.float32)
    assert float(np.abs(limit(sound, ceiling)).max()) <= ceiling + 1e-6


def test_what_is_below_the_ceiling_passes_the_limiter_untouched() -> None:
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 5_000)).astype(np.float32)
    assert np.array_equal(limit(sound.copy(), 0.6), sound)


def test_reverb_is_a_convolution_across_its_blocks() -> None:
    rng = np.random.default_rng(2)
    response = rng.standard_normal((2, 1000)).astype(np.float32)
    sound = np.zeros((2, 600_000), np.float32)
    places = [0, 261_000, 261_600, 599_500]
    for place in places:
        sound[:, place] = 1.0
    wanted: Sound = np.zeros((2, 601_000), np.float32)
    for place in places:
        wanted[:, place : place + 1000] += response
    out = np.zeros_like(sound)
    reverb(sound, response, out)
    assert np.allclose(out, wanted[:, :600_000], atol=1e-4)


def test_modes_are_decaying_sines() -> None:
    got = modal(np.array([440.0, 1000.0]), np.array([1.0, 0.5]), np.array([0.5, 1.0]), 0.25)
    time = np.arange(got.size) / SAMPLE_RATE
    first = np.cos(2 * np.pi * 440 * time) * 10 ** (-3 * time / 0.5)
    second = 0.5 * np.cos(2 * np.pi * 1000 * time) * 10 ** (-3 * time / 1.0)
    assert np.allclose(got, first + second, atol=2e-3)


def test_a_swept_waveform_does_not_alias() -> None:
    pitch = 1000 * SAMPLE_RATE / 32_768
    size = 32_768
    sound = subtractive("saw", np.full(size, pitch), np.full(size, 4_000.0))
    spectrum = np.abs(np.fft.rfft(sound))
    harmonics = np.zeros(spectrum.size, bool)
    for step in (-1, 0, 1):
        harmonics[1000 + step :: 1000] = True
    assert spectrum[~harmonics].max() < 0.01 * spectrum.max()


def test_a_pad_loop_has_no_seam() -> None:
    loop = pad_table(220.0, lambda hertz: 1.0 / (1.0 + hertz / 900.0), np.random.default_rng(3))
    seam = np.abs(loop[:, 0] - loop[:, -1]).max()
    assert seam < np.abs(np.diff(loop, axis=1)).max()
