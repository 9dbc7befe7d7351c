"""A key service in memory that can be told to fail."""

from __future__ import annotations

import secrets

from antiphon.kit.vault import KmsUnavailable, VaultUnreadable

__all__ = ["FakeKms"]


class FakeKms:
    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.down = False
        self.wrapped: dict[bytes, bytes] = {}

    def wrap(self, plain: bytes) -> bytes:
        self._answer()
        ticket = secrets.token_bytes(16)
        self.wrapped[ticket] = plain
        return ticket

    def unwrap(self, wrapped: bytes) -> bytes:
        self._answer()
        if wrapped not in self.wrapped:
            raise VaultUnreadable("This was wrapped elsewhere.")
        return self.wrapped[wrapped]

    def _answer(self) -> None:
        if self.down:
            raise KmsUnavailable("The key service is down.")
