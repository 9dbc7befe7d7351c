"""Background work of identity."""

from __future__ import annotations

from datetime import timedelta

from antiphon.domains.identity.model import PROOF_WITHIN
from antiphon.domains.identity.store import sessions, sign_ups
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["QUEUE", "specs"]

QUEUE = "maintenance"
SESSIONS_KEPT_FOR = timedelta(days=90)


def specs(db: Database) -> list[JobSpec]:
    async def forget_expired() -> None:
        """Drop tokens, links and sign-ups that ran out, and sessions that were silent for 90 days."""
        now = db.clock.now()
        async with db.system() as uow:
            await sessions.delete_expired(uow.conn, now, sessions_before=now - SESSIONS_KEPT_FOR)
            await sign_ups.forget(uow.conn, now - PROOF_WITHIN)

    return [JobSpec("identity.forget_expired", forget_expired, QUEUE, priority=-10, cron="17 4 * * *")]
