"""Changing many works, and taking that back, in as many statements for thousands as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_manager
from antiphon.domains.catalog.api.editing import MISSING
from antiphon.domains.catalog.errors import EditOvertaken
from antiphon.domains.catalog.fields import Form, cleaned
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.facts.catalog import WorksEdited
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import search_key

__all__ = ["OF_ITS_OWN", "change_at_once", "takes_back_at_once", "undo_at_once"]

# What is written for each work alone: by what it is found, and what points at other rows.
OF_ITS_OWN = frozenset({"title", "sort_title", "album_id", "artists", "credits"})
Words = Mapping[str, list[str]]


async def change_at_once(
    uow: UnitOfWork,
    user_id: UUID,
    form: Form,
    ids: Sequence[str],
    given: Mapping[str, Any],
    words: tuple[Words, Words],
    batch: UUID,
) -> tuple[dict[str, UUID], dict[str, AppError]]:
    """The edits that were made, by the ids of what they changed; none where something was in the way of some.

    `words` are those to be put to the lists of each, and to be taken from them.
    """
    before, problems = await _held(uow.conn, user_id, form, ids)
    if problems:
        return {}, problems
    wanted: dict[UUID, dict[str, Any]] = {}
    for row_id, state in before.items():
        values = cleaned(form, {**_own(state, *words), **given})
        differ = {name: value for name, value in values.items() if state[name] != value}
        if differ:
            wanted[row_id] = differ
    await _write(uow, form, wanted)
    after = await edit_store.states(uow.conn, form, list(wanted), hold=False)
    made = []
    for row_id, values in wanted.items():
        names = [name for name in values if before[row_id][name] != after[row_id][name]]
        if names:
            sides = {"before": before[row_id], "after": after[row_id]}
            made.append({"subject": row_id, **{side: {n: of[n] for n in names} for side, of in sides.items()}})
    told = {"action": "edit", "batch": batch, "by": user_id, "now": uow.clock.now()}
    edits = await edit_store.insert_many(uow.conn, form, told, made)
    _tell(uow, form, batch, made)
    return {out(form.kind, row_id): edit for row_id, edit in edits.items()}, {}


def _tell(uow: UnitOfWork, form: Form, batch: UUID, made: Sequence[Mapping[str, Any]]) -> None:
    if made:
        works = tuple(edit["subject"] for edit in made)
        fields = tuple(sorted({name for edit in made for name in edit["after"]}))
        uow.add_fact(WorksEdited(subject=batch, kind=form.name, works=works, fields=fields))


def _own(state: Mapping[str, Any], add: Words, remove: Words) -> dict[str, list[str]]:
    own = {}
    for name in sorted({*add, *remove}):
        gone = {search_key(word) for word in remove.get(name, ())}
        own[name] = [*(word for word in state[name] if search_key(word) not in gone), *add.get(name, ())]
    return own


async def _held(
    conn: AsyncConnection, user_id: UUID, form: Form, ids: Sequence[str]
) -> tuple[dict[UUID, dict[str, Any]], dict[str, AppError]]:
    """All of them as they are, held; and what is wrong with those that are not there, or not the person's."""
    problems: dict[str, AppError] = {}
    asked: dict[str, UUID] = {}
    for content_id in ids:
        try:
            asked[content_id] = parse(form.kind, content_id)
        except AppError as error:
            problems[content_id] = error
    found = await edit_store.states(conn, form, list(asked.values()), hold=True)
    refusals: dict[str, AppError | None] = {}
    for content_id, row_id in asked.items():
        if row_id not in found:
            problems[content_id] = MISSING[form.kind]()
            continue
        artist = found[row_id]["artists"][0]["artist_id"]
        if artist not in refusals:
            refusals[artist] = await _refusal(conn, user_id, artist)
        refusal = refusals[artist]
        if refusal is not None:
            problems[content_id] = refusal
    return found, problems


async def _refusal(conn: AsyncConnection, user_id: UUID, artist: str) -> AppError | None:
    try:
        await require_manager(conn, parse(Kind.ARTIST, artist), user_id)
    except AppError as error:
        return error
    return None


async def _write(uow: UnitOfWork, form: Form, wanted: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Rows that have the same fields to write are written together."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    by_genres: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for row_id, values in wanted.items():
        columns = {form.columns[name]: value for name, value in values.items() if name in form.columns}
        by_columns[tuple(sorted(columns))].append({"id": row_id, **columns})
        if "genres" in values:
            by_genres[tuple(values["genres"])].append(row_id)
    for names, found in by_columns.items():
        await rows.update_each(uow.conn, form.table, names, found, uow.clock.now())
        if not {"territories", "embargoes"}.isdisjoint(names):
            uow.rights_changed("content:*")
    for genres, tracks in by_genres.items():
        await track_store.set_genres(uow.conn, tracks, genres)


def takes_back_at_once(form: Form, edit: Row[Any]) -> bool:
    changed = msgspec.json.decode(edit.after).keys()
    return form.kind in (Kind.ALBUM, Kind.TRACK) and edit.action == "edit" and not changed & OF_ITS_OWN


async def undo_at_once(uow: UnitOfWork, user_id: UUID, form: Form, edits: Sequence[Row[Any]], batch: UUID) -> None:
    """All or none. Raises EditOvertaken where fields are no longer as they were left, or works are gone, or no longer
    the person's."""
    wanted = {edit.subject: msgspec.json.decode(edit.before) for edit in edits}
    left = {edit.subject: msgspec.json.decode(edit.after) for edit in edits}
    ids = sorted(out(form.kind, subject) for subject in wanted)
    present, problems = await _held(uow.conn, user_id, form, ids)
    if problems:
        raise EditOvertaken("Some of the works are gone, or are not yours.", items=sorted(problems))
    overtaken = {
        name for subject, after in left.items() for name, value in after.items() if present[subject][name] != value
    }
    if overtaken:
        raise EditOvertaken(fields=sorted(overtaken))
    await _write(uow, form, wanted)
    now = await edit_store.states(uow.conn, form, list(wanted), hold=False)
    made = [
        {
            "subject": edit.subject,
            "undoes": edit.id,
            "before": left[edit.subject],
            "after": {name: now[edit.subject][name] for name in wanted[edit.subject]},
        }
        for edit in edits
    ]
    told = {"action": "undo", "batch": batch, "by": user_id, "now": uow.clock.now()}
    await edit_store.insert_many(uow.conn, form, told, made)
    _tell(uow, form, batch, made)
