"""One encode that is under way in this process, and those who listen to it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PIECE", "Encode"]

PIECE = 64 * 1024
_GRACE_S = 5.0
_WORTH_FINISHING = 0.25


@dataclass
class Encode:
    """`task` ends when the file is whole or cannot be made.

    When nobody listens for a while it is given up, unless much of it is made. `left_alone` is called when the last who
    listened has gone.
    """

    path: Path  # while it is made
    target: Path
    size: int = 0
    fraction: float = 0.0
    task: asyncio.Task[None] = field(init=False)
    left_alone: Callable[[], None] | None = None
    _heard: bool = False
    _listeners: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def grown(self, size: int, fraction: float) -> None:
        self.size, self.fraction = size, fraction
        self.wake()

    def wake(self) -> None:
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def beyond(self, position: int) -> None:
        """Wait until there is more than this, or no more comes. Raises what ended the encode."""
        while self.size <= position and not self.task.done():
            await self._changed.wait()
        if self.size <= position:
            self.outcome()

    def outcome(self) -> None:
        """Of an encode that has ended. Raises what ended it."""
        if self.task.cancelled():
            raise OSError("the file was given up")
        self.task.result()

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """To the last byte, as they come."""
        self._heard = True
        self._listeners += 1
        file, position = self._open(), 0
        try:
            while True:
                await self.beyond(position)
                piece = os.pread(file, min(PIECE, self.size - position), position) if self.size > position else b""
                if not piece:
                    return
                position += len(piece)
                yield piece
        finally:
            os.close(file)
            self._listeners -= 1
            if not self._listeners and not self.task.done():
                if self.left_alone is not None:
                    self.left_alone()
                asyncio.get_running_loop().call_later(_GRACE_S, self._give_up_if_alone)

    @property
    def alone(self) -> bool:
        """Whether everybody who listened has gone."""
        return self._heard and not self._listeners

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return os.open(self.target, os.O_RDONLY | os.O_CLOEXEC)

    def _give_up_if_alone(self) -> None:
        if not self._listeners and not self.task.done() and self.fraction < _WORTH_FINISHING:
            self.task.cancel()
