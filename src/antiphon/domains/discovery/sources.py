"""What an index is made of, wherever it is kept: works by the catalogue, people by identity.

The list of what changed is one for all; the catalogue keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import Change, IndexedWork
from antiphon.domains.discovery.ports import Kind
from antiphon.domains.identity import api as identity

__all__ = ["counts", "ids_after", "read", "touched_by"]


async def read(conn: AsyncConnection, kind: Kind, ids: Sequence[UUID]) -> list[IndexedWork]:
    """Those of the ids that may be found. A person is told as a work is, with two names and nothing else."""
    if kind != "person":
        return await catalog.works_to_index(conn, kind, ids)
    return [
        IndexedWork(one.id, (one.display_name, one.handle), (), (0,), one.since, 0)
        for one in await identity.people_to_index(conn, ids)
    ]


async def ids_after(conn: AsyncConnection, kind: Kind, after: UUID, limit: int) -> list[UUID]:
    """The next ones in the order of ids; none at the end."""
    if kind == "person":
        return await identity.people_ids_to_index(conn, after, limit)
    return await catalog.ids_to_index(conn, kind, after, limit)


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """How many an index that is whole has, of the kinds that are counted."""
    return {**await catalog.published_counts(conn), "person": await identity.people_to_index_count(conn)}


async def touched_by(conn: AsyncConnection, noted: Sequence[Change]) -> dict[Kind, set[UUID]]:
    """All that has to be read again, by kind."""
    found: dict[Kind, set[UUID]] = dict((await catalog.touched_by(conn, noted)).items())
    found["person"] = {change.id for change in noted if change.kind == "person"}
    return found
