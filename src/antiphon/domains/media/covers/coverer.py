"""Scales pictures on demand, through a cache on disk; remembers for a moment whose picture lies where."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from uuid import UUID

from antiphon.domains.media.covers.placeholder import placeholder
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.ports import Codecs
from antiphon.domains.media.transcodes.cache import DiskCache
from antiphon.domains.media.transcodes.sounds import WholeFile
from antiphon.kit.logs import get_logger

__all__ = ["MOST_PIXELS", "Coverer", "PictureForm", "PictureSource", "Small"]

log = get_logger(__name__)
PictureForm = Literal["webp", "jpeg"]
MOST_PIXELS = 2048
_REMEMBERED_S = 30.0
_MOST_REMEMBERED = 20_000
_TRIM_EVERY = 200
_SMALLEST = 16
_IN_MEMORY = 32 << 20
_SMALL = 64 << 10


@dataclass(frozen=True, slots=True)
class PictureSource:
    """`identity` names the bytes that `read` gets; None where they have gone meanwhile."""

    identity: str
    read: Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class Small:
    """A picture's bytes beside the file that has them."""

    body: bytes
    file: WholeFile


def _edge(size: int | None) -> int:
    return MOST_PIXELS if size is None else max(_SMALLEST, min(size, MOST_PIXELS))


@dataclass
class Coverer:
    """One a process."""

    codecs: Codecs
    cache: DiskCache
    _known: dict[tuple[UUID | None, UUID], tuple[float, PictureSource | None]] = field(default_factory=dict)
    _making: dict[str, asyncio.Task[Path]] = field(default_factory=dict)
    _made: int = 0
    _turn: int = 0
    _small: OrderedDict[tuple[str, int, PictureForm], Small] = field(default_factory=OrderedDict)
    _small_bytes: int = 0

    def at_hand(self, viewer: UUID | None, subject: UUID, size: int | None, form: PictureForm) -> Small | None:
        """A small picture that was shown lately, to whom was found to be allowed it in the last half minute."""
        known = self._known.get((viewer, subject))
        if known is None or known[1] is None or known[0] <= self.cache.clock.now().timestamp():
            return None
        key = (known[1].identity, _edge(size), form)
        found = self._small.get(key)
        if found is not None:
            self._small.move_to_end(key)
        return found

    async def small(self, source: PictureSource, size: int | None, form: PictureForm, whole: WholeFile) -> None:
        """Keep its bytes at hand where they are few: walls of covers ask for the same ones again and again."""
        key = (source.identity, _edge(size), form)
        if key in self._small or whole.path.stat().st_size > _SMALL:
            return
        kept = Small(await asyncio.to_thread(whole.path.read_bytes), whole)
        if key not in self._small:  # nor put there meanwhile
            self._small[key] = kept
            self._small_bytes += len(kept.body)
        while self._small_bytes > _IN_MEMORY:
            self._small_bytes -= len(self._small.popitem(last=False)[1].body)

    async def source(
        self, viewer: UUID | None, subject: UUID, find: Callable[[], Awaitable[PictureSource | None]]
    ) -> PictureSource | None:
        """What `find` answers, asked anew when half a minute has passed: walls of covers ask for the same again."""
        now = self.cache.clock.now().timestamp()
        known = self._known.get((viewer, subject))
        if known is not None and known[0] > now:
            return known[1]
        turn = self._turn
        found = await find()
        if turn == self._turn:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[viewer, subject] = (now + _REMEMBERED_S, found)
        return found

    def forget(self) -> None:
        """Who was found to be allowed which picture; the pictures stay."""
        self._known.clear()
        self._turn += 1

    async def scaled(self, source: PictureSource, size: int | None, form: PictureForm) -> WholeFile | None:
        """With the longer edge of at most `size` pixels, never larger than it is; None for the largest. None where the
        picture is gone or cannot be read."""
        edge = _edge(size)
        digest = hashlib.sha256(f"{source.identity}\n{edge}".encode()).hexdigest()
        name = f"{digest}.{form}"
        path = self.cache.find(name)
        if path is None:
            task = self._making.get(name)
            if task is None:
                task = self._making[name] = asyncio.create_task(self._make(name, source, edge, form))
                task.add_done_callback(lambda _: self._making.pop(name, None))
            try:
                path = await asyncio.shield(task)
            except (FileNotFoundError, MediaRejected) as error:
                log.info("picture cannot be shown", error=type(error).__name__)
                return None
        return WholeFile(path, digest[:32], f"image/{form}", path.stat().st_mtime)

    async def _make(self, name: str, source: PictureSource, edge: int, form: PictureForm) -> Path:
        """Raises FileNotFoundError, MediaRejected."""
        data = await source.read()
        if data is None:
            raise FileNotFoundError(source.identity)
        path = self.cache.put(name, await self.codecs.picture(data, edge, form))
        self._made += 1
        if self._made % _TRIM_EVERY == 0:
            await asyncio.to_thread(self.cache.trim)
        return path

    def plain(self) -> WholeFile:
        """What is shown of something that has no picture."""
        data = placeholder()
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.png"
        path = self.cache.find(name) or self.cache.put(name, data)
        return WholeFile(path, digest[:32], "image/png", path.stat().st_mtime)
