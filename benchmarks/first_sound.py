"""Time from the click on Play to the first audible sample, in headless Chromium with the real client.

`python -m benchmarks sound`. The player itself says when it hears something, as User Timing `antiphon:first-sound`.
"""

from __future__ import annotations

import shutil
import statistics
import time

from playwright.sync_api import Browser, Page, sync_playwright

from antiphon.entry.http.client import CLIENT_FOLDER
from benchmarks.fixtures import one_minute_wav
from benchmarks.house import Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

TARGET_MS = 300.0
CLICKS = 7
_GIVE_UP_S = 20.0
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_HEARD = "() => performance.getEntriesByName('antiphon:first-sound').map((entry) => entry.duration)"


def measure() -> list[Section]:
    """A guest on the page of a published track; each click in a browser profile that has seen nothing."""
    section = Section("From the click to the first audible sample, in Chromium")
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        section.notes.append("Chromium is not installed on this machine: not measured.")
        return [section]
    if not (CLIENT_FOLDER / "index.html").exists():
        section.notes.append("The web client is not built (make run builds it): not measured.")
        return [section]
    with own_home() as home:
        home.parent.mkdir(parents=True, exist_ok=True)
        song = one_minute_wav(home.parent)
        with house(home) as running:
            track = Person.register(running).publish(song, "One minute")
            page = f"{running.site}/tracks/{track}"
            first, again = _clicks(browser, page)
    for what, heard in (("first click in a fresh browser", first), ("stop, and click again on the same page", again)):
        middle = statistics.median(heard)
        section.rows.append(
            Row(
                what,
                f"median {middle:.0f} ms, longest {max(heard):.0f} ms",
                f"< {TARGET_MS:.0f} ms",
                f"{len(heard)} clicks",
                middle < TARGET_MS,
            )
        )
    return [section]


def _clicks(program: str, url: str) -> tuple[list[float], list[float]]:
    first, again = [], []
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            for _ in range(CLICKS):
                one, two = _click(browser, url)
                first.append(one)
                again.append(two)
        finally:
            browser.close()
    return first, again


def _click(browser: Browser, url: str) -> tuple[float, float]:
    context = browser.new_context(locale="en-GB")
    try:
        page = context.new_page()
        page.goto(url)
        main = page.get_by_role("main")
        heard: list[float] = []
        for count in (1, 2):
            main.get_by_role("button", name="Play", exact=True).first.click()
            heard = _heard(page, count)
            if count == 1:
                main.get_by_role("button", name="Pause", exact=True).first.click()
        return heard[0], heard[1]
    finally:
        context.close()


def _heard(page: Page, count: int) -> list[float]:
    """Asked again and again: the page's policy forbids Playwright's own waiting. Raises RuntimeError for silence."""
    until = time.monotonic() + _GIVE_UP_S
    while time.monotonic() < until:
        heard: list[float] = page.evaluate(_HEARD)
        if len(heard) >= count:
            return heard
        page.wait_for_timeout(20)
    raise RuntimeError("nothing was heard after the click")
