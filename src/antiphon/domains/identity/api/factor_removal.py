"""Taking a second factor away: whoever does that shows another one, or that one once more."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from antiphon.domains.identity.api import passkeys
from antiphon.domains.identity.api.mfa import CodeMethod, prove
from antiphon.domains.identity.api.second_factors import second_factors_of
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.trust import factor_changed
from antiphon.domains.identity.errors import PasskeyRefused, WrongCode
from antiphon.domains.identity.passkeys import AuthenticationCredential
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.store import phones as phone_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound

__all__ = ["Removable", "remove_factor", "remove_factor_with_passkey"]

Removable = Literal["totp", "sms"]


async def remove_factor(
    db: Database,
    tools: IdentityTools,
    actor: Actor,
    *,
    factor: Removable,
    method: CodeMethod,
    code: str,
    client: Client,
) -> None:
    """Shown a code of any factor. With the last factor the recovery codes go.

    Raises StepUpNeeded, NotFound, WrongCode, FactorLocked.
    """
    require_fresh(actor, db.clock)
    async with db.system() as uow:
        await _require(uow, actor.user_id, factor)
        if await prove(uow, tools, actor.user_id, method=method, code=code, client=client):
            await _remove(uow, actor.user_id, factor, client)
            return
    raise WrongCode


async def remove_factor_with_passkey(
    db: Database,
    tools: IdentityTools,
    actor: Actor,
    *,
    factor: Removable,
    credential: AuthenticationCredential,
    client: Client,
) -> None:
    """Shown a passkey, by a ceremony for a step-up. Raises StepUpNeeded, NotFound, PasskeysOff, PasskeyRefused."""
    require_fresh(actor, db.clock)
    async with db.system() as uow:
        await _require(uow, actor.user_id, factor)
        proven = await passkeys.prove(
            uow, tools, purpose="step_up", credential=credential, client=client, user_id=actor.user_id
        )
        if proven is not None:
            await _remove(uow, actor.user_id, factor, client)
            return
    raise PasskeyRefused


async def _require(uow: UnitOfWork, user_id: UUID, factor: Removable) -> None:
    if factor not in await second_factors_of(uow.conn, user_id):
        raise NotFound("This second factor is not enrolled.")


async def _remove(uow: UnitOfWork, user_id: UUID, factor: Removable, client: Client) -> None:
    remove = store.delete_totp if factor == "totp" else phone_store.delete_phone
    await remove(uow.conn, user_id)
    if not set(await second_factors_of(uow.conn, user_id)) - {"recovery"}:
        await store.delete_recovery_codes(uow.conn, user_id)
    await factor_changed(uow, user_id, f"{factor}.removed", client)
