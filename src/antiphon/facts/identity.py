"""Facts of identity. They carry ids only: what a person may have erased does not belong in a history."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from antiphon.kit.facts import Fact

__all__ = [
    "DeletionAsked",
    "DeletionCancelled",
    "LetterAsked",
    "SessionRevoked",
    "SignedIn",
    "UserErased",
    "UserRegistered",
]


class UserRegistered(Fact, frozen=True, kw_only=True):
    """Somebody has an account from now on; the subject is the user."""

    name: ClassVar[str] = "identity.user_registered"


class SignedIn(Fact, frozen=True, kw_only=True):
    """A session began on some device; `method` says how they proved who they are."""

    name: ClassVar[str] = "identity.signed_in"
    session_id: UUID
    method: str


class SessionRevoked(Fact, frozen=True, kw_only=True):
    """A session ended before its time; `reason` is a word such as `logout` or `refresh_token_reused`."""

    name: ClassVar[str] = "identity.session_revoked"
    session_id: UUID
    reason: str


class LetterAsked(Fact, frozen=True, kw_only=True):
    """A letter is to be written; the subject is the letter."""

    name: ClassVar[str] = "identity.letter_asked"


class DeletionAsked(Fact, frozen=True, kw_only=True):
    """The person asked to be erased and is out of sight until that is done; they may yet come back."""

    name: ClassVar[str] = "identity.deletion_asked"


class DeletionCancelled(Fact, frozen=True, kw_only=True):
    """The person came back before they were erased."""

    name: ClassVar[str] = "identity.deletion_cancelled"


class UserErased(Fact, frozen=True, kw_only=True):
    """The grace is over: every domain lets go of the person now. This fact goes too, once all have handled it."""

    name: ClassVar[str] = "identity.user_erased"
