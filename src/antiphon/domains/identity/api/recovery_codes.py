"""Recovery codes: ten ways in for somebody who has lost their other factors, each of which works once."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.api.codes import code_digest
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.trust import factor_changed
from antiphon.domains.identity.api.ways_in import tell_owner
from antiphon.domains.identity.errors import NoSecondFactor
from antiphon.domains.identity.model_factors import new_recovery_codes, plain_recovery_code
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork

__all__ = ["check_recovery_code", "first_recovery_codes", "regenerate"]

PURPOSE = "recovery_codes"


async def first_recovery_codes(uow: UnitOfWork, tools: IdentityTools, user_id: UUID) -> list[str]:
    """For who has just enrolled a factor: ten codes to be shown once, none where there are some already."""
    if await store.recovery_codes_left(uow.conn, user_id):
        return []
    return await _fresh(uow, tools, user_id)


async def regenerate(
    uow: UnitOfWork, tools: IdentityTools, actor: Actor, client: Client, *, enrolled: list[str]
) -> list[str]:
    """Ten new ones; the old ones stop working. Raises StepUpNeeded, NoSecondFactor where nothing is `enrolled`."""
    require_fresh(actor, uow.clock)
    if not enrolled:
        raise NoSecondFactor
    codes = await _fresh(uow, tools, actor.user_id)
    await factor_changed(uow, actor.user_id, "recovery_codes.made", client)
    return codes


async def check_recovery_code(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, code: str, client: Client) -> bool:
    """Uses it up, and tells the owner by a letter."""
    digest = code_digest(tools, PURPOSE, str(user_id), plain_recovery_code(code))
    if not await store.use_recovery_code(uow.conn, user_id, digest, uow.clock.now()):
        return False
    await audit.record(uow, "recovery_code.used", actor=user_id, subject=user_id, client=client)
    await tell_owner(uow, user_id, "recovery_code.used", client)
    return True


async def _fresh(uow: UnitOfWork, tools: IdentityTools, user_id: UUID) -> list[str]:
    codes = new_recovery_codes()
    digests = [code_digest(tools, PURPOSE, str(user_id), plain_recovery_code(code)) for code in codes]
    await store.new_recovery_codes(uow.conn, user_id, digests, uow.clock.now())
    return codes
