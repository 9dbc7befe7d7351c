"""Exports that were asked for, imports under way, and what these have brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables import privacy as p
from antiphon.kit.paging import CountKey, PageRequest

__all__ = [
    "add_export",
    "add_import",
    "add_leftovers",
    "apply_import",
    "await_review",
    "begin_export",
    "begin_import",
    "count_taken",
    "end_import",
    "end_reviews",
    "expired_exports",
    "exports_of",
    "fail_export",
    "finish_export",
    "get_export",
    "get_import",
    "imports_of",
    "leftovers",
    "older_exports",
    "remember",
    "remember_all",
    "running",
    "set_expired",
    "set_export_percent",
    "set_import_percent",
    "target",
    "targets",
    "unsure",
    "unsure_page",
]

AnyRow: TypeAlias = Any  # a row, whose columns no type knows
_PLACE: Any = CountKey
_UNDER_WAY = ("waiting", "running")
_WANTED = (*_UNDER_WAY, "review")


async def add_export(conn: AsyncConnection, user_id: UUID, now: datetime) -> UUID | None:
    """None where one is under way."""
    statement = insert(p.exports).values(user_id=user_id, created_at=now).on_conflict_do_nothing()
    made: UUID | None = (await conn.execute(statement.returning(p.exports.c.id))).scalar_one_or_none()
    return made


async def get_export(conn: AsyncConnection, export_id: UUID, user_id: UUID | None = None) -> AnyRow | None:
    """With `user_id`: only that person's."""
    c = p.exports.c
    statement = select(p.exports).where(c.id == export_id)
    return (await conn.execute(statement if user_id is None else statement.where(c.user_id == user_id))).one_or_none()


