"""Sound out of arithmetic: modal banks, spectral pads, band-limited wavetables, FM, noise and envelopes.

Everything is vectorised NumPy at 44.1 kHz. Mono sounds are ``(samples,)``, stereo ones ``(2, samples)``, float32.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100
Sound = NDArray[np.float32]
Curve = NDArray[np.floating[Any]]

_BLOCK = 256
_ONE_THREAD = 250_000
_TABLE = 4096
_CUTOFFS = 2.0 ** np.arange(-1.0, 8.01, 0.25)


def samples(seconds: float) -> int:
    """Seconds as a count of samples."""
    return max(1, round(seconds * SAMPLE_RATE))


def frequency(pitch: float) -> float:
    """Hertz of a MIDI pitch, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def modal(frequencies: Curve, amplitudes: Curve, decays: Curve, seconds: float, phases: Curve | None = None) -> Sound:
    """Sums decaying sines; ``decays`` are the seconds each mode takes to fall by 60 dB.

    A geometric series in blocks: the state of every mode at each block times its course within one block is a matrix
    product, so hundreds of modes cost no more than a few oscillators. A plucked string's feedback loop (Karplus and
    Strong, 1983) has exactly this form once its modes are written out.
    """
    audible = (frequencies > 20.0) & (frequencies < 18_000.0)
    start = np.zeros_like(frequencies) if phases is None else phases
    rate = (-6.908 / decays[audible] + 2j * np.pi * frequencies[audible]) / SAMPLE_RATE
    size = samples(seconds)
    # Products this small stay on one thread, so the sum is the same whatever machine it runs on.
    rows = max(1, _ONE_THREAD // (2 * _BLOCK * max(1, rate.size)))
    batches = -(-size // (_BLOCK * rows))
    state = amplitudes[audible] * np.exp(1j * start[audible] + rate * _BLOCK * np.arange(batches * rows)[:, None])
    course = np.exp(rate[:, None] * np.arange(_BLOCK))
    before = np.concatenate([state.real, -state.imag], axis=1).reshape(batches, rows, 2 * rate.size)
    whole: Curve = before @ np.concatenate([course.real, course.imag])
    return whole.ravel()[:size].astype(np.float32)


def pad_table(
    base: float, partials: Callable[[Curve], Curve], rng: np.random.Generator, *, cents: float = 35.0, count: int = 48
) -> Sound:
    """A seamless stereo loop of three seconds whose partials are narrow bands of noise (after N. O. Paul's PADsynth).

    ``partials`` gives the amplitude for frequencies in Hz; ``cents`` is the width of the first band.
    """
    size = 1 << 17
    spectrum = np.zeros(size // 2 + 1)
    bins = size / SAMPLE_RATE
    harmonics = np.arange(1, count + 1)
    harmonics = harmonics[harmonics * base < 16_000]
    levels = partials(harmonics * base) / harmonics
    for harmonic, level in zip(harmonics, levels, strict=True):
        centre = harmonic * base * bins
        width = max(1.5, centre * (2.0 ** (cents / 1200.0) - 1.0) * 0.5)
        low, high = max(1, int(centre - 4 * width)), min(spectrum.size - 1, int(centre + 4 * width) + 1)
        offsets = (np.arange(low, high) - centre) / width
        spectrum[low:high] += level / np.sqrt(width) * np.exp(-0.5 * offsets * offsets)
    turns = np.exp(2j * np.pi * rng.random((2, spectrum.size))) * spectrum
    loop = np.fft.irfft(turns.astype(np.complex64), axis=1).astype(np.float32)
    return loop * np.float32(0.2 / np.sqrt(np.mean(loop * loop)))


@lru_cache(maxsize=8)
def filtered_table(shape: str, resonance: float) -> Sound:
    """One cycle of a waveform through a resonant low-pass at every quarter octave of cutoff, counted in harmonics."""
    harmonics = np.arange(1, 257)
    strength = {
        "saw": 1.0 / harmonics,
        "square": np.where(harmonics % 2, 1.0 / harmonics, 0.0),
        "hollow": np.where(harmonics % 2, 1.0, 0.12) / harmonics**1.5,
        "bowed": (1.0 + 0.6 * np.cos(np.pi * harmonics / 7.0)) / harmonics**1.1,
    }[shape]
    ratio = harmonics / _CUTOFFS[:, None]
    gain = 1.0 / np.sqrt((1.0 - ratio**2) ** 2 + (ratio / resonance) ** 2) / np.sqrt(1.0 + ratio**4)
    spectrum = np.zeros((_CUTOFFS.size, _TABLE // 2 + 1), np.complex128)
    spectrum[:, 1:257] = -1j * strength * gain * _TABLE / 3.0
    return np.fft.irfft(spectrum, axis=1).astype(np.float32)


def subtractive(shape: str, pitch_hz: Curve, cutoff_hz: Curve, resonance: float = 0.9, phase: float = 0.0) -> Sound:
    """A waveform with its low-pass filter in motion: looks both up in one table, so it cannot alias."""
    table = filtered_table(shape, resonance)
    place = np.cumsum(pitch_hz) / SAMPLE_RATE + phase
    index = ((place - np.floor(place)) * _TABLE).astype(np.intp)
    open_to = np.minimum(cutoff_hz, 9_000.0) / pitch_hz
    level = np.clip((np.log2(np.maximum(open_to, 0.5)) + 1.0) * 4.0, 0.0, _CUTOFFS.size - 1.001)
    row = level.astype(np.intp)
    blend = (level - row).astype(np.float32)
    flat = table.ravel()
    index += row * _TABLE
    lower: Sound = flat[index]
    return lower + blend * (flat[index + _TABLE] - lower)


def fm(carrier: float, ratio: float, index: Curve, size: int) -> Sound:
    """Two-operator frequency modulation; ``index`` is the depth over time in radians."""
    place = np.arange(size) * (carrier / SAMPLE_RATE)
    modulator = np.sin(_turns(place * ratio)) * index.astype(np.float32)
    wave: Sound = np.sin(_turns(place) + modulator)
    return wave


def _turns(cycles: Curve) -> Sound:
    return ((cycles - np.floor(cycles)) * (2.0 * np.pi)).astype(np.float32)


def noise(size: int, rng: np.random.Generator) -> Sound:
    """White noise with a standard deviation of one."""
    return rng.standard_normal(size, dtype=np.float32)


def shaped(sound: Sound, gain: Callable[[Curve], Curve]) -> Sound:
    """Filters a sound by a gain given for frequencies in Hz (linear phase, the ends wrap: use it on what fades out)."""
    size = sound.shape[-1]
    room = 1 << (size - 1).bit_length()
    hertz = np.fft.rfftfreq(room, 1.0 / SAMPLE_RATE)
    spectrum = np.fft.rfft(sound, room, axis=-1) * gain(hertz).astype(np.float32)
    return np.fft.irfft(spectrum, room, axis=-1)[..., :size].astype(np.float32)


def band(low: float, high: float, order: float = 4.0) -> Callable[[Curve], Curve]:
    """The gain of a band from ``low`` to ``high`` Hz with smooth sides."""

    def gain(hertz: Curve) -> Curve:
        safe = np.maximum(hertz, 1e-3)
        sides: Curve = 1.0 / np.sqrt((1.0 + (low / safe) ** order) * (1.0 + (safe / high) ** order))
        return sides

    return gain


def decay(size: int, seconds: float) -> Sound:
    """An exponential fall by 60 dB within some seconds."""
    fall: Sound = np.exp(np.arange(size, dtype=np.float32) * np.float32(-6.908 / (seconds * SAMPLE_RATE)))
    return fall


def envelope(size: int, attack: float, release: float, sustain: float = 1.0, fall: float = 0.3) -> Sound:
    """Attack, decay to ``sustain``, release (seconds); the release lies at the end of ``size``."""
    level = np.ones(size, np.float32)
    first, last = min(size, samples(attack)), min(size, samples(release))
    if sustain < 1.0:
        level[first:] = sustain + (1.0 - sustain) * decay(size - first, 6.908 * fall)
    rise = np.arange(first, dtype=np.float32) / np.float32(samples(attack))
    level[:first] *= rise * rise * (3.0 - 2.0 * rise)
    left = np.arange(last, dtype=np.float32)[::-1] / np.float32(samples(release))
    level[size - last :] *= left * left
    return level


def automation(seconds: Curve, values: Curve, size: int) -> Sound:
    """A slow curve, given at some moments, for every sample."""
    corners = np.arange(0, size + 2 * _BLOCK, _BLOCK)
    return ramps(np.interp(corners, seconds * SAMPLE_RATE, values), _BLOCK, size)


def ramps(values: Curve, step: int, size: int) -> Sound:
    """Joins values that lie ``step`` samples apart by straight lines."""
    points = values.astype(np.float32)
    slope = np.arange(step, dtype=np.float32) / np.float32(step)
    return (points[:-1, None] + np.diff(points)[:, None] * slope).ravel()[:size]


def fade_in(sound: Sound, seconds: float) -> Sound:
    """Softens the first moment of a sound, in place, and returns it."""
    size = min(samples(seconds), sound.shape[-1])
    ramp = np.sin(np.linspace(0.0, np.pi / 2.0, size, dtype=np.float32)) ** 2
    sound[..., :size] *= ramp
    return sound
