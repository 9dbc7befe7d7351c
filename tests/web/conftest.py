"""A browser for the client's parts that make sound, and those parts as scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.support.browsing import CHROMIUM
from tests.support.sounding import bundle, client_installed


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The engine and the mixer of the client, and the page in which they are heard."""
    if not client_installed():
        pytest.skip("the web client's packages are not installed")
    folder, here = tmp_path_factory.mktemp("engine"), Path(__file__).parent
    return {
        "gapless.html": (here / "gapless.html").read_bytes(),
        "kept.html": (here / "gapless.html").read_bytes().replace(b"/engine.js", b"/kept.js"),
        "kept.js": bundle(str(here / "kept.ts"), "Engine", folder / "kept.js").read_bytes(),
        "engine.js": bundle("src/player/engine/engine.ts", "Engine", folder / "engine.js").read_bytes(),
        "mixer.js": bundle("src/player/engine/mixer.ts", "Mixing", folder / "mixer.js").read_bytes(),
    }


@pytest.fixture(scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    """Started once a worker: to start it, and Playwright beside it, is a third of what these tests cost."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield launched
        await launched.close()


@pytest.fixture
async def page(running_browser: Browser) -> AsyncIterator[Page]:
    """Of a stranger to the tests before it."""
    context = await running_browser.new_context()
    yield await context.new_page()
    await context.close()
