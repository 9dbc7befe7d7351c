"""The HTTP application: routes of the domains, who is asking, errors, the document of it all."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from random import getrandbits
from types import MappingProxyType
from typing import Any

from litestar import Litestar, Request, Response, Router, websocket
from litestar.config.cors import CORSConfig
from litestar.routes import HTTPRoute

from antiphon.adapters.objects import origins_of
from antiphon.domains.catalog import routes as catalog
from antiphon.domains.discovery import routes as discovery
from antiphon.domains.identity import routes as identity
from antiphon.domains.integrations import routes as integrations
from antiphon.domains.live import routes as live_radio
from antiphon.domains.media import routes as media
from antiphon.domains.notifications import routes as notifications
from antiphon.domains.playback import routes as playback
from antiphon.domains.social import routes as social
from antiphon.entry.bootstrap import House
from antiphon.entry.http import health
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.bytes import ACCEL
from antiphon.entry.http.client import CLIENT_FOLDER, client_app
from antiphon.entry.http.document import document_config, openapi_json
from antiphon.entry.http.files import file_app
from antiphon.entry.http.lifespan import live
from antiphon.entry.http.limits import FIELDS
from antiphon.entry.http.problems import HANDLERS
from antiphon.entry.http.serving import DEPENDENCIES, SERVING, Serving, serving
from antiphon.entry.http.shared import SHARE_PATHS, share_app
from antiphon.entry.http.short import with_short_ways
from antiphon.entry.realtime.asgi import Socket, serve
from antiphon.kit.logs import REQUEST_ID, get_logger
from antiphon.kit.metrics import HTTP_TIMES
from antiphon.kit.proxies import comes_through

__all__ = ["create_api", "create_app"]

log = get_logger(__name__)
API_BODY_MAX = 1024 * 1024
API_PATHS = ("/api/", "/.well-known/", "/health/", "/metrics", "/ws")
FILE_PATHS = ("/audio/", "/sounds/", "/segments/", "/images/", "/exports/")
UPLOADS = "/api/v1/uploads/"
TUS_REQUEST_HEADERS = ["Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset", "Upload-Checksum"]
LIMIT_RESPONSE_HEADERS = ["RateLimit", "RateLimit-Policy", "Retry-After"]
RESPONSE_HEADERS = ["ETag", "Location", "Content-Location", "X-Request-Id", *LIMIT_RESPONSE_HEADERS]
_INERT = ((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),)
_DATA = frozenset({b"application/json", b"application/problem+json"})
TUS_RESPONSE_HEADERS = ["Tus-Resumable", "Tus-Version", "Upload-Offset", "Upload-Length", "Upload-Expires"]


def create_app(
    house: House,
    *,
    client: Path = CLIENT_FOLDER,
    others: Mapping[str, ASGIApp] = MappingProxyType({}),
    early: bool = False,
) -> ASGIApp:
    """One process's application: files and pages go their short way, everything else is Litestar's.

    `others` answer what lies under their paths, such as `/rest/`, with the same request ids and measurements.
    The house is started and closed with its lifespan.
    """
    here = Serving(house, early=early)
    routed = with_short_ways(create_api(house.settings.cors_origins), serving)
    files = file_app(house.media, house.identity, house.clock, house.db, house.edge.proxies)
    pages = client_app(client, origins_of(house.settings))
    shared = share_app(house, pages)
    elsewhere = tuple(others)
    accel, proxies = house.settings.accel_prefix, house.edge.proxies

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if accel is not None and comes_through(scope.get("client"), proxies):
            scope[ACCEL] = accel
        if scope["type"] == "lifespan":
            await live(here.running(), receive, send)
            HTTP_TIMES.tell()
        elif scope["type"] != "http" or path.startswith(API_PATHS):
            scope = _as_meant(scope)
            scope[SERVING] = here
            await routed(scope, receive, send)
        elif path.startswith(FILE_PATHS):
            await files(scope, receive, send)
        elif path.startswith(elsewhere):
            await others[next(prefix for prefix in elsewhere if path.startswith(prefix))](scope, receive, send)
        elif path.startswith(SHARE_PATHS):
            await shared(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return _observe(front)


def _as_meant(scope: Scope) -> Scope:
    """tus 1.0: a client behind a proxy that knows only GET and POST names the method in a header."""
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(UPLOADS):
        return scope
    meant = dict(scope["headers"]).get(b"x-http-method-override", b"").decode("latin-1").upper()
    return {**scope, "method": meant} if meant in {"PATCH", "DELETE", "HEAD"} else scope


@lru_cache(8)
def create_api(cors_origins: str | None = None) -> Litestar:
    """The part with routes, and the OpenAPI document of them.

    Made once a process, whatever the number of houses: which of them is asked, the routes find in the scope.
    """
    api = Router(
        "/api/v1",
        before_request=_admit,
        route_handlers=[
            openapi_json,
            *identity.handlers,
            *discovery.handlers,
            *catalog.handlers,
            *media.handlers,
            *playback.handlers,
            *social.handlers,
            *live_radio.handlers,
            *integrations.handlers,
            *notifications.handlers,
        ],
    )
    handlers: list[Any] = [api, *health.handlers, *identity.well_known, live_events]
    made = Litestar(
        route_handlers=handlers,
        dependencies=DEPENDENCIES,
        exception_handlers=HANDLERS,
        after_request=_finish,
        after_exception=[_explain],
        cors_config=_cors(cors_origins),
        openapi_config=document_config(version("antiphon")),
        request_max_body_size=API_BODY_MAX,
        logging_config=None,
    )
    _one_by_one(made)
    _all_admitted(made)
    return made


def _all_admitted(api: Litestar) -> None:
    """A route with something of its own to do before requests would let everybody in. Raises RuntimeError."""
    for route in api.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.resolve_before_request() not in (None, _admit):
                    raise RuntimeError(f"{route.path} admits everybody")


def _one_by_one(api: Litestar) -> None:
    """What routes depend on is looked up one after the other: nothing of it waits, and a task for each of several is a
    fifth of what a small request costs."""
    for route in api.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [{one} for batch in model.dependency_batches for one in batch]


async def _admit(request: Request[Any, Any, Any]) -> None:
    """Before anything of the request is read. No guard of Litestar's, which copies the route for each request."""
    await serving(request.scope).doorkeeper.admit(request, request.route_handler)


