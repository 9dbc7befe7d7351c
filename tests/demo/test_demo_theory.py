"""Rules of harmony that every writer of the demo relies on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.demo.theory import METRES, MODES, Scale, chord, voicing

symbols = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["C", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]),
        st.sampled_from(["", "m", "7", "maj7", "m7", "maj9", "m9", "9sus4", "6", "add9", "m7b5", "13"]),
    ),
)
scales = st.builds(Scale, st.integers(0, 11), st.sampled_from(sorted(MODES)))


@given(symbols, st.lists(st.integers(52, 74), min_size=4, max_size=4, unique=True))
def test_a_voicing_is_made_of_chord_tones_in_its_range(symbol: str, previous: list[int]) -> None:
    notes = voicing(chord(symbol), 4, 52, 74, previous)
    assert len(set(notes)) == 4
    assert all(52 <= note <= 74 and note in chord(symbol) for note in notes)


@given(symbols)
def test_a_chord_that_stays_does_not_move(symbol: str) -> None:
    first = voicing(chord(symbol), 4, 52, 74)
    assert voicing(chord(symbol), 4, 52, 74, first) == first


@given(symbols, st.integers(30, 90))
def test_the_nearest_tone_belongs_to_the_chord(symbol: str, pitch: int) -> None:
    nearest = chord(symbol).nearest(pitch)
    assert nearest in chord(symbol)
    assert all(abs(pitch - tone) >= abs(pitch - nearest) for tone in chord(symbol).tones(pitch - 12, pitch + 12))


@given(scales, st.integers(-7, 14))
def test_degrees_climb_the_scale(scale: Scale, degree: int) -> None:
    pitch = scale.pitch(degree, 4)
    assert pitch in scale
    assert scale.pitch(degree + 7, 4) == pitch + 12
    assert scale.neighbour(pitch, 1) == scale.pitch(degree + 1, 4)
    assert scale.neighbour(pitch, -1) == scale.pitch(degree - 1, 4)


def test_slashes_name_the_bass() -> None:
    harmony = chord("A/C#")
    assert (harmony.root, harmony.bass) == (9, 1)
    assert harmony.bass_pitch(33) == 37


@pytest.mark.parametrize("symbol", ["H7", "", "c", "Cmaj13#9"])
def test_what_is_no_chord_is_refused(symbol: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        chord(symbol)


def test_metres_add_up() -> None:
    assert {name: metre.length for name, metre in METRES.items()} == {
        "4/4": 4.0, "3/4": 3.0, "6/8": 3.0, "5/4": 5.0, "7/8": 3.5,
    }  # fmt: skip
    assert METRES["7/8"].strong == (0.0, 1.0, 2.0)
