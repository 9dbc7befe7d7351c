"""The built web client: hashed assets for ever, pages never, compressed as it was at build time."""

from __future__ import annotations

import mimetypes
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from secrets import token_urlsafe

import msgspec

from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.problems import problem_body

__all__ = ["CLIENT_FOLDER", "NONCE_PLACEHOLDER", "PAGE_WORDS", "PageWords", "client_app", "page_policy"]

CLIENT_FOLDER = Path(__file__).parent / "client"
NONCE_PLACEHOLDER = "NONCE-OF-THE-ANSWER"
"""Stands in the built page where the nonce goes; vite.config.ts puts it there."""
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NO_PAGES = ("/assets/",)
_PAGE = "/index.html"
_END_OF_HEAD = b"</head>"
_WORKER = "/sw.js"
_INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
_POWERS = (
    "autoplay=(self), fullscreen=(self), picture-in-picture=(self), screen-wake-lock=(self), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), accelerometer=(), camera=(), "
    "display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "serial=(), usb=(), xr-spatial-tracking=()"
)
_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


PAGE_WORDS = "antiphon.page_words"
"""Where in the scope a page finds what is said in its head."""


def page_policy(nonce: str, ancestors: str = "'none'", outside: str = "") -> str:
    """What a page may do. Scripts run by their nonce or because such a script fetched them; none is written inline.

    Where the browser knows Trusted Types, no text becomes a script either: `web/src/shared/lib/trusted.ts` is the one
    place that may say otherwise. Sound may come from elsewhere: internet radio does, and runs nothing. `outside`: the
    origins that stored bytes come from besides ours.
    """
    stored = f" {outside}" if outside else ""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
        f"style-src-attr 'none'; img-src 'self' data: blob:{stored}; media-src 'self' blob: http: https:; "
        f"connect-src 'self'{stored}; "
        "font-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; object-src 'none'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}; require-trusted-types-for 'script'; "
        "trusted-types antiphon"
    )


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What one page says in its head, ready as HTML.

    Such a page may sit in a frame of another site: nobody is signed in there, as cookies stay away.
    """

    head: bytes


@dataclass(frozen=True, slots=True)
class _Page:
    """The one page, in the pieces between which the nonce of each answer goes."""

    pieces: tuple[bytes, ...]
    outside: str = ""

    def answer(self, accepted: str, words: PageWords | None = None) -> _File:
        nonce = token_urlsafe(18)
        body = nonce.encode().join(self.pieces)
        if words is not None:
            body = body.replace(_END_OF_HEAD, words.head + _END_OF_HEAD, 1)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-cache"),
            (b"vary", b"accept-encoding"),
            (b"content-security-policy", page_policy(nonce, "*" if words else "'none'", self.outside).encode()),
            (b"permissions-policy", _POWERS.encode()),
            (b"cross-origin-opener-policy", b"same-origin"),
            *_SAFE,
        ]
        if "gzip" in accepted:
            packer = zlib.compressobj(level=1, wbits=31)
            body = packer.compress(body) + packer.flush()
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        return _File(body, tuple(headers))


def _load(folder: Path) -> dict[tuple[str, str], _File]:
    """The whole client but its page, in memory: a few megabytes, and no disk in the way."""
    files: dict[tuple[str, str], _File] = {}
    for path in sorted(folder.rglob("*")):
        name = "/" + path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix in {".br", ".gz", ".map"} or name == _PAGE:
            continue
        for encoding, suffix in (("", ""), *_ENCODINGS):
            stored = path.with_name(path.name + suffix)
            if stored.exists():
                body = stored.read_bytes()
                files[name, encoding] = _File(body, tuple(_headers(name, encoding, len(body))))
    return files


def _headers(name: str, encoding: str, length: int) -> list[tuple[bytes, bytes]]:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".webmanifest"):
        kind = "application/manifest+json"
    if kind.startswith("text/") or kind == "application/javascript":
        kind += "; charset=utf-8"
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(length).encode()),
        (b"cache-control", b"public, max-age=31536000, immutable" if name.startswith("/assets/") else b"no-cache"),
        (b"vary", b"accept-encoding"),
        (b"content-security-policy", (_WORKER_POLICY if name == _WORKER else _INERT).encode()),
        *_SAFE,
    ]
    if encoding:
        headers.append((b"content-encoding", encoding.encode()))
    return headers


@lru_cache(4)
def client_app(folder: Path, outside: str = "") -> ASGIApp:
    """Any path that is no file of the client and no part of the API is a page of the client.

    The folder is read once a process. `outside`: the origins that stored bytes come from besides ours.
    """
    files = _load(folder)
    built = folder / _PAGE[1:]
    pieces = tuple(built.read_bytes().split(NONCE_PLACEHOLDER.encode())) if built.is_file() else ()
    page = _Page(pieces, outside) if pieces else None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        if (path, "") in files:
            encoding = next((e for e, _ in _ENCODINGS if e in accepted and (path, e) in files), "")
            await _answer(scope, send, 200, files[path, encoding])
        elif page is not None and not path.startswith(_NO_PAGES):
            await _answer(scope, send, 200, page.answer(accepted, scope.get(PAGE_WORDS)))
        else:
            await _answer(scope, send, 404, _nothing(built=page is not None))

    return app


def _nothing(*, built: bool) -> _File:
    detail = "There is nothing under this address." if built else "The web client is not built; `make run` builds it."
    body = msgspec.json.encode(problem_body("not_found", "Not found", 404, detail))
    length = str(len(body)).encode()
    return _File(body, ((b"content-type", b"application/problem+json"), (b"content-length", length), *_SAFE))


async def _answer(scope: Scope, send: Send, status: int, file: _File) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(file.headers)})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else file.body})
