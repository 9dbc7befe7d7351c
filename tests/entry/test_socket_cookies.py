"""`/ws` with the cookies of a browser: whose page opened it decides whether they count."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from tests.entry.test_realtime import LiveClient, refused_with

SITE = "http://localhost:8420"
ADA = {"email": "ada@example.org", "password": "correct horse", "handle": "ada", "display_name": "Ada"}


class Visitor:
    """A browser with a session in cookies, on pages of whatever site."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self._house, self._http = house, http
        self.csrf = ""

    async def sign_up(self) -> None:
        answer = await self._http.post("/api/v1/auth/register", json=ADA)
        self.csrf = answer.json()["csrf_token"]

    async def open(self, **headers: str) -> LiveClient:
        """A socket from a page; `headers` are those by which the browser tells which page it was."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._http.cookies.jar)
        sent = {"host": "localhost:8420", "cookie": cookies, **{n.replace("_", "-"): v for n, v in headers.items()}}
        lines = [(name.encode(), value.encode()) for name, value in sent.items()]
        return await LiveClient(create_app(self._house), lines).open()


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[Visitor]:
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
    page = {"Antiphon-Session": "cookie", "Origin": SITE}
    async with (
        house.listening(),
        httpx.AsyncClient(transport=transport, base_url="https://localhost:8420", headers=page) as http,
    ):
        made = Visitor(house, http)
        await made.sign_up()
        yield made


async def test_a_page_of_ours_shows_the_token_and_is_let_in(visitor: Visitor) -> None:
    client = await visitor.open(origin=SITE, sec_fetch_site="same-origin")
    assert (await client.ask({"type": "auth", "csrf": visitor.csrf}))["type"] == "ready"
    await client.hang_up()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": SITE, "sec_fetch_site": "cross-site"},
        {"origin": SITE, "sec_fetch_site": "same-site"},
    ],
)
async def test_a_page_of_another_site_is_nobody_even_with_the_token(visitor: Visitor, headers: dict[str, str]) -> None:
    client = await visitor.open(**headers)
    client.say({"type": "auth", "csrf": visitor.csrf})
    assert await refused_with(client) == 4401


@pytest.mark.parametrize("message", [{}, {"csrf": ""}, {"csrf": "x" * 22}])
async def test_a_cookie_alone_is_nobody(visitor: Visitor, message: dict[str, str]) -> None:
    client = await visitor.open(origin=SITE, sec_fetch_site="same-origin")
    client.say({"type": "auth", **message})
    assert await refused_with(client) == 4401
