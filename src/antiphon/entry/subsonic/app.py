"""`/rest/*` as one raw application: no route, no dependency, no model between the socket and an endpoint."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from antiphon.domains.catalog.api.lately import Lately
from antiphon.domains.catalog.api.walking import Places
from antiphon.domains.identity.api import Actor, can
from antiphon.entry.bootstrap import House
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.limits import Limiter
from antiphon.entry.subsonic.call import Call, Ways
from antiphon.entry.subsonic.endpoints import ENDPOINTS
from antiphon.entry.subsonic.failures import DENIED, GENERIC, Failed, failure_of
from antiphon.entry.subsonic.indexes import Indexes
from antiphon.entry.subsonic.params import Params
from antiphon.entry.subsonic.plain import as_before, wants_plain
from antiphon.entry.subsonic.registry import Answer, Endpoint, Paged
from antiphon.entry.subsonic.render import CONTENT_TYPES, Form, Renderer, form_of
from antiphon.entry.subsonic.signing_in import sign_in
from antiphon.kit.clients import listen_from
from antiphon.kit.cost import costs
from antiphon.kit.errors import AppError
from antiphon.kit.logs import get_logger
from antiphon.kit.proxies import client_address
from antiphon.kit.remembered import Remembered, with_rights

__all__ = ["PATHS", "subsonic_app"]

log = get_logger(__name__)
PATHS = "/rest/"
HEARD_AGAIN_S = 30.0  # players ask for one song piece by piece
BODY_MAX = 2 * 1024 * 1024
_FORM = b"application/x-www-form-urlencoded"
_METHODS = b"GET, HEAD, POST, OPTIONS"
_SIGN_IN = costs("sign_in")
# Players in browsers are pages of other sites; nothing here is let in by a cookie, so all of them may ask.
CORS = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Ranges, Content-Length, Content-Range, Content-Type, ETag, Last-Modified, Retry-After, "
        b"X-Content-Duration, X-Request-Id, X-Total-Count",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", _METHODS),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Range, If-Range, If-None-Match, X-Requested-With"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)


def subsonic_app(house: House) -> ASGIApp:
    return _Door(house).answer


class _Door:
    def __init__(self, house: House) -> None:
        self._house = house
        self._limiter = Limiter(house.edge.limits, house.edge.costs)
        self._renderer = Renderer(house.version)
        self._places = Places()
        self._ways: Remembered[Ways] = Remembered(house.clock, for_s=HEARD_AGAIN_S, at_most=5_000)
        with_rights(house.hub, self._ways.forget)
        self._indexes = Indexes()
        self._lately = Lately(house.clock)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*CORS, *_PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return
        name = scope["path"][len(PATHS) :].removesuffix(".view")
        found = ENDPOINTS.get(name)
        scope["path_template"] = f"{PATHS}{name if found else '{method}'}"
        body = await _body(receive) if method == "POST" else b""
        params, left = _params(scope, body)
        form: Form = "json" if params.text("f") in ("json", "jsonp") else "xml"
        callback, status = "", 200
        headers: tuple[tuple[bytes, bytes], ...] = ()
        try:
            form, callback = form_of(params.text("f"), params.text("callback"))
            if found is None:
                raise Failed(GENERIC, f"There is no method {name[:100]!r}.")
            answered = await self._ask(found, scope, params, left)
            if callable(answered):
                await answered(_read_only(scope), receive, _open(send))
                return
            if isinstance(answered, Paged):
                headers = ((b"x-total-count", str(answered.total).encode()),)
            if wants_plain(params.text("c")):
                answered = as_before(answered)
            said = self._renderer.answer(answered, form, callback)
        except Failed as failed:
            said = self._renderer.failure(failed, form, callback)
        except AppError as error:
            said = self._renderer.failure(failure_of(error), form, callback)
            if error.status in (429, 503):
                status = error.status
                headers = tuple((key.lower().encode(), text.encode()) for key, text in error.headers.items())
        except Exception as error:
            log.exception("subsonic call failed", method=name, error=type(error).__name__)
            said = self._renderer.failure(
                Failed(GENERIC, "Something went wrong here. It is in our logs."), form, callback
            )
        await _say(send, said, form, status, headers, method != "HEAD")

    async def _ask(self, found: Endpoint, scope: Scope, params: Params, left: bytes) -> Answer:
        """Who is refused has asked, and that counts too."""
        peer = scope.get("client") or (None,)
        address = client_address(peer[0], scope["headers"], self._house.edge.proxies)
        listen_from(self._house.edge.whereabouts(scope, self._house.db.clock))
        actor: Actor | None = None
        if not found.public:
            try:
                actor = await sign_in(self._house, params)
            except Failed:
                await self._limiter.count(scope, _SIGN_IN, address, None)
                raise
        await self._limiter.count(scope, found.opt, address, f"user {actor.user_id}" if actor else None)
        if not can(actor, found.permission).allowed:
            raise Failed(DENIED, "You may not do this.")
        app = (params.text("c") or "")[:200]
        kept = (self._places, self._ways, self._indexes, self._lately)
        return await found.handler(Call(self._house, scope, params, actor, app, *kept, left))


def _params(scope: Scope, body: bytes) -> tuple[Params, bytes]:
    """Of the query and of a posted form; what was posted and is none is left over."""
    query = scope["query_string"].decode("latin-1")
    if not body:
        return Params(query), b""
    said = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if said.partition(b";")[0].strip().lower() in (b"", _FORM):
        return Params(query, body.decode("utf-8", "replace")), b""
    return Params(query), body


async def _body(receive: Receive) -> bytes:
    """Empty where it is longer than any form has reason to be."""
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        piece = message.get("body", b"")
        size += len(piece)
        if size <= BODY_MAX:
            pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces) if size <= BODY_MAX else b""


def _read_only(scope: Scope) -> Scope:
    """What was posted asks for the same bytes."""
    return scope if scope["method"] in ("GET", "HEAD") else {**scope, "method": "GET"}


def _open(send: Send) -> Send:
    """Bytes leave with the same permission for pages of other sites."""

    def sending(message: Any) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *CORS]
        return send(message)

    return sending


async def _say(
    send: Send, said: bytes, form: Form, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bool
) -> None:
    described = [
        (b"content-type", CONTENT_TYPES[form]),
        (b"content-length", str(len(said)).encode()),
        (b"cache-control", b"private, no-cache"),
        (b"x-content-type-options", b"nosniff"),
        *CORS,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": described})
    await send({"type": "http.response.body", "body": said if body else b""})
