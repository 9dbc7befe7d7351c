"""Authenticator apps: enrolled by a QR code, confirmed by a first code, no code twice."""

from __future__ import annotations

from uuid import UUID

import msgspec

from antiphon.domains.identity.api.codes import begin_try, right
from antiphon.domains.identity.api.recovery_codes import first_recovery_codes
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.trust import factor_changed
from antiphon.domains.identity.errors import FactorExists, WrongCode
from antiphon.domains.identity.model_factors import clean_code, matching_step, new_seed, otpauth_url, seed_letters
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import Unauthenticated
from antiphon.kit.pictures import qr_code

__all__ = ["SEED", "RecoveryCodes", "TotpEnrolment", "check_totp", "confirm_totp", "enrol_totp"]

SEED = "identity.totp_seed"
ISSUER = "Antiphon"


class TotpEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator app needs: the picture, or the letters where it has no camera. Shown once."""

    secret: str
    otpauth_url: str
    qr_svg: str


class RecoveryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Shown once. Empty where the person has codes already."""

    recovery_codes: list[str]


async def enrol_totp(uow: UnitOfWork, tools: IdentityTools, actor: Actor) -> TotpEnrolment:
    """A new seed, which counts for nothing until it is confirmed. Raises StepUpNeeded, FactorExists."""
    require_fresh(actor, uow.clock)
    person = await user_store.user(uow.conn, actor.user_id)
    if person is None:
        raise Unauthenticated
    seed = new_seed()
    if not await store.new_totp(uow.conn, actor.user_id, tools.vault.seal(SEED, seed), uow.clock.now()):
        raise FactorExists
    url = otpauth_url(seed, account=person.email or person.handle, issuer=ISSUER)
    return TotpEnrolment(secret=seed_letters(seed), otpauth_url=url, qr_svg=qr_code(url))


async def confirm_totp(db: Database, tools: IdentityTools, actor: Actor, *, code: str, client: Client) -> RecoveryCodes:
    """The first code of the app; a wrong one counts as a try. Raises StepUpNeeded, WrongCode, FactorLocked."""
    require_fresh(actor, db.clock)
    async with db.system() as uow:
        made = await _confirmed(uow, tools, actor.user_id, code, client)
    if made is None:
        raise WrongCode
    return made


async def _confirmed(
    uow: UnitOfWork, tools: IdentityTools, user_id: UUID, code: str, client: Client
) -> RecoveryCodes | None:
    await begin_try(uow, user_id)
    row = await store.totp(uow.conn, user_id)
    if row is None or row.confirmed_at is not None:
        return None
    now = uow.clock.now()
    step = matching_step(tools.vault.open(SEED, bytes(row.sealed_seed)), clean_code(code), now)
    if step is None or not await store.confirm_totp(uow.conn, user_id, step, now):
        return None
    await right(uow, user_id)
    codes = await first_recovery_codes(uow, tools, user_id)
    await factor_changed(uow, user_id, "totp.added", client)
    return RecoveryCodes(recovery_codes=codes)


async def check_totp(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, code: str) -> bool:
    """Whether the app shows this code at present, and nobody used it before."""
    row = await store.totp(uow.conn, user_id)
    if row is None or row.confirmed_at is None:
        return False
    step = matching_step(tools.vault.open(SEED, bytes(row.sealed_seed)), clean_code(code), uow.clock.now())
    return step is not None and await store.use_step(uow.conn, user_id, step)
