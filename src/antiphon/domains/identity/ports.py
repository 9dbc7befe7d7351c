"""What identity needs from the outside world."""

from __future__ import annotations

from typing import Protocol

__all__ = ["TextMessages"]


class TextMessages(Protocol):
    """Sends short texts to telephones."""

    @property
    def configured(self) -> bool:
        """Whether texts can be sent at all; where not, no page offers it."""

    async def send(self, number: str, text: str) -> None:
        """`number` in E.164. Returns once a gateway took it over. Raises TextMessagesOff, TextMessageFailed."""
