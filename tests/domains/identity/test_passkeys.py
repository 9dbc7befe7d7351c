"""Passkeys through the front door, with an authenticator of software."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import Settings
from tests.support.answers import refused, rows
from tests.support.authenticator import Authenticator, SoftKey, b64, new_private
from tests.support.clock import FrozenClock
from tests.support.passkeys import add, begin, enter, letters, log
from tests.support.people import Maker


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519", "RS256"])
async def test_a_passkey_is_made_and_opens_the_account_alone(
    make: Maker, http: httpx.AsyncClient, house: House, algorithm: Any
) -> None:
    ada, device = await make.person(), Authenticator(algorithm)
    made = await add(ada, device, "  My   phone ")
    assert made["name"] == "My phone"
    assert (made["alone"], made["synced"], made["last_used_at"]) == (True, False, None)
    answer = await enter(http, device)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["id"] == ada.id
    assert answer.json()["tokens"]["access_token"]
    [listed] = (await ada.get("/users/me/passkeys")).json()["items"]
    assert listed["last_used_at"] is not None
    assert {"passkey.added", "sign_in.succeeded"} <= set(await log(house, ada))
    assert await letters(house, ada) == ["passkey.added"]


async def test_the_user_is_named_to_the_authenticator_by_a_random_handle(make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    first = await begin(ada.http, "register", headers=ada.headers)
    again = await begin(ada.http, "register", headers=ada.headers)
    other = await begin(ada.http, "register", headers=eve.headers)
    assert first["user"]["id"] == again["user"]["id"] != other["user"]["id"]
    assert len(first["user"]["id"]) == 86
    assert first["user"]["name"] == ada.email
    assert first["challenge"] != again["challenge"]


async def test_several_and_none_twice(make: Maker, http: httpx.AsyncClient) -> None:
    ada, phone, stick = await make.person(), Authenticator(), Authenticator("Ed25519", syncs=True)
    await add(ada, phone, "Phone")
    await add(ada, stick, "Stick")
    listed = (await ada.get("/users/me/passkeys")).json()
    assert [(one["name"], one["synced"]) for one in listed["items"]] == [("Phone", False), ("Stick", True)]
    assert (listed["second_factor"], listed["unavailable"]) == (False, None)
    options = await begin(http, "register", headers=ada.headers)
    assert {one["id"] for one in options["excludeCredentials"]} == {b64(phone.keys[0].id), b64(stick.keys[0].id)}
    for device in (phone, stick):
        assert (await enter(http, device)).status_code == 200


async def test_a_key_that_somebody_keeps_cannot_be_kept_again(make: Maker, http: httpx.AsyncClient) -> None:
    ada, eve, device = await make.person(), await make.person(), Authenticator()
    await add(ada, device)
    options = await begin(http, "register", headers=eve.headers)
    copied = Authenticator(keys=[])
    credential = copied.create(options, key_id=device.keys[0].id)
    answer = await eve.post("/auth/passkeys/register", json={"credential": credential})
    assert refused(answer) == (409, "passkey_known")
    assert (await eve.get("/users/me/passkeys")).json()["items"] == []


async def test_new_keys_want_a_fresh_sign_in(make: Maker, http: httpx.AsyncClient, clock: FrozenClock) -> None:
    ada, device = await make.person(), Authenticator()
    options = await begin(http, "register", headers=ada.headers)
    nobody = await http.post("/api/v1/auth/passkeys/options", json={"purpose": "register"})
    assert refused(nobody) == (401, "unauthenticated")
    made = await add(ada, device)
    clock.move(timedelta(minutes=11))
    for answer in (
        await ada.post("/auth/passkeys/options", json={"purpose": "register"}),
        await ada.post("/auth/passkeys/register", json={"credential": Authenticator().create(options)}),
        await ada.delete(f"/users/me/passkeys/{made['id']}"),
        await ada.put("/users/me/passkeys", json={"second_factor": True}),
        await ada.delete("/auth/password"),
    ):
        assert refused(answer) == (403, "step_up_needed")


async def test_a_challenge_works_once_and_for_five_minutes(
    make: Maker, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    ada, device = await make.person(), Authenticator()
    options = await begin(http, "register", headers=ada.headers)
    body = {"credential": device.create(options)}
    assert (await ada.post("/auth/passkeys/register", json=body)).status_code == 201
    again = {"credential": Authenticator().create(options)}
    assert refused(await ada.post("/auth/passkeys/register", json=again)) == (401, "passkey_refused")
    options = await begin(http, "login")
    shown = {"credential": device.get(options)}
    assert (await http.post("/api/v1/auth/passkeys/login", json=shown)).status_code == 200
    assert refused(await http.post("/api/v1/auth/passkeys/login", json=shown)) == (401, "passkey_refused")
    second = {"credential": device.get(options)}
    assert refused(await http.post("/api/v1/auth/passkeys/login", json=second)) == (401, "passkey_refused")
    options = await begin(http, "login")
    clock.move(timedelta(minutes=5, seconds=1))
    late = {"credential": device.get(options)}
    assert refused(await http.post("/api/v1/auth/passkeys/login", json=late)) == (401, "passkey_refused")


async def test_a_challenge_is_for_one_purpose_and_one_person(make: Maker, http: httpx.AsyncClient) -> None:
    ada, eve, device = await make.person(), await make.person(), Authenticator()
    theirs = await begin(http, "register", headers=ada.headers)
    answer = await eve.post("/auth/passkeys/register", json={"credential": device.create(theirs)})
    assert refused(answer) == (401, "passkey_refused")
    device.keys.clear()
    await add(ada, device)
    step_up = await begin(http, "step_up", headers=ada.headers)
    answer = await http.post("/api/v1/auth/passkeys/login", json={"credential": device.get(step_up)})
    assert refused(answer) == (401, "passkey_refused")
    invented = {**step_up, "challenge": b64(b"c" * 32)}
    answer = await http.post("/api/v1/auth/passkeys/login", json={"credential": device.get(invented)})
    assert refused(answer) == (401, "passkey_refused")


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:9999"},
        {"rp_id": "evil.example"},
        {"verified": False},
        {"present": False},
        {"signature": b"x" * 70},
        {"user_handle": b"z" * 64},
        {"user_handle": None},
        {"syncs": True},
        {"cross_origin": True},
    ],
    ids=str,
)
async def test_one_wrong_thing_opens_nothing(
    make: Maker, http: httpx.AsyncClient, house: House, wrong: dict[str, Any]
) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    sessions = await rows(house.db, "SELECT id FROM identity.sessions")
    assert refused(await enter(http, device, **wrong)) == (401, "passkey_refused")
    assert await rows(house.db, "SELECT id FROM identity.sessions") == sessions
    assert (await enter(http, device)).status_code == 200


async def test_a_handle_of_somebody_else_opens_nothing(make: Maker, http: httpx.AsyncClient) -> None:
    ada, eve = await make.person(), await make.person()
    hers, his = Authenticator(), Authenticator()
    await add(ada, hers)
    await add(eve, his)
    answer = await enter(http, his, user_handle=hers.keys[0].user_handle)
    assert refused(answer) == (401, "passkey_refused")


async def test_a_failed_signature_is_written_down_for_its_owner(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    await enter(http, device, signature=b"x" * 70)
    assert (await log(house, ada))[-1] == "sign_in.failed"


async def test_a_removed_key_opens_nothing(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, device = await make.person(), Authenticator()
    made = await add(ada, device)
    assert (await ada.delete(f"/users/me/passkeys/{made['id']}")).status_code == 204
    assert refused(await enter(http, device)) == (401, "passkey_refused")
    assert refused(await ada.delete(f"/users/me/passkeys/{made['id']}")) == (404, "not_found")
    assert await letters(house, ada) == ["passkey.added", "passkey.removed"]
    assert "passkey.removed" in await log(house, ada)


async def test_a_counter_that_goes_back_betrays_a_copy(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    assert (await enter(http, device, counter=7)).status_code == 200
    for counter in (7, 3, 0):
        assert refused(await enter(http, device, counter=counter)) == (401, "passkey_refused")
    [listed] = (await ada.get("/users/me/passkeys")).json()["items"]
    assert listed["suspected_at"] is not None
    assert (await log(house, ada)).count("passkey.copied") == 3
    assert (await letters(house, ada)).count("passkey.copied") == 3
    assert (await enter(http, device, counter=8)).status_code == 200


async def test_nobody_without_the_key_can_make_it_look_copied(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    assert (await enter(http, device, counter=7)).status_code == 200
    assert refused(await enter(http, device, counter=1, signature=b"x" * 70)) == (401, "passkey_refused")
    [listed] = (await ada.get("/users/me/passkeys")).json()["items"]
    assert listed["suspected_at"] is None
    assert "passkey.copied" not in await log(house, ada)


async def test_authenticators_that_never_count_are_welcome(make: Maker, http: httpx.AsyncClient) -> None:
    ada, device = await make.person(), Authenticator(counts=False)
    await add(ada, device)
    for _ in range(3):
        assert (await enter(http, device)).status_code == 200


@pytest.mark.commits
async def test_one_answer_shown_many_times_at_once_opens_one_session(make: Maker, http: httpx.AsyncClient) -> None:
    ada, device = await make.person(), Authenticator(counts=False)
    await add(ada, device)
    options = await begin(http, "login")
    shown = {"credential": device.get(options)}
    answers = await asyncio.gather(*(http.post("/api/v1/auth/passkeys/login", json=shown) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


@pytest.mark.commits
async def test_of_two_copies_at_once_one_comes_in(make: Maker, http: httpx.AsyncClient) -> None:
    """Both ceremonies are good; the lock on the key lets the second see the counter of the first."""
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    ceremonies = [await begin(http, "login") for _ in range(2)]
    shown = [{"credential": device.get(options, counter=5)} for options in ceremonies]
    answers = await asyncio.gather(*(http.post("/api/v1/auth/passkeys/login", json=one) for one in shown))
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_names(make: Maker, http: httpx.AsyncClient) -> None:
    ada, eve = await make.person(), await make.person()
    device = Authenticator(aaguid=UUID("d548826e-79b4-db40-a3d8-11116f7e8349"))
    made = await add(ada, device)
    assert (made["name"], made["maker"]) == ("Bitwarden", "Bitwarden")
    assert (await add(eve, Authenticator()))["name"] == "Passkey"
    answer = await ada.put(f"/users/me/passkeys/{made['id']}", json={"name": "  Vault  "})
    assert answer.json() == {**made, "name": "Vault"}
    bad = await ada.put(f"/users/me/passkeys/{made['id']}", json={"name": " "})
    assert refused(bad) == (422, "invalid_input")
    for answer in (
        await eve.put(f"/users/me/passkeys/{made['id']}", json={"name": "Mine"}),
        await eve.delete(f"/users/me/passkeys/{made['id']}"),
        await ada.delete("/users/me/passkeys/pky_nonsense"),
    ):
        assert refused(answer) == (404, "not_found")


async def test_the_last_way_in_stays(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, phone, stick = await make.person(), Authenticator(), Authenticator()
    assert refused(await ada.delete("/auth/password")) == (409, "last_way_in")
    first, second = await add(ada, phone), await add(ada, stick)
    assert (await ada.delete("/auth/password")).status_code == 204
    assert refused(await ada.delete("/auth/password")) == (404, "not_found")
    login = {"email": ada.email, "password": ada.password}
    assert refused(await http.post("/api/v1/auth/login", json=login)) == (401, "bad_credentials")
    assert (await ada.delete(f"/users/me/passkeys/{first['id']}")).status_code == 204
    assert refused(await ada.delete(f"/users/me/passkeys/{second['id']}")) == (409, "last_way_in")
    assert (await enter(http, stick)).status_code == 200
    assert "password.removed" in await log(house, ada)


@pytest.mark.commits
async def test_of_two_last_keys_that_go_at_once_one_stays(make: Maker) -> None:
    ada = await make.person()
    keys = [await add(ada, Authenticator("Ed25519")) for _ in range(2)]
    assert (await ada.delete("/auth/password")).status_code == 204
    answers = await asyncio.gather(*(ada.delete(f"/users/me/passkeys/{key['id']}") for key in keys))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


@pytest.mark.commits
async def test_of_two_that_would_be_the_twentieth_one_is_kept(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    for _ in range(19):
        await add(ada, Authenticator("Ed25519"))
    options = [await begin(http, "register", headers=ada.headers) for _ in range(2)]
    made = [{"credential": Authenticator("Ed25519").create(one)} for one in options]
    answers = await asyncio.gather(*(ada.post("/auth/passkeys/register", json=body) for body in made))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_key_that_must_be_named_is_no_way_in_of_its_own(make: Maker) -> None:
    ada = await make.person()
    made = await add(ada, Authenticator(discoverable=False))
    assert made["alone"] is False
    assert refused(await ada.delete("/auth/password")) == (409, "last_way_in")


async def test_who_is_suspended_stays_out(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, device = await make.person(), Authenticator()
    await add(ada, device)
    async with house.db.system() as uow:
        shut = text("UPDATE identity.users SET suspended_at = :now, suspended_for = 'spam' WHERE id = :id")
        await uow.conn.execute(shut, {"now": house.clock.now(), "id": parse(Kind.USER, ada.id)})
    assert refused(await enter(http, device)) == (403, "account_suspended")


async def test_rows_of_others_cannot_be_seen_even_where_a_check_is_forgotten(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    await add(ada, Authenticator())
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        for table in ("passkeys", "passkey_owners"):
            assert (await uow.conn.execute(text(f"SELECT 1 FROM identity.{table}"))).all() == []
    async with house.db.read() as conn:
        assert (await conn.execute(text("SELECT 1 FROM identity.passkeys"))).all() == []


async def test_at_most_twenty(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    for _ in range(20):
        await add(ada, Authenticator("Ed25519"))
    answer = await ada.post("/auth/passkeys/options", json={"purpose": "register"})
    assert refused(answer) == (409, "too_many_keys")


async def test_a_passkey_stolen_without_its_device_is_worth_nothing(make: Maker, http: httpx.AsyncClient) -> None:
    """Everything that the server keeps of a key, with another private half."""
    ada, device, thief = await make.person(), Authenticator(), Authenticator()
    await add(ada, device)
    eve = await make.person()
    await add(eve, thief)
    key = device.keys[0]
    stolen = SoftKey(key.id, thief.keys[0].private, key.rp_id, key.user_handle, 50)
    assert refused(await enter(http, thief, key=stolen)) == (401, "passkey_refused")


class TestWhereThereCanBeNone:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, public_url="http://192.168.1.20:8420")

    async def test_the_server_says_why(self, make: Maker, http: httpx.AsyncClient) -> None:
        ada = await make.person()
        assert (await http.get("/api/v1/auth/methods")).json()["passkeys"] is False
        assert (await ada.get("/users/me/passkeys")).json()["unavailable"] == "ip_address"
        for purpose in ("login", "register", "step_up"):
            answer = await ada.post("/auth/passkeys/options", json={"purpose": purpose})
            assert refused(answer) == (409, "passkeys_off")
            assert "IP address" in answer.json()["detail"]
        credential = Authenticator(keys=[SoftKey(b"k" * 32, new_private(), "192.168.1.20", b"h" * 64)]).get(
            {"challenge": "AAAA", "allowCredentials": []}, origin="http://192.168.1.20:8420"
        )
        answer = await http.post("/api/v1/auth/passkeys/login", json={"credential": credential})
        assert refused(answer) == (409, "passkeys_off")
