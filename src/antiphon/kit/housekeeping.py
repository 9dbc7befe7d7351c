"""What the house does for itself by night: partitions ahead of time, old remembrances away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec
from antiphon.kit.topics import forget_said

__all__ = ["housekeeping_jobs"]

FACTS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(hours=24)
PARTITIONED = ("kit.facts", "playback.plays")


def housekeeping_jobs(db: Database) -> list[JobSpec]:
    async def make_partitions() -> None:
        """Three months ahead, so that a month without this job loses nothing."""
        async with db.system() as uow:
            statement = text("SELECT kit.make_partitions(CAST(:parent AS regclass), CAST(:today AS date), 3)")
            for parent in PARTITIONED:
                await uow.conn.execute(statement, {"parent": parent, "today": db.clock.now().date()})

    async def forget() -> None:
        """Remembrances of handled facts and answered requests, and facts past their keeping."""
        now = db.clock.now()
        async with db.system() as uow:
            await uow.conn.execute(text("DELETE FROM kit.handled WHERE at < :old"), {"old": now - FACTS_KEPT})
            await uow.conn.execute(text("DELETE FROM kit.answers WHERE at < :old"), {"old": now - ANSWERS_KEPT})
            await uow.conn.execute(
                text(
                    "DELETE FROM kit.facts f WHERE recorded_at < :old "
                    "AND NOT EXISTS (SELECT FROM kit.deliveries d WHERE d.fact_id = f.id)"
                ),
                {"old": now - FACTS_KEPT},
            )

    async def forget_said_things() -> None:
        """What was said on topics longer ago than a client may be away."""
        async with db.system() as uow:
            await forget_said(uow.conn, db.clock.now())

    return [
        JobSpec("kit.forget_said", forget_said_things, "maintenance", cron="*/5 * * * *"),
        JobSpec("kit.make_partitions", make_partitions, "maintenance", cron="5 3 * * *"),
        JobSpec("kit.forget", forget, "maintenance", cron="35 3 * * *"),
    ]
