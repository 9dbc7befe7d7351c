"""What the house's own machinery remembers of somebody, and how it forgets: facts, deliveries, jobs, kept answers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import new_uuid

__all__ = ["forget", "is_delivered"]

_ENDED = "('succeeded', 'failed', 'cancelled', 'aborted')"


async def is_delivered(conn: AsyncConnection, fact: str, subject: UUID) -> bool:
    """Whether every handler of that fact about that subject has done its part."""
    statement = text("SELECT NOT EXISTS (SELECT FROM kit.deliveries WHERE subject = :subject AND name = :fact)")
    return bool((await conn.execute(statement, {"subject": subject, "fact": fact})).scalar_one())


async def forget(uow: UnitOfWork, ids: Sequence[UUID], words: Sequence[str] = ()) -> None:
    """Facts about these ids go; in facts about others a number that means nobody stands in their place.

    Ended jobs that name an id or a word go too, and answers that were kept for the person. Reads all facts and jobs
    that are kept, so it is work for the background.
    """
    conn = uow.conn
    await conn.execute(text("DELETE FROM kit.answers WHERE actor = ANY (:ids)"), {"ids": list(ids)})
    await conn.execute(text("DELETE FROM kit.deliveries WHERE subject = ANY (:ids)"), {"ids": list(ids)})
    await conn.execute(text("DELETE FROM kit.facts WHERE subject = ANY (:ids)"), {"ids": list(ids)})
    blot = text(
        """
        UPDATE kit.facts SET payload = CAST(replace(CAST(payload AS text), :known, :nobody) AS jsonb)
        WHERE strpos(CAST(payload AS text), :known) > 0
        """
    )
    for known in ids:
        await conn.execute(blot, {"known": str(known), "nobody": str(new_uuid())})
    drop = text(
        f"""
        DELETE FROM public.procrastinate_jobs WHERE status IN {_ENDED}
          AND (strpos(CAST(args AS text), :word) > 0 OR strpos(coalesce(lock, ''), :word) > 0)
        """
    )
    for word in words:
        for table, where in (("kit.said", "topic || data"), ("kit.topics", "topic")):
            await conn.execute(text(f"DELETE FROM {table} WHERE strpos({where}, :word) > 0"), {"word": word})
    for word in [*map(str, ids), *words]:
        await conn.execute(drop, {"word": word})
