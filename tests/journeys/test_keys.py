"""Keys for programs: made in the browser, used by programs, taken back in the browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, PASSWORD, shot, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


async def signed_in(browser: Browser, product: Product, handle: str, **look: Any) -> Page:
    new = {"email": f"{handle}@example.org", "password": PASSWORD, "handle": handle, "display_name": handle.title()}
    assert product.http.post("/auth/register", json=new).status_code == 201
    page = await visitor(browser, product, **look)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto("/sign-in?next=/settings/security")
    await page.get_by_label("Email").fill(new["email"])
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/settings/security")
    return page


async def make(page: Page, kind: str, name: str, *scopes: str) -> str:
    """The secret that is shown, taken from the clipboard."""
    await page.get_by_role("button", name=f"New {kind}").click()
    asking = page.get_by_role("dialog")
    await asking.get_by_label("Name", exact=True).fill(name)
    for scope in scopes:
        await asking.get_by_role("checkbox", name=scope).check(force=True)
    assert await violations(page) == []
    await shot(page, f"new-{kind.replace(' ', '-').lower()}")
    await asking.get_by_role("button", name="Make").click()
    showing = page.get_by_role("alertdialog", name=f"Your new {kind}")
    shown = await showing.locator("code").inner_text()
    await showing.get_by_role("button", name="Copy").click()
    await expect(showing.get_by_text("Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == shown
    assert await violations(page) == []
    await showing.get_by_role("button", name="I have kept it").click()
    await showing.wait_for(state="detached")
    assert shown not in await page.content()
    return shown


async def revoke(page: Page, name: str) -> None:
    await page.get_by_role("button", name=f"Revoke {name}").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text(f"{name} does not work any more.")).to_be_visible()


async def test_an_api_key_works_until_it_is_taken_back(browser: Browser, product: Product) -> None:
    page = await signed_in(browser, product, "yara")
    key = await make(page, "API key", "Backup", "Profile")
    row = page.get_by_role("list", name="API keys").get_by_role("listitem")
    await expect(row).to_contain_text("Listen · Profile")
    await expect(row).to_contain_text("not used yet")
    await expect(page.get_by_text("An API key was made")).to_be_visible()
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
        answer = product.http.get("/users/me", headers=headers)
        assert (answer.status_code, answer.json()["handle"]) == (200, "yara")
    denied = product.http.post("/artists", json={"name": "Yara"}, headers={"X-API-Key": key})
    assert (denied.status_code, denied.json()["code"]) == (403, "scope_missing")
    await page.reload()
    await expect(row).to_contain_text(re.compile("(?<!not )used "))
    await shot(page, "keys", full=True)
    await revoke(page, "Backup")
    await expect(row).to_have_count(0)
    assert product.http.get("/users/me", headers={"X-API-Key": key}).status_code == 401


async def test_an_app_password_on_a_telephone_in_the_dark(browser: Browser, product: Product) -> None:
    page = await signed_in(browser, product, "zoe", phone=True, dark=True)
    password = await make(page, "app password", "Kitchen radio")
    assert [len(group) for group in password.split("-")] == [5, 5, 5, 5]
    row = page.get_by_role("list", name="App passwords").get_by_role("listitem")
    await expect(row).to_contain_text("Listen · Library")
    await row.scroll_into_view_if_needed()
    await shot(page, "app-passwords-phone")
    wrong = {"email": "zoe@example.org", "password": password}
    assert product.http.post("/auth/login", json=wrong).status_code == 401
    await revoke(page, "Kitchen radio")
    await expect(row).to_have_count(0)
