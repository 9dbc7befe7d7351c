"""What the catalogue does by itself."""

from __future__ import annotations

from antiphon.domains.catalog import api
from antiphon.domains.catalog.api import lately
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["specs"]


def specs(db: Database) -> list[JobSpec]:
    async def publish_due() -> None:
        """Publish what was to be published by now, until nothing is left."""
        while True:
            async with db.system() as uow:
                if await api.publish_due(uow) == 0:
                    return

    async def forget_stirs() -> None:
        """Which transactions touched what lists show: of longer ago than any list is kept."""
        async with db.system() as uow:
            await lately.forget_stirs(uow)

    return [
        JobSpec("catalog.publish_due", publish_due, "maintenance", cron="* * * * *"),
        JobSpec("catalog.forget_stirs", forget_stirs, "maintenance", cron="25 3 * * *"),
    ]