async def exports_of(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The newest first."""
    c = p.exports.c
    return (await conn.execute(select(p.exports).where(c.user_id == user_id).order_by(c.id.desc()).limit(50))).all()


async def begin_export(conn: AsyncConnection, export_id: UUID) -> AnyRow | None:
    """None where it is gone or was finished; an interrupted one goes on, and its bar never goes back."""
    c = p.exports.c
    statement = update(p.exports).where(c.id == export_id, c.state.in_(_UNDER_WAY)).values(state="running")
    return (await conn.execute(statement.returning(c.id, c.user_id, c.percent))).one_or_none()


async def set_export_percent(conn: AsyncConnection, export_id: UUID, percent: int) -> bool:
    """False where it is under way no more."""
    c = p.exports.c
    statement = update(p.exports).where(c.id == export_id, c.state == "running").values(percent=percent)
    return bool((await conn.execute(statement)).rowcount)


async def finish_export(conn: AsyncConnection, export_id: UUID, values: Mapping[str, Any]) -> bool:
    """False where it is gone or somebody else finished it."""
    c = p.exports.c
    statement = update(p.exports).where(c.id == export_id, c.state == "running")
    return bool((await conn.execute(statement.values(state="ready", percent=100, **values))).rowcount)


async def fail_export(conn: AsyncConnection, export_id: UUID, now: datetime) -> UUID | None:
    """Whose it was."""
    c = p.exports.c
    statement = update(p.exports).where(c.id == export_id, c.state.in_(_UNDER_WAY))
    failed = statement.values(state="failed", finished_at=now).returning(c.user_id)
    owner: UUID | None = (await conn.execute(failed)).scalar_one_or_none()
    return owner


async def expired_exports(conn: AsyncConnection, now: datetime) -> Sequence[UUID]:
    c = p.exports.c
    statement = select(c.id).where(c.state == "ready", c.expires_at <= now).limit(100).with_for_update(skip_locked=True)
    return (await conn.execute(statement)).scalars().all()


async def older_exports(conn: AsyncConnection, user_id: UUID, newest: UUID) -> Sequence[UUID]:
    """Archives that a newer one takes the place of."""
    c = p.exports.c
    statement = select(c.id).where(c.user_id == user_id, c.state == "ready", c.id != newest)
    return (await conn.execute(statement)).scalars().all()


async def set_expired(conn: AsyncConnection, export_ids: Sequence[UUID]) -> None:
    await conn.execute(update(p.exports).where(p.exports.c.id.in_(export_ids)).values(state="expired"))


async def running(conn: AsyncConnection) -> set[UUID]:
    """Exports and imports whose files are still wanted."""
    exports = select(p.exports.c.id).where(p.exports.c.state.in_(_UNDER_WAY))
    imports = select(p.imports.c.id).where(p.imports.c.state.in_(_WANTED))
    return set((await conn.execute(exports.union_all(imports))).scalars())


async def add_import(
    conn: AsyncConnection, import_id: UUID, user_id: UUID, size: int, publish: bool, review: bool, now: datetime
) -> bool:
    """False where one is under way."""
    values = {
        "id": import_id,
        "user_id": user_id,
        "bytes": size,
        "publish": publish,
        "review": review,
        "created_at": now,
    }
    return bool((await conn.execute(insert(p.imports).values(values).on_conflict_do_nothing())).rowcount)


# Works that wait to be chosen can be thousands: they are read by the page.
_IMPORT = (
    *(column for column in p.imports.c if column.name != "unsure"),
    func.jsonb_array_length(p.imports.c.unsure).label("unsure_count"),
)


async def get_import(conn: AsyncConnection, import_id: UUID, user_id: UUID) -> AnyRow | None:
    c = p.imports.c
    statement = select(*_IMPORT).where(c.id == import_id, c.user_id == user_id)
    return (await conn.execute(statement)).one_or_none()


async def imports_of(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """The newest first."""
    c = p.imports.c
    return (await conn.execute(select(*_IMPORT).where(c.user_id == user_id).order_by(c.id.desc()).limit(50))).all()


async def begin_import(conn: AsyncConnection, import_id: UUID) -> AnyRow | None:
    """None where it is gone or was finished; an interrupted one goes on, and counts anew what was left."""
    c = p.imports.c
    await conn.execute(delete(p.leftovers).where(p.leftovers.c.import_id == import_id))
    statement = update(p.imports).where(c.id == import_id, c.state.in_(_UNDER_WAY))
    begun = statement.values(state="running", left_count=0).returning(p.imports)
    return (await conn.execute(begun)).one_or_none()


async def set_import_percent(conn: AsyncConnection, import_id: UUID, percent: int) -> bool:
    """False where it is under way no more: its person closed the account."""
    c = p.imports.c
    statement = update(p.imports).where(c.id == import_id, c.state == "running").values(percent=percent)
    return bool((await conn.execute(statement)).rowcount)


_COUNT = text(
    """
    UPDATE identity.imports SET taken = jsonb_set(taken, ARRAY[:name],
        to_jsonb(coalesce(CAST(taken ->> :name AS int), 0) + :count)) WHERE id = :id
    """
)


async def count_taken(conn: AsyncConnection, import_id: UUID, name: str, count: int) -> None:
    if count:
        await conn.execute(_COUNT, {"id": import_id, "name": name, "count": count})


async def add_leftovers(conn: AsyncConnection, import_id: UUID, rows: Sequence[Mapping[str, str]], count: int) -> None:
    if rows:
        values = [{"import_id": import_id, **row} for row in rows]
        await conn.execute(insert(p.leftovers).on_conflict_do_nothing(), values)
    c = p.imports.c
    await conn.execute(update(p.imports).where(c.id == import_id).values(left_count=count))


async def leftovers(conn: AsyncConnection, import_id: UUID) -> Sequence[AnyRow]:
    c = p.leftovers.c
    statement = select(c.name, c.source, c.reason, c.label).where(c.import_id == import_id).order_by(c.name, c.source)
    return (await conn.execute(statement)).all()


async def end_import(
    conn: AsyncConnection, import_id: UUID, state: str, error_code: str | None, now: datetime
) -> UUID | None:
    """Whose it was; None where it is gone or was ended."""
    c = p.imports.c
    values = {"state": state, "error_code": error_code, "finished_at": now}
    percent = 100 if state == "done" else c.percent
    statement = update(p.imports).where(c.id == import_id, c.state.in_(_UNDER_WAY))
    ended = statement.values(**values, percent=percent).returning(c.user_id)
    owner: UUID | None = (await conn.execute(ended)).scalar_one_or_none()
    return owner


_AWAIT_REVIEW = text(
    "UPDATE identity.imports SET state = 'review', percent = 100, found = CAST(:found AS jsonb), "
    "unsure = CAST(:unsure AS jsonb) WHERE id = :id AND state = 'running' RETURNING user_id"
)
_APPLY = text(
    "UPDATE identity.imports SET state = 'waiting', percent = 0, review = false, unsure = '[]' "
    "WHERE id = :id AND user_id = :user AND state = 'review' RETURNING id"
)
_END_REVIEWS = text(
    "UPDATE identity.imports SET state = 'failed', error_code = :code, finished_at = :now, unsure = '[]' "
    "WHERE state = 'review' AND (created_at < :before OR id = :id) RETURNING id"
)


async def await_review(conn: AsyncConnection, import_id: UUID, found: str, unsure: str) -> UUID | None:
    """Both as JSON. Whose it is; None where it is gone or was ended."""
    args = {"id": import_id, "found": found, "unsure": unsure}
    owner: UUID | None = (await conn.execute(_AWAIT_REVIEW, args)).scalar_one_or_none()
    return owner


async def unsure(conn: AsyncConnection, import_id: UUID) -> str:
    """All of them, as JSON."""
    found: str = (await conn.execute(select(p.imports.c.unsure).where(p.imports.c.id == import_id))).scalar_one()
    return found


_UNSURE_PAGE = text(
    """
    SELECT u.place, u.work FROM identity.imports i, jsonb_array_elements(i.unsure) WITH ORDINALITY AS u(work, place)
    WHERE i.id = :id AND u.place > :after ORDER BY u.place LIMIT :limit
    """
)


async def unsure_page(conn: AsyncConnection, import_id: UUID, request: PageRequest) -> Sequence[AnyRow]:
    """(place, work as JSON), as they were found."""
    position = request.position(_PLACE)
    args = {"id": import_id, "after": position[0] if position else 0, "limit": request.limit + 1}
    return (await conn.execute(_UNSURE_PAGE, args)).all()


async def apply_import(conn: AsyncConnection, import_id: UUID, user_id: UUID) -> bool:
    """False where it does not wait for its person."""
    return (await conn.execute(_APPLY, {"id": import_id, "user": user_id})).first() is not None


async def end_reviews(
    conn: AsyncConnection, code: str, now: datetime, *, before: datetime | None = None, import_id: UUID | None = None
) -> list[UUID]:
    """Of one import, or of all that began `before`."""
    args = {"code": code, "now": now, "before": before, "id": import_id}
    return list((await conn.execute(_END_REVIEWS, args)).scalars())


async def target(conn: AsyncConnection, user_id: UUID, name: str, source: str) -> UUID | None:
    c = p.imported.c
    statement = select(c.target).where(c.user_id == user_id, c.name == name, c.source == source)
    found: UUID | None = (await conn.execute(statement)).scalar_one_or_none()
    return found


async def targets(conn: AsyncConnection, user_id: UUID, name: str, sources: Sequence[str]) -> dict[str, UUID]:
    c = p.imported.c
    statement = select(c.source, c.target).where(c.user_id == user_id, c.name == name, c.source.in_(sources))
    return {row.source: row.target for row in await conn.execute(statement)}


async def remember(conn: AsyncConnection, user_id: UUID, name: str, source: str, target_id: UUID) -> None:
    await remember_all(conn, user_id, [(name, source, target_id)])


async def remember_all(conn: AsyncConnection, user_id: UUID, works: Sequence[tuple[str, str, UUID]]) -> None:
    """(name, source, target) each."""
    values = [{"user_id": user_id, "name": name, "source": source, "target": target} for name, source, target in works]
    if values:
        await conn.execute(insert(p.imported).on_conflict_do_nothing(), values)
