"""What a library brought is looked at, rated, heard to its end and marked; others are heard, talked to and tuned in."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, Page, expect

from tests.support.audio import png, tone, write_wav
from tests.support.browsing import (
    NEEDS_BROWSER,
    as_administrator,
    made,
    shot,
    sign_in,
    violations_in_both_themes,
    visitor,
)
from tests.support.product import Product

pytestmark = NEEDS_BROWSER


async def test_a_library_is_heard_rated_and_marked(browser: Browser, product: Product) -> None:
    made(product, "ada")
    page = await visitor(browser, product)
    await sign_in(page, "ada")

    await page.goto("/library")
    await page.get_by_role("main").get_by_role("link", name="Salt", exact=True).click()
    await page.get_by_role("heading", level=1, name="Salt").wait_for()
    stars = page.get_by_role("group", name="Rate Salt")
    await stars.get_by_role("radio", name="1 star").focus()
    async with page.expect_response(lambda answer: "/social/ratings/" in answer.url and answer.ok):
        await page.keyboard.press("4")
    await expect(stars.get_by_role("radio", name="4 stars")).to_be_checked()
    assert await violations_in_both_themes(page) == []
    await shot(page, "album-library", full=True)

    # The first ends by itself, the second begins, tells how long it is, and is sought in: by segments made on demand.
    pieces: list[str] = []
    page.on("response", lambda answer: pieces.append(answer.url) if answer.ok and ".m4s?" in answer.url else None)
    await page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    bar = page.get_by_role("region", name="Player")
    await expect(bar.get_by_role("link", name="Ebb", exact=True).first).to_be_visible()
    await expect(bar).to_contain_text("0:40")
    seek = bar.get_by_label("Position in the track")
    await seek.focus()
    await page.keyboard.press("End")
    await expect(bar.get_by_role("button", name="Play", exact=True).first).to_be_visible()
    numbers = [int(url.partition(".m4s?")[0].rpartition("/")[2]) for url in pieces]
    assert (numbers[0], numbers[1], max(numbers)) == (0, 1, 10)

    await page.get_by_role("main").get_by_role("link", name="Ebb", exact=True).click()
    await page.get_by_role("heading", level=1, name="Ebb").wait_for()
    await expect(page.get_by_text("PCM in WAV", exact=True)).to_be_visible()
    assert await violations_in_both_themes(page) == []
    await shot(page, "track-library", full=True)
    await page.get_by_role("main").get_by_role("link", name="Marrow", exact=True).first.click()
    await page.get_by_role("heading", level=2, name="Albums").wait_for()
    assert await violations_in_both_themes(page) == []

    await bar.get_by_role("button", name="Open the full-screen player").first.click()
    async with page.expect_response(lambda answer: "/stream/bookmarks/" in answer.url and answer.ok):
        await page.get_by_role("button", name="Mark this place in Ebb").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("navigation", name="Main").first.get_by_role("link", name="Listening").click()
    await page.get_by_role("heading", level=2, name="Bookmarks").wait_for()
    await expect(page.get_by_role("button", name="Go on from").first).to_be_visible()
    assert await violations_in_both_themes(page) == []
    await shot(page, "listening", full=True)

    await page.goto("/chat")
    await page.get_by_role("textbox", name="Message").fill("Has anybody heard Ebb?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Has anybody heard Ebb?")
    assert await violations_in_both_themes(page) == []
    await shot(page, "chat")


async def test_what_is_said_is_heard_at_once_also_after_the_server_was_killed(
    browser: Browser, product: Product
) -> None:
    bea, cid = [await _in_the_room(browser, product, name) for name in ("bea", "cid")]

    async def say(words: str, within_ms: float) -> None:
        await bea.get_by_role("textbox", name="Message").fill(words)
        await bea.keyboard.press("Enter")
        await expect(cid.get_by_role("log")).to_contain_text(words, timeout=within_ms)

    await say("Is anybody there?", 25_000)  # it would be asked for every 30 s only
    told: list[str] = []
    back = _subscribed(cid)
    cid.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(str(frame))))
    web = next(one for one in product.processes() if one.cmdline()[-1:] == ["web"])
    web.kill()
    await asyncio.wait_for(back.wait(), 60)
    await say("And now?", 25_000)
    # It went on where it was: nobody told it to ask afresh, which it would have been before anything else.
    assert [frame for frame in told if '"reset"' in frame and '"chat"' in frame] == []
    assert [frame for frame in told if "And now?" in frame]


def _subscribed(page: Page) -> asyncio.Event:
    """Set when a socket of the page's, from now on, has what it asked for."""
    done = asyncio.Event()

    def hear(sent: object) -> None:
        if '"subscribed"' in str(sent) and "chat" in str(sent):
            done.set()

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return done


