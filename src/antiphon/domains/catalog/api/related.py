"""What stands beside a work: where else an artist is heard, other editions, the file."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.together import works_by_id
from antiphon.domains.catalog.errors import AlbumNotFound, ContentNotFound
from antiphon.domains.catalog.model import AlbumCard
from antiphon.domains.catalog.model_related import AlbumEdition, FileDetails
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import related as store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = ["appearances", "editions", "file_details"]

_AT_MOST: Final = 50


async def appearances(
    conn: AsyncConnection, artist_id: UUID, viewer: UUID | None, request: PageRequest
) -> Page[AlbumCard]:
    """Albums of others on which the artist is heard, the newest first."""
    found = cut(
        await store.appearances(conn, artist_id, request),
        request,
        lambda row: (row.published_at.isoformat(), str(row.id)),
    )
    cards = (await works_by_id(conn, viewer, albums=[row.id for row in found.items])).albums
    return Page([cards[row.id] for row in found.items if row.id in cards], found.next)


async def editions(conn: AsyncConnection, album_id: UUID, viewer: UUID | None) -> list[AlbumEdition]:
    """Of the same album, the oldest first, without itself. Raises AlbumNotFound also for drafts of others."""
    if await album_store.get(conn, album_id, viewer) is None:
        raise AlbumNotFound()
    told = await store.editions(conn, album_id, _AT_MOST)
    cards = (await works_by_id(conn, viewer, albums=[row.id for row in told])).albums
    return [
        AlbumEdition(
            **msgspec.structs.asdict(cards[row.id]),
            edition=row.edition,
            label=row.label,
            catalog_number=row.catalog_number,
            release_precision=row.release_precision,
        )
        for row in told
        if row.id in cards
    ]


async def file_details(
    conn: AsyncConnection, track_id: UUID, viewer: UUID | None, *, with_path: bool
) -> FileDetails | None:
    """None where nobody has told yet. Raises ContentNotFound also for drafts of others."""
    if await track_store.playable(conn, track_id, viewer) is None:
        raise ContentNotFound()
    row = await store.file(conn, track_id)
    if row is None:
        return None
    known = dict(row._mapping)
    return FileDetails(**known | {"path": known["path"] if with_path else None})
