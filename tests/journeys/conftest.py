"""What the journeys of a worker share: a browser, and the installation that they visit unless they want another.

Both end with the last journey: what is left idle takes of the time of the tests that come after.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.support.browsing import CHROMIUM, FLAGS, PATIENCE_MS
from tests.support.product import Product
from tests.support.texts import TextGateway, text_gateway


@pytest.fixture(scope="package")
def gateway() -> Iterator[TextGateway]:
    """Where the text messages of `product` go."""
    with text_gateway() as running:
        yield running


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory, gateway: TextGateway) -> Iterator[Product]:
    """Journeys meet in it: each brings people of its own. Who wants other settings makes another in its file."""
    folder = tmp_path_factory.mktemp("journeys")
    made = Product(folder / "home", folder / "serve.log", ANTIPHON_SMS_URL=gateway.url)
    made.start()
    yield made
    made.end()


@pytest.fixture(scope="package")
async def running_browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)  # a machine under load is slow, not wrong
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """Started once, as strangers to each other: what a test opened is closed after it."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()
