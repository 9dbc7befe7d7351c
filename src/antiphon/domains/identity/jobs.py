"""Background work of identity."""

from __future__ import annotations

from datetime import timedelta

from antiphon.domains.identity.model import PROOF_WITHIN
from antiphon.domains.identity.signing_keys import VERIFIES_FOR
from antiphon.domains.identity.store import phones, sessions, sign_ups, signing_keys, trust
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["QUEUE", "specs"]

QUEUE = "maintenance"
SESSIONS_KEPT_FOR = timedelta(days=90)
TEXT_CODES_KEPT_FOR = timedelta(days=1)


def specs(db: Database) -> list[JobSpec]:
    async def forget_expired() -> None:
        """Drop tokens, links, codes, trust and sign-ups that ran out, and sessions that were silent for 90 days."""
        now = db.clock.now()
        async with db.system() as uow:
            await sessions.delete_expired(uow.conn, now, sessions_before=now - SESSIONS_KEPT_FOR)
            await phones.delete_old_text_codes(uow.conn, now - TEXT_CODES_KEPT_FOR)
            await signing_keys.delete_signing_keys(uow.conn, retired_before=now - VERIFIES_FOR)
            await trust.delete_expired_trust(uow.conn, now)
            await sign_ups.forget(uow.conn, now - PROOF_WITHIN)

    return [JobSpec("identity.forget_expired", forget_expired, QUEUE, priority=-10, cron="17 4 * * *")]
