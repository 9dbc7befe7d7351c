"""What a person heard, for the person alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback.store import history as store
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = ["CountedPlay", "HeardOnce", "counted_plays", "history"]


class HeardOnce(msgspec.Struct, frozen=True, kw_only=True):
    """One play that counted. `track` is null where it is not to be heard any more."""

    content_id: str
    started_at: datetime
    track: catalog.Track | None


async def history(conn: AsyncConnection, user_id: UUID, request: PageRequest) -> Page[HeardOnce]:
    """The last first, with what was heard before an import, without what was heard in private sessions."""
    found = cut(
        await store.plays_of(conn, user_id, request),
        request,
        lambda row: (row.started_at.isoformat(), str(row.session_id)),
    )
    works = await catalog.works_by_id(conn, user_id, tracks={row.track_id for row in found.items})
    return found.map(
        lambda row: HeardOnce(
            content_id=out(Kind.TRACK, row.track_id),
            started_at=row.started_at,
            track=works.tracks.get(row.track_id),
        )
    )


@dataclass(frozen=True, slots=True)
class CountedPlay:
    """For other parts of the house."""

    id: UUID
    track_id: UUID
    started_at: datetime
    counted_at: datetime


async def counted_plays(
    conn: AsyncConnection, user_id: UUID, after: tuple[datetime, UUID], until: datetime, limit: int
) -> list[CountedPlay]:
    """Those that others may know of, in the order they counted: behind the moment and the id of one, up to a moment."""
    found = await store.counted_after(conn, user_id, after, until, limit)
    return [CountedPlay(row.session_id, row.track_id, row.started_at, row.counted_at) for row in found]
