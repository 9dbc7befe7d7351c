"""HTTP of playback."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Redirect

from antiphon.domains.identity.api import Actor
from antiphon.domains.media.api import MediaTools, Waveform
from antiphon.domains.playback import api
from antiphon.kit.access import needs
from antiphon.kit.cost import costs, often
from antiphon.kit.db import Database
from antiphon.kit.settings import Settings

__all__ = ["handlers"]

Expires = Annotated[str, QueryParameter(name="e", description="When the link ends, in Unix seconds")]
Signature = Annotated[str, QueryParameter(name="s", description="The link's signature")]
Named = Annotated[str, QueryParameter(name="l", description="For whom encodes count, by a name of the link's")]
SHARED = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


@get("/stream/{content_id:str}", summary="How to hear a track", tags=["playback"], opt=needs("public"))
async def get_stream(
    content_id: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[MediaTools],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor | None],
    redirect: Annotated[
        bool, QueryParameter(description="Go straight to the best file that every player knows")
    ] = False,
    plays: Annotated[
        str | None,
        QueryParameter(description="Formats that the device plays, by commas: mp3, aac, opus, flac, vorbis, alac, pcm"),
    ] = None,
    max_kbps: Annotated[
        int | None, QueryParameter(ge=1, le=100_000, description="The most that the network carries, in kbit/s")
    ] = None,
) -> Response[api.Stream]:
    device = None if plays is None else api.device_of(plays.lower().split(","))
    listener = api.Listener(actor, settings.guest_listening)
    async with db.seen_by(actor.user_id if actor else None) as conn:
        found = await api.stream(conn, media, listener, content_id, device, api.Network(max_kbps))
    if redirect:
        if plays is not None or max_kbps is not None:
            return Redirect(found.decision.url)
        known = [file for file in found.progressive if file.codec == "mp3"] or found.progressive
        return Redirect(known[-1].url)
    return Response(found, headers={"Cache-Control": "private, no-cache"})


@get("/stream/{content_id:str}/waveform", summary="Peaks of a track", tags=["playback"], opt=needs("public"))
async def get_waveform(
    content_id: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[MediaTools],
    e: Expires,
    s: Signature,
) -> Response[Waveform]:
    media.links.check(f"{api.STREAM_PATH}/{content_id}/waveform", "", e, s)
    async with db.read() as conn:
        found = await api.waveform(conn, content_id)
    return Response(found, headers={"Cache-Control": "public, max-age=86400"})


@get("/stream/{content_id:str}/{name:str}", summary="An HLS or DASH manifest", tags=["playback"], opt=needs("public"))
async def get_manifest(
    content_id: FromPath[str],
    name: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[MediaTools],
    e: Expires,
    s: Signature,
    listener: Named = "",
) -> Response[str]:
    media.links.check(f"{api.STREAM_PATH}/{content_id}/{name}", "", e, s, listener)
    async with db.system() as uow:  # the link is the permission, to drafts too
        kind, text = await api.manifest(uow.conn, media, content_id, name, listener)
    return Response(text, media_type=kind, headers=SHARED)


@post("/stream/play", summary="Begin a play", tags=["playback"], opt=needs("public") | costs("write") | often())
async def post_play(
    data: JSONBody[api.PlayStart],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor | None],
) -> api.StartedPlay:
    async with db.unit(actor.user_id if actor else None) as uow:
        return await api.start_play(uow, api.Listener(actor, settings.guest_listening), data)


@put(
    "/stream/progress",
    summary="Say how far a play is",
    tags=["playback"],
    opt=needs("public") | costs("write") | often(),
)
async def put_progress(
    data: JSONBody[api.PlayProgress],
    listen_writer: NamedDependency[api.ListenWriter],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor | None],
) -> api.Counted:
    return await listen_writer.advance(api.Listener(actor, settings.guest_listening), data)


handlers = [get_stream, get_waveform, get_manifest, post_play, put_progress]
