"""A service that remembers what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import ForeignAccount, HeardTrack

__all__ = ["FakeScrobbler"]


@dataclass
class FakeScrobbler:
    """`accounts`: names by token."""

    id: str = "listenbrainz"
    name: str = "ListenBrainz"
    accounts: dict[str, str] = field(default_factory=lambda: {"good": "bob"})
    told: list[HeardTrack] = field(default_factory=list)
    away: bool = False

    def authorize_url(self, back: str) -> str | None:
        return None

    async def connect(self, token: str) -> ForeignAccount:
        self._answer(token)
        return ForeignAccount(self.accounts[token], token)

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> None:
        self._answer(secret)
        self.told += heard

    def _answer(self, token: str) -> None:
        if self.away:
            raise ScrobblerUnavailable
        if token not in self.accounts:
            raise ScrobblerRefused
