"""A wallet as the only key to an account, and as another one; in the browser, with a key that the test holds."""

from __future__ import annotations

import json
from copy import copy

import pytest
from eth_account import Account
from playwright.async_api import Browser, Page, Route, expect

from tests.support.browsing import NEEDS_BROWSER, Refusals, shot, sign_up, violations, visitor
from tests.support.product import Product
from tests.support.wallets import BrowserWallet, install

pytestmark = NEEDS_BROWSER

BUTTON = "Sign in with a wallet"


@pytest.fixture(scope="module")
def product(product: Product) -> Product:
    """By name: it is what wallets compare the message with."""
    named = copy(product)
    named.url = product.url.replace("127.0.0.1", "localhost")
    return named


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.get_by_text("You are signed out.").wait_for()


async def enter(page: Page) -> None:
    await page.goto("/sign-in")
    await page.get_by_role("button", name=BUTTON).click()
    await page.get_by_role("button", name="Account of").wait_for()


async def test_a_wallet_alone_opens_an_account(browser: Browser, product: Product) -> None:
    page, wallet, refusals = await visitor(browser, product), BrowserWallet(), Refusals()
    await refusals.watch(page)
    await install(page, only=wallet)
    await enter(page)
    await page.wait_for_url("**/settings")
    handle = await page.get_by_label("Handle").input_value()
    assert handle.startswith("fan_")
    await page.get_by_label("Name", exact=True).fill("Alma")
    await page.get_by_role("button", name="Save").first.click()
    await page.get_by_role("button", name="Account of Alma").wait_for()
    await sign_out(page)
    await enter(page)
    await page.wait_for_url(lambda url: "/sign-in" not in url and "/settings" not in url)
    await page.get_by_role("button", name="Account of Alma").wait_for()

    await page.goto("/settings/security#wallets")
    first = page.get_by_role("list", name="Wallets").get_by_role("listitem")
    await expect(first).to_contain_text(wallet.key.address)
    await remove(page, wallet.key.address)
    await expect(page.get_by_text("This is the only way into your account.")).to_be_visible()
    before, wallet.key = wallet.key.address, Account.create()
    await page.get_by_role("button", name="Link a wallet").click()
    await expect(page.get_by_role("list", name="Wallets").get_by_role("listitem")).to_have_count(2)
    await page.reload()  # what was announced to screen readers a moment ago is gone then
    await expect(page.get_by_role("list", name="Wallets").get_by_role("listitem")).to_have_count(2)
    await shot(page, "wallets-two", full=True)
    assert await violations(page) == []
    await remove(page, before)
    await expect(page.get_by_role("list", name="Wallets").get_by_role("listitem")).to_have_count(1)
    assert f"account {handle}" in wallet.signed[-1]
    assert refusals.seen == []


async def remove(page: Page, address: str) -> None:
    row = page.get_by_role("list", name="Wallets").get_by_role("listitem").filter(has_text=address)
    await row.get_by_role("button", name="Remove").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await page.get_by_role("alertdialog").wait_for(state="detached")


async def test_who_joins_with_a_wallet_is_called_as_they_wrote(browser: Browser, product: Product) -> None:
    page, wallet = await visitor(browser, product), BrowserWallet()
    await install(page, only=wallet)
    await page.goto("/sign-up")
    await page.get_by_label("Name", exact=True).fill("Grace Hopper")
    await shot(page, "sign-up-wallet", full=True)
    assert await violations(page) == []
    await page.get_by_role("button", name="Sign up with a wallet").click()
    await page.get_by_role("button", name="Account of Grace Hopper").wait_for()
    await page.goto("/settings")
    await expect(page.get_by_label("Handle")).to_have_value("grace.hopper")


@pytest.mark.parametrize("language", ["ar", "de"])
async def test_wallets_read_well_in_other_languages(browser: Browser, product: Product, language: str) -> None:
    page, wallet = await visitor(browser, product, phone=language == "de"), BrowserWallet()
    await install(page, only=wallet)
    chosen = json.dumps({"state": {"locale": language}, "version": 0})
    await page.add_init_script(f"localStorage.setItem('antiphon.preferences', '{chosen}')")
    await page.goto("/sign-in")
    await page.locator("button:has(.lucide-wallet)").click()
    await page.wait_for_url("**/settings")
    await page.goto("/settings/security#wallets")
    await page.get_by_text(wallet.key.address).wait_for()
    await page.locator("#wallets").scroll_into_view_if_needed()
    await shot(page, f"wallets-{language}")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await violations(page) == []


