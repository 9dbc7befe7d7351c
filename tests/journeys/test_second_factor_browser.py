"""Second factors in a browser: set up, asked for, lost, trusted, and the proof in between."""

from __future__ import annotations

import psycopg
from playwright.async_api import Browser, Page, expect

from antiphon.adapters.postgres import EmbeddedPostgres
from tests.support.browsing import NEEDS_BROWSER, PASSWORD, Refusals, shot, sign_up, violations, visitor
from tests.support.factors import LiveApp
from tests.support.product import Product
from tests.support.texts import TextGateway

pytestmark = NEEDS_BROWSER


async def faults(page: Page) -> list[str]:
    """As `violations`, once the reader was told that a button is busy: the announcement outlives the button."""
    await expect(page.locator("[data-live-announcer] [role=img]")).to_have_count(0)
    return await violations(page)


async def enrol(page: Page) -> tuple[LiveApp, list[str]]:
    await page.goto("/settings/security")
    section = page.locator("#second-factor")
    await section.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog")
    picture = dialog.get_by_role("img", name="QR code")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("async (drawn) => { await drawn.decode(); return drawn.naturalWidth > 0 }")
    secret = (await dialog.locator("code").inner_text()).replace(" ", "")
    app = LiveApp(secret)
    await shot(page, "second-factor-enrol")
    assert await faults(page) == []
    await dialog.get_by_label("Code of six digits").fill("000 000")
    await dialog.get_by_role("button", name="Switch it on").click()
    await expect(dialog.get_by_text("This code is not right")).to_be_visible()
    await dialog.get_by_label("Code of six digits").fill(app.code())
    await dialog.get_by_role("button", name="Switch it on").click()
    shown = page.get_by_role("alertdialog", name="Your recovery codes")
    await expect(shown).to_be_visible()
    await shot(page, "recovery-codes")
    codes = await shown.locator("li").all_inner_texts()
    async with page.expect_download() as download:
        await shown.get_by_role("button", name="Download").click()
    assert (await (await download.value).path()).read_text().split() == codes
    await shown.get_by_role("button", name="I have kept them").click()
    await expect(section.get_by_text("10 left")).to_be_visible()
    await expect(section.get_by_text("On since")).to_be_visible()
    return app, codes


async def password_step(page: Page, handle: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(f"{handle}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


async def signed_in(page: Page) -> None:
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Account of").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_text("You are signed out.")).to_be_visible()


async def test_an_app_a_lost_telephone_and_a_trusted_device(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product)
    refusals = Refusals()
    await refusals.watch(page)
    await sign_up(page, "Ada", "ada_proves")
    app, codes = await enrol(page)
    await sign_out(page)

    await password_step(page, "ada_proves")
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await shot(page, "second-step")
    assert await faults(page) == []
    used = app.code()
    await page.get_by_label("Code of six digits").fill(used)
    await signed_in(page)
    await sign_out(page)

    await password_step(page, "ada_proves")
    await page.get_by_label("Code of six digits").fill(used)
    await expect(page.get_by_role("alert").get_by_text("This code is not right, or was used before")).to_be_visible()
    await page.get_by_role("button", name="Recovery code").click()
    await page.get_by_text("Trust this device").click()
    await page.get_by_label("Recovery code").fill(codes[0].upper().replace("-", " "))
    await page.get_by_role("button", name="Continue").click()
    await signed_in(page)

    await sign_out(page)
    await password_step(page, "ada_proves")
    await signed_in(page)  # trusted: not asked
    await page.goto("/settings/security")
    await expect(page.locator("#second-factor").get_by_text("9 left")).to_be_visible()
    trusted = page.get_by_role("list", name="Trusted devices")
    await expect(trusted.get_by_text("This device")).to_be_visible()
    await shot(page, "security-page", full=True)
    assert await faults(page) == []
    await trusted.get_by_role("button", name="Trust no more").click()
    await expect(trusted).to_have_count(0)
    await sign_out(page)
    await password_step(page, "ada_proves")
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert refusals.seen == []


async def test_what_matters_asks_once_more_who_is_there(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product, phone=True, dark=True)
    await sign_up(page, "Bob", "bob_proves")
    app, _ = await enrol(page)
    await grow_old(page, product)
    form = page.locator("#password")
    await form.get_by_label("Current password").fill(PASSWORD)
    await form.get_by_label("New password").fill("another horse battery")
    await form.get_by_role("button", name="Change the password").click()
    dialog = page.get_by_role("dialog", name="Is it still you?")
    await expect(dialog).to_be_visible()
    await shot(page, "step-up-phone-dark")
    assert await faults(page) == []
    await expect(dialog.get_by_role("button", name="Recovery code")).to_be_visible()
    await expect(dialog.get_by_label("Password")).to_have_count(0)
    await expect(dialog.get_by_role("button", name="Password", exact=True)).to_have_count(0)
    await dialog.get_by_label("Code of six digits").fill(app.code())
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("The password is changed.")).to_be_visible()
    await shot(page, "security-page-phone-dark", full=True)


async def grow_old(page: Page, product: Product) -> None:
    """An hour has passed since anybody proved who they are, and the browser has renewed its tokens since."""
    with psycopg.connect(EmbeddedPostgres(product.home / "postgres").url(user="antiphon_owner")) as conn:
        conn.execute("UPDATE identity.sessions SET authenticated_at = authenticated_at - interval '1 hour'")
    ripe = "() => { const key = 'antiphon.session'; const kept = JSON.parse(localStorage.getItem(key));"
    await page.evaluate(ripe + "localStorage.setItem(key, JSON.stringify({ ...kept, expiresAt: 1 })) }")
    await page.goto("/settings/security")
    await page.get_by_role("heading", level=1, name="Security").wait_for()


async def test_codes_by_text_message(browser: Browser, product: Product, gateway: TextGateway) -> None:
    page = await visitor(browser, product, phone=True)
    await sign_up(page, "Cleo", "cleo_proves")
    await page.goto("/settings/security")
    section = page.locator("#second-factor")
    await section.get_by_role("button", name="Add a number").click()
    dialog = page.get_by_role("dialog", name="Codes by text message")
    await dialog.get_by_label("Telephone number").fill("0151 12345678")
    await dialog.get_by_role("button", name="Send me a code").click()
    await expect(dialog.get_by_text("Begin with + and the country code")).to_be_visible()
    await dialog.get_by_label("Telephone number").fill("+49 151 12345678")
    await dialog.get_by_role("button", name="Send me a code").click()
    await expect(dialog.get_by_text("We have sent a code to")).to_be_visible()
    assert await faults(page) == []
    await shot(page, "text-message-phone")
    await dialog.get_by_label("Code of six digits").fill(gateway.last_code("+4915112345678"))
    await dialog.get_by_role("button", name="Switch it on").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="I have kept them").click()
    await expect(section.get_by_text("Codes go to the number that ends in 78.")).to_be_visible()
    await sign_out(page)
    with psycopg.connect(EmbeddedPostgres(product.home / "postgres").url(user="antiphon_owner")) as conn:
        conn.execute("UPDATE identity.text_codes SET created_at = created_at - interval '1 minute'")
    before = len(gateway.arrived)
    await password_step(page, "cleo_proves")
    await expect(page.get_by_text("It was sent to your telephone.")).to_be_visible()
    assert len(gateway.arrived) == before + 1
    await shot(page, "second-step-phone")
    await page.get_by_label("Code of six digits").fill(gateway.last_code("+4915112345678"))
    await signed_in(page)
