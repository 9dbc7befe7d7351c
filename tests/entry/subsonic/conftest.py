"""An app in somebody's hands: it asks as apps do, by an app password."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from antiphon.entry.bootstrap import House
from tests.entry.subsonic.music import Library, make_library
from tests.entry.subsonic.schema import conforms
from tests.support.people import Maker, Person

Json = dict[str, Any]


@dataclass
class App:
    """`ask` answers what is inside the envelope; it fails where the call failed."""

    http: httpx.AsyncClient
    person: Person
    password: str

    @property
    def credentials(self) -> dict[str, str]:
        token = hashlib.md5(f"{self.password}pepper".encode()).hexdigest()
        return {"u": self.person.handle, "t": token, "s": "pepper", "v": "1.16.1", "c": "test"}

    async def get(self, method: str, params: Mapping[str, Any] | None = None, **given: Any) -> httpx.Response:
        asked = self.credentials | {"f": "json"} | dict(params or {}) | given
        return await self.http.get(f"/rest/{method}", params=asked)

    async def ask(self, method: str, **given: Any) -> Json:
        answer = inside(await self.get(method, **given))
        assert answer["status"] == "ok", answer
        return answer

    async def whole(self, method: str, **given: Any) -> Json:
        """As `ask`, after the document of OpenSubsonic has agreed to the answer."""
        answer = await self.get(method, **given)
        assert inside(answer)["status"] == "ok", answer.text
        conforms(method, answer.json())
        return inside(answer)

    async def fail(self, method: str, **given: Any) -> int:
        """The code of the failure."""
        return failed(await self.get(method, **given))


def inside(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    envelope: Json = answer.json()["subsonic-response"]
    assert (envelope["version"], envelope["type"], envelope["openSubsonic"]) == ("1.16.1", "antiphon", True)
    assert envelope["serverVersion"]
    return envelope


def failed(answer: httpx.Response) -> int:
    envelope = inside(answer)
    assert envelope["status"] == "failed", envelope
    assert envelope["error"]["message"]
    return int(envelope["error"]["code"])


async def app_of(person: Person) -> App:
    made = await person.post("/users/me/app-passwords", json={"name": "Player"})
    assert made.status_code == 201, made.text
    return App(person.http, person, made.json()["password"])


@pytest.fixture
async def app(make: Maker) -> App:
    return await app_of(await make.person())


@pytest.fixture
async def music(house: House, settle: Callable[[], Awaitable[None]]) -> Library:
    """Found by search too."""
    made = await make_library(house)
    await settle()
    return made
