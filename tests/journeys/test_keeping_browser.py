"""Keeping the catalogue in the browser: many edited at once, the history, merging, genres, planned and taken down."""

from __future__ import annotations

import io
import struct
import wave
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.support.browsing import NEEDS_BROWSER, as_administrator, made, shot, sign_in, violations, visitor
from tests.support.product import Product, until

pytestmark = NEEDS_BROWSER
SONGS = ("Salt", "Ochre", "Hush")


def _sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", (n % 50) * 300 - 7500) for n in range(8000)))
    return file.getvalue()


def _music(product: Product, tokens: dict[str, Any]) -> dict[str, str]:
    """Two artists of nearly one name, songs of both, an album, and a draft: name → id."""
    http, headers = product.http, {"Authorization": f"Bearer {tokens['access_token']}"}
    ids = {}
    for name in ("Tern & Tide", "Tern and Tide"):
        ids[name] = http.post("/artists", json={"name": name}, headers=headers).json()["id"]
    for title, artist in (("Shore", "Tern & Tide"), ("Later", "Tern and Tide")):
        new = {"artist_id": ids[artist], "title": title}
        ids[title] = http.post("/albums", json=new, headers=headers).json()["id"]
    for title in (*SONGS, "Far"):
        own = {"artist_id": ids["Tern & Tide"], "album_id": ids["Shore"]}
        fields = {**(own if title in SONGS else {"artist_id": ids["Tern and Tide"]}), "title": title}
        files = {"file": (f"{title}.wav", _sound())}
        ids[title] = http.post("/content/upload", data=fields, files=files, headers=headers).json()["id"]
    for title in (*SONGS, "Far"):
        publish = f"/content/{ids[title]}/publish"
        assert until(lambda at=publish: http.post(at, headers=headers).status_code == 200, within_s=90)  # type: ignore[misc]
    assert http.post(f"/albums/{ids['Shore']}/publish", headers=headers).status_code == 200
    return ids


async def _looked_at(page: Page, name: str) -> None:
    await page.wait_for_load_state("networkidle")
    await shot(page, name, full=True)
    assert await violations(page) == []


async def test_a_catalogue_is_kept(browser: Browser, product: Product) -> None:
    tokens = made(product, "keeper")["tokens"]
    ids = _music(product, tokens)
    keeper = await visitor(browser, product)
    await sign_in(keeper, "keeper")
    await _edit_together(keeper, ids)
    await _plan(keeper, ids)
    await _look_forward(browser, product, keeper, ids["Later"])
    await _merge(keeper)
    await _everywhere(browser, product, keeper, ids, {"Authorization": f"Bearer {tokens['access_token']}"})
    admin = await as_administrator(browser, product)
    await _genres(admin)
    await _take_down(admin, ids["Ochre"])


async def _edit_together(page: Page, ids: dict[str, str]) -> None:
    await page.goto(f"/albums/{ids['Shore']}")
    await page.get_by_role("button", name="Choose several").click()
    rows = page.get_by_role("grid", name="Tracks").get_by_role("row")
    await rows.first.click()
    await rows.nth(1).click(modifiers=["Shift"])
    await page.get_by_text("2 chosen").wait_for()
    await page.keyboard.press("Control+a")
    await page.get_by_text("3 chosen").wait_for()
    await _looked_at(page, "keeping-choose")
    await page.get_by_role("link", name="Edit together").click()
    await page.get_by_role("button", name="Add a field").click()
    await page.get_by_role("option", name="Genres").click()
    await page.get_by_label("Genres", exact=True).last.fill("Jazz")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Show what changes").click()
    await page.get_by_role("button", name="Change 3 of them").wait_for()
    await _looked_at(page, "keeping-bulk")
    await page.get_by_role("button", name="Change 3 of them").click()
    await page.get_by_text("3 were changed.").wait_for()
    await page.get_by_role("link", name="History").click()
    entry = page.get_by_role("list", name="Edits").get_by_role("listitem").first
    await expect(entry).to_contain_text("Jazz")
    await _looked_at(page, "keeping-history")
    await entry.get_by_role("button", name="Take back", exact=True).click()
    await page.get_by_text("Took an edit back").wait_for()


async def _plan(page: Page, ids: dict[str, str]) -> None:
    await page.goto(f"/studio/albums/{ids['Later']}")
    await page.get_by_label("Publish at").fill("2031-05-01T18:30")
    await page.get_by_role("button", name="Set the time").click()
    await page.get_by_text("Becomes public on").wait_for()
    await page.get_by_label("Edition").fill("Deluxe")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_text("Unsaved changes").wait_for(state="detached")
    await _looked_at(page, "keeping-album-editor")


