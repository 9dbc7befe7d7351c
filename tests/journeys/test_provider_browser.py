"""A real provider in a real browser: sign up by it, come back by it, link it, unlink it, say no to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, Refusals, shot, sign_up, violations, visitor
from tests.support.keycloak import Keycloak
from tests.support.keycloak_realm import CLIENT, PASSWORD, SECRET, Realm
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def realm(keycloak: Keycloak) -> Iterator[Realm]:
    made = keycloak.realm(f"house-{secrets.token_hex(4)}", redirect="*")
    yield made
    made.close()


@pytest.fixture(scope="module")
def product(realm: Realm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    common = {"preset": "keycloak", "issuer": realm.issuer, "client_secret": SECRET, "trust_email": True}
    providers = [
        {"id": "house", "name": "House", "client_id": CLIENT, **common},
        {"id": "asks", "name": "Asking", "client_id": f"{CLIENT}-asks", **common},
    ]
    folder = tmp_path_factory.mktemp("providers")
    made = Product(folder / "home", folder / "serve.log", ANTIPHON_PROVIDERS=json.dumps(providers))
    made.start()
    made.url = made.url.replace("127.0.0.1", "localhost")  # where providers send people back to
    yield made
    made.end()


async def at_the_provider(page: Page, person: str) -> None:
    await page.locator("#username").fill(person)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#kc-login").click()


async def continue_with(page: Page, provider: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_role("button", name=f"Continue with {provider}").click()


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.get_by_text("You are signed out.").wait_for()


async def test_a_newcomer_signs_up_by_it_and_comes_back(browser: Browser, product: Product) -> None:
    page, refusals = await visitor(browser, product), Refusals()
    await refusals.watch(page)
    await page.goto("/sign-up")
    await page.get_by_role("button", name="Continue with House").wait_for()
    await shot(page, "providers-sign-up", full=True)
    assert await violations(page) == []
    await page.get_by_role("button", name="Continue with House").click()
    await at_the_provider(page, "ada")
    await page.get_by_role("button", name="Account of Ada Lovelace").wait_for()
    await sign_out(page)
    await continue_with(page, "House")  # Keycloak still knows her
    await page.get_by_role("button", name="Account of Ada Lovelace").wait_for()
    await page.goto("/settings/security")
    await page.get_by_role("list", name="Sign-ins elsewhere").wait_for()
    await page.get_by_role("button", name="Unlink House").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Unlink").click()
    await expect(page.get_by_text("This is the only way into your account.")).to_be_visible()
    assert refusals.seen == []


async def test_an_account_that_was_there_is_linked_and_unlinked(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product, phone=True, dark=True)
    await sign_up(page, "Bea", "bea")
    await page.goto("/settings/security")
    await page.get_by_role("button", name="Link House").click()
    await at_the_provider(page, "eve")
    row = page.get_by_role("list", name="Sign-ins elsewhere").get_by_role("listitem")
    await expect(row).to_contain_text("House")
    await page.get_by_role("heading", name="Sign-ins elsewhere").scroll_into_view_if_needed()
    await shot(page, "providers-linked-phone")
    assert await violations(page) == []
    await page.get_by_role("button", name="Unlink House").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Unlink").click()
    await expect(page.get_by_text("No other service opens your account.")).to_be_visible()


async def test_an_address_that_is_taken_is_proven_on_both_sides(
    browser: Browser, product: Product, realm: Realm
) -> None:
    page = await visitor(browser, product)
    address = f"grace@{realm.name}.example"
    form = {"email": address, "password": PASSWORD, "handle": "grace", "display_name": "Grace"}
    assert (await page.request.post(f"{product.url}/api/v1/auth/register", data=form)).status == 201
    await page.context.clear_cookies()
    await continue_with(page, "House")
    await at_the_provider(page, "grace")
    await page.get_by_role("link", name="Sign in to my account").wait_for()
    await shot(page, "providers-connect")
    assert await violations(page) == []
    await page.get_by_role("link", name="Sign in to my account").click()
    await page.get_by_label("Email").fill(address)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("button", name="Connect it to @grace").click()
    await expect(page.get_by_text("House is connected to your account.")).to_be_visible()
    await sign_out(page)
    await continue_with(page, "House")
    await page.get_by_role("button", name="Account of Grace").wait_for()


async def test_no_at_the_provider(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product)
    await continue_with(page, "Asking")
    await at_the_provider(page, "grace")
    await page.locator("[name=cancel]").click()
    await expect(page.get_by_text("The sign-in was cancelled at the other service.")).to_be_visible()
    await shot(page, "providers-cancelled")
    assert await violations(page) == []
