"""Telling services, in the background: they are slow, and now and then they are away."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.integrations import api
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobSpec

__all__ = ["FORWARD", "FORWARD_DUE", "specs"]

FORWARD_DUE, FORWARD = "integrations.forward_due", "integrations.forward"
QUEUE = "mail"


def specs(db: Database, tools: api.ForwardTools) -> list[JobSpec]:
    async def forward_due(timestamp: int = 0) -> None:
        """Begin to tell every service that nobody has to wait for."""
        async with db.system() as uow:
            for connection_id in await api.due(uow):
                uow.defer(FORWARD, lock=f"forward:{connection_id}", connection_id=str(connection_id))

    async def forward(connection_id: str) -> None:
        """Tell one service what one person heard since it was told last."""
        await api.forward(db, tools, UUID(connection_id))

    return [
        JobSpec(FORWARD_DUE, forward_due, QUEUE, cron="* * * * *"),
        JobSpec(FORWARD, forward, QUEUE, attempts=1),
    ]
