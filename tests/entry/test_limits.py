"""What the API says and does about limits, with the numbers that people get."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler

from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.domains.identity.api import PasswordHasher
from antiphon.entry.bootstrap import House, build
from antiphon.entry.http import health
from antiphon.entry.http.app import create_api, create_app
from antiphon.kit.access import PUBLIC, wanted_by
from antiphon.kit.cost import CLASSES, class_of
from antiphon.kit.limits import Backoff, LimitsDown, Take, Verdict
from antiphon.kit.metrics import REQUESTS_REFUSED, REQUESTS_UNCOUNTED
from antiphon.kit.settings import Settings, SettingsError
from tests.conftest import CHEAP
from tests.support.clock import FrozenClock
from tests.support.people import Maker

GENRES = "/api/v1/genres"
LOGIN = "/api/v1/auth/login"
READ = next(cost for cost in CLASSES if cost.name == "read")
SIGN_IN = next(cost for cost in CLASSES if cost.name == "sign_in")
FIELD = re.compile(r'"(?P<name>[a-z_-]+)";r=(?P<left>\d+);t=(?P<seconds>\d+)')


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", demo=False)


def state(response: httpx.Response) -> tuple[str, int, int]:
    match = FIELD.fullmatch(response.headers["RateLimit"])
    assert match is not None, response.headers["RateLimit"]
    return match["name"], int(match["left"]), int(match["seconds"])


async def ask(http: httpx.AsyncClient, address: str, path: str = GENRES, **more: Any) -> httpx.Response:
    """As if the connection came from there."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    transport.client = (address, 4711)
    return await http.request(more.pop("method", "GET"), path, **more)


async def wrong_password(http: httpx.AsyncClient, address: str, email: str = "ada@example.org", **more: Any) -> int:
    """The status, after at most one try."""
    body = {"email": email, "password": "guessed"}
    return (await ask(http, address, LOGIN, method="POST", json=body, **more)).status_code


async def test_every_answer_tells_the_limits(http: httpx.AsyncClient, make: Maker) -> None:
    found = await ask(http, "198.51.100.1")
    assert found.headers["RateLimit-Policy"] == '"read";q=1200;w=60, "read-network";q=6000;w=60'
    assert state(found)[:2] == ("read", 1199)
    assert 60 <= state(found)[2] <= 61
    missing = await ask(http, "198.51.100.1", "/api/v1/tracks/trk_nothing")
    assert missing.status_code == 404
    assert state(missing)[1] == 1198
    unauthenticated = await ask(http, "198.51.100.1", "/api/v1/users/me")
    assert unauthenticated.status_code == 401
    assert state(unauthenticated)[1] == 1197
    invalid = await ask(http, "198.51.100.1", "/api/v1/users/me", headers={"Authorization": "Bearer nothing"})
    assert invalid.status_code == 401
    assert state(invalid)[1] == 1196


async def test_over_the_limit(http: httpx.AsyncClient, clock: FrozenClock) -> None:
    refused_before = REQUESTS_REFUSED.labels("sign_in")._value.get()
    for number in range(SIGN_IN.limit):
        assert await wrong_password(http, "198.51.100.1", f"nobody{number}@example.org") == 401
    refused = await ask(http, "198.51.100.1", LOGIN, method="POST", json={"email": "a@b.org", "password": "x"})
    assert refused.status_code == 429
    problem = refused.json()
    wait = int(refused.headers["Retry-After"])
    assert (problem["code"], problem["policy"], problem["retry_after_s"]) == ("too_many_requests", "sign_in", wait)
    assert state(refused) == ("sign_in", 0, wait)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert REQUESTS_REFUSED.labels("sign_in")._value.get() == refused_before + 1
    assert (await ask(http, "198.51.100.1")).status_code == 200, "other classes go on"
    assert await wrong_password(http, "198.51.100.2", "nobody@example.org") == 401, "and so do others"
    clock.move(timedelta(seconds=wait))
    assert await wrong_password(http, "198.51.100.1", "nobody@example.org") == 401


