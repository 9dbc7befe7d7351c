"""Accounts and sessions through the domain's door: who gets in, for how long, and what ends it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import argon2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.identity import api
from antiphon.domains.identity.signing_keys import SigningKeys
from antiphon.entry.bootstrap import House
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.errors import Invalid, NotFound, VersionConflict
from antiphon.kit.ids import Kind, parse
from tests.support.clock import FrozenClock

CHEAP = argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
ADA = {"email": "Ada@Example.org", "handle": "ada", "display_name": "Ada"}
HERE = Client(user_agent="Tests/1", address="203.0.113.7")


@pytest.fixture
def db(house: House) -> Database:
    return house.db


@pytest.fixture
def tools(house: House) -> api.IdentityTools:
    return house.identity


@pytest.fixture
async def ada(db: Database) -> UUID:
    async with db.system() as uow:
        return await api.create_user(uow, **ADA)


async def register(db: Database, tools: api.IdentityTools, **new: str) -> api.SignIn:
    made = await api.register(db, tools, api.NewAccount(**{"password": "correct horse", **ADA, **new}), HERE)
    assert isinstance(made, api.SignIn)
    return made


async def login(db: Database, tools: api.IdentityTools, email: str, password: str) -> api.SignIn:
    made = await api.login(db, tools, email=email, password=password, client=HERE)
    assert isinstance(made, api.SignIn)
    return made


async def sign_in(db: Database, tools: api.IdentityTools, user_id: UUID, client: Client = HERE) -> api.TokenPair:
    async with db.system() as uow:
        made = await api.open_session(uow, tools, user_id, method="link", client=client)
    assert made.tokens is not None
    return made.tokens


async def refresh(
    db: Database, tools: api.IdentityTools, refresh_token: str, client: Client = HERE
) -> api.TokenPair | None:
    async with db.system() as uow:
        return await api.refresh(uow, tools, refresh_token=refresh_token, client=client)


async def column(db: Database, query: str) -> list[Any]:
    async with db.system() as uow:
        return list((await uow.conn.execute(text(query))).scalars())


async def test_register_makes_a_fan_who_is_signed_in(db: Database, tools: api.IdentityTools) -> None:
    made = await register(db, tools)
    assert (made.user.handle, made.user.display_name, made.user.roles) == ("ada", "Ada", ["fan"])
    actor = tools.tokens.actor_of(made.tokens.access_token)
    assert actor is not None
    assert actor.user_id == parse(Kind.USER, made.user.id)
    assert actor.roles == {"fan"}
    assert (made.tokens.token_type, made.tokens.expires_in) == ("Bearer", 900)


async def test_register_names_every_wrong_field_at_once(db: Database, tools: api.IdentityTools) -> None:
    with pytest.raises(Invalid) as refusal:
        await register(db, tools, email="x", handle=".", display_name=" ")
    assert [p.pointer for p in refusal.value.problems] == ["/email", "/handle", "/display_name"]


@pytest.mark.parametrize(
    ("email", "handle", "error"),
    [
        ("ADA@example.ORG", "other", api.EmailTaken),
        ("other@example.org", "Ada", api.HandleTaken),
        ("ada@example.org", "ada", api.EmailTaken),
    ],
)
async def test_what_is_taken_is_taken_in_any_spelling(
    db: Database, ada: UUID, email: str, handle: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        async with db.system() as uow:
            await api.create_user(uow, email=email, handle=handle, display_name="Other")


async def test_login_takes_any_spelling_of_the_address_and_one_of_the_password(
    db: Database, tools: api.IdentityTools
) -> None:
    made = await register(db, tools)
    again = await login(db, tools, "ADA@EXAMPLE.ORG", "correct horse")
    assert again.user == made.user
    for email, password in [
        ("ada@example.org", "wrong horse"),
        ("nobody@example.org", "correct horse"),
        ("not an address", "correct horse"),
        ("ada@example.org", ""),
    ]:
        with pytest.raises(api.BadCredentials):
            await login(db, tools, email, password)


async def test_an_account_without_a_password_lets_nobody_in_by_password(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    with pytest.raises(api.BadCredentials):
        await login(db, tools, "ada@example.org", "")


async def test_login_renews_a_hash_of_older_parameters(db: Database, tools: api.IdentityTools) -> None:
    await register(db, tools)
    dearer = api.PasswordHasher(
        argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=2, memory_cost=64, parallelism=1)
    )
    try:
        for _ in range(2):
            await login(db, replace(tools, passwords=dearer), "ada@example.org", "correct horse")
    finally:
        dearer.close()
    [stored] = await column(db, "SELECT hash FROM identity.password_credentials")
    assert stored.startswith("$argon2id$v=19$m=64,t=2,p=1$")


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    first = await sign_in(db, tools, ada)
    second = await refresh(db, tools, first.refresh_token)
    assert second is not None
    assert await refresh(db, tools, first.refresh_token) is None
    assert await refresh(db, tools, second.refresh_token) is None
    assert await column(db, "SELECT revoked_for FROM identity.sessions") == ["refresh_token_reused"]


async def test_a_refresh_token_holds_for_thirty_days_from_its_making(
    db: Database, ada: UUID, tools: api.IdentityTools, clock: FrozenClock
) -> None:
    pair: api.TokenPair | None = await sign_in(db, tools, ada)
    for _ in range(3):
        clock.move(timedelta(days=29))
        assert pair is not None
        pair = await refresh(db, tools, pair.refresh_token)
    assert pair is not None
    clock.move(timedelta(days=30))
    assert await refresh(db, tools, pair.refresh_token) is None


async def test_logout_ends_the_session_by_any_of_its_tokens_and_can_be_repeated(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    elsewhere = await sign_in(db, tools, ada)
    first = await sign_in(db, tools, ada)
    second = await refresh(db, tools, first.refresh_token)
    assert second is not None
    for _ in range(2):
        async with db.system() as uow:
            await api.logout(uow, refresh_token=first.refresh_token)
    assert await refresh(db, tools, second.refresh_token) is None
    assert await refresh(db, tools, elsewhere.refresh_token) is not None


async def test_a_token_that_never_was_is_neither_refreshed_nor_an_error_at_logout(
    db: Database, tools: api.IdentityTools
) -> None:
    assert await refresh(db, tools, "x" * 43) is None
    async with db.system() as uow:
        await api.logout(uow, refresh_token="x" * 43)


async def test_a_sign_in_link_works_once_within_a_day(
    db: Database, ada: UUID, tools: api.IdentityTools, clock: FrozenClock
) -> None:
    async with db.system() as uow:
        used, forgotten = [await api.make_sign_in_link(uow, ada) for _ in range(2)]
    async with db.system() as uow:
        assert (await api.link(uow, tools, token=used, client=HERE)).user.handle == "ada"
    for token, later in ((used, timedelta()), (forgotten, timedelta(hours=24)), ("never-made", timedelta())):
        clock.move(later)
        with pytest.raises(api.InvalidSignInLink):
            async with db.system() as uow:
                await api.link(uow, tools, token=token, client=HERE)


async def test_no_token_that_works_is_stored(db: Database, ada: UUID, tools: api.IdentityTools) -> None:
    pair = await sign_in(db, tools, ada)
    async with db.system() as uow:
        link = await api.make_sign_in_link(uow, ada)
    stored = await column(db, "SELECT digest FROM identity.refresh_tokens")
    stored += await column(db, "SELECT digest FROM identity.sign_in_links")
    assert len(stored) == 2
    for secret in (pair.refresh_token, link):
        assert not any(secret.encode() in digest for digest in stored)


async def test_roles_come_with_the_next_refresh_and_granting_twice_is_once(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    pair = await sign_in(db, tools, ada)
    for _ in range(2):
        async with db.system() as uow:
            await api.grant_role(uow, ada, "admin")
    assert api.can(tools.tokens.actor_of(pair.access_token), "users.manage").reason == "role_missing"
    renewed = await refresh(db, tools, pair.refresh_token)
    assert renewed is not None
    assert api.can(tools.tokens.actor_of(renewed.access_token), "users.manage").allowed
    async with db.read() as conn:
        assert (await api.user_by_id(conn, ada)).roles == ["admin", "fan"]


async def test_roles_and_people_that_do_not_exist(db: Database, ada: UUID) -> None:
    with pytest.raises(api.UnknownRole):
        async with db.system() as uow:
            await api.grant_role(uow, ada, "emperor")
    with pytest.raises(NotFound):
        async with db.system() as uow:
            await api.grant_role(uow, UUID(int=7), "fan")


async def test_a_person_changes_name_and_handle_against_the_version_they_saw(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    actor = tools.tokens.actor_of((await sign_in(db, tools, ada)).access_token)
    assert actor is not None
    async with db.system() as uow:
        await api.create_user(uow, email="eve@example.org", handle="eve", display_name="Eve")
        changed = await api.update_me(uow, actor, display_name="Countess", handle="LOVELACE", version=1)
    assert (changed.display_name, changed.handle, changed.version) == ("Countess", "lovelace", 2)
    with pytest.raises(VersionConflict):
        async with db.system() as uow:
            await api.update_me(uow, actor, display_name="Ada", version=1)
    with pytest.raises(api.HandleTaken):
        async with db.system() as uow:
            await api.update_me(uow, actor, handle="EVE")
    async with db.system() as uow:
        assert (await api.update_me(uow, actor, handle="Lovelace")).handle == "lovelace"


async def test_what_happened_is_told_once_and_carries_no_personal_data(db: Database, tools: api.IdentityTools) -> None:
    before = await column(db, "SELECT id FROM kit.facts")
    # Three letters such as "ada" stand in an id by chance.
    made = await register(db, tools, email="Lovelace@Example.org", handle="lovelace", display_name="Lovelace")
    for _ in range(2):
        async with db.system() as uow:
            await api.logout(uow, refresh_token=made.tokens.refresh_token)
    async with db.read() as conn:
        rows = (await conn.execute(text("SELECT id, name, subject, payload::text FROM kit.facts ORDER BY id"))).all()
    rows = [row for row in rows if row.id not in before]
    rows = [row for row in rows if row.name != "identity.letter_asked"]
    names = ["identity.user_registered", "identity.signed_in", "identity.session_revoked"]
    assert [row.name for row in rows] == names
    assert {row.subject for row in rows} == {parse(Kind.USER, made.user.id)}
    assert not any("lovelace" in row.payload.lower() for row in rows)


async def test_what_ran_out_is_forgotten_and_what_works_is_kept(
    db: Database, ada: UUID, tools: api.IdentityTools, clock: FrozenClock
) -> None:
    await sign_in(db, tools, ada)
    async with db.system() as uow:
        await api.make_sign_in_link(uow, ada)
    clock.move(timedelta(days=91))
    pair = await sign_in(db, tools, ada)
    for _ in range(2):
        await db.jobs.spec("identity.forget_expired").run()
    assert len(await column(db, "SELECT id FROM identity.sessions")) == 1
    assert await column(db, "SELECT digest FROM identity.sign_in_links") == []
    assert await refresh(db, tools, pair.refresh_token) is not None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.integers(0, 30), min_size=1, max_size=12))
async def test_whatever_is_presented_in_whatever_order_at_most_the_newest_token_lives(
    db: Database, ada: UUID, tools: api.IdentityTools, choices: list[int]
) -> None:
    """The model: a session lives while only its newest token is ever presented."""
    made = [(await sign_in(db, tools, ada)).refresh_token]
    alive = True
    for choice in choices:
        presented = choice % len(made)
        newest = presented == len(made) - 1
        pair = await refresh(db, tools, made[presented])
        assert (pair is not None) == (alive and newest)
        alive = alive and newest
        if pair is not None:
            made.append(pair.refresh_token)
    live = await column(
        db,
        "SELECT t.session_id FROM identity.refresh_tokens t JOIN identity.sessions s ON s.id = t.session_id "
        "WHERE t.used_at IS NULL AND s.revoked_at IS NULL "
        "AND s.id = (SELECT id FROM identity.sessions ORDER BY id DESC LIMIT 1)",
    )
    assert len(live) == (1 if alive else 0)


@pytest.mark.parametrize("rivals", [2, 3, 8])
async def test_of_many_who_present_one_token_at_once_one_gets_a_successor_and_the_session_ends(
    db: Database, ada: UUID, tools: api.IdentityTools, rivals: int
) -> None:
    first = await sign_in(db, tools, ada)
    pairs = await asyncio.gather(*(refresh(db, tools, first.refresh_token) for _ in range(rivals)))
    winners = [pair for pair in pairs if pair is not None]
    assert len(winners) == 1
    assert await refresh(db, tools, winners[0].refresh_token) is None


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(st.integers(0, 10), min_size=1, max_size=5), min_size=1, max_size=4))
async def test_in_no_interleaving_two_successors_live(
    db: Database, ada: UUID, tools: api.IdentityTools, rounds: list[list[int]]
) -> None:
    made = [(await sign_in(db, tools, ada)).refresh_token]
    for picks in rounds:
        pairs = await asyncio.gather(*(refresh(db, tools, made[pick % len(made)]) for pick in picks))
        made += [pair.refresh_token for pair in pairs if pair is not None]
        live = await column(
            db,
            "SELECT count(*) FROM identity.refresh_tokens t JOIN identity.sessions s ON s.id = t.session_id "
            "WHERE t.used_at IS NULL AND s.revoked_at IS NULL GROUP BY s.id",
        )
        assert all(count <= 1 for count in live)


async def test_of_two_who_take_one_handle_at_once_one_gets_it(db: Database) -> None:
    async def take(email: str) -> UUID:
        async with db.system() as uow:
            return await api.create_user(uow, email=email, handle="ada", display_name="Ada")

    results = await asyncio.gather(take("a@example.org"), take("b@example.org"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["HandleTaken", "UUID"]


async def test_a_sign_in_link_pressed_twice_at_once_signs_in_once(
    db: Database, ada: UUID, tools: api.IdentityTools
) -> None:
    async with db.system() as uow:
        token = await api.make_sign_in_link(uow, ada)

    async def press() -> api.SignIn:
        async with db.system() as uow:
            return await api.link(uow, tools, token=token, client=HERE)

    results = await asyncio.gather(press(), press(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["InvalidSignInLink", "SignIn"]


async def test_processes_that_start_together_make_one_key(house: House, clock: FrozenClock) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM identity.signing_keys"))
    keys = [SigningKeys(house.vault, house.secrets, clock) for _ in range(4)]
    each = [api.Tokens(one, "http://localhost:8420", clock) for one in keys]
    await asyncio.gather(*(tokens.keys.load(house.db) for tokens in each))
    token = each[0].issue(UUID(int=1), UUID(int=2), frozenset())
    assert all(tokens.actor_of(token) for tokens in each)
