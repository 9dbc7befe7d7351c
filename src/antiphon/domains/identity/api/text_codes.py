"""Codes by text message: a number is proven before it counts, and a code is a second factor, never the first."""

from __future__ import annotations

import hmac
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from antiphon.domains.identity.api.codes import begin_try, code_digest, right
from antiphon.domains.identity.api.recovery_codes import first_recovery_codes
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.totp import RecoveryCodes
from antiphon.domains.identity.api.trust import factor_changed
from antiphon.domains.identity.errors import FactorExists, NoSecondFactor, TextMessagesOff, TooManyTexts, WrongCode
from antiphon.domains.identity.model_factors import (
    RESEND_AFTER,
    TEXT_CODE_LIFE,
    TEXT_CODE_TRIES,
    TEXTS_AN_HOUR,
    clean_code,
    clean_number,
    new_text_code,
)
from antiphon.domains.identity.store import phones as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.domains.identity.wording import text_message
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork

__all__ = ["NUMBER", "add_number", "check_text_code", "confirm_number", "number_of", "send_text_code"]

NUMBER = "identity.phone_number"
HOUR = timedelta(hours=1)


async def add_number(db: Database, tools: IdentityTools, actor: Actor, *, number: str, client: Client) -> None:
    """Send a code to a number that is to be proven.

    Raises StepUpNeeded, Invalid, TextMessagesOff, FactorExists, TooManyTexts, TextMessageFailed.
    """
    require_fresh(actor, db.clock)
    cleaned = clean_number(number)
    async with db.system() as uow:
        if not tools.texts.configured:
            raise TextMessagesOff
        sealed = tools.vault.seal(NUMBER, cleaned.encode())
        if not await store.new_phone(uow.conn, actor.user_id, sealed, uow.clock.now()):
            raise FactorExists
        code = await _new_code(uow, tools, actor.user_id, cleaned)
    await tools.texts.send(cleaned, _message(tools, code, client))


async def confirm_number(
    db: Database, tools: IdentityTools, actor: Actor, *, code: str, client: Client
) -> RecoveryCodes:
    """The code that the number got. Raises StepUpNeeded, WrongCode, FactorLocked."""
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
    row = await store.phone(uow.conn, user_id)
    if row is None or row.verified_at is not None or not await _used(uow, tools, user_id, row.sealed_number, code):
        return None
    if not await store.verify_phone(uow.conn, user_id, uow.clock.now()):
        return None
    await right(uow, user_id)
    codes = await first_recovery_codes(uow, tools, user_id)
    await factor_changed(uow, user_id, "sms.added", client)
    return RecoveryCodes(recovery_codes=codes)


async def send_text_code(db: Database, tools: IdentityTools, user_id: UUID, client: Client) -> None:
    """A code to the person's proven number.

    Raises TextMessagesOff, NoSecondFactor where there is no such number, TooManyTexts, TextMessageFailed.
    """
    async with db.system() as uow:
        if not tools.texts.configured:
            raise TextMessagesOff
        number = await number_of(uow, tools, user_id)
        if number is None:
            raise NoSecondFactor
        code = await _new_code(uow, tools, user_id, number)
    await tools.texts.send(number, _message(tools, code, client))


async def check_text_code(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, code: str) -> bool:
    """Whether it is the newest code of the person's proven number, still holds, and was not used before."""
    row = await store.phone(uow.conn, user_id)
    if row is None or row.verified_at is None:
        return False
    return await _used(uow, tools, user_id, row.sealed_number, code)


async def number_of(uow: UnitOfWork, tools: IdentityTools, user_id: UUID) -> str | None:
    """The person's proven number."""
    row = await store.phone(uow.conn, user_id)
    if row is None or row.verified_at is None:
        return None
    return tools.vault.open(NUMBER, bytes(row.sealed_number)).decode()


async def _new_code(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, number: str) -> str:
    """Raises TooManyTexts. The limits hold for the number too, whoever asks, so that nobody floods a stranger."""
    now, number_digest = uow.clock.now(), code_digest(tools, "numbers", number)
    await store.lock_texts(uow.conn, user_id, number_digest)
    sent = await store.sent_since(uow.conn, user_id, number_digest, now - HOUR)
    if sent and now - sent[0] < RESEND_AFTER:
        raise TooManyTexts(sent[0] + RESEND_AFTER - now)
    if len(sent) >= TEXTS_AN_HOUR:
        raise TooManyTexts(sent[TEXTS_AN_HOUR - 1] + HOUR - now)
    code = new_text_code()
    digest = _digest(tools, user_id, number, code)
    await store.add_text_code(
        uow.conn, user_id, number_digest=number_digest, digest=digest, now=now, until=now + TEXT_CODE_LIFE
    )
    return code


async def _used(uow: UnitOfWork, tools: IdentityTools, user_id: UUID, sealed_number: bytes, code: str) -> bool:
    number = tools.vault.open(NUMBER, bytes(sealed_number)).decode()
    now, number_digest = uow.clock.now(), code_digest(tools, "numbers", number)
    found = await store.try_text_code(uow.conn, user_id, number_digest, now, TEXT_CODE_TRIES)
    if found is None:
        return False
    same = hmac.compare_digest(bytes(found.digest), _digest(tools, user_id, number, clean_code(code)))
    return same and await store.use_text_code(uow.conn, found.id, now)


def _digest(tools: IdentityTools, user_id: UUID, number: str, code: str) -> bytes:
    return code_digest(tools, "text_codes", str(user_id), number, code)


def _message(tools: IdentityTools, code: str, client: Client) -> str:
    return text_message(client.language, code, urlsplit(tools.config.site_url).hostname or "localhost")
