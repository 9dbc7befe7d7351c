"""Text messages that arrive in a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.domains.identity.errors import TextMessageFailed

__all__ = ["FakeTextMessages"]


@dataclass
class FakeTextMessages:
    configured: bool = True
    down: bool = False
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, number: str, text: str) -> None:
        if self.down:
            raise TextMessageFailed
        self.sent.append((number, text))
