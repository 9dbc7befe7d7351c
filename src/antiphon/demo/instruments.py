"""The instruments: each a function from a tone to its sound.

A struck instrument rings by itself and is cut with a short release; a held one is made to the note's length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from antiphon.demo import synth
from antiphon.demo.drums import KIT
from antiphon.demo.synth import Curve, Sound, envelope, fade_in, frequency, modal, noise, samples, shaped, subtractive


@dataclass(frozen=True)
class Tone:
    """What an instrument is asked for: a MIDI pitch (or a drum's key), velocity 0 to 1 and seconds until it is let go.

    ``loops`` is where a layer keeps what it can use for all tones of one pitch.
    """

    pitch: int
    velocity: float
    seconds: float
    rng: np.random.Generator
    loops: dict[int, Sound] = field(default_factory=dict)


@dataclass(frozen=True)
class Instrument:
    """``make`` renders a tone; ``release`` (seconds) is how fast a struck one is damped, None lets it ring out."""

    make: Callable[[Tone], Sound]
    struck: bool
    release: float | None = None
    rounds: int = 1
    spread: float = 0.0


def _body(hertz: Curve, peaks: Sequence[tuple[float, float]]) -> Curve:
    gain: Curve = np.full_like(hertz, 0.6)
    for centre, height in peaks:
        gain += height * np.exp(-((np.log2(hertz / centre) / 0.35) ** 2))
    return gain


def _felt_piano(tone: Tone) -> Sound:
    base = frequency(tone.pitch)
    k = np.arange(1, max(4, min(36, int(11_000 / base))) + 1)
    stiffness = 1e-4 * 2.0 ** ((tone.pitch - 45) / 14)
    hertz = base * k * np.sqrt(1.0 + stiffness * k * k)
    cut = 500.0 + 3600.0 * tone.velocity**1.5 + 1.2 * base
    levels = (np.abs(np.sin(np.pi * k * 0.118)) + 0.06) / k**0.62 * np.exp(-hertz / cut)
    levels *= 1.0 + 0.12 * tone.rng.standard_normal(k.size)
    fall = 9.0 * 2.0 ** (-(tone.pitch - 48) / 24) / (1.0 + 0.1 * k + hertz / 2200.0)
    pair = np.concatenate([hertz * 0.99985, hertz * 1.0003])
    strings = modal(
        pair, np.concatenate([levels, 0.4 * levels]), np.concatenate([fall * 0.7, fall * 1.5]), tone.seconds
    )
    hammer = shaped(noise(samples(0.12), tone.rng) * synth.decay(samples(0.12), 0.09), synth.band(70, 420))
    strings[: hammer.size] += 0.035 * float(np.max(np.abs(strings))) * hammer[: strings.size]
    return fade_in(strings, 0.006 - 0.004 * tone.velocity)


@dataclass(frozen=True)
class _String:
    """A plucked string: where and how it is plucked, how it dies away and the box it sits on."""

    pluck: float
    cut: float
    ring: float
    damping: float
    body: Sequence[tuple[float, float]]
    courses: Sequence[float] = (0.0,)
    stiffness: float = 2e-5
    nail: float = 0.05

    def __call__(self, tone: Tone) -> Sound:
        base = frequency(tone.pitch)
        k = np.arange(1, max(4, min(70, int(13_000 / base))) + 1)
        hertz = base * k * np.sqrt(1.0 + self.stiffness * k * k)
        cut = self.cut * (0.7 + 1.3 * tone.velocity)
        place = self.pluck * (1.0 + 0.08 * tone.rng.standard_normal())
        shape = np.abs(np.sin(np.pi * k * place)) / k**0.55 * np.exp(-hertz / cut) * _body(hertz, self.body)
        fall = self.ring * 2.0 ** (-(tone.pitch - 50) / 26) / (1.0 + 0.75 * self.damping * (hertz / 1000.0) ** 1.25)
        hertz_all: list[Curve] = []
        level_all: list[Curve] = []
        for cents in self.courses:
            hertz_all.append(hertz * 2.0 ** (cents / 1200.0))
            level_all.append(shape * (1.0 + 0.15 * tone.rng.standard_normal(k.size)))
        count = len(self.courses)
        sound = modal(
            np.concatenate(hertz_all),
            np.concatenate(level_all),
            np.tile(fall, count),
            tone.seconds,
            tone.rng.uniform(-0.5, 0.5, count * k.size),
        )
        click = shaped(noise(2048, tone.rng) * synth.decay(2048, 0.018), synth.band(900, 4200))
        sound[:2048] += self.nail * tone.velocity * float(np.max(np.abs(sound))) * click[: sound.size]
        return fade_in(sound, 0.0015)


@dataclass(frozen=True)
class _Bar:
    """A struck bar, bowl or tine: ratios, levels and decays of its few modes."""

    ratios: Sequence[float]
    levels: Sequence[float]
    decays: Sequence[float]
    tremor: float = 0.0

    def __call__(self, tone: Tone) -> Sound:
        base = frequency(tone.pitch)
        bright = np.array([(0.35 + 0.9 * tone.velocity) ** (i * 0.8) for i in range(len(self.ratios))])
        fall = np.array(self.decays) * 2.0 ** (-(tone.pitch - 72) / 30)
        hertz = base * np.array(self.ratios)
        pair = np.concatenate([hertz, hertz + 0.9])
        levels = np.array(self.levels) * bright
        sound = modal(pair, np.concatenate([levels, 0.3 * levels]), np.tile(fall, 2), tone.seconds)
        if self.tremor:
            time = np.arange(sound.size, dtype=np.float32) / np.float32(synth.SAMPLE_RATE)
            sound *= 1.0 - np.float32(self.tremor) * (0.5 - 0.5 * np.cos(2 * np.pi * 4.6 * time))
        return fade_in(sound, 0.002)


def _e_piano(tone: Tone) -> Sound:
    size = samples(tone.seconds)
    base = frequency(tone.pitch)
    time = np.arange(size) / synth.SAMPLE_RATE
    ring = 3.6 * 2.0 ** (-(tone.pitch - 55) / 24)
    depth = (0.5 + 2.3 * tone.velocity**1.4) * min(1.0, (300.0 / base) ** 0.5)
    tone_part = synth.fm(base, 1.0, depth * np.exp(-time / (0.35 * ring)), size)
    tine = synth.fm(base * 1.0007, 14.0, 0.9 * tone.velocity * np.exp(-time / 0.3), size)
    mixed = tone_part + 0.26 * tine * synth.decay(size, 1.4)
    return fade_in((mixed * synth.decay(size, ring * 1.6)).astype(np.float32), 0.003)


def _synth_pluck(tone: Tone) -> Sound:
    size = samples(tone.seconds)
    base = frequency(tone.pitch)
    time = np.arange(size) / synth.SAMPLE_RATE
    cutoff = base * (1.5 + (4.0 + 12.0 * tone.velocity) * np.exp(-time / 0.11))
    pitch = np.full(size, base)
    pair = subtractive("saw", pitch * 0.9975, cutoff, 1.5) + subtractive("square", pitch * 1.0025, cutoff, 1.5, 0.3)
    return fade_in(pair * synth.decay(size, 1.1), 0.002)


def _pad(
    partials: Callable[[Curve], Curve], *, attack: float, release: float, cents: float, motion: float = 0.12
) -> Callable[[Tone], Sound]:
    def make(tone: Tone) -> Sound:
        size = samples(tone.seconds + release)
        if tone.pitch not in tone.loops:
            tone.loops[tone.pitch] = synth.pad_table(frequency(tone.pitch), partials, tone.rng, cents=cents)
        loop = tone.loops[tone.pitch]
        start = int(tone.rng.integers(loop.shape[1]))
        sound = np.take(loop, np.arange(start, start + size), axis=1, mode="wrap")
        seconds = np.arange(0.0, tone.seconds + release + 0.2, 0.1)
        breath = tone.velocity * (1.0 - motion * (0.5 - 0.5 * np.cos(2 * np.pi * 0.23 * seconds)))
        sound *= envelope(size, min(attack, 0.6 * tone.seconds), release) * synth.automation(seconds, breath, size)
        return sound

    return make


def _warm(hertz: Curve) -> Curve:
    return 1.0 / (1.0 + (hertz / 900.0) ** 2)


def _strings(hertz: Curve) -> Curve:
    return _body(hertz, [(300, 0.5), (700, 0.4), (1500, 0.35)]) / (1.0 + (hertz / 3600.0) ** 2)


def _choir(hertz: Curve) -> Curve:
    return (0.3 + _body(hertz, [(650, 2.0), (1080, 1.0), (2700, 0.35)]) - 0.6) * hertz**0.15 / (1 + hertz / 5000)


def _glass(hertz: Curve) -> Curve:
    level: Curve = np.where(hertz < 400, 0.5, 1.0) * (0.5 + 0.5 * np.cos(hertz / 310.0)) / (1.0 + (hertz / 3200.0) ** 2)
    return level


def _analogue(hertz: Curve) -> Curve:
    return 1.0 / (1.0 + (hertz / 2200.0) ** 1.4)


def _held(
    shape: str,
    *,
    attack: float,
    release: float,
    cutoff: float,
    sweep: float = 0.0,
    sweep_time: float = 0.2,
    resonance: float = 0.9,
    vibrato: float = 0.0,
    breath: float = 0.0,
    voices: Sequence[float] = (0.0,),
    sub: float = 0.0,
    glide: float = 0.0,
    sustain: float = 0.8,
) -> Callable[[Tone], Sound]:
    """Builds a sustained voice. cutoff and sweep count harmonics; vibrato and voices (detunings) are in cents."""

    def make(tone: Tone) -> Sound:
        size = samples(tone.seconds + release)
        base = frequency(tone.pitch)
        time = np.arange(size) / synth.SAMPLE_RATE
        onset = np.clip((time - 0.25) / 0.5, 0.0, 1.0)
        rate = 5.1 + 0.3 * tone.rng.standard_normal()
        bend = vibrato * onset * np.sin(2 * np.pi * rate * time) - glide * np.exp(-time / 0.03)
        pitch = base * 2.0 ** (bend / 1200.0)
        shape_env = sweep * np.exp(-time / sweep_time) * (0.4 + 0.8 * tone.velocity)
        swell = 0.75 + 0.25 * np.minimum(1.0, time / max(attack, 0.01))
        opening = base * (cutoff * (0.55 + 0.6 * tone.velocity) * swell + shape_env)
        sound = np.zeros(size, np.float32)
        for number, cents in enumerate(voices):
            sound += subtractive(shape, pitch * 2.0 ** (cents / 1200.0), opening, resonance, 0.37 * number)
        sound /= np.float32(len(voices) ** 0.7)
        if sub:
            sound += np.float32(sub) * np.sin(2 * np.pi * np.cumsum(pitch) / synth.SAMPLE_RATE).astype(np.float32)
        if breath:
            air = shaped(noise(size, tone.rng), synth.band(base * 1.5, base * 5.0))
            sound += np.float32(breath) * air * (0.6 + 0.6 * np.exp(-time / 0.08)).astype(np.float32)
        return sound * envelope(size, attack, release, sustain) * np.float32(0.5 * tone.velocity**1.3)

    return make


def _sea(tone: Tone) -> Sound:
    """Waves on a shore: noise that swells on each side at its own slow pace."""
    size = samples(tone.seconds + 6.0)
    block = shaped(tone.rng.standard_normal((2, 1 << 17), dtype=np.float32), lambda f: 1 / (1 + (f / 380.0) ** 1.3))
    block /= np.float32(np.std(block))
    tiled = np.take(block, np.arange(size), axis=1, mode="wrap")
    seconds = np.arange(0.0, tone.seconds + 6.2, 0.05)
    for side, rate, phase in ((0, 0.071, 0.0), (1, 0.063, 1.4)):
        swell = 0.25 + 0.75 * np.sin(np.pi * (rate * seconds + phase)) ** 4
        tiled[side] *= synth.automation(seconds, 0.12 * tone.velocity * swell, size)
    return tiled * envelope(size, 4.0, 6.0)


def _vinyl(tone: Tone) -> Sound:
    """The dust and hiss of an old record."""
    size = samples(tone.seconds + 0.5)
    dust = (tone.rng.random((2, size), dtype=np.float32) > 0.99985).astype(np.float32)
    dust *= tone.rng.random((2, size), dtype=np.float32) ** 3
    hiss = 0.004 * tone.rng.standard_normal((2, size), dtype=np.float32)
    return shaped(dust + hiss, synth.band(500, 5200, 3.0)) * envelope(size, 0.4, 0.5) * np.float32(tone.velocity)


def _riser(tone: Tone) -> Sound:
    """Wind that opens up over its whole length, for the bar before a change."""
    size = samples(tone.seconds)
    raw = tone.rng.standard_normal((2, size), dtype=np.float32)
    dark, light = shaped(raw, synth.band(200, 900)), shaped(raw, synth.band(1200, 7000))
    rise = np.linspace(0.0, 1.0, size, dtype=np.float32)
    tail = envelope(size, 0.02, 0.03)
    return (dark * rise + light * rise**3) * rise * tail * np.float32(0.18 * tone.velocity)


def _drum(tone: Tone) -> Sound:
    return KIT[tone.pitch](tone.velocity, tone.rng)


_GUITAR = ((110.0, 0.9), (210.0, 0.7), (420.0, 0.35))
_SMALL = ((280.0, 0.6), (560.0, 0.5), (1200.0, 0.4))

INSTRUMENTS: dict[str, Instrument] = {
    "felt_piano": Instrument(_felt_piano, True, 0.5, spread=0.5),
    "nylon_guitar": Instrument(_String(0.21, 2100, 4.2, 1.1, _GUITAR), True, 0.16, rounds=2),
    "oud": Instrument(
        _String(0.17, 1700, 2.6, 1.3, ((130, 0.8), (260, 0.8), (600, 0.6)), (-3.0, 3.5), nail=0.1), True, 0.12, rounds=2
    ),
    "harp": Instrument(_String(0.4, 2000, 5.0, 0.9, _SMALL, nail=0.02), True, 0.5, rounds=2, spread=0.5),
    "santur": Instrument(
        _String(0.11, 3600, 3.8, 0.55, _SMALL, (-4.0, 0.0, 4.5), 6e-5, 0.08), True, 0.4, rounds=2, spread=0.6
    ),
    "mandolin": Instrument(_String(0.13, 3300, 2.0, 0.8, _SMALL, (-2.5, 3.0), nail=0.1), True, 0.1, rounds=3),
    "double_bass": Instrument(_String(0.24, 620, 2.6, 2.2, ((90, 0.9), (180, 0.5)), nail=0.04), True, 0.14, rounds=2),
    "vibraphone": Instrument(
        _Bar((1.0, 3.98, 9.6), (1.0, 0.3, 0.1), (4.5, 1.6, 0.7), tremor=0.35), True, 0.4, spread=0.4
    ),
    "kalimba": Instrument(_Bar((1.0, 2.0, 5.3, 9.2), (1.0, 0.2, 0.2, 0.06), (1.7, 1.0, 0.35, 0.15)), True, 0.3),
    "glass": Instrument(
        _Bar((1.0, 2.32, 4.25, 6.63), (1.0, 0.3, 0.16, 0.06), (5.0, 2.6, 1.3, 0.7)), True, None, spread=0.8
    ),
    "celesta": Instrument(
        _Bar((1.0, 2.0, 4.0, 6.8), (1.0, 0.22, 0.12, 0.05), (2.4, 1.4, 0.6, 0.3)), True, 0.6, spread=0.5
    ),
    "e_piano": Instrument(_e_piano, True, 0.16, spread=0.3),
    "pluck": Instrument(_synth_pluck, True, 0.12),
    "warm_pad": Instrument(_pad(_warm, attack=1.4, release=2.0, cents=32), False),
    "string_pad": Instrument(_pad(_strings, attack=0.7, release=1.2, cents=22), False),
    "choir_pad": Instrument(_pad(_choir, attack=1.6, release=2.2, cents=26), False),
    "glass_pad": Instrument(_pad(_glass, attack=2.0, release=3.0, cents=14, motion=0.3), False),
    "analogue_pad": Instrument(_pad(_analogue, attack=0.35, release=0.9, cents=30), False),
    "bowed": Instrument(
        _held("bowed", attack=0.16, release=0.25, cutoff=11.0, vibrato=11, breath=0.02, voices=(-4.0, 5.0)), False
    ),
    "flute": Instrument(
        _held("hollow", attack=0.07, release=0.12, cutoff=4.5, vibrato=12, breath=0.05, glide=18), False
    ),
    "clarinet": Instrument(
        _held("square", attack=0.05, release=0.1, cutoff=7.0, vibrato=5, breath=0.015, resonance=0.7), False
    ),
    "sub_bass": Instrument(
        _held("saw", attack=0.006, release=0.07, cutoff=2.2, sweep=5.0, sweep_time=0.09, sub=0.9, resonance=0.8), False
    ),
    "drive_bass": Instrument(
        _held(
            "saw",
            attack=0.004,
            release=0.05,
            cutoff=3.0,
            sweep=11.0,
            sweep_time=0.1,
            sub=0.55,
            resonance=1.6,
            voices=(-5.0, 5.0),
        ),
        False,
    ),
    "soft_lead": Instrument(
        _held("square", attack=0.03, release=0.18, cutoff=5.0, sweep=4.0, vibrato=9, voices=(-6.0, 6.0), glide=40),
        False,
    ),
    "saw_lead": Instrument(
        _held(
            "saw",
            attack=0.02,
            release=0.22,
            cutoff=7.5,
            sweep=7.0,
            vibrato=11,
            voices=(-9.0, 0.0, 8.0),
            glide=60,
            resonance=1.2,
        ),
        False,
    ),
    "sea": Instrument(_sea, False),
    "vinyl": Instrument(_vinyl, False),
    "riser": Instrument(_riser, False),
    "drums": Instrument(_drum, True, None, rounds=3),
}
