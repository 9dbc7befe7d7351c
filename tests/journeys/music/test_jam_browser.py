"""Two people in one room: opened from the player, joined by its link, voted in, and still in step after a restart."""

from __future__ import annotations

import asyncio
import re
import signal

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, made, shot, sign_in, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


async def _opened(page: Page) -> str:
    """A room from what plays; the link into it."""
    await page.goto("/library")
    await page.get_by_role("main").get_by_role("link", name="Tides", exact=True).click()
    await page.get_by_role("heading", level=1, name="Tides").wait_for()
    await page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    await page.get_by_role("region", name="Player").get_by_role("button", name="Listen together").click()
    await page.get_by_role("heading", level=1, name="Listening together").wait_for()
    link = await page.get_by_role("main").locator("code").inner_text()
    return link[link.index("/jam/") :]


async def test_two_people_listen_together(browser: Browser, product: Product) -> None:
    made(product, "jam_ada")
    made(product, "jam_bob")
    host, guest = await visitor(browser, product), await visitor(browser, product, dark=True, phone=True)
    await sign_in(host, "jam_ada")
    link = await _opened(host)
    playing = host.get_by_role("region", name="What plays")
    await expect(playing).to_contain_text("Flood")

    await guest.goto(link)
    await expect(guest.get_by_role("heading", name=re.compile("invites you to listen"))).to_be_visible()
    await sign_in(guest, "jam_bob")
    await guest.goto(link)
    await guest.get_by_role("button", name="Come in and listen").click()
    heard = guest.get_by_role("region", name="What plays")
    await expect(heard.get_by_role("button", name="Stop listening along")).to_be_visible()
    await expect(host.get_by_role("list").filter(has_text="Jam_Bob")).to_contain_text("Listener")

    await guest.get_by_role("button", name="Vote for Slack: sooner").click()
    await expect(host.get_by_role("main").get_by_role("listitem").first).to_contain_text("Slack")
    assert await violations(host) + await violations(guest) == []
    await shot(host, "jam-host", full=True)
    await shot(guest, "jam-phone-dark", full=True)

    await asyncio.to_thread(product.kill, signal.SIGTERM)
    await asyncio.to_thread(product.start)
    await playing.get_by_role("button", name="Next track for everybody").click()
    for page in (playing, heard):
        await expect(page).to_contain_text("Slack")
    await playing.get_by_role("button", name="Pause for everybody").click()
    await expect(playing.get_by_role("button", name="Play for everybody")).to_be_visible()

    await guest.evaluate("document.documentElement.dir = 'rtl'")
    await shot(guest, "jam-phone-rtl", full=True)
    await guest.get_by_role("main").get_by_role("button", name="Leave the room").click()
    await expect(host.get_by_role("region", name="Player")).to_contain_text("Listening together: 1")
