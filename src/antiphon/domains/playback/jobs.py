"""What playback does by itself."""

from __future__ import annotations

from antiphon.domains.playback import api
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["specs"]


def specs(db: Database) -> list[JobSpec]:
    async def end_jams() -> None:
        """Rooms that nobody was in for half an hour."""
        while True:
            async with db.system() as uow:
                if await api.end_jams(uow) == 0:
                    return

    async def forget_private() -> None:
        """Who it was that listened in private, once counting does not need it any more."""
        async with db.system() as uow:
            await api.forget_private(uow)

    return [
        JobSpec("playback.end_jams", end_jams, "maintenance", cron="*/10 * * * *"),
        JobSpec("playback.forget_private", forget_private, "maintenance", cron="25 * * * *"),
    ]
