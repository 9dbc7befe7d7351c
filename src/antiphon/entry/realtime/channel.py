"""One topic that is watched in this process: what was said on it lately, and who hears what comes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from antiphon.entry.realtime.messages import Frame, event_frame, frame
from antiphon.kit import metrics
from antiphon.kit.clock import Clock
from antiphon.kit.topics import RIGHTS, TOPIC_KEPT_FOR, Cursor, History, Said

__all__ = ["Channel", "Listener"]

REMEMBERED: Final = 128
REMEMBERED_BYTES: Final = 64 * 1024


class Listener(Protocol):
    def send(self, message: Frame) -> None:
        """Never blocks."""
        ...

    def doubt(self, channel: Channel, heard: int) -> None:
        """It hears nothing more before it was asked for again; `heard`: the last position that it heard."""
        ...


class Channel:
    """`epoch` is 0 while nothing was said on the topic, which then begins with position 1.

    `doubts` counts how often the right to watch was changed. `open`: everybody may, and nobody need be asked;
    `personal`: it depends on who asks; neither: it is not known, and a `question` that was asked is waited for.
    """

    __slots__ = (
        "_bytes",
        "_frames",
        "clock",
        "doubts",
        "epoch",
        "listeners",
        "loaded",
        "open",
        "personal",
        "position",
        "question",
        "topic",
        "uses",
    )

    def __init__(self, topic: str, clock: Clock) -> None:
        self.topic = topic
        self.clock = clock
        self.uses = 0
        self.loaded = False
        self.epoch = 0
        self.position = 0
        self.listeners: set[Listener] = set()
        self.doubts = 0
        self.open = self.personal = False
        self.question: asyncio.Event | None = None
        self._frames: deque[Frame | None] | None = None
        self._bytes = 0

    @property
    def cursor(self) -> str:
        return str(Cursor(self.epoch, self.position) if self.epoch else Cursor.nowhere(self.clock.now()))

    def load(self, history: History | None) -> None:
        """As it stands where it is kept: the first time, or because something was missed."""
        head = Cursor(0, 0) if history is None else history.head
        said = () if history is None else history.said
        if not self.loaded:
            self._begin(head, said)
            self.loaded = True
        elif self.epoch not in (0, head.epoch) or head.position - self.position > len(said):
            self._begin(head, said)
            self._tell(frame("reset", topic=self.topic, cursor=self.cursor))
            self.doubt_all()  # what was missed may have been about that
        else:
            for one in said:
                self.take(one)

    def _begin(self, head: Cursor, said: Sequence[Said]) -> None:
        self.epoch, self.position = head.epoch, head.position
        self._frames, self._bytes = None, 0
        for one in said:
            self._remember(None if one.event == RIGHTS else event_frame(one))

    def take(self, said: Said) -> bool:
        """False where something before it is missing, or it came without its data: the topic is to be loaded again."""
        known = self.loaded and said.epoch == self.epoch
        if known and said.position <= self.position:
            return True
        fresh = self.loaded and self.epoch == 0
        follows = (known or fresh) and said.position == self.position + 1
        if not follows or not said.is_whole:
            return False
        self.epoch, self.position = said.epoch, said.position
        if said.event == RIGHTS:
            self._remember(None)
            self.doubt_all()
        else:
            message = event_frame(said)
            self._remember(message)
            metrics.LIVE_DELIVERIES.inc(len(self.listeners))
            self._tell(message)
        return True

    def since(self, position: int) -> list[Frame] | None:
        """What was said after a position of this epoch, as far as it is remembered; None where it is not."""
        missed = self.position - position
        frames = self._frames or ()
        if not 0 <= missed <= len(frames):
            return None
        return [one for one in list(frames)[len(frames) - missed :] if one is not None]

    def resume(self, cursor: Cursor) -> list[Frame] | None:
        if cursor.epoch == self.epoch != 0:
            return self.since(cursor.position)
        age = self.clock.now().timestamp() - cursor.position
        if cursor.epoch == 0 and age < TOPIC_KEPT_FOR.total_seconds():
            return self.since(0)
        return None

    def is_behind(self, cursor: Cursor) -> bool:
        """Somebody heard more elsewhere than has come here yet."""
        return cursor.epoch not in (0, self.epoch) or (
            cursor.epoch == self.epoch != 0 and cursor.position > self.position
        )

    def _remember(self, message: Frame | None) -> None:
        if self._frames is None:
            self._frames = deque()
        self._frames.append(message)
        self._bytes += len(message.body) if message else 0
        while len(self._frames) > REMEMBERED or (self._bytes > REMEMBERED_BYTES and len(self._frames) > 1):
            gone = self._frames.popleft()
            self._bytes -= len(gone.body) if gone else 0

    def _tell(self, message: Frame) -> None:
        for listener in tuple(self.listeners):
            listener.send(message)

    def doubt_all(self) -> None:
        """Nobody hears more before they were asked for again."""
        self.doubts += 1
        self.open = self.personal = False
        doubted, self.listeners = self.listeners, set()
        for listener in doubted:
            listener.doubt(self, self.position)
