"""Facts of social."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from antiphon.kit.facts import Fact

__all__ = ["Liked", "MessageSent", "Rated", "Shared", "Unliked"]


class Liked(Fact, frozen=True, kw_only=True):
    """Somebody likes a work from now on; `subject` is the work, `kind` what it is."""

    name: ClassVar[str] = "social.liked"
    user_id: UUID
    kind: str


class Unliked(Fact, frozen=True, kw_only=True):
    """Somebody took their like of a work back."""

    name: ClassVar[str] = "social.unliked"
    user_id: UUID
    kind: str


class Rated(Fact, frozen=True, kw_only=True):
    """Somebody gave a work one to five stars, or took them back: zero."""

    name: ClassVar[str] = "social.rated"
    user_id: UUID
    kind: str
    rating: int


class Shared(Fact, frozen=True, kw_only=True):
    """Somebody made a link to works; `subject` is the link."""

    name: ClassVar[str] = "social.shared"
    user_id: UUID


class MessageSent(Fact, frozen=True, kw_only=True):
    """Somebody said something in the room; `subject` is the message."""

    name: ClassVar[str] = "social.message_sent"
    user_id: UUID
