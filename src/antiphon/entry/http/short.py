"""The short way of the few routes that players ask all the time: their own handlers, without the framework around them.

A route that is `often()` asked is answered here when it is asked plainly: by JSON of a known length that is what it
takes. Whatever else comes goes on to Litestar, body and all, so that malformed requests are judged in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.problems import send_problem
from antiphon.entry.http.serving import KNOWN, Serving
from antiphon.kit.cost import is_asked_often

__all__ = ["with_short_ways"]

BODY_MAX: Final = 64 * 1024
_ACTOR: Final = "actor"


@dataclass(frozen=True, slots=True)
class _Way:
    handler: HTTPRouteHandler
    path: str
    body: msgspec.json.Decoder[Any]
    given: tuple[tuple[str, Callable[[Serving], Any]], ...]
    asks_who: bool

    async def answer(self, here: Serving, scope: Scope, data: Any, send: Send) -> None:
        """Refused and failed as everywhere: once admitted, nothing is left to Litestar."""
        scope["path_template"] = self.path
        door = here.doorkeeper
        asked = _Asked(scope)
        try:
            await door.admit(asked, self.handler)
            given = {name: find(here) for name, find in self.given}
            if self.asks_who:
                given[_ACTOR] = door.actor(asked)
            said = msgspec.json.encode(await self.handler.fn(data=data, **given))
        except Exception as error:
            await door.explain(error, scope)
            await send_problem(scope, send, error)
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"private, no-cache"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-length", b"%d" % len(said)),
        ]
        await send({"type": "http.response.start", "status": self.handler.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": said})


@dataclass
class _Asked:
    """What the doorkeeper looks at. The first of repeated fields counts, as everywhere."""

    scope: Scope

    @cached_property
    def headers(self) -> Mapping[str, str]:
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(self.scope["headers"])}

    @cached_property
    def cookies(self) -> dict[str, str]:
        return ASGIConnection[Any, Any, Any, Any](self.scope).cookies


def with_short_ways(api: Litestar, find: Callable[[Scope], Serving]) -> ASGIApp:
    """The same application, quicker for some of its routes. What pages of other sites ask stays with its own CORS."""
    ways = dict(_ways(api))
    foreign = api.cors_config is not None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        way = ways.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if way is None or not _is_plain(scope, foreign):
            await api(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        try:
            data = way.body.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            await api(scope, _again(body, receive), send)
            return
        await way.answer(find(scope), scope, data, send)

    return app


def _ways(api: Litestar) -> list[tuple[tuple[str, str], _Way]]:
    """Raises KeyError where a route that is often asked takes something else than a body and what is known."""
    found = []
    for route in api.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if is_asked_often(handler.opt):
                taken = dict(handler.parsed_fn_signature.parameters)
                body = msgspec.json.Decoder(taken.pop("data").annotation)
                asks_who = taken.pop(_ACTOR, None) is not None
                given = tuple((name, KNOWN[name]) for name in taken)
                found.append(((str(method), route.path), _Way(handler, route.path, body, given, asks_who)))
    return found


def _is_plain(scope: Scope, foreign: bool) -> bool:
    length, kind = -1, b""
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() else -1
        elif name == b"content-type":
            kind = value
        elif foreign and name == b"origin":
            return False
    return 0 < length <= BODY_MAX and kind == b"application/json"


async def _read(receive: Receive) -> bytes | None:
    """None where the client has gone. No longer than was said: that is the server's to see to."""
    message = await receive()
    if message["type"] != "http.request":
        return None
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    pieces = [body]
    while message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
    return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    """As if nobody had read it yet."""
    told = False

    async def again() -> Any:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
