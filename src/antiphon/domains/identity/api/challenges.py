"""Ceremonies that end once or never: tickets, nonces, states, links in letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.identity.store import challenges as store
from antiphon.domains.identity.tokens import new_opaque_token
from antiphon.kit.db import UnitOfWork
from antiphon.kit.secrets import token_digest

__all__ = ["Challenge", "attempt", "drop", "finish", "look", "start", "take", "used"]


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """`attempts` counts the tries, this one included. `data` is what was put in at the start."""

    id: UUID
    user_id: UUID | None
    data: dict[str, Any]
    attempts: int


async def start(
    uow: UnitOfWork, kind: str, *, life: timedelta, user_id: UUID | None = None, data: Mapping[str, Any] | None = None
) -> str:
    """A token of 256 random bits; only its digest is stored."""
    token, now = new_opaque_token(), uow.clock.now()
    await store.add(
        uow.conn,
        digest=token_digest(token),
        kind=kind,
        user_id=user_id,
        data=dict(data or {}),
        now=now,
        until=now + life,
    )
    return token


async def take(uow: UnitOfWork, kind: str, token: str) -> Challenge | None:
    """Ends the ceremony; None where it is unknown, ended or too old. Of two at once one gets it."""
    return _of(await store.take(uow.conn, token_digest(token), kind, uow.clock.now()))


async def attempt(uow: UnitOfWork, kind: str, token: str, *, at_most: int) -> Challenge | None:
    """One more try, which the commit makes count; None where it is over. `finish` ends it."""
    return _of(await store.attempt(uow.conn, token_digest(token), kind, uow.clock.now(), at_most))


async def look(uow: UnitOfWork, kind: str, token: str) -> Challenge | None:
    """As it is, without a trace."""
    return _of(await store.look(uow.conn, token_digest(token), kind, uow.clock.now()))


async def used(uow: UnitOfWork, kind: str, token: str) -> UUID | None:
    """The ceremony's id, where it ended before."""
    return await store.used(uow.conn, token_digest(token), kind)


async def finish(uow: UnitOfWork, challenge_id: UUID) -> bool:
    """False where somebody else ended it first."""
    return await store.finish(uow.conn, challenge_id, uow.clock.now())


async def drop(uow: UnitOfWork, user_id: UUID, kind: str) -> None:
    """Forget all of one kind that the person has open."""
    await store.drop(uow.conn, user_id, kind)


def _of(row: Any) -> Challenge | None:
    if row is None:
        return None
    data: dict[str, Any] = msgspec.json.decode(row.data)
    return Challenge(id=row.id, user_id=row.user_id, data=data, attempts=row.attempts)
