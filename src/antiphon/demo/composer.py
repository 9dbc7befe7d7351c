"""The writers: rules that turn harmony and form into notes for one layer.

Patterns are strings with one character a step: ``x`` a note, ``X`` an accent, ``o`` a quiet one, ``.`` silence.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from antiphon.demo.score import Bar, Context, Note, Writer
from antiphon.demo.theory import Chord, voicing

_WEIGHT = {"X": 1.0, "x": 0.78, "o": 0.42}
_KEYS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "hat": 42, "shaker": 70, "open": 46, "ride": 51, "low_tom": 45,
    "high_tom": 50, "dum": 60, "tek": 61, "ka": 62, "jingle": 54, "crash": 49,
}  # fmt: skip


def pad(size: int = 4, low: int = 52, high: int = 74, overlap: float = 0.5) -> Writer:
    """Holds each chord, every voice moving as little as it can."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        voices: tuple[int, ...] = ()
        for bar in context.bars:
            for start, length, harmony in _chords(bar, context.piece.metre.length):
                voices = voicing(harmony, size, low, high, voices)
                velocity = 0.45 + 0.4 * bar.section.level
                notes += [Note(bar.beat + start, length + overlap, pitch, velocity) for pitch in voices]
        return _join(notes, overlap)

    return write


def arpeggio(
    shape: str, unit: float, *, size: int = 4, low: int = 50, high: int = 76, ring: float = 1.0, accent: float = 0.18
) -> Writer:
    """Breaks each chord by the digits of ``shape`` (0 the lowest voice); other characters are rests."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        voices: tuple[int, ...] = ()
        strong = context.piece.metre.strong
        for bar in context.bars:
            for step in range(round(context.piece.metre.length / unit)):
                offset = step * unit
                mark = shape[step % len(shape)]
                harmony = bar.chord_at(offset)
                if offset == 0.0 or harmony is not bar.chord_at(offset - unit):
                    voices = voicing(harmony, size, low, high, voices)
                if mark.isdigit():
                    pitch = voices[int(mark) % size] + 12 * (int(mark) // size)
                    velocity = 0.3 + 0.4 * bar.section.level + (accent if offset in strong else 0.0)
                    notes.append(Note(bar.beat + offset, unit * ring, pitch, velocity))
        return notes

    return write


def comp(*patterns: str, unit: float, size: int = 4, low: int = 52, high: int = 74, gate: float = 0.9) -> Writer:
    """Plays whole chords in a rhythm; the patterns take turns bar by bar."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        voices: tuple[int, ...] = ()
        previous: Chord | None = None
        for bar in context.bars:
            pattern = patterns[bar.position % len(patterns)]
            for offset, length, weight in _steps(pattern, unit):
                harmony = bar.chord_at(offset)
                if harmony is not previous:
                    voices, previous = voicing(harmony, size, low, high, voices), harmony
                spread = 0.012 * context.piece.tempo / 60
                for number, pitch in enumerate(voices):
                    velocity = weight * (0.5 + 0.4 * bar.section.level) * (0.92 if number else 1.0)
                    notes.append(Note(bar.beat + offset + number * spread, length * gate, pitch, velocity))
        return notes

    return write


def bass(*patterns: str, unit: float, low: int = 33, gate: float = 0.92) -> Writer:
    """A bass line: ``R`` root, ``3`` third, ``5`` fifth, ``8`` octave, ``a`` a step to the next chord, ``-`` holds."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        following = {bar.index: after for bar, after in pairwise(context.bars)}
        for bar in context.bars:
            pattern = patterns[bar.position % len(patterns)]
            for step, mark in enumerate(pattern):
                if mark in ".-":
                    continue
                offset = step * unit
                held = len(pattern[step + 1 :]) - len(pattern[step + 1 :].lstrip("-")) + 1
                harmony = bar.chord_at(offset)
                pitch = _bass_pitch(mark, harmony, low)
                if mark == "a":
                    ahead = following.get(bar.index, bar).chord_at(0.0)
                    pitch = _approach(context, ahead.bass_pitch(low), harmony.bass_pitch(low))
                strength = 0.62 + 0.25 * bar.section.level + (0.08 if offset in context.piece.metre.strong else 0.0)
                notes.append(Note(bar.beat + offset, held * unit * gate, pitch, strength))
        return notes

    return write


def _bass_pitch(mark: str, harmony: Chord, low: int) -> int:
    root = harmony.bass_pitch(low)
    if mark == "8":
        return root + 12
    if mark in "35":
        above = [pitch for pitch in range(root + (3 if mark == "3" else 6), root + 13) if pitch in harmony]
        return above[0]
    return root


def _approach(context: Context, target: int, origin: int) -> int:
    return context.piece.scale.neighbour(target, -1 if origin < target else 1)


def drone(degree: int, octave: int, fifth: bool = False) -> Writer:
    """Holds a degree of the scale through every run of bars."""

    def write(context: Context) -> list[Note]:
        pitches = [context.piece.scale.pitch(degree, octave)]
        if fifth:
            pitches.append(pitches[0] + 7)
        return [Note(start, length, pitch, level) for start, length, level in _runs(context) for pitch in pitches]

    return write


def texture() -> Writer:
    """One long sound for every run of bars: the sea, a crackle of vinyl."""

    def write(context: Context) -> list[Note]:
        return [Note(start, length, 60, level) for start, length, level in _runs(context)]

    return write


def sparkle(chance: float, unit: float, low: int = 76, high: int = 93) -> Writer:
    """Lets single chord tones fall here and there, never the same one twice running."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        last = 0
        for bar in context.bars:
            for step in range(round(context.piece.metre.length / unit)):
                if context.rng.random() < chance * (0.5 + bar.section.level):
                    tones = [p for p in bar.chord_at(step * unit).tones(low, high) if p != last]
                    last = int(context.rng.choice(tones))
                    velocity = 0.3 + 0.4 * float(context.rng.random()) * bar.section.level
                    notes.append(Note(bar.beat + step * unit, 4 * unit, last, velocity))
        return notes

    return write


