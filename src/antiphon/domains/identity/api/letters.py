"""Letters: identity says what is to be written to whom, and mints the links; `notifications` renders and sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec

from antiphon.domains.identity.api import challenges
from antiphon.domains.identity.model import PROOF_WITHIN, email_key
from antiphon.domains.identity.store import invitations as invitation_store
from antiphon.domains.identity.store import letters as store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import new_opaque_token
from antiphon.facts.identity import LetterAsked
from antiphon.kit.db import UnitOfWork
from antiphon.kit.secrets import token_digest

__all__ = ["LINKS", "Letter", "Link", "Purpose", "ask", "letter", "letter_sent"]

Purpose = Literal[
    "verify_email",
    "reset_password",
    "new_device",
    "refresh_reused",
    "email_change",
    "email_changed",
    "password_changed",
    "address_taken",
    "invitation",
    "deletion_asked",
    "deleted",
    "export_ready",
    "welcome",
    "factor_changed",
    "artist_approved",
    "artist_refused",
]


class Link(msgspec.Struct, frozen=True):
    """A page of the client, whose token is a challenge of this `kind` and behind the `#`, where no log sees it."""

    page: str
    kind: str
    life: timedelta


LINKS: Mapping[str, Link] = {
    "verify_email": Link("/verify-email", "sign_up", PROOF_WITHIN),
    "email_change": Link("/verify-email", "email_change", timedelta(days=1)),
    "reset_password": Link("/reset-password", "reset_password", timedelta(hours=1)),
    "deletion_asked": Link("/deletion/cancel", "cancel_deletion", timedelta(days=60)),
}
# Links that anybody may follow: they hold no token.
PAGES: Mapping[str, str] = {
    "new_device": "/settings/security",
    "refresh_reused": "/settings/security",
    "email_changed": "/settings/security",
    "password_changed": "/forgot-password",
    "factor_changed": "/settings/security",
    "address_taken": "/forgot-password",
    "export_ready": "/settings/privacy",
    "welcome": "/",
    "artist_approved": "/studio",
    "artist_refused": "/studio",
}


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to write it. `link` holds a token that works once, where the purpose needs one; then
    `data["until"]` says how long.

    Who signs up with an address that has an account is told so in the letter (`address_taken`), and nowhere else.
    """

    id: UUID
    purpose: str
    to: str
    name: str
    language: str
    link: str | None
    data: dict[str, str]


async def ask(
    uow: UnitOfWork,
    purpose: Purpose,
    *,
    user_id: UUID | None,
    address: str | None = None,
    language: str = "en",
    data: Mapping[str, str] | None = None,
) -> UUID:
    """Have a letter written after the commit. Without `user_id` and `address` nobody gets one, at the same cost.

    `address` is where it goes when that is not the address of the account. `data` holds no secrets.
    """
    letter_id = await store.add(
        uow.conn,
        purpose=purpose,
        user_id=user_id,
        address=address,
        language=language,
        data=dict(data or {}),
        now=uow.clock.now(),
    )
    uow.add_fact(LetterAsked(subject=letter_id))
    return letter_id


async def letter(uow: UnitOfWork, letter_id: UUID, site_url: str) -> Letter | None:
    """What to write, with a link minted for this attempt; None where nothing is to be sent (any more)."""
    row = await store.get(uow.conn, letter_id)
    if row is None or row.sent_at is not None:
        return None
    to = row.address or row.email
    if to is None:
        return None
    data: dict[str, str] = msgspec.json.decode(row.data)
    purpose = row.purpose
    if purpose == "verify_email" and await user_store.email_exists(uow.conn, email_key(to)):
        purpose = "address_taken"
    link = await _link(uow, purpose, row.user_id, data)
    if kind := LINKS.get(purpose):
        data["until"] = (uow.clock.now() + kind.life).isoformat()
    return Letter(
        id=letter_id,
        purpose=purpose,
        to=to,
        name=row.display_name or data.get("name", ""),
        language=row.language,
        link=f"{site_url}{link}" if link else None,
        data=data,
    )


async def letter_sent(uow: UnitOfWork, letter_id: UUID) -> None:
    """It left the house; asking for it again answers None. Of one to nobody of ours nothing is kept."""
    await store.sent(uow.conn, letter_id, uow.clock.now())


async def _link(uow: UnitOfWork, purpose: str, user_id: UUID | None, data: Mapping[str, str]) -> str | None:
    if purpose == "invitation":
        token = new_opaque_token()
        renewed = await invitation_store.renew(uow.conn, UUID(data["invitation"]), token_digest(token))
        return f"/sign-up#invitation={token}" if renewed else None
    kind = LINKS.get(purpose)
    if kind is None:
        return PAGES.get(purpose)
    person = await user_store.user(uow.conn, user_id) if user_id else None
    about = {"email_key": person.email_key, **data} if person else dict(data)
    token = await challenges.start(uow, kind.kind, life=kind.life, user_id=user_id, data=about)
    return f"{kind.page}#{kind.kind}={token}"
