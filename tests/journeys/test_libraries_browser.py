"""A folder of music becomes a library in the administration, and is walked through and looked at by who may hear it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, Refusals, as_administrator, shot, violations, visitor
from tests.support.collection import sound_file
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One without a library: other journeys add theirs to the one that is shared."""
    folder = tmp_path_factory.mktemp("libraries")
    made = Product(folder / "home", folder / "serve.log")
    made.start()
    yield made
    made.end()


def _music(root: Path) -> Path:
    for album, year in (("Salt", "1999"), ("Foam", "2004")):
        for number, title in enumerate(("Undertow", "Ebb", "Spring tide"), start=1):
            path = root / "Marrow" / album / f"{number} {title}.flac"
            tags = {"artist": "Marrow", "albumartist": "Marrow", "album": album, "title": title, "genre": "Folk"}
            sound_file(path, tracknumber=str(number), date=year, **tags)
    (root / "Marrow" / "Salt" / "4 Broken.mp3").write_bytes(b"no sound at all" * 100)
    return root


async def _add(page: Page, folder: Path) -> None:
    await page.get_by_role("link", name="Libraries", exact=True).click()
    await page.get_by_role("heading", name="No library yet").wait_for()
    await page.get_by_role("button", name="Add a folder").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Folder").fill(str(folder / "none"))
    await page.keyboard.press("Enter")
    await dialog.get_by_text("There is no such folder on the server").wait_for()
    assert await violations(page) == []
    await shot(page, "admin-library-add")
    await dialog.get_by_label("Folder").fill(str(folder))
    await dialog.get_by_label("Name").fill("Attic")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", level=1, name="Attic").wait_for()


async def _walk(page: Page) -> None:
    """By the pages that everybody has: the grid, the letters, a year, and the folders down to a track."""
    await page.get_by_role("link", name="Library", exact=True).first.click()
    albums = page.get_by_role("list", name="Albums")
    await expect(albums.get_by_role("link")).to_have_text(["Foam", "Salt"])
    assert await violations(page) == []
    await shot(page, "library-albums")
    await page.get_by_role("link", name="From S", exact=True).click()
    await expect(albums.get_by_role("link")).to_have_text(["Salt"])
    await page.get_by_role("link", name="From the beginning").click()
    await page.get_by_label("Year").fill("2004")
    await expect(albums.get_by_role("link")).to_have_text(["Foam"])
    await page.get_by_role("link", name="As a list").click()
    await shot(page, "library-albums-list")
    await page.get_by_role("link", name="Folders", exact=True).click()
    for name in ("Attic", "Marrow", "Salt"):
        await page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        await page.get_by_role("heading", level=1, name=name).wait_for()
    await expect(page.get_by_role("list", name="Tracks").get_by_role("listitem")).to_have_count(3)
    assert await violations(page) == []
    await shot(page, "library-folder")


async def test_a_folder_is_added_scanned_and_heard(browser: Browser, product: Product, tmp_path: Path) -> None:
    folder = await to_thread(_music, tmp_path / "music")
    refusals = Refusals()
    admin = await as_administrator(browser, product)
    await refusals.watch(admin)
    await _add(admin, folder)
    await admin.get_by_text("Up to date").wait_for()
    await expect(admin.get_by_text("6 added")).to_be_visible()
    await expect(admin.get_by_text("The file is damaged.")).to_be_visible()
    assert await violations(admin) == []
    await shot(admin, "admin-library", full=True)

    await to_thread((folder / "Marrow" / "Foam" / "2 Ebb.flac").unlink)
    await admin.get_by_role("button", name="Scan Attic").click()
    await admin.get_by_role("button", name="Delete Ebb").click()
    await shot(admin, "admin-library-missing")
    await admin.get_by_role("alertdialog").get_by_role("button", name="Delete", exact=True).click()
    await admin.get_by_text("No file is missing.").wait_for()

    await _walk(admin)
    state = await admin.context.storage_state()
    phone = await visitor(browser, product, phone=True, dark=True, storage_state=state)
    await phone.goto("/admin/libraries")
    await phone.get_by_text("Up to date").wait_for()
    assert await violations(phone) == []
    await shot(phone, "admin-libraries-phone", full=True)
    await phone.goto("/library?view=tracks")
    await phone.get_by_role("list", name="Tracks").get_by_text("Undertow").first.wait_for()
    assert await violations(phone) == []
    await shot(phone, "library-tracks-phone")
    assert refusals.seen == []
