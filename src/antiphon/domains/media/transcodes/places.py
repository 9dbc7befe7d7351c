"""Who may have a codec now: as many as there are cores, in turns to those who ask."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from antiphon.domains.media.errors import TooManyTranscodes

__all__ = ["Places"]

_RETRY_AFTER_S = 5


@dataclass
class Places:
    """`patience_s`: how long somebody waits before they are asked to come again."""

    slots: int
    most_waiting: int = 64
    patience_s: float = 20.0
    _running: Counter[str] = field(default_factory=Counter)
    _turns: dict[str, int] = field(default_factory=dict)  # of those who run or wait: the last that they had
    _turn: int = 0
    _waiting: list[tuple[str, asyncio.Future[None]]] = field(default_factory=list)

    @asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[Callable[[], None]]:
        """What is yielded gives the place back before the end. Raises TooManyTranscodes when the queue is full, or does
        not move."""
        if self._waiting or self._running.total() >= self.slots:
            await self._wait(who)
        else:
            self._give(who)
        given_back = False

        def give_back() -> None:
            nonlocal given_back
            if not given_back:
                given_back = True
                self._leave(who)

        try:
            yield give_back
        finally:
            give_back()

    async def _wait(self, who: str) -> None:
        if len(self._waiting) >= self.most_waiting:
            raise TooManyTranscodes(headers={"Retry-After": str(_RETRY_AFTER_S)})
        mine = (who, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        try:
            await asyncio.wait_for(asyncio.shield(mine[1]), self.patience_s)
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
                self._forget(who)
            else:  # it was given in the same moment
                self._leave(who)
            if isinstance(error, TimeoutError):
                raise TooManyTranscodes(headers={"Retry-After": str(_RETRY_AFTER_S)}) from None
            raise

    def _give(self, who: str) -> None:
        self._turn += 1
        self._running[who] += 1
        self._turns[who] = self._turn

    def _forget(self, who: str) -> None:
        if not self._running[who] and all(who != waiting for waiting, _ in self._waiting):
            self._turns.pop(who, None)

    def _leave(self, who: str) -> None:
        """The next is whoever has the fewest places, of those who had none for the longest time, and of those who came
        first: however many somebody asks for, whoever comes with one waits for one of them."""
        self._running[who] -= 1
        if not self._running[who]:
            del self._running[who]
        self._forget(who)
        if self._waiting and self._running.total() < self.slots:
            next_one = min(self._waiting, key=lambda one: (self._running[one[0]], self._turns.get(one[0], 0)))
            self._waiting.remove(next_one)
            self._give(next_one[0])
            next_one[1].set_result(None)