def drums(unit: float, fill: str = "", every: int = 4, **patterns: str) -> Writer:
    """A kit: a pattern for each drum, bars of a longer pattern separated by ``|``; ``fill`` closes the phrases.

    A fill is a row of ``s`` snare, ``t`` high tom, ``f`` floor tom, ``k`` kick, ``r`` rim,
    ``d`` dum, ``e`` tek over the bar's end.
    """
    rows = {name: pattern.split("|") for name, pattern in patterns.items()}
    strokes = {"s": "snare", "t": "high_tom", "f": "low_tom", "k": "kick", "d": "dum", "e": "tek", "r": "rim"}

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        length = context.piece.metre.length
        for bar in context.bars:
            filling = bool(fill) and (bar.last or bar.position % every == every - 1) and bar.section.level > 0.45
            turn = length - len(fill) * unit if filling else length
            for name, bars in rows.items():
                for offset, _, weight in _steps(bars[bar.position % len(bars)], unit):
                    if offset < turn or name in ("kick", "hat"):
                        velocity = weight * (0.6 + 0.35 * bar.section.level)
                        notes.append(Note(bar.beat + offset, unit, _KEYS[name], velocity))
            if filling:
                for step, mark in enumerate(fill):
                    if mark in strokes:
                        rise = 0.45 + 0.4 * step / len(fill)
                        notes.append(Note(bar.beat + turn + step * unit, unit, _KEYS[strokes[mark]], rise))
        return notes

    return write


def landings() -> Writer:
    """A crash cymbal where a section begins."""

    def write(context: Context) -> list[Note]:
        starts = [bar for bar in context.bars if bar.position == 0]
        return [Note(bar.beat, 1.0, _KEYS["crash"], 0.35 + 0.5 * bar.section.level) for bar in starts]

    return write


def melody(octave: int, *, ornament: float = 0.3, legato: float = 0.96) -> Writer:
    """Sings the section's phrase; each time it comes back it is varied a little more."""

    def write(context: Context) -> list[Note]:
        heard: dict[str, int] = {}
        notes: list[Note] = []
        for bars in _phrased(context):
            name = bars[0].section.phrase
            turn = heard.get(name, 0)
            heard[name] = turn + 1
            line = _sing(context, bars, octave)
            notes += _vary(context, line, ornament * min(turn, 2)) if turn else line
        return [Note(n.beat, n.length * legato, n.pitch, n.velocity) for n in notes]

    return write


def harmony_line(octave: int, below: int = 3) -> Writer:
    """A second voice under the melody: the chord tone at least ``below`` semitones lower, on the longer notes."""

    def write(context: Context) -> list[Note]:
        notes: list[Note] = []
        for bars in _phrased(context):
            for note in _sing(context, bars, octave):
                if note.length < 0.75:
                    continue
                bar = next(bar for bar in reversed(bars) if bar.beat <= note.beat + 1e-6)
                tones = bar.chord_at(note.beat - bar.beat).tones(note.pitch - 12, note.pitch - below)
                notes.append(Note(note.beat, note.length, tones[-1], note.velocity * 0.7))
        return notes

    return write


def ending(degrees: str, octave: int, roll: float = 0.12, length: float = 8.0) -> Writer:
    """Rolls one last chord on the final bar line of the layer's bars."""

    def write(context: Context) -> list[Note]:
        last = context.bars[-1]
        pitches = [context.piece.scale.pitch(int(degree), octave) for degree in degrees.split()]
        return [Note(last.beat + i * roll, length, pitch, 0.5 - 0.02 * i) for i, pitch in enumerate(pitches)]

    return write


def both(*writers: Writer) -> Writer:
    """Joins writers whose notes one instrument plays."""
    return lambda context: [note for writer in writers for note in writer(context)]


def _chords(bar: Bar, length: float) -> list[tuple[float, float, Chord]]:
    ends = [start for start, _ in bar.harmony[1:]] + [length]
    return [(start, end - start, harmony) for (start, harmony), end in zip(bar.harmony, ends, strict=True)]


