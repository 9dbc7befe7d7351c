"""Letters from end to end: the product writes them into a folder, and its administrator looks at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browsing import NEEDS_BROWSER, Refusals, shot, violations, visitor
from tests.support.product import Product, until

pytestmark = NEEDS_BROWSER

FRAME = "iframe[title='The letter as mail programs show it']"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("letters")


@pytest.fixture(scope="module")
def product(folder: Path) -> Iterator[Product]:
    made = Product(folder / "home", folder / "serve.log", ANTIPHON_MAIL_URL=f"file://{folder}/mail")
    made.start()
    yield made
    made.end()


def test_a_letter_leaves_the_house(product: Product, folder: Path) -> None:
    form = {"email": "ada@example.org", "password": "correct horse", "handle": "ada", "display_name": "Ada"}
    answer = product.http.post("/auth/register", json=form, headers={"Accept-Language": "de"})
    assert answer.status_code == 202, answer.text
    assert until(lambda: any((folder / "mail").glob("*.eml")), within_s=60), product.log.read_text()[-2000:]
    (file,) = (folder / "mail").glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
    assert str(letter["subject"]) == "Bestätige deine E-Mail-Adresse"
    plain = letter.get_body(("plain",))
    assert plain is not None
    link = re.search(r"http://localhost:\d+/verify-email#\S+", plain.get_content())
    assert link
    token = link[0].rpartition("=")[2]
    assert token not in product.log.read_text()
    proven = product.http.post("/auth/email/verify", json={"kind": "sign_up", "token": token})
    assert proven.status_code == 200, proven.text
    assert proven.json()["user"]["handle"] == "ada"


async def test_an_administrator_looks_at_letters(browser: Browser, product: Product) -> None:
    assert until(lambda: "/sign-in/link#" in product.log.read_text(), within_s=60)
    link = re.search(r"/sign-in/link#\S+", product.log.read_text())
    assert link
    page, refusals = await visitor(browser, product), Refusals()
    await refusals.watch(page)
    await page.goto(link[0])
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto("/admin/mail")
    letter = page.frame_locator(FRAME)
    await letter.get_by_role("link", name="Confirm address").wait_for()
    await shot(page, "letters")
    await page.get_by_role("button", name="Letter", exact=False).last.click()
    await page.get_by_role("option", name="New sign-in to your account").click()
    await page.get_by_role("button", name="Language").click()
    await page.get_by_role("option", name="العربية").click()
    await letter.get_by_role("link", name="عرض أجهزتي").wait_for()
    assert await letter.locator("html").get_attribute("dir") == "rtl"
    await page.get_by_role("tab", name="Plain text").click()
    await page.get_by_text("Firefox, Linux").wait_for()
    assert await violations(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_role("tab", name="Designed").click()
    await letter.get_by_role("link", name="عرض أجهزتي").wait_for()
    await shot(page, "letters-phone", full=True)
    assert refusals.seen == []
