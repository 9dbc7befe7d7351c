"""A browser's session: cookies that no script reads, and requests that no other site can forge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.identity.cookies import cookie_names
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from tests.support.answers import refused, rows, unchanged
from tests.support.clock import FrozenClock

ADA = {"email": "ada@example.org", "password": "correct horse", "handle": "ada", "display_name": "Ada"}
COOKIE = {"Antiphon-Session": "cookie", "Origin": "http://localhost:8420", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Keeps cookies, and says on every request that a page of ours sends it."""
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with (
        house.listening(),
        httpx.AsyncClient(transport=transport, base_url="https://localhost:8420", headers=COOKIE) as client,
    ):
        yield client


async def sign_up(browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.post("/api/v1/auth/register", json=ADA)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def named(answer: httpx.Response) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


async def test_tokens_come_as_cookies_that_no_script_reads(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/v1/auth/register", json=ADA)
    assert answer.json()["tokens"] is None
    assert answer.json()["csrf_token"]
    cookies = named(answer)
    assert set(cookies) == {"__Host-antiphon_access", "__Secure-antiphon_refresh", "__Host-antiphon_device"}
    for line in cookies.values():
        assert "HttpOnly" in line
        assert "Secure" in line
        assert "SameSite=strict" in line
    assert "Path=/api/v1/auth" in cookies["__Secure-antiphon_refresh"]
    assert "Max-Age=900" in cookies["__Host-antiphon_access"]


async def test_a_page_reached_by_plain_http_over_a_network_gets_cookies_it_can_keep(house: House) -> None:
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
    page = {"Antiphon-Session": "cookie", "Origin": "http://192.168.1.7:8420"}
    async with httpx.AsyncClient(transport=transport, base_url="http://192.168.1.7:8420", headers=page) as client:
        answer = await client.post("/api/v1/auth/register", json=ADA)
        assert set(named(answer)) == {"antiphon_access", "antiphon_refresh", "antiphon_device"}
        assert not any("Secure" in line for line in named(answer).values())
        assert (await client.get("/api/v1/users/me")).json()["handle"] == "ada"


async def test_reading_needs_the_cookie_alone_and_changing_something_the_token_too(
    browser: httpx.AsyncClient, house: House
) -> None:
    made = await sign_up(browser)
    assert (await browser.get("/api/v1/users/me")).json()["handle"] == "ada"
    session = (await browser.get("/api/v1/auth/session")).json()
    assert session["csrf_token"] == made["csrf_token"]
    assert session["user"]["email"] == "ada@example.org"
    change = {"display_name": "Countess"}
    async with unchanged(house.db):
        for headers in (
            {},
            {"X-CSRF-Token": "x" * 22},
            {"X-CSRF-Token": made["csrf_token"], "Origin": "https://evil.example"},
            {"X-CSRF-Token": made["csrf_token"], "Origin": "null"},
            {"X-CSRF-Token": made["csrf_token"], "Sec-Fetch-Site": "cross-site"},
            {"X-CSRF-Token": made["csrf_token"], "Sec-Fetch-Site": "same-site"},
        ):
            answer = await browser.put("/api/v1/users/me", json=change, headers=headers)
            assert refused(answer) == (403, "csrf_refused"), headers
    assert (await browser.get("/api/v1/users/me")).json()["display_name"] == "Ada"
    good = await browser.put("/api/v1/users/me", json=change, headers={"X-CSRF-Token": made["csrf_token"]})
    assert good.json()["display_name"] == "Countess"


async def test_another_sites_page_cannot_sign_its_visitor_in(browser: httpx.AsyncClient, house: House) -> None:
    await sign_up(browser)
    browser.cookies.clear()
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    credentials = {"email": ADA["email"], "password": ADA["password"]}
    answer = await browser.post("/api/v1/auth/login", json=credentials, headers=foreign)
    assert refused(answer) == (403, "csrf_refused")
    assert named(answer) == {}


async def test_a_cookie_of_one_session_does_not_go_with_the_csrf_token_of_another(browser: httpx.AsyncClient) -> None:
    first = await sign_up(browser)
    credentials = {"email": ADA["email"], "password": ADA["password"]}
    second = (await browser.post("/api/v1/auth/login", json=credentials)).json()
    assert second["csrf_token"] != first["csrf_token"]
    stale = {"X-CSRF-Token": first["csrf_token"]}
    answer = await browser.put("/api/v1/users/me", json={"display_name": "X"}, headers=stale)
    assert refused(answer) == (403, "csrf_refused")


async def test_the_session_is_renewed_and_ended_by_cookie(browser: httpx.AsyncClient, clock: FrozenClock) -> None:
    made = await sign_up(browser)
    clock.move(timedelta(minutes=16))
    assert refused(await browser.get("/api/v1/users/me")) == (401, "unauthenticated")
    renewed = await browser.post("/api/v1/auth/refresh")
    assert renewed.status_code == 200, renewed.text
    assert renewed.json() == {"tokens": None, "csrf_token": made["csrf_token"], "expires_in": 900}
    assert (await browser.get("/api/v1/users/me")).status_code == 200
    ended = await browser.post("/api/v1/auth/logout")
    assert ended.status_code == 204
    assert all("Max-Age=0" in line for line in named(ended).values())
    assert set(named(ended)) == {"__Host-antiphon_access", "__Secure-antiphon_refresh"}
    assert refused(await browser.post("/api/v1/auth/refresh")) == (401, "invalid_refresh_token")


async def test_tokens_of_an_earlier_client_move_into_cookies(browser: httpx.AsyncClient) -> None:
    made = (await browser.post("/api/v1/auth/register", json=ADA, headers={"Antiphon-Session": ""})).json()
    moved = await browser.post("/api/v1/auth/refresh", json={"refresh_token": made["tokens"]["refresh_token"]})
    assert moved.json()["tokens"] is None
    assert "__Secure-antiphon_refresh" in named(moved)
    assert (await browser.get("/api/v1/users/me")).json()["handle"] == "ada"


async def test_two_tabs_that_renew_at_once_get_the_same_session(browser: httpx.AsyncClient, clock: FrozenClock) -> None:
    await sign_up(browser)
    old = browser.cookies.get("__Secure-antiphon_refresh")
    device = browser.cookies.get("__Host-antiphon_device")

    async def renew(token: str | None) -> httpx.Response:
        browser.cookies.clear()
        jar = f"__Secure-antiphon_refresh={token}; __Host-antiphon_device={device}"
        return await browser.post("/api/v1/auth/refresh", headers={"Cookie": jar})

    def token_of(answer: httpx.Response) -> str:
        return named(answer)["__Secure-antiphon_refresh"].partition("=")[2].partition(";")[0]

    first = token_of(await renew(old))
    clock.move(timedelta(seconds=10))
    second = token_of(await renew(old))
    assert first == second != old
    clock.move(timedelta(seconds=1))
    assert refused(await renew(old)) == (401, "invalid_refresh_token")
    assert refused(await renew(first)) == (401, "invalid_refresh_token")


async def test_a_refresh_token_works_on_its_own_device_only(browser: httpx.AsyncClient, house: House) -> None:
    await sign_up(browser)
    stolen = browser.cookies.get("__Secure-antiphon_refresh")
    browser.cookies.clear()
    answer = await browser.post("/api/v1/auth/refresh", headers={"Cookie": f"__Secure-antiphon_refresh={stolen}"})
    assert refused(answer) == (401, "invalid_refresh_token")
    assert [row.revoked_for for row in await rows(house.db, "SELECT revoked_for FROM identity.sessions")] == [
        "other_device"
    ]
    assert await rows(house.db, "SELECT 1 FROM identity.letters WHERE purpose = 'refresh_reused'")


async def test_a_device_that_was_never_there_is_told_of(browser: httpx.AsyncClient, house: House) -> None:
    await sign_up(browser)
    known = browser.cookies["__Host-antiphon_device"]
    credentials = {"email": ADA["email"], "password": ADA["password"]}

    async def letters_after_sign_in(device: str | None) -> int:
        browser.cookies.clear()
        if device is not None:
            browser.cookies.set("__Host-antiphon_device", device)
        assert (await browser.post("/api/v1/auth/login", json=credentials)).status_code == 200
        return len(await rows(house.db, "SELECT 1 FROM identity.letters WHERE purpose = 'new_device'"))

    assert await letters_after_sign_in(known) == 0
    assert await letters_after_sign_in(None) == 1
    assert await letters_after_sign_in(known) == 1


@pytest.mark.parametrize("body", [None, b"", b"null", b"{}", b'{"refresh_token": null}'])
@pytest.mark.parametrize("kind", [None, "application/json"])
async def test_a_body_may_be_missing_and_the_cookie_counts(
    browser: httpx.AsyncClient, body: bytes | None, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert refused(await browser.post("/api/v1/auth/refresh", content=body, headers=headers))[0] == 401
    assert (await browser.post("/api/v1/auth/logout", content=body, headers=headers)).status_code == 204
    await sign_up(browser)
    renewed = await browser.post("/api/v1/auth/refresh", content=body, headers=headers)
    assert renewed.status_code == 200, renewed.text
    assert renewed.json()["csrf_token"]
    assert (await browser.post("/api/v1/auth/logout", content=body, headers=headers)).status_code == 204
    assert refused(await browser.get("/api/v1/auth/session"))[0] == 401


async def test_an_answer_with_data_loads_runs_and_frames_nothing(browser: httpx.AsyncClient) -> None:
    await sign_up(browser)
    for path, status in (("users/me", 200), ("content/trk_none", 404), ("nowhere", 404), ("auth/methods", 200)):
        answer = await browser.get(f"/api/v1/{path}")
        assert answer.status_code == status, path
        policy = answer.headers.get_list("content-security-policy")
        assert policy == ["default-src 'none'; frame-ancestors 'none'"], path
    refusal = await browser.post("/api/v1/auth/login", json={})
    assert refusal.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    page = await browser.get("/api/v1/docs")
    assert "default-src 'none'" not in page.headers.get("content-security-policy", "")


WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
SAFARI = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("site", "agent", "secure"),
    [
        ("http://localhost:8420", SAFARI, False),
        ("http://localhost:8420", CHROME, True),
        ("http://localhost:8420", "", True),
        ("https://music.example", SAFARI, True),
        ("http://music.example", CHROME, False),
    ],
)
def test_a_browser_gets_the_cookies_that_it_keeps(site: str, agent: str, secure: bool) -> None:
    names = cookie_names(site, site.partition("//")[2], agent)
    assert (names.secure, names.access.startswith("__Host-")) == (secure, secure)


async def test_safari_signs_in_on_the_machine_itself(house: House) -> None:
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
    headers = COOKIE | {"User-Agent": SAFARI}
    site = "http://localhost:8420"
    async with house.listening(), httpx.AsyncClient(transport=transport, base_url=site, headers=headers) as safari:
        made = await safari.post("/api/v1/auth/register", json=ADA)
        assert made.status_code == 201
        assert all("secure" not in line.lower() for line in made.headers.get_list("set-cookie"))
        assert (await safari.get("/api/v1/auth/session")).json()["user"]["handle"] == "ada"
        assert (await safari.post("/api/v1/auth/refresh")).status_code == 200
