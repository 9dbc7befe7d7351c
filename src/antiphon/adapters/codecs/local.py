"""Codecs on this machine. Foreign bytes are only ever touched by children with tight limits; see `worker`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from antiphon.adapters.codecs.scalers import Scalers
from antiphon.adapters.codecs.wire import (
    HEADER,
    MAX_FRAME,
    Advance,
    Done,
    Ended,
    Limits,
    Message,
    Refused,
    Request,
    decode,
    frame,
)
from antiphon.adapters.codecs.zygote import MODULE, ForkServer, child_environment
from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.ports import (
    AudioFacts,
    EncodedFile,
    Grown,
    PictureFile,
    Progress,
    Rendition,
    Segment,
    SourceAnalysis,
    Transcode,
    Transcoded,
)

__all__ = ["LocalCodecs"]

_OUT_OF_BUDGET = frozenset({14, 24, 25})  # SIGALRM, SIGXCPU, SIGXFSZ: the same numbers on Linux and macOS
_SHORT = frozenset({"probe", "pictures"})
_CAN_FORK = sys.platform == "linux"  # macOS forbids its frameworks after a fork; Windows has none
_EXTENSION = {"aac": "mp4", "flac": "mp4", "mp3": "mp3"}
_Heard = Callable[[Advance], Awaitable[None]]


class _Lost(Exception):
    """The connection broke without a word: not the file's fault, the fork server died."""


