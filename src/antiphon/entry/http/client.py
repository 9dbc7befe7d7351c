"""The built web client: hashed assets for ever, pages never, compressed as it was at build time."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path

import msgspec

from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.problems import problem_body

__all__ = ["CLIENT_FOLDER", "client_app"]

CLIENT_FOLDER = Path(__file__).parent / "client"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NO_PAGES = ("/assets/",)
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self' ws: wss:; font-src 'self'; worker-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", CSP.encode()),
]


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def _load(folder: Path) -> dict[tuple[str, str], _File]:
    """The whole client in memory: a few megabytes, and no disk in the way of a page."""
    files: dict[tuple[str, str], _File] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".br", ".gz", ".map"}:
            continue
        name = "/" + path.relative_to(folder).as_posix()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix == ".webmanifest":
            kind = "application/manifest+json"
        if kind.startswith("text/") or kind == "application/javascript":
            kind += "; charset=utf-8"
        cache = b"public, max-age=31536000, immutable" if name.startswith("/assets/") else b"no-cache"
        for encoding, suffix in (("", ""), *_ENCODINGS):
            stored = path.with_name(path.name + suffix)
            if not stored.exists():
                continue
            body = stored.read_bytes()
            headers = [
                (b"content-type", kind.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", cache),
                (b"vary", b"accept-encoding"),
                *_SAFE,
            ]
            if encoding:
                headers.append((b"content-encoding", encoding.encode()))
            files[name, encoding] = _File(body, tuple(headers))
    return files


def client_app(folder: Path) -> ASGIApp:
    """Any path that is no file of the client and no part of the API is a page of the client."""
    files = _load(folder)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        name = path if (path, "") in files else "/index.html"
        if name == "/index.html" and (path.startswith(_NO_PAGES) or (name, "") not in files):
            detail = "There is nothing under this address."
            if not files:
                detail = "The web client is not built; `make run` builds it."
            await _answer(scope, send, 404, msgspec.json.encode(problem_body("not_found", "Not found", 404, detail)))
            return
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        encoding = next((e for e, _ in _ENCODINGS if e in accepted and (name, e) in files), "")
        file = files[name, encoding]
        await send({"type": "http.response.start", "status": 200, "headers": list(file.headers)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else file.body})

    return app


async def _answer(scope: Scope, send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode()), *_SAFE]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
