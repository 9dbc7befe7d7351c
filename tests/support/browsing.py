"""A real browser in front of the product: who visits, what axe finds, what the page's policy refuses."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from asyncio import Event, to_thread, wait_for
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.support.product import Product

__all__ = [
    "CHROMIUM",
    "FLAGS",
    "NEEDS_BROWSER",
    "PASSWORD",
    "PATIENCE_MS",
    "REFUSED",
    "Refusals",
    "Requests",
    "as_administrator",
    "comes_true",
    "join",
    "made",
    "packed",
    "shot",
    "sign_in",
    "sign_up",
    "take_hold",
    "violations",
    "violations_in_both_themes",
    "visitor",
]

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts" / "browser"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
CLIENT = ROOT / "src" / "antiphon" / "entry" / "http" / "client" / "index.html"
# The first is the same engine without what people see around a page: it costs half as much.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _BROWSERS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
PATIENCE_MS = 60_000
PASSWORD = "correct horse battery"
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not CLIENT.exists(), reason="the web client is not built"),
]
# A theme that was just switched is drawn in the next frame; colours that others inherit set out only when theirs have
# arrived, so that one look at what moves is not enough. Whatever moves is put where it would come to rest; what never
# does is looked at as it is.
_SETTLED = """async () => {
  await document.fonts.ready;
  const ends = (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime < Infinity;
  const end = performance.now() + 5000;
  for (let still = 0; still < 3 && performance.now() < end; ) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
    const moving = document.getAnimations().filter(ends);
    for (const one of moving) one.finish();
    still = moving.length > 0 ? 0 : still + 1;
  }
}"""
# What a button said to screen readers stays for seven seconds and names the button, which may be gone by then.
_AXE = """async (rules) => {
  const only = rules.length > 0 ? { runOnly: rules } : {};
  const place = { exclude: [["[data-live-announcer]"]] };
  const told = (node) => `${node.html} ${node.any.map((why) => why.message).join(" ")}`;
  return (await axe.run(place, { resultTypes: ["violations"], ...only })).violations
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${told(node)}`));
}"""
_RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
REFUSED = "refused by the page's policy:"
_PACKED = """(name) => new Promise((packed) => {
  const look = async () => {
    const used = performance.getEntriesByType("resource").map((one) => one.name);
    const files = used.filter((file) => file.startsWith(`${location.origin}/assets/`));
    const kept = await Promise.all(files.map((file) => caches.match(file)));
    if (kept.every(Boolean) && files.some((file) => file.includes(name))) packed();
    else setTimeout(look, 200);
  };
  void look();
})"""
_LISTEN = f'addEventListener("securitypolicyviolation", (one) => console.error("{REFUSED}", one.violatedDirective));'


async def comes_true(page: Page, promise: str, *given: Any) -> None:
    """Waits for a promise of the page. Its policy forbids Playwright's own way of waiting for an expression, and what
    the page evaluates has no end by itself."""
    await wait_for(page.evaluate(promise, *given), PATIENCE_MS / 1000)


async def take_hold(page: Page, handle: Locator) -> None:
    """Of something in a list, by the keyboard. Nobody presses the next key in the moment before a place is shown."""
    await handle.focus()
    await page.keyboard.press("Enter")
    place = page.get_by_role("button", name=re.compile("^Insert "))
    await expect(place.and_(page.locator(":focus"))).to_have_count(1)


async def packed(page: Page, name: str) -> None:
    """What the page used, a file of that name among it, would come up again without network."""
    await comes_true(page, _PACKED, name)


async def visitor(browser: Browser, product: Product, *, dark: bool = False, phone: bool = False, **more: Any) -> Page:
    """`more` goes to the browser: a language, the session of another visitor.

    Nobody's browser keeps the client for a time without a connection, unless they ask: that is the whole client each
    time, and more work than the visit itself. Nothing moves for them either, unless they ask: a moving page is drawn
    sixty times a second.
    """
    calm: dict[str, Any] = {"service_workers": "block", "reduced_motion": "reduce"}
    wanted: dict[str, Any] = {"base_url": product.url, **calm, **more}
    context = await browser.new_context(
        **wanted,
        color_scheme="dark" if dark else "light",
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
    )
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page()


async def join(page: Page, name: str, handle: str) -> None:
    """Fill the form in and send it, on the page where it is."""
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Handle").fill(handle)
    await page.get_by_label("Email").fill(f"{handle}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()


async def sign_up(page: Page, name: str, handle: str) -> None:
    await page.goto("/sign-up")
    await join(page, name, handle)
    await page.wait_for_url(lambda url: "/sign-up" not in url)


def made(product: Product, handle: str) -> dict[str, Any]:
    """An account that was made by somebody with a bearer token, not in the browser."""
    new = {"email": f"{handle}@example.org", "password": PASSWORD, "handle": handle, "display_name": handle.title()}
    answer = product.http.post("/auth/register", json=new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def sign_in(page: Page, handle: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(f"{handle}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("button", name=f"Account of {handle.title()}").wait_for()


def _administrators_link(product: Product) -> str:
    command = [sys.executable, "-m", "antiphon.entry.cli", "admin-link"]
    told = subprocess.run(command, env=product.env, check=True, capture_output=True, text=True)
    return re.findall(r"/sign-in/link#\S+", told.stderr + told.stdout)[-1]


async def as_administrator(browser: Browser, product: Product) -> Page:
    """By the link that the command prints for whoever runs the machine."""
    page = await visitor(browser, product)
    await page.goto(await to_thread(_administrators_link, product))
    await page.get_by_role("button", name=re.compile("^Account of")).click()
    await page.get_by_role("menuitem", name="Administration").click()
    await page.get_by_role("heading", level=1, name="People").wait_for()
    return page


async def shot(page: Page, name: str, *, full: bool = False) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=full)


async def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page as it stands, by these rules or by all."""
    await page.emulate_media(reduced_motion="reduce")
    await page.evaluate(_SETTLED)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{page.url} {line}" for line in await page.evaluate(_AXE, list(rules))]


async def violations_in_both_themes(page: Page) -> list[str]:
    """Themes differ in nothing but colours: whatever has no colour is looked at in one of them."""
    found = []
    for theme, rules in (("light", _RULES_OF_COLOUR), ("dark", ())):
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += await violations(page, rules=rules)
    return found


class Requests:
    """What a page asks for. The browser tells when nothing is on its way after a load, but not after a step inside."""

    def __init__(self, page: Page) -> None:
        self._open: set[Request] = set()
        self._changed = Event()
        page.on("request", self._asked)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _asked(self, request: Request) -> None:
        self._open.add(request)
        self._changed.set()

    def _ended(self, request: Request) -> None:
        self._open.discard(request)
        self._changed.set()

    async def answered(self) -> None:
        """All of it, and nothing more was asked for during a tenth of a second."""
        while True:
            self._changed.clear()
            try:
                await wait_for(self._changed.wait(), 0.1)
            except TimeoutError:
                if not self._open:
                    return


@dataclass
class Refusals:
    """What the page's policy refused while one looked, and every error that the console tells of it."""

    seen: list[str] = field(default_factory=list)

    async def watch(self, page: Page) -> None:
        await page.add_init_script(_LISTEN)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.seen.append(f"{page.url} {error}"))

    def _heard(self, message: Any) -> None:
        text = message.text
        if any(word in text for word in (REFUSED, "Content Security Policy", "TrustedScript", "TrustedHTML")):
            self.seen.append(f"{message.page.url if message.page else ''} {text}")
