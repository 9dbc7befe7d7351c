"""Files that people brought: read for an export, handed on or let go when somebody is erased."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["delete_uploads", "hand_on", "held_by", "masters_of", "pictures_of", "uploads_of"]


async def _stream(conn: AsyncConnection, statement: str, user_id: UUID) -> AsyncIterator[Row[Any]]:
    async with conn.stream(text(statement), {"user": user_id}) as rows:
        async for row in rows:
            yield row


def masters_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT track_id, filename, bytes, blob, created_at FROM media.sources WHERE user_id = :user ORDER BY track_id
    """
    return _stream(conn, statement, user_id)


def pictures_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    """The largest of each."""
    statement = """
        SELECT DISTINCT ON (subject) subject, size, key, bytes FROM media.pictures WHERE user_id = :user
        ORDER BY subject, size DESC
    """
    return _stream(conn, statement, user_id)


def uploads_of(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[Row[Any]]:
    statement = """
        SELECT id, filename, title, length, created_at, track_id FROM media.uploads WHERE user_id = :user ORDER BY id
    """
    return _stream(conn, statement, user_id)


async def held_by(conn: AsyncConnection, user_id: UUID) -> list[UUID]:
    """Everything that the person's files and pictures belong to."""
    statement = text(
        "SELECT track_id FROM media.sources WHERE user_id = :user "
        "UNION SELECT subject FROM media.pictures WHERE user_id = :user"
    )
    return list((await conn.execute(statement, {"user": user_id})).scalars())


async def hand_on(conn: AsyncConnection, user_id: UUID, heirs: dict[UUID, UUID]) -> list[str]:
    """What has an heir is theirs now, the rest is let go; answers the names of received files that nobody needs."""
    args = {"user": user_id, "subjects": list(heirs), "heirs": list(heirs.values())}
    heir = "FROM unnest(CAST(:subjects AS uuid[]), CAST(:heirs AS uuid[])) AS h(subject, heir)"
    for table, subject in (("sources", "track_id"), ("pictures", "subject")):
        statement = (
            f"UPDATE media.{table} x SET user_id = h.heir {heir} WHERE x.{subject} = h.subject AND x.user_id = :user"
        )
        await conn.execute(text(statement), args)
    await conn.execute(text("DELETE FROM media.pictures WHERE user_id = :user"), {"user": user_id})
    statement = "DELETE FROM media.sources WHERE user_id = :user RETURNING staged"
    return [name for name in (await conn.execute(text(statement), {"user": user_id})).scalars() if name is not None]


async def delete_uploads(conn: AsyncConnection, user_id: UUID) -> Sequence[UUID]:
    """Answers those that were under way, whose received bytes lie in staging."""
    statement = text("DELETE FROM media.uploads WHERE user_id = :user RETURNING id, track_id")
    return [row.id for row in await conn.execute(statement, {"user": user_id}) if row.track_id is None]
