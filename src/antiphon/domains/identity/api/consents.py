"""What people agreed to, and what they chose: asked by version of the text, answered as often as they like."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.errors_privacy import ConsentOutdated, UnknownPurpose
from antiphon.domains.identity.model_privacy import PURPOSES, is_needed
from antiphon.domains.identity.store import privacy as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork

__all__ = ["ConsentEntry", "Consents", "PurposeConsent", "answer", "consents"]


class PurposeConsent(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose and the last answer to it; `granted` is none where nobody answered. `asked`: this place asks it."""

    purpose: str
    title: str
    version: str
    agreement: bool
    asked: bool
    granted: bool | None
    answered_version: str | None
    at: datetime | None


class ConsentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was given. `imported`: in another install, where another text may have stood."""

    purpose: str
    version: str
    granted: bool
    at: datetime
    imported: bool


class Consents(msgspec.Struct, frozen=True, kw_only=True):
    """`needed` names the purposes that must be answered; where it is empty, nobody need be asked anything."""

    purposes: list[PurposeConsent]
    needed: list[str]
    history: list[ConsentEntry]


async def consents(conn: AsyncConnection, tools: IdentityTools, user_id: UUID) -> Consents:
    rows = await store.consents(conn, user_id)
    latest = {row.purpose: row for row in reversed(rows) if not row.imported}
    asked = tools.privacy.asked
    purposes, needed = [], []
    for name, purpose in PURPOSES.items():
        row = latest.get(name)
        version, granted = (row.version, row.granted) if row else (None, None)
        purposes.append(
            PurposeConsent(
                purpose=name,
                title=purpose.title,
                version=purpose.version,
                agreement=purpose.agreement,
                asked=name in asked,
                granted=granted,
                answered_version=version,
                at=row.at if row else None,
            )
        )
        if name in asked and is_needed(purpose, version, granted):
            needed.append(name)
    history = [
        ConsentEntry(purpose=r.purpose, version=r.version, granted=r.granted, at=r.at, imported=r.imported)
        for r in rows
    ]
    return Consents(purposes=purposes, needed=needed, history=history)


async def answer(
    uow: UnitOfWork, tools: IdentityTools, actor: Actor, *, purpose: str, version: str, granted: bool, client: Client
) -> Consents:
    """Add an answer to the history. Raises UnknownPurpose, and ConsentOutdated for a text that was replaced."""
    known = PURPOSES.get(purpose)
    if known is None:
        raise UnknownPurpose
    if version != known.version:
        raise ConsentOutdated(version=known.version)
    await store.add_consent(uow.conn, actor.user_id, purpose, version, granted, uow.clock.now())
    data = {"purpose": purpose, "version": version, "granted": granted}
    await audit.record(uow, "consent.answered", actor=actor.user_id, subject=actor.user_id, client=client, data=data)
    return await consents(uow.conn, tools, actor.user_id)
