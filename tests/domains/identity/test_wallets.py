"""Sign-in by wallet over HTTP: who gets in, who does not; a refusal leaves nothing behind but a spent nonce."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.identity import siwe
from antiphon.entry.bootstrap import House
from tests.support.answers import pointers, refused
from tests.support.clock import FrozenClock
from tests.support.signing import (
    KEY,
    OTHER_KEY,
    asked,
    changed,
    counted,
    nobody_new,
    sign,
    signed_in,
    spent,
    verify,
)

N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


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