async def test_people_have_their_own_and_share_their_networks(http: httpx.AsyncClient, make: Maker) -> None:
    ada, grace = await make.person(), await make.person()
    assert state(await ada.get("/users/me"))[:2] == ("read", 1199)
    assert state(await ada.get("/users/me"))[1] == state(await grace.get("/users/me"))[1] - 1
    await ask(http, "198.51.100.9")
    assert state(await ada.get("/users/me"))[1] == 1197, "the same person elsewhere"


async def test_a_network_has_a_limit_of_its_own(settings: Settings, database_url: str, clock: FrozenClock) -> None:
    async with served(msgspec.structs.replace(settings, limit_rates="read=2/60"), database_url, clock) as http:
        make = Maker(http, settle=_nothing)
        people = [await make.person() for _ in range(6)]
        answers = [await person.get("/users/me") for person in people for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
        assert answers[-1].json()["policy"] == "read-network"
        assert state(answers[-1])[:2] == ("read-network", 0)


async def test_ipv6_guests_are_their_64(http: httpx.AsyncClient) -> None:
    assert state(await ask(http, "2001:db8:1:2::1"))[1] == 1199
    assert state(await ask(http, "2001:db8:1:2:ffff::2"))[1] == 1198
    assert state(await ask(http, "2001:db8:1:3::1"))[1] == 1199


async def test_nobody_gets_a_new_limit_by_claiming_another_address(http: httpx.AsyncClient) -> None:
    for number in range(3):
        claims = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        assert state(await ask(http, "127.0.0.1", headers=claims))[1] == 1199 - number


async def test_behind_a_trusted_proxy(settings: Settings, database_url: str, clock: FrozenClock) -> None:
    async with served(msgspec.structs.replace(settings, trusted_proxies="127.0.0.1"), database_url, clock) as http:
        for number in range(3):
            found = await ask(http, "127.0.0.1", headers={"X-Forwarded-For": f"1.1.1.{number}, 203.0.113.7"})
            assert state(found)[1] == 1199 - number
        assert state(await ask(http, "127.0.0.1", headers={"X-Forwarded-For": "203.0.113.8"}))[1] == 1199
        assert state(await ask(http, "203.0.113.7", headers={"X-Forwarded-For": "203.0.113.9"}))[1] == 1196


async def test_sessions_remember_the_address_behind_the_proxy(
    settings: Settings, database_url: str, clock: FrozenClock
) -> None:
    async with served(msgspec.structs.replace(settings, trusted_proxies="127.0.0.1"), database_url, clock) as http:
        http.headers["X-Forwarded-For"] = "203.0.113.7"
        ada = await Maker(http, settle=_nothing).person()
        sessions = (await ada.get("/users/me/sessions")).json()
        assert "203.0.113.7" in str(sessions)


async def test_guessing_is_slowed_down_for_the_guesser_alone(
    http: httpx.AsyncClient, make: Maker, clock: FrozenClock
) -> None:
    ada = await make.person()
    for email in (ada.email, "nobody@example.org"):
        assert [await wrong_password(http, "198.51.100.1", email) for _ in range(6)] == [401] * 5 + [429]
        refused = await ask(http, "198.51.100.2", LOGIN, method="POST", json={"email": email, "password": "guessed"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        assert refused.headers["Retry-After"] == "1"
    right = {"email": ada.email, "password": ada.password}
    assert (await ask(http, "198.51.100.1", LOGIN, method="POST", json=right)).status_code == 429
    assert (await ask(http, "203.0.113.1", LOGIN, method="POST", json=right)).status_code == 200
    clock.move(timedelta(seconds=1))
    assert (await ask(http, "198.51.100.1", LOGIN, method="POST", json=right)).status_code == 200
    assert [await wrong_password(http, "198.51.100.1", ada.email) for _ in range(6)] == [401] * 5 + [429]


async def test_a_device_where_one_signed_in_before_is_not_delayed(http: httpx.AsyncClient, make: Maker) -> None:
    ada = await make.person()
    right = {"email": ada.email, "password": ada.password}
    known, unknown = {"Antiphon-Device": "a" * 40}, {"Antiphon-Device": "b" * 40}
    assert (await ask(http, "203.0.113.1", LOGIN, method="POST", json=right, headers=known)).status_code == 200
    assert [await wrong_password(http, "198.51.100.1", ada.email) for _ in range(6)] == [401] * 5 + [429]
    for headers, status in ((unknown, 429), (known, 200)):
        found = await ask(http, "198.51.100.1", LOGIN, method="POST", json=right, headers=headers)
        assert found.status_code == status


class Away(MemoryLimits):
    async def check(self) -> None:
        raise LimitsDown("away")

    async def take(self, *wanted: Take) -> list[Verdict]:
        raise LimitsDown("away")

    async def attempt(self, backoff: Backoff, key: str) -> float:
        raise LimitsDown("away")


async def test_while_nobody_counts(
    settings: Settings, database_url: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ANSWERS_WITHIN_S", 60.0)  # a database that is there may be slow
    uncounted = REQUESTS_UNCOUNTED.labels("read")
    before = uncounted._value.get()
    async with served(settings, database_url, clock, limits=Away(clock)) as http:
        found = await ask(http, "198.51.100.1")
        assert found.status_code == 200
        assert "RateLimit" not in found.headers
        assert uncounted._value.get() == before + 1
        for path in ("login", "register", "password/forgot"):
            refused = await ask(http, "198.51.100.1", f"/api/v1/auth/{path}", method="POST", json={})
            assert (refused.status_code, refused.json()["code"]) == (503, "limits_unavailable")
            assert refused.headers["Retry-After"] == "5"
        ready = await http.get("/health/ready")
        assert ready.status_code == 200, "the rest goes on"
        states = {part["name"]: (part["state"], part["needed"]) for part in ready.json()["dependencies"]}
        assert states == {"database": ("ok", True), "objects": ("ok", True), "limits": ("unavailable", False)}


async def test_switched_off(settings: Settings, database_url: str, clock: FrozenClock) -> None:
    async with served(msgspec.structs.replace(settings, limits="off"), database_url, clock) as http:
        assert "RateLimit" not in (await ask(http, "198.51.100.1")).headers
        assert [await wrong_password(http, "198.51.100.1") for _ in range(SIGN_IN.limit + 1)] == [401] * 61
    assert not (settings.home / "run").exists()


@pytest.mark.parametrize(
    "given", [{"trusted_proxies": "example.org"}, {"limit_rates": "read=1"}, {"limits_url": "http://example.org"}]
)
def test_settings_that_cannot_be_stop_the_start(settings: Settings, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"ANTIPHON_{next(iter(given)).upper()}"):
        build(msgspec.structs.replace(settings, **given), "postgresql://nobody@127.0.0.1/nothing")


def test_whatever_changes_something_for_strangers_is_strict_or_said_to_be_harmless() -> None:
    strict = {cost.name for cost in CLASSES if cost.strict}
    lenient = set()
    for route in create_api().routes:
        for handler in getattr(route, "route_handlers", ()):
            assert isinstance(handler, HTTPRouteHandler)
            for method in handler.http_methods - {"GET", "HEAD", "OPTIONS"}:
                if wanted_by(handler.opt) == PUBLIC and class_of(handler.opt, method) not in strict:
                    lenient.add(f"{method} {route.path_format}")
    assert lenient == {
        "POST /api/v1/auth/refresh",  # what it takes cannot be guessed
        "POST /api/v1/auth/logout",
        "POST /api/v1/stream/play",
        "PUT /api/v1/stream/progress",
    }


@asynccontextmanager
async def served(
    settings: Settings, database_url: str, clock: FrozenClock, limits: MemoryLimits | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """The application with other settings than the fixture's."""
    made: House = build(
        settings, database_url, clock=clock, passwords=PasswordHasher(CHEAP), limits=limits, pool_size=3
    )
    await made.start()
    transport = httpx.ASGITransport(app=create_app(made), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
        yield http
    await made.close()


async def _nothing() -> None:
    return None