async def _explain(error: Exception, scope: Scope) -> None:
    await serving(scope).doorkeeper.explain(error, scope)


@websocket("/ws")
async def live_events(socket: Socket) -> None:
    await serve(serving(socket.scope).gateway, socket)


def _cors(named: str | None) -> CORSConfig | None:
    """None: pages of other sites may not call the API. Files and manifests are open to players anywhere."""
    origins = [origin.strip() for origin in (named or "").split(",") if origin.strip()]
    if not origins:
        return None
    return CORSConfig(
        allow_origins=origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        allow_headers=[
            "Authorization",
            "X-API-Key",
            "Antiphon-Device",
            "Content-Type",
            "If-Match",
            "Idempotency-Key",
            *TUS_REQUEST_HEADERS,
        ],
        expose_headers=[*RESPONSE_HEADERS, *TUS_RESPONSE_HEADERS],
        max_age=600,
    )


async def _finish(response: Response[Any]) -> Response[Any]:
    headers = response.headers
    if "cache-control" not in {name.lower() for name in headers}:
        headers["Cache-Control"] = "private, no-cache"
    headers["X-Content-Type-Options"] = "nosniff"
    return response


def _policy(sent: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
    """What answers with data has nothing to load, run or be framed for, should a browser ever take it for a page."""
    for name, value in sent:
        if name == b"content-type":
            if value.partition(b";")[0] not in _DATA:
                return ()
            break
    return () if any(name == b"content-security-policy" for name, _ in sent) else _INERT


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """As somebody before us named it, where that is a name; else a new one."""
    for name, value in headers:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if 0 < len(given) <= 64 and given.isascii() and given.isprintable():
                return given
    return f"{getrandbits(128):032x}"  # a name, no secret; `secrets` asks the system each time


def _observe(app: ASGIApp) -> ASGIApp:
    """Request ids in and out, one measurement and, where somebody reads them, one log line for each request."""
    logged = log.is_enabled_for(logging.DEBUG)

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request_id = _request_id(scope["headers"])
        started, status = time.perf_counter(), 500
        limits: list[tuple[bytes, bytes]] = []
        scope[FIELDS] = limits

        def named(message: Any) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                sent = message["headers"]
                message["headers"] = [*sent, (b"x-request-id", request_id.encode()), *limits, *_policy(sent)]
            return send(message)

        token = REQUEST_ID.set(request_id)
        try:
            await app(scope, receive, named)
        finally:
            seconds, method = time.perf_counter() - started, scope["method"]
            HTTP_TIMES.add(method, scope.get("path_template") or "other", status, seconds)
            if logged:
                log.debug("request", method=method, path=scope["path"], status=status, seconds=round(seconds, 4))
            REQUEST_ID.reset(token)

    return middleware
