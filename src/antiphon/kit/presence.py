"""The port that knows who is there: on which topic, with which of their connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

import msgspec

__all__ = ["LEASE", "RENEWED_EVERY_S", "Entry", "Presence"]

LEASE: Final = timedelta(seconds=15)
RENEWED_EVERY_S: Final = 5.0


class Entry(msgspec.Struct, frozen=True):
    """One connection that shows itself on a topic. `gateway` is the process that holds it; `id` is one everywhere."""

    topic: str
    id: str
    gateway: str
    user_id: str
    data: dict[str, Any]


class Presence(Protocol):
    """Entries live as long as the lease of their gateway, which it renews; so a process that dies leaves none.

    Every method raises OSError where the store does not answer.
    """

    def heed(self, changed: Callable[[str], None]) -> None:
        """Be told of topics on which somebody came, went, or shows something else. May be told for nothing."""
        ...

    async def enter(self, entries: Sequence[Entry]) -> None:
        """Also in place of what the same ids showed before."""
        ...

    async def leave(self, entries: Sequence[Entry]) -> None: ...

    async def here(self, topics: Sequence[str]) -> dict[str, list[Entry]]:
        """Those whose lease goes on, the first to come first."""
        ...

    async def renew(self, gateway: str) -> bool:
        """For another `LEASE`. Ends what was held by gateways whose lease is over. False where one's own had been over:
        then everything is to be entered again.
        """
        ...

    async def end(self, gateway: str) -> None:
        """All of one's own entries, and the lease."""
        ...
