"""How far apart two people hear the same moment of one room, in two Chromium with the real client.

`python -m benchmarks jam`. The music is clicks, at uneven distances, so that no wrong click fits for long. In each page
an audio worklet listens right before the loudspeaker and notes at which sample a click begins; what the browser says of
its audio clock (`getOutputTimestamp`) turns that into a moment of the machine's clock. So the figure is of what leaves
the page, not of what the player believes.
"""

from __future__ import annotations

import json
import statistics
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from playwright.sync_api import BrowserType, Page, sync_playwright

from benchmarks.browsers import NOT_MEASURED, chromium_here, fresh_page, signed_in_page
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

TARGET_MS = 50.0
SETTLE_S = 3.0  # after something was done
MISSED_MS = 150.0
RATE, SECONDS = 44_100, 75
_WORKLET = """
class Clicks extends AudioWorkletProcessor {
  constructor() { super(); this.quiet = 1e9; }
  process([[samples]]) {
    for (let i = 0; samples && i < samples.length; i += 1) {
      const loud = Math.abs(samples[i]) > 0.05;
      if (loud && this.quiet > 0.1 * sampleRate) this.port.postMessage((currentFrame + i) / sampleRate);
      this.quiet = loud ? 0 : this.quiet + 1;
    }
    return true;
  }
}
registerProcessor("clicks", Clicks);
"""
_TAP = """
(() => {
  window.__taps = [];  // the player has a clock of its own beside the room's
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode && !this.context.__tapped) {
      const context = this.context;
      context.__tapped = true;
      const heard = { clicks: [], stamps: [] };
      window.__taps.push(heard);
      const module = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
      void context.audioWorklet.addModule(module).then(() => {
        const tap = new AudioWorkletNode(context, "clicks", { numberOfOutputs: 0, channelCount: 1 });
        tap.port.onmessage = ({ data }) => heard.clicks.push(data);
        connect.call(this, tap);
      });
      setInterval(() => {
        const { contextTime, performanceTime } = context.getOutputTimestamp();
        if (contextTime > 0) heard.stamps.push([contextTime, performance.timeOrigin + performanceTime]);
      }, 200);
    }
    return connect.call(this, target, ...rest);
  };
})();
"""


def measure() -> list[Section]:
    """Play, a jump, the next track, and one who comes late: a member, then a guest who has nothing but the link."""
    section = Section("Two people in one room: how far apart they hear the same")
    program = chromium_here()
    if program is None:
        section.notes.append(NOT_MEASURED)
        return [section]
    with own_home() as home:
        home.parent.mkdir(parents=True, exist_ok=True)
        clicks = click_wav(home.parent / "clicks.wav")
        with house(home) as running, sync_playwright() as playwright:
            ada = Person.register(running)
            tracks = [ada.publish(clicks, title) for title in ("Clicks", "More clicks")]
            listen = partial(_listened, running, playwright.chromium, program, ada, tracks)
            for who, guest in (("two members", False), ("a member and a guest", True)):
                section.rows.extend(_rows(who, *listen(guest=guest)))
    return [section]


def _rows(who: str, steady: list[float], always: list[float]) -> list[Row]:
    longest = max(steady)
    return [
        Row(
            f"{who}, once {SETTLE_S:.0f} s have passed since anything was done",
            f"p95 {_p95(steady):.1f} ms, longest {longest:.1f} ms",
            f"< {TARGET_MS:.0f} ms",
            f"{len(steady)} clicks",
            longest < TARGET_MS,
        ),
        Row(
            f"{who}, all of them",
            f"p95 {_p95(always):.1f} ms, longest {max(always):.1f} ms",
            "",
            f"{len(always)} clicks",
        ),
    ]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def click_wav(path: Path) -> Path:
    """Bursts of ten milliseconds, 300 to 700 ms apart."""
    sound = np.zeros(RATE * SECONDS, dtype=np.float32)
    burst = 0.8 * np.sin(2 * np.pi * 2_000 * np.arange(RATE // 100) / RATE)
    at, number = 0.0, 0
    while at < SECONDS - 1:
        sound[round(at * RATE) :][: burst.size] = burst
        number += 1
        at += 0.3 + 0.4 * (number * 0.618 % 1)
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE)
        target.writeframes((sound * 32_767).astype("<i2").tobytes())
    return path


def _listened(
    running: House, chromium: BrowserType, program: str, ada: Person, tracks: list[str], *, guest: bool
) -> tuple[list[float], list[float]]:
    entries = [{"id": str(uuid4()), "content_id": track} for track in tracks]
    jam = ada.ask("POST", "/jams", {"entries": entries})
    path = f"/jams/{jam['id']}/commands"
    done: list[float] = []

    def does(kind: str, **more: Any) -> None:
        done.append(time.time())
        ada.ask("POST", path, {"commands": [{"kind": kind, **more}]})

    if guest:
        late = _guest(chromium, program, f"{running.site}/jam/{jam['link']['code']}")
    else:
        bob = Person.register(running)
        bob.ask("POST", f"/jams/link/{jam['link']['code']}")
        late = _member(chromium, program, bob, jam["id"])
    with _member(chromium, program, ada, jam["id"]) as first:
        does("play")
        first.wait_for_timeout(6_000)
        with late as second:
            done.append(time.time())
            second.wait_for_timeout(13_000)
            does("seek", entry=entries[0]["id"], position_ms=41_000)
            second.wait_for_timeout(13_000)
            does("next", entry=entries[0]["id"])
            second.wait_for_timeout(13_000)
            heard = _apart(_heard(first), _heard(second), done)
    ada.ask("DELETE", f"/jams/{jam['id']}")
    return heard


def _apart(first: list[float], second: list[float], done: list[float]) -> tuple[list[float], list[float]]:
    """Milliseconds between the same click here and there: of a steady room, and at all times.

    A click that the other did not hear within MISSED_MS counts as so far. Raises RuntimeError where hardly anything was
    heard.
    """
    steady, always = [], []
    for one in first:
        if not second or not second[0] <= one <= second[-1]:
            continue
        apart = min(MISSED_MS, min(abs(one - other) for other in second) * 1000)
        always.append(apart)
        if not any(moment <= one < moment + SETTLE_S for moment in done):
            steady.append(apart)
    if len(steady) < 30:
        raise RuntimeError(f"{len(first)} and {len(second)} clicks were heard, {len(steady)} of a steady room")
    return steady, always


@contextmanager
def _member(chromium: BrowserType, program: str, person: Person, jam: str) -> Iterator[Page]:
    """Signed in, in the room, listening."""
    with signed_in_page(chromium, program, person, f"/jam/{jam}", _tapped()) as page:
        page.get_by_role("main").get_by_role("button", name="Listen along").click()
        yield page


@contextmanager
def _guest(chromium: BrowserType, program: str, link: str) -> Iterator[Page]:
    """Without an account, by the link, listening."""
    with fresh_page(chromium, program, link, _tapped()) as page:
        page.get_by_role("main").get_by_role("button", name="Come in and listen").click()
        yield page


def _tapped() -> str:
    return _TAP.replace("WORKLET", json.dumps(_WORKLET))


def _heard(page: Page) -> list[float]:
    """When clicks left this page, in seconds of the machine's clock."""
    taps: list[dict[str, Any]] = page.evaluate("() => window.__taps")
    tap = max(taps, key=lambda one: len(one["clicks"]))
    found = []
    for at in tap["clicks"]:
        near = [wall / 1000 - context for context, wall in tap["stamps"] if abs(context - at) < 3]
        if near:
            found.append(at + statistics.median(near))
    return found
