"""What social does by itself."""

from __future__ import annotations

from antiphon.domains.social import api
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["KEEP_PRE_SAVED", "specs"]

KEEP_PRE_SAVED = "social.keep_pre_saved"


def specs(db: Database) -> list[JobSpec]:
    async def keep_pre_saved() -> None:
        """Whoever pre-saved an album that is public now likes it; at once, and what came about otherwise than by
        publishing, such as by a merge, within five minutes."""
        while True:
            async with db.system() as uow:
                if await api.keep_pre_saved(uow) == 0:
                    return

    return [JobSpec(KEEP_PRE_SAVED, keep_pre_saved, "maintenance", cron="*/5 * * * *")]
