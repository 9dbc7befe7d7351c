"""Bytes that leave under a signature: renditions, and pictures whose name is their content."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from antiphon.domains.identity.api import IdentityTools, checked_download
from antiphon.domains.media import api as media_api
from antiphon.domains.media.api import LinkRefused, MediaTools, blob_key, picture_key
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.bytes import Representation, answer, represented
from antiphon.entry.http.problems import problem_body
from antiphon.entry.http.segments import send_segment
from antiphon.entry.http.sounds import send_sound
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database
from antiphon.kit.errors import AppError, NotFound
from antiphon.kit.proxies import TrustedProxies, client_address

__all__ = ["file_app"]

_AUDIO = re.compile(r"^/audio/[a-z0-9_]{1,40}/[a-z0-9_]{1,40}/[a-z0-9_]{1,20}\.(mp4|mp3)$")
_IMAGE = re.compile(r"^/images/[a-z0-9_]{1,40}/[a-z]{1,20}/[0-9]{1,5}/([0-9a-f]{64})\.webp$")
_ARCHIVE = re.compile(r"^/exports/([a-z0-9_]{1,40})/([\w.-]{1,60}\.zip)$", re.ASCII)
_SOUND = re.compile(r"^/sounds/([a-z0-9_]{1,40})/([a-z0-9_]{1,20})\.[a-z0-9+]{1,10}$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_TYPES = {"mp4": "audio/mp4", "mp3": "audio/mpeg"}
IMMUTABLE = "public, max-age=31536000, immutable"
CORS = (("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
EXPOSED = (("Access-Control-Expose-Headers", "Content-Range, Content-Length, Accept-Ranges, ETag, X-Content-Duration"),)


class _Blob(msgspec.Struct, frozen=True):
    """What lies under a key; `file` describes it where it lies on this machine. A link to it holds until `end`, in
    seconds since 1970."""

    key: str
    file: Representation | None
    end: int = 0


def file_app(
    media: MediaTools, identity: IdentityTools, clock: Clock, db: Database, proxies: TrustedProxies
) -> ASGIApp:
    """`/audio`, `/sounds`, `/segments`, `/images`, `/exports`, as a raw application: no request, no dependency."""
    rendition, image = _known(_rendition, media), _known(_image, media)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        try:
            if path.startswith("/audio/"):
                found = rendition(scope["raw_path"], scope["query_string"])
                media.links.hold(found.end)
                await _send(media, scope, receive, send, found)
            elif path.startswith("/images/"):
                await _send(media, scope, receive, send, image(scope["raw_path"], b""))
            elif path.startswith("/sounds/"):
                await _sound(media, db, proxies, scope, receive, send)
            elif path.startswith("/segments/"):
                await send_segment(media, db, _address(scope, proxies), scope, receive, send, CORS + EXPOSED)
            else:
                await _export(media, identity, clock, scope, receive, send)
        except AppError as error:
            await _refuse(scope, send, error)

    return app


def _known(find: Callable[[MediaTools, str, bytes], _Blob], media: MediaTools) -> Callable[[bytes, bytes], _Blob]:
    """Players ask for one file piece by piece, all under one link: what it says is settled once."""

    @lru_cache(1024)
    def found(raw_path: bytes, query: bytes) -> _Blob:
        return find(media, _path_in(raw_path), query)

    return found


def _path_in(raw_path: bytes) -> str:
    return raw_path.decode("latin-1").partition("?")[0]


@lru_cache(1024)
def _signed(query: bytes) -> tuple[str, str, str, str]:
    """Version, end, signature, listener of a link, as they stand there: none of their letters is written otherwise."""
    found = {"v": "", "e": "", "s": "", "l": ""}
    for pair in reversed(query.decode("latin-1").split("&")):
        name, _, value = pair.partition("=")
        if name in found:
            found[name] = value
    return found["v"], found["e"], found["s"], found["l"]


def _rendition(media: MediaTools, path: str, query: bytes) -> _Blob:
    """Raises NotFound, LinkRefused; not for a link that has ended."""
    match = _AUDIO.match(path)
    if match is None:
        raise NotFound()
    sha256, expires, signature, _ = _signed(query)
    if not _SHA256.match(sha256):
        raise LinkRefused()
    end = media.links.end_of(path, sha256, expires, signature)
    return _blob(media, blob_key(sha256), sha256, _TYPES[match[1]], "public, max-age=21600", end=end)


def _image(media: MediaTools, path: str, _query: bytes) -> _Blob:
    match = _IMAGE.match(path)
    if match is None:
        raise NotFound()
    return _blob(media, picture_key(match[1]), match[1], "image/webp", IMMUTABLE)


def _address(scope: Scope, proxies: TrustedProxies) -> str:
    """Guests are told apart by where they ask from."""
    return client_address((scope.get("client") or ("",))[0], scope["headers"], proxies)


async def _sound(
    media: MediaTools, db: Database, proxies: TrustedProxies, scope: Scope, receive: Receive, send: Send
) -> None:
    """A track's original, or a file made on demand."""
    path = _path_in(scope["raw_path"])
    match = _SOUND.match(path)
    if match is None:
        raise NotFound()
    version, expires, signature, listener = _signed(scope["query_string"])
    media.links.check(path, version, expires, signature, listener)
    who = listener or _address(scope, proxies)
    async with db.system() as uow:  # the link is the permission
        original, made = await media_api.linked_original(uow.conn, match[1], match[2], version)
    sound = await media.transcoder.open(original, made, who, head=scope["method"] == "HEAD")
    cache = "public, max-age=21600"
    await send_sound(scope, receive, send, sound, cache_control=cache, extra_headers=CORS + EXPOSED)


async def _export(
    media: MediaTools, identity: IdentityTools, clock: Clock, scope: Scope, receive: Receive, send: Send
) -> None:
    """An archive of one person: under a signature, resumable, and never in a shared cache."""
    match = _ARCHIVE.match(_path_in(scope["raw_path"]))
    if match is None:
        raise NotFound()
    sha256, expires, signature, _ = _signed(scope["query_string"])
    key = checked_download(identity, clock, match[1], sha256, expires, signature)
    archive = _blob(media, key, sha256, "application/zip", "private, no-cache", headers=(), filename=match[2])
    await _send(media, scope, receive, send, archive)


def _blob(
    media: MediaTools,
    key: str,
    etag: str,
    kind: str,
    cache: str,
    *,
    headers: tuple[tuple[str, str], ...] = CORS + EXPOSED,
    filename: str | None = None,
    end: int = 0,
) -> _Blob:
    path = media.objects.path(key)
    if path is None:
        return _Blob(key, None, end)
    return _Blob(key, represented(str(path), etag, kind, cache, None, filename, headers), end)


async def _send(media: MediaTools, scope: Scope, receive: Receive, send: Send, blob: _Blob) -> None:
    if blob.file is not None:
        try:
            await answer(scope, send, blob.file, receive=receive)
        except FileNotFoundError as error:
            raise NotFound() from error
        return
    url = await media.objects.redirect_url(blob.key, 3600)
    if url is None:
        raise NotFound()
    leads = [(b"location", url.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": leads})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(scope: Scope, send: Send, error: AppError) -> None:
    body = msgspec.json.encode(problem_body(error.code, error.title, error.status, error.detail))
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in (*CORS, *error.headers.items())),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
