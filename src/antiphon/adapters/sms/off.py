"""No gateway: text messages are off, and say so."""

from __future__ import annotations

from antiphon.domains.identity.errors import TextMessagesOff

__all__ = ["NoTextMessages"]


class NoTextMessages:
    configured = False

    async def send(self, number: str, text: str) -> None:
        raise TextMessagesOff
