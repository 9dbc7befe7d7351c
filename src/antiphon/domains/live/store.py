"""All SQL of live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["add_station", "change_station", "delete_station", "has_station", "set_cover", "station_cover", "stations"]

_COLUMNS = "id, name, stream_url, home_page, cover, created_at, updated_at, version"


async def stations(conn: AsyncConnection) -> Sequence[Row[Any]]:
    statement = text(f"SELECT {_COLUMNS} FROM live.stations ORDER BY sort_key, id")
    return (await conn.execute(statement)).all()


async def add_station(conn: AsyncConnection, values: dict[str, Any], now: datetime) -> Row[Any]:
    statement = text(
        f"""
        INSERT INTO live.stations (name, sort_key, stream_url, home_page, created_at, updated_at)
        VALUES (:name, :sort_key, :stream_url, :home_page, :now, :now) RETURNING {_COLUMNS}
        """
    )
    return (await conn.execute(statement, {**values, "now": now})).one()


async def change_station(
    conn: AsyncConnection, station_id: UUID, values: dict[str, Any], now: datetime, version: int | None
) -> Row[Any] | None:
    """None where there is none, or not at this version."""
    statement = text(
        f"""
        UPDATE live.stations SET name = :name, sort_key = :sort_key, stream_url = :stream_url,
               home_page = :home_page, updated_at = :now, version = version + 1
        WHERE id = :id AND version = coalesce(CAST(:version AS int), version) RETURNING {_COLUMNS}
        """
    )
    return (await conn.execute(statement, {**values, "id": station_id, "now": now, "version": version})).first()


async def set_cover(conn: AsyncConnection, station_id: UUID, cover: str | None, now: datetime) -> Row[Any] | None:
    """`cover` as JSON. None where there is no such station."""
    statement = text(
        f"""
        UPDATE live.stations SET cover = CAST(:cover AS jsonb), updated_at = :now, version = version + 1
        WHERE id = :id RETURNING {_COLUMNS}
        """
    )
    return (await conn.execute(statement, {"id": station_id, "cover": cover, "now": now})).first()


async def station_cover(conn: AsyncConnection, station_id: UUID) -> str | None:
    statement = text("SELECT cover FROM live.stations WHERE id = :id")
    cover: str | None = (await conn.execute(statement, {"id": station_id})).scalar_one_or_none()
    return cover


async def delete_station(conn: AsyncConnection, station_id: UUID) -> bool:
    return bool((await conn.execute(text("DELETE FROM live.stations WHERE id = :id"), {"id": station_id})).rowcount)


async def has_station(conn: AsyncConnection, station_id: UUID) -> bool:
    statement = text("SELECT EXISTS (SELECT FROM live.stations WHERE id = :id)")
    return bool((await conn.execute(statement, {"id": station_id})).scalar_one())
