"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["FrozenClock"]


class FrozenClock:
    """Begins at the real present, to the second, so that what the database stamps by itself is not far away."""

    def __init__(self, at: datetime | None = None) -> None:
        self._now = at or datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        self._now += by
        return self._now
