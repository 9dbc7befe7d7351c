"""The main job in a browser: one person uploads and publishes, another finds it, plays it, and it counts."""

from __future__ import annotations

import re
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.audio import tone, write_wav
from tests.support.browsing import (
    NEEDS_BROWSER,
    PATIENCE_MS,
    Requests,
    as_administrator,
    shot,
    sign_up,
    violations,
    violations_in_both_themes,
    visitor,
)
from tests.support.product import Product, until

pytestmark = NEEDS_BROWSER


async def publish_two(page: Page, files: list[Path]) -> None:
    await page.goto("/studio/upload")
    await page.get_by_role("main").get_by_role("button", name="New artist profile").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Berta & the Engines")
    await page.get_by_role("dialog").get_by_role("button", name="Create").click()
    await page.get_by_role("dialog").wait_for(state="detached")
    await page.locator("input[type=file]").first.set_input_files(files)
    for file in files:
        await expect(page.get_by_role("main")).to_contain_text(file.stem)
    await expect(page.get_by_text("2 of 2 files uploaded")).to_be_visible(timeout=PATIENCE_MS)
    await shot(page, "upload")
    await page.get_by_role("link", name="My music").first.click()
    for file in files:
        box = page.get_by_role("checkbox", name=f"Choose {file.stem}", exact=True)
        await expect(box).to_be_enabled(timeout=PATIENCE_MS)
        await box.check(force=True)
    await page.get_by_role("button", name="Publish 2 tracks").click()
    await expect(page.get_by_role("button", name="Publish 2 tracks")).to_have_count(0)
    await shot(page, "published")


async def test_upload_publish_play_and_count(browser: Browser, product: Product, tmp_path: Path) -> None:
    files = [tmp_path / "First light.wav", tmp_path / "Second wind.wav"]
    for number, file in enumerate(files):
        write_wav(file, tone(20, hertz=220.0 * (number + 1)))
    artist = await visitor(browser, product)
    await sign_up(artist, "Berta", "berta")
    await publish_two(artist, files)
    assert await to_thread(until, lambda: product.finds("First light"), within_s=60)

    fan = await visitor(browser, product)
    await fan.goto("/")
    await fan.get_by_role("searchbox").or_(fan.get_by_role("combobox")).first.fill("first light")
    await fan.keyboard.press("Enter")
    await fan.get_by_role("link", name="First light").first.click()
    await fan.wait_for_url("**/tracks/*")
    track_id = fan.url.rpartition("/")[2]
    await fan.get_by_role("main").get_by_role("button", name="Play").first.click()
    bar = fan.get_by_role("region", name="Player").or_(fan.get_by_role("contentinfo", name="Player")).first
    await expect(bar.get_by_role("button", name="Pause")).to_be_visible()
    await fan.wait_for_function("performance.getEntriesByName('antiphon:first-sound').length > 0")
    await bar.get_by_role("button", name="Repeat: off").click()  # the walk may take longer than the music
    await shot(fan, "playing")
    seek = fan.get_by_label("Position in the track").first
    before = await seek.get_attribute("value")
    await seek.press("ArrowRight")
    assert await seek.get_attribute("value") != before or await seek.input_value() != before
    assert await works_are_accessible(fan) == []
    await bar.get_by_role("button", name="Open the full-screen player").first.click()
    await fan.get_by_role("dialog").wait_for()
    await shot(fan, "full-player")
    assert await violations(fan) == []
    await fan.keyboard.press("Escape")
    for path in ("Home", "Genres", "Settings"):
        await fan.get_by_role("link", name=path).first.click()
        await expect(bar.get_by_role("button", name="Pause")).to_be_visible()
    # Half of twenty seconds counts; the player tells it by its heartbeat or at the end.
    await fan.wait_for_function(COUNTED, arg=track_id, polling=500)


async def works_are_accessible(page: Page) -> list[str]:
    """The pages that show somebody's works, in both themes, without leaving the client: the music goes on."""
    found = await violations_in_both_themes(page)
    await page.get_by_role("main").get_by_role("link", name="Berta & the Engines").first.click()
    await page.wait_for_url("**/artists/*")
    await page.get_by_role("heading", level=1, name="Berta & the Engines").wait_for()
    found += await violations_in_both_themes(page)
    await shot(page, "artist")
    return found


COUNTED = "async (id) => (await (await fetch(`/api/v1/content/${id}`)).json()).stats.plays === 1"


PAGES = (
    *("/", "/search", "/genres", "/about", "/nowhere", "/studio", "/studio/upload"),
    *("/settings", "/settings/security", "/settings/privacy", "/settings/connections"),
    *("/deletion", "/deletion/cancel#cancel_deletion=token"),
    *("/sign-in", "/sign-up", "/sign-in/second-factor", "/forgot-password", "/reset-password#reset_password=token"),
    *("/verify-email#sign_up=token", "/authorize?client_id=unknown"),
    *("/admin/users", "/admin/users/{me}", "/admin/invitations", "/admin/mail", "/admin/apps", "/admin/nowhere"),
)


SPEAK = """async (language) => {
    const { csrfToken } = JSON.parse(localStorage.getItem("antiphon.session"));
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken };
    const body = JSON.stringify({ language });
    const answer = await fetch("/api/v1/users/me/preferences", { method: "PUT", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
}"""


async def test_no_page_breaks_accessibility(browser: Browser, product: Product) -> None:
    """In both themes; and on a telephone from right to left, where nothing may stick out."""
    page = await as_administrator(browser, product)
    me = await page.evaluate("JSON.parse(localStorage.getItem('antiphon.session')).userId")
    paths = [path.format(me=me) for path in PAGES]
    found = await walked(page, paths, violations_in_both_themes)
    session = await page.context.storage_state()
    await page.evaluate(SPEAK, "ar")  # the language follows the account
    arabic = await visitor(browser, product, phone=True, dark=True, storage_state=session)
    found += await walked(arabic, paths, violations)
    assert await arabic.evaluate("document.documentElement.dir") == "rtl"
    await page.evaluate(SPEAK, "en")
    assert found == []


async def walked(page: Page, paths: list[str], look: Callable[[Page], Awaitable[list[str]]]) -> list[str]:
    """The first page is loaded; from there one goes on inside the client."""
    found: list[str] = []
    requests = Requests(page)
    await page.goto(paths[0])
    for path in paths:
        await page.evaluate(GO, path)
        await page.locator("h1:not([data-left])").first.wait_for()
        await requests.answered()
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} is wider than the screen")
        found += await look(page)
        place = re.sub(r"[^a-z]+", "-", re.sub(r"usr_\w+", "one", path.partition("#")[0])).strip("-") or "home"
        await shot(page, f"{place}-{await page.evaluate('document.documentElement.lang')}")
    return found


GO = """(path) => {
    if (path === location.pathname) return;
    for (const one of document.querySelectorAll("h1")) one.setAttribute("data-left", "");
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
}"""


async def test_the_phone_has_its_own_shape(browser: Browser, product: Product) -> None:
    page = await visitor(browser, product, phone=True, dark=True)
    await page.goto("/")
    await page.get_by_role("heading", level=1).first.wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await shot(page, "phone")
