"""Going to a provider and coming back, as a browser does it, and what is there afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from antiphon.entry.bootstrap import House
from tests.support.answers import rows
from tests.support.provider import StubProvider
from tests.support.tab import Tab

__all__ = [
    "ADA",
    "CALLBACK",
    "PASSWORD",
    "START",
    "back",
    "gone",
    "linked_in",
    "linked_rows",
    "opened",
    "people",
    "place",
    "problem_of",
    "registered",
    "there_and_back",
    "whoami",
]

START = "/api/v1/auth/oidc/house/start"
CALLBACK = "/api/v1/auth/oidc/house/callback"
ADA = {"sub": "ada-at-home", "email": "Ada@example.org", "email_verified": True, "name": "Ada Lovelace"}
PASSWORD = "correct horse battery"


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[Tab]:
    """One more browser."""
    tab = Tab(house)
    yield tab
    await tab.close()


def place(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.headers["location"])


async def gone(tab: Tab, provider: str = "house", **query: str) -> str:
    """The provider's page that the tab is sent to."""
    return place(await tab.visit(f"/api/v1/auth/oidc/{provider}/start?{urlencode(query)}"))


async def back(tab: Tab, answer: dict[str, str], provider: str = "house") -> httpx.Response:
    return await tab.visit(f"/api/v1/auth/oidc/{provider}/callback?{urlencode(answer)}", sent_by_another_site=True)


async def there_and_back(tab: Tab, stub: StubProvider, provider: str = "house", **query: str) -> httpx.Response:
    return await back(tab, stub.approve(await gone(tab, provider, **query)), provider)


async def whoami(tab: Tab) -> dict[str, Any]:
    answer = await tab.call("GET", "/auth/session")
    assert answer.status_code == 200, answer.text
    user: dict[str, Any] = answer.json()["user"]
    return user


async def registered(tab: Tab, email: str = "ada@example.org", handle: str = "ada") -> dict[str, Any]:
    form = {"email": email, "password": PASSWORD, "handle": handle, "display_name": "Ada"}
    answer = await tab.call("POST", "/auth/register", json=form)
    assert answer.status_code == 201, answer.text
    user: dict[str, Any] = answer.json()["user"]
    return user


async def linked_rows(house: House) -> list[Any]:
    return await rows(
        house.db, "SELECT provider, subject, user_id, email, sealed_token FROM identity.linked_identities"
    )


async def people(house: House) -> int:
    return int((await rows(house.db, "SELECT count(*) FROM identity.users"))[0][0])


def problem_of(location: str) -> str:
    return dict(parse_qsl(urlsplit(location).query))["problem"]


async def linked_in(tab: Tab, stub: StubProvider, **more: str) -> httpx.Response:
    asked = await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house", **more})
    assert asked.status_code == 200, asked.text
    return await back(tab, stub.approve(asked.json()["location"]))
