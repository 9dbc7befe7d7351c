"""HTTP of rooms in which people listen together."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback import api
from antiphon.domains.playback.errors import GuestListeningOff
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.settings import Settings

__all__ = ["handlers"]

LISTEN = needs("content.listen")
NOW = {"Cache-Control": "no-store"}


class ServerTime(msgspec.Struct, frozen=True):
    """Of the clock that rooms go by."""

    now: datetime


@get("/jams/time", summary="The clock that rooms go by", tags=["playback"], opt=needs("public"))
async def get_time(db: NamedDependency[Database]) -> Response[ServerTime]:
    """For who has no socket, whose `ping` tells it too."""
    return Response(ServerTime(db.clock.now()), headers=NOW)


@post("/jams", summary="Open a room to listen together", tags=["playback"], opt=LISTEN)
async def post_jam(
    data: JSONBody[api.NewJam],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """From one's queue as it stands, or from what is named. One is its host, and the link lasts a day."""
    async with db.unit(signed_in.user_id) as uow:
        made = await api.make_jam(uow, signed_in.user_id, data)
    async with db.unit(signed_in.user_id) as uow:
        return await api.jam(uow, signed_in.user_id, settings.site_url, made)


@get("/jams", summary="The rooms that one is in", tags=["playback"], opt=LISTEN)
async def list_jams(
    db: NamedDependency[Database], settings: NamedDependency[Settings], signed_in: NamedDependency[Actor]
) -> Response[list[api.Jam]]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.jams(uow, signed_in.user_id, settings.site_url), headers=NOW)


@get("/jams/link/{code:str}", summary="The room behind a link", tags=["playback"], opt=needs("public"))
async def get_linked(
    code: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor | None],
) -> Response[api.Jam]:
    """For whoever has it. Guests may listen along where guests may hear music at all; they ask again now and then."""
    if actor is None and not settings.guest_listening:
        raise GuestListeningOff(because="sign_in_needed")
    viewer = actor.user_id if actor else None
    return Response(await api.linked_jam(db, viewer, settings.site_url, code), headers=NOW)


@post("/jams/link/{code:str}", summary="Come into the room behind a link", tags=["playback"], opt=LISTEN)
async def post_linked(
    code: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """Coming twice is coming once."""
    async with db.system() as uow:
        found = await api.join_jam(uow, signed_in.user_id, code)
    async with db.unit(signed_in.user_id) as uow:
        return await api.jam(uow, signed_in.user_id, settings.site_url, found)


@get("/jams/{jam_id:str}", summary="A room, as it is now", tags=["playback"], opt=LISTEN)
async def get_jam(
    jam_id: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> Response[api.Jam]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.jam(uow, signed_in.user_id, settings.site_url, jam_id), headers=NOW)


@delete("/jams/{jam_id:str}", summary="End a room", tags=["playback"], opt=LISTEN)
async def delete_jam(jam_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> None:
    """For everybody. For its host alone."""
    async with db.unit(signed_in.user_id) as uow:
        await api.end_jam(uow, signed_in.user_id, jam_id)


@post("/jams/{jam_id:str}/here", summary="Say that one is still there", tags=["playback"], status_code=200, opt=LISTEN)
async def post_here(
    jam_id: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """For 90 s from now. Also when an entry is over, so that the others hear at once of what comes."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.be_here(uow, signed_in.user_id, settings.site_url, jam_id)


@post("/jams/{jam_id:str}/commands", summary="Do something in a room", tags=["playback"], status_code=200, opt=LISTEN)
async def post_commands(
    jam_id: FromPath[str],
    data: JSONBody[api.JamCommands],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """All of it or nothing. What is said twice is done once. Answers the room as it is then."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.do_in_jam(uow, signed_in.user_id, settings.site_url, jam_id, data)


@put("/jams/{jam_id:str}/options", summary="Say what everybody may do in a room", tags=["playback"], opt=LISTEN)
async def put_options(
    jam_id: FromPath[str],
    data: JSONBody[api.JamOptions],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    async with db.unit(signed_in.user_id) as uow:
        return await api.set_jam_options(uow, signed_in.user_id, settings.site_url, jam_id, data)


@put("/jams/{jam_id:str}/link", summary="Make another link into a room", tags=["playback"], opt=LISTEN)
async def put_link(
    jam_id: FromPath[str],
    data: JSONBody[api.NewJamLink],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """The one before leads nowhere from then on."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.make_jam_link(uow, signed_in.user_id, settings.site_url, jam_id, data)


@delete(
    "/jams/{jam_id:str}/link", summary="Take the link into a room back", tags=["playback"], status_code=200, opt=LISTEN
)
async def delete_link(
    jam_id: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    async with db.unit(signed_in.user_id) as uow:
        return await api.take_jam_link(uow, signed_in.user_id, settings.site_url, jam_id)


@get("/jams/{jam_id:str}/link/picture", summary="The link into a room, to be scanned", tags=["playback"], opt=LISTEN)
async def get_link_picture(
    jam_id: FromPath[str],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> Response[api.JamLinkPicture]:
    async with db.unit(signed_in.user_id) as uow:
        return Response(await api.jam_link_picture(uow, signed_in.user_id, settings.site_url, jam_id), headers=NOW)


@put(
    "/jams/{jam_id:str}/members/{user_id:str}", summary="Give somebody a role in a room", tags=["playback"], opt=LISTEN
)
async def put_member(
    jam_id: FromPath[str],
    user_id: FromPath[str],
    data: JSONBody[api.JamRole],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signed_in: NamedDependency[Actor],
) -> api.Jam:
    """Who makes somebody else host is co-host from then on."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.set_jam_role(uow, signed_in.user_id, settings.site_url, jam_id, user_id, data.role)


@delete(
    "/jams/{jam_id:str}/members/{user_id:str}",
    summary="Leave a room, or show somebody out",
    tags=["playback"],
    opt=LISTEN,
)
async def delete_member(
    jam_id: FromPath[str], user_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    """Whoever left may come back; who was shown out may not. When the host leaves, another one is host."""
    async with db.unit(signed_in.user_id) as uow:
        await api.show_out(uow, signed_in.user_id, jam_id, user_id)


handlers = [
    get_time,
    post_jam,
    list_jams,
    get_linked,
    post_linked,
    get_jam,
    delete_jam,
    post_here,
    post_commands,
    put_options,
    put_link,
    delete_link,
    get_link_picture,
    put_member,
    delete_member,
]
