"""Every column that holds sealed values, and how they come under a new data key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.vault import Vault, seal_prefix

__all__ = ["SealedColumn", "reseal", "rotate_data_key"]

BATCH = 200


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """`column` of `table` (with its schema) is sealed for `purpose`; `key` is the table's primary key, one column."""

    table: str
    column: str
    key: str
    purpose: str


async def rotate_data_key(db: Database, vault: Vault, columns: Sequence[SealedColumn]) -> int:
    """Seal with a new data key from now on, bring every value under it, retire what nothing needs any more.

    Answers how many values were sealed anew. Runs beside everything else: a process that has not heard of the new key
    opens its values all the same, and what it seals meanwhile is found by the next rotation. Raises SealBroken where a
    value does not open; the values before it are done, and a repeated rotation goes on.
    """
    async with db.system() as uow:
        await vault.add_key(uow)
    await vault.load(db)
    count = sum([await reseal(db, vault, column) for column in columns])
    async with db.system() as uow:
        await _retire(uow, vault, columns)
    return count


async def reseal(db: Database, vault: Vault, column: SealedColumn) -> int:
    """Bring one column under the present data key, a batch in each transaction. Raises SealBroken."""
    count = 0
    while True:
        async with db.system() as uow:
            rows = (await uow.conn.execute(_stale(column), {"prefix": seal_prefix(vault.sealing_key)})).all()
            for row in rows:
                sealed = vault.seal(column.purpose, vault.open(column.purpose, bytes(row.sealed)))
                await uow.conn.execute(_replace(column), {"key": row.key, "sealed": sealed})
        count += len(rows)
        if len(rows) < BATCH:
            return count


def _stale(column: SealedColumn) -> Any:
    """Rows that somebody works on are waited for: they must not stay behind under the old key."""
    return text(
        f"SELECT {column.key} AS key, {column.column} AS sealed FROM {column.table} "
        f"WHERE {column.column} IS NOT NULL AND substring({column.column} FROM 1 FOR 5) <> :prefix "
        f"ORDER BY {column.key} LIMIT {BATCH} FOR UPDATE"
    )


def _replace(column: SealedColumn) -> Any:
    return text(f"UPDATE {column.table} SET {column.column} = :sealed WHERE {column.key} = :key")


async def _retire(uow: UnitOfWork, vault: Vault, columns: Sequence[SealedColumn]) -> None:
    """Retired keys stay readable, for backups of single tables and for what a slow process sealed just now."""
    used = " UNION ".join(
        f"SELECT substring({one.column} FROM 1 FOR 5) FROM {one.table} WHERE {one.column} IS NOT NULL"
        for one in columns
    )
    rows = (await uow.conn.execute(text("SELECT id FROM kit.data_keys WHERE retired_at IS NULL"))).scalars().all()
    kept = {bytes(prefix) for prefix in (await uow.conn.execute(text(used))).scalars().all()} if used else set()
    done = [number for number in rows if number != vault.sealing_key and seal_prefix(number) not in kept]
    retire = text("UPDATE kit.data_keys SET retired_at = :now WHERE id = ANY (CAST(:done AS int[]))")
    await uow.conn.execute(retire, {"now": uow.clock.now(), "done": done})
