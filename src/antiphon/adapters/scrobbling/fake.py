"""A service that remembers what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import ForeignAccount, HeardTrack, NotTaken, PlaysRejected

__all__ = ["FakeScrobbler"]


@dataclass
class FakeScrobbler:
    """`accounts`: names by token. `rejects` and `ignores` are titles: with one of the first nothing is taken, ones of
    the second are passed over. `asked` counts what it was told, taken or not."""

    id: str = "listenbrainz"
    name: str = "ListenBrainz"
    accounts: dict[str, str] = field(default_factory=lambda: {"good": "bob"})
    told: list[HeardTrack] = field(default_factory=list)
    away: bool = False
    rejects: set[str] = field(default_factory=set)
    ignores: set[str] = field(default_factory=set)
    asked: int = 0

    def authorize_url(self, back: str) -> str | None:
        return None

    async def connect(self, token: str) -> ForeignAccount:
        self._answer(token)
        return ForeignAccount(self.accounts[token], token)

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> Sequence[NotTaken]:
        self._answer(secret)
        self.asked += 1
        if any(one.title in self.rejects for one in heard):
            raise PlaysRejected("Invalid JSON document submitted.")
        passed_over = [NotTaken(one, "Artist name failed filter") for one in heard if one.title in self.ignores]
        self.told += [one for one in heard if one.title not in self.ignores]
        return passed_over

    def _answer(self, token: str) -> None:
        if self.away:
            raise ScrobblerUnavailable
        if token not in self.accounts:
            raise ScrobblerRefused
