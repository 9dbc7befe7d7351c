"""One edit of an artist, an album, a track or a genre: cleaned, checked, written, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Column, Date, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.access import require_approved, require_manager
from antiphon.domains.catalog.errors import AlbumNotFound, ArtistNotFound, ContentNotFound, GenreNotFound
from antiphon.domains.catalog.fields import ALBUM, ARTIST, GENRE, Form, cleaned
from antiphon.domains.catalog.model import sort_key
from antiphon.domains.catalog.store import albums as album_store
from antiphon.domains.catalog.store import edits as store
from antiphon.domains.catalog.store import genres as genre_store
from antiphon.domains.catalog.store import parts as part_store
from antiphon.domains.catalog.store import rows
from antiphon.domains.catalog.store import tracks as track_store
from antiphon.facts.catalog import TrackMoved, WorksEdited
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound, VersionConflict
from antiphon.kit.ids import Kind, parse

__all__ = ["MISSING", "Why", "change"]

MISSING: Mapping[Kind, type[NotFound]] = {
    Kind.ARTIST: ArtistNotFound,
    Kind.ALBUM: AlbumNotFound,
    Kind.TRACK: ContentNotFound,
    Kind.GENRE: GenreNotFound,
}


@dataclass(frozen=True, slots=True)
class Why:
    """How an edit comes about: by whom, with which others at once, and which earlier one it undoes."""

    by: UUID
    action: Literal["edit", "undo"] = "edit"
    batch: UUID | None = None
    undoes: UUID | None = None
    moves: bool = False  # a track stays with its own kind of album; whoever moves it has looked


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is about to be written: columns of the row, and parts beside it with ids of ours."""

    columns: dict[str, Any]
    parts: dict[str, Any]


async def change(
    uow: UnitOfWork, form: Form, row_id: UUID, given: Mapping[str, Any], why: Why, version: int | None = None
) -> UUID | None:
    """Write the given fields, as people write them. Answers the id of the edit; None where nothing changed.

    Whoever calls has asked whether the person may. Raises Invalid, VersionConflict, the form's own NotFound.
    """
    values = cleaned(form, given)
    before = await store.state(uow.conn, form, row_id, hold=True)
    if before is None:
        raise MISSING[form.kind]()
    wanted = {name: value for name, value in values.items() if value != before[name]}
    writing = await _referring(uow.conn, form, row_id, before, wanted, why)
    await _write(uow, form, row_id, before | wanted, writing, version)
    after = await store.state(uow.conn, form, row_id, hold=False) or before
    changed = [name for name in sorted(form.fields) if before[name] != after[name]]
    if not changed:
        return None
    if not {"territories", "embargoes"}.isdisjoint(changed):
        uow.rights_changed("content:*")
    if "album_id" in changed:
        sides = [parse(Kind.ALBUM, side["album_id"]) if side["album_id"] else None for side in (before, after)]
        uow.add_fact(TrackMoved(subject=row_id, from_album=sides[0], to_album=sides[1]))
    edit = await store.insert(
        uow.conn,
        {
            "kind": form.name,
            "subject": row_id,
            "action": why.action,
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
            "batch": why.batch,
            "undoes": why.undoes,
            "by": why.by,
            "now": uow.clock.now(),
        },
    )
    uow.add_fact(WorksEdited(subject=edit, kind=form.name, works=(row_id,), fields=tuple(changed)))
    return edit


async def _referring(
    conn: AsyncConnection, form: Form, row_id: UUID, before: Mapping[str, Any], wanted: Mapping[str, Any], why: Why
) -> _Writing:
    """The wanted values with ids of ours in place of public ones. Raises Invalid for what they may not point at."""
    by = why.by
    columns = {form.columns[name]: value for name, value in wanted.items() if name in form.columns}
    parts = {name: value for name, value in wanted.items() if name in form.parts}
    if "artists" in parts:
        parts["artists"] = await _performers(conn, parts["artists"], by)
        first = UUID(parts["artists"][0]["artist"])
        if parts["artists"][0]["artist_id"] != before["artists"][0]["artist_id"]:
            await require_manager(conn, first, by)
            await require_approved(conn, first)
            columns["artist_id"] = first
    if "members" in parts:
        parts["members"] = await _members(conn, parts["members"], row_id, by)
    if columns.get("album_id") is not None and why.moves:
        columns["album_id"] = parse(Kind.ALBUM, columns["album_id"])
    elif columns.get("album_id") is not None:
        artist_id = columns.get("artist_id") or parse(Kind.ARTIST, before["artists"][0]["artist_id"])
        columns["album_id"] = await _album_of(conn, by, artist_id, columns["album_id"])
    if columns.get("parent_id") is not None:
        columns["parent_id"] = parse(Kind.GENRE, columns["parent_id"])
    if "credits" in parts:
        parts["credits"] = [
            (
                credit["name"],
                credit["role"],
                parse(Kind.ARTIST, credit["artist_id"]) if credit.get("artist_id") else None,
            )
            for credit in parts["credits"]
        ]
    return _Writing(columns, parts)


