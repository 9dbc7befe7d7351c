"""Segments under a signature: what is there leaves as a file, what is not is made first; a raw ASGI responder."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

from antiphon.domains.media import api as media_api
from antiphon.domains.media.api import MediaTools
from antiphon.entry.http.asgi_types import Receive, Scope, Send
from antiphon.entry.http.bytes import send_file
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound

__all__ = ["send_segment"]

_CACHE = "public, max-age=21600"


async def send_segment(
    media: MediaTools,
    db: Database,
    address: str,
    scope: Scope,
    receive: Receive,
    send: Send,
    headers: Iterable[tuple[str, str]],
) -> None:
    """The link is the permission; `address` tells guests apart.

    Raises NotFound, LinkRefused, OriginalMissing, TooManyTranscodes, MediaRejected.
    """
    asked = media_api.asked_of(scope["raw_path"].decode("latin-1").partition("?")[0])
    query = parse_qs(scope["query_string"].decode("latin-1"))
    version, expires, signature, listener = (query.get(name, [""])[0] for name in ("v", "e", "s", "l"))
    media.links.check(asked.folder, version, expires, signature, listener)
    async with db.system() as uow:
        original, grid = await media_api.linked_grid(uow.conn, asked, version)
    found = await media_api.open_segment(media, original, grid, asked.number, listener or address)
    if isinstance(found, bytes):
        await _small(scope, send, found, headers)
        return
    try:
        await send_file(
            scope,
            send,
            path=found.path,
            etag=found.etag,
            content_type=found.mime,
            cache_control=_CACHE,
            extra_headers=headers,
            receive=receive,
        )
    except FileNotFoundError as error:  # it made room for others in this very moment
        raise NotFound() from error


async def _small(scope: Scope, send: Send, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
    told = [
        ("content-type", media_api.SEGMENT_MIME),
        ("content-length", str(len(body))),
        ("cache-control", _CACHE),
        *headers,
    ]
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told]
    await send({"type": "http.response.start", "status": 200, "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
