"""Passkeys in Chromium, with the virtual authenticator of its own developers' protocol."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, Route, expect

from tests.support.browsing import NEEDS_BROWSER, PASSWORD, shot, sign_up, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER
OPTIONS = "**/auth/passkeys/options"


@dataclass
class Device:
    """A platform authenticator with room for keys, whose owner is there and looked at, until told otherwise."""

    cdp: CDPSession
    id: str

    @classmethod
    async def of(cls, page: Page) -> Device:
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("WebAuthn.enable", {"enableUI": False})
        device = cls(cdp, "")
        await device.add()
        return device

    async def add(self, transport: str = "internal") -> str:
        """One more; a browser has one of the kind `internal` at most."""
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made: dict[str, Any] = await self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]
        return self.id

    async def present(self, there: bool) -> None:
        body = {"authenticatorId": self.id, "enabled": there}
        await self.cdp.send("WebAuthn.setAutomaticPresenceSimulation", body)

    @asynccontextmanager
    async def arriving(self, page: Page) -> AsyncIterator[None]:
        """Its owner comes with the next options: a device that was asked while nobody was there stays silent."""

        async def arrives(route: Route) -> None:
            await self.present(True)
            await route.continue_()

        await page.route(OPTIONS, arrives)
        yield
        await page.unroute(OPTIONS)

    async def keys(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = await self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(found["credentials"])


async def guest(browser: Browser, product: Product, *, dark: bool = False, phone: bool = False) -> Page:
    """By name: browsers make no passkeys for an IP address."""
    by_name = product.url.replace("127.0.0.1", "localhost")
    return await visitor(browser, product, dark=dark, phone=phone, base_url=by_name)


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_text("You are signed out.")).to_be_visible()


def passkeys(page: Page) -> Any:
    return page.locator("#passkeys")


async def add_passkey(page: Page, name: str) -> None:
    await page.goto("/settings/security")
    await passkeys(page).get_by_role("button", name="Add a passkey").click()
    naming = page.get_by_role("dialog")
    await naming.get_by_label("Name", exact=True).fill(name)
    await naming.get_by_role("button", name="Save").click()
    await naming.wait_for(state="detached")
    await expect(passkeys(page).get_by_role("listitem").filter(has_text=name)).to_be_visible()


async def test_register_sign_out_and_sign_in_by_the_button_and_in_the_field(browser: Browser, product: Product) -> None:
    page = await guest(browser, product)
    device = await Device.of(page)
    await sign_up(page, "Petra", "petra")
    await add_passkey(page, "My laptop")
    assert len(await device.keys()) == 1
    await shot(page, "passkeys")

    await device.present(False)
    await sign_out(page)
    async with page.expect_response(OPTIONS):  # those of the field, which the device does not answer
        await page.goto("/sign-in")
    field = page.get_by_label("Email")
    await expect(field).to_have_attribute("autocomplete", "username webauthn")

    async with device.arriving(page):
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await page.wait_for_url(lambda url: "/sign-in" not in url)

    await sign_out(page)
    await page.goto("/sign-in")  # the device is there: it answers what the browser offers in the field
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto("/settings/security")
    await expect(passkeys(page).get_by_text(re.compile("· used"))).to_be_visible()


async def test_several_renamed_removed_and_never_the_last_way_in(browser: Browser, product: Product) -> None:
    page = await guest(browser, product)
    device = await Device.of(page)
    await sign_up(page, "Quinn", "quinn")
    await add_passkey(page, "Laptop")
    await passkeys(page).get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    await device.present(False)
    await device.add("usb")
    await add_passkey(page, "Stick")
    rows = passkeys(page).get_by_role("listitem")
    await expect(rows).to_have_count(2)

    await passkeys(page).get_by_role("button", name="What to do with Stick").click()
    await page.get_by_role("menuitem", name="Rename").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Key ring")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(rows.filter(has_text="Key ring")).to_be_visible()
    await shot(page, "passkeys-several")
    assert await violations(page) == []

    await passkeys(page).get_by_role("button", name="Live without a password").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Remove the password").click()
    await expect(page.get_by_text("Your account has no password any more.")).to_be_visible()
    await passkeys(page).get_by_role("button", name="What to do with Laptop").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await expect(rows).to_have_count(1)
    await passkeys(page).get_by_role("button", name="What to do with Key ring").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("This is the only way into your account.")).to_be_visible()
    await expect(rows).to_have_count(1)


async def test_as_the_second_factor_after_the_password(browser: Browser, product: Product) -> None:
    page = await guest(browser, product)
    device = await Device.of(page)
    await sign_up(page, "Rosa", "rosa")
    await add_passkey(page, "Laptop")
    await passkeys(page).get_by_text("Ask for a passkey after the password").click()
    await expect(passkeys(page).get_by_role("switch")).to_be_checked()
    await device.present(False)
    await sign_out(page)

    await page.goto("/sign-in")
    await page.get_by_label("Email").fill("rosa@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/sign-in/second-factor*")
    await shot(page, "passkey-second-factor")
    assert await violations(page) == []
    async with device.arriving(page):
        await page.get_by_role("button", name="Use a passkey").click()
        await page.wait_for_url(lambda url: "/sign-in" not in url)


async def test_proving_again_with_a_passkey(browser: Browser, product: Product) -> None:
    """Ten minutes later in the eyes of the page: the server's refusal is made for it once."""
    page = await guest(browser, product)
    await Device.of(page)
    await sign_up(page, "Sofia", "sofia")
    await add_passkey(page, "Laptop")
    refused: dict[str, Any] = {
        "type": "about:blank",
        "title": "",
        "status": 403,
        "detail": "",
        "code": "step_up_needed",
    }
    refused |= {"methods": ["passkey", "password"]}
    seen: list[str] = []

    async def once(route: Any) -> None:
        if seen or route.request.method != "POST":
            await route.continue_()
            return
        seen.append(route.request.url)
        await route.fulfill(status=403, content_type="application/problem+json", json=refused)

    await page.route("**/users/me/api-keys", once)
    await page.goto("/settings/security")
    await page.get_by_role("button", name="New API key").click()
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Backup")
    await page.get_by_role("dialog").get_by_role("button", name="Make").click()
    question = page.get_by_role("dialog", name="Is it still you?")
    await expect(question).to_be_visible()
    await shot(page, "step-up")
    await question.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("alertdialog")).to_contain_text("ak_")
    await shot(page, "api-key-once")


