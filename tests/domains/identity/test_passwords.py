"""Passwords: the right one, a wrong one, none; and what happens when everybody signs in at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import argon2
import pytest

from antiphon.domains.identity.api import Busy, PasswordHasher

CHEAP = argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
DEARER = argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=2, memory_cost=128, parallelism=1)


@pytest.fixture
def passwords() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(CHEAP)
    yield hasher
    hasher.close()


async def test_only_the_right_password_is_right(passwords: PasswordHasher) -> None:
    stored = await passwords.hash("correct horse")
    assert (await passwords.verify(stored, "correct horse")).right
    for wrong in ("", "Correct horse", "correct horse ", "correct hors"):
        assert not (await passwords.verify(stored, wrong)).right


async def test_the_stored_hash_is_argon2id_with_a_salt_of_its_own(passwords: PasswordHasher) -> None:
    one, other = await passwords.hash("correct horse"), await passwords.hash("correct horse")
    assert one.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert one != other


async def test_two_keyboards_that_compose_letters_differently_make_one_password(passwords: PasswordHasher) -> None:
    assert (await passwords.verify(await passwords.hash("Zoe\u0308 sings"), "Zo\u00eb sings")).right


async def test_nobody_has_no_password(passwords: PasswordHasher) -> None:
    for password in ("", "correct horse"):
        assert not (await passwords.verify(None, password)).right


async def test_a_stored_hash_that_is_no_hash_lets_nobody_in(passwords: PasswordHasher) -> None:
    for stored in ("plain", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$AAAA"):
        assert not (await passwords.verify(stored, "plain")).right


async def test_a_hash_of_other_parameters_is_renewed_when_its_password_comes(passwords: PasswordHasher) -> None:
    stored = await passwords.hash("correct horse")
    assert (await passwords.verify(stored, "correct horse")).new_hash is None
    now_dearer = PasswordHasher(DEARER)
    try:
        assert (await now_dearer.verify(stored, "wrong")).new_hash is None
        renewed = (await now_dearer.verify(stored, "correct horse")).new_hash
        assert renewed is not None
        assert renewed.startswith("$argon2id$v=19$m=128,t=2,p=1$")
        assert (await now_dearer.verify(renewed, "correct horse")).new_hash is None
    finally:
        now_dearer.close()


async def test_when_the_queue_is_full_the_next_is_told_to_come_back() -> None:
    passwords = PasswordHasher(at_once=1, waiting=2)  # at full cost: none of the first is done when the last comes
    try:
        results = await asyncio.gather(*(passwords.hash("correct horse") for _ in range(5)), return_exceptions=True)
        refused = [r for r in results if isinstance(r, Busy)]
        assert len(refused) == 2
        assert (refused[0].status, refused[0].code) == (503, "busy")
        assert int(refused[0].headers["Retry-After"]) >= 1
        assert (await passwords.hash("correct horse")).startswith("$argon2id$")  # and later there is room again
    finally:
        passwords.close()


async def test_somebody_who_gives_up_waiting_frees_the_place() -> None:
    passwords = PasswordHasher(at_once=1, waiting=1)
    try:
        working = asyncio.create_task(passwords.hash("first"))
        waiting = asyncio.create_task(passwords.hash("second"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert await passwords.hash("third")
        assert await working
    finally:
        passwords.close()
