"""An album of a library that only its owner hears is shared, heard by somebody without an account, and ended."""

from __future__ import annotations

import re
from asyncio import StreamReader, StreamWriter, start_server, to_thread
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, Refusals, made, shot, sign_in, violations, visitor
from tests.support.product import Product
from tests.support.stocked import administrator, stock

pytestmark = NEEDS_BROWSER
_BLOG = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><title>A blog</title>"
_FRAMED = "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }"


def _album(product: Product, music: Path) -> str:
    """In a library that nora may hear, and nobody else."""
    nora = made(product, "nora")
    headers = administrator(product, "noras_admin")
    library = stock(product, headers, music, seconds=30.0, access="chosen")
    answer = product.http.put(f"/libraries/{library}/access", json={"user_ids": [nora["user"]["id"]]}, headers=headers)
    assert answer.status_code == 200, answer.text
    bearer = {"Authorization": f"Bearer {nora['tokens']['access_token']}"}
    albums = product.http.get("/albums", params={"limit": 100}, headers=bearer).json()["items"]
    return str(next(album["id"] for album in albums if album["title"] == "Salt"))


async def _share(page: Page) -> str:
    """Answers the address."""
    await page.get_by_role("button", name="Share Salt").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Some words about it").fill("For the ride home")
    await dialog.get_by_role("button", name="How long it lasts").click()
    await page.get_by_role("option", name="One week").click()
    assert await violations(page) == []
    await shot(page, "share-dialog")
    await dialog.get_by_role("button", name="Make a link").click()
    await dialog.get_by_role("heading", name="The link is ready").wait_for()
    address = await dialog.locator("code").inner_text()
    await dialog.get_by_role("button", name="Done").click()
    return address


async def _hear(page: Page, path: str, refusals: Refusals) -> None:
    """Without an account: a phone in the dark."""
    await page.goto(path)
    await page.get_by_role("heading", level=1, name="Salt").wait_for()
    await expect(page.get_by_text("For the ride home")).to_be_visible()
    await expect(page.get_by_role("list", name="Tracks").get_by_role("listitem")).to_have_count(3)
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await expect(page.get_by_role("slider", name="Position")).not_to_have_value("0")
    await page.get_by_role("button", name="Next track").press("Enter")
    await expect(page.get_by_role("button", name="Pause Ebb")).to_be_visible()
    assert await violations(page) == []
    await shot(page, "share-phone-dark", full=True)
    assert refusals.seen == []


async def _blog(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_BLOG)
    await writer.drain()
    writer.close()


async def _framed(browser: Browser, product: Product, path: str) -> None:
    """In a page of another site, which the rest of the client refuses to be in."""
    host = await visitor(browser, product)
    blog = await start_server(_blog, "127.0.0.1", 0)
    async with blog:
        await host.goto(f"http://127.0.0.1:{blog.sockets[0].getsockname()[1]}/")
        await host.evaluate(_FRAMED, product.url + path)
        await host.frame_locator("iframe").get_by_role("heading", level=1, name="Salt").wait_for()
    await shot(host, "share-framed")


async def test_an_album_is_shared(browser: Browser, product: Product, tmp_path: Path) -> None:
    album = await to_thread(_album, product, tmp_path / "music")
    nora = await visitor(browser, product)
    await sign_in(nora, "nora")
    await nora.goto(f"/albums/{album}")
    address = await _share(nora)
    path = re.sub(r"^https?://[^/]+", "", address)

    guest = await visitor(browser, product, dark=True, phone=True)
    refusals = Refusals()
    await refusals.watch(guest)
    await _hear(guest, path, refusals)
    desk = await visitor(browser, product, locale="ar")
    await desk.goto(path)
    await desk.get_by_role("heading", level=1, name="Salt").wait_for()
    await expect(desk.locator("html")).to_have_attribute("dir", "rtl")
    assert await violations(desk) == []
    await shot(desk, "share-desktop-arabic")
    await _framed(browser, product, path)

    await nora.get_by_role("button", name=re.compile("^Account of")).click()
    await nora.get_by_role("menuitem", name="Shared links").click()
    await nora.get_by_role("heading", level=1, name="Shared links").wait_for()
    await expect(nora.get_by_text("Opened 3 times")).to_be_visible()
    assert await violations(nora) == []
    await shot(nora, "shares-desktop")
    await nora.get_by_role("button", name="Change Salt").click()
    await nora.get_by_role("dialog").get_by_role("button", name="How long it lasts").click()
    await nora.get_by_role("option", name="End it now").click()
    await nora.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(nora.get_by_text("Over since")).to_be_visible()
    await guest.reload()
    await guest.get_by_role("heading", level=1, name="This link is over").wait_for()
    await nora.get_by_role("button", name="Delete Salt").click()
    await nora.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await nora.get_by_role("heading", name="Nothing shared yet").wait_for()
    await guest.reload()
    await guest.get_by_role("heading", level=1, name="This link leads nowhere").wait_for()
    await shot(guest, "share-gone-phone-dark")
