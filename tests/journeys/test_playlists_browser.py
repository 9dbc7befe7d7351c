"""Playlists and lyrics in the browser: put together, put in order by keys alone, imported, sung along."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, made, shot, sign_in, take_hold, violations, visitor
from tests.support.product import Product, until

pytestmark = NEEDS_BROWSER
SONGS = ("Salt", "Ochre", "Hush")


def _tone(hertz: float) -> bytes:
    """Twelve seconds, so that there is time to sing."""
    rate = 8000
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        values = (int(9000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(rate * 12))
        sound.writeframes(b"".join(struct.pack("<h", value) for value in values))
    return file.getvalue()


def _music(product: Product, tokens: dict[str, Any]) -> dict[str, str]:
    """Three published songs: title → id."""
    http = product.http
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    artist = http.post("/artists", json={"name": "Marrow & Tide"}, headers=headers).json()
    songs = {}
    for number, title in enumerate(SONGS):
        files = {"file": (f"{title}.wav", _tone(220 + 60 * number))}
        fields = {"artist_id": artist["id"], "title": title}
        songs[title] = http.post("/content/upload", data=fields, files=files, headers=headers).json()["id"]
    for track in songs.values():
        publish = f"/content/{track}/publish"
        assert until(lambda at=publish: http.post(at, headers=headers).status_code == 200, within_s=90)  # type: ignore[misc]
    return songs


async def _titles(page: Page, name: str) -> list[str]:
    rows = page.get_by_role("grid", name=f"Tracks of {name}").get_by_role("row")
    return [(await row.get_by_role("link").first.inner_text()) for row in await rows.all()]


async def _add(page: Page, track: str) -> None:
    await page.goto(f"/tracks/{track}")
    await page.get_by_role("main").get_by_role("button", name="Actions for").first.click()
    await page.get_by_role("menuitem", name="Add to a playlist").click()


async def test_playlists_and_lyrics(browser: Browser, product: Product) -> None:
    account = made(product, "vera")
    songs = _music(product, account["tokens"])
    vera = await visitor(browser, product)
    await sign_in(vera, "vera")

    await _add(vera, songs["Salt"])
    dialog = vera.get_by_role("dialog")
    await dialog.get_by_label("New playlist").fill("Ride home")
    await shot(vera, "playlist-add")
    assert await violations(vera) == []
    await dialog.get_by_role("button", name="Make").click()
    await expect(dialog).to_have_count(0)
    for title in ("Ochre", "Hush"):
        await _add(vera, songs[title])
        await dialog.get_by_role("button", name="Ride home").click()
        await expect(dialog).to_have_count(0)

    await vera.goto("/playlists")
    await vera.get_by_role("link", name="Ride home").click()
    grid = vera.get_by_role("grid", name="Tracks of Ride home")
    await expect(grid.get_by_role("row")).to_have_count(3)
    assert await _titles(vera, "Ride home") == list(SONGS)
    await shot(vera, "playlist", full=True)
    assert await violations(vera) == []

    # All of it by the keyboard: take hold, up to the place before the first, let go.
    await grid.get_by_role("row", name="Salt").focus()
    for key in ("ArrowDown", "ArrowDown", "Tab"):
        await vera.keyboard.press(key)
    await expect(grid.get_by_role("button", name="Move Hush")).to_be_focused()
    await take_hold(vera, grid.get_by_role("button", name="Move Hush"))
    place = vera.get_by_role("button", name="Insert before Salt")
    for _ in range(6):
        if await place.evaluate("(one) => one === document.activeElement"):
            break
        await vera.keyboard.press("ArrowUp")
    async with vera.expect_response(lambda answer: answer.url.endswith("/entries/move") and answer.ok):
        await vera.keyboard.press("Enter")
    await vera.reload()
    await expect(grid.get_by_role("row")).to_have_count(3)
    assert await _titles(vera, "Ride home") == ["Hush", "Salt", "Ochre"]

    await vera.get_by_role("button", name="Edit", exact=True).click()
    await dialog.get_by_label("Name", exact=True).fill("Ride out")
    await shot(vera, "playlist-edit")
    await dialog.get_by_role("button", name="Save").click()
    await vera.get_by_role("heading", level=1, name="Ride out").wait_for()

    await _long(vera, product, account["tokens"], songs)
    await _import(vera)
    await _sing(vera, songs["Salt"])
    await _on_a_phone(browser, product, vera, songs["Salt"])


async def _on_a_phone(browser: Browser, product: Product, page: Page, track: str) -> None:
    for dark in (False, True):
        phone = await visitor(browser, product, phone=True, dark=dark, storage_state=await page.context.storage_state())
        for name, path in (("playlists", "/playlists"), ("lyrics", f"/tracks/{track}")):
            await phone.goto(path)
            await phone.get_by_role("heading", level=1).wait_for()
            await phone.wait_for_load_state("networkidle")
            await shot(phone, f"{name}-phone-{'dark' if dark else 'light'}", full=True)
            assert await violations(phone) == []


async def _long(page: Page, product: Product, tokens: dict[str, Any], songs: dict[str, str]) -> None:
    """Of a list of thousands only what is seen is drawn; the last of it is moved and taken out as the first is."""
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    made_list = product.http.post("/playlists", json={"name": "Long road"}, headers=headers).json()
    ids = [songs["Salt"]] * 1_400 + [songs["Hush"], songs["Ochre"]]
    entries = f"/playlists/{made_list['id']}/entries"
    assert product.http.put(entries, json={"track_ids": ids}, headers=headers).status_code == 200
    await page.goto(f"/playlists/{made_list['id']}")
    grid = page.get_by_role("grid", name="Tracks of Long road")
    await grid.get_by_role("button", name="Move Salt").first.wait_for()  # all of it is there
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = grid.get_by_role("row", name="Ochre")
    await last.focus()
    assert await grid.get_by_role("row").count() < 60
    await page.keyboard.press("Tab")
    await expect(grid.get_by_role("button", name="Move Ochre")).to_be_focused()
    await take_hold(page, grid.get_by_role("button", name="Move Ochre"))
    place = page.get_by_role("button", name="Insert between Salt and Hush")
    await place.wait_for(state="attached")
    for _ in range(6):
        if await place.evaluate("(one) => one === document.activeElement"):
            break
        await page.keyboard.press("ArrowUp")
    async with page.expect_response(lambda answer: answer.url.endswith("/entries/move") and answer.ok):
        await page.keyboard.press("Enter")
    async with page.expect_response(lambda answer: answer.url.endswith("/entries/remove") and answer.ok):
        await grid.get_by_role("button", name="Take Hush out").click()
    await expect(grid.get_by_role("row", name="Hush")).to_have_count(0)
    pages = product.http.get(f"{entries}?limit=500", headers=headers).json()
    while pages["next"]:
        pages = product.http.get(f"{entries}?limit=500&cursor={pages['next']}", headers=headers).json()
    assert [entry["track"]["title"] for entry in pages["items"]][-2:] == ["Salt", "Ochre"]
    await page.get_by_role("button", name="Actions for Long road").click()
    await page.get_by_role("menuitem", name="History").click()
    await page.get_by_role("heading", level=1, name="History").wait_for()
    change = page.get_by_role("list", name="Changes").get_by_role("listitem").first
    await expect(change).to_contain_text("1,401 tracks came")
    await shot(page, "playlist-history", full=True)
    assert await violations(page) == []
    await change.get_by_role("button", name="Go back").click()
    await page.get_by_role("heading", level=1, name="Long road").wait_for()
    await page.get_by_role("heading", name="Nothing in here yet").wait_for()


async def _import(page: Page) -> None:
    await page.goto("/playlists")
    lines = (
        "#EXTM3U\n#PLAYLIST:From afar\n#EXTINF:12,Marrow & Tide - Salt\nx/salt.mp3\n#EXTINF:9,Nobody - Nothing\ny.mp3\n"
    )
    file: Any = {"name": "afar.m3u8", "mimeType": "audio/x-mpegurl", "buffer": lines.encode()}
    await page.get_by_label("Playlist file").set_input_files(file)
    await page.get_by_role("heading", level=1, name="Look it over").wait_for()
    await page.get_by_text("Nothing like it is here.").wait_for()
    await page.get_by_role("button", name="Show all lines").click()
    await shot(page, "playlist-import", full=True)
    assert await violations(page) == []
    await page.get_by_role("button", name="Make it with 1 track").click()
    await page.get_by_role("heading", level=1, name="From afar").wait_for()
    await expect(page.get_by_role("grid").get_by_role("row")).to_have_count(1)


async def _sing(page: Page, track: str) -> None:
    await page.goto(f"/tracks/{track}")
    await page.get_by_role("link", name="Write the lyrics").click()
    await page.get_by_label("Words").fill("So far away\nfrom home")
    await page.get_by_role("button", name="Tap the times").click()
    await page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    tap = page.get_by_role("button", name="Tap when this begins")
    for _ in range(2):
        await expect(tap).to_be_enabled()
        await tap.click()
        await page.wait_for_timeout(400)
    await page.get_by_text("Every line has its time").wait_for()
    await shot(page, "lyrics-editor", full=True)
    assert await violations(page) == []
    await page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()
    await page.get_by_text("Saved").wait_for()
    await page.goto(f"/tracks/{track}")
    pane = page.get_by_role("region", name="Lyrics")
    await pane.get_by_role("button", name="from home").click()
    await expect(pane.locator("li[aria-current=true]")).to_contain_text("from home")
    await shot(page, "lyrics", full=True)
    assert await violations(page) == []
