"""A new data key: everything comes under it while everything runs, and nothing is lost."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit import sealed as kit_sealed
from antiphon.kit.db import Database
from antiphon.kit.sealed import SealedColumn, rotate_data_key
from antiphon.kit.vault import SealBroken, Vault, data_key_of
from tests.support.database import TestServer

SECRETS = SealedColumn("kit.kept", "sealed", "id", "kept")


@pytest.fixture
async def kept(server: TestServer, database_url: str, db: Database, vault: Vault) -> SealedColumn:
    """A column with more values than a batch has."""
    with psycopg.connect(server.owner_url(database_url), autocommit=True) as conn:
        conn.execute("CREATE TABLE kit.kept (id int PRIMARY KEY, sealed bytea)")
    async with db.system() as uow:
        rows = [{"id": number, "sealed": vault.seal("kept", str(number).encode())} for number in range(450)]
        await uow.conn.execute(text("INSERT INTO kit.kept VALUES (:id, :sealed)"), rows)
        await uow.conn.execute(text("INSERT INTO kit.kept VALUES (1000, NULL)"))
    return SECRETS


async def values(db: Database) -> dict[int, bytes]:
    async with db.system() as uow:
        rows = await uow.conn.execute(text("SELECT id, sealed FROM kit.kept WHERE sealed IS NOT NULL"))
        return {row.id: bytes(row.sealed) for row in rows}


async def retired(db: Database) -> dict[int, bool]:
    async with db.system() as uow:
        rows = await uow.conn.execute(text("SELECT id, retired_at IS NOT NULL AS done FROM kit.data_keys"))
        return {row.id: row.done for row in rows}


async def test_everything_comes_under_the_new_key_and_the_old_one_retires(
    db: Database, vault: Vault, kept: SealedColumn
) -> None:
    old = vault.sealing_key
    assert await rotate_data_key(db, vault, [kept]) == 450
    assert vault.sealing_key != old
    found = await values(db)
    assert {data_key_of(sealed) for sealed in found.values()} == {vault.sealing_key}
    assert all(vault.open("kept", sealed) == str(number).encode() for number, sealed in found.items())
    assert await retired(db) == {old: True, vault.sealing_key: False}
    assert await rotate_data_key(db, vault, [kept]) == 450


async def test_a_value_that_is_written_meanwhile_is_not_lost(db: Database, vault: Vault, kept: SealedColumn) -> None:
    async def write() -> None:
        for number in range(40):
            async with db.system() as uow:
                change = {"id": number, "sealed": vault.seal("kept", b"written")}
                await uow.conn.execute(text("UPDATE kit.kept SET sealed = :sealed WHERE id = :id"), change)

    await asyncio.gather(rotate_data_key(db, vault, [kept]), write())
    found = await values(db)
    assert {vault.open("kept", found[number]) for number in range(40)} == {b"written"}
    assert all(vault.open("kept", found[number]) == str(number).encode() for number in range(40, 450))


async def test_a_key_that_a_damaged_value_still_needs_stays(db: Database, vault: Vault, kept: SealedColumn) -> None:
    old = vault.sealing_key
    async with db.system() as uow:
        broken = text("UPDATE kit.kept SET sealed = substring(sealed FROM 1 FOR 20) WHERE id = 7")
        await uow.conn.execute(broken)
    with pytest.raises(SealBroken):
        await rotate_data_key(db, vault, [kept])
    assert (await retired(db))[old] is False
    assert vault.open("kept", (await values(db))[440]) == b"440"


async def test_an_interrupted_rotation_goes_on(
    db: Database, vault: Vault, kept: SealedColumn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal, calls = vault.seal, iter(range(10_000))

    def falling_over(purpose: str, plain: bytes) -> bytes:
        if next(calls) == 250:
            raise OSError("the machine went down")
        return seal(purpose, plain)

    monkeypatch.setattr(vault, "seal", falling_over)
    with pytest.raises(OSError, match="went down"):
        await rotate_data_key(db, vault, [kept])
    monkeypatch.undo()
    assert await kit_sealed.reseal(db, vault, kept) == 250
    assert {data_key_of(sealed) for sealed in (await values(db)).values()} == {vault.sealing_key}


async def test_every_sealed_column_is_registered(house: House, server: TestServer, database_url: str) -> None:
    """A column that is not cannot follow a rotation, and its key could never retire."""
    found = """
        SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns
        WHERE data_type = 'bytea' AND column_name LIKE 'sealed%%'
    """
    keys = """
        SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indisprimary AND i.indrelid = %s::regclass
    """
    with psycopg.connect(server.owner_url(database_url)) as conn:
        assert set(conn.execute(found, ()).fetchall()) == {(one.table, one.column) for one in house.sealed}
        for one in house.sealed:
            assert conn.execute(keys, (one.table,)).fetchall() == [(one.key,)], one.table
    assert len({one.purpose for one in house.sealed}) == len(house.sealed)
