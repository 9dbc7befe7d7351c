"""Plays a piece: notes to instruments, instruments to a mix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from antiphon.demo import effects
from antiphon.demo.composer import played
from antiphon.demo.drums import LEVELS, PLACES
from antiphon.demo.instruments import INSTRUMENTS, Instrument, Tone
from antiphon.demo.score import Context, Layer, Note, Piece
from antiphon.demo.synth import Sound, samples

_KICKS = (36,)
_LONGEST = 6.0
_LANDING = 256


@dataclass(frozen=True)
class Hit:
    """A note with its place in the buffer, in samples, and its length in seconds."""

    start: int
    seconds: float
    note: Note


def notes_of(piece: Piece, name: str) -> list[Note]:
    """What a layer plays, as written (before hands make it uneven)."""
    return piece.layers[name].write(_context(piece, name))


def _context(piece: Piece, name: str) -> Context:
    number = sorted(piece.layers).index(name)
    return Context(piece, piece.bars_with(name), np.random.default_rng([piece.seed, number]))


def _hits(piece: Piece, name: str) -> list[Hit]:
    layer = piece.layers[name]
    context = _context(piece, name)
    if not context.bars:
        return []
    hits: list[Hit] = []
    for note in played(context, layer.write(context), layer.loose):
        start = piece.seconds_at(note.beat)
        hits.append(Hit(samples(start), piece.seconds_at(note.beat + note.length) - start, note))
    return hits


class _Voices:
    """Renders the notes of one layer, keeping struck notes that are played again."""

    def __init__(self, layer: Layer, hits: list[Hit], seed: int) -> None:
        self._instrument: Instrument = INSTRUMENTS[layer.instrument]
        self._seed = seed
        self._kept: dict[tuple[int, int, int], Sound] = {}
        self._loops: dict[int, Sound] = {}
        self._turn = 0
        release = _LONGEST if self._instrument.release is None else self._instrument.release
        self._longest: dict[int, float] = {}
        for hit in hits:
            wanted = min(_LONGEST, hit.seconds + release)
            self._longest[hit.note.pitch] = max(wanted, self._longest.get(hit.note.pitch, 0.0))

    def sound(self, hit: Hit) -> Sound:
        if not self._instrument.struck:
            rng = np.random.default_rng([self._seed, hit.start, hit.note.pitch])
            return self._instrument.make(Tone(hit.note.pitch, hit.note.velocity, hit.seconds, rng, self._loops))
        self._turn += 1
        layer = min(3, int(hit.note.velocity * 4))
        key = (hit.note.pitch, layer, self._turn % self._instrument.rounds)
        if key not in self._kept:
            rng = np.random.default_rng([self._seed, *key])
            raw = self._instrument.make(Tone(hit.note.pitch, (layer + 0.5) / 4, self._longest[hit.note.pitch], rng))
            raw *= np.float32(0.5 / max(1e-6, float(np.max(np.abs(raw)))))
            raw[-_LANDING:] *= np.linspace(1.0, 0.0, min(_LANDING, raw.size), dtype=np.float32)
            self._kept[key] = raw
        strength = np.float32(hit.note.velocity**1.5)
        release = self._instrument.release
        if release is None:
            return self._kept[key] * strength
        cut = self._kept[key][: samples(hit.seconds + release)] * strength
        tail = min(cut.size, samples(release))
        cut[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32) ** 2
        return cut


def _place(layer: Layer, note: Note) -> tuple[np.float32, np.float32]:
    """Equal-power gains of the two sides."""
    pan = layer.pan
    level = 1.0
    if layer.instrument == "drums":
        pan += PLACES.get(note.pitch, 0.0)
        level = LEVELS[note.pitch]
    else:
        pan += INSTRUMENTS[layer.instrument].spread * (note.pitch - 66) / 36.0
    angle = (float(np.clip(pan, -1.0, 1.0)) + 1.0) * np.pi / 4.0
    return np.float32(level * np.cos(angle)), np.float32(level * np.sin(angle))


def _buss(piece: Piece, name: str, hits: list[Hit], size: int) -> Sound:
    """What a layer sounds like by itself, from its first note to the end of its last."""
    layer = piece.layers[name]
    origin = min(hit.start for hit in hits)
    end = max(hit.start + samples(hit.seconds + _LONGEST + 1.0) for hit in hits)
    buss = np.zeros((2, min(size, end) - origin), np.float32)
    voices = _Voices(layer, hits, piece.seed)
    for hit in hits:
        start = hit.start - origin
        sound = voices.sound(hit)[..., : buss.shape[1] - start]
        stop = start + sound.shape[-1]
        left, right = _place(layer, hit.note)
        buss[0, start:stop] += left * (sound if sound.ndim == 1 else sound[0])
        buss[1, start:stop] += right * (sound if sound.ndim == 1 else sound[1])
    return buss


def mix(piece: Piece) -> Sound:
    """The whole piece with its tail, before mastering."""
    size = samples(piece.seconds + piece.tail)
    hits = {name: _hits(piece, name) for name in piece.layers}
    kicks = [hit.start for name in hits for hit in hits[name] if _is_kick(piece.layers[name], hit.note)]
    dry = np.zeros((2, size), np.float32)
    wet = np.zeros((2, size), np.float32)
    echo = np.zeros((2, size), np.float32)
    for name, layer in piece.layers.items():
        if not hits[name]:
            continue
        buss = _buss(piece, name, hits[name], size)
        start = min(hit.start for hit in hits[name])
        stop = start + buss.shape[1]
        if layer.chorus:
            buss = effects.chorus(buss)
        buss *= np.float32(10.0 ** (layer.gain / 20.0))
        if layer.duck and kicks:
            buss *= effects.ducking(size, kicks, layer.duck)[start:stop]
        effects.add(dry[:, start:stop], buss, 1.0)
        if layer.reverb:
            effects.add(wet[:, start:stop], buss, layer.reverb)
        if layer.delay:
            effects.add(echo[:, start:stop], buss, layer.delay)
        del buss
    if echo.any():
        echo = effects.ping_pong(echo, piece.delay_beats * 60.0 / piece.tempo)
        effects.add(dry, echo, 1.0)
        effects.add(wet, echo, 0.3)
    del echo
    room = effects.impulse_response(piece.reverb_seconds, piece.reverb_damping, piece.seed)
    effects.reverb(wet, room, dry)
    return dry


def _is_kick(layer: Layer, note: Note) -> bool:
    return layer.instrument == "drums" and note.pitch in _KICKS


def suite_lengths(pieces: tuple[Piece, ...]) -> tuple[int, ...]:
    """Samples in each part of a suite: the written music, and for the last part what rings on."""
    tails = [0.0] * (len(pieces) - 1) + [pieces[-1].tail]
    return tuple(samples(piece.seconds + tail) for piece, tail in zip(pieces, tails, strict=True))


def suite(pieces: tuple[Piece, ...]) -> tuple[Sound, ...]:
    """Pieces that follow each other without a pause: what rings on from one is heard in the next.

    They are mastered as one and then cut where each begins, so that the cuts join sample for sample.
    """
    lengths = suite_lengths(pieces)
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    size = sum(lengths)
    whole = np.zeros((2, size), np.float32)
    for start, piece in zip(starts, pieces, strict=True):
        part = mix(piece)[:, : size - start]
        whole[:, start : start + part.shape[1]] += part
    tail = min(size, samples(pieces[-1].tail))
    whole[:, -tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32) ** 1.5
    done = effects.master(whole, pieces[0].loudness)
    return tuple(done[:, a:b] for a, b in zip(starts, [*starts[1:], size], strict=True))
