"""HTTP of the history of edits, of undoing them, and of changing many things at once."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from antiphon.domains.catalog import api
from antiphon.domains.catalog.fields import ALBUM, TRACK
from antiphon.domains.catalog.model_changes import BulkChange
from antiphon.domains.catalog.model_edits import BulkPreview, BulkResult, Edit
from antiphon.domains.catalog.routes.asked import Cursor, Limit
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import Page, PageRequest

__all__ = ["handlers"]

EDIT = needs("content.edit")


@get(
    "/content/{content_id:str}/history",
    summary="What was edited of an artist, an album, a track or a genre",
    tags=["content"],
    opt=EDIT,
)
async def get_history(
    content_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Edit]:
    """The last edits first, with those of what was merged into it. Whoever may edit it sees them."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.history(uow, signed_in.user_id, content_id, PageRequest.of(cursor, limit))


@post("/edits/{edit_id:str}/undo", summary="Take an edit back", tags=["content"], status_code=200, opt=EDIT)
async def undo_edit(
    edit_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    whole_batch: FromQuery[bool] = False,
) -> list[Edit]:
    """`whole_batch`: and all that were asked for at once with it, all or none. Answers the edits that this made.

    Refused with `edit_overtaken` where a field is no longer as the edit left it.
    """
    async with db.unit(signed_in.user_id) as uow:
        edit = parse(Kind.EDIT, edit_id)
        return await api.undo(uow, signed_in.user_id, edit, whole_batch=whole_batch)


@post("/tracks/bulk", summary="Change many tracks at once", tags=["tracks"], status_code=200, opt=EDIT)
async def change_tracks(
    data: JSONBody[BulkChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> BulkResult:
    """All of them, or none: then `bulk_refused` says in `items` what was wrong with which."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.change_many(uow, signed_in.user_id, TRACK, data)


@post("/albums/bulk", summary="Change many albums at once", tags=["albums"], status_code=200, opt=EDIT)
async def change_albums(
    data: JSONBody[BulkChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> BulkResult:
    """All of them, or none: then `bulk_refused` says in `items` what was wrong with which."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.change_many(uow, signed_in.user_id, ALBUM, data)


@post(
    "/tracks/bulk/preview",
    summary="What a change would do to many tracks",
    tags=["tracks"],
    status_code=200,
    opt=EDIT,
)
async def preview_tracks(
    data: JSONBody[BulkChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> BulkPreview:
    """Nothing is changed by asking."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.preview_many(uow, signed_in.user_id, TRACK, data)


@post(
    "/albums/bulk/preview",
    summary="What a change would do to many albums",
    tags=["albums"],
    status_code=200,
    opt=EDIT,
)
async def preview_albums(
    data: JSONBody[BulkChange], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> BulkPreview:
    """Nothing is changed by asking."""
    async with db.unit(signed_in.user_id) as uow:
        return await api.preview_many(uow, signed_in.user_id, ALBUM, data)


handlers = [get_history, undo_edit, change_tracks, change_albums, preview_tracks, preview_albums]
