"""Wallets that are contracts: asked over the real adapter, at a node on loopback that says what the test wants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import msgspec
import pytest
from eth_account import Account

from antiphon.domains.identity import siwe
from antiphon.domains.identity.model_wallets import personal_digest
from antiphon.entry.bootstrap import House
from antiphon.kit.settings import Settings
from tests.support.answers import refused
from tests.support.clock import FrozenClock
from tests.support.nodes import Node, running_node
from tests.support.signing import changed, nobody_new, sign, spent, verify

CONTRACT = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"
SIGNED = "0x" + "5a" * 97
OWNER = Account.from_key("0x" + "33" * 32)


@pytest.fixture
def node() -> Iterator[Node]:
    with running_node() as made:
        made.contracts[CONTRACT.lower()] = {bytes.fromhex(SIGNED[2:])}
        yield made


@pytest.fixture
def settings(settings: Settings, node: Node) -> Settings:
    return msgspec.structs.replace(
        settings, wallet_chains="1,8453,137", chain_rpc_urls=f"1={node.url}, 8453={node.url}"
    )


async def asked(http: httpx.AsyncClient) -> str:
    message: str = (await http.post("/api/v1/auth/wallet/nonce", json={"address": CONTRACT})).json()["message"]
    return message


async def test_a_contract_that_says_yes_signs_in_and_comes_back(http: httpx.AsyncClient, node: Node) -> None:
    message = await asked(http)
    made = await verify(http, message, SIGNED)
    assert made.status_code == 201, made.text
    call = node.asked[-1]["params"][0]
    assert call["to"] == CONTRACT
    assert call["data"][10:74] == personal_digest(message).hex()
    again = await verify(http, await asked(http), SIGNED)
    assert (again.status_code, again.json()["user"]) == (200, made.json()["user"])
    headers = {"Authorization": f"Bearer {made.json()['tokens']['access_token']}"}
    [wallet] = (await http.get("/api/v1/users/me/wallets", headers=headers)).json()
    assert (wallet["address"], wallet["contract_chain"]) == (CONTRACT, 1)


@pytest.mark.parametrize(
    "signature", [SIGNED + "00", "0x", "0x" + "5a" * 65, "0x" + "5a" * 64], ids=["longer", "empty", "65", "64"]
)
async def test_a_contract_that_says_no(http: httpx.AsyncClient, house: House, signature: str) -> None:
    message = await asked(http)
    async with nobody_new(house):
        assert refused(await verify(http, message, signature)) == (401, "wallet_signature_wrong")
    await spent(http, house, message)


async def test_the_key_of_somebody_else_does_not_open_a_contract(http: httpx.AsyncClient, house: House) -> None:
    message = await asked(http)
    async with nobody_new(house):
        assert refused(await verify(http, message, sign(message, OWNER))) == (401, "wallet_signature_wrong")


async def test_a_node_that_is_down_lets_nobody_in_and_says_so(
    http: httpx.AsyncClient, house: House, node: Node
) -> None:
    message = await asked(http)
    node.raw = (503, b"")
    async with nobody_new(house):
        answer = await verify(http, message, SIGNED)
        assert refused(answer) == (503, "chain_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        node.raw = None
        assert refused(await verify(http, message, SIGNED)) == (401, "wallet_nonce_spent")
    assert (await verify(http, await asked(http), SIGNED)).status_code == 201


async def test_a_wallet_with_a_key_needs_no_node(http: httpx.AsyncClient, node: Node) -> None:
    node.raw = (503, b"")
    message = changed(await asked(http), address=OWNER.address)
    assert (await verify(http, message, sign(message, OWNER))).status_code == 201
    assert node.asked == []


async def test_a_chain_without_a_node(http: httpx.AsyncClient, house: House) -> None:
    async with nobody_new(house):
        answer = await verify(http, changed(await asked(http), chain_id="137"), SIGNED)
        assert refused(answer) == (422, "contract_wallets_off")


async def test_the_same_address_on_another_chain_is_another_contract(
    http: httpx.AsyncClient, house: House, node: Node
) -> None:
    """Whoever makes a contract at this address elsewhere does not get the account."""
    assert (await verify(http, await asked(http), SIGNED)).status_code == 201
    node.chain_id = 8453
    async with nobody_new(house):
        answer = await verify(http, changed(await asked(http), chain_id="8453"), SIGNED)
        assert refused(answer) == (401, "wallet_message_refused")
        assert answer.json()["reason"] == "chain"


async def test_nobody_is_asked_about_a_message_that_is_not_ours(
    http: httpx.AsyncClient, node: Node, clock: FrozenClock
) -> None:
    for spoil in ({"domain": "evil.example"}, {"nonce": "a" * 64}):
        answer = await verify(http, changed(await asked(http), **spoil), SIGNED)
        assert answer.status_code == 401
    late = await asked(http)
    clock.move(timedelta(minutes=10))
    assert refused(await verify(http, late, SIGNED)) == (401, "wallet_nonce_spent")
    assert siwe.parse(late).address == CONTRACT
    assert node.asked == []
