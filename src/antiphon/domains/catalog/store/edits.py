"""What content is, field by field as people write it, and what was edited of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.fields import Form
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import PageRequest, TextKey

__all__ = ["artist_of", "edit", "edits_of_batch", "forget_editor", "insert", "insert_many", "page", "state", "states"]

_KEY: Any = TextKey
_CREDITED = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('artist_id', x.artist_id, 'credited_as', x.credited_as,
            'joined_by', x.joined_by) ORDER BY x.position), '[]')
     FROM catalog.{kind}_artists x WHERE x.{kind}_id = r.id)
"""
_PARTS = {
    (Kind.TRACK, "artists"): _CREDITED.replace("{kind}", "track"),
    (Kind.ALBUM, "artists"): _CREDITED.replace("{kind}", "album"),
    (Kind.TRACK, "genres"): """
        (SELECT coalesce(jsonb_agg(g.name ORDER BY g.key), '[]') FROM catalog.track_genres x
         JOIN catalog.genres g ON g.id = x.genre_id WHERE x.track_id = r.id)
    """,
    (Kind.TRACK, "credits"): """
        (SELECT coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'role', x.role, 'artist_id', x.artist_id)
                ORDER BY x.position), '[]') FROM catalog.track_credits x WHERE x.track_id = r.id)
    """,
    (Kind.ARTIST, "aliases"): """
        (SELECT coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'language', x.language) ORDER BY x.name), '[]')
         FROM catalog.artist_aliases x WHERE x.artist_id = r.id)
    """,
    (Kind.ARTIST, "members"): """
        (SELECT coalesce(jsonb_agg(jsonb_build_object('artist_id', x.member_id, 'role', x.role, 'since_year',
                x.since_year, 'until_year', x.until_year) ORDER BY x.since_year, x.member_id, x.role), '[]')
         FROM catalog.artist_members x WHERE x.group_id = r.id)
    """,
    (Kind.GENRE, "aliases"): """
        (SELECT coalesce(jsonb_agg(x.name ORDER BY x.key), '[]') FROM catalog.genre_aliases x WHERE x.genre_id = r.id)
    """,
}
_IDS = {"album_id": Kind.ALBUM, "parent_id": Kind.GENRE}


async def state(conn: AsyncConnection, form: Form, row_id: UUID, *, hold: bool) -> dict[str, Any] | None:
    """Every field, with public ids; None where the row is gone. `hold`: until the end of the transaction."""
    return (await states(conn, form, [row_id], hold=hold)).get(row_id)


async def states(
    conn: AsyncConnection, form: Form, row_ids: Sequence[UUID], *, hold: bool
) -> dict[UUID, dict[str, Any]]:
    """Of those that are there; held in the order of their ids, so that two who hold many cannot wait for each other."""
    parts = "".join(f", {_PARTS[form.kind, name]} AS {name}" for name in sorted(form.parts))
    statement = f"SELECT r.id, to_jsonb(r) AS own{parts} FROM catalog.{form.table.name} r WHERE r.id = ANY (:ids)"
    statement += " ORDER BY r.id FOR NO KEY UPDATE OF r" * hold
    rows = (await conn.execute(text(statement), {"ids": list(row_ids)})).all()
    return {row.id: _state(form, row) for row in rows}


def _state(form: Form, row: Row[Any]) -> dict[str, Any]:
    own = msgspec.json.decode(row.own)
    found = {name: own[column] for name, column in form.columns.items()}
    for name, kind in _IDS.items():
        if found.get(name) is not None:
            found[name] = out(kind, UUID(found[name]))
    for name in form.parts:
        found[name] = [_public(entry) for entry in msgspec.json.decode(getattr(row, name))]
    return found


def _public(entry: Any) -> Any:
    if isinstance(entry, dict) and entry.get("artist_id"):
        return entry | {"artist_id": out(Kind.ARTIST, UUID(entry["artist_id"]))}
    return entry


async def artist_of(conn: AsyncConnection, form: Form, row_id: UUID) -> UUID | None:
    """Of an album or a track; None where it is gone, or the person sees nothing of it."""
    statement = text(f"SELECT artist_id FROM catalog.{form.table.name} WHERE id = :id")
    found: UUID | None = (await conn.execute(statement, {"id": row_id})).scalar_one_or_none()
    return found


async def insert(conn: AsyncConnection, values: dict[str, Any]) -> UUID:
    statement = text(
        """
        INSERT INTO catalog.edits (kind, subject, action, before, after, batch, undoes, edited_by, edited_at)
        VALUES (:kind, :subject, :action, CAST(:before AS jsonb), CAST(:after AS jsonb), :batch, :undoes, :by, :now)
        RETURNING id
        """
    )
    encoded = {name: msgspec.json.encode(values[name]).decode() for name in ("before", "after")}
    made: UUID = (await conn.execute(statement, values | encoded)).scalar_one()
    return made


async def insert_many(
    conn: AsyncConnection, form: Form, values: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> dict[UUID, UUID]:
    """Edits that were asked for at once: each with `subject`, `before`, `after` and what it `undoes`. Answers their ids
    by subject."""
    statement = text(
        """
        INSERT INTO catalog.edits (kind, subject, action, before, after, batch, undoes, edited_by, edited_at)
        SELECT :kind, r.subject, :action, r.before, r.after, CAST(:batch AS uuid), r.undoes, CAST(:by AS uuid), :now
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(subject uuid, before jsonb, after jsonb, undoes uuid)
        RETURNING id, subject
        """
    )
    encoded = {"kind": form.name, "rows": msgspec.json.encode(rows).decode()}
    return {row.subject: row.id for row in await conn.execute(statement, values | encoded)}


_EDIT = """
    SELECT e.id, e.kind, e.subject, e.action, e.before, e.after, e.batch, e.undoes, e.edited_by, e.edited_at,
           EXISTS (SELECT FROM catalog.edits u WHERE u.undoes = e.id) AS undone
    FROM catalog.edits e
"""


async def edit(conn: AsyncConnection, edit_id: UUID) -> Row[Any] | None:
    return (await conn.execute(text(f"{_EDIT} WHERE e.id = :id"), {"id": edit_id})).first()


async def edits_of_batch(conn: AsyncConnection, batch: UUID) -> Sequence[Row[Any]]:
    """The last one first, as they are undone."""
    return (await conn.execute(text(f"{_EDIT} WHERE e.batch = :batch ORDER BY e.id DESC"), {"batch": batch})).all()


async def page(conn: AsyncConnection, subject: UUID, request: PageRequest) -> Sequence[Row[Any]]:
    """The last ones first; what was merged into it has its edits here too."""
    position = request.position(_KEY)
    ahead = "AND e.id < CAST(:id AS uuid)" if position else ""
    statement = text(
        f"""
        {_EDIT} WHERE e.subject IN (
            SELECT CAST(:subject AS uuid) UNION ALL SELECT d.id FROM catalog.redirects d WHERE d.target = :subject
        ) {ahead} ORDER BY e.id DESC LIMIT :limit
        """
    )
    args: dict[str, Any] = {"subject": subject, "limit": request.limit + 1}
    if position:
        args["id"] = position[1]
    return (await conn.execute(statement, args)).all()


async def forget_editor(conn: AsyncConnection, user_id: UUID) -> None:
    statement = text("UPDATE catalog.edits SET edited_by = NULL WHERE edited_by = :user")
    await conn.execute(statement, {"user": user_id})
