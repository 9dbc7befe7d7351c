"""Synthesised drums. Each renders one stroke from its velocity (0 to 1); keys follow General MIDI where it has them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from antiphon.demo.synth import SAMPLE_RATE, Sound, band, decay, fade_in, modal, noise, samples, shaped

Stroke = Callable[[float, np.random.Generator], Sound]


def _drop(size: int, high: float, low: float, fall: float) -> Sound:
    """A sine whose pitch drops from ``high`` to ``low`` Hz with a time constant of ``fall`` seconds."""
    time = np.arange(size) / SAMPLE_RATE
    cycles = low * time + (high - low) * fall * (1.0 - np.exp(-time / fall))
    return np.sin(2.0 * np.pi * cycles).astype(np.float32)


def _burst(seconds: float, fall: float, low: float, high: float, rng: np.random.Generator, order: float = 4.0) -> Sound:
    size = samples(seconds)
    return shaped(noise(size, rng) * decay(size, fall), band(low, high, order))


def _kick(velocity: float, rng: np.random.Generator) -> Sound:
    size = samples(0.42)
    body = _drop(size, 140.0 + 60.0 * velocity, 47.0, 0.028) * decay(size, 0.5)
    click = _burst(0.02, 0.012, 900, 5000, rng) * np.float32(0.5 * velocity)
    body[: click.size] += click
    return fade_in(np.tanh(1.4 * body), 0.001)


def _snare(velocity: float, rng: np.random.Generator) -> Sound:
    size = samples(0.32)
    shell = modal(np.array([186.0, 332.0]), np.array([0.8, 0.35]), np.array([0.22, 0.14]), 0.32)
    wires = _burst(0.32, 0.2 + 0.08 * velocity, 1400, 9000, rng, 3.0) * np.float32(0.35 + 0.4 * velocity)
    return fade_in(shell[:size] + wires, 0.0008)


def _rim(velocity: float, rng: np.random.Generator) -> Sound:
    stick = modal(np.array([480.0, 1680.0, 2490.0]), np.array([0.6, 0.9, 0.5]), np.array([0.07, 0.05, 0.04]), 0.12)
    stick[:1200] += 0.2 * velocity * _burst(1200 / SAMPLE_RATE, 0.012, 1500, 6000, rng)
    return fade_in(stick, 0.0005)


def _clap(velocity: float, rng: np.random.Generator) -> Sound:
    size = samples(0.34)
    hands = np.zeros(size, np.float32)
    for delay, level in ((0.0, 0.6), (0.011, 0.7), (0.023, 1.0)):
        burst = _burst(0.3, 0.035 if level < 1 else 0.24, 900, 3800, rng, 3.0)
        start = samples(delay)
        hands[start : start + burst.size] += np.float32(level) * burst[: size - start]
    return hands * np.float32(0.5 + 0.5 * velocity)


def _metal(seconds: float, fall: float, low: float, ring: float, rng: np.random.Generator) -> Sound:
    hiss = _burst(seconds, fall, low, 15_000, rng, 6.0)
    tones = np.array([3100.0, 4230.0, 5170.0, 6810.0, 7930.0, 9410.0]) * (1.0 + 0.004 * rng.standard_normal(6))
    bells = modal(tones, np.full(6, ring), np.full(6, fall), seconds, rng.uniform(0, 6.28, 6))
    return fade_in(hiss + bells[: hiss.size], 0.0006)


def _hat(velocity: float, rng: np.random.Generator) -> Sound:
    return _metal(0.11, 0.05 + 0.05 * velocity, 6500, 0.12, rng)


def _open_hat(velocity: float, rng: np.random.Generator) -> Sound:
    return _metal(0.5, 0.38 + 0.1 * velocity, 6000, 0.14, rng)


def _ride(velocity: float, rng: np.random.Generator) -> Sound:
    return _metal(1.3, 1.3, 5200, 0.3 + 0.2 * velocity, rng) * np.float32(0.6)


def _crash(velocity: float, rng: np.random.Generator) -> Sound:
    return fade_in(_metal(2.4, 2.2, 3600, 0.12 + 0.1 * velocity, rng), 0.002)


def _shaker(velocity: float, rng: np.random.Generator) -> Sound:
    grains = _burst(0.13, 0.12, 4200, 11_000, rng)
    return fade_in(grains * np.float32(0.6 + 0.4 * velocity), 0.018)


def _tom(low: float) -> Stroke:
    def stroke(velocity: float, rng: np.random.Generator) -> Sound:
        size = samples(0.5)
        body = _drop(size, low * (1.5 + 0.3 * velocity), low, 0.05) * decay(size, 0.55)
        skin = _burst(0.06, 0.04, 300, 2500, rng) * np.float32(0.2)
        body[: skin.size] += skin
        return fade_in(body, 0.001)

    return stroke


def _dum(velocity: float, rng: np.random.Generator) -> Sound:
    """The centre of a frame drum."""
    skin = modal(
        np.array([82.0, 131.0, 176.0, 189.0]), np.array([1.0, 0.35, 0.2, 0.18]), np.array([0.9, 0.4, 0.3, 0.3]), 0.8
    )
    hand = _burst(0.05, 0.03, 150, 1800, rng) * np.float32(0.15 + 0.2 * velocity)
    skin[: hand.size] += hand
    return fade_in(skin, 0.0015)


def _tek(velocity: float, rng: np.random.Generator) -> Sound:
    """The rim of a frame drum."""
    edge = modal(
        np.array([410.0, 760.0, 1240.0, 1830.0]),
        np.array([0.4, 0.5, 0.4, 0.25]),
        np.array([0.14, 0.1, 0.09, 0.07]),
        0.2,
    )
    slap = _burst(0.06, 0.035, 1200, 6500, rng) * np.float32(0.35 + 0.3 * velocity)
    edge[: slap.size] += slap
    return fade_in(edge, 0.0006)


def _ka(velocity: float, rng: np.random.Generator) -> Sound:
    """A finger roll's softer answer to the tek."""
    return _tek(0.6 * velocity, rng) * np.float32(0.7)


def _jingle(velocity: float, rng: np.random.Generator) -> Sound:
    tones = np.array([5400.0, 6900.0, 8200.0, 9900.0]) * (1.0 + 0.01 * rng.standard_normal(4))
    ring = modal(tones, np.array([0.5, 0.5, 0.4, 0.3]), np.array([0.22, 0.18, 0.15, 0.12]), 0.3)
    return fade_in(ring + 0.5 * _burst(0.3, 0.09, 5500, 13_000, rng)[: ring.size], 0.003) * np.float32(
        0.5 + 0.5 * velocity
    )


KIT: dict[int, Stroke] = {
    36: _kick, 37: _rim, 38: _snare, 39: _clap, 42: _hat, 45: _tom(88.0), 46: _open_hat, 49: _crash, 50: _tom(142.0),
    51: _ride, 54: _jingle, 60: _dum, 61: _tek, 62: _ka, 70: _shaker,
}  # fmt: skip

LEVELS = {36: 1.15, 37: 0.45, 38: 0.85, 39: 0.75, 42: 0.5, 45: 0.7, 46: 0.42, 49: 0.5, 50: 0.6, 51: 0.4, 54: 0.42,
          60: 0.85, 61: 0.62, 62: 0.45, 70: 0.36}  # fmt: skip
PLACES = {42: 0.25, 46: 0.3, 37: -0.2, 45: 0.35, 49: 0.3, 50: -0.3, 51: -0.35, 54: -0.4, 61: 0.2, 62: -0.25, 70: -0.45}
