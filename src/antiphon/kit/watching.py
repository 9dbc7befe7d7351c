"""How a domain says which topics it speaks on, and who may hear it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from antiphon.kit.db import Database

__all__ = ["TopicRule", "Watch"]

ActorT = TypeVar("ActorT")


class Watch(Enum):
    """EVERYBODY: whoever is signed in, by whatever key; the next one need not be asked about."""

    NO = "no"
    YES = "yes"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class TopicRule(Generic[ActorT]):
    """`form` is `kind`, `kind:*` or `kind:*:part`; `may_watch` gets what stands for the `*`, unparsed.

    It is asked when somebody subscribes, after `uow.rights_changed(topic)`, and when an access token is renewed. An
    error of the house that it raises is a refusal with that error's code. `presence`: whoever watches may show
    themselves to the others, and see them. `guests`: whether who shows this key, and is nobody, may watch; asked at
    the same moments, and now and then. Without it no guest does.
    """

    form: str
    may_watch: Callable[[Database, ActorT, str], Awaitable[Watch]]
    presence: bool = False
    guests: Callable[[Database, str, str], Awaitable[bool]] | None = None
