"""Access tokens: ours are taken, everything else is not, and taking them costs no query."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey
from sqlalchemy import text

from antiphon.domains.identity.api import Tokens
from antiphon.domains.identity.signing_keys import SIGNING_KEY, SigningKeys
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, out
from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import Vault
from tests.support.clock import FrozenClock
from tests.support.queries import queries

ISSUER = "http://localhost:8420"
MASTER = Secrets(b"m" * 32)
ROLES = frozenset({"fan", "artist"})
Forge = Callable[..., str]


@pytest.fixture
async def forge(db: Database, tokens: Tokens, vault: Vault, clock: FrozenClock) -> Forge:
    """Makes tokens with the true key, and whatever else the test wants to be wrong."""
    async with db.read() as conn:
        row = (await conn.execute(text("SELECT kid, sealed FROM identity.signing_keys"))).one()
    true_key = OKPKey.import_key(json.loads(vault.open(SIGNING_KEY, row.sealed)))
    now = int(clock.now().timestamp())

    def make(key: Any = true_key, header: dict[str, Any] | None = None, **changes: Any) -> str:
        claims = {
            "iss": ISSUER,
            "aud": "antiphon",
            "sub": out(Kind.USER, uuid4()),
            "sid": out(Kind.SIGN_IN, uuid4()),
            "roles": ["fan"],
            "auth_time": now,
            "jti": "1",
            "iat": now,
            "nbf": now,
            "exp": now + 900,
            **changes,
        }
        head = {"alg": "Ed25519", "kid": row.kid, "typ": "at+jwt", **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jws.serialize_compact(head, json.dumps(claims).encode(), key, algorithms=["Ed25519", "HS256"])

    return make


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_a_token_of_ours_says_who_asks(tokens: Tokens) -> None:
    user, session = uuid4(), uuid4()
    actor = tokens.actor_of(tokens.issue(user, session, ROLES))
    assert actor is not None
    assert (actor.user_id, actor.session_id, actor.roles) == (user, session, ROLES)


async def test_the_claims_are_those_of_the_contract(tokens: Tokens, clock: FrozenClock) -> None:
    user, session = uuid4(), uuid4()
    proven = clock.now() - timedelta(minutes=3)
    head, body, _ = tokens.issue(user, session, ROLES, proven).split(".")
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body))
    assert header["typ"] == "at+jwt"
    assert header["alg"] == "Ed25519"
    now = int(clock.now().timestamp())
    assert claims == {
        "iss": ISSUER,
        "aud": "antiphon",
        "sub": out(Kind.USER, user),
        "sid": out(Kind.SIGN_IN, session),
        "roles": ["artist", "fan"],
        "auth_time": now - 180,
        "jti": claims["jti"],
        "iat": now,
        "nbf": now,
        "exp": now + 900,
    }


async def test_it_holds_for_fifteen_minutes_to_the_second_also_when_it_was_seen_before(
    tokens: Tokens, clock: FrozenClock
) -> None:
    token = tokens.issue(uuid4(), uuid4(), ROLES)
    clock.move(timedelta(minutes=15, seconds=-1))
    assert tokens.actor_of(token)
    clock.move(timedelta(seconds=1))
    assert tokens.actor_of(token) is None
    assert tokens.actor_of(token) is None


async def test_the_forge_makes_good_tokens_when_nothing_is_wrong(tokens: Tokens, forge: Forge) -> None:
    assert tokens.actor_of(forge())


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "http://elsewhere"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["antiphon"]},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "4000000000"},
        {"exp": 10**40},
        {"nbf": 4_000_000_000, "exp": 4_000_000_900},
        {"nbf": None},
        {"sub": "usr_x"},
        {"sub": out(Kind.TRACK, UUID(int=1))},
        {"sub": None},
        {"sid": out(Kind.USER, UUID(int=1))},
        {"sid": None},
        {"roles": "admin"},
        {"roles": None},
        {"jti": None},
        {"header": {"kid": "another"}},
        {"header": {"kid": None}},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": None}},
        {"header": {"jku": "http://elsewhere"}},
    ],
    ids=str,
)
async def test_signed_by_us_yet_not_an_access_token(tokens: Tokens, forge: Forge, wrong: dict[str, Any]) -> None:
    assert tokens.actor_of(forge(**wrong)) is None


async def test_another_key_under_our_name(tokens: Tokens, forge: Forge) -> None:
    assert tokens.actor_of(forge(key=OKPKey.generate_key("Ed25519"))) is None


async def test_no_algorithm_and_a_shared_secret_made_of_the_public_key(
    tokens: Tokens, forge: Forge, db: Database, vault: Vault
) -> None:
    good = forge()
    head, body, signature = good.split(".")
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    for algorithm in ("none", "None", "", "EdDSA", "HS256"):
        header = segment({"alg": algorithm, "kid": kid, "typ": "at+jwt"})
        assert tokens.actor_of(f"{header}.{body}.") is None
        assert tokens.actor_of(f"{header}.{body}.{signature}") is None
    async with db.read() as conn:
        sealed = (await conn.execute(text("SELECT sealed FROM identity.signing_keys"))).scalar_one()
    public = base64.urlsafe_b64decode(json.loads(vault.open(SIGNING_KEY, sealed))["x"] + "==")
    assert tokens.actor_of(forge(key=OctKey.import_key(public), header={"alg": "HS256"})) is None


async def test_a_changed_letter_anywhere_spoils_it(tokens: Tokens, forge: Forge) -> None:
    good = forge(roles=["fan"])
    _, body, _ = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert tokens.actor_of(good.replace(body, segment({**claims, "roles": ["admin"]}))) is None
    for place in range(0, len(good) - 2, 7):  # the last letter of a signature has bits that mean nothing
        other = "A" if good[place] != "A" else "B"
        assert tokens.actor_of(good[:place] + other + good[place + 1 :]) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=100), st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}", fullmatch=True)))
async def test_rubbish_is_nobody(tokens: Tokens, rubbish: str) -> None:
    assert tokens.actor_of(rubbish) is None


async def test_a_token_as_long_as_a_book_is_not_even_looked_at(tokens: Tokens, forge: Forge) -> None:
    assert tokens.actor_of(forge(roles=["fan"] * 2000)) is None


async def test_who_asks_is_known_without_a_query(tokens: Tokens, db: Database) -> None:
    token = tokens.issue(uuid4(), uuid4(), ROLES)
    with queries(db, at_most=0):
        assert tokens.actor_of(token)
        assert tokens.actor_of(token)


async def test_all_processes_of_an_installation_share_the_key(
    db: Database, tokens: Tokens, vault: Vault, clock: FrozenClock
) -> None:
    other = Tokens(SigningKeys(vault, MASTER, clock), ISSUER, clock)
    with pytest.raises(RuntimeError, match="load"):
        other.issue(uuid4(), uuid4(), ROLES)
    await other.keys.load(db)
    assert other.actor_of(tokens.issue(uuid4(), uuid4(), ROLES))


async def test_the_private_key_is_nowhere_in_the_clear(db: Database, tokens: Tokens) -> None:
    async with db.read() as conn:
        sealed = (await conn.execute(text("SELECT sealed FROM identity.signing_keys"))).scalar_one()
    assert b"OKP" not in sealed
