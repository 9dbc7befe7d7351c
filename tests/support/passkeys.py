"""What people do with a passkey, through the front door."""

from __future__ import annotations

from typing import Any

import httpx

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import rows
from tests.support.authenticator import Authenticator
from tests.support.people import Person

__all__ = ["add", "begin", "enter", "letters", "log"]

Json = dict[str, Any]


async def begin(http: httpx.AsyncClient, purpose: str, **more: Any) -> Json:
    headers = more.pop("headers", {})
    answer = await http.post("/api/v1/auth/passkeys/options", json={"purpose": purpose, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


async def add(person: Person, device: Authenticator, name: str = "") -> Json:
    options = await begin(person.http, "register", headers=person.headers)
    made = await person.post("/auth/passkeys/register", json={"credential": device.create(options), "name": name})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def enter(http: httpx.AsyncClient, device: Authenticator, **changes: Any) -> httpx.Response:
    options = await begin(http, "login")
    credential = device.get(options, **changes)
    return await http.post("/api/v1/auth/passkeys/login", json={"credential": credential})


async def log(house: House, person: Person) -> list[str]:
    statement = "SELECT action FROM identity.audit_log WHERE subject_id = :id ORDER BY id"
    found = await rows(house.db, statement, id=parse(Kind.USER, person.id))
    return [action for (action,) in found]


async def letters(house: House, person: Person) -> list[str]:
    statement = (
        "SELECT data->>'change' FROM identity.letters WHERE user_id = :id AND purpose = 'factor_changed' ORDER BY id"
    )
    found = await rows(house.db, statement, id=parse(Kind.USER, person.id))
    return [change for (change,) in found]