def _join(notes: list[Note], overlap: float) -> list[Note]:
    """Ties a voice that keeps its pitch from one chord to the next."""
    joined: list[Note] = []
    open_at: dict[tuple[int, float], int] = {}
    for note in notes:
        index = open_at.pop((note.pitch, round(note.beat, 4)), None)
        if index is None:
            joined.append(note)
            index = len(joined) - 1
        else:
            first = joined[index]
            joined[index] = Note(first.beat, note.beat - first.beat + note.length, note.pitch, first.velocity)
        open_at[(note.pitch, round(note.beat + note.length - overlap, 4))] = index
    return joined


def _steps(pattern: str, unit: float) -> list[tuple[float, float, float]]:
    hits = [step for step, mark in enumerate(pattern) if mark in _WEIGHT]
    ends = [*hits[1:], len(pattern)][: len(hits)]
    return [(step * unit, (end - step) * unit, _WEIGHT[pattern[step]]) for step, end in zip(hits, ends, strict=True)]


def _runs(context: Context) -> list[tuple[float, float, float]]:
    runs: list[tuple[float, float, float]] = []
    length = context.piece.metre.length
    for bar in context.bars:
        if runs and abs(runs[-1][0] + runs[-1][1] - bar.beat) < 1e-6:
            start, run, level = runs[-1]
            runs[-1] = (start, run + length, max(level, bar.section.level))
        else:
            runs.append((bar.beat, length, bar.section.level))
    return runs


def _phrased(context: Context) -> list[list[Bar]]:
    """The bars of each section that has a phrase, cut to the phrase's length."""
    passages: list[list[Bar]] = []
    for section_index in sorted({bar.section_index for bar in context.bars}):
        bars = [bar for bar in context.bars if bar.section_index == section_index]
        if bars[0].section.phrase:
            size = len(context.piece.phrases[bars[0].section.phrase].split("|"))
            passages += [bars[i : i + size] for i in range(0, len(bars), size)]
    return passages


def _sing(context: Context, bars: list[Bar], octave: int) -> list[Note]:
    piece = context.piece
    notes: list[Note] = []
    for bar, text in zip(bars, piece.phrases[bars[0].section.phrase].split("|"), strict=False):
        offset = 0.0
        for token in text.split():
            degree, _, written = token.partition(":")
            length = float(written or 1.0)
            if degree != "r":
                pitch = piece.scale.pitch(int(degree.lstrip("#b")), octave) + degree.count("#") - degree.count("b")
                stressed = offset in piece.metre.stressed and length >= 1.0
                if stressed:
                    pitch = _settle(context, bar.chord_at(offset), pitch)
                velocity = 0.5 + 0.3 * bar.section.level + (0.06 if stressed else 0.0)
                notes.append(Note(bar.beat + offset, length, pitch, velocity))
            offset += length
        if abs(offset - piece.metre.length) > 1e-6:
            raise ValueError(f"a bar of {offset} quarters in {piece.metre_name}: {text}")
    return notes


def _settle(context: Context, harmony: Chord, pitch: int) -> int:
    """A stressed note that clashes gives way to the nearest chord tone, one of the scale if it can."""
    if pitch in harmony:
        return pitch
    tones = sorted(harmony.tones(pitch - 4, pitch + 4), key=lambda p: (abs(p - pitch), p))
    return next((tone for tone in tones if tone in context.piece.scale), tones[0])


def _vary(context: Context, line: list[Note], amount: float) -> list[Note]:
    """Turns some long notes into a note and a step towards the next one, and leaves out an occasional short one."""
    varied: list[Note] = []
    for note, after in zip(line, [*line[1:], None], strict=True):
        chance = float(context.rng.random())
        if after is not None and note.length >= 1.5 and abs(after.pitch - note.pitch) > 0 and chance < amount:
            step = context.piece.scale.neighbour(after.pitch, 1 if note.pitch > after.pitch else -1)
            short = min(0.5, note.length / 3)
            varied.append(Note(note.beat, note.length - short, note.pitch, note.velocity))
            varied.append(Note(note.beat + note.length - short, short, step, note.velocity * 0.85))
        elif note.length > 0.5 or chance > amount * 0.2:
            varied.append(note)
    return varied


def played(context: Context, notes: list[Note], loose: float) -> list[Note]:
    """The notes as hands play them: swung, a few milliseconds off and unevenly strong."""
    piece = context.piece
    pair = 2 * piece.swing_unit
    spread = loose / 1000.0 * piece.tempo / 60.0
    result: list[Note] = []
    for note in notes:
        place = np.floor(note.beat / pair + 1e-6) * pair
        late = piece.swing * piece.swing_unit if abs(note.beat - place - piece.swing_unit) < 0.06 else 0.0
        beat = max(0.0, note.beat + late + float(np.clip(context.rng.normal(), -2, 2)) * spread)
        velocity = float(np.clip(note.velocity * (1.0 + 0.07 * context.rng.normal()), 0.08, 1.0))
        result.append(Note(beat, note.length, note.pitch, velocity))
    return result
