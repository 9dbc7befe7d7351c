"""One person, two browsers: the same queue in both, changed in both, and with the network away."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.async_api import Browser, Locator, Page, expect

from tests.support.browsing import NEEDS_BROWSER, made, shot, sign_in, take_hold, violations, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER
TITLES = ("Drift", "Swell", "Surge")
# A page that plays nothing until it is touched, as browsers have it with one that never was.
_REFUSES = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException("not touched", "NotAllowedError"));
  const touched = () => (HTMLMediaElement.prototype.play = play);
  addEventListener("pointerdown", touched, { capture: true, once: true });
}"""


def _bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Player")


async def _queue(page: Page) -> Locator:
    await _bar(page).get_by_role("button", name="Queue", exact=True).click()
    return page.get_by_role("dialog", name="Queue")


async def _titles(drawer: Locator, *titles: str) -> None:
    for place, title in enumerate(titles):
        await expect(drawer.get_by_role("row").nth(place)).to_contain_text(title)
    await expect(drawer.get_by_role("row")).to_have_count(len(titles))


async def test_a_queue_is_the_same_on_two_devices(browser: Browser, product: Product) -> None:
    made(product, "dev")
    kitchen, desk = await visitor(browser, product), await visitor(browser, product)
    for page in (kitchen, desk):
        await sign_in(page, "dev")
    await kitchen.goto("/library")
    await kitchen.get_by_role("main").get_by_role("link", name="Brine", exact=True).click()
    await kitchen.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    for page in (kitchen, desk):
        await expect(_bar(page)).to_contain_text("Drift")

    # By the keyboard: taken by its handle, carried one place on, put down.
    drawer, other = await _queue(desk), await _queue(kitchen)
    await _titles(drawer, *TITLES)
    await take_hold(desk, drawer.get_by_role("button", name="Move Drift", exact=True))
    await desk.keyboard.press("ArrowDown")
    await desk.keyboard.press("Enter")
    await _titles(drawer, "Swell", "Drift", "Surge")
    await _titles(other, "Swell", "Drift", "Surge")

    # Without network one is taken out, meanwhile another elsewhere: both come together, also after a reload.
    await desk.context.set_offline(True)
    await drawer.get_by_role("button", name="Remove Surge from the queue").click()
    await _titles(drawer, "Swell", "Drift")
    await other.get_by_role("button", name="Remove Swell from the queue").click()
    await _titles(other, "Drift", "Surge")
    await desk.context.set_offline(False)
    await _titles(drawer, "Drift")
    await _titles(other, "Drift")
    assert await violations(desk) == []
    await shot(desk, "queue-drawer")
    await desk.reload()
    await _titles(await _queue(desk), "Drift")


