"""Accounts. An app has a password of its own: it opens the music and, to those who run the installation, the list of
who is there. What needs or changes a password of an account belongs to the pages of the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.identity import api as identity
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, NOT_FOUND, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.errors import Invalid

AT_MOST = 1_000
# By what a role allows. What no app can do here, whoever asks, is false.
_ALLOWED_BY = {
    "adminRole": "users.manage",
    "settingsRole": "account.manage",
    "downloadRole": "content.listen",
    "playlistRole": "playlist.edit",
    "commentRole": "social.like",
    "streamRole": "content.listen",
    "shareRole": "social.share",
}
_NOBODYS = ("uploadRole", "coverArtRole", "podcastRole", "jukeboxRole", "videoConversionRole")


def _shown(handle: str, roles: Iterable[str], folders: Iterable[int]) -> dict[str, Any]:
    """Every role always: strict apps miss what is missing. Listens are taken from everybody."""
    allowed = identity.permissions_of(roles)
    return {
        "username": handle,
        "scrobblingEnabled": True,
        **{name: permission in allowed for name, permission in _ALLOWED_BY.items()},
        **dict.fromkeys(_NOBODYS, False),
        "folder": list(folders),
    }


async def _oneself(call: Call) -> dict[str, Any]:
    async with call.reading() as conn:
        me = await identity.user_by_id(conn, call.user_id, call.actor)
        folders = [library.number for library in await listing.list_libraries(conn)]
    return _shown(me.handle, me.roles, folders)


def _is_admin(call: Call) -> bool:
    """By the role alone: no app password has more than music in its scopes."""
    actor = call.actor
    return actor is not None and identity.can(msgspec.structs.replace(actor, scopes=None), "users.manage").allowed


async def _others(conn: AsyncConnection, people: list[identity.Member]) -> list[dict[str, Any]]:
    folders = await listing.libraries_of(conn, [one.id for one in people])
    return [_shown(one.handle, one.roles, folders[one.id]) for one in people]


@endpoint("getUser")
async def get_user(call: Call) -> Answer:
    wanted = call.params.needed("username").strip()
    found = await _oneself(call)
    if wanted.casefold() == found["username"].casefold():
        return {"user": found}
    if not _is_admin(call):
        raise Failed(DENIED, "You see nobody but yourself; administrators see everybody.")
    async with call.house.db.system() as uow:
        people = await identity.members(uow.conn, 1, await _named(uow.conn, wanted))
        return {"user": (await _others(uow.conn, people))[0]}


async def _named(conn: AsyncConnection, handle: str) -> UUID:
    """Raises Failed (70)."""
    try:
        person = await identity.user_by_handle(conn, handle)
    except Invalid:
        person = None
    if person is None:
        raise Failed(NOT_FOUND, "There is nobody of this name.")
    return person


@endpoint("getUsers")
async def get_users(call: Call) -> Answer:
    """Administrators get everybody, as far as a list of an app can be long; others themselves."""
    if not _is_admin(call):
        return {"users": {"user": [await _oneself(call)]}}
    async with call.house.db.system() as uow:
        return {"users": {"user": await _others(uow.conn, await identity.members(uow.conn, AT_MOST))}}


async def _elsewhere(_call: Call) -> Answer:
    raise Failed(
        DENIED,
        "Accounts are made, changed and deleted on the pages of the site, and so are passwords: no app may set one.",
    )


for _name in ("createUser", "updateUser", "deleteUser", "changePassword"):
    endpoint(_name, cost="write")(_elsewhere)
