"""What a person says of music: stars and ratings, and when they heard it last. Looked up once for a whole list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.entry.subsonic.call import Call

__all__ = ["NO_MARK", "Mark", "Marks", "marks_of"]


class Mark(msgspec.Struct, frozen=True, gc=False):
    """`rating` is the person's own, 1 to 5; `average` everybody's."""

    starred: datetime | None = None
    rating: int | None = None
    average: float | None = None
    played: datetime | None = None
    plays: int | None = None


NO_MARK = Mark()
Marks = Mapping[UUID, Mark]


async def marks_of(call: Call, conn: AsyncConnection, ids: Sequence[UUID]) -> Marks:
    """Of songs, albums or artists; who has none is left out."""
    return {}
