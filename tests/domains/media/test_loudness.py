"""Albums are measured from their tracks' gating blocks."""

from __future__ import annotations

import math
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.media.loudness import album_loudness, gated_loudness, loudness_range
from antiphon.domains.media.ports import Loudness

levels = st.lists(st.floats(-60.0, -3.0), min_size=1, max_size=200)  # LUFS of blocks that all pass the absolute gate
albums = st.lists(levels, min_size=1, max_size=6)
SILENT_BLOCK = struct.pack("<f", 0.0)


def blocks(lufs: list[float]) -> bytes:
    return struct.pack(f"<{len(lufs)}f", *(10 ** ((level + 0.691) / 10) for level in lufs))


def measured(lufs: list[list[float]]) -> float:
    found = gated_loudness([blocks(track) for track in lufs])
    assert found is not None
    return found


@given(st.floats(-60.0, -3.0), st.integers(1, 300))
def test_steady_sound_is_as_loud_as_its_blocks(level: float, count: int) -> None:
    assert measured([[level] * count]) == pytest.approx(level, abs=1e-4)
    assert loudness_range([blocks([level] * count)]) == pytest.approx(0.0, abs=1e-4)


@given(levels)
def test_an_album_of_one_track_is_the_track(track: list[float]) -> None:
    data = blocks(track)
    single = album_loudness([Loudness(gated_loudness([data]), -1.0, loudness_range([data]), data)])
    assert (single.integrated_lufs, single.range_lu) == (gated_loudness([data]), loudness_range([data]))
    assert single.true_peak_dbtp == -1.0


@given(albums.flatmap(lambda album: st.tuples(st.just(album), st.permutations(album))))
def test_the_order_of_tracks_does_not_matter(orders: tuple[list[list[float]], list[list[float]]]) -> None:
    album, shuffled = orders
    assert measured(album) == measured(shuffled)


@given(albums, st.floats(-6.0, 3.0))
def test_gain_shifts_loudness_by_itself(album: list[list[float]], gain: float) -> None:
    audible = [[max(level, -60.0) for level in track] for track in album]
    louder = [[level + gain for level in track] for track in audible]
    assert measured(louder) == pytest.approx(measured(audible) + gain, abs=1e-3)


@given(albums, st.integers(1, 500))
def test_silence_changes_nothing(album: list[list[float]], count: int) -> None:
    data = [blocks(track) for track in album]
    assert gated_loudness([*data, SILENT_BLOCK * count]) == gated_loudness(data)


@given(levels)
def test_loudness_lies_between_quietest_and_loudest(track: list[float]) -> None:
    assert min(track) - 1e-3 <= measured([track]) <= max(track) + 1e-3


def test_silence_has_no_loudness() -> None:
    assert gated_loudness([SILENT_BLOCK * 100]) is None
    assert loudness_range([SILENT_BLOCK * 100]) is None
    assert gated_loudness([]) is None
    assert album_loudness([]) == Loudness(None, None, None, b"")


def test_the_relative_gate_leaves_quiet_passages_out() -> None:
    loud, quiet = [-20.0] * 100, [-40.0] * 100
    assert measured([loud + quiet]) == pytest.approx(-20.0, abs=1e-3)


def test_range_spans_quiet_and_loud_halves() -> None:
    span = loudness_range([blocks([-30.0] * 600 + [-20.0] * 600)])
    assert span == pytest.approx(10.0, abs=0.1)


def test_the_loudest_peak_of_an_album_counts() -> None:
    silent = Loudness(None, None, None, SILENT_BLOCK)
    loud = Loudness(-14.0, 0.3, 2.0, blocks([-14.0] * 50))
    quiet = Loudness(-20.0, -6.0, 2.0, blocks([-20.0] * 50))
    assert album_loudness([silent, quiet, loud]).true_peak_dbtp == 0.3


def test_ten_hours_take_about_a_second() -> None:
    data = blocks([-20.0 + 6 * math.sin(block / 50) for block in range(360_000)])
    start = time.perf_counter()
    assert gated_loudness([data]) is not None
    assert loudness_range([data]) is not None
    assert time.perf_counter() - start < 20  # a guard against quadratic work, not a measurement
