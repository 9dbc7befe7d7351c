"""When works become public by themselves, and what moderators take down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_approved, require_manager
from antiphon.domains.catalog.api.albums import album
from antiphon.domains.catalog.api.tracks import publish_ready, track
from antiphon.domains.catalog.errors import (
    AlbumNotFound,
    ContentNotFound,
    NotTakenDown,
    PublishedAlready,
    TakenDownWork,
)
from antiphon.domains.catalog.fields import required
from antiphon.domains.catalog.model import Album, FullTrack, TakenDownItem
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import artists as artist_store
from antiphon.domains.catalog.store import releases as store
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.catalog.views import album_view, full_track_view, taken_down_item, track_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import AlbumPublished
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, kind_of, parse
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = ["publish_due", "restore", "schedule", "take_down", "taken_down", "taken_down_work", "unschedule"]

AT_ONCE = 100


def _named(content_id: str) -> tuple[store.Works, UUID]:
    if kind_of(content_id) is Kind.ALBUM:
        return "albums", parse(Kind.ALBUM, content_id)
    return "tracks", parse(Kind.TRACK, content_id)


async def _work(uow: UnitOfWork, content_id: str) -> tuple[store.Works, UUID, Row[Any]]:
    table, row_id = _named(content_id)
    found = await store.work(uow.conn, table, row_id)
    if found is None:
        raise AlbumNotFound if table == "albums" else ContentNotFound
    return table, row_id, found


async def _shown(uow: UnitOfWork, user_id: UUID, table: store.Works, row_id: UUID) -> FullTrack | Album:
    if table == "albums":
        return await album(uow.conn, row_id, user_id)
    return await track(uow.conn, row_id, user_id)


async def schedule(uow: UnitOfWork, user_id: UUID, content_id: str, at: datetime) -> FullTrack | Album:
    """Publish it then, with an album what plays of it; what does not play yet by then goes out once it does.

    Raises Invalid for what is past, NotFound, NotManager, NotApproved, PublishedAlready, TakenDownWork.
    """
    if at <= uow.clock.now():
        raise Invalid(FieldProblem("/publish_at", "past", "This moment has passed."))
    table, row_id, found = await _work(uow, content_id)
    await require_manager(uow.conn, found.artist_id, user_id)
    await require_approved(uow.conn, found.artist_id)
    if found.taken_down_at:
        raise TakenDownWork
    if found.published_at:
        raise PublishedAlready
    await store.schedule(uow.conn, table, row_id, at, uow.clock.now())
    return await _shown(uow, user_id, table, row_id)


async def unschedule(uow: UnitOfWork, user_id: UUID, content_id: str) -> FullTrack | Album:
    """It stays a draft until somebody publishes it. Raises NotFound, NotManager."""
    table, row_id, found = await _work(uow, content_id)
    await require_manager(uow.conn, found.artist_id, user_id)
    await store.schedule(uow.conn, table, row_id, None, uow.clock.now())
    return await _shown(uow, user_id, table, row_id)


async def publish_due(uow: UnitOfWork) -> int:
    """Publish what is due, a hundred of each kind at the most. Answers how many albums and tracks were."""
    now = uow.clock.now()
    albums = await store.due_albums(uow.conn, now, AT_ONCE)
    for row in albums:
        if await album_store.publish(uow.conn, row.id, now):
            uow.add_fact(AlbumPublished(subject=row.id, artist_id=row.artist_id))
        for of_album in await store.ready_tracks(uow.conn, row.id, now):
            await publish_ready(uow, of_album.id, of_album.artist_id, row.id)
    tracks = await store.due_tracks(uow.conn, now, AT_ONCE)
    for row in tracks:
        await publish_ready(uow, row.id, row.artist_id, row.album_id)
    return len(albums) + len(tracks)


async def take_down(uow: UnitOfWork, content_id: str, reason: str, *, by: UUID, client: Client) -> None:
    """Nobody but its managers sees it from now on; they read why. An album goes with its tracks.

    Raises Invalid, NotFound, TakenDownWork where it is already.
    """
    why = required(reason, "/reason")
    table, row_id, found = await _work(uow, content_id)
    if found.taken_down_at:
        raise TakenDownWork
    await store.take_down(uow.conn, table, row_id, why, uow.clock.now())
    uow.rights_changed("content:*")
    data = {"content": content_id, "title": found.title, "reason": why}
    await _record(uow, "content.taken_down", found.artist_id, data, by, client)


async def taken_down(uow: UnitOfWork, request: PageRequest) -> Page[TakenDownItem]:
    """What nobody hears at present, the last first."""
    found = await store.taken_down(uow.conn, request)
    return cut(found, request, lambda row: (row.taken_down_at.isoformat(), str(row.id))).map(taken_down_item)


async def taken_down_work(conn: AsyncConnection, content_id: str) -> FullTrack | Album:
    """As those see it who manage it, to be read only. Raises NotFound also where nobody took it down."""
    table, row_id = _named(content_id)
    if table == "tracks":
        row = await track_store.taken_down(conn, row_id)
        if row is None:
            raise ContentNotFound
        return msgspec.structs.replace(full_track_view(row), editable=False)
    row = await album_store.taken_down(conn, row_id)
    if row is None:
        raise AlbumNotFound
    tracks = [track_view(one) for one in await track_store.taken_down_of_album(conn, row_id)]
    return msgspec.structs.replace(
        album_view(row, [msgspec.structs.replace(one, editable=False) for one in tracks]),
        editable=False,
        track_count=len(tracks),
        duration_ms=sum(one.duration_ms or 0 for one in tracks),
    )


async def restore(uow: UnitOfWork, content_id: str, *, by: UUID, client: Client) -> None:
    """As public as it was. Raises NotFound, NotTakenDown."""
    table, row_id, found = await _work(uow, content_id)
    if not found.taken_down_at:
        raise NotTakenDown
    await store.restore(uow.conn, table, row_id, found.taken_down_at, uow.clock.now())
    await _record(uow, "content.restored", found.artist_id, {"content": content_id, "title": found.title}, by, client)


async def _record(
    uow: UnitOfWork,
    action: Literal["content.taken_down", "content.restored"],
    artist_id: UUID,
    data: dict[str, str],
    by: UUID,
    client: Client,
) -> None:
    managers = await artist_store.managers(uow.conn, artist_id)
    owners = [row.user_id for row in managers or () if row.kind == "owner"]
    await identity.work_decided(uow, action, owners, data=data, by=by, client=client)
