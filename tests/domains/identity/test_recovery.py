"""Letters and their links: signing up by mail, a forgotten password, another address. And what a stranger can learn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.identity.passwords import PasswordHasher
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.letters import Read, token_of
from tests.support.people import Maker, Person
from tests.support.queries import queries

FORM = {"email": "guest@example.org", "password": "correct horse", "handle": "guest", "display_name": "Guest"}


async def test_nobody_has_an_account_before_the_address_is_proven(
    mailing: httpx.AsyncClient, house: House, read: Read
) -> None:
    answer = await mailing.post("/api/v1/auth/register", json=FORM)
    assert (answer.status_code, answer.json()) == (202, {"state": "check_mail"})
    credentials = {"email": FORM["email"], "password": FORM["password"]}
    assert refused(await mailing.post("/api/v1/auth/login", json=credentials)) == (401, "bad_credentials")
    letter = await read("verify_email")
    assert (letter.to, letter.name, letter.purpose) == ("guest@example.org", "Guest", "verify_email")
    proof = {"token": token_of(letter, "sign_up")}
    made = await mailing.post("/api/v1/auth/email/verify", json=proof)
    assert made.status_code == 200, made.text
    headers = {"Authorization": f"Bearer {made.json()['tokens']['access_token']}"}
    me = (await mailing.get("/api/v1/users/me", headers=headers)).json()
    assert (me["email"], me["email_verified"], me["handle"]) == ("guest@example.org", True, "guest")
    assert (await mailing.post("/api/v1/auth/login", json=credentials)).status_code == 200
    async with unchanged(house.db):
        assert refused(await mailing.post("/api/v1/auth/email/verify", json=proof)) == (410, "invalid_link")
    assert await rows(house.db, "SELECT 1 FROM identity.sign_ups") == []


async def test_a_handle_that_was_taken_meanwhile_can_be_chosen_anew(
    mailing: httpx.AsyncClient, read: Read, make: Maker
) -> None:
    await mailing.post("/api/v1/auth/register", json=FORM)
    await make.person(handle="guest")
    proof = {"token": token_of(await read("verify_email"), "sign_up")}
    assert refused(await mailing.post("/api/v1/auth/email/verify", json=proof)) == (409, "handle_taken")
    made = await mailing.post("/api/v1/auth/email/verify", json={**proof, "handle": "guest2"})
    assert made.json()["user"]["handle"] == "guest2"


async def test_a_link_of_last_week_is_too_old(mailing: httpx.AsyncClient, read: Read, clock: FrozenClock) -> None:
    await mailing.post("/api/v1/auth/register", json=FORM)
    proof = {"token": token_of(await read("verify_email"), "sign_up")}
    clock.move(timedelta(days=7))
    assert refused(await mailing.post("/api/v1/auth/email/verify", json=proof)) == (410, "invalid_link")


class Work:
    """What answering cost: statements, and passwords hashed or checked."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self._house = house
        self.hashes = 0
        run = PasswordHasher._run

        async def counted(hasher: PasswordHasher, work: Callable[[], Any]) -> Any:
            self.hashes += 1
            return await run(hasher, work)

        monkeypatch.setattr(PasswordHasher, "_run", counted)

    async def of(self, asking: Awaitable[httpx.Response]) -> tuple[httpx.Response, list[str], int]:
        self.hashes = 0
        with queries(self._house.db, at_most=40) as seen:
            answer = await asking
        return answer, seen, self.hashes


async def _alike(
    house: House, monkeypatch: pytest.MonkeyPatch, known: Awaitable[httpx.Response], unknown: Awaitable[httpx.Response]
) -> None:
    work = Work(house, monkeypatch)
    first, first_queries, first_hashes = await work.of(known)
    second, second_queries, second_hashes = await work.of(unknown)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert {name for name in first.headers if name != "x-request-id"} == {
        name for name in second.headers if name != "x-request-id"
    }
    assert first_queries == second_queries
    assert first_hashes == second_hashes


