"""Accounts and sessions through the domain's door: who gets in, for how long, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import argon2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.identity import api
from antiphon.domains.identity.jobs import specs
from antiphon.kit.db import Database
from antiphon.kit.errors import Invalid, NotFound, VersionConflict
from antiphon.kit.ids import Kind, parse
from antiphon.kit.secrets import Secrets
from tests.support.clock import FrozenClock

CHEAP = argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
ADA = {"email": "Ada@Example.org", "handle": "ada", "display_name": "Ada"}


@pytest.fixture
async def tokens(db: Database, clock: FrozenClock) -> api.Tokens:
    made = api.Tokens(Secrets(b"m" * 32), "http://localhost:8420", clock)
    await made.load(db)
    return made


@pytest.fixture
async def passwords() -> AsyncIterator[api.PasswordHasher]:
    hasher = api.PasswordHasher(CHEAP)
    yield hasher
    hasher.close()


@pytest.fixture
async def ada(db: Database) -> UUID:
    async with db.unit() as uow:
        return await api.create_user(uow, **ADA)


async def sign_in(db: Database, tokens: api.Tokens, user_id: UUID) -> api.SignIn:
    async with db.unit() as uow:
        return await api.open_session(uow, tokens, user_id, method="link", user_agent="Tests/1")


async def refresh(db: Database, tokens: api.Tokens, refresh_token: str) -> api.TokenPair | None:
    async with db.unit() as uow:
        return await api.refresh(uow, tokens, refresh_token=refresh_token)


async def column(db: Database, query: str) -> list[Any]:
    async with db.read() as conn:
        return list((await conn.execute(text(query))).scalars())


async def test_register_makes_a_fan_who_is_signed_in(
    db: Database, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    made = await api.register(db, passwords, tokens, password="correct horse", **ADA)
    assert (made.user.handle, made.user.display_name, made.user.roles) == ("ada", "Ada", ["fan"])
    actor = tokens.actor_of(made.tokens.access_token)
    assert actor is not None
    assert actor.user_id == parse(Kind.USER, made.user.id)
    assert actor.roles == {"fan"}
    assert (made.tokens.token_type, made.tokens.expires_in) == ("Bearer", 900)


async def test_register_names_every_wrong_field_at_once(
    db: Database, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    with pytest.raises(Invalid) as refusal:
        await api.register(db, passwords, tokens, password="correct horse", email="x", handle=".", display_name=" ")
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
        async with db.unit() as uow:
            await api.create_user(uow, email=email, handle=handle, display_name="Other")


async def test_login_takes_any_spelling_of_the_address_and_one_of_the_password(
    db: Database, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    made = await api.register(db, passwords, tokens, password="correct horse", **ADA)
    again = await api.login(db, passwords, tokens, email="ADA@EXAMPLE.ORG", password="correct horse")
    assert again.user == made.user
    for email, password in [
        ("ada@example.org", "wrong horse"),
        ("nobody@example.org", "correct horse"),
        ("not an address", "correct horse"),
        ("ada@example.org", ""),
    ]:
        with pytest.raises(api.BadCredentials):
            await api.login(db, passwords, tokens, email=email, password=password)


async def test_an_account_without_a_password_lets_nobody_in_by_password(
    db: Database, ada: UUID, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    with pytest.raises(api.BadCredentials):
        await api.login(db, passwords, tokens, email="ada@example.org", password="")


async def test_login_renews_a_hash_of_older_parameters(
    db: Database, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    await api.register(db, passwords, tokens, password="correct horse", **ADA)
    dearer = api.PasswordHasher(
        argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=2, memory_cost=64, parallelism=1)
    )
    try:
        for _ in range(2):
            await api.login(db, dearer, tokens, email="ada@example.org", password="correct horse")
    finally:
        dearer.close()
    [stored] = await column(db, "SELECT hash FROM identity.password_credentials")
    assert stored.startswith("$argon2id$v=19$m=64,t=2,p=1$")


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(
    db: Database, ada: UUID, tokens: api.Tokens
) -> None:
    first = (await sign_in(db, tokens, ada)).tokens
    second = await refresh(db, tokens, first.refresh_token)
    assert second is not None
    assert await refresh(db, tokens, first.refresh_token) is None
    assert await refresh(db, tokens, second.refresh_token) is None
    assert await column(db, "SELECT revoked_for FROM identity.sessions") == ["refresh_token_reused"]


async def test_a_refresh_token_holds_for_thirty_days_from_its_making(
    db: Database, ada: UUID, tokens: api.Tokens, clock: FrozenClock
) -> None:
    pair: api.TokenPair | None = (await sign_in(db, tokens, ada)).tokens
    for _ in range(3):
        clock.move(timedelta(days=29))
        assert pair is not None
        pair = await refresh(db, tokens, pair.refresh_token)
    assert pair is not None
    clock.move(timedelta(days=30))
    assert await refresh(db, tokens, pair.refresh_token) is None


async def test_logout_ends_the_session_by_any_of_its_tokens_and_can_be_repeated(
    db: Database, ada: UUID, tokens: api.Tokens
) -> None:
    elsewhere = (await sign_in(db, tokens, ada)).tokens
    first = (await sign_in(db, tokens, ada)).tokens
    second = await refresh(db, tokens, first.refresh_token)
    assert second is not None
    for _ in range(2):
        async with db.unit() as uow:
            await api.logout(uow, refresh_token=first.refresh_token)
    assert await refresh(db, tokens, second.refresh_token) is None
    assert await refresh(db, tokens, elsewhere.refresh_token) is not None


async def test_a_token_that_never_was_is_neither_refreshed_nor_an_error_at_logout(
    db: Database, tokens: api.Tokens
) -> None:
    assert await refresh(db, tokens, "x" * 43) is None
    async with db.unit() as uow:
        await api.logout(uow, refresh_token="x" * 43)


async def test_a_sign_in_link_works_once_within_a_day(
    db: Database, ada: UUID, tokens: api.Tokens, clock: FrozenClock
) -> None:
    async with db.unit() as uow:
        used, forgotten = [await api.make_sign_in_link(uow, ada) for _ in range(2)]
    async with db.unit() as uow:
        assert (await api.link(uow, tokens, token=used)).user.handle == "ada"
    for token, later in ((used, timedelta()), (forgotten, timedelta(hours=24)), ("never-made", timedelta())):
        clock.move(later)
        with pytest.raises(api.InvalidSignInLink):
            async with db.unit() as uow:
                await api.link(uow, tokens, token=token)


async def test_no_token_that_works_is_stored(db: Database, ada: UUID, tokens: api.Tokens) -> None:
    pair = (await sign_in(db, tokens, ada)).tokens
    async with db.unit() as uow:
        link = await api.make_sign_in_link(uow, ada)
    stored = await column(db, "SELECT digest FROM identity.refresh_tokens")
    stored += await column(db, "SELECT digest FROM identity.sign_in_links")
    assert len(stored) == 2
    for secret in (pair.refresh_token, link):
        assert not any(secret.encode() in digest for digest in stored)


async def test_roles_come_with_the_next_refresh_and_granting_twice_is_once(
    db: Database, ada: UUID, tokens: api.Tokens
) -> None:
    pair = (await sign_in(db, tokens, ada)).tokens
    for _ in range(2):
        async with db.unit() as uow:
            await api.grant_role(uow, ada, "admin")
    assert not api.is_admin(tokens.actor_of(pair.access_token))
    renewed = await refresh(db, tokens, pair.refresh_token)
    assert renewed is not None
    assert api.is_admin(tokens.actor_of(renewed.access_token))
    async with db.read() as conn:
        assert (await api.user_by_id(conn, ada)).roles == ["admin", "fan"]
        assert await api.has_permission(conn, ada, "users.manage")
        assert not await api.has_permission(conn, ada, "content.upload")


async def test_roles_and_people_that_do_not_exist(db: Database, ada: UUID) -> None:
    with pytest.raises(api.UnknownRole):
        async with db.unit() as uow:
            await api.grant_role(uow, ada, "emperor")
    with pytest.raises(NotFound):
        async with db.unit() as uow:
            await api.grant_role(uow, UUID(int=7), "fan")
    assert not api.is_admin(None)


async def test_a_person_changes_name_and_handle_against_the_version_they_saw(
    db: Database, ada: UUID, tokens: api.Tokens
) -> None:
    actor = tokens.actor_of((await sign_in(db, tokens, ada)).tokens.access_token)
    assert actor is not None
    async with db.unit() as uow:
        await api.create_user(uow, email="eve@example.org", handle="eve", display_name="Eve")
        changed = await api.update_me(uow, actor, display_name="Countess", handle="LOVELACE", version=1)
    assert (changed.display_name, changed.handle, changed.version) == ("Countess", "lovelace", 2)
    with pytest.raises(VersionConflict):
        async with db.unit() as uow:
            await api.update_me(uow, actor, display_name="Ada", version=1)
    with pytest.raises(api.HandleTaken):
        async with db.unit() as uow:
            await api.update_me(uow, actor, handle="EVE")
    async with db.unit() as uow:
        assert (await api.update_me(uow, actor, handle="Lovelace")).handle == "lovelace"


async def test_what_happened_is_told_once_and_carries_no_personal_data(
    db: Database, passwords: api.PasswordHasher, tokens: api.Tokens
) -> None:
    before = await column(db, "SELECT id FROM kit.facts")
    made = await api.register(db, passwords, tokens, password="correct horse", **ADA)
    for _ in range(2):
        async with db.unit() as uow:
            await api.logout(uow, refresh_token=made.tokens.refresh_token)
    async with db.read() as conn:
        rows = (await conn.execute(text("SELECT id, name, subject, payload::text FROM kit.facts ORDER BY id"))).all()
    rows = [row for row in rows if row.id not in before]
    names = ["identity.user_registered", "identity.signed_in", "identity.session_revoked"]
    assert [row.name for row in rows] == names
    assert {row.subject for row in rows} == {parse(Kind.USER, made.user.id)}
    assert not any("ada" in row.payload.lower() for row in rows)


async def test_what_ran_out_is_forgotten_and_what_works_is_kept(
    db: Database, ada: UUID, tokens: api.Tokens, clock: FrozenClock
) -> None:
    await sign_in(db, tokens, ada)
    async with db.unit() as uow:
        await api.make_sign_in_link(uow, ada)
    clock.move(timedelta(days=91))
    pair = (await sign_in(db, tokens, ada)).tokens
    [forget] = specs(db)
    for _ in range(2):
        await forget.run()
    assert len(await column(db, "SELECT id FROM identity.sessions")) == 1
    assert await column(db, "SELECT digest FROM identity.sign_in_links") == []
    assert await refresh(db, tokens, pair.refresh_token) is not None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.integers(0, 30), min_size=1, max_size=12))
async def test_whatever_is_presented_in_whatever_order_at_most_the_newest_token_lives(
    db: Database, ada: UUID, tokens: api.Tokens, choices: list[int]
) -> None:
    """The model: a session lives while only its newest token is ever presented."""
    made = [(await sign_in(db, tokens, ada)).tokens.refresh_token]
    alive = True
    for choice in choices:
        presented = choice % len(made)
        newest = presented == len(made) - 1
        pair = await refresh(db, tokens, made[presented])
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
    db: Database, ada: UUID, tokens: api.Tokens, rivals: int
) -> None:
    first = (await sign_in(db, tokens, ada)).tokens
    pairs = await asyncio.gather(*(refresh(db, tokens, first.refresh_token) for _ in range(rivals)))
    winners = [pair for pair in pairs if pair is not None]
    assert len(winners) == 1
    assert await refresh(db, tokens, winners[0].refresh_token) is None


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(st.integers(0, 10), min_size=1, max_size=5), min_size=1, max_size=4))
async def test_in_no_interleaving_two_successors_live(
    db: Database, ada: UUID, tokens: api.Tokens, rounds: list[list[int]]
) -> None:
    made = [(await sign_in(db, tokens, ada)).tokens.refresh_token]
    for picks in rounds:
        pairs = await asyncio.gather(*(refresh(db, tokens, made[pick % len(made)]) for pick in picks))
        made += [pair.refresh_token for pair in pairs if pair is not None]
        live = await column(
            db,
            "SELECT count(*) FROM identity.refresh_tokens t JOIN identity.sessions s ON s.id = t.session_id "
            "WHERE t.used_at IS NULL AND s.revoked_at IS NULL GROUP BY s.id",
        )
        assert all(count <= 1 for count in live)


async def test_of_two_who_take_one_handle_at_once_one_gets_it(db: Database) -> None:
    async def take(email: str) -> UUID:
        async with db.unit() as uow:
            return await api.create_user(uow, email=email, handle="ada", display_name="Ada")

    results = await asyncio.gather(take("a@example.org"), take("b@example.org"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["HandleTaken", "UUID"]


async def test_a_sign_in_link_pressed_twice_at_once_signs_in_once(db: Database, ada: UUID, tokens: api.Tokens) -> None:
    async with db.unit() as uow:
        token = await api.make_sign_in_link(uow, ada)

    async def press() -> api.SignIn:
        async with db.unit() as uow:
            return await api.link(uow, tokens, token=token)

    results = await asyncio.gather(press(), press(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["InvalidSignInLink", "SignIn"]


async def test_processes_that_start_together_make_one_key(db: Database, clock: FrozenClock) -> None:
    each = [api.Tokens(Secrets(b"m" * 32), "http://localhost:8420", clock) for _ in range(4)]
    await asyncio.gather(*(tokens.load(db) for tokens in each))
    token = each[0].issue(UUID(int=1), UUID(int=2), frozenset())
    assert all(tokens.actor_of(token) for tokens in each)
