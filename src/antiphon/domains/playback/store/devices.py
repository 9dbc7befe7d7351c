"""Devices of people that play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["MOST", "Kept", "drop", "forget", "keep", "of", "one", "rename", "set_active"]

MOST = 50  # of a person; those that were away longest go

_COLUMNS = (
    "d.id, d.name, d.given_name, d.kind, d.playing, d.volume, d.seen_at, d.until, d.id = q.active_device AS active"
)
_FROM = "FROM playback.devices d LEFT JOIN playback.queues q ON q.user_id = d.user_id WHERE d.user_id = :user"
_OF = text(f"SELECT {_COLUMNS} {_FROM} ORDER BY d.seen_at DESC, d.id")
_ONE = text(f"SELECT {_COLUMNS} {_FROM} AND d.id = :id")
_KEEP = text(
    """
    INSERT INTO playback.devices (user_id, id, name, kind, playing, volume, seen_at, until)
    VALUES (:user, :id, :name, :kind, :playing, :volume, :now, :until)
    ON CONFLICT (user_id, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, playing = excluded.playing,
        volume = excluded.volume, seen_at = excluded.seen_at, until = excluded.until
    """
)
_CROWD = text(
    """
    DELETE FROM playback.devices WHERE user_id = :user AND id IN (
        SELECT id FROM playback.devices WHERE user_id = :user ORDER BY seen_at DESC, id OFFSET :most)
    """
)
_ACTIVE = text(
    """
    INSERT INTO playback.queues (user_id, active_device) VALUES (:user, :id)
    ON CONFLICT (user_id) DO UPDATE SET active_device = excluded.active_device
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """`name` is its own word, `given_name` its person's. `active`: it plays, or played last. Here until `until`."""

    id: UUID
    name: str
    given_name: str | None
    kind: str
    playing: bool
    volume: float | None
    seen_at: datetime
    until: datetime
    active: bool | None


async def of(conn: AsyncConnection, user_id: UUID) -> list[Kept]:
    """The one that was seen last first."""
    return [Kept(*row) for row in await conn.execute(_OF, {"user": user_id})]


async def one(conn: AsyncConnection, user_id: UUID, device_id: UUID) -> Kept | None:
    row = (await conn.execute(_ONE, {"user": user_id, "id": device_id})).first()
    return None if row is None else Kept(*row)


async def keep(conn: AsyncConnection, user_id: UUID, device: Kept) -> None:
    """Known or new."""
    values = {
        "user": user_id,
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "playing": device.playing,
        "volume": device.volume,
        "now": device.seen_at,
        "until": device.until,
    }
    await conn.execute(_KEEP, values)
    await conn.execute(_CROWD, {"user": user_id, "most": MOST})


async def rename(conn: AsyncConnection, user_id: UUID, device_id: UUID, given_name: str | None) -> None:
    statement = text("UPDATE playback.devices SET given_name = :name WHERE user_id = :user AND id = :id")
    await conn.execute(statement, {"user": user_id, "id": device_id, "name": given_name})


async def set_active(conn: AsyncConnection, user_id: UUID, device_id: UUID) -> None:
    await conn.execute(_ACTIVE, {"user": user_id, "id": device_id})


async def drop(conn: AsyncConnection, user_id: UUID, device_id: UUID) -> bool:
    statement = text("DELETE FROM playback.devices WHERE user_id = :user AND id = :id")
    return bool((await conn.execute(statement, {"user": user_id, "id": device_id})).rowcount)


async def forget(conn: AsyncConnection, user_id: UUID) -> None:
    await conn.execute(text("DELETE FROM playback.devices WHERE user_id = :user"), {"user": user_id})
