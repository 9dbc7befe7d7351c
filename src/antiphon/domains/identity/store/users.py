"""People as rows: who they are, how they are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t
from antiphon.domains.identity.tables.privacy import user_stats as s
from antiphon.kit.beside import Beside
from antiphon.kit.db import rows

__all__ = [
    "NAME_SHOWN",
    "HandleExists",
    "add_user",
    "email_exists",
    "handle_exists",
    "is_shut",
    "lift_suspension",
    "lock",
    "names_of",
    "names_shown",
    "page",
    "set_email",
    "shut_people",
    "suspend",
    "update_user",
    "user",
    "user_by_email",
    "user_by_handle",
    "verify_email",
]

AnyRow = Row[*tuple[Any, ...]]


class HandleExists(Exception):
    """Another user has the handle."""


async def add_user(
    conn: AsyncConnection,
    *,
    email: str | None,
    email_key: str | None,
    handle: str,
    display_name: str,
    language: str,
    now: datetime,
) -> UUID | None:
    """The new user's id; None where the address or the handle is taken."""
    values = {"email": email, "email_key": email_key, "handle": handle, "display_name": display_name}
    more = {"language": language, "created_at": now, "updated_at": now}
    statement = insert(t.users).values(**values, **more).on_conflict_do_nothing()
    added: UUID | None = (await conn.execute(statement.returning(t.users.c.id))).scalar_one_or_none()
    return added


async def email_exists(conn: AsyncConnection, email_key: str) -> bool:
    return bool((await conn.execute(select(exists().where(t.users.c.email_key == email_key)))).scalar_one())


