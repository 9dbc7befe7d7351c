"""A person takes everything with them, leaves, and comes back, in a real browser."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.archives import changed
from tests.support.browsing import NEEDS_BROWSER, PASSWORD, join, shot, sign_up, violations, visitor
from tests.support.mailbox import letter
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


async def sign_in(page: Page, handle: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(f"{handle}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


async def test_everything_is_taken_along_and_brought_back(browser: Browser, product: Product, tmp_path: Path) -> None:
    page = await visitor(browser, product)
    await sign_up(page, "Ada", "ada_leaves")
    await page.goto("/settings/privacy")
    await page.get_by_role("button", name="Make an archive").click()
    fetch = page.get_by_role("link", name=re.compile("^Download [0-9]"))
    await expect(fetch).to_be_visible()
    assert await violations(page) == []
    await shot(page, "privacy", full=True)
    async with page.expect_download() as begun:
        await fetch.click()
    archive = tmp_path / "archive.zip"
    await (await begun.value).save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        assert b"ada_leaves" in opened.read("data/account.jsonl")
    words = {"title": "Far Away", "artist": "The Others"}
    like = {"id": "trk_elsewhere", "kind": "track", "liked_at": "2026-01-02T03:04:05Z", "work": words}
    archive.write_bytes(changed(archive.read_bytes(), data__likes_dot_jsonl=json.dumps(like)))
    await page.get_by_label("Archive", exact=True).set_input_files(archive)
    await page.get_by_role("link", name="Look it over").click()
    await expect(page.get_by_role("heading", name="Look your archive over")).to_be_visible()
    assert await violations(page) == []
    await shot(page, "import-review", full=True)
    await page.get_by_role("button", name="Take it in", exact=True).click()
    await expect(page.get_by_text("This came with your archive:")).to_be_visible()
    await page.get_by_text("Not taken: 1").click()
    await expect(page.get_by_text("The Others - Far Away")).to_be_visible()
    await expect(page.get_by_text("neither its number nor its name was found")).to_be_visible()
    assert await violations(page) == []


async def leave(page: Page, handle: str) -> None:
    await page.goto("/settings/privacy")
    await page.get_by_role("button", name="Delete my account").click()
    asked = page.get_by_role("alertdialog")
    sure = asked.get_by_role("button", name="Delete my account")
    await expect(sure).to_be_disabled()
    await asked.get_by_label("To be sure").fill(handle)
    await sure.click()
    await expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()


async def test_leaving_can_be_taken_back(browser: Browser, product: Product) -> None:
    page, other = await visitor(browser, product), await visitor(browser, product, phone=True)
    await sign_up(page, "Bea", "bea_stays")
    await sign_in(other, "bea_stays")
    await other.wait_for_url(f"{product.url}/")
    await leave(page, "bea_stays")
    await other.goto("/settings/privacy")
    await other.wait_for_url(lambda url: "/sign-in" in url)
    await sign_in(page, "bea_stays")
    await page.get_by_role("button", name="Keep my account").click()
    await expect(page.get_by_role("heading", name="Good that you stay")).to_be_visible()
    await sign_in(page, "bea_stays")
    await page.wait_for_url(f"{product.url}/")


async def test_the_letters_link_takes_leaving_back(browser: Browser, tmp_path: Path) -> None:
    """On a telephone that was never signed in: whoever has the letter has the account back."""
    mail = tmp_path / "mail"
    product = Product(tmp_path / "home", tmp_path / "serve.log", ANTIPHON_MAIL_URL=mail.as_uri())
    product.env["ANTIPHON_PUBLIC_URL"] = product.url  # so that letters lead to where the browser is signed in
    product.start()
    try:
        page, phone = await visitor(browser, product), await visitor(browser, product, phone=True)
        await page.goto("/sign-up")
        await join(page, "Cleo", "cleo_stays")
        await page.goto(letter(mail, "cleo_stays@example.org", "/verify-email"))
        await page.get_by_role("button", name="Confirm and sign in").click()
        await page.get_by_role("button", name="Account of Cleo").wait_for()
        await leave(page, "cleo_stays")
        link = letter(mail, "cleo_stays@example.org", "/deletion/cancel")
        await phone.goto(link)
        await expect(phone.get_by_role("heading", level=1, name="Keep your account?")).to_be_visible()
        await phone.wait_for_url("**/deletion/cancel")  # the token is not left lying in the address
        assert await violations(phone) == []
        await shot(phone, "deletion-cancel-phone")
        await phone.get_by_role("button", name="Keep my account").click()
        await expect(phone.get_by_role("heading", name="Good that you stay")).to_be_visible()
        await page.goto(link)
        await page.get_by_role("button", name="Keep my account").click()
        await expect(page.get_by_role("alert")).to_be_visible()  # it holds once
        await sign_in(page, "cleo_stays")
        await page.get_by_role("button", name="Account of Cleo").wait_for()
    finally:
        product.end()
