"""Whoever is asked about a contract says yes, no, or that it cannot be known; never yes by mistake."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.chain import open_chain
from antiphon.adapters.chain.fake import FakeChain
from antiphon.adapters.chain.off import NoChain
from antiphon.adapters.chain.rpc import RpcChain
from antiphon.domains.identity.errors import ChainUnavailable, ContractWalletsOff
from antiphon.domains.identity.ports import Chain
from antiphon.kit.settings import SettingsError, load_settings
from tests.support.nodes import Node, running_node

WALLET, ANOTHER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
DIGEST = bytes(range(32))
YES = "0x1626ba7e" + "00" * 28


@dataclass
class World:
    """A chain and how to change it."""

    chain: Chain
    agree: Callable[[str, bytes], None]
    fall: Callable[[], None]


@pytest.fixture
def node() -> Iterator[Node]:
    with running_node() as made:
        yield made


@pytest.fixture(params=["fake", "rpc"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        fake = FakeChain()

        def agree(address: str, signature: bytes) -> None:
            fake.contracts.setdefault((1, address.lower()), set()).add(signature)

        return World(fake, agree, lambda: setattr(fake, "down", True))
    node: Node = request.getfixturevalue("node")
    return World(
        open_chain(f"1={node.url}"),
        lambda address, signature: node.contracts.setdefault(address.lower(), set()).add(signature),
        lambda: setattr(node, "raw", (502, b"bad gateway")),
    )


@pytest.mark.parametrize("length", [0, 1, 31, 32, 65, 130, 4096])
async def test_a_contract_agrees_to_its_own_signatures_of_any_length(world: World, length: int) -> None:
    signature = bytes(number % 251 for number in range(length))
    world.agree(WALLET, signature)
    assert await world.chain.is_valid_signature(1, WALLET, DIGEST, signature)
    assert not await world.chain.is_valid_signature(1, WALLET, DIGEST, signature + b"\0")


async def test_an_address_without_a_contract_agrees_to_nothing(world: World) -> None:
    world.agree(WALLET, b"signed")
    assert not await world.chain.is_valid_signature(1, ANOTHER, DIGEST, b"signed")


async def test_a_chain_nobody_can_be_asked_about(world: World) -> None:
    world.agree(WALLET, b"signed")
    with pytest.raises(ContractWalletsOff):
        await world.chain.is_valid_signature(8453, WALLET, DIGEST, b"signed")


async def test_a_chain_that_is_down_says_nothing(world: World) -> None:
    world.agree(WALLET, b"signed")
    world.fall()
    with pytest.raises(ChainUnavailable) as refusal:
        await world.chain.is_valid_signature(1, WALLET, DIGEST, b"signed")
    assert (refusal.value.status, int(refusal.value.headers["Retry-After"]) > 0) == (503, True)


async def test_without_nodes_it_is_off_and_says_so() -> None:
    off = open_chain(None)
    assert isinstance(off, NoChain)
    with pytest.raises(ContractWalletsOff):
        await off.is_valid_signature(1, WALLET, DIGEST, b"signed")


async def test_the_call_is_encoded_as_contracts_read_it(node: Node) -> None:
    await open_chain(f"1={node.url}").is_valid_signature(1, WALLET, DIGEST, b"\xaa" * 33)
    chain_id, call = node.asked
    assert (chain_id["method"], call["method"], call["params"][1]) == ("eth_chainId", "eth_call", "latest")
    assert call["params"][0] == {
        "to": WALLET,
        "data": f"0x1626ba7e{DIGEST.hex()}{64:064x}{33:064x}{'aa' * 33}{'00' * 31}",
    }


async def test_the_chain_of_a_node_is_asked_once_and_must_be_the_right_one(node: Node) -> None:
    chain = open_chain(f"1={node.url}")
    for _ in range(2):
        await chain.is_valid_signature(1, WALLET, DIGEST, b"")
    assert [question["method"] for question in node.asked] == ["eth_chainId", "eth_call", "eth_call"]
    node.contracts[WALLET.lower()] = {b"signed"}
    with pytest.raises(ChainUnavailable):
        await open_chain(f"137={node.url}").is_valid_signature(137, WALLET, DIGEST, b"signed")


def answer(**members: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1} | members).encode()


@pytest.mark.parametrize(
    "raw",
    [
        (200, b""),
        (200, b"<html>sign in to your network</html>"),
        (200, b"\xff\xfe"),
        (200, b"[" * 5000),
        (200, answer()),
        (200, answer(result=None)),
        (200, answer(result=1)),
        (200, answer(result="0xzz")),
        (200, answer(result=YES, id=2)),
        (200, answer(result=YES, jsonrpc="1.0")),
        (200, answer(result=YES, error={"code": -32005, "message": "limit exceeded"})),
        (200, b'{"result": "' + YES.encode() + b'"}'),
        (200, b" " * 70_000 + answer(result=YES)),
        (301, b""),
        (401, answer(result=YES)),
        (429, answer(result=YES)),
        (500, answer(result=YES)),
    ],
    ids=lambda raw: f"{raw[0]} {raw[1][:60]!r}",
)
async def test_an_answer_that_is_none_is_never_taken_for_yes(node: Node, raw: tuple[int, bytes]) -> None:
    chain = open_chain(f"1={node.url}")
    assert not await chain.is_valid_signature(1, WALLET, DIGEST, b"")  # the chain of the node is known from here on
    node.raw = raw
    with pytest.raises(ChainUnavailable):
        await chain.is_valid_signature(1, WALLET, DIGEST, b"signed")


@pytest.mark.parametrize(
    "result",
    ["0x", "0x1626ba7e", "0x" + "00" * 28 + "1626ba7e", "0x1626ba7e" + "00" * 27 + "01", "0x" + "00" * 31 + "01"],
)
async def test_only_the_whole_word_is_yes(node: Node, result: str) -> None:
    chain = open_chain(f"1={node.url}")
    await chain.is_valid_signature(1, WALLET, DIGEST, b"")
    node.raw = (200, answer(result=result))
    assert not await chain.is_valid_signature(1, WALLET, DIGEST, b"signed")
    node.raw = (200, answer(result=YES))
    assert await chain.is_valid_signature(1, WALLET, DIGEST, b"signed")


@pytest.mark.parametrize(
    ("error", "known"),
    [
        ({"code": 3, "message": "execution reverted", "data": "0x08c379a0"}, True),
        ({"code": -32000, "message": "Execution reverted"}, True),
        ({"code": -32015, "message": "VM execution error."}, True),
        ({"code": -32000, "message": "header not found"}, False),
        ({"code": -32005, "message": "daily request count exceeded"}, False),
        ({"code": -32601, "message": "the method eth_call does not exist"}, False),
    ],
    ids=str,
)
async def test_a_contract_that_reverts_says_no_and_a_node_that_refuses_nothing(
    node: Node, error: dict[str, Any], known: bool
) -> None:
    node.error = error
    chain = open_chain(f"1={node.url}")
    if known:
        assert not await chain.is_valid_signature(1, WALLET, DIGEST, b"signed")
    else:
        with pytest.raises(ChainUnavailable):
            await chain.is_valid_signature(1, WALLET, DIGEST, b"signed")


async def test_a_node_that_keeps_silent_is_not_waited_for(node: Node) -> None:
    node.hold = threading.Event()
    try:
        with pytest.raises(ChainUnavailable):
            await RpcChain({1: node.url}, timeout_s=0.1).is_valid_signature(1, WALLET, DIGEST, b"signed")
    finally:
        node.hold.set()


async def test_a_node_that_is_not_there() -> None:
    with pytest.raises(ChainUnavailable):
        await open_chain("1=http://127.0.0.1:9/").is_valid_signature(1, WALLET, DIGEST, b"signed")


async def test_the_address_of_a_node_reaches_no_log(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    for raw in ((500, b""), (200, b"x")):
        node.raw = raw
        with pytest.raises(ChainUnavailable):
            await open_chain(f"1={node.url}").is_valid_signature(1, WALLET, DIGEST, b"signed")
    printed = capsys.readouterr()
    assert "key-of-ours" not in printed.out + printed.err


@pytest.mark.parametrize(
    "nodes",
    [
        "https://node.example",
        "1=",
        "1=ftp://node.example",
        "x=https://a",
        "1=https://a,1=https://b",
        "0=https://a",
        ",",
    ],
)
def test_impossible_settings_are_refused_at_the_start(nodes: str) -> None:
    with pytest.raises(SettingsError):
        open_chain(nodes)


@pytest.mark.parametrize("chains", ["", "0", "1;2", "one", "1,", "1" * 19])
def test_impossible_chains_are_refused_at_the_start(chains: str, tmp_path: Path) -> None:
    path = tmp_path / "antiphon.toml"
    path.write_text(f'wallet_chains = "{chains}"', encoding="utf-8")
    with pytest.raises(SettingsError, match="wallet_chains"):
        load_settings({}, path)
