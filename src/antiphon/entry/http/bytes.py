"""Answers with a file's bytes, whole or in ranges, as RFC 9110 has it; a raw ASGI responder.

Whole files leave through the server's own file sending where it has one, ranges as they are read (`opened.py`).
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from antiphon.entry.http.conditions import http_date, judge, range_applies
from antiphon.entry.http.opened import OpenFile, open_file, regular_size
from antiphon.kit.clock import Clock, SystemClock
from antiphon.kit.ranges import ByteRange, select_ranges

__all__ = ["ACCEL", "Representation", "answer", "represented", "send_file", "watch"]

ACCEL = "antiphon.accel"
"""In the scope, where nginx in front sends files itself: the path of its location for the whole file system."""

Send = Callable[[Any], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]
Header = tuple[bytes, bytes]

_MESSAGE: Final = 1 << 20  # a range up to this size is one message
_PIECE: Final = 128 << 10  # longer ones: as fast as larger pieces, and a stalled client holds only a few of them
_CLOCK: Final = SystemClock()
_OF_NGINX: Final = frozenset({b"etag", b"last-modified", b"accept-ranges"})
_ASKING: Final = {
    name.encode(): name
    for name in ("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
}


@dataclass(frozen=True, slots=True)
class Representation:
    """What does not change between a whole answer and its parts, nor from one request to the next."""

    path: str
    etag: str
    content_type: str
    last_modified: float | None
    always: tuple[Header, ...]
    validators: tuple[Header, ...]  # sent with 200, 206 and 304 alike
    content: tuple[Header, ...]  # sent with a body only
    described: tuple[Header, ...]  # all of them, and its type


class _Line(msgspec.Struct, frozen=True):
    """The way to the client; `path_send`: the server sends files by itself."""

    send: Send
    receive: Receive | None
    path_send: bool


async def send_file(
    scope: Mapping[str, Any],
    send: Send,
    *,
    path: Path,
    etag: str,
    content_type: str,
    cache_control: str,
    last_modified: float | None = None,
    filename: str | None = None,
    extra_headers: Iterable[tuple[str, str]] = (),
    receive: Receive | None = None,
    clock: Clock = _CLOCK,
) -> None:
    """Answer one GET or HEAD request; 405 for other methods.

    `etag` is strong and without quotes. `last_modified` is in seconds since 1970. A `filename` makes the answer a
    download of that name. `extra_headers` go with every answer. With `receive`, a long range ends when the client goes;
    without, servers that swallow what nobody hears make us read it to its end.

    Raises FileNotFoundError, with nothing sent, where there is no such file; OSError after the start of the answer
    where the file shrinks or fails meanwhile, so that the server cuts the connection.
    """
    file = represented(str(path), etag, content_type, cache_control, last_modified, filename, tuple(extra_headers))
    await answer(scope, send, file, receive=receive, clock=clock)


@lru_cache(1024)
def represented(
    path: str,
    etag: str,
    content_type: str,
    cache_control: str,
    last_modified: float | None = None,
    filename: str | None = None,
    extra_headers: tuple[tuple[str, str], ...] = (),
) -> Representation:
    """A file as `answer` sends it; its fields are those of `send_file`."""
    always = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in extra_headers)
    validators = [
        (b"etag", f'"{etag}"'.encode("latin-1")),
        (b"cache-control", cache_control.encode("latin-1")),
        *always,
    ]
    if last_modified is not None:
        validators.append((b"last-modified", http_date(last_modified).encode()))
    content = [(b"accept-ranges", b"bytes")]
    if filename is not None:
        content.append((b"content-disposition", _disposition(filename)))
    described = (_typed(content_type), *validators, *content)
    return Representation(path, etag, content_type, last_modified, always, tuple(validators), tuple(content), described)


def _typed(content_type: str) -> Header:
    return (b"content-type", content_type.encode("latin-1"))


async def answer(
    scope: Mapping[str, Any],
    send: Send,
    file: Representation,
    *,
    receive: Receive | None = None,
    clock: Clock = _CLOCK,
) -> None:
    """As `send_file`, of what is described already."""
    body = scope["method"] == "GET"
    if not body and scope["method"] != "HEAD":
        allowed = (*file.always, (b"allow", b"GET, HEAD"))
        await _refuse(send, 405, "method_not_allowed", "Method not allowed", allowed, True)
        return
    accel = scope.get(ACCEL)
    if accel is not None:
        await _hand_over(send, file, accel)
        return
    headers = _asked(scope["headers"])
    found = os.stat(file.path)
    size = regular_size(found)
    conditional = len(headers) > ("range" in headers)
    now = clock.now().timestamp() if conditional else 0.0
    verdict = judge(headers, etag=file.etag, last_modified=file.last_modified, now=now) if conditional else "send"
    if verdict == "failed":
        await _refuse(send, 412, "precondition_failed", "The file is not the one you know", file.validators, body)
        return
    if verdict == "not_modified":
        await send({"type": "http.response.start", "status": 304, "headers": list(file.validators)})
        await send({"type": "http.response.body", "body": b""})
        return
    ranges = None
    # Range is defined for GET alone: a HEAD answers for the whole.
    if (
        body
        and "range" in headers
        and (not conditional or range_applies(headers, etag=file.etag, last_modified=file.last_modified, now=now))
    ):
        ranges = select_ranges(headers["range"], size)
    line = _Line(send, receive, "http.response.pathsend" in (scope.get("extensions") or ()))
    if ranges == ():
        unsatisfied = (*file.validators, (b"content-range", f"bytes */{size}".encode()), (b"accept-ranges", b"bytes"))
        await _refuse(send, 416, "range_not_satisfiable", "No such bytes in this file", unsatisfied, body)
    elif ranges is None:
        await _send_whole(line, file, found, body)
    elif len(ranges) == 1:
        await _send_range(line, file, found, ranges[0])
    else:
        await _send_ranges(line, file, found, ranges)


def _asked(fields: Iterable[Header]) -> Mapping[str, str]:
    """The fields that say what is wanted of a file; repeated ones joined as lists are."""
    joined: MutableMapping[str, str] = {}
    for raw_name, raw_value in fields:
        name = _ASKING.get(raw_name)
        if name is not None:
            value = raw_value.decode("latin-1")
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _disposition(filename: str) -> bytes:
    plain = "".join(char if " " <= char <= "~" and char not in '"\\%/' else "_" for char in filename)
    exact = quote(filename, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}".encode()


async def _refuse(send: Send, status: int, code: str, title: str, headers: Iterable[Header], body: bool) -> None:
    problem = (
        f'{{"type":"about:blank","title":"{title}","status":{status},"detail":"{title}","code":"{code}"}}'.encode()
    )
    described = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(problem)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *described]})
    await send({"type": "http.response.body", "body": problem if body else b""})


def _start(described: Iterable[Header], status: int, length: int, *more: Header) -> dict[str, Any]:
    headers = [*described, (b"content-length", b"%d" % length), *more]
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _hand_over(send: Send, file: Representation, accel: str) -> None:
    """nginx answers in our place, conditions and ranges too, under an entity tag of its own."""
    regular_size(os.stat(file.path))
    leads = (b"x-accel-redirect", f"{accel}{quote(os.fsencode(file.path).lstrip(b'/'))}".encode())
    start = _start(file.described, 200, 0, leads)
    start["headers"] = [header for header in start["headers"] if header[0] not in _OF_NGINX]
    await send(start)
    await send({"type": "http.response.body", "body": b""})


async def _send_whole(line: _Line, file: Representation, found: os.stat_result, body: bool) -> None:
    start = _start(file.described, 200, found.st_size)
    if body:
        await _send_all(line, file, found, start)
    else:
        await line.send(start)
        await line.send({"type": "http.response.body", "body": b""})


async def _send_range(line: _Line, file: Representation, found: os.stat_result, one: ByteRange) -> None:
    size, length = found.st_size, len(one)
    start = _start(file.described, 206, length, (b"content-range", one.content_range(size).encode()))
    if length == size:  # players ask for `bytes=0-`: all of it, by another name
        await _send_all(line, file, found, start)
    else:
        await _send_read(line, file.path, found, start, one)


async def _send_all(line: _Line, file: Representation, found: os.stat_result, start: dict[str, Any]) -> None:
    if line.path_send and found.st_size:
        await line.send(start)
        await line.send({"type": "http.response.pathsend", "path": file.path})
    else:
        await _send_read(line, file.path, found, start, ByteRange(0, found.st_size))


async def _send_read(line: _Line, path: str, found: os.stat_result, start: dict[str, Any], one: ByteRange) -> None:
    length = len(one)
    if length <= _MESSAGE:
        body = await open_file(path, found).piece(one.start, length)
        await line.send(start)
        await line.send({"type": "http.response.body", "body": body})
        return
    with closing(OpenFile(path, found.st_size)) as file:
        first = await file.piece(one.start, _PIECE)
        await line.send(start)
        await line.send({"type": "http.response.body", "body": first, "more_body": True})
        async with watch(line.receive) as gone:
            for position in range(one.start + _PIECE, one.stop, _PIECE):
                piece = await file.piece(position, min(_PIECE, one.stop - position))
                if gone():
                    return
                more = position + _PIECE < one.stop
                await line.send({"type": "http.response.body", "body": piece, "more_body": more})


@asynccontextmanager
async def watch(receive: Receive | None) -> AsyncIterator[Callable[[], bool]]:
    """Whether the client has gone, as the server tells it through `receive`."""
    if receive is None:
        yield lambda: False
        return

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    listening = asyncio.ensure_future(listen())
    try:
        yield listening.done
    finally:
        listening.cancel()
        await asyncio.wait([listening])
        listening.cancelled() or listening.exception()  # a server's own error is not ours to raise


async def _send_ranges(line: _Line, file: Representation, found: os.stat_result, ranges: tuple[ByteRange, ...]) -> None:
    size = found.st_size
    boundary = secrets.token_hex(16)
    heads = [
        f"\r\n--{boundary}\r\nContent-Type: {file.content_type}\r\n"
        f"Content-Range: {one.content_range(size)}\r\n\r\n".encode("latin-1")
        for one in ranges
    ]
    tail = f"\r\n--{boundary}--\r\n".encode()
    length = sum(map(len, heads)) + sum(map(len, ranges)) + len(tail)
    with closing(OpenFile(file.path, size)) as opened:
        described = (_typed(f"multipart/byteranges; boundary={boundary}"), *file.validators, *file.content)
        await line.send(_start(described, 206, length))
        async with watch(line.receive if length > _MESSAGE else None) as gone:
            gathered = bytearray()
            for head, one in zip(heads, ranges, strict=True):
                gathered += head
                for position in range(one.start, one.stop, _PIECE):
                    gathered += await opened.piece(position, min(_PIECE, one.stop - position))
                    if gone():
                        return
                    if len(gathered) >= _MESSAGE - _PIECE:
                        await line.send({"type": "http.response.body", "body": gathered, "more_body": True})
                        gathered = bytearray()
            gathered += tail
            await line.send({"type": "http.response.body", "body": gathered, "more_body": False})
