"""People whom everybody may find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t

__all__ = ["count_to_index", "found", "ids_to_index", "to_index"]

AnyRow = Row[*tuple[Any, ...]]


def _shown(over: ColumnElement[bool]) -> ColumnElement[bool]:
    """`over` tells of suspensions that have an end whether that has come."""
    c = t.users.c
    return and_(~c.private, c.closes_at.is_(None), or_(c.suspended_at.is_(None), over))


def _indexed() -> ColumnElement[bool]:
    """As the triggers have it: a suspension that ends by itself changes no row when it does."""
    return _shown(t.users.c.suspended_until.is_not(None))


async def to_index(conn: AsyncConnection, ids: Collection[UUID]) -> Sequence[AnyRow]:
    c = t.users.c
    columns = select(c.id, c.handle, c.display_name, c.created_at)
    return (await conn.execute(columns.where(c.id.in_(ids), _indexed()))).all()


async def ids_to_index(conn: AsyncConnection, after: UUID, limit: int) -> list[UUID]:
    c = t.users.c
    statement = select(c.id).where(c.id > after, _indexed()).order_by(c.id).limit(limit)
    return list((await conn.execute(statement)).scalars())


async def count_to_index(conn: AsyncConnection) -> int:
    return int((await conn.execute(select(func.count()).select_from(t.users).where(_indexed()))).scalar_one())


async def found(conn: AsyncConnection, ids: Collection[UUID], now: datetime) -> Sequence[AnyRow]:
    """Those of them whom everybody may see at this moment."""
    c = t.users.c
    columns = select(c.id, c.handle, c.display_name, c.avatar, c.verified_at)
    return (await conn.execute(columns.where(c.id.in_(ids), _shown(c.suspended_until <= now)))).all()
