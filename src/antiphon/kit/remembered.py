"""Answers that hold for a moment: bounded, and forgotten after so many seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from antiphon.kit.clock import Clock

__all__ = ["Remembered"]

T = TypeVar("T")


class Remembered(Generic[T]):
    """Of one process. Whoever is allowed something by what is remembered is allowed it for up to `for_s` longer."""

    def __init__(self, clock: Clock, *, for_s: float, at_most: int) -> None:
        self._clock = clock
        self._for_s = for_s
        self._at_most = at_most
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def get(self, name: Hashable) -> T | None:
        found = self._kept.get(name)
        if found is None:
            return None
        if found[0] <= self._clock.now().timestamp():
            del self._kept[name]
            return None
        return found[1]

    def keep(self, name: Hashable, value: T) -> None:
        self._kept[name] = (self._clock.now().timestamp() + self._for_s, value)
        self._kept.move_to_end(name)
        if len(self._kept) > self._at_most:
            self._kept.popitem(last=False)
