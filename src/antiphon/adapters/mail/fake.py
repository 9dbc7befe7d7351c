"""A carrier for tests: keeps every letter, and fails as it is told to."""

from __future__ import annotations

from antiphon.adapters.mail.message import ascii_host
from antiphon.domains.notifications.ports import Mail
from antiphon.kit.errors import AppError

__all__ = ["FakeMailer"]


class FakeMailer:
    """`trouble` are the errors of the next calls, one each; None among them lets a call pass."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.trouble: list[AppError | None] = []

    async def send(self, message: Mail) -> None:
        self._stumble()
        ascii_host(message.to)
        self.sent.append(message)

    async def check(self) -> str:
        self._stumble()
        return "letters are kept in memory"

    def _stumble(self) -> None:
        error = self.trouble.pop(0) if self.trouble else None
        if error is not None:
            raise error
