"""The `TagReaders` port over a few children that live as long as there is something to read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from antiphon.adapters.tags.wire import LENGTH, Wanted
from antiphon.domains.media.ports import ReadFile

__all__ = ["LocalTagReaders"]

MODULE = "antiphon.adapters.tags.worker"
SECONDS_A_BATCH = 60.0
SECONDS_ALONE = 20.0
SECONDS_A_WRITE = 150.0
RENEW_AFTER = 20_000  # files; what a parser leaks goes with its process
_read_files = msgspec.msgpack.Decoder(list[ReadFile])
_read_picture = msgspec.msgpack.Decoder(bytes | None)
_read_trouble = msgspec.msgpack.Decoder(str | None)
_CRASHED = ReadFile(error="codec_crashed", detail="The reader gave up on this file, or took too long over it.")


class _Gone(Exception):
    """The child died or did not answer."""


class _Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.files = 0

    async def ask(self, wanted: Wanted, within_s: float) -> bytes:
        """Raises _Gone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        body = msgspec.msgpack.encode(wanted)
        try:
            async with asyncio.timeout(within_s):
                self.process.stdin.write(LENGTH.pack(len(body)) + body)
                await self.process.stdin.drain()
                head = await self.process.stdout.readexactly(LENGTH.size)
                answer: bytes = await self.process.stdout.readexactly(LENGTH.unpack(head)[0])
                return answer
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            raise _Gone from error

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class LocalTagReaders:
    """At most `concurrency` children; each reads one batch at a time."""

    def __init__(self, *, concurrency: int = 2) -> None:
        self._free: list[_Child] = []
        self._slots = asyncio.Semaphore(concurrency)

    async def read(self, paths: Sequence[str]) -> Sequence[ReadFile]:
        try:
            return await self._read(paths, SECONDS_A_BATCH)
        except _Gone:
            return [await self._read_alone(path) for path in paths]

    async def picture(self, path: str) -> bytes | None:
        try:
            async with self._child() as child:
                found: bytes | None = _read_picture.decode(
                    await child.ask(Wanted(picture=os.fsencode(path)), SECONDS_ALONE)
                )
                return found
        except _Gone:
            return None

    async def write(self, path: str, tags: Mapping[str, Sequence[str]]) -> str | None:
        wanted = Wanted(write=os.fsencode(path), tags={name: list(values) for name, values in tags.items()})
        try:
            async with self._child() as child:
                trouble: str | None = _read_trouble.decode(await child.ask(wanted, SECONDS_A_WRITE))
                return trouble
        except _Gone:
            return "codec_crashed"

    async def close(self) -> None:
        free, self._free = self._free, []
        for child in free:
            await child.end()

    async def _read_alone(self, path: str) -> ReadFile:
        try:
            (found,) = await self._read([path], SECONDS_ALONE)
        except _Gone:
            return _CRASHED
        return found

    async def _read(self, paths: Sequence[str], within_s: float) -> list[ReadFile]:
        sent = [os.fsencode(path) for path in paths]
        async with self._child() as child:
            child.files += len(paths)
            return _read_files.decode(await child.ask(Wanted(paths=sent), within_s))

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[_Child]:
        """A child for one question; it is ended where it failed, was left in the middle, or is old."""
        async with self._slots:
            child = self._free.pop() if self._free else await _started()
            sound = False
            try:
                yield child
                sound = child.files < RENEW_AFTER
            finally:
                if sound:
                    self._free.append(child)
                else:
                    await child.end()


async def _started() -> _Child:
    pipes: dict[str, Any] = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    limit = 64 * 1024 * 1024
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, stderr=asyncio.subprocess.DEVNULL, limit=limit, **pipes
    )
    return _Child(process)
