"""People as a search finds and shows them: who keeps their profile to themselves, is suspended or about to leave is
not among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api.views import Avatar, avatar_of
from antiphon.domains.identity.store import finding as store
from antiphon.kit.ids import Kind, out

__all__ = [
    "FoundPerson",
    "IndexedPerson",
    "found_people",
    "people_ids_to_index",
    "people_to_index",
    "people_to_index_count",
]


class FoundPerson(msgspec.Struct, frozen=True, kw_only=True):
    """`verified`: this is who they say they are."""

    id: str
    handle: str
    display_name: str
    avatar: Avatar | None
    verified: bool


@dataclass(frozen=True, slots=True)
class IndexedPerson:
    """All that an index may keep of somebody."""

    id: UUID
    handle: str
    display_name: str
    since: datetime


async def found_people(conn: AsyncConnection, ids: Sequence[UUID], now: datetime) -> list[FoundPerson]:
    """In the order of the ids; whoever is not to be seen now is left out."""
    if not ids:
        return []
    rows = {row.id: row for row in await store.found(conn, ids, now)}
    return [
        FoundPerson(
            id=out(Kind.USER, row.id),
            handle=row.handle,
            display_name=row.display_name,
            avatar=avatar_of(row.avatar),
            verified=row.verified_at is not None,
        )
        for row in (rows[one] for one in ids if one in rows)
    ]


async def people_to_index(conn: AsyncConnection, ids: Sequence[UUID]) -> list[IndexedPerson]:
    """Those of the ids whom an index may have. A suspension with an end does not count here: see `found_people`."""
    rows = await store.to_index(conn, ids)
    return [IndexedPerson(row.id, row.handle, row.display_name, row.created_at) for row in rows]


async def people_ids_to_index(conn: AsyncConnection, after: UUID, limit: int) -> list[UUID]:
    """The next ones in the order of ids; none at the end."""
    return await store.ids_to_index(conn, after, limit)


async def people_to_index_count(conn: AsyncConnection) -> int:
    return await store.count_to_index(conn)
