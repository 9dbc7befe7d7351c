"""Resumable uploads that are under way, and how much a person stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def lock_person(conn: AsyncConnection, user_id: UUID) -> None:
    """One reservation of storage at a time for each person."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:user, 2))"), {"user": str(user_id)})


async def used_bytes(conn: AsyncConnection, user_id: UUID) -> int:
    """What is stored, and what is promised to uploads under way."""
    statement = text(
        """
        SELECT (SELECT coalesce(sum(bytes), 0) FROM media.sources WHERE user_id = :user)
             + (SELECT coalesce(sum(length), 0) FROM media.uploads WHERE user_id = :user AND track_id IS NULL)
        """
    )
    return int((await conn.execute(statement, {"user": user_id})).scalar_one())


async def insert(conn: AsyncConnection, values: dict[str, Any]) -> None:
    statement = text(
        """
        INSERT INTO media.uploads (id, user_id, filename, artist_id, album_id, title, length, created_at, expires_at)
        VALUES (:id, :user_id, :filename, :artist_id, :album_id, :title, :length, :created_at, :expires_at)
        """
    )
    await conn.execute(statement, values)


async def get(conn: AsyncConnection, upload_id: UUID, user_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    statement = "SELECT * FROM media.uploads WHERE id = :id AND user_id = :user" + (" FOR UPDATE" if lock else "")
    return (await conn.execute(text(statement), {"id": upload_id, "user": user_id})).first()


async def open_of(conn: AsyncConnection, user_id: UUID) -> Sequence[Row[Any]]:
    statement = text("SELECT * FROM media.uploads WHERE user_id = :user AND track_id IS NULL ORDER BY id LIMIT 500")
    return (await conn.execute(statement, {"user": user_id})).all()


async def prolong(conn: AsyncConnection, upload_id: UUID, expires_at: datetime) -> None:
    statement = text("UPDATE media.uploads SET expires_at = :at WHERE id = :id")
    await conn.execute(statement, {"id": upload_id, "at": expires_at})


async def finish(conn: AsyncConnection, upload_id: UUID, track_id: UUID) -> None:
    statement = text("UPDATE media.uploads SET track_id = :track WHERE id = :id")
    await conn.execute(statement, {"id": upload_id, "track": track_id})


async def delete(conn: AsyncConnection, upload_id: UUID) -> None:
    await conn.execute(text("DELETE FROM media.uploads WHERE id = :id"), {"id": upload_id})


async def delete_expired(conn: AsyncConnection, now: datetime) -> list[UUID]:
    statement = text("DELETE FROM media.uploads WHERE expires_at < :now RETURNING id")
    return list((await conn.execute(statement, {"now": now})).scalars())


async def staged_names(conn: AsyncConnection) -> set[str]:
    """Names of received files that are still needed."""
    statement = text(
        "SELECT staged FROM media.sources WHERE staged IS NOT NULL "
        "UNION ALL SELECT id::text FROM media.uploads WHERE track_id IS NULL"
    )
    return set((await conn.execute(statement)).scalars())


async def redirect(conn: AsyncConnection, subject: UUID, into: UUID) -> None:
    """What was on its way to an artist or an album goes to another."""
    for column in ("artist_id", "album_id"):
        statement = text(f"UPDATE media.uploads SET {column} = :into WHERE {column} = :id")
        await conn.execute(statement, {"id": subject, "into": into})
