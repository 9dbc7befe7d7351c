"""Accounts as apps see them. They are looked after on the pages: what a player keeps must not open that."""

from __future__ import annotations

from typing import Any

from antiphon.domains.catalog.api import listing
from antiphon.domains.identity import api as identity
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint


async def _oneself(call: Call) -> dict[str, Any]:
    actor = call.actor
    if actor is None:
        raise Failed(DENIED, "Sign in first.")
    async with call.reading() as conn:
        me = await identity.user_by_id(conn, actor.user_id, actor)
        folders = [library.number for library in await listing.list_libraries(conn)]
    return {
        "username": me.handle,
        "scrobblingEnabled": True,
        "adminRole": "admin" in actor.roles,
        "settingsRole": True,
        "downloadRole": True,
        "uploadRole": False,
        "playlistRole": True,
        "coverArtRole": False,
        "commentRole": True,
        "podcastRole": False,
        "streamRole": True,
        "jukeboxRole": False,
        "shareRole": True,
        "videoConversionRole": False,
        "folder": folders,
    }


@endpoint("getUser")
async def get_user(call: Call) -> Answer:
    wanted = call.params.needed("username")
    found = await _oneself(call)
    if wanted.strip().casefold() != found["username"].casefold():
        raise Failed(DENIED, "An app sees nobody but the person who uses it.")
    return {"user": found}


@endpoint("getUsers")
async def get_users(call: Call) -> Answer:
    return {"users": {"user": [await _oneself(call)]}}


async def _elsewhere(_call: Call) -> Answer:
    raise Failed(DENIED, "Accounts and passwords are changed on the pages of the site, not by an app.")


for _name in ("createUser", "updateUser", "deleteUser", "changePassword"):
    endpoint(_name, cost="write")(_elsewhere)
