"""A factor is taken away by whoever shows another one; a passkey will do as well as a code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.answers import refused
from tests.support.authenticator import Authenticator
from tests.support.clock import FrozenClock
from tests.support.factors import App, enrol, password_step
from tests.support.people import Maker, Person, good


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


async def options(person: Person, purpose: str) -> dict[str, Any]:
    return good(await person.post("/auth/passkeys/options", json={"purpose": purpose}))


async def add_passkey(person: Person) -> Authenticator:
    device = Authenticator()
    credential = device.create(await options(person, "register"))
    good(await person.post("/auth/passkeys/register", json={"credential": credential, "name": "Key"}))
    return device


@pytest.fixture
async def app(ada: Person, clock: FrozenClock) -> App:
    made = await enrol(ada, clock)
    clock.move(timedelta(minutes=1))
    return made


async def test_a_passkey_takes_an_app_away(ada: Person, app: App) -> None:
    device = await add_passkey(ada)
    body = {"method": "passkey", "credential": device.get(await options(ada, "step_up"))}
    assert (await ada.post("/auth/mfa/totp/disable", json=body)).status_code == 204
    assert (await password_step(ada.http, ada)).status_code == 200
    assert good(await ada.get("/users/me/factors"))["recovery_codes_left"] == 0


async def test_a_passkey_that_proves_nothing_takes_nothing_away(ada: Person, app: App, make: Maker) -> None:
    device = await add_passkey(ada)
    stranger = await make.person()
    theirs = await add_passkey(stranger)
    shown = [
        device.get(await options(ada, "login")),  # begun for something else
        theirs.get(await options(stranger, "step_up")),
        device.get(await options(ada, "step_up"), verified=False),
    ]
    for credential in shown:
        body = {"method": "passkey", "credential": credential}
        assert refused(await ada.post("/auth/mfa/totp/disable", json=body)) == (401, "passkey_refused")
    assert refused(await ada.post("/auth/mfa/totp/disable", json={"method": "passkey"})) == (422, "invalid_input")
    assert "totp" in good(await ada.get("/users/me/factors"))["methods"]
