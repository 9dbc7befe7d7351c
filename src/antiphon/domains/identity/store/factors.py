"""Authenticator apps, recovery codes, and wrong codes in a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.tables import factors as t

__all__ = [
    "clear_failures",
    "confirm_totp",
    "count_try",
    "delete_recovery_codes",
    "delete_totp",
    "lock_tries",
    "locked_until",
    "new_recovery_codes",
    "new_totp",
    "recovery_codes_left",
    "totp",
    "use_recovery_code",
    "use_step",
]

AnyRow = Row[Any]


async def new_totp(conn: AsyncConnection, user_id: UUID, sealed_seed: bytes, now: datetime) -> bool:
    """In place of one that was never confirmed; False where a confirmed one is there."""
    c = t.totp_factors.c
    fresh = {"sealed_seed": sealed_seed, "created_at": now, "last_step": 0}
    statement = insert(t.totp_factors).values(user_id=user_id, **fresh)
    statement = statement.on_conflict_do_update(index_elements=[c.user_id], set_=fresh, where=c.confirmed_at.is_(None))
    return bool((await conn.execute(statement)).rowcount)


async def totp(conn: AsyncConnection, user_id: UUID) -> AnyRow | None:
    """Also one that was never confirmed."""
    statement = select(t.totp_factors).where(t.totp_factors.c.user_id == user_id)
    return (await conn.execute(statement)).one_or_none()


async def confirm_totp(conn: AsyncConnection, user_id: UUID, step: int, now: datetime) -> bool:
    """False where it was confirmed before."""
    c = t.totp_factors.c
    statement = update(t.totp_factors).where(c.user_id == user_id, c.confirmed_at.is_(None))
    return bool((await conn.execute(statement.values(confirmed_at=now, last_step=step))).rowcount)


async def use_step(conn: AsyncConnection, user_id: UUID, step: int) -> bool:
    """Takes the code of a time step; False where it, or a later one, was taken before. Of two at once one gets it."""
    c = t.totp_factors.c
    statement = update(t.totp_factors).where(c.user_id == user_id, c.confirmed_at.is_not(None), c.last_step < step)
    return bool((await conn.execute(statement.values(last_step=step))).rowcount)


async def delete_totp(conn: AsyncConnection, user_id: UUID) -> bool:
    """False where none was confirmed."""
    c = t.totp_factors.c
    statement = delete(t.totp_factors).where(c.user_id == user_id).returning(c.confirmed_at)
    return (await conn.execute(statement)).scalar_one_or_none() is not None


async def new_recovery_codes(conn: AsyncConnection, user_id: UUID, digests: Iterable[bytes], now: datetime) -> None:
    """In place of the earlier ones."""
    await delete_recovery_codes(conn, user_id)
    rows = [{"user_id": user_id, "digest": digest, "created_at": now} for digest in digests]
    await conn.execute(insert(t.recovery_codes).values(rows))


async def delete_recovery_codes(conn: AsyncConnection, user_id: UUID) -> None:
    await conn.execute(delete(t.recovery_codes).where(t.recovery_codes.c.user_id == user_id))


async def recovery_codes_left(conn: AsyncConnection, user_id: UUID) -> int:
    c = t.recovery_codes.c
    statement = select(func.count()).where(c.user_id == user_id, c.used_at.is_(None))
    return int((await conn.execute(statement)).scalar_one())


async def use_recovery_code(conn: AsyncConnection, user_id: UUID, digest: bytes, now: datetime) -> bool:
    """False where it is none of theirs, or was used before. Of two at once one gets it."""
    c = t.recovery_codes.c
    statement = update(t.recovery_codes).where(c.user_id == user_id, c.digest == digest, c.used_at.is_(None))
    return bool((await conn.execute(statement.values(used_at=now))).rowcount)


async def count_try(conn: AsyncConnection, user_id: UUID, now: datetime) -> int | None:
    """One more try, taken for wrong until `clear_failures`: the failures so far, this one included; None while locked.

    The row stays locked until the commit, so that codes of one person are tried one after the other.
    """
    c = t.factor_failures.c
    statement = insert(t.factor_failures).values(user_id=user_id, failures=1)
    open_again = or_(c.locked_until.is_(None), c.locked_until <= now)
    statement = statement.on_conflict_do_update(
        index_elements=[c.user_id], set_={"failures": c.failures + 1, "locked_until": null()}, where=open_again
    )
    found: int | None = (await conn.execute(statement.returning(c.failures))).scalar_one_or_none()
    return found


async def locked_until(conn: AsyncConnection, user_id: UUID, now: datetime) -> datetime:
    """`now` where no lock is left."""
    statement = select(t.factor_failures.c.locked_until).where(t.factor_failures.c.user_id == user_id)
    found: datetime | None = (await conn.execute(statement)).scalar_one_or_none()
    return found or now


async def lock_tries(conn: AsyncConnection, user_id: UUID, until: datetime) -> None:
    c = t.factor_failures.c
    await conn.execute(update(t.factor_failures).where(c.user_id == user_id).values(locked_until=until))


async def clear_failures(conn: AsyncConnection, user_id: UUID) -> None:
    """A right code: what came before is forgotten."""
    await conn.execute(delete(t.factor_failures).where(t.factor_failures.c.user_id == user_id))
