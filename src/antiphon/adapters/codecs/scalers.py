"""Children that scale one picture after another: starting a library of pictures takes ten times as long as using it.

They meet foreign bytes, so each has limits, is renewed after a while, and is ended at the first trouble; what a picture
does to its child harms nobody else's.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Literal

import msgspec

from antiphon.adapters.codecs.wire import HEADER, MAX_FRAME, Limits, pack
from antiphon.adapters.codecs.worker.scaler import Scale, Scaled
from antiphon.adapters.codecs.zygote import child_environment
from antiphon.domains.media.errors import MediaRejected

__all__ = ["Scalers"]

_MODULE = "antiphon.adapters.codecs.worker.scaler"
_PATIENCE_S = 20.0
_RENEW_AFTER = 500
_read = msgspec.msgpack.Decoder(Scaled)


class _Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.asked = 0

    async def ask(self, request: bytes) -> Scaled:
        """Raises OSError, EOFError, TimeoutError where it has died or does not answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.asked += 1
        async with asyncio.timeout(_PATIENCE_S):
            self.process.stdin.write(HEADER.pack(len(request)) + request)
            await self.process.stdin.drain()
            (length,) = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))
            if length > MAX_FRAME:
                raise EOFError
            return _read.decode(await self.process.stdout.readexactly(length))

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class Scalers:
    """At most `concurrency` children, started when they are first needed."""

    def __init__(self, concurrency: int, limits: Limits) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._limits = limits
        self._free: list[_Child] = []

    async def scale(self, data: bytes, size: int, form: Literal["webp", "jpeg"]) -> bytes:
        """Raises MediaRejected."""
        request = pack(Scale(data, size, form, self._limits.picture_pixels, self._limits.picture_memory_bytes))
        async with self._slots:
            child = self._free.pop() if self._free else await _started()
            sound = False
            try:
                answer = await child.ask(request)
                sound = answer.data is not None and child.asked < _RENEW_AFTER
            except (OSError, EOFError, TimeoutError, msgspec.MsgspecError) as error:
                raise MediaRejected("bad_picture") from error
            finally:
                if sound:
                    self._free.append(child)
                else:
                    await child.end()
        if answer.data is None:
            raise MediaRejected("bad_picture", answer.detail)
        return answer.data

    async def get_ready(self) -> None:
        """One child, for the first picture."""
        async with self._slots:
            if not self._free:
                self._free.append(await _started())

    async def close(self) -> None:
        free, self._free = self._free, []
        for child in free:
            await child.end()


async def _started() -> _Child:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environment(),
        limit=1 << 20,
    )
    return _Child(process)
