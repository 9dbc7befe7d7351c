"""HTTP of scans: begin, watch and end them, what they could not read, what they did not find."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import api
from antiphon.domains.media.api import AskedScan, Scan, UnreadableFile
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

MANAGE = needs("libraries.manage")
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Only = Annotated[
    list[str] | None, QueryParameter(name="track", description="These tracks; without one, all that are missing")
]


def _library(text: str) -> UUID:
    return parse(Kind.LIBRARY, text)


@post("/libraries/{library_id:str}/scan", summary="Scan a library", tags=["libraries"], status_code=202, opt=MANAGE)
async def start_scan(library_id: FromPath[str], data: JSONBody[AskedScan], db: NamedDependency[Database]) -> Scan:
    library = _library(library_id)
    async with db.system() as uow:
        await api.start_scan(uow, library, full=data.full)
        return await api.scan(uow.conn, library)


@get("/libraries/{library_id:str}/scan", summary="The last scan of a library", tags=["libraries"], opt=MANAGE)
async def get_scan(library_id: FromPath[str], db: NamedDependency[Database]) -> Scan:
    async with db.read() as conn:
        return await api.scan(conn, _library(library_id))


@post(
    "/libraries/{library_id:str}/scan/cancel",
    summary="End the scan of a library",
    tags=["libraries"],
    status_code=202,
    opt=MANAGE,
)
async def cancel_scan(library_id: FromPath[str], db: NamedDependency[Database]) -> Scan:
    async with db.system() as uow:
        return await api.cancel_scan(uow, _library(library_id))


@get(
    "/libraries/{library_id:str}/scan/errors",
    summary="Files of a library that cannot be read, and why",
    tags=["libraries"],
    opt=MANAGE,
)
async def list_unreadable(
    library_id: FromPath[str], db: NamedDependency[Database], cursor: Cursor = None, limit: Limit = 50
) -> Page[UnreadableFile]:
    async with db.read() as conn:
        return await api.unreadable_files(conn, _library(library_id), PageRequest.of(cursor, limit))


@get(
    "/libraries/{library_id:str}/missing",
    summary="Tracks whose files were not found",
    tags=["libraries"],
    opt=MANAGE,
)
async def list_missing(
    library_id: FromPath[str], db: NamedDependency[Database], cursor: Cursor = None, limit: Limit = 50
) -> Page[catalog.MissingTrack]:
    async with db.system() as uow:
        return await catalog.missing_tracks(uow.conn, _library(library_id), PageRequest.of(cursor, limit))


@delete(
    "/libraries/{library_id:str}/missing",
    summary="Delete tracks whose files were not found, for good",
    tags=["libraries"],
    opt=MANAGE,
)
async def delete_missing(library_id: FromPath[str], db: NamedDependency[Database], only: Only = None) -> None:
    library = _library(library_id)
    tracks = [parse(Kind.TRACK, text) for text in only] if only is not None else None
    more = True
    while more:
        async with db.system() as uow:
            more = await api.confirm_missing(uow, library, tracks)


@delete(
    "/libraries/{library_id:str}",
    summary="Take a library out of the catalogue; its files stay",
    tags=["libraries"],
    status_code=202,
    opt=MANAGE,
)
async def remove_library(library_id: FromPath[str], db: NamedDependency[Database]) -> None:
    async with db.system() as uow:
        await api.remove_library(uow, _library(library_id))


handlers = [start_scan, get_scan, cancel_scan, list_unreadable, list_missing, delete_missing, remove_library]
