"""Chromium with the real client, signed in: what the benchmarks that listen in pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserType, Page

from antiphon.entry.http.client import CLIENT_FOLDER
from benchmarks.house import Person

__all__ = ["NOT_MEASURED", "chromium_here", "fresh_page", "signed_in_page"]

NOT_MEASURED = "Chromium is not installed, or the web client is not built: not measured."
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"]


def chromium_here() -> str | None:
    """The program, where there is one and the client is built."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    return program if (CLIENT_FOLDER / "index.html").exists() else None


@contextmanager
def fresh_page(chromium: BrowserType, program: str, address: str, script: str) -> Iterator[Page]:
    """In a browser of its own, nobody signed in; `script` ran before any of the page's."""
    browser = chromium.launch(executable_path=program, args=_ARGUMENTS)
    try:
        page = browser.new_context(locale="en-GB", bypass_csp=True, service_workers="block").new_page()
        page.add_init_script(script)
        page.goto(address)
        yield page
    finally:
        browser.close()


@contextmanager
def signed_in_page(chromium: BrowserType, program: str, person: Person, path: str, script: str) -> Iterator[Page]:
    """In a browser of its own, on its way to `path`; `script` ran before any of the page's."""
    with fresh_page(chromium, program, f"{person.house.site}/sign-in?next={path}", script) as page:
        page.get_by_label("Email").fill(f"{person.handle}@example.org")
        page.get_by_label("Password", exact=True).fill(person.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        yield page