async def fill_in(page: Page, name: str) -> None:
    await page.goto("/sign-up")
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Handle").fill(name.lower())
    await page.get_by_label("Email").fill(f"{name.lower()}@example.org")
    await page.get_by_role("button", name="Use a passkey instead of a password").click()
    await expect(page.get_by_label("Password", exact=True)).to_have_count(0)


async def test_an_account_begins_with_a_passkey_alone(browser: Browser, product: Product) -> None:
    """A handle that is taken costs no second key, and the one that was made opens the account ever after."""
    other = await guest(browser, product)
    await sign_up(other, "Theo", "theo")
    page = await guest(browser, product, dark=True, phone=True)
    device = await Device.of(page)
    await fill_in(page, "Theo")
    await page.get_by_label("Email").fill("augustus@example.org")
    await shot(page, "sign-up-passkey-phone-dark", full=True)
    assert await violations(page) == []
    create = page.get_by_role("button", name="Create an account")
    await create.click()
    await expect(page.get_by_text("taken")).to_be_visible()
    await page.get_by_label("Handle").fill("augustus")
    await create.click()
    await page.wait_for_url(lambda url: "/sign-up" not in url)
    assert len(await device.keys()) == 1
    await page.goto("/settings/security")
    await expect(passkeys(page).get_by_role("listitem")).to_have_count(1)
    await sign_out(page)
    await page.goto("/sign-in")  # the device is there: it answers what the browser offers in the field
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await expect(page.get_by_role("button", name="Account of Theo")).to_be_visible()


async def test_who_will_not_show_a_finger_makes_no_account(browser: Browser, product: Product) -> None:
    page = await guest(browser, product)
    device = await Device.of(page)
    await fill_in(page, "Hal")
    await shot(page, "sign-up-passkey")
    await device.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device.id, "isUserVerified": False})
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_role("button", name="Create an account")).to_be_enabled()
    assert await device.keys() == []
    await page.get_by_role("button", name="Use a password instead").click()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()
    await page.wait_for_url(lambda url: "/sign-up" not in url)


async def test_at_an_address_of_numbers_the_page_says_why_there_are_none(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product)
    await sign_up(page, "Uma", "uma")
    await page.goto("/settings/security")
    await expect(passkeys(page)).to_contain_text("Open this place by its name")
    await expect(passkeys(page).get_by_role("button", name="Add a passkey")).to_have_count(0)
