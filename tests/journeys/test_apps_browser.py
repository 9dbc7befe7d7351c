"""An app of somebody else's, from its registration to the day when its user has had enough of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from playwright.async_api import Browser, Page, expect

from tests.support.browsing import (
    NEEDS_BROWSER,
    PASSWORD,
    Refusals,
    as_administrator,
    made,
    shot,
    violations,
    visitor,
)
from tests.support.product import Product

pytestmark = NEEDS_BROWSER

STATE = "12345678901234567890"
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
REGISTERED = "http://127.0.0.1/back"


class Pocket:
    """A program on its user's device (RFC 8252): it listens on a port of its own, and proves itself by PKCE."""

    def __init__(self, product: Product, port: int) -> None:
        self.product = product
        self.back = f"http://127.0.0.1:{port}/back"
        self.heard: SimpleQueue[dict[str, str]] = SimpleQueue()
        self.id = self.verifier = ""

    def door(self, scope: str = "openid profile listen") -> str:
        """Where it sends its user."""
        found = self.product.http.get(f"{self.product.url}/.well-known/openid-configuration").json()
        self.verifier = generate_token(48)
        asked = {
            "client_id": self.id,
            "redirect_uri": self.back,
            "response_type": "code",
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
            "scope": scope,
            "state": STATE,
        }
        return str(httpx.URL(urlsplit(found["authorization_endpoint"]).path, params=asked))

    def tokens(self, **form: str) -> httpx.Response:
        return self.product.http.post("/oauth/token", data={"client_id": self.id, **form})

    def signed_in(self, code: str) -> dict[str, str]:
        answer = self.tokens(
            grant_type="authorization_code", code=code, redirect_uri=self.back, code_verifier=self.verifier
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def who(self, tokens: dict[str, str]) -> httpx.Response:
        return self.product.http.get("/oauth/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})


@contextmanager
def pocket(product: Product) -> Iterator[Pocket]:
    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/back"):
                app.heard.put(dict(parse_qsl(urlsplit(self.path).query)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Back in Pocket")

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        app = Pocket(product, server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield app
        server.shutdown()


async def register(admin: Page, name: str, address: str, *, server: bool = False) -> None:
    """By keyboard alone."""
    await admin.goto("/admin/apps")
    await admin.get_by_role("button", name="Register an app").press("Enter")
    asking = admin.get_by_role("dialog")
    await expect(asking.get_by_label("Name")).to_be_focused()
    await admin.keyboard.type(name)
    await admin.keyboard.press("Tab")
    await admin.keyboard.type(address)
    await admin.keyboard.press("Tab")
    if server:
        await admin.keyboard.press("Space")
    assert await violations(admin) == []
    await shot(admin, f"admin-apps-new-{'server' if server else 'device'}")
    await asking.get_by_label("Name").press("Enter")


async def test_an_app_signs_its_user_in_until_they_have_enough(browser: Browser, product: Product) -> None:
    made(product, "olga")
    admin = await as_administrator(browser, product)
    olga, refusals = await visitor(browser, product), Refusals()
    await refusals.watch(olga)
    with pocket(product) as app:
        await register(admin, "Pocket", REGISTERED)
        row = admin.get_by_role("list", name="Apps").get_by_role("listitem").filter(has_text="Pocket")
        await expect(row.first).to_contain_text(REGISTERED)
        app.id = await row.locator("code").first.inner_text()
        await asked_and_refused(olga, app)
        tokens = await asked_and_allowed(olga, app)
        assert app.who(tokens).json()["preferred_username"] == "olga"
        await enough(olga, app, tokens)
        assert refusals.seen == []


async def asked_and_refused(olga: Page, app: Pocket) -> None:
    """A guest signs in first, and comes back to the question."""
    await olga.goto(app.door())
    await olga.wait_for_url("**/sign-in?*")
    await olga.get_by_label("Email").fill("olga@example.org")
    await olga.get_by_label("Password", exact=True).fill(PASSWORD)
    await olga.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    await olga.get_by_role("heading", level=1, name="Sign in to Pocket").wait_for()
    for words in ("As Olga.", "know that it is you", "read and change your name and handle", "play music"):
        await expect(olga.get_by_role("main")).to_contain_text(words)
    for theme in THEMES:
        await olga.emulate_media(color_scheme=theme)
        assert await violations(olga) == []
        await shot(olga, f"authorize-{theme}")
    await olga.get_by_role("button", name="Do not allow").click()
    await olga.get_by_text("Back in Pocket").wait_for()
    assert app.heard.get(timeout=60) == {"error": "access_denied", "state": STATE}


async def asked_and_allowed(olga: Page, app: Pocket) -> dict[str, str]:
    await olga.goto(app.door())
    await olga.get_by_role("button", name="Allow", exact=True).click()
    await olga.get_by_text("Back in Pocket").wait_for()
    heard = app.heard.get(timeout=60)
    assert heard["state"] == STATE
    return app.signed_in(heard["code"])


async def enough(olga: Page, app: Pocket, tokens: dict[str, str]) -> None:
    """What the app holds ends with the grant, and it has to ask again."""
    await olga.goto("/settings/security")
    row = olga.get_by_role("list", name="Apps", exact=True).get_by_role("listitem")
    await expect(row).to_contain_text("Pocket")
    await expect(row).to_contain_text("Listen · Profile")
    await row.scroll_into_view_if_needed()
    await shot(olga, "security-apps")
    assert await violations(olga) == []
    await row.get_by_role("button", name="Sign out Pocket").click()
    await olga.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    await olga.get_by_text("Pocket is signed out.").wait_for()
    await expect(row).to_have_count(0)
    assert app.who(tokens).status_code == 401
    assert app.tokens(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status_code == 400
    await olga.goto(app.door())
    await olga.get_by_role("button", name="Allow", exact=True).wait_for()


async def test_an_app_on_a_server_gets_a_secret_once_and_can_be_removed(browser: Browser, product: Product) -> None:
    admin = await as_administrator(browser, product)
    await register(admin, "Radio", "ftp://radio.example", server=True)
    asking = admin.get_by_role("dialog")
    await asking.get_by_text("At most ten").wait_for()
    await asking.get_by_label("Addresses").fill("https://radio.example/back")
    await asking.get_by_role("button", name="Register").click()
    showing = admin.get_by_role("alertdialog", name="The secret of the app")
    secret = await showing.locator("code").inner_text()
    await shot(admin, "admin-apps-secret")
    assert await violations(admin) == []
    await showing.get_by_role("button", name="I have kept it").click()
    await showing.wait_for(state="detached")
    assert secret not in await admin.content()
    row = admin.get_by_role("list", name="Apps").get_by_role("listitem").filter(has_text="Radio")
    client_id = await row.locator("code").first.inner_text()
    form = {"grant_type": "refresh_token", "refresh_token": "none"}
    for known, error in ((secret, "invalid_grant"), ("wrong", "invalid_client")):
        answer = product.http.post("/oauth/token", data=form, auth=(client_id, known))
        assert answer.json()["error"] == error
    await admin.get_by_role("button", name="Remove Radio").press("Enter")
    await admin.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await admin.get_by_text("Radio is removed.").wait_for()
    answer = product.http.post("/oauth/token", data=form, auth=(client_id, secret))
    assert answer.json()["error"] == "invalid_client"
