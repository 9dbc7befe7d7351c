"""Signing up with a passkey alone: what passwords are held to, passkeys are held to as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from tests.support.answers import refused, rows, unchanged
from tests.support.authenticator import Authenticator
from tests.support.clock import FrozenClock
from tests.support.factors import enrol
from tests.support.letters import Read, token_of
from tests.support.passkeys import begin, enter
from tests.support.people import Maker, Person
from tests.support.queries import queries

FORM = {"email": "guest@example.org", "handle": "guest", "display_name": "Guest"}


async def made_key(http: httpx.AsyncClient, device: Authenticator, **changes: Any) -> dict[str, Any]:
    options = await begin(http, "sign_up", email=FORM["email"], display_name=FORM["display_name"])
    return device.create(options, **changes)


async def sign_up(http: httpx.AsyncClient, key: dict[str, Any], **form: Any) -> httpx.Response:
    return await http.post("/api/v1/auth/register", json=FORM | {"passkey": key} | form)


async def test_an_account_without_a_password(http: httpx.AsyncClient, house: House, clock: FrozenClock) -> None:
    device = Authenticator()
    options = await begin(http, "sign_up", email=FORM["email"], display_name="Guest")
    assert (options["user"]["name"], options["user"]["displayName"]) == (FORM["email"], "Guest")
    selection = {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"}
    assert options["authenticatorSelection"] == selection
    made = await sign_up(http, device.create(options))
    assert made.status_code == 201, made.text
    guest = Person(made.json()["user"]["id"], "guest", FORM["email"], "", made.json()["tokens"], http)
    held = (await guest.get("/users/me/passkeys")).json()
    assert (len(held["items"]), held["password"], held["second_factor"]) == (1, False, False)
    entered = await enter(http, device)
    assert entered.json()["user"]["id"] == guest.id
    assert refused(await guest.delete(f"/users/me/passkeys/{held['items'][0]['id']}")) == (409, "last_way_in")
    login = {"email": FORM["email"], "password": "correct horse battery"}
    assert refused(await http.post("/api/v1/auth/login", json=login)) == (401, "bad_credentials")
    log = await rows(house.db, "SELECT action FROM identity.audit_log ORDER BY at, id")
    assert {"account.registered", "passkey.added", "sign_in.succeeded"} <= {action for (action,) in log}
    clock.move(timedelta(minutes=11))
    assert (await guest.post("/auth/mfa/totp/enrol")).json()["methods"] == ["passkey"]


async def test_a_second_factor_asks_nothing_more_of_a_passkey(http: httpx.AsyncClient, clock: FrozenClock) -> None:
    device = Authenticator()
    made = (await sign_up(http, await made_key(http, device))).json()
    await enrol(Person(made["user"]["id"], "guest", FORM["email"], "", made["tokens"], http), clock)
    assert (await enter(http, device)).status_code == 200


@pytest.mark.parametrize(
    ("device", "changes"),
    [
        (Authenticator(discoverable=False), {}),
        (Authenticator(), {"verified": False}),
        (Authenticator(), {"origin": "https://evil.example"}),
    ],
)
async def test_a_key_that_cannot_open_the_account_alone_makes_none(
    http: httpx.AsyncClient, house: House, device: Authenticator, changes: dict[str, Any]
) -> None:
    key = await made_key(http, device, **changes)
    async with unchanged(house.db, "identity"):
        assert refused(await sign_up(http, key)) == (401, "passkey_refused")


async def test_a_ceremony_makes_one_account_and_is_over_in_time(
    http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    key, late = await made_key(http, Authenticator()), await made_key(http, Authenticator())
    other = await begin(http, "login")
    foreign = Authenticator().create(await begin(http, "sign_up") | {"challenge": other["challenge"]})
    assert refused(await sign_up(http, foreign)) == (401, "passkey_refused")
    assert (await sign_up(http, key)).status_code == 201
    async with unchanged(house.db, "identity"):
        again = await sign_up(http, key, email="other@example.org", handle="other")
        assert refused(again) == (401, "passkey_refused")
    clock.move(timedelta(minutes=6))
    async with unchanged(house.db, "identity"):
        assert refused(await sign_up(http, late, email="o@example.org", handle="other")) == (401, "passkey_refused")


async def test_what_is_wrong_with_a_field_leaves_the_key_good(
    http: httpx.AsyncClient, house: House, make: Maker
) -> None:
    ada, key = await make.person(), await made_key(http, Authenticator())
    async with unchanged(house.db, "identity"):
        assert refused(await sign_up(http, key, handle=ada.handle)) == (409, "handle_taken")
        assert refused(await sign_up(http, key, email=ada.email)) == (409, "email_taken")
        assert refused(await sign_up(http, key, password="correct horse battery")) == (422, "invalid_input")
        assert refused(await http.post("/api/v1/auth/register", json=FORM)) == (422, "invalid_input")
    assert (await sign_up(http, key)).status_code == 201


@pytest.mark.parametrize(("mode", "code"), [("closed", "registration_closed"), ("invitation", "invitation_needed")])
async def test_who_may_not_join_may_not_join_with_a_passkey(house: House, mode: Any, code: str) -> None:
    open_to = replace(house.identity.config, registration=mode)
    app = create_app(replace(house, identity=replace(house.identity, config=open_to)))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with house.listening(), httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
        asked = await http.post("/api/v1/auth/passkeys/options", json={"purpose": "sign_up"})
        if mode == "closed":
            assert refused(asked) == (403, code)
            return
        key = Authenticator().create(asked.json())
        async with unchanged(house.db, "identity"):
            assert refused(await sign_up(http, key)) == (403, code)


async def test_where_letters_reach_people_taken_and_free_addresses_look_alike(
    mailing: httpx.AsyncClient, house: House, make: Maker, read: Read
) -> None:
    ada, work, answers = await make.person(), [], []
    for email in (ada.email, FORM["email"]):
        with queries(house.db, at_most=20) as begun:
            options = await begin(mailing, "sign_up", email=email, display_name="Guest")
        key = Authenticator().create(options)
        with queries(house.db, at_most=40) as kept:
            answer = await sign_up(mailing, key, email=email)
        work.append((list(begun), list(kept)))
        answers.append((answer.status_code, answer.json(), sorted(options)))
    assert work[0] == work[1]
    assert answers[0] == answers[1]
    assert answers[0][:2] == (202, {"state": "check_mail"})
    assert (await rows(house.db, "SELECT count(*) FROM identity.passkeys"))[0][0] == 0


async def test_the_key_waits_for_the_address_and_mail_helps_who_lost_it(
    mailing: httpx.AsyncClient, house: House, read: Read
) -> None:
    device = Authenticator()
    assert (await sign_up(mailing, await made_key(mailing, device))).status_code == 202
    assert refused(await enter(mailing, device)) == (401, "passkey_refused")
    proof = {"token": token_of(await read("verify_email"), "sign_up")}
    made = await mailing.post("/api/v1/auth/email/verify", json=proof)
    assert made.status_code == 200, made.text
    assert (await enter(mailing, device)).json()["user"] == made.json()["user"]

    await mailing.post("/api/v1/auth/password/forgot", json={"email": FORM["email"]})
    token = token_of(await read("reset_password"), "reset_password")
    reset = await mailing.post("/api/v1/auth/password/reset", json={"token": token, "password": "a better horse"})
    assert reset.status_code == 200, reset.text
    login = {"email": FORM["email"], "password": "a better horse"}
    assert (await mailing.post("/api/v1/auth/login", json=login)).status_code == 200
    headers = {"Authorization": f"Bearer {reset.json()['tokens']['access_token']}"}
    options = await begin(mailing, "register", headers=headers)
    another = {"credential": Authenticator().create(options)}
    kept = await mailing.post("/api/v1/auth/passkeys/register", json=another, headers=headers)
    assert kept.status_code == 201
