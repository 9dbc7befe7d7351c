"""Becoming an artist where somebody looks first: refused with a reason, asked for again, approved, published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, as_administrator, made, shot, sign_in, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER
WHY = "Tide is somebody else's name. Choose another one."


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("approval")
    made = Product(folder / "home", folder / "serve.log", ANTIPHON_ARTIST_APPROVAL="required")
    made.start()
    yield made
    made.end()


async def _make_artist(page: Page) -> None:
    await page.goto("/studio/upload")
    await page.get_by_role("button", name="New artist profile").first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Somebody looks at the profile before you can publish.")).to_be_visible()
    await dialog.get_by_label("Artist name").fill("Tide")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_have_count(0)


async def test_an_artist_is_refused_asks_again_and_is_approved(browser: Browser, product: Product) -> None:
    made(product, "ada")
    admin = await as_administrator(browser, product)
    ada = await visitor(browser, product, phone=True, dark=True)
    await sign_in(ada, "ada")
    await _make_artist(ada)
    await ada.goto("/studio")
    await ada.get_by_text("Tide waits for approval").wait_for()
    await shot(ada, "artist-waits-phone", full=True)
    assert await violations(ada) == []

    await admin.goto("/admin/artists")
    await admin.get_by_text("1 artist is waiting").wait_for()
    await shot(admin, "admin-artists", full=True)
    assert await violations(admin) == []
    refuse = admin.get_by_role("button", name="Refuse Tide")
    await refuse.focus()
    await admin.keyboard.press("Enter")  # all of it by the keyboard
    await expect(admin.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
    await admin.keyboard.type(WHY)
    await shot(admin, "admin-artists-refuse")
    assert await violations(admin) == []
    await admin.get_by_role("dialog").get_by_role("button", name="Refuse", exact=True).press("Enter")
    await admin.get_by_role("heading", name="Nobody is waiting").wait_for()
    await expect(admin.get_by_role("status").filter(has_text="Nobody is waiting")).to_be_focused()

    await ada.reload()
    await ada.get_by_text(WHY).wait_for()
    await shot(ada, "artist-refused-phone", full=True)
    assert await violations(ada) == []
    await ada.get_by_role("button", name="Ask again for Tide").click()
    await ada.get_by_text("Tide waits for approval").wait_for()

    phone = await visitor(browser, product, phone=True, dark=True, storage_state=await admin.context.storage_state())
    await phone.goto("/admin/artists")
    await phone.get_by_text(WHY).wait_for()  # why it was refused before
    await shot(phone, "admin-artists-phone", full=True)
    assert await violations(phone) == []
    await phone.get_by_role("button", name="Approve Tide").click()
    await phone.get_by_text("Tide can publish now.").wait_for()

    await ada.reload()
    await ada.get_by_role("link", name="Edit the profile").wait_for()
    await expect(ada.get_by_text("waits for approval")).to_have_count(0)
