"""The policy of the pages, in a browser that keeps it: nothing of ours breaks it, nothing foreign runs under it."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, Route

from tests.support.browsing import NEEDS_BROWSER, REFUSED, Refusals, as_administrator, packed, sign_up, visitor
from tests.support.product import Product

pytestmark = NEEDS_BROWSER

PAGES = ("/", "/search", "/genres", "/about", "/nowhere", "/sign-in", "/sign-up", "/sign-in/second-factor")
SIGNED_IN = ("/settings", "/settings/security", "/settings/privacy", "/studio", "/studio/upload", "/authorize")
ADMIN = ("/admin/users", "/admin/invitations", "/admin/mail", "/admin/apps")
SLIPPED_IN = (
    "<script>window.ran = 'inline script'</script>"
    "<script src='data:text/javascript,window.ran=\"data script\"'></script>"
    "<img src='/nothing.png' onerror=\"window.ran = 'handler'\">"
    "<svg onload=\"window.ran = 'svg'\"></svg>"
    "<iframe srcdoc=\"<script>parent.ran = 'frame'</script>\"></iframe>"
    "<base href='https://elsewhere.example/'>"
    "<a id='trap' href=\"javascript:window.ran='link'\">trap</a>"
)


async def look_around(page: Page, paths: tuple[str, ...]) -> None:
    for path in paths:
        await page.goto(path)
        await page.get_by_role("heading", level=1).first.wait_for()
        await page.wait_for_load_state("networkidle")


async def test_no_page_of_ours_breaks_the_policy(browser: Browser, product: Product) -> None:
    page, refusals = await visitor(browser, product, service_workers="allow"), Refusals()
    await refusals.watch(page)
    await look_around(page, PAGES)
    await sign_up(page, "Eve", "eve")
    await look_around(page, SIGNED_IN)
    # What makes styles or moves things only once it is used: a menu, a list, a dialog.
    await page.goto("/settings")
    await page.get_by_role("button", name="Account of Eve").click()
    await page.get_by_role("menu").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Language").click()
    await page.get_by_role("listbox").wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").wait_for()
    admin = await as_administrator(browser, product)
    await refusals.watch(admin)
    await look_around(admin, ADMIN)
    assert refusals.seen == []


async def test_what_slips_into_a_page_does_not_run(browser: Browser, product: Product) -> None:
    """As if an answer of ours carried somebody's markup: the policy that came with the page is all that is left."""
    page = await visitor(browser, product)

    async def tampered(route: Route) -> None:
        answer = await route.fetch()
        body = (await answer.text()).replace("</body>", SLIPPED_IN + "</body>")
        await route.fulfill(response=answer, body=body)

    await page.route("**/genres", tampered)
    await page.goto("/genres")
    await page.get_by_role("heading", level=1).first.wait_for()
    await page.locator("#trap").dispatch_event("click")
    await page.wait_for_load_state("networkidle")
    assert await page.evaluate("window.ran ?? null") is None
    assert not await page.evaluate("document.baseURI.includes('elsewhere')")


@pytest.mark.parametrize(
    "slip",
    [
        "document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'",
        "document.body.insertAdjacentHTML('beforeend', '<b>bold</b>')",
        "document.createElement('script').src = '/theme.js'",
        "document.createElement('script').text = 'window.ran = 1'",
        "new Function('window.ran = 1')()",
        "eval('window.ran = 1')",
        "navigator.serviceWorker.register('/theme.js')",
        "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
        "trustedTypes.createPolicy('antiphon', { createHTML: (text) => text })",
    ],
)
async def test_text_does_not_become_a_script(browser: Browser, product: Product, slip: str) -> None:
    """From inside, as a careless line of ours or of a library would do it."""
    workers = "allow" if "serviceWorker" in slip else "block"
    page, refusals = await visitor(browser, product, service_workers=workers), Refusals()
    await refusals.watch(page)
    await page.goto("/about")
    await page.get_by_role("heading", level=1).first.wait_for()
    # In a timer: what the browser's debugger evaluates directly, it frees from the rule about eval.
    attempt = f"async (done) => {{ try {{ await ({slip}); done('ran') }} catch (refusal) {{ done(refusal.name) }} }}"
    async with page.expect_console_message(lambda message: REFUSED in message.text):
        outcome = await page.evaluate(f"() => new Promise((done) => setTimeout({attempt}, 0, done))")
    assert outcome in {"TypeError", "EvalError"}
    assert await page.evaluate("window.ran ?? null") is None


async def test_the_installed_page_works_without_a_connection(browser: Browser, product: Product) -> None:
    """The service worker keeps a page together with the policy that names its nonce, and what was used of the rest."""
    page, refusals = await visitor(browser, product, service_workers="allow"), Refusals()
    await refusals.watch(page)
    await page.goto("/settings")
    await page.get_by_role("heading", level=1, name="Settings").wait_for()
    await packed(page, "settings-page")
    await page.context.set_offline(True)
    await page.goto("/settings")
    await page.get_by_role("heading", level=1, name="Settings").wait_for()
    assert await page.evaluate("navigator.serviceWorker.controller !== null")
    assert refusals.seen == []


async def test_every_answer_has_a_nonce_of_its_own(product: Product) -> None:
    answers = [product.http.get(f"{product.url}/genres") for _ in range(2)]
    policies = {answer.headers["content-security-policy"] for answer in answers}
    assert len(policies) == 2
    for answer in answers:
        nonce = answer.headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
        assert answer.text.count(f'nonce="{nonce}"') == answer.text.count("nonce=") > 2
