"""Effects and mastering for whole stereo buffers ``(2, samples)``, float32."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from antiphon.demo import synth
from antiphon.demo.synth import SAMPLE_RATE, Curve, Sound, samples

_CONVOLUTION = 1 << 18
_CHUNK = 1 << 14


def impulse_response(seconds: float, damping: float, seed: int) -> Sound:
    """A room made of noise: ``seconds`` to fall by 60 dB in the middle, less above ``damping`` Hz, no rumble."""
    rng = np.random.default_rng(seed)
    size = min(samples(seconds * 1.1), _CONVOLUTION // 2)
    room = np.zeros((2, size), np.float32)
    edges = [150.0, 400.0, 1000.0, 2500.0, 5000.0, 9000.0, 14_000.0]
    for low, high in pairwise(edges):
        centre = (low * high) ** 0.5
        fall = seconds * (1.1 if centre < 1000 else 1.0) / (1.0 + (centre / damping) ** 1.5)
        grains = synth.shaped(rng.standard_normal((2, size), dtype=np.float32), synth.band(low, high, 6.0))
        room += grains * synth.decay(size, fall)
    gap = samples(0.018)
    room = np.concatenate([np.zeros((2, gap), np.float32), synth.fade_in(room, 0.02)], axis=1)[:, :size]
    for number in range(10):
        at = samples(0.007 + 0.006 * number + 0.003 * float(rng.random()))
        room[number % 2, at] += np.float32(0.9 * 0.8**number)
    out: Sound = room / np.float32(np.sqrt(np.sum(room * room) / 2.0))
    return out


def reverb(sound: Sound, response: Sound, out: Sound) -> None:
    """Convolves each channel with its response by overlapping blocks and adds the result to ``out``."""
    step = _CONVOLUTION - response.shape[1]
    size = sound.shape[1]
    spectrum = np.fft.rfft(response, _CONVOLUTION, axis=1)
    for start in range(0, size, step):
        block = np.fft.rfft(sound[:, start : start + step], _CONVOLUTION, axis=1)
        block *= spectrum
        wet = np.fft.irfft(block, _CONVOLUTION, axis=1)
        out[:, start : start + _CONVOLUTION] += wet[:, : size - start]


def add(target: Sound, source: Sound, gain: float) -> None:
    """Adds a sound at a gain, in place and in pieces that stay in the processor's cache."""
    level = np.float32(gain)
    for start in range(0, source.shape[1], _CHUNK):
        target[:, start : start + _CHUNK] += level * source[:, start : start + _CHUNK]


def ping_pong(sound: Sound, seconds: float, feedback: float = 0.45, repeats: int = 5) -> Sound:
    """Echoes that change sides at each repeat and lose some treble."""
    size = sound.shape[1]
    step = samples(seconds)
    source = np.zeros(size, np.float32)
    source[1:] = np.float32(0.35) * (sound[0, 1:] + sound[0, :-1] + sound[1, 1:] + sound[1, :-1])
    echo = np.zeros_like(sound)
    for number in range(1, repeats + 1):
        if number * step < size:
            echo[(number + 1) % 2, number * step :] += source[: -number * step]
            source *= np.float32(feedback)
    return echo


