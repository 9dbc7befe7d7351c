"""Wallets without a browser: keys that sign what the product asks for, and what a refusal must leave as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from sqlalchemy import text

from antiphon.domains.identity import siwe
from antiphon.entry.bootstrap import House
from tests.support.answers import refused

__all__ = ["KEY", "OTHER_KEY", "asked", "changed", "counted", "nobody_new", "sign", "signed_in", "spent", "verify"]

KEY: LocalAccount = Account.from_key("0x" + "11" * 32)
OTHER_KEY: LocalAccount = Account.from_key("0x" + "22" * 32)


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
