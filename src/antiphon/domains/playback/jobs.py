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

    return [JobSpec("playback.end_jams", end_jams, "maintenance", cron="*/10 * * * *")]
