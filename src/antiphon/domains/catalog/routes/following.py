"""What was merged is found where it is now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api
from antiphon.kit.errors import AppError, NotFound
from antiphon.kit.ids import Kind, out

__all__ = ["following"]


class Moved(AppError):
    """The id was merged into another; `Location` and `id` say which."""

    code = "moved"
    status = 308
    title = "This was merged into another, and is found there"


@asynccontextmanager
async def following(conn: AsyncConnection, kind: Kind, row_id: UUID, path: str) -> AsyncIterator[None]:
    """Raises Moved in place of NotFound for what was merged."""
    try:
        yield
    except NotFound:
        target = await api.moved_to(conn, row_id)
        if target is None:
            raise
        found = out(kind, target)
        raise Moved(headers={"Location": f"/api/v1/{path}/{found}"}, id=found) from None
