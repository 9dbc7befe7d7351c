"""Sign-in by wallet over HTTP: who gets in, who does not; a refusal leaves nothing behind but a spent nonce."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from sqlalchemy import text

from antiphon.domains.identity import siwe
from antiphon.entry.bootstrap import House
from antiphon.kit.settings import Settings
from tests.support.answers import pointers, refused
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person

KEY: LocalAccount = Account.from_key("0x" + "11" * 32)
OTHER_KEY: LocalAccount = Account.from_key("0x" + "22" * 32)
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def sign(message: str, key: LocalAccount = KEY) -> str:
    return "0x" + bytes(key.sign_message(encode_defunct(text=message)).signature).hex()


async def asked(http: httpx.AsyncClient, key: LocalAccount = KEY, **more: Any) -> dict[str, Any]:
    answer = await http.post("/api/v1/auth/wallet/nonce", json={"address": key.address, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def verify(http: httpx.AsyncClient, message: str, signature: str | None = None, **more: Any) -> httpx.Response:
    body = {"message": message, "signature": sign(message) if signature is None else signature, **more}
    return await http.post("/api/v1/auth/wallet/verify", json=body)


async def signed_in(http: httpx.AsyncClient, key: LocalAccount = KEY, **more: Any) -> httpx.Response:
    message = (await asked(http, key))["message"]
    return await verify(http, message, sign(message, key), **more)


def changed(message: str, **changes: Any) -> str:
    return siwe.format(msgspec.structs.replace(siwe.parse(message), **changes))


async def counted(house: House) -> dict[str, int]:
    tables = ("users", "sessions", "refresh_tokens", "wallets")
    async with house.db.system() as uow:
        found = [await uow.conn.execute(text(f"SELECT count(*) FROM identity.{table}")) for table in tables]
        return {table: int(result.scalar_one()) for table, result in zip(tables, found, strict=True)}


@asynccontextmanager
async def nobody_new(house: House) -> AsyncIterator[None]:
    """Fails where the block made or took away an account, a session or a wallet."""
    before = await counted(house)
    yield
    assert await counted(house) == before


async def spent(http: httpx.AsyncClient, house: House, message: str) -> None:
    """The nonce of the message is worth nothing any more, even for what was asked at first."""
    async with nobody_new(house):
        assert refused(await verify(http, message)) == (401, "wallet_nonce_spent")


async def test_the_message_is_ours_to_the_letter(http: httpx.AsyncClient, clock: FrozenClock) -> None:
    found = await asked(http)
    message = siwe.parse(found["message"])
    assert (message.domain, message.scheme, message.uri) == ("localhost:8420", None, "http://localhost:8420/")
    assert (message.address, message.version, message.chain_id) == (KEY.address, "1", "1")
    assert (message.statement, message.nonce) == (found["statement"], found["nonce"])
    assert (message.issued_at, message.expiration_time) == (found["issued_at"], found["expiration_time"])
    assert found["issued_at"] == f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    assert found["expiration_time"] == f"{clock.now() + timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}"
    assert len(found["nonce"]) == 64
    without = (await http.post("/api/v1/auth/wallet/nonce", json={})).json()
    assert without["message"] is None
    assert without["nonce"] != found["nonce"]


async def test_a_new_wallet_makes_an_account_and_comes_back_to_it(http: httpx.AsyncClient) -> None:
    made = await signed_in(http)
    assert made.status_code == 201, made.text
    user = made.json()["user"]
    assert user["roles"] == ["fan"]
    assert KEY.address.lower()[2:10] not in made.text.lower()
    headers = {"Authorization": f"Bearer {made.json()['tokens']['access_token']}"}
    me = (await http.get("/api/v1/users/me", headers=headers)).json()
    assert (me["email"], me["email_verified"]) == (None, False)
    again = await signed_in(http)
    assert (again.status_code, again.json()["user"]) == (200, user)
    [wallet] = (await http.get("/api/v1/users/me/wallets", headers=headers)).json()
    assert (wallet["address"], wallet["contract_chain"]) == (KEY.address, None)
    assert wallet["last_used_at"] is not None
    assert (await signed_in(http, OTHER_KEY)).json()["user"]["id"] != user["id"]


async def test_who_is_new_may_say_how_they_are_called(http: httpx.AsyncClient, house: House) -> None:
    made = await signed_in(http, handle="Ada", display_name="Ada Lovelace")
    assert (made.json()["user"]["handle"], made.json()["user"]["display_name"]) == ("ada", "Ada Lovelace")
    async with nobody_new(house):
        assert refused(await signed_in(http, OTHER_KEY, handle="ada")) == (409, "handle_taken")
        assert pointers(await signed_in(http, OTHER_KEY, handle=".")) == {"/handle"}
    ignored = await signed_in(http, handle="somebody.else")
    assert ignored.json()["user"]["handle"] == "ada"


async def test_every_spelling_of_a_signature_and_of_what_was_asked(http: httpx.AsyncClient) -> None:
    await signed_in(http)
    for spell in (
        lambda r, s, v: r + s + bytes([v - 27]),
        lambda r, s, v: r + (int.from_bytes(s) | (v - 27) << 255).to_bytes(32),
    ):
        message = (await asked(http))["message"]
        raw = bytes.fromhex(sign(message)[2:])
        assert (await verify(http, message, "0x" + spell(raw[:32], raw[32:64], raw[64]).hex())).status_code == 200
    for changes in (
        {"scheme": "http"},
        {"domain": "LOCALHOST:8420"},
        {"uri": "http://localhost:8420/anywhere?x=1#y"},
        {"expiration_time": None},
        {"request_id": "mine"},
    ):
        assert (await verify(http, changed((await asked(http))["message"], **changes))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"domain": "evil.example"}, "domain"),
        ({"domain": "localhost:8421"}, "domain"),
        ({"domain": "localhost:8420@evil.example"}, "domain"),
        ({"scheme": "https"}, "domain"),
        ({"uri": "http://evil.example/"}, "uri"),
        ({"uri": "https://localhost:8420/"}, "uri"),
        ({"chain_id": "137"}, "chain"),
        ({"statement": "Sign in to Antiphon. This sends no transaction and costs nothing!"}, "statement"),
        ({"statement": None}, "statement"),
        ({"resources": ("https://localhost:8420/all-of-it",)}, "resources"),
    ],
    ids=str,
)
async def test_a_message_that_says_something_else(
    http: httpx.AsyncClient, house: House, changes: dict[str, Any], reason: str
) -> None:
    message = (await asked(http))["message"]
    async with nobody_new(house):
        answer = await verify(http, changed(message, **changes))
        assert refused(answer) == (401, "wallet_message_refused")
        assert answer.json()["reason"] == reason
    await spent(http, house, message)


@pytest.mark.parametrize(
    ("field", "minutes", "reason"),
    [
        ("expiration_time", 0, "expired"),
        ("expiration_time", -60, "expired"),
        ("not_before", 1, "not_yet_valid"),
        ("issued_at", 2, "issued_in_future"),
    ],
)
async def test_a_message_out_of_its_time(
    http: httpx.AsyncClient, house: House, clock: FrozenClock, field: str, minutes: int, reason: str
) -> None:
    message = (await asked(http))["message"]
    moment = f"{clock.now() + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    async with nobody_new(house):
        answer = await verify(http, changed(message, **{field: moment}))
        assert refused(answer) == (401, "wallet_message_refused")
        assert answer.json()["reason"] == reason
    await spent(http, house, message)


async def test_ten_minutes_are_enough_and_all_there_is(
    http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    early, late = [(await asked(http))["message"] for _ in range(2)]
    clock.move(timedelta(minutes=10) - timedelta(seconds=1))
    assert (await verify(http, early)).status_code == 201
    clock.move(timedelta(seconds=1))
    await spent(http, house, late)
    await spent(http, house, changed(late, expiration_time=None))


async def test_a_message_works_once(http: httpx.AsyncClient, house: House) -> None:
    message = (await asked(http))["message"]
    assert (await verify(http, message)).status_code == 201
    await spent(http, house, message)


@pytest.mark.parametrize("nonce", ["a" * 64, "A" * 64, "12345678", "zz" * 32, "a" * 3000])
async def test_a_nonce_that_we_never_gave(http: httpx.AsyncClient, house: House, nonce: str) -> None:
    await spent(http, house, changed((await asked(http))["message"], nonce=nonce))


async def test_a_nonce_in_other_capitals_is_another(http: httpx.AsyncClient, house: House) -> None:
    message = (await asked(http))["message"]
    await spent(http, house, changed(message, nonce=siwe.parse(message).nonce.upper()))


@pytest.mark.commits
async def test_of_two_who_bring_one_message_exactly_one_gets_in(http: httpx.AsyncClient, house: House) -> None:
    message = (await asked(http))["message"]
    answers = await asyncio.gather(*(verify(http, message) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    assert await counted(house) == {"users": 1, "sessions": 1, "refresh_tokens": 1, "wallets": 1}


@pytest.mark.commits
async def test_of_many_first_sign_ins_of_one_wallet_one_makes_the_account(
    http: httpx.AsyncClient, house: House
) -> None:
    messages = [(await asked(http))["message"] for _ in range(4)]
    answers = await asyncio.gather(*(verify(http, message) for message in messages))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["user"]["id"] for answer in answers}) == 1
    assert (await counted(house))["users"] == 1


def high_s(signature: str) -> str:
    raw = bytes.fromhex(signature[2:])
    return "0x" + (raw[:32] + (N - int.from_bytes(raw[32:64])).to_bytes(32) + bytes([55 - raw[64]])).hex()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda message: sign(message, OTHER_KEY), id="of another key"),
        pytest.param(lambda message: sign(message + " "), id="of another message"),
        pytest.param(lambda message: sign(message)[:-4], id="too short"),
        pytest.param(lambda message: sign(message)[:-1] + "7", id="another v"),
        pytest.param(lambda message: "0x", id="none"),
        pytest.param(lambda message: "0x" + "00" * 65, id="zeros"),
        pytest.param(lambda message: "0x" + "ff" * 65, id="ones"),
        pytest.param(lambda message: "0x" + "5a" * 64, id="garbage"),
        pytest.param(lambda message: high_s(sign(message)), id="with the other s"),
    ],
)
async def test_a_signature_that_proves_nothing(http: httpx.AsyncClient, house: House, spoil: Any) -> None:
    message = (await asked(http))["message"]
    async with nobody_new(house):
        assert refused(await verify(http, message, spoil(message))) == (401, "wallet_signature_wrong")
    await spent(http, house, message)


async def test_a_contract_is_not_believed_where_nobody_can_ask_it(http: httpx.AsyncClient, house: House) -> None:
    message = (await asked(http))["message"]
    async with nobody_new(house):
        answer = await verify(http, message, sign(message, OTHER_KEY) + "00" * 32)
        assert refused(answer) == (422, "contract_wallets_off")
    await spent(http, house, message)


@pytest.mark.parametrize("signature", ["", "0x1", "0xzz", "11" * 65, "0x" + "11" * 4097])
async def test_a_signature_that_is_no_text_of_bytes(http: httpx.AsyncClient, house: House, signature: str) -> None:
    message = (await asked(http))["message"]
    async with nobody_new(house):
        assert pointers(await verify(http, message, signature)) == {"/signature"}
    assert (await verify(http, message)).status_code == 201


@pytest.mark.parametrize(
    "spoil", [lambda m: m + "\n", lambda m: m.replace("\n", "\r\n"), lambda m: m[1:] + "é", str.lower]
)
async def test_a_text_that_is_no_message(http: httpx.AsyncClient, house: House, spoil: Any) -> None:
    message = (await asked(http))["message"]
    async with nobody_new(house):
        answer = await verify(http, spoil(message), sign(message))
        assert pointers(answer) == {"/message"}
        assert "at character" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("body", [{"address": "0x12"}, {"address": 7}, {"chain_id": 0}, {"chain_id": "x"}])
async def test_a_start_that_is_malformed(http: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert pointers(await http.post("/api/v1/auth/wallet/nonce", json=body)) == {f"/{next(iter(body))}"}


async def test_a_failure_stands_in_the_log_of_who_has_the_wallet(http: httpx.AsyncClient) -> None:
    made = await signed_in(http)
    message = (await asked(http))["message"]
    await verify(http, message, sign(message, OTHER_KEY))
    headers = {"Authorization": f"Bearer {made.json()['tokens']['access_token']}"}
    entries = (await http.get("/api/v1/users/me/audit", headers=headers)).json()["items"]
    log = {entry["action"]: entry["data"] for entry in reversed(entries)}
    assert log["sign_in.failed"] == {"method": "wallet"}
    assert log["wallet.linked"] == {"wallet": KEY.address}
    assert entries[0]["action"] == "sign_in.failed"


class TestOwnWallets:
    """Linked, listed, removed: with a fresh sign-in and a proof of both sides."""

    async def start(self, person: Person, purpose: str = "link", key: LocalAccount = KEY) -> str:
        answer = await person.post("/users/me/wallets/nonce", json={"address": key.address, "purpose": purpose})
        assert answer.status_code == 200, answer.text
        message: str = answer.json()["message"]
        return message

    async def link(self, person: Person, key: LocalAccount = KEY) -> httpx.Response:
        message = await self.start(person, key=key)
        return await person.post("/users/me/wallets", json={"message": message, "signature": sign(message, key)})

    async def test_a_linked_wallet_signs_in_to_its_account(self, http: httpx.AsyncClient, make: Maker) -> None:
        ada = await make.person()
        linked = await self.link(ada)
        assert linked.status_code == 201, linked.text
        assert linked.json()["address"] == KEY.address
        answer = await signed_in(http)
        assert (answer.status_code, answer.json()["user"]["id"]) == (200, ada.id)
        assert f"account {ada.handle}" in siwe.parse(await self.start(ada, key=OTHER_KEY)).statement.replace(",", "")

    async def test_one_wallet_belongs_to_one_account(self, http: httpx.AsyncClient, house: House, make: Maker) -> None:
        ada, eve = await make.person(), await make.person()
        assert (await self.link(ada)).status_code == 201
        async with nobody_new(house):
            assert refused(await self.link(eve)) == (409, "wallet_taken")
            assert refused(await self.link(ada)) == (409, "wallet_taken")

    async def test_both_sides_are_proven(self, http: httpx.AsyncClient, house: House, make: Maker) -> None:
        """A signature for one account or purpose is worth nothing for another."""
        ada, eve = await make.person(), await make.person()
        for_ada, to_prove = await self.start(ada), await self.start(ada, "step_up")
        to_sign_in = (await asked(http))["message"]
        async with nobody_new(house):
            for person, message in ((eve, for_ada), (ada, to_prove), (ada, to_sign_in)):
                body = {"message": message, "signature": sign(message)}
                assert refused(await person.post("/users/me/wallets", json=body)) == (401, "wallet_nonce_spent")
            await spent(http, house, await self.start(ada))
            message = await self.start(ada)
            body = {"message": message, "signature": sign(message, OTHER_KEY)}
            assert refused(await ada.post("/users/me/wallets", json=body)) == (401, "wallet_signature_wrong")
        assert (await self.link(ada)).status_code == 201

    async def test_an_old_sign_in_links_and_removes_nothing(
        self, http: httpx.AsyncClient, house: House, make: Maker, clock: FrozenClock
    ) -> None:
        ada = await make.person()
        wallet = (await self.link(ada)).json()
        message = await self.start(ada, key=OTHER_KEY)
        clock.move(timedelta(minutes=11))
        async with nobody_new(house):
            answer = await ada.post("/users/me/wallets/nonce", json={"address": KEY.address})
            assert refused(answer) == (403, "step_up_needed")
            assert answer.json()["methods"] == ["password", "wallet"]
            body = {"message": message, "signature": sign(message, OTHER_KEY)}
            assert refused(await ada.post("/users/me/wallets", json=body)) == (403, "step_up_needed")
            assert refused(await ada.delete(f"/users/me/wallets/{wallet['id']}")) == (403, "step_up_needed")

    async def test_a_wallet_is_removed_and_free_again(self, http: httpx.AsyncClient, make: Maker) -> None:
        ada, eve = await make.person(), await make.person()
        wallet = (await self.link(ada)).json()
        assert refused(await eve.delete(f"/users/me/wallets/{wallet['id']}")) == (404, "not_found")
        assert (await ada.delete(f"/users/me/wallets/{wallet['id']}")).status_code == 204
        assert refused(await ada.delete(f"/users/me/wallets/{wallet['id']}")) == (404, "not_found")
        assert (await ada.get("/users/me/wallets")).json() == []
        assert (await self.link(eve)).status_code == 201

    async def test_the_last_way_in_stays(self, http: httpx.AsyncClient, house: House, make: Maker) -> None:
        made = (await signed_in(http)).json()
        ada = Person(made["user"]["id"], made["user"]["handle"], "", "", made["tokens"], http)
        [first] = (await ada.get("/users/me/wallets")).json()
        async with nobody_new(house):
            assert refused(await ada.delete(f"/users/me/wallets/{first['id']}")) == (409, "last_way_in")
        second = (await self.link(ada, OTHER_KEY)).json()
        assert (await ada.delete(f"/users/me/wallets/{first['id']}")).status_code == 204
        assert refused(await ada.delete(f"/users/me/wallets/{second['id']}")) == (409, "last_way_in")

    async def test_a_wallet_of_the_account_renews_the_proof(
        self, http: httpx.AsyncClient, house: House, make: Maker, clock: FrozenClock
    ) -> None:
        """Who has no password can still do what needs a fresh sign-in; a wallet of others proves nothing."""
        ada, eve = await make.person(), await make.person()
        await self.link(ada)
        clock.move(timedelta(minutes=11))
        for person, key, expected in (
            (ada, OTHER_KEY, (401, "wallet_signature_wrong")),
            (eve, KEY, (401, "wallet_signature_wrong")),
        ):
            message = await self.start(person, "step_up", key)
            body = {"message": message, "signature": sign(message, key)}
            async with nobody_new(house):
                assert refused(await person.post("/auth/wallet/step-up", json=body)) == expected
        message = await self.start(ada, "step_up")
        body = {"message": message, "signature": sign(message)}
        renewed = await ada.post("/auth/wallet/step-up", json=body)
        assert renewed.status_code == 200, renewed.text
        assert refused(await ada.post("/auth/wallet/step-up", json=body)) == (401, "wallet_nonce_spent")
        ada.tokens["access_token"] = renewed.json()["access_token"]
        assert (await self.link(ada, OTHER_KEY)).status_code == 201

    async def test_others_see_no_wallets(self, http: httpx.AsyncClient, make: Maker) -> None:
        ada, eve = await make.person(), await make.person()
        await self.link(ada)
        assert (await eve.get("/users/me/wallets")).json() == []
        assert KEY.address.lower() not in (await eve.get(f"/users/{ada.id}")).text.lower()
        assert refused(await http.get("/api/v1/users/me/wallets")) == (401, "unauthenticated")


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

    @pytest.mark.parametrize("settings", [{"registration": "invitation"}], indirect=True)
    async def test_where_one_is_invited_a_wallet_needs_that_too(self, http: httpx.AsyncClient, house: House) -> None:
        async with nobody_new(house):
            assert refused(await signed_in(http)) == (403, "invitation_needed")
            assert refused(await signed_in(http, invitation="x" * 43)) == (403, "invitation_needed")

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
