"""Wallets of accounts: linked, listed, removed, with a fresh sign-in and a proof of both; and among other ways in."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import msgspec
import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from sqlalchemy import text

from antiphon.domains.identity import api, siwe
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from antiphon.kit.secrets import token_digest
from antiphon.kit.settings import Settings
from tests.support.answers import refused
from tests.support.clock import FrozenClock
from tests.support.factors import enrol, second_step
from tests.support.people import Maker, Person
from tests.support.signing import KEY, OTHER_KEY, asked, changed, nobody_new, sign, signed_in, spent, verify


async def start(person: Person, purpose: str = "link", key: LocalAccount = KEY) -> str:
    answer = await person.post("/users/me/wallets/nonce", json={"address": key.address, "purpose": purpose})
    assert answer.status_code == 200, answer.text
    message: str = answer.json()["message"]
    return message


async def link(person: Person, key: LocalAccount = KEY) -> httpx.Response:
    message = await start(person, key=key)
    return await person.post("/users/me/wallets", json={"message": message, "signature": sign(message, key)})


async def test_a_linked_wallet_signs_in_to_its_account(http: httpx.AsyncClient, make: Maker) -> None:
    ada = await make.person()
    linked = await link(ada)
    assert linked.status_code == 201, linked.text
    assert linked.json()["address"] == KEY.address
    answer = await signed_in(http)
    assert (answer.status_code, answer.json()["user"]["id"]) == (200, ada.id)
    assert f"account {ada.handle}" in siwe.parse(await start(ada, key=OTHER_KEY)).statement.replace(",", "")


async def test_one_wallet_belongs_to_one_account(http: httpx.AsyncClient, house: House, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    assert (await link(ada)).status_code == 201
    async with nobody_new(house):
        assert refused(await link(eve)) == (409, "wallet_taken")
        assert refused(await link(ada)) == (409, "wallet_taken")


async def test_both_sides_are_proven(http: httpx.AsyncClient, house: House, make: Maker) -> None:
    """A signature for one account or purpose is worth nothing for another."""
    ada, eve = await make.person(), await make.person()
    for_ada, to_prove = await start(ada), await start(ada, "step_up")
    to_sign_in = (await asked(http))["message"]
    async with nobody_new(house):
        for person, message in ((eve, for_ada), (ada, to_prove), (ada, to_sign_in)):
            body = {"message": message, "signature": sign(message)}
            assert refused(await person.post("/users/me/wallets", json=body)) == (401, "wallet_nonce_spent")
        await spent(http, house, await start(ada))
        message = await start(ada)
        body = {"message": message, "signature": sign(message, OTHER_KEY)}
        assert refused(await ada.post("/users/me/wallets", json=body)) == (401, "wallet_signature_wrong")
    assert (await link(ada)).status_code == 201


async def test_an_old_sign_in_links_and_removes_nothing(
    http: httpx.AsyncClient, house: House, make: Maker, clock: FrozenClock
) -> None:
    ada = await make.person()
    wallet = (await link(ada)).json()
    message = await start(ada, key=OTHER_KEY)
    clock.move(timedelta(minutes=11))
    async with nobody_new(house):
        answer = await ada.post("/users/me/wallets/nonce", json={"address": KEY.address})
        assert refused(answer) == (403, "step_up_needed")
        assert answer.json()["methods"] == ["password", "wallet"]
        body = {"message": message, "signature": sign(message, OTHER_KEY)}
        assert refused(await ada.post("/users/me/wallets", json=body)) == (403, "step_up_needed")
        assert refused(await ada.delete(f"/users/me/wallets/{wallet['id']}")) == (403, "step_up_needed")


async def test_a_wallet_is_removed_and_free_again(http: httpx.AsyncClient, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    wallet = (await link(ada)).json()
    assert refused(await eve.delete(f"/users/me/wallets/{wallet['id']}")) == (404, "not_found")
    assert (await ada.delete(f"/users/me/wallets/{wallet['id']}")).status_code == 204
    assert refused(await ada.delete(f"/users/me/wallets/{wallet['id']}")) == (404, "not_found")
    assert (await ada.get("/users/me/wallets")).json() == []
    assert (await link(eve)).status_code == 201


async def test_the_last_way_in_stays(http: httpx.AsyncClient, house: House, make: Maker) -> None:
    made = (await signed_in(http)).json()
    ada = Person(made["user"]["id"], made["user"]["handle"], "", "", made["tokens"], http)
    [first] = (await ada.get("/users/me/wallets")).json()
    async with nobody_new(house):
        assert refused(await ada.delete(f"/users/me/wallets/{first['id']}")) == (409, "last_way_in")
    second = (await link(ada, OTHER_KEY)).json()
    assert (await ada.delete(f"/users/me/wallets/{first['id']}")).status_code == 204
    assert refused(await ada.delete(f"/users/me/wallets/{second['id']}")) == (409, "last_way_in")


async def test_a_wallet_of_the_account_renews_the_proof(
    http: httpx.AsyncClient, house: House, make: Maker, clock: FrozenClock
) -> None:
    """Who has no password can still do what needs a fresh sign-in; a wallet of others proves nothing."""
    ada, eve = await make.person(), await make.person()
    await link(ada)
    clock.move(timedelta(minutes=11))
    for person, key, expected in (
        (ada, OTHER_KEY, (401, "wallet_signature_wrong")),
        (eve, KEY, (401, "wallet_signature_wrong")),
    ):
        message = await start(person, "step_up", key)
        body = {"message": message, "signature": sign(message, key)}
        async with nobody_new(house):
            assert refused(await person.post("/auth/wallet/step-up", json=body)) == expected
    message = await start(ada, "step_up")
    body = {"message": message, "signature": sign(message)}
    renewed = await ada.post("/auth/wallet/step-up", json=body)
    assert renewed.status_code == 200, renewed.text
    assert refused(await ada.post("/auth/wallet/step-up", json=body)) == (401, "wallet_nonce_spent")
    ada.tokens["access_token"] = renewed.json()["access_token"]
    assert (await link(ada, OTHER_KEY)).status_code == 201


async def test_a_wallet_alone_does_not_renew_the_proof_of_who_has_a_second_factor(
    make: Maker, clock: FrozenClock
) -> None:
    ada = await make.person()
    await link(ada)
    await enrol(ada, clock)
    clock.move(timedelta(minutes=11))
    message = await start(ada, "step_up")
    body = {"message": message, "signature": sign(message)}
    assert refused(await ada.post("/auth/wallet/step-up", json=body)) == (403, "second_factor_missing")
    assert refused(await ada.post("/auth/mfa/recovery-codes")) == (403, "step_up_needed")


async def test_others_see_no_wallets(http: httpx.AsyncClient, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    await link(ada)
    assert (await eve.get("/users/me/wallets")).json() == []
    assert KEY.address.lower() not in (await eve.get(f"/users/{ada.id}")).text.lower()
    assert refused(await http.get("/api/v1/users/me/wallets")) == (401, "unauthenticated")


def of_wallet(http: httpx.AsyncClient, answer: httpx.Response) -> Person:
    """Whoever came in by a wallet: no address, no password."""
    made = answer.json()
    return Person(made["user"]["id"], made["user"]["handle"], "", "", made["tokens"], http)


@pytest.mark.commits
async def test_of_two_who_take_away_the_last_two_ways_one_is_stopped(http: httpx.AsyncClient, house: House) -> None:
    ada = of_wallet(http, await signed_in(http))
    await link(ada, OTHER_KEY)
    both = (await ada.get("/users/me/wallets")).json()
    answers = await asyncio.gather(*(ada.delete(f"/users/me/wallets/{one['id']}") for one in both))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len((await ada.get("/users/me/wallets")).json()) == 1


async def test_a_second_factor_is_asked_for_after_a_wallet_too(
    http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada = of_wallet(http, await signed_in(http))
    app = await enrol(ada, clock)
    clock.move(timedelta(seconds=30))
    async with nobody_new(house):
        answer = await signed_in(http)
        assert refused(answer) == (401, "second_factor_needed")
    done = await second_step(http, answer.json()["ticket"], "totp", app.code())
    assert (done.status_code, done.json()["user"]["id"]) == (200, ada.id)


async def test_a_suspended_person_does_not_come_in_by_wallet(http: httpx.AsyncClient, house: House) -> None:
    ada = of_wallet(http, await signed_in(http))
    async with house.db.system() as uow:
        statement = text("UPDATE identity.users SET suspended_at = now(), suspended_for = 'Spam' WHERE id = :id")
        await uow.conn.execute(statement, {"id": parse(Kind.USER, ada.id)})
    async with nobody_new(house):
        assert refused(await signed_in(http)) == (403, "account_suspended")


async def test_a_nonce_that_a_device_asked_for_is_for_that_device(http: httpx.AsyncClient, house: House) -> None:
    here, there = {"Antiphon-Device": "d" * 32}, {"Antiphon-Device": "e" * 32}
    messages = []
    for _ in range(3):
        answer = await http.post("/api/v1/auth/wallet/nonce", json={"address": KEY.address}, headers=here)
        messages.append(answer.json()["message"])
    async with nobody_new(house):
        for headers, message in ((there, messages[0]), ({}, messages[1])):
            body = {"message": message, "signature": sign(message)}
            answer = await http.post("/api/v1/auth/wallet/verify", json=body, headers=headers)
            assert refused(answer) == (401, "wallet_nonce_spent")
    body = {"message": messages[2], "signature": sign(messages[2])}
    assert (await http.post("/api/v1/auth/wallet/verify", json=body, headers=here)).status_code == 201


async def test_a_browser_gets_cookies_and_other_sites_nothing(http: httpx.AsyncClient, house: House) -> None:
    message = (await asked(http))["message"]
    body = {"message": message, "signature": sign(message)}
    ours = {"Antiphon-Session": "cookie", "Origin": "http://localhost:8420"}
    async with nobody_new(house):
        evil = await http.post(
            "/api/v1/auth/wallet/verify", json=body, headers=ours | {"Origin": "https://evil.example"}
        )
        assert refused(evil) == (403, "csrf_refused")
    message = (await asked(http))["message"]
    body = {"message": message, "signature": sign(message)}
    made = await http.post("/api/v1/auth/wallet/verify", json=body, headers=ours)
    assert (made.status_code, made.json()["tokens"]) == (201, None)
    assert made.json()["csrf_token"]
    assert any("antiphon_access" in line and "HttpOnly" in line for line in made.headers.get_list("set-cookie"))


async def test_a_forgetful_query_sees_ones_own_wallets_only(http: httpx.AsyncClient, house: House, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    await link(ada)
    await link(eve, OTHER_KEY)
    for person, wallets in ((ada, 1), (eve, 1), (None, 0)):
        async with house.db.unit(parse(Kind.USER, person.id) if person else None) as uow:
            found = await uow.conn.execute(text("SELECT count(*) FROM identity.wallets"))
            assert found.scalar_one() == wallets


async def test_an_account_without_an_address_can_get_one(http: httpx.AsyncClient, house: House) -> None:
    ada = of_wallet(http, await signed_in(http))
    assert (await ada.post("/users/me/email", json={"email": "ada@example.org"})).status_code == 202
    assert (await ada.get("/users/me")).json()["email"] == "ada@example.org"
    assert (await ada.post("/auth/password/change", json={"password": "correct horse battery"})).status_code == 204
    login = {"email": "ada@example.org", "password": "correct horse battery"}
    assert (await http.post("/api/v1/auth/login", json=login)).json()["user"]["id"] == ada.id


async def invite(house: House, token: str, address: str | None) -> None:
    statement = text(
        "INSERT INTO identity.invitations (digest, email, created_at, expires_at) "
        "VALUES (:digest, :email, now(), now() + interval '1 day')"
    )
    async with house.db.system() as uow:
        await uow.conn.execute(statement, {"digest": token_digest(token), "email": address})


class TestClosedDoors:
    @pytest.fixture
    def settings(self, settings: Settings, request: pytest.FixtureRequest) -> Settings:
        return msgspec.structs.replace(settings, **request.param)

    @pytest.mark.parametrize("settings", [{"registration": "closed"}], indirect=True)
    async def test_where_nobody_may_join_only_those_who_are_here_come_in(
        self, http: httpx.AsyncClient, house: House
    ) -> None:
        async with nobody_new(house):
            assert refused(await signed_in(http)) == (403, "registration_closed")
        async with house.db.system() as uow:
            ada = await api.create_user(uow, email=None, handle="ada", display_name="Ada")
            way_in = await api.make_sign_in_link(uow, ada)
        person = of_wallet(http, await http.post("/api/v1/auth/link", json={"token": way_in}))
        assert (await link(person)).status_code == 201
        assert (await signed_in(http)).json()["user"]["id"] == person.id

    @pytest.mark.parametrize("settings", [{"registration": "invitation"}], indirect=True)
    async def test_where_one_is_invited_a_wallet_needs_that_too(self, http: httpx.AsyncClient, house: House) -> None:
        async with nobody_new(house):
            assert refused(await signed_in(http)) == (403, "invitation_needed")
            assert refused(await signed_in(http, invitation="x" * 43)) == (403, "invitation_needed")
        for number, (address, key) in enumerate([(None, KEY), ("guest@example.org", OTHER_KEY)]):
            token = f"{number}" * 43
            await invite(house, token, address)
            guest = of_wallet(http, await signed_in(http, key, invitation=token))
            me = (await guest.get("/users/me")).json()
            assert (me["email"], me["email_verified"]) == (address, address is not None)
            async with nobody_new(house):
                again = await signed_in(http, Account.create(), invitation=token)
                assert refused(again) == (403, "invitation_needed")

    @pytest.mark.parametrize("settings", [{"wallets": "off"}], indirect=True)
    async def test_where_wallets_are_off_they_are_off(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/api/v1/auth/wallet/nonce", json={})
        assert refused(answer) == (409, "wallets_off")
        assert refused(await verify(http, "x", "0x")) == (409, "wallets_off")
        assert not (await http.get("/api/v1/auth/methods")).json()["wallet"]

    @pytest.mark.parametrize("settings", [{"wallet_chains": "8453, 137"}], indirect=True)
    async def test_the_first_chain_is_proposed_and_each_is_taken(self, http: httpx.AsyncClient) -> None:
        assert [(await asked(http, chain_id=chain))["chain_id"] for chain in (1, 137, 8453)] == [8453, 137, 8453]
        found = await asked(http)
        assert found["chains"] == [8453, 137]
        assert (await verify(http, changed(found["message"], chain_id="137"))).status_code == 201
