"""Coming in, staying in and being shown out, in the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, PASSWORD, Refusals, shot, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER

AT_ONCE_S = 1.0
SIGNED_OUT = re.compile("signed out from another device", re.IGNORECASE)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("identity")
    made = Product(folder / "home", folder / "serve.log")
    made.start()
    yield made
    made.end()


def made(product: Product, handle: str) -> dict[str, Any]:
    """An account that was made by somebody with a bearer token, not in the browser."""
    new = {"email": f"{handle}@example.org", "password": PASSWORD, "handle": handle, "display_name": handle.title()}
    answer = product.http.post("/auth/register", json=new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def sign_in(page: Page, handle: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(f"{handle}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name=f"Account of {handle.title()}").wait_for()


async def test_a_session_is_in_cookies_that_no_script_reads(browser: Browser, product: Product) -> None:
    made(product, "ada")
    page, refusals = await visitor(browser, product), Refusals()
    await refusals.watch(page)
    await sign_in(page, "ada")
    assert await page.evaluate("document.cookie") == ""
    kept = json.loads(await page.evaluate("localStorage.getItem('antiphon.session')"))
    assert set(kept) == {"csrfToken", "expiresAt", "userId"}
    cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert set(cookies) == {"__Host-antiphon_access", "__Secure-antiphon_refresh", "__Host-antiphon_device"}
    for cookie in cookies.values():
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    await page.reload()
    await page.get_by_role("button", name="Account of Ada").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert [cookie["name"] for cookie in await page.context.cookies()] == ["__Host-antiphon_device"]
    assert refusals.seen == []


async def test_a_device_that_is_signed_out_elsewhere_knows_at_once(browser: Browser, product: Product) -> None:
    made(product, "bea")
    here, there = await visitor(browser, product), await visitor(browser, product, phone=True, dark=True)
    await sign_in(here, "bea")
    async with there.expect_websocket():
        await sign_in(there, "bea")
    await there.goto("/settings/security")
    await there.get_by_role("list", name="Devices").wait_for()
    await here.goto("/settings/security")
    devices = here.get_by_role("list", name="Devices").get_by_role("listitem")
    await expect(devices).to_have_count(3)
    await shot(here, "security", full=True)
    await shot(there, "security-phone", full=True)
    assert await violations(here) == []
    await here.get_by_role("button", name="Sign out everywhere else").click()
    await here.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    started = monotonic()
    await there.wait_for_url("**/sign-in?*")
    assert monotonic() - started < AT_ONCE_S
    await expect(there.get_by_text(SIGNED_OUT)).to_be_visible()
    await expect(devices).to_have_count(1)
    await shot(there, "signed-out-phone")


async def test_tokens_of_an_earlier_version_move_into_cookies(browser: Browser, product: Product) -> None:
    tokens = made(product, "cleo")["tokens"]
    page = await visitor(browser, product)
    old = {"accessToken": tokens["access_token"], "refreshToken": tokens["refresh_token"], "expiresAt": 1}
    await page.goto("/about")
    await page.evaluate("(old) => localStorage.setItem('antiphon.session', JSON.stringify(old))", old)
    await page.goto("/settings/security")
    await page.get_by_role("heading", level=1, name="Security").wait_for()
    assert "refreshToken" not in await page.evaluate("localStorage.getItem('antiphon.session')")
    assert product.http.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401


async def test_two_tabs_renew_one_session_without_ending_it(browser: Browser, product: Product) -> None:
    made(product, "dora")
    page = await visitor(browser, product)
    await sign_in(page, "dora")
    tabs = [page, *[await page.context.new_page() for _ in range(3)]]
    ripe = "() => { const key = 'antiphon.session'; const kept = JSON.parse(localStorage.getItem(key));"
    await page.evaluate(ripe + "localStorage.setItem(key, JSON.stringify({ ...kept, expiresAt: 1 })) }")
    for tab in tabs:
        await tab.goto("/settings", wait_until="commit")
    for tab in tabs:
        await tab.get_by_role("button", name="Account of Dora").wait_for()
        await expect(tab.get_by_label("Handle")).to_have_value("dora")
