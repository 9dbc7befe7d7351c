"""What is written down when moderators decide about a work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from antiphon.domains.identity.api import audit
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork

__all__ = ["work_decided"]


async def work_decided(
    uow: UnitOfWork,
    action: Literal["content.taken_down", "content.restored"],
    owners: Sequence[UUID],
    *,
    data: Mapping[str, str],
    by: UUID,
    client: Client,
) -> None:
    """A line for each owner of the artist; for a work that nobody owns, one without a subject."""
    subjects: Sequence[UUID | None] = owners or [None]
    for owner in subjects:
        await audit.record(uow, action, actor=by, subject=owner, client=client, data=data)
