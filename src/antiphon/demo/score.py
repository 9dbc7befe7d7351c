"""What is to be played: notes in beats, the layers that write them and the piece that holds them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from antiphon.demo.theory import METRES, Chord, Metre, Scale, chord, pitch_class


@dataclass(frozen=True)
class Note:
    """A pitch (or a drum's key) at a beat of the piece, both in quarter notes; velocity is 0 to 1."""

    beat: float
    length: float
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Section:
    """Some bars of harmony with the layers that play in it.

    ``chords`` separates bars by ``|``; two chords in a bar share it by its groups. ``phrase`` names a melody.
    """

    name: str
    chords: str
    layers: str
    phrase: str = ""
    level: float = 0.7

    @property
    def bars(self) -> list[list[Chord]]:
        return [[chord(symbol) for symbol in bar.split()] for bar in self.chords.split("|")]


@dataclass(frozen=True)
class Bar:
    """One bar on the time line of a piece. ``position`` counts within its section."""

    index: int
    beat: float
    section_index: int
    section: Section
    position: int
    harmony: tuple[tuple[float, Chord], ...]

    def chord_at(self, offset: float) -> Chord:
        """The chord that sounds ``offset`` quarter notes after the bar line."""
        return [harmony for start, harmony in self.harmony if start <= offset + 1e-6][-1]

    @property
    def last(self) -> bool:
        return self.position == len(self.section.bars) - 1


@dataclass(frozen=True)
class Context:
    """What a writer sees: the piece, only those bars in which its layer plays, and its own source of chance."""

    piece: Piece
    bars: tuple[Bar, ...]
    rng: np.random.Generator


Writer = Callable[[Context], list[Note]]


@dataclass(frozen=True)
class Layer:
    """One instrument with the rule that writes its notes and its place in the mix.

    gain in dB; pan from -1 (left) to 1; reverb and delay are send levels; loose is the spread of timing in ms;
    duck is how far (0 to 1) the kick drum pushes it down.
    """

    instrument: str
    write: Writer
    gain: float = 0.0
    pan: float = 0.0
    reverb: float = 0.25
    delay: float = 0.0
    chorus: bool = False
    loose: float = 6.0
    duck: float = 0.0


@dataclass(frozen=True)
class Piece:
    """A whole composition: harmony, form, melodies and layers. The tempo counts quarter notes a minute."""

    key: str
    mode: str
    metre_name: str
    tempo: float
    seed: int
    sections: tuple[Section, ...]
    layers: dict[str, Layer]
    phrases: dict[str, str] = field(default_factory=dict)
    swing: float = 0.0
    swing_unit: float = 0.5
    slow_down: float = 0.0
    tail: float = 4.0
    reverb_seconds: float = 2.4
    reverb_damping: float = 5000.0
    delay_beats: float = 0.75
    loudness: float = -16.0

    @cached_property
    def scale(self) -> Scale:
        return Scale(pitch_class(self.key), self.mode)

    @cached_property
    def metre(self) -> Metre:
        return METRES[self.metre_name]

    @cached_property
    def timeline(self) -> tuple[Bar, ...]:
        """All bars in order."""
        bars: list[Bar] = []
        for section_index, section in enumerate(self.sections):
            for position, chords in enumerate(section.bars):
                starts = _spread(len(chords), self.metre)
                harmony = tuple(zip(starts, chords, strict=True))
                index = len(bars)
                bars.append(Bar(index, index * self.metre.length, section_index, section, position, harmony))
        return tuple(bars)

    @cached_property
    def beats(self) -> float:
        """Length of the written music in quarter notes."""
        return len(self.timeline) * self.metre.length

    def seconds_at(self, beat: float) -> float:
        """When a beat sounds; the last two bars broaden by ``slow_down``."""
        plain = beat * 60.0 / self.tempo
        late = max(0.0, beat - (self.beats - 2 * self.metre.length))
        return plain + late * late * self.slow_down / (4 * self.metre.length) * 60.0 / self.tempo

    @cached_property
    def seconds(self) -> float:
        """Length of the written music without what rings on after it."""
        return self.seconds_at(self.beats)

    def bars_with(self, layer: str) -> tuple[Bar, ...]:
        """The bars in which a layer plays."""
        return tuple(bar for bar in self.timeline if layer in bar.section.layers.split())

    def head(self, sections: int) -> Piece:
        """The piece cut off after some sections, for a quick listen."""
        return replace(self, sections=self.sections[:sections])


def _spread(count: int, metre: Metre) -> Sequence[float]:
    if count == 1:
        return (0.0,)
    if count == 2:
        return (0.0, metre.strong[len(metre.strong) // 2])
    return metre.strong[:count]
