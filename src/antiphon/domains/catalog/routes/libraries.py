"""HTTP of libraries and their folders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from antiphon.domains.catalog.api import libraries as api
from antiphon.domains.catalog.api.libraries import (
    Folder,
    FolderRef,
    Library,
    LibraryAccess,
    LibraryChange,
    NewLibrary,
)
from antiphon.domains.identity.api import Actor, can
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import PageRequest

__all__ = ["handlers"]

MANAGE = needs("libraries.manage")
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


def _viewer(actor: Actor | None) -> UUID | None:
    return actor.user_id if actor else None


@get(
    "/libraries", summary="Libraries that one may hear; administrators see all", tags=["libraries"], opt=needs("public")
)
async def list_libraries(db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> list[Library]:
    if can(actor, "libraries.manage").allowed:
        async with db.system() as uow:
            return await api.visible_libraries(uow.conn, whole=True)
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.visible_libraries(conn, whole=False)


@post("/libraries", summary="Make a folder of the server a library", tags=["libraries"], opt=MANAGE)
async def add_library(data: JSONBody[NewLibrary], db: NamedDependency[Database]) -> Library:
    async with db.system() as uow:
        return await api.add_library(uow, data)


@get("/libraries/{library_id:str}", summary="One library", tags=["libraries"], opt=MANAGE)
async def get_library(library_id: FromPath[str], db: NamedDependency[Database]) -> Library:
    async with db.system() as uow:
        return await api.library(uow.conn, parse(Kind.LIBRARY, library_id))


@put("/libraries/{library_id:str}", summary="Change a library", tags=["libraries"], opt=MANAGE)
async def change_library(
    library_id: FromPath[str], data: JSONBody[LibraryChange], db: NamedDependency[Database]
) -> Library:
    async with db.system() as uow:
        return await api.change_library(uow, parse(Kind.LIBRARY, library_id), data)


@get("/libraries/{library_id:str}/access", summary="Who may hear a library", tags=["libraries"], opt=MANAGE)
async def get_access(library_id: FromPath[str], db: NamedDependency[Database]) -> LibraryAccess:
    async with db.system() as uow:
        return await api.library_access(uow.conn, parse(Kind.LIBRARY, library_id))


@put("/libraries/{library_id:str}/access", summary="Choose who may hear a library", tags=["libraries"], opt=MANAGE)
async def set_access(
    library_id: FromPath[str], data: JSONBody[LibraryAccess], db: NamedDependency[Database]
) -> LibraryAccess:
    async with db.system() as uow:
        return await api.set_library_access(uow, parse(Kind.LIBRARY, library_id), data)


@get("/folders", summary="The folders of libraries, where one begins to walk", tags=["libraries"], opt=needs("public"))
async def list_roots(db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> list[FolderRef]:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.folder_roots(conn)


@get("/folders/{folder_id:str}", summary="What lies in a folder", tags=["libraries"], opt=needs("public"))
async def get_folder(
    folder_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Folder:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.folder(conn, parse(Kind.FOLDER, folder_id), _viewer(actor), PageRequest.of(cursor, limit))


handlers = [
    list_libraries,
    add_library,
    get_library,
    change_library,
    get_access,
    set_access,
    list_roots,
    get_folder,
]
