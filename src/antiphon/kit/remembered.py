"""Answers that hold for a moment: bounded, and forgotten after so many seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from antiphon.kit.clock import Clock
from antiphon.kit.live import LiveHub
from antiphon.kit.topics import RIGHTS_TOPIC

__all__ = ["Remembered", "with_rights"]

T = TypeVar("T")


class Remembered(Generic[T]):
    """Of one process. Whoever is allowed something by what is remembered is allowed it for up to `for_s` longer."""

    def __init__(self, clock: Clock, *, for_s: float, at_most: int) -> None:
        self._clock = clock
        self._for_s = for_s
        self._at_most = at_most
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self.turn = 0
        """How often it forgot: what was looked up in an earlier turn is not to be kept in this one."""

    def get(self, name: Hashable) -> T | None:
        found = self._kept.get(name)
        if found is None:
            return None
        if found[0] <= self._clock.now().timestamp():
            del self._kept[name]
            return None
        return found[1]

    def forget(self) -> None:
        """All of it, at once."""
        self._kept.clear()
        self.turn += 1

    def keep(self, name: Hashable, value: T, turn: int | None = None) -> None:
        """`turn`: when the look-up began; not kept where it was forgotten since."""
        if turn is not None and turn != self.turn:
            return
        self._kept[name] = (self._clock.now().timestamp() + self._for_s, value)
        self._kept.move_to_end(name)
        if len(self._kept) > self._at_most:
            self._kept.popitem(last=False)


def with_rights(hub: LiveHub, forget: Callable[[], None]) -> None:
    """Forget who may hear what whenever that changes anywhere in the house, or may have while nothing was heard."""

    async def anew() -> None:
        forget()

    hub.watch(RIGHTS_TOPIC, lambda message: forget() if message.data["form"].startswith("content:") else None)
    hub.after_connect(anew)
