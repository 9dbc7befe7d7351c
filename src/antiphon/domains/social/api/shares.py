"""Links that show works to whoever has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.social.errors import ShareExpired, ShareNotFound, TooManyShares
from antiphon.domains.social.model import ITEMS_MAX, SHARES_MAX, has_ended
from antiphon.domains.social.store import shares as store
from antiphon.facts.social import Shared
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean_lines

__all__ = [
    "NewShare",
    "Share",
    "ShareChange",
    "SharedWork",
    "SharedWorks",
    "change_share",
    "delete_share",
    "make_share",
    "open_share",
    "share_address",
    "shares",
]

Time = Annotated[datetime, Meta(tz=True)]
Description = Annotated[str, Meta(max_length=2_000)]


class NewShare(msgspec.Struct, frozen=True, kw_only=True):
    """`content_ids`: tracks, albums and artists, in the order in which they are shown."""

    content_ids: Annotated[list[str], Meta(min_length=1, max_length=ITEMS_MAX)]
    description: Description = ""
    expires_at: Time | None = None


class ShareChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is left out stays; `expires_at` null makes it last."""

    description: Description | UnsetType = UNSET
    expires_at: Time | UnsetType | None = UNSET


class SharedWork(msgspec.Struct, frozen=True, kw_only=True):
    """One of the works, in the member of its kind."""

    track: catalog.Track | None = None
    album: catalog.AlbumCard | None = None
    artist: catalog.Artist | None = None


class SharedWorks(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor of the link sees. Works that the visitor may not see are left out."""

    id: str
    shared_by: str
    description: str
    created_at: datetime
    expires_at: datetime | None
    works: list[SharedWork]


class Share(SharedWorks, frozen=True, kw_only=True):
    """What its owner sees. `visits` counts openings by others."""

    url: str
    visits: int
    last_visited_at: datetime | None


def share_address(site_url: str, share_id: str) -> str:
    """The page of a link."""
    return f"{site_url.rstrip('/')}/share/{share_id}"


async def make_share(uow: UnitOfWork, user_id: UUID, site_url: str, new: NewShare) -> Share:
    """Raises NotFound where the person sees one of the works not, TooManyShares."""
    items = [await catalog.require_seen(uow.conn, user_id, content_id) for content_id in new.content_ids]
    if await store.count(uow.conn, user_id) >= SHARES_MAX:
        raise TooManyShares()
    share_id = uuid4()
    values = {
        "id": share_id,
        "user": user_id,
        "description": clean_lines(new.description),
        "now": uow.clock.now(),
        "expires_at": new.expires_at,
    }
    await store.add(uow.conn, values, [(work_id, kind.name.lower()) for kind, work_id in items])
    uow.add_fact(Shared(subject=share_id, user_id=user_id))
    return await _own_share(uow.conn, user_id, site_url, share_id)


async def shares(conn: AsyncConnection, user_id: UUID, site_url: str) -> list[Share]:
    """One's own, the newest first, those that ended too."""
    rows = await store.of_person(conn, user_id)
    works = await _works(conn, user_id, [row.id for row in rows])
    name = await _name(conn, user_id)
    return [_share(row, name, works[row.id], site_url) for row in rows]


async def change_share(uow: UnitOfWork, user_id: UUID, site_url: str, share_id: str, change: ShareChange) -> Share:
    """Raises ShareNotFound for what is somebody else's, too."""
    found = await _owned(uow.conn, user_id, share_id)
    values = {
        "description": found.description if change.description is UNSET else clean_lines(change.description),
        "expires_at": found.expires_at if change.expires_at is UNSET else change.expires_at,
    }
    await store.change(uow.conn, found.id, user_id, values)
    return await _own_share(uow.conn, user_id, site_url, found.id)


async def delete_share(uow: UnitOfWork, user_id: UUID, share_id: str) -> None:
    """Raises ShareNotFound."""
    found = await _owned(uow.conn, user_id, share_id)
    await store.delete(uow.conn, found.id, user_id)


async def open_share(db: Database, viewer: UUID | None, share_id: str) -> SharedWorks:
    """For whoever has the link, who thereby may read it. Raises ShareNotFound, ShareExpired."""
    wanted = _parsed(share_id)
    async with db.system() as uow:
        row = await store.get(uow.conn, wanted)
        if row is None:
            raise ShareNotFound()
        now = uow.clock.now()
        if has_ended(row.expires_at, now):
            raise ShareExpired()
        if row.user_id != viewer:
            await store.visited(uow.conn, row.id, now)
        items = await store.items(uow.conn, [row.id])
        name = await _name(uow.conn, row.user_id)
    async with db.seen_by(viewer) as conn:
        works = await _seen(conn, viewer, items)
    return SharedWorks(
        id=share_id,
        shared_by=name,
        description=row.description,
        created_at=row.created_at,
        expires_at=row.expires_at,
        works=works.get(row.id, []),
    )


async def _own_share(conn: AsyncConnection, user_id: UUID, site_url: str, share_id: UUID) -> Share:
    row = await store.get(conn, share_id)
    assert row is not None
    works = await _works(conn, user_id, [share_id])
    return _share(row, await _name(conn, user_id), works[share_id], site_url)


def _parsed(share_id: str) -> UUID:
    return parse(Kind.SHARE, share_id)


async def _owned(conn: AsyncConnection, user_id: UUID, share_id: str) -> Row[Any]:
    row = await store.get(conn, _parsed(share_id))
    if row is None or row.user_id != user_id:
        raise ShareNotFound()
    return row


async def _name(conn: AsyncConnection, user_id: UUID) -> str:
    return (await identity.names_of(conn, [user_id]))[user_id].display_name


async def _works(conn: AsyncConnection, viewer: UUID, share_ids: Sequence[UUID]) -> dict[UUID, list[SharedWork]]:
    found = await _seen(conn, viewer, await store.items(conn, share_ids))
    return {share_id: found.get(share_id, []) for share_id in share_ids}


async def _seen(conn: AsyncConnection, viewer: UUID | None, items: Sequence[Row[Any]]) -> dict[UUID, list[SharedWork]]:
    tracks, albums, artists = (
        {item.work_id for item in items if item.kind == kind} for kind in ("track", "album", "artist")
    )
    works = await catalog.works_by_id(conn, viewer, tracks=tracks, albums=albums, artists=artists)
    found: dict[UUID, list[SharedWork]] = {}
    for item in items:
        work = SharedWork(
            track=works.tracks.get(item.work_id),
            album=works.albums.get(item.work_id),
            artist=works.artists.get(item.work_id),
        )
        if work != SharedWork():
            found.setdefault(item.share_id, []).append(work)
    return found


def _share(row: Row[Any], name: str, works: list[SharedWork], site_url: str) -> Share:
    share_id = out(Kind.SHARE, row.id)
    return Share(
        id=share_id,
        shared_by=name,
        url=share_address(site_url, share_id),
        description=row.description,
        created_at=row.created_at,
        expires_at=row.expires_at,
        visits=row.visits,
        last_visited_at=row.last_visited_at,
        works=works,
    )
