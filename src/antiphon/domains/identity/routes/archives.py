"""HTTP of archives: everything of one's own taken out, and brought in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Redirect

from antiphon.domains.identity.api import exports, imports
from antiphon.domains.identity.api.exports import Export
from antiphon.domains.identity.api.imports import Import, ImportReport
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.domains.identity.unpacking import UnsureWork
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="A repeat with the same key is not done twice")
]


@dataclass
class ArchiveBody(Operation):
    """The OpenAPI document cannot know of a body that we read ourselves, piece by piece."""

    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(content={"application/zip": OpenAPIMediaType(schema=binary)}, required=True)


@post(
    "/users/me/export",
    summary="Ask for everything that is known of oneself",
    tags=["privacy"],
    status_code=202,
    opt=needs("privacy.manage") | costs("export"),
)
async def ask_export(
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
    idempotency_key: IdempotencyKey = None,
) -> Response[Export]:
    """One ZIP, made in the background; its progress comes as `export` on one's own topic. Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        asked = await once(
            uow,
            signed_in.user_id,
            idempotency_key,
            "export",
            lambda: exports.ask_export(uow, identity, signed_in, client),
            Export,
        )
    return Response(asked, status_code=202, headers={"Location": f"/api/v1/users/me/export/{asked.id}"})


@get("/users/me/export", summary="Exports that one asked for", tags=["privacy"], opt=needs("privacy.manage"))
async def list_exports(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> list[Export]:
    async with db.unit(signed_in.user_id) as uow:
        return await exports.exports(uow.conn, identity, uow.clock, signed_in)


@get("/users/me/export/{export_id:str}", summary="One export", tags=["privacy"], opt=needs("privacy.manage"))
async def get_export(
    export_id: FromPath[str],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> Export:
    async with db.unit(signed_in.user_id) as uow:
        return await exports.export(uow.conn, identity, uow.clock, signed_in, parse(Kind.EXPORT, export_id))


@get(
    "/users/me/export/{export_id:str}/download",
    summary="The archive itself",
    tags=["privacy"],
    status_code=307,
    opt=needs("privacy.manage"),
)
async def download_export(
    export_id: FromPath[str],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> Redirect:
    """Leads to a signed address that answers ranges, so that a broken download goes on where it broke."""
    async with db.unit(signed_in.user_id) as uow:
        key = parse(Kind.EXPORT, export_id)
        url = await exports.download_url(uow.conn, identity, uow.clock, signed_in, key)
    return Redirect(url, status_code=307, headers={"Cache-Control": "no-store"})


@post(
    "/users/me/import",
    summary="Bring an archive from another install",
    tags=["privacy"],
    status_code=202,
    request_max_body_size=None,
    operation_class=ArchiveBody,
    opt=needs("privacy.manage") | costs("export"),
)
async def begin_import(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
    publish: Annotated[bool, QueryParameter(description="What was public there becomes public here")] = True,
    review: Annotated[
        bool, QueryParameter(description="Likes, ratings, playlists and plays wait until one has looked through them")
    ] = False,
) -> Response[Import]:
    """The ZIP as the body. What is here already is not made again, so the same archive may be brought twice."""
    declared = request.headers.get("content-length", "")
    begun = await imports.begin_import(
        db,
        identity,
        signed_in,
        request.stream(),
        declared=int(declared) if declared.isdigit() else 0,
        publish=publish,
        review=review,
        client=client,
    )
    return Response(begun, status_code=202, headers={"Location": f"/api/v1/users/me/import/{begun.id}"})


@get("/users/me/import", summary="Archives that one brought", tags=["privacy"], opt=needs("privacy.manage"))
async def list_imports(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> list[Import]:
    async with db.unit(signed_in.user_id) as uow:
        return await imports.imports(uow.conn, signed_in)


@get(
    "/users/me/import/{import_id:str}",
    summary="What was taken and what not",
    tags=["privacy"],
    opt=needs("privacy.manage"),
)
async def get_import(
    import_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> ImportReport:
    async with db.unit(signed_in.user_id) as uow:
        return await imports.import_report(uow.conn, signed_in, parse(Kind.IMPORT, import_id))


@get(
    "/users/me/import/{import_id:str}/unsure",
    summary="Works of an archive that may be several here",
    tags=["privacy"],
    opt=needs("privacy.manage"),
)
async def list_unsure(
    import_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    cursor: Annotated[str | None, QueryParameter(description="`next` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> Page[UnsureWork]:
    """Among which one chooses before the archive is taken in; five thousand at the most."""
    async with db.unit(signed_in.user_id) as uow:
        wanted = parse(Kind.IMPORT, import_id)
        return await imports.unsure_works(uow.conn, signed_in, wanted, PageRequest.of(cursor, limit))


@post(
    "/users/me/import/{import_id:str}/apply",
    summary="Take in an archive that one has looked through",
    tags=["privacy"],
    status_code=202,
    opt=needs("privacy.manage"),
)
async def apply_import(
    import_id: FromPath[str],
    data: JSONBody[imports.ImportReview],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> Import:
    """With what one has chosen where a work may be several."""
    async with db.unit(signed_in.user_id) as uow:
        return await imports.apply_import(uow, signed_in, parse(Kind.IMPORT, import_id), data)


@delete(
    "/users/me/import/{import_id:str}",
    summary="Do not take in an archive that one has looked through",
    tags=["privacy"],
    opt=needs("privacy.manage"),
)
async def drop_import(
    import_id: FromPath[str],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> None:
    """One's own music, which came before the review, stays."""
    await imports.drop_import(db, identity, signed_in, parse(Kind.IMPORT, import_id))


handlers = [
    ask_export,
    list_exports,
    get_export,
    download_export,
    begin_import,
    list_imports,
    get_import,
    list_unsure,
    apply_import,
    drop_import,
]