async def test_a_wallet_is_linked_to_an_account_that_was_there(browser: Browser, product: Product) -> None:
    page, wallet = await visitor(browser, product, phone=True, dark=True), BrowserWallet()
    await install(page, only=wallet)
    await sign_up(page, "Wilma", "wilma")
    await page.goto("/settings/security")
    await expect(page.get_by_text("No wallet is linked to your account.")).to_be_visible()
    await page.get_by_role("button", name="Link a wallet").click()
    await expect(page.get_by_text(wallet.key.address)).to_be_visible()
    await page.get_by_role("heading", name="Wallets").scroll_into_view_if_needed()
    await shot(page, "wallets-phone")
    assert await violations(page) == []
    await page.goto("/")
    await sign_out(page)
    await enter(page)
    await page.get_by_role("button", name="Account of Wilma").wait_for()
    await page.goto("/settings/security")
    await remove(page, wallet.key.address)
    await expect(page.get_by_text("No wallet is linked to your account.")).to_be_visible()


async def test_another_account_does_not_get_a_linked_wallet(browser: Browser, product: Product) -> None:
    page, wallet = await visitor(browser, product), BrowserWallet()
    await install(page, only=wallet)
    await enter(page)
    await sign_out(page)
    await sign_up(page, "Xenia", "xenia")
    await page.goto("/settings/security")
    await page.get_by_role("button", name="Link a wallet").click()
    await expect(page.get_by_text("This wallet belongs to an account already.")).to_be_visible()
    await expect(page.get_by_text("No wallet is linked to your account.")).to_be_visible()


async def test_who_was_here_for_long_proves_with_the_wallet_that_it_is_still_them(
    browser: Browser, product: Product
) -> None:
    page, wallet = await visitor(browser, product), BrowserWallet()
    await install(page, only=wallet)
    await enter(page)
    await page.goto("/settings/security")
    await page.get_by_role("list", name="Wallets").wait_for()
    before, wallet.key = wallet.key, Account.create()
    refused: list[str] = []

    async def as_if_ten_minutes_had_passed(route: Route) -> None:
        if refused:
            await route.continue_()
            return
        refused.append(route.request.url)
        problem = {"code": "step_up_needed", "status": 403, "title": "Prove again", "methods": ["wallet"]}
        await route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/users/me/wallets/nonce", as_if_ten_minutes_had_passed)
    await page.get_by_role("button", name="Link a wallet").click()
    again = page.get_by_role("dialog", name="Is it still you?")
    await again.wait_for()
    await shot(page, "wallets-step-up")
    assert await violations(page) == []
    wallet.key = before
    await again.get_by_role("button", name="Sign with your wallet").click()
    await again.wait_for(state="detached")
    await expect(page.get_by_role("list", name="Wallets").get_by_role("listitem")).to_have_count(2)
    assert wallet.signed[0].split("\n")[3].startswith("Sign in to Antiphon.")
    assert wallet.signed[1].split("\n")[3].startswith("Prove again that the Antiphon account")
    assert wallet.signed[2].split("\n")[3].startswith("Link this wallet to the Antiphon account")


async def test_who_has_several_chooses_and_who_says_no_is_left_alone(browser: Browser, product: Product) -> None:
    page, fox, bear = await visitor(browser, product), BrowserWallet(), BrowserWallet(colour="e2761b")
    await install(page, Fox=fox, Bear=bear)
    await page.goto("/sign-in")
    await page.get_by_role("button", name=BUTTON).click()
    choice = page.get_by_role("dialog", name="Which wallet?")
    await expect(choice.get_by_role("button", name="Fox")).to_be_visible()
    await shot(page, "wallets-choice")
    assert await violations(page) == []
    bear.refusal = 4001
    await choice.get_by_role("button", name="Bear").click()
    await choice.wait_for(state="detached")
    await expect(page.get_by_role("button", name=BUTTON)).to_be_enabled()
    await expect(page.get_by_role("main").get_by_role("alert")).to_have_count(0)
    bear.refusal = -32002
    await page.get_by_role("button", name=BUTTON).click()
    await choice.get_by_role("button", name="Bear").click()
    await expect(page.get_by_text("Your wallet is still asking something.")).to_be_visible()
    await page.get_by_role("button", name=BUTTON).click()
    await choice.get_by_role("button", name="Fox").click()
    await page.get_by_role("button", name="Account of").wait_for()
    assert (len(fox.signed), bear.signed) == (1, [])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_who_has_none_is_told_how_to_get_one(browser: Browser, product: Product, dark: bool) -> None:
    page = await visitor(browser, product, dark=dark, phone=not dark)
    await page.goto("/sign-in")
    await page.get_by_role("button", name=BUTTON).wait_for()
    await shot(page, f"sign-in-wallet-{'dark' if dark else 'phone'}", full=True)
    await page.get_by_role("button", name=BUTTON).click()
    await expect(page.get_by_role("dialog").get_by_role("link", name="How to get one")).to_be_visible()
    await shot(page, f"wallets-none-{'dark' if dark else 'phone'}")
    assert await violations(page) == []
