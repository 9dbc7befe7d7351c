"""Two people in one room: opened from the player, joined by its link, voted in, and still in step after a restart."""

from __future__ import annotations

import asyncio
import re
import signal

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, PATIENCE_MS, made, shot, sign_in, take_hold, violations, visitor
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
    await expect(host.get_by_role("main").get_by_role("row").first).to_contain_text("Slack")
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

    await _in_any_order(host)
    await _heard_without_an_account(browser, product, host, link)

    await guest.evaluate("document.documentElement.dir = 'rtl'")
    await shot(guest, "jam-phone-rtl", full=True)
    await guest.get_by_role("main").get_by_role("button", name="Leave the room").click()
    await expect(host.get_by_role("region", name="Player")).to_contain_text("Listening together: 1")


async def _in_any_order(host: Page) -> None:
    """By the keyboard, once votes do not say it; and the keys that play are the room's."""
    main = host.get_by_role("main")
    await main.get_by_role("switch", name="Votes order what comes").click(force=True)
    rows = main.get_by_role("row")
    await main.get_by_role("button", name="Add my queue").click()
    await expect(rows).to_have_count(4)
    before = [await row.inner_text() for row in await rows.all()]
    await take_hold(host, rows.first.get_by_role("button", name=re.compile("^Move ")))
    for _ in range(2):
        await host.keyboard.press("ArrowDown")
    await host.keyboard.press("Enter")
    await expect(rows.nth(2)).to_contain_text(before[0].split("\n")[0])
    await main.get_by_role("button", name="QR code").click()
    await expect(main.get_by_role("img", name="QR code of the link into the room")).to_be_visible()
    assert await violations(host) == []
    await shot(host, "jam-host-order", full=True)
    await host.locator("body").press("k")
    await expect(main.get_by_role("button", name="Pause for everybody")).to_be_visible()


async def _heard_without_an_account(browser: Browser, product: Product, host: Page, link: str) -> None:
    """A guest hears of a change when it is made, not when they ask again."""
    stranger = await visitor(browser, product, phone=True)
    await stranger.goto(link)
    heard: list[str] = []
    listens = asyncio.Event()

    def hear(frame: object) -> None:
        heard.append(str(frame))
        if '"subscribed"' in str(frame):
            listens.set()

    stranger.on("websocket", lambda socket: socket.on("framereceived", hear))
    await stranger.get_by_role("button", name="Come in and listen").click()
    await asyncio.wait_for(listens.wait(), PATIENCE_MS / 1000)
    playing = stranger.get_by_role("region", name="What plays")
    await expect(playing.get_by_role("button", name="Stop listening along")).to_be_visible()
    title = (await stranger.get_by_role("main").get_by_role("row").first.inner_text()).split("\n")[0]
    await host.get_by_role("region", name="What plays").get_by_role("button", name="Next track for everybody").click()
    await expect(playing).to_contain_text(title)
    assert [frame for frame in heard if '"changed"' in frame]
    assert await violations(stranger) == []
    await stranger.evaluate("document.documentElement.dir = 'rtl'")
    await shot(stranger, "jam-guest-phone", full=True)
