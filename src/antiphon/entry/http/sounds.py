"""Answers with what a player hears, whole or while it is made; a raw ASGI responder.

Nothing is promised that may not be kept: of a file that still grows neither length nor ranges are known, and players
are told how long it sounds instead.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Final

from antiphon.domains.media.api import Elsewhere, GrowingFile, Sound, WholeFile
from antiphon.entry.http.asgi_types import Receive, Scope, Send
from antiphon.entry.http.bytes import send_file, watch
from antiphon.kit.errors import NotFound

__all__ = ["send_sound"]

_PADDING: Final = 64 * 1024


async def send_sound(
    scope: Scope,
    receive: Receive,
    send: Send,
    sound: Sound,
    *,
    cache_control: str,
    extra_headers: Iterable[tuple[str, str]] = (),
    filename: str | None = None,
    estimate: bool = False,
) -> None:
    """Answer one GET or HEAD request. `estimate`: a file that still grows gets a length, and what is missing in the end
    is filled with zeros, which players skip; only for clients that ask for it. Raises NotFound."""
    if isinstance(sound, WholeFile):
        try:
            await send_file(
                scope,
                send,
                path=sound.path,
                etag=sound.etag,
                content_type=sound.mime,
                cache_control=cache_control,
                last_modified=sound.modified,
                filename=filename,
                extra_headers=extra_headers,
                receive=receive,
            )
        except FileNotFoundError as error:
            raise NotFound() from error
    elif isinstance(sound, Elsewhere):
        leads = [(b"location", sound.url.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 307, "headers": leads})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    else:
        await _growing(receive, send, sound, extra_headers, estimate=estimate)


async def _growing(
    receive: Receive, send: Send, sound: GrowingFile, extra_headers: Iterable[tuple[str, str]], *, estimate: bool
) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in extra_headers]
    headers += [
        (b"content-type", sound.mime.encode()),
        (b"accept-ranges", b"none"),
        (b"cache-control", b"no-store"),  # the same address soon answers with length and ranges
    ]
    if sound.duration_ms is not None:
        headers.append((b"x-content-duration", f"{sound.duration_ms / 1000:.3f}".encode()))
    length = sound.about_bytes if estimate else None
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if sound.pieces is not None:
        made = sound.pieces() if length is None else _of_length(sound.pieces(), length)
        async with aclosing(made) as pieces, watch(receive) as gone:
            async for piece in pieces:
                if gone():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _of_length(made: AsyncGenerator[bytes, None], length: int) -> AsyncGenerator[bytes, None]:
    left = length
    async with aclosing(made) as pieces:
        async for piece in pieces:
            if left:
                yield piece[:left]
            left = max(0, left - len(piece))
    while left:
        yield bytes(min(left, _PADDING))
        left -= min(left, _PADDING)
