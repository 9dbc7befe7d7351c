"""What may be the same work twice, for whoever keeps order; and versions of one work, for whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_over_all
from antiphon.domains.catalog.api.together import works_by_id
from antiphon.domains.catalog.api.tracks import track
from antiphon.domains.catalog.errors import NotManager
from antiphon.domains.catalog.model import AlbumCard, Artist, Track
from antiphon.domains.catalog.model_alike import (
    AlikeAlbum,
    AlikeAlbums,
    AlikeArtist,
    AlikeArtists,
    Alikeness,
    AlikeTrack,
    AlikeTracks,
    TrackVersion,
    version_kind,
)
from antiphon.domains.catalog.store import alike as store
from antiphon.kit.paging import Page, PageRequest, TextKey, cut

__all__ = ["alike_albums", "alike_artists", "alike_tracks", "versions"]

_others = msgspec.json.Decoder(list[tuple[UUID, list[Alikeness]]])
_TEXT: Any = TextKey
_Shown = TypeVar("_Shown")
_Found = list[tuple[UUID, list[tuple[UUID, list[Alikeness]]]]]


async def _page(
    conn: AsyncConnection, works: store.Works, user_id: UUID, request: PageRequest
) -> tuple[_Found, str | None]:
    """A page may be short or empty and go on all the same: then a stretch of the catalogue had no more in it."""
    position = request.position(_TEXT)
    after = position[1] if position else UUID(int=0)
    mine = not await _over_all(conn, user_id)
    rows = await store.alike(conn, works, user_id, after, request.limit + 1, mine=mine)
    found = [(row.id, _others.decode(row.others)) for row in rows]
    page = cut(found, request, lambda row: ("", str(row[0])))
    if page.next is not None:
        return page.items, page.next
    ended = await store.end_of_stretch(conn, works, user_id, after, mine=mine)
    if ended is None:
        return found, None
    goes_on = cut([ended, ended], PageRequest(1), lambda end: ("", str(end)))
    return found, goes_on.next


async def _over_all(conn: AsyncConnection, user_id: UUID) -> bool:
    try:
        await require_over_all(conn, user_id)
    except NotManager:
        return False
    return True


def _ids(found: _Found) -> set[UUID]:
    return {one for one, _ in found} | {other for _, others in found for other, _ in others}


def _shown(
    found: _Found, seen: dict[UUID, Any], group: Callable[[Any, list[Any]], _Shown], other: Callable[..., Any]
) -> list[_Shown]:
    """What the person does not see themselves is left out."""
    groups = ((seen.get(one), [other(why, seen[each]) for each, why in rest if each in seen]) for one, rest in found)
    return [group(one, rest) for one, rest in groups if one is not None and rest]


async def alike_tracks(conn: AsyncConnection, user_id: UUID, request: PageRequest) -> Page[AlikeTracks]:
    found, goes_on = await _page(conn, "tracks", user_id, request)
    seen: dict[UUID, Track] = (await works_by_id(conn, user_id, tracks=_ids(found))).tracks
    return Page(_shown(found, seen, AlikeTracks, AlikeTrack), goes_on)


async def alike_albums(conn: AsyncConnection, user_id: UUID, request: PageRequest) -> Page[AlikeAlbums]:
    found, goes_on = await _page(conn, "albums", user_id, request)
    seen: dict[UUID, AlbumCard] = (await works_by_id(conn, user_id, albums=_ids(found))).albums
    return Page(_shown(found, seen, AlikeAlbums, AlikeAlbum), goes_on)


async def alike_artists(conn: AsyncConnection, user_id: UUID, request: PageRequest) -> Page[AlikeArtists]:
    found, goes_on = await _page(conn, "artists", user_id, request)
    seen: dict[UUID, Artist] = (await works_by_id(conn, user_id, artists=_ids(found))).artists
    return Page(_shown(found, seen, AlikeArtists, AlikeArtist), goes_on)


async def versions(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> list[TrackVersion]:
    """The track itself first. Raises ContentNotFound."""
    own = await track(conn, track_id, viewer)
    others = await store.versions(conn, track_id, viewer)
    seen = (await works_by_id(conn, viewer, tracks=[track_id, *others])).tracks
    listed = [seen[each] for each in (track_id, *others) if each in seen]
    assert own.id == listed[0].id
    return [TrackVersion(version_kind(each.version_title), each) for each in listed]
