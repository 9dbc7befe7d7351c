"""How long it takes from a click on "play on" until the music of another page moves, or stops.

Two Chromium with the real client, signed in as one person. A page notes when it was clicked, and when the clock of what
it plays moved first or stood still, by the machine's clock.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.browsers import chromium_here, signed_in_page
from benchmarks.house import House, Person
from benchmarks.jam import click_wav

__all__ = ["handed_between_pages"]

TIMES, WARM_UP = 20, 2
_WAIT_MS = 15_000
_SETTLE_MS = 700  # a person looks before they press again
_NOTES = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.__notes = { clicked: 0, moved: [], stopped: [] };
  addEventListener("click", () => (window.__notes.clicked = now()), true);
  const known = new WeakSet();
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    let stood = null;  // a jump to a place is not yet music from there
    const look = setInterval(() => {
      if (this.seeking || this.readyState < 3) { stood = null; return; }
      stood ??= this.currentTime;
      if (this.currentTime <= stood) return;
      clearInterval(look);
      window.__notes.moved.push(now());
    }, 2);
    if (!known.has(this)) this.addEventListener("pause", () => window.__notes.stopped.push(now()));
    known.add(this);
    return play.call(this);
  };
})();
"""


def handed_between_pages(running: House, folder: Path) -> tuple[list[float], list[float], list[float]] | None:
    """Seconds until the music moves here, where it is brought, there, where it is sent, and stands still there.

    None without a browser.
    """
    program = chromium_here()
    if program is None:
        return None
    person = Person.register(running)
    track = person.publish(click_wav(folder / "clicks.wav"), "Clicks")
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        with (
            signed_in_page(chromium, program, person, f"/tracks/{track}", _NOTES) as kitchen,
            signed_in_page(chromium, program, person, "/", _NOTES) as desk,
        ):
            kitchen.get_by_role("main").get_by_role("button", name="Play", exact=True).first.click()
            _bar(desk).get_by_role("button", name=re.compile("^On ")).wait_for()
            return _back_and_forth(kitchen, desk)


def _back_and_forth(kitchen: Page, desk: Page) -> tuple[list[float], list[float], list[float]]:
    brought, sent, stopped = [], [], []
    for _ in range(WARM_UP + TIMES):
        _bar(desk).get_by_role("button", name="Previous track").click()  # from its start: it must not end meanwhile
        desk.wait_for_timeout(_SETTLE_MS)
        stopped.append(_after(desk, kitchen, "stopped", _bar(desk).get_by_role("button", name="Pause", exact=True)))
        desk.wait_for_timeout(_SETTLE_MS)
        _bar(desk).get_by_role("button", name="Play", exact=True).click()
        _bar(kitchen).get_by_role("button", name="Pause", exact=True).wait_for()
        desk.wait_for_timeout(_SETTLE_MS)
        brought.append(_after(desk, desk, "moved", _place(desk, "^This device")))
        _bar(kitchen).get_by_role("button", name=re.compile("^On ")).wait_for()
        desk.wait_for_timeout(_SETTLE_MS)
        sent.append(_after(desk, kitchen, "moved", _place(desk, "^(?!This|Rename|Close)")))
        _bar(desk).get_by_role("button", name=re.compile("^On ")).wait_for()
        desk.wait_for_timeout(_SETTLE_MS)
    return brought[WARM_UP:], sent[WARM_UP:], stopped[WARM_UP:]


def _bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Player")


def _place(page: Page, name: str) -> Locator:
    _bar(page).get_by_role("button", name="Play on…").click()
    return page.get_by_role("dialog", name="Play on…").get_by_role("button", name=re.compile(name))


def _after(clicked: Page, other: Page, what: str, button: Locator) -> float:
    """Seconds from the click to the first such note of the other page. Raises RuntimeError where there is none."""
    other.evaluate("what => { window.__notes[what] = []; }", what)
    button.click()
    began = clicked.evaluate("() => window.__notes.clicked")
    found: Any = None
    for _ in range(_WAIT_MS // 20):
        found = other.evaluate("what => window.__notes[what][0] ?? null", what)
        if found is not None:
            return (float(found) - float(began)) / 1000
        other.wait_for_timeout(20)
    raise RuntimeError(f"no page {what} within {_WAIT_MS} ms")
