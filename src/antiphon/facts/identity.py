"""Facts of identity. They carry ids only: what a person may have erased does not belong in a history."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from antiphon.kit.facts import Fact

__all__ = ["SessionRevoked", "SignedIn", "UserRegistered"]


class UserRegistered(Fact, frozen=True, kw_only=True):
    """Somebody has an account from now on; the subject is the user."""

    name: ClassVar[str] = "identity.user_registered"


class SignedIn(Fact, frozen=True, kw_only=True):
    """A session began on some device; `method` is one of `register`, `password`, `link`."""

    name: ClassVar[str] = "identity.signed_in"
    session_id: UUID
    method: str


class SessionRevoked(Fact, frozen=True, kw_only=True):
    """A session ended before its time; `reason` is `logout` or `refresh_token_reused`."""

    name: ClassVar[str] = "identity.session_revoked"
    session_id: UUID
    reason: str
