"""Passkeys as the second factor, and to prove oneself again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.entry.bootstrap import House
from tests.support.answers import refused
from tests.support.authenticator import Authenticator, b64
from tests.support.clock import FrozenClock
from tests.support.passkeys import add, begin, enter, log
from tests.support.people import Maker, Person


async def ticket_of(person: Person) -> tuple[str, list[str]]:
    """What the password alone earns."""
    body = {"email": person.email, "password": person.password}
    answer = await person.http.post("/api/v1/auth/login", json=body)
    assert refused(answer) == (401, "second_factor_needed")
    return answer.json()["ticket"], answer.json()["methods"]


async def guarded(make: Maker, device: Authenticator) -> Person:
    person = await make.person()
    await add(person, device)
    answer = await person.put("/users/me/passkeys", json={"second_factor": True})
    assert (answer.status_code, answer.json()["second_factor"]) == (200, True)
    return person


async def second(http: httpx.AsyncClient, ticket: str, device: Authenticator, **changes: Any) -> httpx.Response:
    options = await begin(http, "second_factor", ticket=ticket)
    body = {"ticket": ticket, "method": "passkey", "credential": device.get(options, **changes)}
    return await http.post("/api/v1/auth/mfa/verify", json=body)


async def test_having_a_passkey_alone_does_not_change_what_the_password_does(
    make: Maker, http: httpx.AsyncClient
) -> None:
    ada = await make.person()
    await add(ada, Authenticator())
    answer = await http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})
    assert answer.status_code == 200


@pytest.mark.parametrize("verifies", [True, False])
async def test_as_the_second_factor_presence_is_enough(
    make: Maker, http: httpx.AsyncClient, house: House, verifies: bool
) -> None:
    device = Authenticator(verifies=verifies, discoverable=False)
    ada = await guarded(make, device)
    ticket, methods = await ticket_of(ada)
    assert methods == ["passkey"]
    options = await begin(http, "second_factor", ticket=ticket)
    assert [one["id"] for one in options["allowCredentials"]] == [b64(device.keys[0].id)]
    assert options["userVerification"] == "preferred"
    answer = await second(http, ticket, device)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["id"] == ada.id
    assert {"passkey.asked", "second_factor.passed"} <= set(await log(house, ada))
    assert refused(
        await http.post("/api/v1/auth/passkeys/options", json={"purpose": "second_factor", "ticket": ticket})
    ) == (
        410,
        "ticket_over",
    )


async def test_a_passkey_alone_needs_no_second_factor_but_without_a_look_it_is_none_alone(
    make: Maker, http: httpx.AsyncClient
) -> None:
    device = Authenticator()
    await guarded(make, device)
    assert (await enter(http, device)).status_code == 200
    assert refused(await enter(http, device, verified=False)) == (401, "passkey_refused")


async def test_the_second_factor_of_somebody_else_is_none(make: Maker, http: httpx.AsyncClient) -> None:
    hers, his = Authenticator(), Authenticator()
    ada, eve = await guarded(make, hers), await guarded(make, his)
    ticket, _ = await ticket_of(ada)
    assert refused(await second(http, ticket, his, key=his.keys[0])) == (401, "passkey_refused")
    other, _ = await ticket_of(eve)
    options = await begin(http, "second_factor", ticket=other)
    body = {"ticket": ticket, "method": "passkey", "credential": his.get(options)}
    assert refused(await http.post("/api/v1/auth/mfa/verify", json=body)) == (401, "passkey_refused")
    login = await begin(http, "login")
    body = {"ticket": ticket, "method": "passkey", "credential": hers.get(login)}
    assert refused(await http.post("/api/v1/auth/mfa/verify", json=body)) == (401, "passkey_refused")
    assert (await second(http, ticket, hers)).status_code == 200


async def test_a_ticket_takes_five_tries_with_a_passkey_too(make: Maker, http: httpx.AsyncClient) -> None:
    device = Authenticator()
    ada = await guarded(make, device)
    ticket, _ = await ticket_of(ada)
    for _ in range(5):
        answer = await second(http, ticket, device, signature=b"x" * 70)
        assert refused(answer) == (401, "passkey_refused")
    assert refused(await second(http, ticket, device)) == (410, "ticket_over")


async def test_what_is_no_ticket_begins_no_ceremony(make: Maker, http: httpx.AsyncClient) -> None:
    for body in ({"purpose": "second_factor", "ticket": "nonsense"}, {"purpose": "second_factor"}):
        answer = await http.post("/api/v1/auth/passkeys/options", json=body)
        assert refused(answer) == (410, "ticket_over")
    body = {"ticket": "nonsense", "method": "passkey"}
    assert refused(await http.post("/api/v1/auth/mfa/verify", json=body)) == (422, "invalid_input")


async def test_with_the_last_passkey_goes_the_question_for_one(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await guarded(make, Authenticator())
    [listed] = (await ada.get("/users/me/passkeys")).json()["items"]
    assert (await ada.delete(f"/users/me/passkeys/{listed['id']}")).status_code == 204
    answer = await http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})
    assert answer.status_code == 200
    assert (await ada.get("/users/me/passkeys")).json()["second_factor"] is False
    assert refused(await ada.put("/users/me/passkeys", json={"second_factor": True})) == (404, "not_found")
    await add(ada, Authenticator())
    assert (await ada.get("/users/me/passkeys")).json()["second_factor"] is False


async def test_proving_again_with_a_passkey(make: Maker, clock: FrozenClock, house: House) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    clock.move(timedelta(minutes=11))
    stale = await ada.post("/auth/passkeys/options", json={"purpose": "register"})
    assert refused(stale) == (403, "step_up_needed")
    assert "passkey" in stale.json()["methods"]
    unseen = await begin(ada.http, "step_up", headers=ada.headers)
    assert unseen["userVerification"] == "required"
    body = {"method": "passkey", "credential": device.get(unseen, verified=False)}
    assert refused(await ada.post("/auth/step-up", json=body)) == (401, "passkey_refused")
    options = await begin(ada.http, "step_up", headers=ada.headers)
    done = await ada.post("/auth/step-up", json={"method": "passkey", "credential": device.get(options)})
    assert done.status_code == 200, done.text
    ada.tokens["access_token"] = done.json()["access_token"]
    await add(ada, Authenticator())
    assert "step_up.succeeded" in await log(house, ada)


async def test_proving_again_with_the_passkey_of_somebody_else(make: Maker) -> None:
    ada, eve, his = await make.person(), await make.person(), Authenticator()
    await add(ada, Authenticator())
    await add(eve, his)
    options = await begin(ada.http, "step_up", headers=ada.headers)
    body = {"method": "passkey", "credential": his.get(options, key=his.keys[0])}
    assert refused(await ada.post("/auth/step-up", json=body)) == (401, "passkey_refused")
    assert refused(await ada.post("/auth/step-up", json={"method": "passkey"})) == (422, "invalid_input")
