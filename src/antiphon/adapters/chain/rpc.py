"""A chain asked over the JSON-RPC that every Ethereum node speaks.

The node is believed about its contracts, so it is asked first whether it is on the chain at all. Its address often
holds a key: it never reaches a log.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec

from antiphon.domains.identity.errors import ChainUnavailable, ContractWalletsOff
from antiphon.kit.logs import get_logger

__all__ = ["RpcChain"]

log = get_logger(__name__)
TIMEOUT_S = 5.0
LONGEST_ANSWER = 65_536
MAGIC = bytes.fromhex("1626ba7e")  # the selector of isValidSignature(bytes32,bytes), and its answer for yes
REVERTED = {3, -32015}  # codes of geth and its kin, and of the family of Parity


class _Failure(msgspec.Struct):
    code: int
    message: str = ""


class _Answer(msgspec.Struct):
    jsonrpc: str
    id: int
    result: str | None = None
    error: _Failure | None = None


class _Unusable(Exception):
    """Why the node's answer says nothing."""


class _Refused(Exception):
    """The node answered with an error."""

    def __init__(self, failure: _Failure) -> None:
        self.reverted = failure.code in REVERTED or "revert" in failure.message.lower()
        super().__init__(f"error {failure.code}")


class RpcChain:
    """`nodes` are addresses by chain."""

    def __init__(self, nodes: dict[int, str], *, timeout_s: float = TIMEOUT_S) -> None:
        self._nodes = nodes
        self._timeout_s = timeout_s
        self._known: set[int] = set()

    async def is_valid_signature(self, chain_id: int, address: str, digest: bytes, signature: bytes) -> bool:
        """A contract that reverts does not agree."""
        if chain_id not in self._nodes:
            raise ContractWalletsOff
        call = {"to": address, "data": f"0x{_call_data(digest, signature).hex()}"}
        try:
            async with asyncio.timeout(self._timeout_s), httpx.AsyncClient(timeout=self._timeout_s) as client:
                await self._check_chain(client, chain_id)
                answer = await self._ask(client, chain_id, "eth_call", [call, "latest"])
            return _bytes(answer)[:32] == MAGIC.ljust(32, b"\0")
        except _Refused as refusal:
            if refusal.reverted:
                return False
            raise self._unavailable(chain_id, refusal) from refusal
        except (httpx.HTTPError, TimeoutError, _Unusable) as error:
            raise self._unavailable(chain_id, error) from error

    async def _check_chain(self, client: httpx.AsyncClient, chain_id: int) -> None:
        if chain_id in self._known:
            return
        answer = await self._ask(client, chain_id, "eth_chainId", [])
        if int.from_bytes(_bytes(answer)) != chain_id:
            raise _Unusable("the node is on another chain")
        self._known.add(chain_id)

    async def _ask(self, client: httpx.AsyncClient, chain_id: int, method: str, params: list[Any]) -> str:
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        raw = bytearray()
        async with client.stream("POST", self._nodes[chain_id], json=question) as response:
            if response.status_code != httpx.codes.OK:
                raise _Unusable(f"status {response.status_code}")
            async for part in response.aiter_bytes():
                raw += part
                if len(raw) > LONGEST_ANSWER:
                    raise _Unusable("an endless answer")
        try:
            answer = msgspec.json.decode(raw, type=_Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _Unusable("no answer of JSON-RPC") from error
        if answer.error is not None:
            raise _Refused(answer.error)
        if answer.jsonrpc != "2.0" or answer.id != 1 or answer.result is None:
            raise _Unusable("an answer to something else")
        return answer.result

    def _unavailable(self, chain_id: int, reason: Exception) -> ChainUnavailable:
        why = str(reason) if isinstance(reason, _Unusable | _Refused) else type(reason).__name__
        log.warning("a chain cannot be asked", chain=chain_id, reason=why)
        return ChainUnavailable()


def _call_data(digest: bytes, signature: bytes) -> bytes:
    """isValidSignature(digest, signature) in the encoding of contracts: words of 32 bytes."""
    padded = signature + b"\0" * (-len(signature) % 32)
    return MAGIC + digest + (64).to_bytes(32) + len(signature).to_bytes(32) + padded


def _bytes(hexadecimal: str) -> bytes:
    """Both ways in which JSON-RPC writes: data (`0x00ff`) and quantities (`0xf`)."""
    digits = hexadecimal.removeprefix("0x")
    try:
        return bytes.fromhex(digits if len(digits) % 2 == 0 else f"0{digits}")
    except ValueError as error:
        raise _Unusable("an answer that is not hexadecimal") from error
