"""Pitches, scales, chords and metres. Pitches are MIDI numbers (60 = C4); lengths are in quarter notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "b": -1}

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "hijaz": (0, 1, 4, 5, 7, 8, 10),
}

_QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 7, 10, 14),
    "13": (0, 4, 10, 14, 21),
    "7b9": (0, 4, 7, 10, 13),
    "add9": (0, 4, 7, 14),
    "69": (0, 4, 7, 9, 14),
    "maj7": (0, 4, 7, 11),
    "maj9": (0, 4, 7, 11, 14),
    "maj7#11": (0, 4, 7, 11, 18),
    "m": (0, 3, 7),
    "m6": (0, 3, 7, 9),
    "m7": (0, 3, 7, 10),
    "m9": (0, 3, 7, 10, 14),
    "m11": (0, 3, 7, 10, 14, 17),
    "madd9": (0, 3, 7, 14),
    "m7b5": (0, 3, 6, 10),
    "dim": (0, 3, 6),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "9sus4": (0, 5, 7, 10, 14),
}

_CHORD = re.compile(r"([A-G])([#b]?)([^/]*)(?:/([A-G])([#b]?))?")


def pitch_class(name: str) -> int:
    """The pitch class 0 to 11 of a note name such as ``Bb``."""
    return (_LETTERS[name[0]] + _ACCIDENTALS[name[1:]]) % 12


@dataclass(frozen=True)
class Scale:
    """Seven pitch classes above a tonic."""

    tonic: int
    mode: str

    @cached_property
    def pitch_classes(self) -> frozenset[int]:
        return frozenset((self.tonic + step) % 12 for step in MODES[self.mode])

    def pitch(self, degree: int, octave: int) -> int:
        """The pitch of a degree counted from 1 (the tonic of ``octave``); 8 is the octave, 0 the step below."""
        octaves, step = divmod(degree - 1, 7)
        return 12 * (octave + 1 + octaves) + self.tonic + MODES[self.mode][step]

    def __contains__(self, pitch: int) -> bool:
        return pitch % 12 in self.pitch_classes

    def neighbour(self, pitch: int, direction: int) -> int:
        """The next scale pitch above (+1) or below (-1)."""
        step = pitch + direction
        while step % 12 not in self.pitch_classes:
            step += direction
        return step


@dataclass(frozen=True)
class Chord:
    """A chord symbol, taken apart."""

    symbol: str
    root: int
    bass: int
    intervals: tuple[int, ...]

    @cached_property
    def pitch_classes(self) -> frozenset[int]:
        return frozenset((self.root + interval) % 12 for interval in self.intervals) | {self.bass}

    def __contains__(self, pitch: int) -> bool:
        return pitch % 12 in self.pitch_classes

    def nearest(self, pitch: int) -> int:
        """The chord tone closest to a pitch, the lower one of two as close."""
        return min(range(pitch - 6, pitch + 7), key=lambda p: (p % 12 not in self.pitch_classes, abs(p - pitch), p))

    def bass_pitch(self, low: int) -> int:
        """The bass note in the octave from ``low`` upwards."""
        return low + (self.bass - low) % 12

    def tones(self, low: int, high: int) -> list[int]:
        """All chord tones from ``low`` to ``high``."""
        return [pitch for pitch in range(low, high + 1) if pitch in self]


@lru_cache(maxsize=256)
def chord(symbol: str) -> Chord:
    """Reads a symbol such as ``Bbmaj9`` or ``F/A``; an unknown one is a KeyError or ValueError."""
    match = _CHORD.fullmatch(symbol)
    if match is None:
        raise ValueError(f"not a chord symbol: {symbol}")
    letter, accidental, quality, bass_letter, bass_accidental = match.groups()
    root = pitch_class(letter + accidental)
    bass = pitch_class(bass_letter + bass_accidental) if bass_letter else root
    return Chord(symbol, root, bass, _QUALITIES[quality])


def voicing(harmony: Chord, size: int, low: int, high: int, previous: Iterable[int] = ()) -> tuple[int, ...]:
    """Chooses ``size`` chord tones between two pitches that move least from the previous chord.

    The thirds and sevenths are kept before fifths and roots, since the bass states the root elsewhere.
    """
    last = sorted(previous)
    wanted = _colours(harmony, size)
    best: tuple[float, tuple[int, ...]] | None = None
    for notes in combinations([p for p in range(low, high + 1) if p % 12 in wanted], size):
        missing = len(wanted) - len({p % 12 for p in notes})
        gaps = [b - a for a, b in pairwise(notes)]
        crowded = sum(gap < 2 for gap in gaps) + sum(gap > 9 for gap in gaps)
        if last and len(last) == size:
            motion = float(sum(abs(a - b) for a, b in zip(last, notes, strict=True)))
        else:
            motion = abs(sum(notes) / size - (low + high) / 2)
        cost = 12 * missing + 4 * crowded + motion
        if best is None or cost < best[0]:
            best = (cost, notes)
    if best is None:
        raise ValueError(f"no voicing of {harmony.symbol} with {size} notes in {low}-{high}")
    return best[1]


def _colours(harmony: Chord, size: int) -> list[int]:
    order = sorted(harmony.intervals, key=lambda i: (i % 12 in (0, 7), i % 12 == 7, i))
    classes = [(harmony.root + interval) % 12 for interval in order]
    return classes[:size] if len(classes) > size else classes


@dataclass(frozen=True)
class Metre:
    """A time signature with the way its beats are grouped, e.g. 7/8 as 2+2+3 eighths, and where the weight falls."""

    name: str
    groups: tuple[float, ...]
    stressed: tuple[float, ...]

    @cached_property
    def length(self) -> float:
        """Quarter notes in a bar."""
        return sum(self.groups)

    @cached_property
    def strong(self) -> tuple[float, ...]:
        """Where the groups begin, in quarter notes from the bar line."""
        return tuple(self._starts())

    def _starts(self) -> Iterator[float]:
        position = 0.0
        for group in self.groups:
            yield position
            position += group


METRES = {
    "4/4": Metre("4/4", (1.0, 1.0, 1.0, 1.0), (0.0, 2.0)),
    "3/4": Metre("3/4", (1.0, 1.0, 1.0), (0.0,)),
    "6/8": Metre("6/8", (1.5, 1.5), (0.0, 1.5)),
    "5/4": Metre("5/4", (3.0, 2.0), (0.0, 3.0)),
    "7/8": Metre("7/8", (1.0, 1.0, 1.5), (0.0, 2.0)),
}
