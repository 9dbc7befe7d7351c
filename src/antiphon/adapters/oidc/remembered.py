"""One thing fetched from afar and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from antiphon.domains.identity.errors import ProviderUnavailable
from antiphon.kit.clock import Clock

__all__ = ["Remembered"]

T = TypeVar("T")
FAILED_FOR = timedelta(seconds=5)


class Remembered(Generic[T]):
    """Fetched by one asker at a time for all who wait, kept for `life`.

    A failure is remembered too, for five seconds: a queue of people must not wait for a dead provider one after the
    other.
    """

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Clock, life: timedelta) -> None:
        self._fetch = fetch
        self._clock = clock
        self._life = life
        self._lock = asyncio.Lock()
        self._value: T | None = None
        self._fetched_at: datetime | None = None
        self._failed_at: datetime | None = None

    async def get(self) -> T:
        """Raises ProviderUnavailable."""
        return await self._younger_than(self._life)

    async def newer(self, than: timedelta) -> T:
        """Fetched again where what is known is older than that. Raises ProviderUnavailable."""
        return await self._younger_than(min(than, self._life))

    async def _younger_than(self, age: timedelta) -> T:
        async with self._lock:
            now = self._clock.now()
            if self._value is not None and self._fetched_at is not None and now - self._fetched_at < age:
                return self._value
            if self._failed_at is not None and now - self._failed_at < FAILED_FOR:
                raise ProviderUnavailable
            try:
                self._value = await self._fetch()
            except ProviderUnavailable:
                self._failed_at = now
                raise
            self._fetched_at, self._failed_at = now, None
            return self._value
