"""What codes are stored as, and how often somebody may be wrong."""

from __future__ import annotations

import hmac
from uuid import UUID

from antiphon.domains.identity.errors import FactorLocked
from antiphon.domains.identity.model_factors import lock_after
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.db import UnitOfWork

__all__ = ["begin_try", "code_digest", "right"]


def code_digest(tools: IdentityTools, purpose: str, *parts: str) -> bytes:
    """Codes are short enough to be guessed from a plain hash, so theirs needs a key that is not in the database."""
    return hmac.digest(tools.secrets.key(f"identity.{purpose}"), "\0".join(parts).encode(), "sha256")


async def begin_try(uow: UnitOfWork, user_id: UUID) -> None:
    """Counts as a wrong code unless `right` follows; the commit makes it count. Raises FactorLocked.

    The lock is the person's, not the ticket's: whoever knows a password could have tickets without end. Recovery codes
    are too long to be guessed and stay outside of it, so that nobody locks the owner out.
    """
    now = uow.clock.now()
    failures = await store.count_try(uow.conn, user_id, now)
    if failures is None:
        raise FactorLocked(await store.locked_until(uow.conn, user_id, now) - now)
    lock = lock_after(failures)
    if lock is not None:
        await store.lock_tries(uow.conn, user_id, now + lock)


async def right(uow: UnitOfWork, user_id: UUID) -> None:
    """The code that is being tried was right."""
    await store.clear_failures(uow.conn, user_id)
