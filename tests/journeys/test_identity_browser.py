"""Coming in, staying in and being shown out, in the browser."""

from __future__ import annotations

import json
import re
from asyncio import Event, wait_for
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import (
    NEEDS_BROWSER,
    PASSWORD,
    PATIENCE_MS,
    Refusals,
    as_administrator,
    join,
    made,
    shot,
    sign_in,
    violations,
    visitor,
)
from tests.support.mailbox import letter
from tests.support.product import Product

pytestmark = NEEDS_BROWSER

WITHIN_S = PATIENCE_MS / 1000
SIGNED_OUT = re.compile("signed out from another device", re.IGNORECASE)


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


def _shown_out(page: Page) -> Event:
    """Set when the server ends a socket of the page's: it would not hear of it otherwise before it asks for more."""
    told = Event()
    page.on("websocket", lambda socket: socket.on("close", lambda _: told.set()))
    return told


async def test_a_device_that_is_signed_out_elsewhere_knows_at_once(browser: Browser, product: Product) -> None:
    made(product, "bea")
    here, there = await visitor(browser, product), await visitor(browser, product, phone=True, dark=True)
    await sign_in(here, "bea")
    told = _shown_out(there)
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
    told.clear()
    await here.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    await wait_for(told.wait(), WITHIN_S)
    await there.wait_for_url("**/sign-in?*")
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


async def test_who_is_suspended_is_out_at_once_and_reads_why(browser: Browser, product: Product) -> None:
    made(product, "finn")
    finn = await visitor(browser, product)
    told = _shown_out(finn)
    async with finn.expect_websocket():
        await sign_in(finn, "finn")
    admin = await as_administrator(browser, product)
    await admin.get_by_label("Search for a person").fill("fin")
    await admin.get_by_role("list", name="People").get_by_role("link", name="Finn").click()
    await admin.get_by_role("heading", level=1, name="Finn").wait_for()
    await shot(admin, "admin-person", full=True)
    assert await violations(admin) == []
    await admin.get_by_label("Reason").fill("Sold plays to others.")
    told.clear()
    await admin.get_by_role("button", name="Suspend", exact=True).click()
    await wait_for(told.wait(), WITHIN_S)
    await finn.get_by_text("Your account is suspended.").wait_for()
    await expect(admin.get_by_text("Sold plays to others.").first).to_be_visible()
    await finn.goto("/sign-in")
    await finn.get_by_label("Email").fill("finn@example.org")
    await finn.get_by_label("Password", exact=True).fill(PASSWORD)
    await finn.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    await expect(finn.get_by_role("alert")).to_contain_text("Sold plays to others.")
    await shot(finn, "suspended")
    await admin.get_by_role("button", name="Lift the suspension").click()
    await admin.get_by_role("button", name="Suspend", exact=True).wait_for()
    await sign_in(finn, "finn")


async def test_by_invitation_in_and_by_letter_back_in(browser: Browser, tmp_path: Path) -> None:
    """The whole way of an account where people come by invitation and letters reach them."""
    mail = tmp_path / "mail"
    settings = {"ANTIPHON_REGISTRATION": "invitation", "ANTIPHON_MAIL_URL": mail.as_uri()}
    product = Product(tmp_path / "home", tmp_path / "serve.log", **settings)
    product.start()
    try:
        admin = await as_administrator(browser, product)
        await admin.goto("/admin/invitations")
        await admin.get_by_label("Email").fill("gil@example.org")
        await admin.get_by_role("button", name="Invite").click()
        await admin.get_by_role("list", name="Invitations").get_by_text("gil@example.org").wait_for()
        await shot(admin, "admin-invitations", full=True)
        assert await violations(admin) == []
        gil = await visitor(browser, product, phone=True)
        await gil.goto(letter(mail, "gil@example.org", "/sign-up"))
        await gil.get_by_role("heading", level=1, name="You are invited").wait_for()
        assert gil.url.endswith("/sign-up")
        assert await violations(gil) == []
        # The letter reached the address, which proves it; a link that anybody may have proves none.
        await join(gil, "Gil", "gil")
        await gil.get_by_role("button", name="Account of Gil").wait_for()
        await admin.get_by_role("button", name="Invite").click()
        await by_link(browser, product, mail, await admin.get_by_text("/sign-up#invitation=").inner_text())
        await recover(browser, product, mail, gil)
    finally:
        product.end()


async def by_link(browser: Browser, product: Product, mail: Path, invitation: str) -> None:
    hal = await visitor(browser, product, phone=True)
    await hal.goto(invitation)
    await join(hal, "Hal", "hal")
    await hal.get_by_role("heading", level=1, name="Look into your mail").wait_for()
    await shot(hal, "check-mail-phone")
    await hal.goto(letter(mail, "hal@example.org", "/verify-email"))
    await hal.get_by_role("button", name="Confirm and sign in").click()
    await hal.get_by_role("button", name="Account of Hal").wait_for()


async def recover(browser: Browser, product: Product, mail: Path, old: Page) -> None:
    """A forgotten password is set anew elsewhere, and what was signed in before is out."""
    page = await visitor(browser, product)
    await page.goto("/sign-in")
    await page.get_by_role("link", name="Forgot your password?").click()
    await page.get_by_label("Email").fill("gil@example.org")
    await page.get_by_role("button", name="Send the letter").click()
    await page.get_by_role("heading", level=1, name="Look into your mail").wait_for()
    await page.goto(letter(mail, "gil@example.org", "/reset-password"))
    await page.get_by_role("heading", level=1, name="Choose a new password").wait_for()
    assert await violations(page) == []
    await shot(page, "reset-password")
    await page.get_by_label("New password", exact=True).fill("another battery horse")
    await page.get_by_role("button", name="Save and sign in").click()
    await page.get_by_role("button", name="Account of Gil").wait_for()
    await old.get_by_text("The password was changed, so this device was signed out.").wait_for()
