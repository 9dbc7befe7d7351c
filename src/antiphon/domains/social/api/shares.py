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
from antiphon.domains.catalog.api import listing, playlists
from antiphon.domains.identity import api as identity
from antiphon.domains.media.api import MediaTools
from antiphon.domains.playback import api as playback
from antiphon.domains.social.errors import ShareExpired, ShareNotFound, TooManyShares
from antiphon.domains.social.model import ITEMS_MAX, SHARES_MAX, has_ended
from antiphon.domains.social.store import shares as store
from antiphon.facts.social import Shared
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import Kind, kind_of, out, parse
from antiphon.kit.text import clean_lines

__all__ = [
    "NewShare",
    "OpenedShare",
    "Share",
    "ShareCard",
    "ShareChange",
    "SharedWork",
    "SharedWorks",
    "change_share",
    "delete_share",
    "make_share",
    "open_share",
    "share_address",
    "share_card",
    "shared_stream",
    "shares",
]

Time = Annotated[datetime, Meta(tz=True)]
Description = Annotated[str, Meta(max_length=2_000)]


class NewShare(msgspec.Struct, frozen=True, kw_only=True):
    """`content_ids`: tracks, albums, artists and playlists, in the order in which they are shown."""

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
    """What a visitor of the link sees: published works that its owner still sees."""

    id: str
    shared_by: str
    description: str
    created_at: datetime
    expires_at: datetime | None
    works: list[SharedWork]


class OpenedShare(SharedWorks, frozen=True, kw_only=True):
    """`tracks` are what is to be heard, in the order of the works; of many the first."""

    tracks: list[catalog.Track]


class ShareCard(msgspec.Struct, frozen=True, kw_only=True):
    """What others show of a link before somebody opens it. `picture` is a path, or empty."""

    title: str
    words: str
    picture: str


class Share(SharedWorks, frozen=True, kw_only=True):
    """What its owner sees. `visits` counts openings by others."""

    url: str
    visits: int
    last_visited_at: datetime | None


def share_address(site_url: str, share_id: str) -> str:
    """The page of a link."""
    return f"{site_url.rstrip('/')}/share/{share_id}"


async def make_share(uow: UnitOfWork, user_id: UUID, site_url: str, new: NewShare) -> Share:
    """A playlist is shared as what is on it now. Raises NotFound where the person sees one of the works not,
    TooManyShares."""
    named = [one for content_id in new.content_ids for one in await _spread(uow.conn, user_id, content_id)]
    items = [await catalog.require_seen(uow.conn, user_id, content_id) for content_id in named[:ITEMS_MAX]]
    if not items:
        raise Invalid(FieldProblem("/content_ids", "empty", "There is nothing on this playlist to share."))
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


async def _spread(conn: AsyncConnection, user_id: UUID, content_id: str) -> list[str]:
    if kind_of(content_id) != Kind.PLAYLIST:
        return [content_id]
    playlist_id = parse(Kind.PLAYLIST, content_id)
    await playlists.playlist(conn, playlist_id, user_id)
    tracks = [track for _, track in await playlists.playlist_track_ids(conn, playlist_id)]
    return [out(Kind.TRACK, song.id) for song in await listing.songs_by_id(conn, tracks)]


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


async def open_share(db: Database, viewer: UUID | None, share_id: str) -> OpenedShare:
    """For whoever has the link. It lends the eyes of its owner, as far as those see what is published: a visitor needs
    no account, nor the libraries that the works lie in. Raises ShareNotFound, ShareExpired."""
    row, items = await _holds(db, share_id, viewer, visit=True)
    async with db.seen_by(row.user_id) as conn:
        name = await _name(conn, row.user_id)
        public = await _public(conn, items)
        works = await _seen(conn, None, public)
        ids = await _tracks_of(conn, public)
        tracks = (await catalog.works_by_id(conn, None, tracks=ids)).tracks
    return OpenedShare(
        id=share_id,
        shared_by=name,
        description=row.description,
        created_at=row.created_at,
        expires_at=row.expires_at,
        works=works.get(row.id, []),
        tracks=[tracks[one] for one in ids if one in tracks],
    )


async def shared_stream(db: Database, tools: MediaTools, share_id: str, content_id: str) -> playback.Stream:
    """How to hear one of its tracks. Raises ShareNotFound, ShareExpired, ContentNotFound, NotPlayable."""
    row, items = await _holds(db, share_id, None, visit=False)
    wanted = parse(Kind.TRACK, content_id)
    async with db.seen_by(row.user_id) as conn:
        if wanted not in await _tracks_of(conn, await _public(conn, items)):
            raise catalog.ContentNotFound()
        return await playback.stream(conn, tools, playback.Listener(None, guests_may=True), content_id)


async def share_card(db: Database, share_id: str) -> ShareCard | None:
    """None where the link leads nowhere, or not any more. Looking at it is no visit."""
    try:
        row, items = await _holds(db, share_id, None, visit=False)
    except (NotFound, ShareExpired):
        return None
    async with db.seen_by(row.user_id) as conn:
        name = await _name(conn, row.user_id)
        works = (await _seen(conn, None, await _public(conn, items[:4]))).get(row.id, [])
    if not works:
        return ShareCard(title=name, words=row.description, picture="")
    first, picture = works[0], next((one for one in map(_picture, works) if one), "")
    shown = first.track or first.album
    title = f"{shown.title} · {shown.artist.name}" if shown else first.artist.name if first.artist else name
    return ShareCard(title=title, words=row.description, picture=picture)


def _picture(work: SharedWork) -> str:
    """The largest there is."""
    shown = work.track or work.album
    image = shown.cover if shown else work.artist.image if work.artist else None
    return max(image.sizes.items(), key=lambda one: int(one[0]))[1] if image and image.sizes else ""


async def _holds(
    db: Database, share_id: str, viewer: UUID | None, *, visit: bool
) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """The link and what it was made for. Raises ShareNotFound, ShareExpired."""
    wanted = _parsed(share_id)
    async with db.system() as uow:
        row = await store.get(uow.conn, wanted)
        if row is None:
            raise ShareNotFound()
        now = uow.clock.now()
        if has_ended(row.expires_at, now):
            raise ShareExpired()
        if visit and row.user_id != viewer:
            await store.visited(uow.conn, row.id, now)
        return row, await store.items(uow.conn, [row.id])


async def _public(conn: AsyncConnection, items: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that are published: its owner may manage drafts, which a link does not show."""
    named = {kind: [one.work_id for one in items if one.kind == kind] for kind in ("track", "album")}
    tracks = {song.id for song in await listing.songs_by_id(conn, named["track"])}
    albums = {album.id for album in await listing.albums_by_id(conn, named["album"])}
    return [one for one in items if one.kind == "artist" or one.work_id in tracks | albums]


async def _tracks_of(conn: AsyncConnection, items: Sequence[Row[Any]]) -> list[UUID]:
    """What is to be heard, each once."""
    found: dict[UUID, None] = {}
    for item in items:
        if item.kind == "track":
            found[item.work_id] = None
            continue
        albums = [item.work_id]
        if item.kind == "artist":
            albums = [album.id for album in await listing.albums_of_artist(conn, item.work_id)]
        for album in albums:
            found |= {song.id: None for song in await listing.songs_of_album(conn, album)}
        if len(found) >= ITEMS_MAX:
            break
    return list(found)[:ITEMS_MAX]


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