async def user(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    """The user's columns and `roles`, sorted."""
    return (await conn.execute(_people().where(t.users.c.id == user_id))).one_or_none()


async def names_of(conn: AsyncConnection, user_ids: Collection[UUID]) -> Sequence[AnyRow]:
    statement = select(t.users.c.id, t.users.c.handle, t.users.c.display_name).where(t.users.c.id.in_(user_ids))
    return (await conn.execute(statement)).all()


def _people() -> Any:
    """People's columns with `roles`, sorted, and their counters."""
    counters = (func.coalesce(column, 0).label(column.name) for column in (s.c.followers, s.c.plays, s.c.likes))
    joined = t.users.outerjoin(s, s.c.user_id == t.users.c.id)
    return select(t.users, _roles_of(t.users.c.id).label("roles"), *counters).select_from(joined)


def _roles_of(user_id: Any) -> Any:
    names = func.array_agg(aggregate_order_by(t.user_roles.c.role, t.user_roles.c.role))
    granted = select(names).where(t.user_roles.c.user_id == user_id).scalar_subquery()
    return func.coalesce(granted, text("'{}'::text[]"))


async def update_user(
    conn: AsyncConnection, user_id: UUID, values: dict[str, Any], now: datetime, version: int | None
) -> bool:
    """Counts the version up. False where the user is not at the expected `version`. Raises HandleExists, which
    leaves the transaction broken back to its last savepoint.
    """
    statement = (
        update(t.users).where(t.users.c.id == user_id).values(**values, updated_at=now, version=t.users.c.version + 1)
    )
    if version is not None:
        statement = statement.where(t.users.c.version == version)
    try:
        return bool((await conn.execute(statement)).rowcount)
    except IntegrityError as error:
        if "users_handle_key" in str(error.orig):
            raise HandleExists from error
        raise


async def lock(conn: AsyncConnection, user_id: UUID) -> None:
    """Others who lock the same person wait until the commit."""
    await conn.execute(select(t.users.c.id).where(t.users.c.id == user_id).with_for_update())


async def user_by_handle(conn: AsyncConnection, handle: str) -> UUID | None:
    found: UUID | None = (
        await conn.execute(select(t.users.c.id).where(t.users.c.handle == handle))
    ).scalar_one_or_none()
    return found


async def user_by_email(conn: AsyncConnection, email_key: str) -> AnyRow | None:
    """`id` and `language` of whoever has the address."""
    c = t.users.c
    return (await conn.execute(select(c.id, c.language).where(c.email_key == email_key))).one_or_none()


async def set_email(
    conn: AsyncConnection, user_id: UUID, email: str, email_key: str, now: datetime, *, proven: bool
) -> bool:
    """False where somebody else took it meanwhile; the transaction is broken back to its last savepoint then."""
    values = {"email": email, "email_key": email_key, "email_verified_at": now if proven else None, "updated_at": now}
    statement = update(t.users).where(t.users.c.id == user_id).values(**values, version=t.users.c.version + 1)
    try:
        return bool((await conn.execute(statement)).rowcount)
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            return False
        raise


async def verify_email(conn: AsyncConnection, user_id: UUID, email_key: str, now: datetime) -> bool:
    """False where the account has another address by now."""
    c = t.users.c
    statement = update(t.users).where(c.id == user_id, c.email_key == email_key)
    verified = statement.values(email_verified_at=func.coalesce(c.email_verified_at, now))
    return bool((await conn.execute(verified)).rowcount)


async def suspend(conn: AsyncConnection, user_id: UUID, reason: str, until: datetime | None, now: datetime) -> bool:
    values = {"suspended_at": now, "suspended_until": until, "suspended_for": reason}
    return bool((await conn.execute(update(t.users).where(t.users.c.id == user_id).values(values))).rowcount)


async def lift_suspension(conn: AsyncConnection, user_id: UUID) -> bool:
    """False where the person was not suspended."""
    c = t.users.c
    values = {"suspended_at": None, "suspended_until": None, "suspended_for": None}
    statement = update(t.users).where(c.id == user_id, c.suspended_at.is_not(None)).values(values)
    return bool((await conn.execute(statement)).rowcount)


async def shut_people(conn: AsyncConnection, now: datetime) -> Sequence[tuple[UUID, datetime | None]]:
    """Everybody who may not come in at this moment, and until when: suspended, or closing their account."""
    c = t.users.c
    suspended = c.suspended_at.is_not(None) & (c.suspended_until.is_(None) | (c.suspended_until > now))
    until = case((c.closes_at.is_(None), c.suspended_until))
    rows = await conn.execute(select(c.id, until.label("until")).where(or_(suspended, c.closes_at.is_not(None))))
    return [(row.id, row.until) for row in rows]


async def is_shut(conn: AsyncConnection, user_id: UUID, now: datetime) -> bool:
    """Whether somebody may not come in at this moment, or is not there at all."""
    c = t.users.c
    suspended = c.suspended_at.is_not(None) & (c.suspended_until.is_(None) | (c.suspended_until > now))
    standing = exists().where(c.id == user_id, ~suspended, c.closes_at.is_(None))
    return not (await conn.execute(select(standing))).scalar_one()


async def page(
    conn: AsyncConnection, words: str, after: tuple[datetime, UUID] | None, *, suspended: bool, limit: int
) -> Sequence[AnyRow]:
    """For administrators: newest first; `words` are looked for in handle, name and address."""
    c = t.users.c
    statement = _people().order_by(c.created_at.desc(), c.id.desc()).limit(limit)
    if words:
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(
            or_(c.handle.like(pattern), c.email_key.like(pattern), c.display_name.ilike(pattern))
        )
    if suspended:
        statement = statement.where(c.suspended_at.is_not(None))
    if after:
        statement = statement.where(func.row(c.created_at, c.id) < func.row(*after))
    return (await conn.execute(statement)).all()


async def handle_exists(conn: AsyncConnection, handle: str) -> bool:
    return bool((await conn.execute(select(exists().where(t.users.c.handle == handle)))).scalar_one())


NAME_SHOWN = Beside(
    "SELECT named.id, named.handle, named.display_name FROM identity.users named WHERE named.id {among} "
    "AND (NOT named.private AND named.closes_at IS NULL OR named.id = {viewer})",
    (None, None),
)
_NAMES_SHOWN = NAME_SHOWN.select.format(among="= ANY ($1::uuid[])", viewer="$2::uuid")


async def names_shown(conn: AsyncConnection, ids: Collection[UUID], viewer: UUID | None) -> Sequence[Any]:
    """(id, handle, display name) of those whom `viewer` may see."""
    return await rows(conn, _NAMES_SHOWN, list(ids), viewer)
