"""Recovery codes, trusted devices, and proving oneself again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from tests.support.answers import refused, unchanged
from tests.support.authenticator import Authenticator
from tests.support.clock import FrozenClock
from tests.support.factors import App, enrol, password_step, second_step
from tests.support.passkeys import add, begin
from tests.support.people import Maker, Person, good

PHONE = {"Antiphon-Device": "a secret of this telephone"}
LAPTOP = {"Antiphon-Device": "a secret of this laptop"}


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


@pytest.fixture
async def app(ada: Person, clock: FrozenClock) -> App:
    made = await enrol(ada, clock)
    clock.move(timedelta(minutes=1))
    return made


async def ticket_of(http: httpx.AsyncClient, person: Person, **headers: str) -> str:
    return str((await password_step(http, person, **headers)).json()["ticket"])


async def trust(http: httpx.AsyncClient, person: Person, app: App, device: dict[str, str]) -> None:
    app.clock.move(timedelta(seconds=30))
    ticket = await ticket_of(http, person, **device)
    done = await second_step(http, ticket, "totp", app.code(), trust_device=True, headers=device)
    assert done.status_code == 200, done.text
    person.tokens = done.json()["tokens"]


async def asked(http: httpx.AsyncClient, person: Person, device: dict[str, str]) -> bool:
    return (await password_step(http, person, **device)).status_code == 401


async def test_a_recovery_code_works_once_and_is_told_to_its_owner(
    http: httpx.AsyncClient, ada: Person, app: App, house: House
) -> None:
    typed = app.recovery[0].upper().replace("-", " ")
    assert (await second_step(http, await ticket_of(http, ada), "recovery", typed)).is_success
    again = await second_step(http, await ticket_of(http, ada), "recovery", app.recovery[0])
    assert again.json()["code"] == "wrong_code"
    assert good(await ada.get("/users/me/factors"))["recovery_codes_left"] == 9
    async with house.db.system() as uow:
        told = await uow.conn.execute(
            text("SELECT 1 FROM identity.letters WHERE data->>'change' = 'recovery_code.used'")
        )
        assert len(told.all()) == 1
        stored = await uow.conn.execute(text("SELECT digest FROM identity.recovery_codes"))
        assert app.recovery[1].replace("-", "").encode() not in b"".join(bytes(row.digest) for row in stored)


@pytest.mark.commits
async def test_of_two_who_come_with_one_recovery_code_at_once_one_gets_in(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    tickets = [await ticket_of(http, ada) for _ in range(4)]
    answers = await asyncio.gather(*(second_step(http, one, "recovery", app.recovery[0]) for one in tickets))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


async def test_new_recovery_codes_replace_the_old_ones(http: httpx.AsyncClient, ada: Person, app: App) -> None:
    made = await ada.post("/auth/mfa/recovery-codes")
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    fresh = made.json()["recovery_codes"]
    assert len(set(fresh) - set(app.recovery)) == 10
    ticket = await ticket_of(http, ada)
    assert (await second_step(http, ticket, "recovery", app.recovery[0])).status_code == 422
    assert (await second_step(http, ticket, "recovery", fresh[0])).is_success


async def test_who_has_no_factor_has_no_recovery_codes(ada: Person) -> None:
    assert (await ada.post("/auth/mfa/recovery-codes")).json()["code"] == "no_second_factor"


async def test_somebody_elses_recovery_code_is_worth_nothing(
    http: httpx.AsyncClient, ada: Person, app: App, make: Maker, clock: FrozenClock
) -> None:
    other = await enrol(await make.person(), clock)
    ticket = await ticket_of(http, ada)
    assert (await second_step(http, ticket, "recovery", other.recovery[0])).json()["code"] == "wrong_code"


async def test_a_trusted_device_is_not_asked_for_thirty_days(
    http: httpx.AsyncClient, ada: Person, app: App, clock: FrozenClock
) -> None:
    await trust(http, ada, app, PHONE)
    assert not await asked(http, ada, PHONE)
    assert await asked(http, ada, LAPTOP)
    assert await asked(http, ada, {})
    clock.move(timedelta(days=30, seconds=-1))
    assert not await asked(http, ada, PHONE)
    clock.move(timedelta(seconds=1))
    assert await asked(http, ada, PHONE)


async def test_trust_is_one_persons_and_not_the_devices(
    http: httpx.AsyncClient, ada: Person, app: App, make: Maker, clock: FrozenClock
) -> None:
    await trust(http, ada, app, PHONE)
    other = await make.person()
    await enrol(other, clock)
    assert await asked(http, other, PHONE)


async def test_a_client_without_a_key_of_its_own_cannot_be_trusted(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    ticket = await ticket_of(http, ada)
    refused = await second_step(http, ticket, "totp", app.code(), trust_device=True)
    assert (refused.status_code, refused.json()["code"]) == (422, "device_needed")
    assert (await second_step(http, ticket, "totp", app.code())).is_success  # the code was not used up by that


async def test_trusted_devices_are_listed_and_revoked(http: httpx.AsyncClient, ada: Person, app: App) -> None:
    for device, name in ((PHONE, "Telephone/1"), (LAPTOP, "Laptop/1")):
        await trust(http, ada, app, {**device, "User-Agent": name})
    listed = (await ada.get("/users/me/trusted-devices", headers=LAPTOP)).json()
    assert [(one["user_agent"], one["current"]) for one in listed] == [("Laptop/1", True), ("Telephone/1", False)]
    assert (await ada.delete(f"/users/me/trusted-devices/{listed[1]['id']}")).status_code == 204
    assert await asked(http, ada, PHONE)
    assert not await asked(http, ada, LAPTOP)
    assert (await ada.delete(f"/users/me/trusted-devices/{listed[1]['id']}")).status_code == 404
    assert (await ada.delete("/users/me/trusted-devices")).status_code == 204
    assert await asked(http, ada, LAPTOP)
    assert (await ada.get("/users/me/trusted-devices")).json() == []


async def test_nobody_revokes_the_trust_of_another(http: httpx.AsyncClient, ada: Person, app: App, make: Maker) -> None:
    await trust(http, ada, app, PHONE)
    listed = (await ada.get("/users/me/trusted-devices")).json()
    other = await make.person()
    assert (await other.delete(f"/users/me/trusted-devices/{listed[0]['id']}")).status_code == 404
    assert not await asked(http, ada, PHONE)


@pytest.mark.parametrize("change", ["password", "recovery", "app"])
async def test_a_change_of_password_or_factors_ends_all_trust(
    http: httpx.AsyncClient, ada: Person, app: App, change: str, clock: FrozenClock
) -> None:
    await trust(http, ada, app, PHONE)
    if change == "password":
        body = {"current": ada.password, "password": "another horse battery"}
        assert (await ada.post("/auth/password/change", json=body)).is_success
        ada.password = "another horse battery"
    elif change == "recovery":
        good(await ada.post("/auth/mfa/recovery-codes"))
    else:
        clock.move(timedelta(seconds=30))
        await ada.post("/auth/mfa/totp/disable", json={"method": "totp", "code": app.code()})
        await enrol(ada, clock)
    assert await asked(http, ada, PHONE)


@pytest.mark.parametrize("method", ["totp", "recovery"])
async def test_whoever_proves_themselves_again_may_go_on(
    ada: Person, app: App, clock: FrozenClock, method: str
) -> None:
    clock.move(timedelta(minutes=11))
    assert (await ada.post("/auth/mfa/recovery-codes")).json()["code"] == "step_up_needed"
    proof = {
        "totp": {"method": "totp", "code": app.code()},
        "recovery": {"method": "recovery", "code": app.recovery[5]},
    }[method]
    done = await ada.post("/auth/step-up", json=proof)
    assert done.headers["cache-control"] == "no-store"
    ada.tokens["access_token"] = good(done)["access_token"]
    assert (await ada.post("/auth/mfa/recovery-codes")).status_code == 201
    clock.move(timedelta(minutes=11))
    assert (await ada.post("/auth/mfa/recovery-codes")).json()["code"] == "step_up_needed"


@pytest.mark.parametrize("right", [True, False])
async def test_the_password_alone_proves_nothing_where_a_second_factor_is_enrolled(
    ada: Person, app: App, clock: FrozenClock, house: House, *, right: bool
) -> None:
    """Right or wrong, on a device that is trusted: the answer is the same, and no guess is counted."""
    await trust(ada.http, ada, app, LAPTOP)
    clock.move(timedelta(minutes=11))
    stale = await ada.post("/auth/mfa/recovery-codes", headers=LAPTOP)
    assert (refused(stale), stale.json()["methods"]) == ((403, "step_up_needed"), ["recovery", "totp"])
    proof = {"method": "password", "password": ada.password if right else "wrong"}
    async with unchanged(house.db, "identity"):
        for _ in range(12):
            answer = await ada.post("/auth/step-up", json=proof, headers=LAPTOP)
            assert refused(answer) == (403, "second_factor_missing")
            assert answer.json()["methods"] == ["totp", "recovery"]
        assert refused(await ada.post("/auth/mfa/recovery-codes", headers=LAPTOP)) == (403, "step_up_needed")
    assert (await ada.post("/auth/step-up", json={"method": "totp", "code": app.code()})).status_code == 200


async def test_a_passkey_that_looks_at_its_owner_is_two_factors(
    ada: Person, app: App, clock: FrozenClock, house: House
) -> None:
    device = Authenticator()
    await add(ada, device)
    clock.move(timedelta(minutes=11))
    stale = await ada.post("/auth/mfa/recovery-codes")
    assert stale.json()["methods"] == ["passkey", "recovery", "totp"]
    unseen = device.get(await begin(ada.http, "step_up", headers=ada.headers), verified=False)
    assert refused(await ada.post("/auth/step-up", json={"method": "passkey", "credential": unseen}))[0] == 401
    assert refused(await ada.post("/auth/mfa/recovery-codes")) == (403, "step_up_needed")
    shown = device.get(await begin(ada.http, "step_up", headers=ada.headers))
    done = await ada.post("/auth/step-up", json={"method": "passkey", "credential": shown})
    ada.tokens["access_token"] = good(done)["access_token"]
    assert (await ada.post("/auth/mfa/recovery-codes")).status_code == 201


async def test_wrong_proofs_prove_nothing_and_are_counted(ada: Person, app: App, clock: FrozenClock) -> None:
    for method in ("totp", "sms", "recovery"):
        wrong = await ada.post("/auth/step-up", json={"method": method, "code": "000000"})
        assert refused(wrong) == (422, "wrong_code")
    for _ in range(8):
        await ada.post("/auth/step-up", json={"method": "totp", "code": "000000"})
    assert (await ada.post("/auth/step-up", json={"method": "totp", "code": app.code()})).json()["code"] == (
        "factor_locked"
    )