async def test_a_forgotten_password_looks_alike_for_everybody(
    mailing: httpx.AsyncClient, make: Maker, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    path = "/api/v1/auth/password/forgot"
    known = mailing.post(path, json={"email": ada.email})
    await _alike(house, monkeypatch, known, mailing.post(path, json={"email": "nobody@example.org"}))


async def test_registering_looks_alike_for_taken_and_free_addresses(
    mailing: httpx.AsyncClient, make: Maker, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    path = "/api/v1/auth/register"
    known = mailing.post(path, json={**FORM, "email": ada.email, "handle": "other"})
    await _alike(house, monkeypatch, known, mailing.post(path, json=FORM))


async def test_a_failed_sign_in_looks_alike_for_everybody(
    http: httpx.AsyncClient, make: Maker, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    path = "/api/v1/auth/login"
    known = http.post(path, json={"email": ada.email, "password": "wrong horse"})
    await _alike(
        house, monkeypatch, known, http.post(path, json={"email": "no@example.org", "password": "wrong horse"})
    )


async def test_only_the_owner_of_a_taken_address_is_told(mailing: httpx.AsyncClient, make: Maker, read: Read) -> None:
    ada = await make.person()
    await mailing.post("/api/v1/auth/register", json={**FORM, "email": ada.email})
    letter = await read("verify_email")
    assert (letter.to, letter.purpose) == (ada.email, "address_taken")
    assert letter.link == "http://localhost:8420/forgot-password"


async def test_a_password_is_set_anew_by_the_link_of_a_letter(
    mailing: httpx.AsyncClient, make: Maker, house: House, read: Read
) -> None:
    ada = await make.person()
    await mailing.post("/api/v1/auth/password/forgot", json={"email": ada.email.upper()})
    token = token_of(await read("reset_password"), "reset_password")
    short = await mailing.post("/api/v1/auth/password/reset", json={"token": token, "password": "short"})
    assert refused(short) == (422, "invalid_input")
    new = {"token": token, "password": "a better horse"}
    made = await mailing.post("/api/v1/auth/password/reset", json=new)
    assert made.status_code == 200, made.text
    assert refused(await ada.get("/users/me")) == (401, "unauthenticated")
    old = {"email": ada.email, "password": ada.password}
    assert refused(await mailing.post("/api/v1/auth/login", json=old)) == (401, "bad_credentials")
    assert (await mailing.post("/api/v1/auth/login", json={**old, "password": "a better horse"})).status_code == 200
    assert refused(await mailing.post("/api/v1/auth/password/reset", json=new)) == (410, "invalid_link")
    assert (await read("password_changed")).to == ada.email


async def test_another_reset_link_is_void_once_one_was_used(
    mailing: httpx.AsyncClient, make: Maker, read: Read, clock: FrozenClock
) -> None:
    ada = await make.person()
    tokens = []
    for _ in range(3):
        await mailing.post("/api/v1/auth/password/forgot", json={"email": ada.email})
        tokens.append(token_of(await read("reset_password"), "reset_password"))
    used = {"token": tokens[1], "password": "a better horse"}
    assert (await mailing.post("/api/v1/auth/password/reset", json=used)).status_code == 200
    for token in (tokens[0], tokens[2]):
        answer = await mailing.post("/api/v1/auth/password/reset", json={"token": token, "password": "yet another"})
        assert refused(answer) == (410, "invalid_link")
    await mailing.post("/api/v1/auth/password/forgot", json={"email": ada.email})
    late = token_of(await read("reset_password"), "reset_password")
    clock.move(timedelta(hours=1))
    answer = await mailing.post("/api/v1/auth/password/reset", json={"token": late, "password": "yet another"})
    assert refused(answer) == (410, "invalid_link")


async def _bearer(mailing: httpx.AsyncClient, person: Person) -> dict[str, str]:
    made = await mailing.post("/api/v1/auth/login", json={"email": person.email, "password": person.password})
    return {"Authorization": f"Bearer {made.json()['tokens']['access_token']}"}


async def test_another_address_counts_when_its_link_was_opened(
    mailing: httpx.AsyncClient, make: Maker, read: Read
) -> None:
    ada = await make.person()
    headers = await _bearer(mailing, ada)
    asked = await mailing.post("/api/v1/users/me/email", json={"email": "new@example.org"}, headers=headers)
    assert asked.status_code == 202
    assert (await mailing.get("/api/v1/users/me", headers=headers)).json()["email"] == ada.email
    letter = await read("email_change")
    assert letter.to == "new@example.org"
    proof = {"token": token_of(letter, "email_change"), "kind": "email_change"}
    assert (await mailing.post("/api/v1/auth/email/verify", json=proof)).status_code == 204
    me = (await mailing.get("/api/v1/users/me", headers=headers)).json()
    assert (me["email"], me["email_verified"]) == ("new@example.org", True)
    assert (await read("email_changed")).to == ada.email
    assert refused(await mailing.post("/api/v1/auth/email/verify", json=proof)) == (410, "invalid_link")


async def test_an_address_of_somebody_else_is_not_given_away(
    mailing: httpx.AsyncClient, make: Maker, read: Read
) -> None:
    ada, eve = await make.person(), await make.person()
    headers = await _bearer(mailing, eve)
    answers = [
        await mailing.post("/api/v1/users/me/email", json={"email": address}, headers=headers)
        for address in (ada.email, "free@example.org")
    ]
    assert [(one.status_code, one.content) for one in answers] == [(202, answers[1].content)] * 2
    assert (await read("address_taken")).to == ada.email


async def test_a_password_change_wants_the_present_one_and_signs_other_devices_out(
    http: httpx.AsyncClient, make: Maker, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    elsewhere = (await http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})).json()
    change = {"current": "wrong", "password": "a better horse"}
    async with unchanged(house.db):
        assert refused(await ada.post("/auth/password/change", json=change)) == (401, "bad_credentials")
    right = {"current": ada.password, "password": "a better horse"}
    assert (await ada.post("/auth/password/change", json=right)).status_code == 204
    headers = {"Authorization": f"Bearer {elsewhere['tokens']['access_token']}"}
    assert refused(await http.get("/api/v1/users/me", headers=headers)) == (401, "unauthenticated")
    assert (await ada.get("/users/me")).status_code == 200
    clock.move(timedelta(minutes=10, seconds=2))
    stale = {"current": "a better horse", "password": "yet another horse"}
    assert refused(await ada.post("/auth/password/change", json=stale)) == (403, "step_up_needed")


async def test_devices_are_listed_and_ended(http: httpx.AsyncClient, make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    credentials = {"email": ada.email, "password": ada.password}
    phone = await http.post("/api/v1/auth/login", json=credentials, headers={"User-Agent": "Phone/1"})
    listed = (await ada.get("/users/me/sessions")).json()
    assert next((one["user_agent"], one["current"]) for one in listed) == ("Phone/1", False)
    assert [one["current"] for one in listed] == [False, True]
    assert refused(await eve.delete(f"/users/me/sessions/{listed[0]['id']}")) == (404, "not_found")
    assert (await ada.delete(f"/users/me/sessions/{listed[0]['id']}")).status_code == 204
    there = {"Authorization": f"Bearer {phone.json()['tokens']['access_token']}"}
    assert refused(await http.get("/api/v1/users/me", headers=there)) == (401, "unauthenticated")
    await http.post("/api/v1/auth/login", json=credentials)
    assert (await ada.delete("/users/me/sessions")).status_code == 204
    assert [one["current"] for one in (await ada.get("/users/me/sessions")).json()] == [True]
    ended = await rows(
        house.db,
        "SELECT data FROM identity.audit_log WHERE action = 'session.ended' AND subject_id = :id",
        id=parse(Kind.USER, ada.id),
    )
    assert len(ended) == 2


async def test_a_device_is_called_what_its_owner_calls_it(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    (device,) = (await ada.get("/users/me/sessions")).json()
    path = f"/users/me/sessions/{device['id']}"
    assert device["name"] == ""
    async with unchanged(house.db, "identity"):
        assert refused(await eve.put(path, json={"name": "Mine"})) == (404, "not_found")
        assert pointers(await ada.put(path, json={"name": "n" * 65})) == {"/name"}
    assert (await ada.put(path, json={"name": "  Kitchen\u0000 radio "})).status_code == 204
    assert [one["name"] for one in (await ada.get("/users/me/sessions")).json()] == ["Kitchen radio"]
    assert (await ada.put(path, json={"name": ""})).status_code == 204
    assert [one["name"] for one in (await ada.get("/users/me/sessions")).json()] == [""]


async def test_ones_own_id_stands_for_me_and_nobody_elses_does(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    async with unchanged(house.db, "identity"):
        refusal = await eve.put(f"/users/{ada.id}", json={"display_name": "Eve was here"})
        assert refused(refusal) == (403, "not_your_account")
        assert refused(await eve.delete(f"/users/{ada.id}")) == (403, "not_your_account")
    assert (await ada.put(f"/users/{ada.id}", json={"display_name": "Ada L"})).json()["display_name"] == "Ada L"
    assert (await ada.delete(f"/users/{ada.id}")).status_code == 202
