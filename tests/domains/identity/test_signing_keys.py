"""Signing keys change while everything runs, and nobody is signed out by that."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import text

from antiphon.domains.identity.api import SigningKeyUnreadable, Tokens
from antiphon.domains.identity.signing_keys import SigningKeys
from antiphon.entry.bootstrap import House
from antiphon.kit.db import Database
from antiphon.kit.live import LiveMessage
from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import KEYS_TOPIC, Vault
from tests.support.answers import rows
from tests.support.clock import FrozenClock
from tests.support.people import Maker
from tests.support.queries import queries

MASTER = Secrets(b"m" * 32)
ISSUER = "http://localhost:8420"


async def other_process(db: Database, vault: Vault, clock: FrozenClock) -> Tokens:
    made = Tokens(SigningKeys(vault, MASTER, clock), ISSUER, clock)
    await made.keys.load(db)
    return made


def a_token(tokens: Tokens) -> str:
    return tokens.issue(uuid4(), uuid4(), frozenset())


def kid_of(token: str) -> str:
    return str(json.loads(base64.urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))["kid"])


async def test_the_new_key_signs_and_the_old_one_verifies_until_its_tokens_ran_out(
    house: House, clock: FrozenClock
) -> None:
    db, tokens = house.db, house.identity.tokens
    old = a_token(tokens)
    kid = await tokens.keys.rotate(db)
    assert kid_of(a_token(tokens)) == kid != kid_of(old)
    assert tokens.verify(old)
    clock.move(timedelta(minutes=21))
    assert tokens.keys.get(kid_of(old)) is None
    assert tokens.keys.get(kid)
    await house.jobs.spec("identity.forget_expired").run()
    async with db.system() as uow:
        left = (await uow.conn.execute(text("SELECT kid FROM identity.signing_keys"))).scalars().all()
    assert left == [kid]


async def test_what_a_stolen_key_signed_can_be_ended_at_once(db: Database, tokens: Tokens) -> None:
    old = a_token(tokens)
    assert tokens.verify(old)
    await tokens.keys.rotate(db, at_once=True)
    assert tokens.verify(old) is None
    assert tokens.verify(a_token(tokens))


async def test_a_process_that_did_not_hear_of_a_new_key_looks_for_it_when_it_meets_it(
    db: Database, tokens: Tokens, vault: Vault, clock: FrozenClock
) -> None:
    other = await other_process(db, vault, clock)
    await other.keys.rotate(db)
    token = a_token(other)
    assert tokens.verify(token) is None
    clock.move(timedelta(seconds=3))
    found = await asyncio.gather(*(tokens.verify_anew(db, token) for _ in range(5)))
    assert all(found)


async def test_strangers_cannot_make_us_look_more_often_than_every_three_seconds(
    db: Database, tokens: Tokens, vault: Vault, clock: FrozenClock
) -> None:
    stranger = OKPKey.generate_key("Ed25519")
    header = {"alg": "Ed25519", "kid": stranger.thumbprint(), "typ": "at+jwt"}
    forged = jws.serialize_compact(header, b"{}", stranger, algorithms=["Ed25519"])
    clock.move(timedelta(seconds=3))
    with queries(db, at_most=2) as asked:
        for _ in range(20):
            assert await tokens.verify_anew(db, forged) is None
    assert asked
    with queries(db, at_most=0):
        for rubbish in ("", "a.b.c", "é.b.c", "x" * 5000, a_token(tokens)[:-9] + "AAAAAAAAA"):
            assert await tokens.verify_anew(db, rubbish) is None


async def test_keys_from_before_the_vault_move_in_and_their_tokens_hold(
    db: Database, tokens: Tokens, vault: Vault, clock: FrozenClock
) -> None:
    token, key = a_token(tokens), tokens.keys.signing
    sealed = MASTER.seal("jwt", json.dumps(key.as_dict(private=True)).encode())
    before = text("UPDATE identity.signing_keys SET sealed = :sealed, in_vault = false")
    async with db.system() as uow:
        await uow.conn.execute(before, {"sealed": sealed})
    with pytest.raises(SigningKeyUnreadable, match="master secret"):
        await SigningKeys(vault, Secrets(b"n" * 32), clock).load(db)
    for _ in range(2):  # the second finds it moved
        assert (await other_process(db, vault, clock)).verify(token)
    async with db.system() as uow:
        row = (await uow.conn.execute(text("SELECT kid, in_vault FROM identity.signing_keys"))).one()
    assert (row.kid, row.in_vault) == (key.thumbprint(), True)


async def test_the_public_keys_are_where_everybody_looks_for_them(
    http: httpx.AsyncClient, house: House, make: Maker
) -> None:
    ada = await make.person()
    old = ada.tokens["access_token"]
    await house.identity.tokens.keys.rotate(house.db)
    answer = await http.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    keys = answer.json()["keys"]
    assert len(keys) == 2
    assert not any("d" in key for key in keys)
    by_kid = {key["kid"]: OKPKey.import_key(key) for key in keys}
    assert all(kid == key.thumbprint() for kid, key in by_kid.items())
    checked = jws.deserialize_compact(old, by_kid[kid_of(old)], algorithms=["Ed25519"])
    assert json.loads(checked.payload or b"")["sub"] == ada.id


@pytest.mark.commits
async def test_running_processes_hear_of_new_keys(
    http: httpx.AsyncClient, house: House, make: Maker, db: Database, clock: FrozenClock
) -> None:
    """`house` runs; another process of the same installation rotates, as the command does."""
    ada = await make.person()
    other = SigningKeys(house.vault, house.secrets, clock)
    await other.load(db)
    kid = await other.rotate(db)
    async with asyncio.timeout(60):
        while house.identity.tokens.keys.signing.thumbprint() != kid:
            assert (await ada.get("/users/me")).status_code == 200
    signed_in = await http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})
    assert kid_of(signed_in.json()["tokens"]["access_token"]) == kid


@pytest.mark.commits
async def test_whoever_ends_while_new_keys_are_read_has_let_go_of_the_database(house: House) -> None:
    """It is closed next, and what came back to it after that would stay open."""
    before = asyncio.all_tasks()
    listening = house.listening()
    await listening.__aenter__()
    async with house.db.unit() as uow:
        await uow.conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('kit.data_keys', 0))"))
        house.hub.deliver(LiveMessage(KEYS_TOPIC, "changed", {}))
        while not await rows(house.db, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            pass  # until they are about to be read
        await listening.__aexit__(None, None, None)
        assert asyncio.all_tasks() <= before
