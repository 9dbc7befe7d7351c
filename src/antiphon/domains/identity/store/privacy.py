"""Preferences, consents, profiles and their counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import tables as t
from antiphon.domains.identity.tables import privacy as p
from antiphon.kit.beside import Beside
from antiphon.kit.db import rows

__all__ = [
    "COUNT_PLAYS",
    "LISTEN_PRIVATELY",
    "add_consent",
    "add_imported_consents",
    "consents",
    "hears_explicit",
    "listens_privately",
    "preferences",
    "set_avatar",
    "set_play_counts",
    "set_preferences",
    "set_private",
    "set_verified",
]

AnyRow = Row[Any]


async def preferences(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    return (await conn.execute(select(p.preferences).where(p.preferences.c.user_id == user_id))).one_or_none()


async def set_preferences(
    conn: AsyncConnection, user_id: UUID, values: Mapping[str, Any], now: datetime, version: int | None
) -> bool:
    """Counts the version up from 0, where there were none. False where they are not at the expected `version`."""
    table = p.preferences
    made = insert(table).values(user_id=user_id, **values, version=1, updated_at=now)
    changed = {**values, "version": table.c.version + 1, "updated_at": now}
    if version is None:
        statement = made.on_conflict_do_update(index_elements=["user_id"], set_=changed)
    elif version == 0:
        statement = made.on_conflict_do_nothing()
    else:
        held = update(table).where(table.c.user_id == user_id, table.c.version == version).values(changed)
        return bool((await conn.execute(held)).rowcount)
    return bool((await conn.execute(statement)).rowcount)


async def listens_privately(conn: AsyncConnection, user_id: UUID, now: datetime) -> bool:
    c = p.preferences.c
    found = (await conn.execute(select(c.private_until).where(c.user_id == user_id))).scalar_one_or_none()
    return found is not None and found > now


async def hears_explicit(conn: AsyncConnection, user_id: UUID) -> bool:
    found = await rows(conn, "SELECT player->>'explicit' FROM identity.preferences WHERE user_id = $1", user_id)
    return not found or found[0][0] != "false"


LISTEN_PRIVATELY = Beside(
    "SELECT user_id, private_until FROM identity.preferences WHERE user_id {among} AND private_until IS NOT NULL",
    (None,),
)


async def consents(conn: AsyncConnection, user_id: UUID) -> Sequence[AnyRow]:
    """Every answer that was given, the latest first."""
    c = p.consents.c
    return (await conn.execute(select(p.consents).where(c.user_id == user_id).order_by(c.id.desc()).limit(1000))).all()


async def add_consent(
    conn: AsyncConnection, user_id: UUID, purpose: str, version: str, granted: bool, now: datetime
) -> None:
    values = {"user_id": user_id, "purpose": purpose, "version": version, "granted": granted, "at": now}
    await conn.execute(insert(p.consents).values(values))


async def add_imported_consents(conn: AsyncConnection, user_id: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    """Those that are not there yet, told apart by what, which version and when; answers how many."""
    statement = text(
        """
        INSERT INTO identity.consents (user_id, purpose, version, granted, at, imported)
        SELECT :user, :purpose, :version, :granted, :at, true
        WHERE NOT EXISTS (SELECT FROM identity.consents c WHERE c.user_id = :user AND c.purpose = :purpose
                          AND c.version = :version AND c.at = :at)
        """
    )
    return sum([(await conn.execute(statement, {"user": user_id, **row})).rowcount for row in rows])


async def set_avatar(conn: AsyncConnection, user_id: UUID, avatar: Mapping[str, Any] | None, now: datetime) -> bool:
    """False where the person is gone."""
    return await _change(conn, user_id, {"avatar": avatar}, now)


async def set_private(conn: AsyncConnection, user_id: UUID, private: bool, now: datetime) -> bool:
    return await _change(conn, user_id, {"private": private}, now)


async def set_verified(conn: AsyncConnection, user_id: UUID, at: datetime | None, now: datetime) -> bool:
    """Verified once stays verified since then."""
    kept = func.coalesce(t.users.c.verified_at, at) if at else None
    return await _change(conn, user_id, {"verified_at": kept}, now)


async def _change(conn: AsyncConnection, user_id: UUID, values: Mapping[str, Any], now: datetime) -> bool:
    counted = {**values, "updated_at": now, "version": t.users.c.version + 1}
    return bool((await conn.execute(update(t.users).where(t.users.c.id == user_id).values(counted))).rowcount)


# So many more that others may know of; whoever counts locks the counters in one order. `{counted}` answers (person,
# plays), in the statement that adds the plays.
COUNT_PLAYS = """
    INSERT INTO identity.user_stats AS s (user_id, plays)
    SELECT c.id, c.plays FROM ({counted}) AS c(id, plays) ORDER BY c.id
    ON CONFLICT (user_id) DO UPDATE SET plays = s.plays + excluded.plays
"""


async def set_play_counts(conn: AsyncConnection, plays: Mapping[UUID, int]) -> int:
    """Make the counters equal to `plays`; people who are not named have none. Answers how many changed."""
    statement = text(
        """
        WITH right_count AS (
            SELECT u.id AS user_id, coalesce(c.plays, 0) AS plays FROM identity.users u
            LEFT JOIN unnest(CAST(:ids AS uuid[]), CAST(:counts AS bigint[])) AS c(id, plays) ON c.id = u.id
        )
        INSERT INTO identity.user_stats AS s (user_id, plays)
        SELECT r.user_id, r.plays FROM right_count r LEFT JOIN identity.user_stats o ON o.user_id = r.user_id
        WHERE coalesce(o.plays, 0) <> r.plays
        ON CONFLICT (user_id) DO UPDATE SET plays = excluded.plays
        """
    )
    return (await conn.execute(statement, {"ids": list(plays), "counts": list(plays.values())})).rowcount
