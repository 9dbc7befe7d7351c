"""Bookmarks, one a song."""

from __future__ import annotations

from antiphon.domains.identity import api as identity
from antiphon.domains.playback import api as playback
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import MISSING, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, parse


@endpoint("getBookmarks")
async def get_bookmarks(call: Call) -> Answer:
    """Those of songs that are still to be heard."""
    async with call.reading() as conn:
        kept = await playback.kept_bookmarks(conn, call.user_id)
        children = await views.songs_by_id(call, conn, [one.track_id for one in kept])
        username = (await identity.names_shown(conn, [call.user_id], call.user_id))[call.user_id].handle
    songs = {parse(Kind.TRACK, child.id): child for child in children}
    shown = [
        {
            "position": one.position_ms,
            "username": username,
            "comment": one.comment,
            "created": one.created_at,
            "changed": one.changed_at,
            "entry": songs[one.track_id],
        }
        for one in kept
        if one.track_id in songs
    ]
    return {"bookmarks": {"bookmark": shown}}


@endpoint("createBookmark", cost="write")
async def create_bookmark(call: Call) -> Answer:
    content_id = call.params.needed("id")
    call.params.needed("position")
    position = call.params.number("position", -1, least=-1, most=10**10)
    if position < 0:
        raise Failed(MISSING, "'position' is in milliseconds from the beginning.")
    words = playback.BookmarkWords(position_ms=position, comment=(call.params.text("comment") or "")[:1_000])
    async with call.changing() as uow:
        await playback.set_bookmark(uow, call.user_id, content_id, words)
    return {}


@endpoint("deleteBookmark", cost="write")
async def delete_bookmark(call: Call) -> Answer:
    content_id = call.params.needed("id")
    async with call.changing() as uow:
        await playback.drop_bookmark(uow, call.user_id, content_id)
    return {}
