"""What all editable rows share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import sort_key
from antiphon.kit.text import search_key

__all__ = ["MANAGED", "PERFORMERS", "insert_row", "update_each", "update_row"]

# Those the viewer manages: a handful, looked up once a statement instead of once a row; none for a guest.
MANAGED = "ARRAY (SELECT m.artist_id FROM catalog.artist_managers m WHERE m.user_id = :viewer)"

# Who performs, in order. A guest that is not approved (any more) is not named; the work's own artist is.
PERFORMERS = """
    (SELECT jsonb_agg(jsonb_build_array(x.artist_id, coalesce(x.credited_as, p.name), x.joined_by) ORDER BY x.position)
     FROM catalog.{kind}_artists x JOIN catalog.artists p ON p.id = x.artist_id
     WHERE x.{kind}_id = {row}.id
       AND (x.position = 0 OR p.approval = 'approved' AND p.withheld_at IS NULL))
"""


def _with_keys(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    named = values.get("title", values.get("name"))
    keyed = dict(values)
    if named is not None:
        keyed["search_key"] = search_key(named)
        if "sort_key" in table.c:
            keyed.setdefault("sort_key", sort_key(named))
    return keyed


async def insert_row(conn: AsyncConnection, table: Table, values: Mapping[str, Any], now: datetime) -> UUID:
    row = {**_with_keys(table, values), "created_at": now, "updated_at": now}
    made: UUID = (await conn.execute(insert(table).values(row).returning(table.c.id))).scalar_one()
    return made


async def update_each(
    conn: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """One edit of each: its own values of these columns, as JSON has them. Not of names, by which rows are found."""
    told = "".join(f"{column} = r.{column}, " for column in columns)
    statement = text(
        f"UPDATE catalog.{table.name} w SET {told}updated_at = :now, version = w.version + 1 "
        f"FROM jsonb_populate_recordset(NULL::catalog.{table.name}, CAST(:rows AS jsonb)) AS r WHERE w.id = r.id"
    )
    await conn.execute(statement, {"rows": msgspec.json.encode(rows).decode(), "now": now})


async def update_row(
    conn: AsyncConnection, table: Table, row_id: UUID, values: Mapping[str, Any], now: datetime, version: int | None
) -> bool:
    """One edit by a person: counts the version up. False where the row is not at the expected `version`."""
    statement = (
        update(table)
        .where(table.c.id == row_id)
        .values(**_with_keys(table, values), updated_at=now, version=table.c.version + 1)
    )
    if version is not None:
        statement = statement.where(table.c.version == version)
    return bool((await conn.execute(statement)).rowcount)