async def _look_forward(browser: Browser, product: Product, keeper: Page, album: str) -> None:
    """Announced by its artist, met and pre-saved by a listener, taken back again."""
    await keeper.get_by_text("Announce it").click()
    await keeper.get_by_text("Nobody has pre-saved it yet.").wait_for()
    await _looked_at(keeper, "keeping-announced")
    made(product, "fan")
    fan = await visitor(browser, product)
    await sign_in(fan, "fan")
    await fan.goto(f"/albums/{album}")
    await fan.get_by_role("button", name="Pre-save", exact=True).click()
    await fan.get_by_role("button", name="Pre-saved").wait_for()
    await _looked_at(fan, "announced")
    await fan.goto("/liked")
    await fan.get_by_role("heading", name="Pre-saved").wait_for()
    await _looked_at(fan, "pre-saved")
    guest = await visitor(browser, product, phone=True, dark=True, locale="ar")
    await guest.goto(f"/albums/{album}")
    await guest.get_by_role("link", name="سجّل الدخول للحفظ المسبق").wait_for()
    await _looked_at(guest, "announced-phone-dark-ar")
    await keeper.get_by_text("Announce it").click()
    await keeper.get_by_text("1 person has pre-saved it.").wait_for()
    await fan.reload()
    await fan.get_by_role("button", name="Take the pre-save back: Not announced any more").click()
    await fan.get_by_text("Nothing liked yet").wait_for()
    await fan.context.close()


async def _merge(page: Page) -> None:
    await page.goto("/library?view=artists")
    await page.get_by_role("button", name="Choose several").click()
    for name in ("Tern & Tide", "Tern and Tide"):
        await page.get_by_role("grid", name="Artists").get_by_role("row", name=name).click()
    await page.get_by_role("link", name="Merge", exact=True).click()
    await page.get_by_role("radio", name="Stays: Tern & Tide").check()
    await _looked_at(page, "keeping-merge")
    await page.get_by_role("button", name="Merge into Tern & Tide").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Merge", exact=True).click()
    await page.get_by_role("heading", name="They are one").wait_for()


async def _everywhere(
    browser: Browser, product: Product, keeper: Page, ids: dict[str, str], headers: dict[str, str]
) -> None:
    """On a phone, in both themes, and from right to left."""
    state = await keeper.context.storage_state()
    pages = (("history", f"/keeping/history/{ids['Salt']}"), ("track-editor", f"/studio/tracks/{ids['Salt']}"))
    for dark, language in ((True, "en"), (False, "ar")):
        asked = {"language": language}  # it follows the account
        assert product.http.put("/users/me/preferences", json=asked, headers=headers).status_code == 200
        phone = await visitor(browser, product, phone=True, dark=dark, storage_state=state)
        for name, path in pages:
            await phone.goto(path)
            await phone.get_by_role("heading", level=1).wait_for()
            await expect(phone.locator("html")).to_have_attribute("lang", language)
            await _looked_at(phone, f"keeping-{name}-phone-{'dark' if dark else 'light'}-{language}")


async def _genres(page: Page) -> None:
    await page.goto("/genres")
    await page.get_by_role("link", name="Keep the genres").click()
    await page.get_by_role("button", name="New genre").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Shanty")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    tree = page.get_by_role("treegrid", name="Tree of genres")
    await tree.get_by_role("row", name="Shanty").click()
    await page.get_by_label("Name", exact=True).fill("Sea shanty")
    await page.get_by_role("main").get_by_role("button", name="Save").click()
    await expect(tree.get_by_role("row", name="Sea shanty")).to_be_visible()
    await _looked_at(page, "keeping-genres")
    await page.get_by_role("button", name="The same as").click()
    await page.get_by_role("option", name="Jazz").click()
    await page.get_by_role("main").get_by_role("button", name="Merge").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Merge").click()
    await tree.get_by_role("row", name="Sea shanty").wait_for(state="detached")
    await page.get_by_role("main").get_by_role("link", name="History").click()
    await page.get_by_text("“Sea shanty” became a part of this.").wait_for()
    await page.get_by_role("button", name="Take back", exact=True).first.click()  # its own rename stands there too
    await page.get_by_text("Took an edit back").wait_for()
    await page.goto("/keeping/genres")
    await expect(tree.get_by_role("row", name="Sea shanty")).to_be_visible()


async def _take_down(page: Page, track: str) -> None:
    await page.goto(f"/tracks/{track}")
    await page.get_by_role("main").get_by_role("link", name="Edit", exact=True).click()
    await page.get_by_role("button", name="Take down").click()
    await page.get_by_role("dialog").get_by_label("Reason").fill("Not yours.")
    async with page.expect_response(lambda answer: answer.url.endswith("/take-down") and answer.ok):
        await page.get_by_role("dialog").get_by_role("button", name="Take down").click()
    await page.goto("/keeping/doubles")
    await page.get_by_role("tab", name="Tracks").wait_for()
    await _looked_at(page, "keeping-doubles")
    await page.goto("/admin/taken-down")
    await page.get_by_text("Not yours.").wait_for()
    await _looked_at(page, "admin-taken-down")
    async with page.expect_response(lambda answer: answer.url.endswith("/restore") and answer.ok):
        await page.get_by_role("button", name="Bring back Ochre").click()