async def test_music_goes_from_device_to_device(browser: Browser, product: Product) -> None:
    token = made(product, "grace")["tokens"]["access_token"]
    kitchen, desk = await visitor(browser, product), await visitor(browser, product)
    for page in (kitchen, desk):
        await sign_in(page, "grace")
    await kitchen.goto("/library")
    await kitchen.get_by_role("main").get_by_role("link", name="Brine", exact=True).click()
    await kitchen.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    kitchen_bar, desk_bar = _bar(kitchen), _bar(desk)
    await expect(kitchen_bar.get_by_role("button", name="Pause", exact=True)).to_be_visible()

    # What plays in the kitchen is shown at the desk, and steered from there.
    await expect(desk_bar.get_by_role("button", name="On Chrome · Linux")).to_be_visible()
    await desk_bar.get_by_role("button", name="Next track", exact=True).click()
    await expect(kitchen_bar).to_contain_text("Swell")
    await expect(desk_bar).to_contain_text("Swell")
    await desk_bar.get_by_role("button", name="Pause", exact=True).click()
    await expect(kitchen_bar.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await _ahead(desk)
    await expect(kitchen_bar.get_by_label("Position in the track")).to_have_value(re.compile(r"^(2[4-9]|[3-9]\d)000$"))
    await desk_bar.get_by_label("Volume").focus()
    await desk.keyboard.press("Home")
    await expect(kitchen_bar.get_by_role("button", name="Unmute")).to_be_visible()
    await desk_bar.get_by_role("button", name="Play", exact=True).click()
    await expect(kitchen_bar.get_by_role("button", name="Pause", exact=True)).to_be_visible()

    # Brought to the desk, from the place where it was.
    await desk_bar.get_by_role("button", name="Play on…").click()
    sheet = desk.get_by_role("dialog", name="Play on…")
    await expect(sheet).to_contain_text("Bring the music here")
    assert await violations(desk) == []
    await shot(desk, "devices")
    await sheet.get_by_role("button", name=re.compile("^This device")).click()
    await expect(kitchen_bar.get_by_role("button", name="On Chrome · Linux")).to_be_visible()
    await expect(desk_bar.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await _goes_on(desk)
    await _goes_on(kitchen)

    await _named(desk, "Kitchen")
    await desk_bar.get_by_role("button", name="Previous track", exact=True).click()  # from its start: it must not end
    await _ahead(desk)

    # Handed back to a page that has to be touched first.
    await kitchen.evaluate(_REFUSES)
    await desk_bar.get_by_role("button", name="Play on…").click()
    await sheet.get_by_role("button", name=re.compile("^Kitchen")).click()
    await kitchen_bar.get_by_role("button", name="Tap to let this page play").click()
    await expect(desk_bar.get_by_role("button", name="On Kitchen")).to_be_visible()
    await expect(kitchen_bar.get_by_role("button", name="On Chrome · Linux")).to_have_count(0)
    await expect(kitchen_bar.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await expect(kitchen_bar.get_by_role("button", name="Tap to let this page play")).to_have_count(0)

    await _gone(kitchen, desk, product, token)
    await _in_private(desk, product, token)


async def _gone(kitchen: Page, desk: Page, product: Product, token: str) -> None:
    """The kitchen is gone: the queue is not, and goes on at the desk."""
    bar = _bar(desk)
    await kitchen.close()
    await expect(bar).to_contain_text("The other device is gone")
    # Where it was comes in after that it is gone: the place is right then, and what was told still stands there.
    _last_words(product, token, 20_000)
    await expect(bar.get_by_label("Position in the track")).to_have_value("20000")
    await expect(bar).to_contain_text("The other device is gone")
    await bar.get_by_role("button", name="Play", exact=True).click()
    await expect(bar.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await expect(bar).to_contain_text("Swell")
    await _goes_on(desk)


def _last_words(product: Product, token: str, position_ms: int) -> None:
    mine = {"Authorization": f"Bearer {token}"}
    queue = product.http.get("/stream/queue", headers=mine).json()
    place = {"id": str(uuid4()), "kind": "position", "entry": queue["head"]["current"], "position_ms": position_ms}
    told = {"revision": queue["revision"], "commands": [place], "changed_by": "Kitchen"}
    product.http.post("/stream/queue/commands", json=told, headers=mine).raise_for_status()


async def _ahead(page: Page) -> None:
    """Two tenths of the track further: 24 seconds of Swell."""
    await _bar(page).get_by_label("Position in the track").focus()
    for _ in range(2):
        await page.keyboard.press("PageUp")


async def _named(desk: Page, name: str) -> None:
    """Two alike are told apart: the other one gets a name."""
    await _bar(desk).get_by_role("button", name="Play on…").click()
    sheet = desk.get_by_role("dialog", name="Play on…")
    await sheet.get_by_role("button", name="Rename Chrome · Linux").click()
    naming = desk.get_by_role("dialog", name="Rename Chrome · Linux")
    await naming.get_by_label("Name").fill(name)
    await naming.get_by_role("button", name="Save").click()
    await expect(sheet.get_by_role("button", name=re.compile(f"^{name}"))).to_be_visible()
    assert await violations(desk) == []
    await shot(desk, "devices-named")
    await desk.keyboard.press("Escape")


async def _in_private(page: Page, product: Product, token: str) -> None:
    """Switched on in the player, seen there, and kept by the account."""
    await _bar(page).get_by_role("button", name="More of the player").click()
    await page.get_by_role("menuitem", name="Start a private session").click()
    mark = _bar(page).get_by_role("button", name="Private session until")
    await expect(mark).to_be_visible()
    mine = {"Authorization": f"Bearer {token}"}
    chosen = product.http.get("/users/me/preferences", headers=mine).json()
    assert chosen["private_session_until"] is not None
    assert await violations(page) == []
    await mark.click()
    await expect(mark).to_have_count(0)


async def _goes_on(page: Page) -> None:
    """Where it was, twenty seconds on at least: sooner than it would come there from the beginning."""
    place = _bar(page).get_by_label("Position in the track")
    await expect(place).to_have_value(re.compile("^([2-9][0-9]|1[01][0-9])000$"), timeout=15_000)