def chorus(sound: Sound, depth_ms: float = 2.2, rate: float = 0.6) -> Sound:
    """Adds a copy whose delay sways around 12 ms, in opposite directions on the two sides."""
    size = sound.shape[1]
    out = sound * np.float32(0.75)
    steps = np.arange(_CHUNK)
    padded = np.pad(sound, ((0, 0), (_CHUNK // 8, 1)))
    for start in range(0, size, _CHUNK):
        stop = min(size, start + _CHUNK)
        for channel, phase in ((0, 0.0), (1, np.pi)):
            turn = np.sin(2 * np.pi * rate / SAMPLE_RATE * (start + steps[: stop - start]) + phase)
            place = (
                steps[: stop - start]
                + (_CHUNK // 8 - 12.0 * SAMPLE_RATE / 1000.0)
                - (depth_ms * SAMPLE_RATE / 1000.0) * turn
            )
            index = place.astype(np.intp)
            blend = (place - index).astype(np.float32)
            line = padded[channel, start:]
            near = line[index]
            out[channel, start:stop] += np.float32(0.5) * (near + blend * (line[index + 1] - near))
    return out


def ducking(size: int, kicks: list[int], depth: float) -> Sound:
    """A gain curve that dips at each kick and recovers within a third of a second."""
    length = samples(0.34)
    dip = np.float32(depth) * (1.0 - np.linspace(0.0, 1.0, length, dtype=np.float32) ** 1.5)
    dip[: samples(0.004)] *= np.linspace(0.0, 1.0, samples(0.004), dtype=np.float32)
    curve = np.zeros(size, np.float32)
    for start in kicks:
        stop = min(size, start + length)
        curve[start:stop] = np.maximum(curve[start:stop], dip[: stop - start])
    return 1.0 - curve


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS after ITU-R BS.1770-4, its filter applied to the spectra of blocks of 100 ms.

    Good to about 0.2 LU: enough to set a level, not to certify one. Silence is -inf.
    """
    hop = SAMPLE_RATE // 10
    count = sound.shape[1] // hop
    blocks = sound[:, : count * hop].reshape(2, count, hop)
    weight = _k_weighting(hop)
    weighted = np.zeros(count)
    for start in range(0, count, 64):
        spectrum = np.fft.rfft(blocks[:, start : start + 64], axis=2)
        power = spectrum.real**2 + spectrum.imag**2
        weighted[start : start + 64] = (power * weight).sum(axis=(0, 2)) * (2.0 / hop**2)
    gate = (weighted[:-3] + weighted[1:-2] + weighted[2:-1] + weighted[3:]) / 4.0
    gate = gate[gate > 10 ** ((-70 + 0.691) / 10)]
    if gate.size == 0:
        return float("-inf")
    gate = gate[gate > gate.mean() * 0.1]
    return float(-0.691 + 10.0 * np.log10(gate.mean()))


def _k_weighting(size: int) -> Sound:
    """The squared gain of the K filter at the bins of a real transform, from the standard's 48 kHz coefficients."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1.0 / SAMPLE_RATE) / 48_000.0)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1.0 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    rumble = (1.0 - 2.0 * z + z**2) / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    gain: Curve = np.abs(shelf * rumble) ** 2
    return gain.astype(np.float32)


def limit(sound: Sound, ceiling: float) -> Sound:
    """Keeps peaks under a ceiling by a gain that looks 6 ms ahead and moves slowly enough not to be heard, in place."""
    block, reach = 64, 4
    size = sound.shape[1]
    count = -(-size // block)
    peaks = np.zeros(count * block, np.float32)
    np.maximum(np.abs(sound[0]), np.abs(sound[1]), out=peaks[:size])
    top = peaks.reshape(count, block).max(axis=1)
    if float(top.max()) <= ceiling:
        return sound
    need = np.minimum(1.0, np.float32(ceiling) / np.maximum(top, 1e-9))
    padded = np.pad(need, 2 * reach, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    kernel = np.hanning(2 * reach + 3)[1:-1]
    smooth = np.convolve(lowest, kernel / kernel.sum(), mode="valid")
    slow = _recover(smooth)
    middles = np.concatenate([slow[:1], slow, slow[-1:]])
    sound *= synth.ramps(middles, block, size + block // 2)[block // 2 :]
    np.clip(sound, -ceiling, ceiling, out=sound)
    return sound


def _recover(gain: Curve) -> Curve:
    """Lets a gain come back over about 80 ms instead of at once."""
    curve = gain.copy()
    for step in (1, 2, 4, 8, 16, 32):
        back = np.concatenate([np.ones(step), curve[:-step]])
        curve = np.minimum(curve, back + step * 0.012 * (1.0 - back))
    return curve


def master(sound: Sound, lufs: float, ceiling: float = 0.8) -> Sound:
    """Brings a mix to a loudness, rounds off its peaks and returns it; silence stays silent."""
    measured = loudness(sound)
    if measured == float("-inf"):
        return sound
    sound *= np.float32(10.0 ** ((lufs - measured) / 20.0))
    limit(sound, 1.3 * ceiling)
    sound /= np.float32(1.6)
    np.tanh(sound, out=sound)
    sound *= np.float32(1.6)
    return limit(sound, ceiling)