async def _in_the_room(browser: Browser, product: Product, name: str) -> Page:
    made(product, name)
    page = await visitor(browser, product)
    await sign_in(page, name)
    there = _subscribed(page)
    await page.goto("/chat")
    await asyncio.wait_for(there.wait(), 60)
    return page


async def test_the_sound_is_shaped_and_ends_by_itself(browser: Browser, product: Product) -> None:
    made(product, "ida")
    page = await visitor(browser, product)
    await sign_in(page, "ida")
    await page.goto("/search?q=Flood")
    await page.get_by_role("main").get_by_role("link", name="Flood", exact=True).first.click()
    await page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    bar = page.get_by_role("region", name="Player")
    await expect(bar.get_by_role("button", name="Pause").first).to_be_visible()

    await page.keyboard.press("e")
    sheet = page.get_by_role("dialog", name="Sound")
    await sheet.get_by_role("slider", name="1000 hertz").focus()
    await page.keyboard.press("ArrowUp")
    await expect(sheet.get_by_role("slider", name="1000 hertz")).to_have_attribute("aria-valuetext", "+0.5 decibels")
    await expect(sheet.get_by_role("switch", name="Equaliser")).to_be_checked()
    await sheet.get_by_role("slider", name="Crossfade").fill("6")
    await sheet.get_by_role("button", name="End of the track").click()
    await expect(sheet.get_by_text("The music ends with this track.")).to_be_visible()
    assert await violations_in_both_themes(page) == []
    await shot(page, "sound")
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)

    await page.keyboard.press(">")
    await page.keyboard.press("f")
    player = page.get_by_role("dialog", name="Full-screen player")
    await expect(player).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(player).to_have_count(0)
    await page.keyboard.press("b")
    await page.keyboard.press("f")
    await player.get_by_role("button", name="mark B").click()
    await expect(player.get_by_role("button", name="let go")).to_be_visible()
    assert await violations_in_both_themes(page) == []
    await shot(page, "full-player-loop")
    await player.get_by_role("button", name="Switch the sleep timer off").click()
    await player.get_by_role("button", name="let go").click()
    await page.keyboard.press("Escape")
    await expect(player).to_have_count(0)
    assert await page.evaluate("JSON.parse(localStorage['antiphon.player.settings']).speed") == 1.1

    # The queue takes files of the device.
    await page.keyboard.press("k")
    await expect(bar.get_by_role("button", name="Play", exact=True).first).to_be_visible()
    await page.keyboard.press("q")
    drawer = page.get_by_role("dialog", name="Queue")
    tide = write_wav(product.home / "Nobody - Tide.wav", tone(30.0))
    async with page.expect_file_chooser() as chooser:
        await drawer.get_by_role("button", name="Add files of this device").click()
    await (await chooser.value).set_files([tide])
    rows = drawer.get_by_role("row")
    await expect(rows).to_contain_text(["Flood", "Tide"])
    assert await violations_in_both_themes(page) == []
    await shot(page, "queue")
    await drawer.get_by_role("button", name="Play Tide").click()
    await page.keyboard.press("Escape")
    await expect(bar).to_contain_text("Nobody")
    await expect(bar).to_contain_text(re.compile("0:(0[3-9]|[12][0-9])"))


async def test_stations_are_added_by_admins(browser: Browser, product: Product) -> None:
    admin = await as_administrator(browser, product)
    await admin.goto("/radio")
    await admin.get_by_role("button", name="Add a station").first.click()
    dialog = admin.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Nowhere FM")
    await dialog.get_by_label("Address of the stream").fill(f"{product.url}/none.mp3")
    await admin.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await admin.get_by_role("main").get_by_role("button", name="Play Nowhere FM").click()
    await expect(admin.get_by_role("main").get_by_role("alert")).to_contain_text("cannot be heard right now")
    await admin.get_by_role("button", name="Actions for Nowhere FM").click()
    async with admin.expect_file_chooser() as choosing:
        await admin.get_by_role("menuitem", name="Choose a picture").click()
    await (await choosing.value).set_files(
        {"name": "tower.png", "mimeType": "image/png", "buffer": png(300, 300, (9, 120, 140))}
    )
    await expect(admin.get_by_role("main").locator("img[src*='/station/']")).to_be_visible()
    assert await violations_in_both_themes(admin) == []
    await shot(admin, "radio")
