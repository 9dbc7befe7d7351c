"""The audit log: who did what to whom, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.store import audit as store
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, TimeKey, cut

__all__ = ["ACTIONS", "AuditEntry", "page", "record"]

ACTIONS: Mapping[str, str] = {
    "app.allowed": "An app was allowed to act for the person",
    "app.made": "An app was registered",
    "app.removed": "An app was removed",
    "app.withdrawn": "An app was signed out",
    "account.deletion_asked": "The account was closed, to be erased",
    "account.deletion_cancelled": "The account was taken back before it was erased",
    "account.registered": "An account was made",
    "account.reinstated": "A suspension was lifted",
    "account.suspended": "A person was suspended",
    "account.unverified": "The badge was taken away",
    "account.verified": "A person got the badge of who they are",
    "artist.approved": "A new artist may publish",
    "artist.asked": "Somebody asked to publish as a new artist",
    "artist.refused": "A new artist may not publish",
    "api_key.made": "An API key was made",
    "api_key.revoked": "An API key was revoked",
    "app_password.made": "An app password was made",
    "app_password.revoked": "An app password was revoked",
    "content.restored": "A work that was taken down may be heard again",
    "content.taken_down": "A work was taken down",
    "consent.answered": "Consent was given or taken back",
    "device.distrusted": "The trust in devices ended",
    "device.trusted": "A device was trusted to need no second factor for 30 days",
    "email.change_asked": "Another e-mail address was asked for",
    "email.changed": "The e-mail address was changed",
    "email.verified": "The e-mail address was proven",
    "export.asked": "An archive of everything was asked for",
    "import.begun": "An archive was brought",
    "invitation.made": "Somebody was invited",
    "invitation.revoked": "An invitation was taken back",
    "linked_sign_in.added": "A sign-in elsewhere was linked",
    "linked_sign_in.removed": "A sign-in elsewhere was unlinked",
    "passkey.added": "A passkey was added",
    "passkey.asked": "Asking for a passkey after the password was switched on or off",
    "passkey.copied": "A passkey was refused, because there seems to be a copy of it",
    "passkey.removed": "A passkey was removed",
    "password.changed": "The password was changed",
    "password.removed": "The password was removed",
    "password.reset": "The password was set anew by a link",
    "recovery_code.used": "A recovery code was used",
    "recovery_codes.made": "New recovery codes were made",
    "role.granted": "A role was given",
    "role.revoked": "A role was taken away",
    "second_factor.failed": "A second factor was wrong",
    "second_factor.passed": "A second factor was right",
    "session.ended": "A session was ended",
    "session.reused": "A refresh token was used twice, and its session ended",
    "sign_in.failed": "Somebody failed to sign in",
    "sign_in.succeeded": "Somebody signed in",
    "sms.added": "A telephone became a second factor",
    "sms.removed": "The telephone was taken away",
    "step_up.succeeded": "Somebody proved again who they are",
    "totp.added": "An authenticator app became a second factor",
    "totp.removed": "The authenticator app was taken away",
    "wallet.linked": "A wallet was linked",
    "wallet.removed": "A wallet was removed",
}


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`actor` did it to `subject`, from the network address with the program that it names."""

    id: str
    at: datetime
    action: str
    actor_id: str | None
    actor_handle: str | None
    subject_id: str | None
    address: str
    user_agent: str
    data: dict[str, Any]


async def record(
    uow: UnitOfWork,
    action: str,
    *,
    actor: UUID | None,
    subject: UUID | None,
    client: Client | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """One line, in the same transaction as what it tells of. `data` holds ids and plain words, never secrets."""
    if action not in ACTIONS:
        raise ValueError(f"{action} is not in ACTIONS")
    where = client or Client()
    await store.add(
        uow.conn,
        at=uow.clock.now(),
        action=action,
        actor=actor,
        subject=subject,
        address=where.address,
        user_agent=where.user_agent,
        data=dict(data or {}),
    )


async def page(conn: AsyncConnection, request: PageRequest, *, about: UUID | None) -> Page[AuditEntry]:
    """The newest first; `about` one person, None: everybody."""
    position = request.position(TimeKey)
    before = position[1] if position else None
    rows = await store.page(conn, about=about, before=before, limit=request.limit + 1)
    return cut(rows, request, lambda row: (row.at.isoformat(), str(row.id))).map(_entry)


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        id=out(Kind.AUDIT_ENTRY, row.id),
        at=row.at,
        action=row.action,
        actor_id=out(Kind.USER, row.actor_id) if row.actor_id else None,
        actor_handle=row.handle,
        subject_id=out(Kind.USER, row.subject_id) if row.subject_id else None,
        address=row.address,
        user_agent=row.user_agent,
        data=msgspec.json.decode(row.data),
    )
