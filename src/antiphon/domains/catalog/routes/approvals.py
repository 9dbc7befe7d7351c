"""HTTP of approving new artists, where the installation requires it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import FullArtist, Refusal, WaitingArtist
from antiphon.domains.catalog.routes.asked import Cursor, Limit
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.versions import etag

__all__ = ["handlers"]

APPROVE = needs("artist.approve")


@get("/artists/waiting", summary="Artists that wait to be approved, the longest first", tags=["artists"], opt=APPROVE)
async def list_waiting(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], cursor: Cursor = None, limit: Limit = 50
) -> Page[WaitingArtist]:
    async with db.system() as uow:
        return await api.waiting(uow, signed_in, PageRequest.of(cursor, limit))


@post("/artists/{artist_id:str}/approve", summary="Let it publish", tags=["artists"], status_code=204, opt=APPROVE)
async def approve_artist(
    artist_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Everybody can see the artist from now on; its owners get the artist role and a letter."""
    async with db.system() as uow:
        await api.approve(uow, parse(Kind.ARTIST, artist_id), by=signed_in.user_id, client=client)


@post(
    "/artists/{artist_id:str}/refuse", summary="Do not let it publish", tags=["artists"], status_code=204, opt=APPROVE
)
async def refuse_artist(
    artist_id: FromPath[str],
    data: JSONBody[Refusal],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Its owners read why, in the studio and in a letter, and may ask again."""
    async with db.system() as uow:
        await api.refuse(uow, parse(Kind.ARTIST, artist_id), data.reason, by=signed_in.user_id, client=client)


@post(
    "/artists/{artist_id:str}/ask-again",
    summary="Ask again for an artist that was refused",
    tags=["artists"],
    status_code=200,
    opt=needs("content.make"),
)
async def ask_again(
    artist_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[FullArtist]:
    async with db.unit(signed_in.user_id) as uow:
        asked = await api.ask_again(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id), client)
    return Response(asked, headers=etag(asked.version))


handlers = [list_waiting, approve_artist, refuse_artist, ask_again]