class LocalCodecs:
    """The `Codecs` port over short-lived children. Close it to end the fork server; any call starts it again.

    At most `concurrency` long operations (analyse, encode) and as many short ones run at once; the default is one a
    core. Transcodes are not counted: whoever lets people listen decides how many there are. Cancelling a call ends its
    child.
    """

    def __init__(
        self, *, concurrency: int | None = None, limits: Limits | None = None, fork_server: bool = _CAN_FORK
    ) -> None:
        self._limits = limits or Limits()
        slots = concurrency or os.cpu_count() or 1
        self._long = asyncio.Semaphore(slots)
        self._short = asyncio.Semaphore(slots)  # a cover must not wait for somebody's album to be encoded
        self._scalers = Scalers(slots, self._limits)
        self._forks = ForkServer() if fork_server else None

    async def get_ready(self) -> None:
        """Start now what the first call would wait for: interpreters with all their libraries."""
        if self._forks is not None:
            self._forks.start()
        await self._scalers.get_ready()

    async def close(self) -> None:
        await self._scalers.close()
        if self._forks is not None:
            self._forks.stop()

    async def probe(self, source: Path) -> AudioFacts:
        result = await self._run(Request("probe", self._limits, source=_name(source)), AudioFacts)
        assert isinstance(result, AudioFacts)
        return result

    async def analyse(self, source: Path, progress: Progress | None = None) -> SourceAnalysis:
        result = await self._run(Request("analyse", self._limits, source=_name(source)), SourceAnalysis, progress)
        assert isinstance(result, SourceAnalysis)
        return result

    async def encode(
        self, source: Path, rendition: Rendition, target: Path, progress: Progress | None = None
    ) -> EncodedFile:
        (encoded,) = await self._encode(source, (rendition,), (target,), progress)
        return encoded

    async def encode_many(
        self, source: Path, renditions: Sequence[Rendition], folder: Path, progress: Progress | None = None
    ) -> tuple[EncodedFile, ...]:
        """Files are named after the rendition: `folder/aac_128.mp4`."""
        targets = [folder / f"{rendition.quality}.{_EXTENSION[rendition.codec]}" for rendition in renditions]
        return await self._encode(source, renditions, targets, progress)

    async def transcode(self, source: Path, wanted: Transcode, target: Path, grown: Grown) -> Transcoded:
        request = Request("transcode", self._limits, source=_name(source), targets=(_name(target),), transcode=wanted)

        begun = False

        async def told(message: Advance) -> None:
            nonlocal begun
            begun = True
            grown(message.bytes, message.fraction)

        try:
            result = await self._attempt(request, Transcoded, told)
        except _Lost:
            if begun:
                raise MediaRejected("codec_crashed") from None
            result = await self._again(request, Transcoded, told)
        assert isinstance(result, Transcoded)
        return result

    async def segment(self, source: Path, wanted: Segment, target: Path) -> None:
        request = Request("segment", self._limits, source=_name(source), targets=(_name(target),), segment=wanted)

        async def nothing(_: Advance) -> None:
            return

        try:
            await self._attempt(request, None, nothing)
        except _Lost:
            await self._again(request, None, nothing)

    async def picture(self, data: bytes, size: int, form: Literal["webp", "jpeg"]) -> bytes:
        if not data or len(data) > self._limits.tag_picture_bytes:
            raise MediaRejected("bad_picture")
        return await self._scalers.scale(data, size, form)

    async def pictures(self, data: bytes, sizes: Sequence[int]) -> tuple[str, tuple[PictureFile, ...]]:
        if not data or len(data) > self._limits.tag_picture_bytes:
            raise MediaRejected("bad_picture")
        request = Request("pictures", self._limits, data=data, sizes=tuple(sizes))
        colour, files = await self._run(request, tuple[str, tuple[PictureFile, ...]])
        return colour, files

    async def _encode(
        self, source: Path, renditions: Sequence[Rendition], targets: Sequence[Path], progress: Progress | None
    ) -> tuple[EncodedFile, ...]:
        if not renditions:
            return ()
        request = Request(
            "encode",
            self._limits,
            source=_name(source),
            renditions=tuple(renditions),
            targets=tuple(str(target) for target in targets),
        )
        try:
            encoded: tuple[EncodedFile, ...] = await self._run(request, tuple[EncodedFile, ...], progress)
        except BaseException:
            for target in targets:
                target.unlink(missing_ok=True)
            raise
        return encoded

    async def _run(self, request: Request, kind: Any, progress: Progress | None = None) -> Any:
        async def heard(message: Advance) -> None:
            if progress is not None:
                await progress(message.fraction)

        async with self._short if request.operation in _SHORT else self._long:
            try:
                return await self._attempt(request, kind, heard)
            except _Lost:  # work is begun anew with a new fork server, once
                return await self._again(request, kind, heard)

    async def _again(self, request: Request, kind: Any, heard: _Heard) -> Any:
        try:
            return await self._attempt(request, kind, heard)
        except _Lost:
            raise MediaRejected("codec_crashed", "No codec process stays alive.") from None

    async def _attempt(self, request: Request, kind: Any, heard: _Heard) -> Any:
        async with self._connection() as (reader, writer):
            message = await self._exchange(reader, writer, frame(request))
            while True:
                match message:
                    case Advance():
                        await heard(message)
                    case Done(result):
                        return decode(result, kind)
                    case Refused(reason, detail):
                        raise MediaRejected(reason, detail)
                    case Ended(signal):
                        raise MediaRejected("too_complex" if signal in _OUT_OF_BUDGET else "codec_crashed")
                message = await self._exchange(reader, writer)

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes = b""
    ) -> Message:
        try:
            writer.write(request)
            await writer.drain()
            return await _receive(reader)
        except (OSError, EOFError) as error:
            if self._forks is not None:
                raise _Lost from error
            raise MediaRejected("codec_crashed") from error
        except msgspec.MsgspecError as error:  # a child that died in the middle of a word
            raise MediaRejected("codec_crashed") from error

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if self._forks is None:
            async with _plain_child() as streams:
                yield streams
            return
        connection = self._forks.connect()
        reader, writer = await asyncio.open_unix_connection(sock=connection)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()  # hanging up ends the child
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@contextlib.asynccontextmanager
async def _plain_child() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A whole new interpreter for one operation: slower, but works where forking does not."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        "--once",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environment(),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdout, child.stdin
    except MediaRejected as rejected:
        if rejected.reason == "codec_crashed" and -(await child.wait()) in _OUT_OF_BUDGET:
            raise MediaRejected("too_complex") from rejected
        raise
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        child.stdin.close()


def _name(source: Path) -> str:
    return str(source.absolute())


async def _receive(reader: asyncio.StreamReader) -> Message:
    (length,) = HEADER.unpack(await reader.readexactly(HEADER.size))
    if length > MAX_FRAME:
        raise EOFError
    message: Message = decode(await reader.readexactly(length), Message)
    return message
