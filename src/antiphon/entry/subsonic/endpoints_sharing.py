"""Links that show works to others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.domains.catalog.api import listing
from antiphon.domains.identity import api as identity
from antiphon.domains.social import api as social
from antiphon.entry.subsonic import marks, views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import missing
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, parse

SHARE = "social.share"
Given = dict[str, Any]


async def _shown(call: Call, conn: Any, shares: list[social.Share]) -> Answer:
    """With the songs and albums as entries; an artist is shown by the albums."""
    username = (await identity.names_shown(conn, [call.user_id], call.user_id))[call.user_id].handle
    return {"shares": {"share": [await _share(call, conn, share, username) for share in shares]}}


async def _share(call: Call, conn: Any, share: social.Share, username: str) -> Given:
    shown: Given = {
        "id": share.id,
        "url": share.url,
        "description": share.description,
        "username": username,
        "created": share.created_at,
        "visitCount": share.visits,
        "entry": await _entries(call, conn, share.works),
    }
    times = {"expires": share.expires_at, "lastVisited": share.last_visited_at}
    return shown | {name: time for name, time in times.items() if time is not None}


async def _entries(call: Call, conn: Any, works: list[social.SharedWork]) -> list[Given]:
    entries: list[Given] = []
    marked = marks.of_albums(call)
    for work in works:
        if work.track is not None:
            songs = await views.songs_by_id(call, conn, [parse(Kind.TRACK, work.track.id)])
            entries += [msgspec.to_builtins(song) for song in songs]
            continue
        if work.album is not None:
            albums = await listing.albums_by_id(conn, [parse(Kind.ALBUM, work.album.id)], marked)
        elif work.artist is not None:
            albums = await listing.albums_of_artist(conn, parse(Kind.ARTIST, work.artist.id), marked)
        else:
            albums = []
        entries += [views.folder_album_of(views.album_of(album)) for album in albums]
    return entries


@endpoint("getShares", permission=SHARE)
async def get_shares(call: Call) -> Answer:
    async with call.reading() as conn:
        return await _shown(call, conn, await social.shares(conn, call.user_id, call.site))


@endpoint("createShare", permission=SHARE, cost="write")
async def create_share(call: Call) -> Answer:
    wanted = call.params.texts("id")
    if not wanted:
        raise missing("id")
    description = (call.params.text("description") or "")[:2_000]
    new = social.NewShare(
        content_ids=wanted[: social.ITEMS_MAX], description=description, expires_at=call.params.moment("expires")
    )
    async with call.changing() as uow:
        made = await social.make_share(uow, call.user_id, call.site, new)
        return await _shown(call, uow.conn, [made])


@endpoint("updateShare", permission=SHARE, cost="write")
async def update_share(call: Call) -> Answer:
    """What is not said stays; an end near 1970 takes the end away."""
    share_id = call.params.needed("id")
    description: str | UnsetType = UNSET
    if call.params.given("description"):
        description = (call.params.words("description") or "")[:2_000]
    expires: datetime | UnsetType | None = UNSET
    if call.params.text("expires"):
        expires = call.params.moment("expires")
    change = social.ShareChange(description=description, expires_at=expires)
    async with call.changing() as uow:
        await social.change_share(uow, call.user_id, call.site, share_id, change)
    return {}


@endpoint("deleteShare", permission=SHARE, cost="write")
async def delete_share(call: Call) -> Answer:
    share_id = call.params.needed("id")
    async with call.changing() as uow:
        await social.delete_share(uow, call.user_id, share_id)
    return {}
