"""The HTTP application: routes of the domains, who is asking, errors, the document of it all."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
from litestar import Litestar, Response, Router
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from prometheus_client import Histogram

from antiphon.domains.catalog import api as catalog_api
from antiphon.domains.catalog import routes as catalog
from antiphon.domains.discovery import routes as discovery
from antiphon.domains.identity import routes as identity
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import routes as media
from antiphon.domains.notifications import routes as notifications
from antiphon.domains.playback import routes as playback
from antiphon.entry.bootstrap import House
from antiphon.entry.http import health
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.asking import Doorkeeper
from antiphon.entry.http.client import CLIENT_FOLDER, client_app
from antiphon.entry.http.document import document_config, openapi_json
from antiphon.entry.http.files import file_app
from antiphon.entry.http.limits import FIELDS
from antiphon.entry.http.problems import HANDLERS
from antiphon.entry.realtime import Gateway
from antiphon.entry.realtime.gateway import MayWatch
from antiphon.kit.coalesce import Coalesced
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, parse
from antiphon.kit.logs import get_logger
from antiphon.kit.metrics import HTTP_SECONDS

__all__ = ["create_app"]

log = get_logger(__name__)
API_BODY_MAX = 1024 * 1024
API_PATHS = ("/api/", "/.well-known/", "/health/", "/metrics", "/ws")
FILE_PATHS = ("/audio/", "/images/", "/exports/")
UPLOADS = "/api/v1/uploads/"
TUS_REQUEST_HEADERS = ["Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset", "Upload-Checksum"]
LIMIT_RESPONSE_HEADERS = ["RateLimit", "RateLimit-Policy", "Retry-After"]
RESPONSE_HEADERS = ["ETag", "Location", "Content-Location", "X-Request-Id", *LIMIT_RESPONSE_HEADERS]
TUS_RESPONSE_HEADERS = ["Tus-Resumable", "Tus-Version", "Upload-Offset", "Upload-Length", "Upload-Expires"]


def create_app(house: House, *, client: Path = CLIENT_FOLDER) -> ASGIApp:
    """One process's application: files and pages go their short way, everything else is Litestar's.

    The house is started and closed with its lifespan.
    """
    routed, files, pages = create_api(house), file_app(house.media, house.identity, house.clock), client_app(client)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(API_PATHS):
            await routed(_as_meant(scope), receive, send)
        elif path.startswith(FILE_PATHS):
            await files(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return _observe(front)


def _as_meant(scope: Scope) -> Scope:
    """tus 1.0: a client behind a proxy that knows only GET and POST names the method in a header."""
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(UPLOADS):
        return scope
    meant = dict(scope["headers"]).get(b"x-http-method-override", b"").decode("latin-1").upper()
    return {**scope, "method": meant} if meant in {"PATCH", "DELETE", "HEAD"} else scope


def create_api(house: House) -> Litestar:
    """The part with routes, and the OpenAPI document of them."""
    doorkeeper = Doorkeeper(house)
    api = Router(
        "/api/v1",
        guards=[doorkeeper.admit],
        route_handlers=[
            openapi_json,
            *identity.handlers,
            *discovery.handlers,
            *catalog.handlers,
            *media.handlers,
            *playback.handlers,
            *notifications.handlers,
        ],
    )
    gateway = Gateway(house.hub, doorkeeper.of_socket, house.clock, _may_watch(house))
    handlers: list[Any] = [api, *health.handlers, *identity.well_known, gateway.handler()]
    return Litestar(
        route_handlers=handlers,
        dependencies=_dependencies(house, doorkeeper),
        exception_handlers=HANDLERS,
        lifespan=[lambda _app: _live_in(house, gateway)],
        after_request=_finish,
        after_exception=[doorkeeper.explain],
        cors_config=_cors(house),
        openapi_config=document_config(house.version),
        request_max_body_size=API_BODY_MAX,
        logging_config=None,
    )


@asynccontextmanager
async def _live_in(house: House, gateway: Gateway) -> AsyncIterator[None]:
    async with house.running():
        try:
            yield
        finally:
            gateway.close()


def _cors(house: House) -> CORSConfig | None:
    """None: pages of other sites may not call the API. Files and manifests are open to players anywhere."""
    origins = [origin.strip() for origin in (house.settings.cors_origins or "").split(",") if origin.strip()]
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


def _may_watch(house: House) -> MayWatch:
    async def may_watch(actor: Actor, topic: str) -> bool:
        try:
            track = parse(Kind.TRACK, topic.removeprefix("content:"))
        except NotFound:
            return False
        async with house.db.seen_by(actor.user_id) as conn:
            return await catalog_api.may_watch(conn, track, actor.user_id)

    return may_watch


def _dependencies(house: House, doorkeeper: Doorkeeper) -> dict[str, Provide]:
    def known(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False, use_cache=True)

    return {
        "house": known(house),
        "db": known(house.db),
        "clock": known(house.clock),
        "settings": known(house.settings),
        "secrets": known(house.secrets),
        "media": known(house.media),
        "letters": known(house.letters),
        "identity": known(house.identity),
        "front_pages": known(Coalesced[catalog_api.Discovery]()),
        "actor": Provide(doorkeeper.actor, sync_to_thread=False),
        "signed_in": Provide(doorkeeper.signed_in, sync_to_thread=False),
        "client": Provide(doorkeeper.client, sync_to_thread=False),
    }


async def _finish(response: Response[Any]) -> Response[Any]:
    headers = response.headers
    if "cache-control" not in {name.lower() for name in headers}:
        headers["Cache-Control"] = "private, no-cache"
    headers["X-Content-Type-Options"] = "nosniff"
    return response


@lru_cache(1024)
def _seconds(method: str, route: str, status: int) -> Histogram:
    return HTTP_SECONDS.labels(method, route, str(status))


def _observe(app: ASGIApp) -> ASGIApp:
    """Request ids in and out, one log line and one measurement for each request."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if 0 < len(given) <= 64 and given.isascii() and given.isprintable() else token_hex(16)
        started, status = time.perf_counter(), 500
        limits: list[tuple[bytes, bytes]] = []
        scope[FIELDS] = limits

        async def named(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode()), *limits]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await app(scope, receive, named)
            finally:
                seconds = time.perf_counter() - started
                route = str(scope.get("path_template") or "other")
                _seconds(scope["method"], route, status).observe(seconds)
                log.debug(
                    "request", method=scope["method"], path=scope["path"], status=status, seconds=round(seconds, 4)
                )

    return middleware
