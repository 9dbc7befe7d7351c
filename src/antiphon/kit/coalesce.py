"""One answer for all who ask the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Coalesced"]

T = TypeVar("T")


class Coalesced(Generic[T]):
    """Whoever asks while an answer is being made waits, with all others, for the next one.

    An answer is never older than the question: nobody joins one that has begun. Under load the work is done once a
    turn instead of once a request; without load nothing is different.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, asyncio.Task[T]] = {}  # not begun: can be joined
        self._begun: dict[Hashable, asyncio.Task[T]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` answers, or raises. A caller that goes away does not take the answer from the others."""
        task = self._waiting.get(key)
        if task is None:
            task = asyncio.create_task(self._turn(key, make, self._begun.get(key)))
            self._waiting[key] = task
        return await asyncio.shield(task)

    async def _turn(self, key: Hashable, make: Callable[[], Awaitable[T]], before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
        task = self._waiting.pop(key)
        self._begun[key] = task
        try:
            return await make()
        finally:
            if self._begun.get(key) is task:
                del self._begun[key]
