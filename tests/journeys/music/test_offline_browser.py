"""In flight mode: what was kept on the device plays, and what happened meanwhile is told afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.async_api import Browser, expect

from tests.support.browsing import (
    NEEDS_BROWSER,
    comes_true,
    made,
    packed,
    shot,
    sign_in,
    violations_in_both_themes,
    visitor,
)
from tests.support.product import Product

pytestmark = NEEDS_BROWSER

# As if the time were over for which the server lent it.
LAPSE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("antiphon.offline");
  opening.onsuccess = () => {
    const change = opening.result.transaction("kept", "readwrite");
    const cursor = change.objectStore("kept").openCursor();
    cursor.onsuccess = () => {
      if (!cursor.result) return;
      cursor.result.update({ ...cursor.result.value, expiresAt: "2020-01-01T00:00:00Z" });
      cursor.result.continue();
    };
    change.oncomplete = () => resolve(opening.result.close());
    change.onabort = () => reject(change.error);
  };
})"""

# What was heard to its end waits on the device as a report that is closed.
HEARD = """() => new Promise((heard) => {
  const reports = () => Object.entries(localStorage).filter(([key]) => key.startsWith("antiphon.play."));
  const over = ([, text]) => {
    const { closed, progress } = JSON.parse(text);
    return closed && progress?.playedMs > 3000;
  };
  const look = () => reports().some(over) ? heard() : setTimeout(look, 200);
  look();
})"""

# Reports of plays are told when the server has their session and their last progress.
TOLD = """() => new Promise((told) => {
  const reports = () => Object.entries(localStorage).filter(([key]) => key.startsWith("antiphon.play."));
  const waits = ([, text]) => JSON.parse(text).sessionId === null || JSON.parse(text).progress !== null;
  const look = () => reports().some(waits) ? setTimeout(look, 200) : told();
  look();
})"""


async def test_in_flight_mode_one_hears_what_one_kept(browser: Browser, product: Product) -> None:
    token = made(product, "olive")["tokens"]["access_token"]
    mine = {"Authorization": f"Bearer {token}"}
    page = await visitor(browser, product, service_workers="allow")
    await sign_in(page, "olive")
    await page.goto("/search?q=Riptide")
    await page.get_by_role("main").get_by_role("link", name="Riptide", exact=True).first.click()
    main = page.get_by_role("main")
    await main.get_by_role("button", name="Keep Riptide on this device").click()
    await expect(main.get_by_role("button", name="Remove Riptide from this device")).to_be_visible()
    await packed(page, "downloads-page")

    await page.context.set_offline(True)
    await main.get_by_role("button", name="Like Riptide").first.click()
    await expect(main.get_by_role("button", name="Like Riptide").first).to_have_attribute("aria-pressed", "true")
    await page.goto("/downloads")
    row = page.get_by_role("listitem").filter(has_text="Riptide")
    await expect(row).to_contain_text("Lent until")
    assert await violations_in_both_themes(page) == []
    await shot(page, "downloads")
    await row.get_by_role("button", name="Play Riptide").click()
    bar = page.get_by_role("region", name="Player")
    await comes_true(page, HEARD)  # to its end, whatever the network says
    assert product.http.get("/stream/history", headers=mine).json()["items"] == []

    await page.evaluate(LAPSE)
    await page.goto("/downloads")
    await row.get_by_role("button", name="Play Riptide").click()
    await expect(bar).to_contain_text("Go online once to hear it again")

    back = datetime.now(UTC)
    async with page.expect_response(lambda answer: "/social/likes/" in answer.url and answer.ok):
        await page.context.set_offline(False)
    await expect(row).not_to_contain_text("go online")  # the licence was renewed by itself
    await comes_true(page, TOLD)
    heard = product.http.get("/stream/history", headers=mine).json()["items"]
    assert [datetime.fromisoformat(one["started_at"]) < back for one in heard] == [True]  # at its own time, once
    likes = product.http.get("/social/likes", params={"kind": "track"}, headers=mine).json()["items"]
    assert [like["track"]["title"] for like in likes] == ["Riptide"]

    await row.get_by_role("button", name="Remove Riptide from this device").click()
    await expect(page.get_by_text("Nothing is kept here yet")).to_be_visible()