async def _known(conn: AsyncConnection, field: str, rows: list[dict[str, Any]], by: UUID) -> list[UUID]:
    """The artists that the rows name. Raises Invalid for each that is not there for the person."""
    ids: list[UUID | None] = []
    for row in rows:
        try:
            ids.append(parse(Kind.ARTIST, row["artist_id"]))
        except NotFound:
            ids.append(None)
    there = await part_store.creditable(conn, [found for found in ids if found], by)
    problems = [
        FieldProblem(f"/{field}/{index}/artist_id", "no_such_artist", "There is no such artist.")
        for index, found in enumerate(ids)
        if found not in there
    ]
    if problems:
        raise Invalid(*problems)
    return [found for found in ids if found]


async def _performers(conn: AsyncConnection, rows: list[dict[str, Any]], by: UUID) -> list[dict[str, Any]]:
    ids = await _known(conn, "artists", rows, by)
    twice = [
        FieldProblem(f"/artists/{index}/artist_id", "twice", "This artist is named twice.")
        for index, found in enumerate(ids)
        if found in ids[:index]
    ]
    if twice:
        raise Invalid(*twice)
    return [row | {"artist": str(found)} for row, found in zip(rows, ids, strict=True)]


async def _members(conn: AsyncConnection, rows: list[dict[str, Any]], group_id: UUID, by: UUID) -> list[dict[str, Any]]:
    ids = await _known(conn, "members", rows, by)
    problems, seen = [], set()
    for index, (row, found) in enumerate(zip(rows, ids, strict=True)):
        if found == group_id:
            problems.append(FieldProblem(f"/members/{index}/artist_id", "itself", "No artist is a member of itself."))
        if (found, row["role"]) in seen:
            problems.append(FieldProblem(f"/members/{index}/artist_id", "twice", "This member is named twice."))
        seen.add((found, row["role"]))
    if problems:
        raise Invalid(*problems)
    return [row | {"artist": str(found)} for row, found in zip(rows, ids, strict=True)]


async def _album_of(conn: AsyncConnection, user_id: UUID, artist_id: UUID, album_id: str) -> UUID:
    row = await album_store.get(conn, parse(Kind.ALBUM, album_id), user_id)
    if row is None:
        raise AlbumNotFound()
    if row.artist_id != artist_id:
        raise Invalid(FieldProblem("/album_id", "other_artist", "This album belongs to another artist."))
    return UUID(str(row.id))


async def _write(
    uow: UnitOfWork, form: Form, row_id: UUID, present: Mapping[str, Any], writing: _Writing, version: int | None
) -> None:
    if form is GENRE:
        await genre_store.write(uow.conn, row_id, writing.columns, writing.parts.get("aliases"))
        return
    values = {name: _typed(form.table.c[name], value) for name, value in writing.columns.items()}
    if form in (ALBUM, ARTIST):
        name, sort = ("title", "sort_title") if form is ALBUM else ("name", "sort_name")
        values["sort_key"] = sort_key(present[sort] or present[name])
    if not await rows.update_row(uow.conn, form.table, row_id, values, uow.clock.now(), version):
        raise VersionConflict()
    parts = writing.parts
    if "artists" in parts:
        await part_store.set_artists(uow.conn, "album" if form is ALBUM else "track", row_id, parts["artists"])
    if "genres" in parts:
        await track_store.set_genres(uow.conn, [row_id], parts["genres"])
    if "credits" in parts:
        await track_store.set_credits(uow.conn, row_id, parts["credits"])
    if form is ARTIST and "aliases" in parts:
        await part_store.set_aliases(uow.conn, row_id, parts["aliases"])
    if "members" in parts:
        await part_store.set_members(uow.conn, row_id, parts["members"])


def _typed(column: Column[Any], value: Any) -> Any:
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, Uuid):
        return UUID(value)
    return value
