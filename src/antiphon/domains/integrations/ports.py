"""What integrations needs from the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["MOST_AT_ONCE", "ForeignAccount", "HeardTrack", "NotTaken", "PlaysRejected", "Scrobbler"]

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class HeardTrack:
    """A play that counted, as others know it."""

    title: str
    artist: str
    album: str
    duration_ms: int | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class ForeignAccount:
    """Whose account it is there, and the secret by which it is told from then on."""

    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One that the service will never take, and why, in its words."""

    heard: HeardTrack
    reason: str


class PlaysRejected(Exception):
    """The service took none of them for what some of them are: telling the same again would end the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Scrobbler(Protocol):
    """A service that people tell what they hear. Errors are ScrobblerRefused and ScrobblerUnavailable."""

    @property
    def id(self) -> str:
        """Its name in addresses, such as `lastfm`."""
        ...

    @property
    def name(self) -> str:
        """As people know it."""
        ...

    def authorize_url(self, back: str) -> str | None:
        """Where somebody allows it and comes back from with `token`; None where they bring a token themselves."""
        ...

    async def connect(self, token: str) -> ForeignAccount: ...

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> Sequence[NotTaken]:
        """Up to MOST_AT_ONCE, the oldest first. Telling the same again changes nothing there. Answers those that it
        passed over for good; raises PlaysRejected too."""
        ...
