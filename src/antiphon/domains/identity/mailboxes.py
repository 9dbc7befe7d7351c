"""Strangers can have letters sent to an address; not so many that they fill its mailbox."""

from __future__ import annotations

from typing import Final

from antiphon.kit.limits import Limits, LimitsDown, Policy, Take
from antiphon.kit.secrets import Secrets

__all__ = ["LETTERS", "Mailboxes"]

LETTERS: Final = Policy("letters", limit=5, window_s=3600)


class Mailboxes:
    """Counts per address, whoever asks and wherever from, whether somebody has the address or not."""

    def __init__(self, limits: Limits | None, secrets: Secrets) -> None:
        """Without limits every mailbox has room."""
        self._limits, self._secrets = limits, secrets

    async def has_room(self, email_key: str) -> bool:
        """Whether one more letter may go there, which then counts. Who asked gets the same answer either way.

        Nothing is written while nobody can count.
        """
        if self._limits is None:
            return True
        try:
            [verdict] = await self._limits.take(Take(LETTERS, self._secrets.signature("mailbox", email_key)))
        except LimitsDown:
            return False
        return verdict.allowed
