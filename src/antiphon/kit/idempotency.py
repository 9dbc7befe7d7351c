"""A POST that carries an Idempotency-Key is done once; a repeat gets the first answer."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import text

from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError, FieldProblem, Invalid

__all__ = ["IdempotencyKeyReused", "once"]

T = TypeVar("T")
KEY_LENGTH = 200

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:actor || ':' || :key, 1))")
_FIND = text("SELECT request, body FROM kit.answers WHERE actor = :actor AND key = :key")
_KEEP = text(
    "INSERT INTO kit.answers (actor, key, request, status, body, at) VALUES (:actor, :key, :request, 201, :body, :now)"
)


class IdempotencyKeyReused(AppError):
    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used for another request"


async def once(
    uow: UnitOfWork, actor: UUID, key: str | None, request: object, do: Callable[[], Awaitable[T]], answer: type[T]
) -> T:
    """Run `do` unless the same person did the same request under this key within 24 hours.

    Two requests at once wait for each other. Raises IdempotencyKeyReused where the request differs, Invalid for a key
    that is empty or too long.
    """
    if key is None:
        return await do()
    if not 1 <= len(key) <= KEY_LENGTH:
        detail = f"An Idempotency-Key has 1 to {KEY_LENGTH} characters."
        raise Invalid(FieldProblem("/Idempotency-Key", "length", detail))
    digest = hashlib.sha256(msgspec.json.encode(request)).digest()
    await uow.conn.execute(_LOCK, {"actor": str(actor), "key": key})
    found = (await uow.conn.execute(_FIND, {"actor": actor, "key": key})).first()
    if found is not None:
        if bytes(found.request) != digest:
            raise IdempotencyKeyReused()
        return msgspec.json.decode(found.body, type=answer)
    result = await do()
    kept = {"actor": actor, "key": key, "request": digest, "body": msgspec.json.encode(result), "now": uow.clock.now()}
    await uow.conn.execute(_KEEP, kept)
    return result
