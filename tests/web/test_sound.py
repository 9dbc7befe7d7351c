"""Crossfade, speed, equaliser and limiter, measured on the samples that Chromium puts out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page

from antiphon.domains.media.ports import Rendition
from tests.support.sounding import RATE, SITE, Samples, encoded, samples, serve

pytestmark = pytest.mark.browser

FLAC = Rendition("flac", "flac", None, RATE, 2, 16)
ATTEMPTS = 3


def tone(hertz: float, seconds: float, peak: float = 0.4) -> Samples:
    wave: Samples = peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return wave


def power(sound: Samples, hertz: float, around_s: float, width_s: float = 0.1) -> float:
    """Power of one frequency about a moment."""
    first = max(0, round((around_s - width_s / 2) * RATE))
    part = sound[first : first + round(width_s * RATE)]
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / RATE)
    return float(2 * np.abs(np.mean(part * turn)) ** 2)


async def heard(
    page: Page, table: dict[str, Any], start_s: float, settings: dict[str, Any], fades: bool, next_s: float = 0.0
) -> Samples:
    """`next_s`: where the second begins."""
    await page.goto(f"{SITE}/gapless.html")
    asked = [table, start_s, {"quality": "lossless", **settings}, fades, next_s]
    answer = await page.evaluate("(asked) => play(...asked)", asked)
    assert answer["crossed"] == 1
    sound = samples(answer["sound"])
    return sound[np.flatnonzero(np.abs(sound) > 1e-3)[0] :]


async def test_two_tracks_fade_into_each_other_at_equal_power(
    page: Page, scripts: dict[str, bytes], tmp_path: Path
) -> None:
    low, high = 441.0, 1470.0
    files, table = await encoded({"first": tone(low, 8.0), "second": tone(high, 7.0)}, FLAC, tmp_path)
    await serve(page, files | scripts)
    full = 0.4**2 / 2
    for attempt in range(1, ATTEMPTS + 1):
        sound = await heard(page, table, 4.0, {"crossfadeS": 2}, fades=True)
        # The first leaves when its four seconds are over, so the fade has its middle a second before.
        both = [(power(sound, low, at), power(sound, high, at)) for at in (1.0, 2.5, 3.0, 3.5, 4.5)]
        whole = [sum(pair) / full for pair in both]
        if min(whole) > 0.75 or attempt == ATTEMPTS:  # a machine that is too busy drops blocks of its own
            break
    assert both[0][1] < 0.001 * full
    assert both[4][0] < 0.001 * full
    assert both[1][0] > both[1][1]
    assert both[3][0] < both[3][1]
    assert 0.25 < both[2][0] / full < 0.75  # about half, give or take the quarter second between two looks
    assert all(0.75 < part < 1.15 for part in whole)


@pytest.mark.parametrize("crossfade_s", [0, 1])
async def test_what_follows_in_its_middle_is_not_heard_from_its_beginning(
    page: Page, scripts: dict[str, bytes], tmp_path: Path, crossfade_s: int
) -> None:
    low, left_out, high = 441.0, 700.0, 1470.0
    second = np.concatenate([tone(left_out, 6.0), tone(high, 4.0)])
    files, table = await encoded({"first": tone(low, 4.0), "second": second}, FLAC, tmp_path)
    await serve(page, files | scripts)
    sound = await heard(page, table, 1.0, {"crossfadeS": crossfade_s}, fades=crossfade_s > 0, next_s=6.5)
    moments = np.arange(0.05, len(sound) / RATE, 0.1)
    lasts = {hertz: 0.1 * sum(power(sound, hertz, at) > 0.02 for at in moments) for hertz in (low, left_out, high)}
    assert lasts[left_out] == 0
    assert 1.5 < lasts[low] < 3.5
    assert 2.0 < lasts[high] < 4.0


async def test_twice_as_fast_is_half_as_long_and_no_higher(
    page: Page, scripts: dict[str, bytes], tmp_path: Path
) -> None:
    files, table = await encoded({"first": tone(441.0, 4.0), "second": tone(441.0, 4.0)}, FLAC, tmp_path)
    await serve(page, files | scripts)
    for attempt in range(1, ATTEMPTS + 1):
        sound = await heard(page, table, 0.0, {"speed": 2}, fades=False)
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        lasts_s = (loud[-1] - loud[0]) / RATE
        if lasts_s < 4.6 or attempt == ATTEMPTS:  # a machine that is too busy has pauses of its own
            break
    assert 3.5 < lasts_s < 4.6
    spectrum = np.abs(np.fft.rfft(sound[: 3 * RATE]))
    assert abs(float(np.argmax(spectrum)) / 3 - 441.0) < 8


MIX = """async ([input, rate, equaliser, limited]) => {
  const context = new OfflineAudioContext(1, input.length, rate);
  const buffer = new AudioBuffer({ length: input.length, sampleRate: rate });
  buffer.copyToChannel(Float32Array.from(input), 0);
  const mixer = new Mixing.Mixer(context);
  mixer.startAt(1);
  if (equaliser) mixer.setEqualiser(equaliser);
  mixer.setLimited(limited);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(mixer.input);
  source.start();
  return Array.from((await context.startRendering()).getChannelData(0));
}"""


async def test_the_mixer_does_what_it_says_and_never_clips(page: Page, scripts: dict[str, bytes]) -> None:
    await serve(page, scripts)
    await page.goto(f"{SITE}/gapless.html")
    await page.add_script_tag(url="/mixer.js")

    async def mixed(sound: Samples, bands: list[float] | None, preamp: float = 0.0, limited: bool = False) -> Samples:
        equaliser = None if bands is None else {"on": True, "preampDb": preamp, "bandsDb": bands}
        return np.array(await page.evaluate(MIX, [sound.tolist(), RATE, equaliser, limited]))

    quiet, moment = tone(1000.0, 1.0, 0.1), 0.8
    assert np.array_equal(await mixed(quiet, None), quiet.astype(np.float32).astype(np.float64))
    for bands, decibels in (
        ([0.0] * 10, 0.0),
        ([0.0] * 5 + [6.0] + [0.0] * 4, 0.0),
        ([0.0] * 5 + [-6.0] + [0.0] * 4, -6.0),
    ):
        gain = power(await mixed(quiet, bands), 1000.0, moment) / power(quiet, 1000.0, moment)
        assert abs(10 * np.log10(gain) - decibels) < 0.3

    # Raised to the utmost, and a preamplifier on top: noise and a square wave at full scale stay below it.
    noise = np.random.default_rng(5).uniform(-1, 1, RATE // 2)
    for loud in (noise, np.sign(tone(100.0, 0.5))):
        raised = await mixed(loud, [12.0] * 10, preamp=12.0)
        assert np.abs(raised).max() < 1.0
        # Two tracks at full scale at once.
        assert np.abs(await mixed(2 * loud, None, limited=True)).max() < 1.0
