"""Background work of identity."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from antiphon.domains.identity.api import deletion, exports, imports
from antiphon.domains.identity.model import PROOF_WITHIN
from antiphon.domains.identity.signing_keys import VERIFIES_FOR
from antiphon.domains.identity.store import phones, sessions, sign_ups, signing_keys, trust
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["QUEUE", "specs"]

QUEUE = "maintenance"
SESSIONS_KEPT_FOR = timedelta(days=90)
TEXT_CODES_KEPT_FOR = timedelta(days=1)


def specs(db: Database, tools: IdentityTools) -> list[JobSpec]:
    async def forget_expired() -> None:
        """Drop tokens, links, codes, trust and sign-ups that ran out, and sessions that were silent for 90 days."""
        now = db.clock.now()
        async with db.system() as uow:
            await sessions.delete_expired(uow.conn, now, sessions_before=now - SESSIONS_KEPT_FOR)
            await phones.delete_old_text_codes(uow.conn, now - TEXT_CODES_KEPT_FOR)
            await signing_keys.delete_signing_keys(uow.conn, retired_before=now - VERIFIES_FOR)
            await trust.delete_expired_trust(uow.conn, now)
            await sign_ups.forget(uow.conn, now - PROOF_WITHIN)

    return [
        *_archive_jobs(db, tools),
        *_erasure_jobs(db, tools),
        JobSpec("identity.forget_expired", forget_expired, QUEUE, priority=-10, cron="17 4 * * *"),
    ]


def _archive_jobs(db: Database, tools: IdentityTools) -> list[JobSpec]:
    async def make_export(export_id: str) -> None:
        """Pack everything that is known of a person into one archive."""
        await exports.make_export(db, tools, UUID(export_id))

    async def no_export(_error: BaseException, export_id: str) -> None:
        await exports.give_up_export(db, tools, UUID(export_id))

    async def take_import(import_id: str) -> None:
        """Take in an archive that somebody brought from another install."""
        await imports.take_in(db, tools, UUID(import_id))

    async def no_import(_error: BaseException, import_id: str) -> None:
        await imports.give_up_import(db, tools, UUID(import_id))

    async def expire_exports() -> None:
        """Drop archives that are a week old, and what interrupted work left behind."""
        await imports.end_old_reviews(db, tools)
        await exports.expire_exports(db, tools)

    return [
        JobSpec("identity.make_export", make_export, QUEUE, gave_up=no_export),
        JobSpec("identity.take_import", take_import, QUEUE, gave_up=no_import),
        JobSpec("identity.expire_exports", expire_exports, QUEUE, cron="27 * * * *"),
    ]


def _erasure_jobs(db: Database, tools: IdentityTools) -> list[JobSpec]:
    async def erase_due() -> None:
        """Begin to erase the accounts whose grace is over."""
        await deletion.erase_due(db)

    async def finish_erasure(user_id: str) -> None:
        """Erase an account once every domain has let go of it."""
        await deletion.finish_erasure(db, tools, UUID(user_id))

    return [
        JobSpec("identity.erase_due", erase_due, QUEUE, cron="*/10 * * * *"),
        JobSpec("identity.finish_erasure", finish_erasure, QUEUE, attempts=5),
    ]
