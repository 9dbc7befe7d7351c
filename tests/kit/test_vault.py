"""The vault opens what it sealed, as what it was sealed, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.adapters.kms.fake import FakeKms
from antiphon.adapters.kms.local import LocalKms
from antiphon.kit.db import Database
from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import KmsUnavailable, SealBroken, Vault, VaultUnreadable, data_key_finder, data_key_of

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def kms() -> FakeKms:
    return FakeKms()


@pytest.fixture
async def vault(db: Database, database_url: str, kms: FakeKms) -> Vault:
    made = Vault(kms, data_key_finder(database_url, {}))
    await made.load(db)
    return made


@SHARED
@given(st.text(max_size=40), st.binary(max_size=3000))
async def test_what_was_sealed_opens(vault: Vault, purpose: str, plain: bytes) -> None:
    sealed = vault.seal(purpose, plain)
    assert vault.open(purpose, sealed) == plain
    assert data_key_of(sealed) == vault.sealing_key
    assert len(sealed) == 5 + 12 + len(plain) + 16
    assert vault.seal(purpose, plain) != sealed


@SHARED
@given(st.binary(min_size=8, max_size=64), st.data())
async def test_one_changed_bit_anywhere_spoils_it(vault: Vault, plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(vault.seal("seed", plain))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        vault.open("seed", bytes(sealed))


@SHARED
@given(st.data())
async def test_a_cut_one_does_not_open(vault: Vault, data: st.DataObject) -> None:
    sealed = vault.seal("seed", b"a secret of some length")
    with pytest.raises(SealBroken):
        vault.open("seed", sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@SHARED
@given(st.text(max_size=20), st.text(max_size=20))
async def test_it_opens_only_as_what_it_was_sealed(vault: Vault, purpose: str, other: str) -> None:
    sealed = vault.seal(purpose, b"plain")
    if purpose != other:
        with pytest.raises(SealBroken):
            vault.open(other, sealed)


async def test_the_key_number_is_authenticated(vault: Vault, db: Database) -> None:
    sealed = vault.seal("seed", b"plain")
    async with db.unit() as uow:
        other = await vault.add_key(uow)
    await vault.load(db)
    with pytest.raises(SealBroken):
        vault.open("seed", sealed[:1] + other.to_bytes(4, "big") + sealed[5:])


async def test_all_processes_share_the_keys(vault: Vault, db: Database, database_url: str, kms: FakeKms) -> None:
    other = Vault(kms, data_key_finder(database_url, {}))
    await other.load(db)
    assert other.sealing_key == vault.sealing_key
    assert other.open("seed", vault.seal("seed", b"plain")) == b"plain"


async def test_a_key_that_another_process_added_is_fetched_when_it_is_met(
    vault: Vault, db: Database, database_url: str, kms: FakeKms
) -> None:
    other = Vault(kms, data_key_finder(database_url, {}))
    await other.load(db)
    async with db.unit() as uow:
        await other.add_key(uow)
    before = vault.sealing_key
    await other.load(db)
    sealed = other.seal("seed", b"plain")
    assert data_key_of(sealed) != before
    assert vault.open("seed", sealed) == b"plain"
    assert vault.sealing_key == before


async def test_no_data_key_lies_in_the_database_in_the_clear(db: Database, database_url: str) -> None:
    secrets = Secrets(b"m" * 32)
    await Vault(LocalKms(secrets), data_key_finder(database_url, {})).load(db)
    async with db.read() as conn:
        wrapped = (await conn.execute(text("SELECT wrapped FROM kit.data_keys"))).scalar_one()
    assert LocalKms(secrets).unwrap(wrapped) not in wrapped


async def test_another_master_secret_is_reported_and_changes_nothing(db: Database, database_url: str) -> None:
    find = data_key_finder(database_url, {})
    await Vault(LocalKms(Secrets(b"m" * 32)), find).load(db)
    with pytest.raises(VaultUnreadable, match="master secret") as caught:
        await Vault(LocalKms(Secrets(b"n" * 32)), find).load(db)
    assert caught.value.code == "vault_unreadable"
    async with db.read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM kit.data_keys"))).scalar_one() == 1


async def test_an_outside_service_takes_over_from_the_master_secret(
    db: Database, database_url: str, kms: FakeKms
) -> None:
    find, local = data_key_finder(database_url, {}), LocalKms(Secrets(b"m" * 32))
    before = Vault(local, find)
    await before.load(db)
    sealed = before.seal("seed", b"plain")
    after = Vault(kms, find, earlier=[local])
    await after.load(db)
    async with db.unit() as uow:
        await after.add_key(uow)
    await after.load(db)
    assert after.open("seed", sealed) == b"plain"
    assert after.open("seed", after.seal("seed", b"new")) == b"new"
    with pytest.raises(VaultUnreadable, match="'fake'"):
        await Vault(local, find).load(db)


async def test_a_service_that_is_down_makes_no_key(db: Database, database_url: str, kms: FakeKms) -> None:
    kms.down = True
    vault = Vault(kms, data_key_finder(database_url, {}))
    with pytest.raises(KmsUnavailable):
        await vault.load(db)
    async with db.read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM kit.data_keys"))).scalar_one() == 0
    with pytest.raises(RuntimeError, match="load"):
        vault.seal("seed", b"plain")


async def test_keys_are_made_once_however_many_processes_start(db: Database, database_url: str, kms: FakeKms) -> None:
    vaults = [Vault(kms, data_key_finder(database_url, {})) for _ in range(4)]
    await asyncio.gather(*(one.load(db) for one in vaults))
    assert {one.sealing_key for one in vaults} == {vaults[0].sealing_key}
