"""What was edited of an artist, an album, a track or a genre, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from antiphon.domains.catalog.api.access import require_manager, require_over_all
from antiphon.domains.catalog.api.bulk_at_once import takes_back_at_once, undo_at_once
from antiphon.domains.catalog.api.editing import MISSING, Why, change
from antiphon.domains.catalog.api.genre_keeping import check_genre, unmerge_genre
from antiphon.domains.catalog.api.merging import moved_to, unmerge
from antiphon.domains.catalog.errors import EditFinal, EditNotFound, EditOvertaken, GenreNotFound
from antiphon.domains.catalog.fields import ARTIST, GENRE, Form, form_of
from antiphon.domains.catalog.model_edits import Edit
from antiphon.domains.catalog.store import edits as store
from antiphon.domains.catalog.store import genres
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import Invalid, NotFound
from antiphon.kit.ids import Kind, kind_of, new_uuid, out, parse
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = ["history", "require_over", "undo"]


async def require_over(uow: UnitOfWork, user_id: UUID, form: Form, row_id: UUID) -> None:
    """Raises where the person may not edit it: the form's NotFound, or NotManager."""
    if form is GENRE:
        await require_over_all(uow.conn, user_id)
        return
    artist_id = row_id if form is ARTIST else await store.artist_of(uow.conn, form, row_id)
    if artist_id is None:
        raise MISSING[form.kind]()
    await require_manager(uow.conn, artist_id, user_id)


async def history(uow: UnitOfWork, user_id: UUID, content_id: str, request: PageRequest) -> Page[Edit]:
    """The last edits first. Seen by whoever may edit it. Raises NotFound, NotManager."""
    form = form_of(kind_of(content_id))
    if form is None:
        raise NotFound("Nothing with such an id has a history.")
    row_id = parse(form.kind, content_id)
    await require_over(uow, user_id, form, row_id)
    found = await store.page(uow.conn, row_id, request)
    return cut(found, request, lambda row: ("", str(row.id))).map(_view)


async def undo(uow: UnitOfWork, user_id: UUID, edit_id: UUID, *, whole_batch: bool) -> list[Edit]:
    """Take an edit back, or all that were asked for with it, as edits of their own. All of them or none.

    Raises EditNotFound, NotManager, EditFinal, EditOvertaken.
    """
    asked = await store.edit(uow.conn, edit_id)
    if asked is None:
        raise EditNotFound
    rows: Sequence[Row[Any]] = [asked]
    if whole_batch and asked.batch is not None:
        rows = await store.edits_of_batch(uow.conn, asked.batch)
    batch = new_uuid() if len(rows) > 1 else None
    form = form_of(Kind[asked.kind.upper()])
    if batch is not None and form is not None and all(takes_back_at_once(form, row) for row in rows):
        await undo_at_once(uow, user_id, form, rows, batch)
        return [_view(row) for row in await store.edits_of_batch(uow.conn, batch)]
    made = [await _undo_one(uow, user_id, row, batch) for row in rows]
    return [_view(row) for found in made if found and (row := await store.edit(uow.conn, found))]


async def _undo_one(uow: UnitOfWork, user_id: UUID, row: Row[Any], batch: UUID | None) -> UUID | None:
    form = form_of(Kind[row.kind.upper()])
    assert form is not None, row.kind
    try:
        await require_over(uow, user_id, form, row.subject)
        if form is GENRE and not await genres.is_there(uow.conn, row.subject):
            raise GenreNotFound
    except MISSING[form.kind] as gone:
        if await moved_to(uow.conn, row.subject):
            raise EditOvertaken("It was merged into another since; take that back first.", fields=[]) from gone
        raise EditNotFound from gone
    if row.action == "merge":
        return await (unmerge_genre(uow, user_id, row) if form is GENRE else unmerge(uow, user_id, form, row))
    before, after = msgspec.json.decode(row.before), msgspec.json.decode(row.after)
    if row.action not in ("edit", "undo") or not after.keys() <= form.fields:
        raise EditFinal
    present = await store.state(uow.conn, form, row.subject, hold=True)
    if present is None:
        raise EditNotFound
    overtaken = sorted(name for name, value in after.items() if present.get(name) != value)
    if overtaken:
        raise EditOvertaken(fields=overtaken)
    try:
        if form is GENRE:
            await check_genre(uow, row.subject, present | before)
        return await change(uow, form, row.subject, before, Why(user_id, "undo", batch, row.id))
    except (Invalid, NotFound) as error:
        raise EditOvertaken("What this would bring back is gone.", fields=sorted(before)) from error


def _view(row: Row[Any]) -> Edit:
    return Edit(
        id=out(Kind.EDIT, row.id),
        content_id=out(Kind[row.kind.upper()], row.subject),
        action=row.action,
        before=msgspec.json.decode(row.before),
        after=msgspec.json.decode(row.after),
        batch=out(Kind.EDIT, row.batch) if row.batch else None,
        undoes=out(Kind.EDIT, row.undoes) if row.undoes else None,
        undone=row.undone,
        edited_by=out(Kind.USER, row.edited_by) if row.edited_by else None,
        edited_at=row.edited_at,
    )
