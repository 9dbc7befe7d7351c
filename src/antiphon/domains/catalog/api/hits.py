"""What a search found, as rows to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_hits import Hits
from antiphon.domains.catalog.store import hits as store
from antiphon.domains.catalog.views import album_hit, artist_hit, track_hit

__all__ = ["hits"]

View = TypeVar("View")


async def hits(
    conn: AsyncConnection,
    *,
    artists: Sequence[UUID] = (),
    albums: Sequence[UUID] = (),
    tracks: Sequence[UUID] = (),
) -> Hits:
    """In the given order; what is gone, or not for whom the connection reads, is left out."""
    if not (artists or albums or tracks):
        return Hits([], [], [])
    found = {row["id"]: row for row in await store.found(conn, artists, albums, tracks)}
    return Hits(
        artists=_views(found, artists, artist_hit),
        albums=_views(found, albums, album_hit),
        tracks=_views(found, tracks, track_hit),
    )


def _views(found: Mapping[UUID, Any], ids: Sequence[UUID], view: Callable[[Any], View]) -> list[View]:
    return [view(row) for one in ids if (row := found.get(one)) is not None]
