"""`/1/submit-listens` and `/1/validate-token` as ListenBrainz answers them; the token is an API key."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import Actor, BadAppCredentials, app_sign_in, can
from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.limits import Limiter
from antiphon.entry.listenbrainz.messages import Submission, named, told_by
from antiphon.kit.clients import listen_from
from antiphon.kit.cost import costs
from antiphon.kit.errors import AppError
from antiphon.kit.logs import get_logger
from antiphon.kit.proxies import client_address

__all__ = ["PATHS", "listenbrainz_app"]

log = get_logger(__name__)
PATHS = "/1/"
BODY_MAX = 10 * 1024 * 1024
_READ, _WRITE, _SIGN_IN = costs("read"), costs("write"), costs("sign_in")
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"private, no-cache"),
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-headers", b"Authorization, Content-Type"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
)
Said = dict[str, Any]


class _Refused(Exception):
    def __init__(self, status: int, error: str) -> None:
        self.status = status
        self.said: Said = {"code": status, "error": error}
        super().__init__(error)


def listenbrainz_app(house: House) -> ASGIApp:
    return _Face(house).answer


class _Face:
    def __init__(self, house: House) -> None:
        self._house = house
        self._limiter = Limiter(house.edge.limits, house.edge.costs)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"][len(PATHS) :].strip("/")
        scope["path_template"] = f"{PATHS}{name if name in ('submit-listens', 'validate-token') else '{method}'}"
        status = 200
        more: tuple[tuple[bytes, bytes], ...] = ()
        try:
            said = await self._ask(scope["method"], name, scope, receive)
        except _Refused as refused:
            status, said = refused.status, refused.said
        except AppError as error:
            status, said = error.status, {"code": error.status, "error": error.detail}
            more = tuple((key.lower().encode(), text.encode()) for key, text in error.headers.items())
        except Exception as error:
            log.exception("listenbrainz call failed", method=name, error=type(error).__name__)
            status, said = 500, {"code": 500, "error": "Something went wrong here. It is in our logs."}
        body = msgspec.json.encode(said)
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, length, *more]})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _ask(self, method: str, name: str, scope: Scope, receive: Receive) -> Said:
        if method == "OPTIONS":
            return {}
        if name == "validate-token" and method in ("GET", "HEAD"):
            return await self._validate(scope)
        if name == "submit-listens" and method == "POST":
            return await self._submit(scope, receive)
        raise _Refused(404, "There is no such method here.")

    async def _validate(self, scope: Scope) -> Said:
        try:
            actor = await self._actor(scope, _READ)
        except _Refused as refused:
            if refused.status != 401:
                raise
            return {"code": 200, "message": "Token invalid.", "valid": False}
        async with self._house.db.glance(actor.user_id) as conn:
            names = await identity.names_shown(conn, [actor.user_id], actor.user_id)
        handle = names[actor.user_id].handle
        return {"code": 200, "message": "Token valid.", "valid": True, "user_name": handle}

    async def _actor(self, scope: Scope, cost: dict[str, str]) -> Actor:
        """Who is refused has asked, and that counts too."""
        peer = scope.get("client") or (None,)
        address = client_address(peer[0], scope["headers"], self._house.edge.proxies)
        listen_from(self._house.edge.whereabouts(scope, self._house.db.clock))
        headers = dict(scope["headers"])
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() not in ("token", "bearer") or not token.strip():
            raise _Refused(400 if cost is _READ else 401, "You need to provide an Authorization header.")
        try:
            actor = await app_sign_in(self._house.db, self._house.identity, user=None, api_key=token.strip())
        except BadAppCredentials as error:
            await self._limiter.count(scope, _SIGN_IN, address, None)
            raise _Refused(401, "Invalid authorization token.") from error
        await self._limiter.count(scope, cost, address, f"user {actor.user_id}")
        return actor

    async def _submit(self, scope: Scope, receive: Receive) -> Said:
        """Listens to what is not here are taken, as ListenBrainz would, and lead to nothing."""
        actor = await self._actor(scope, _WRITE)
        if not can(actor, "content.listen").allowed:
            raise _Refused(403, "This key may not tell of listens.")
        try:
            told = msgspec.json.decode(await _body(receive), type=Submission)
        except msgspec.MsgspecError as error:
            raise _Refused(400, f"This is not a submission: {error}") from error
        if told.flaw():
            raise _Refused(400, told.flaw())
        async with self._house.db.unit(actor.user_id) as uow:
            tracks = await catalog.tracks_named(uow.conn, [named(listen) for listen in told.payload])
            if told.listen_type == "playing_now":
                if tracks[0] is not None:
                    await playback.play_now(uow, actor.user_id, tracks[0], told_by(told.payload[0]))
                return {"status": "ok"}
        await self._count(actor.user_id, told, tracks)
        return {"status": "ok"}

    async def _count(self, user_id: UUID, told: Submission, tracks: list[UUID | None]) -> None:
        by_app: dict[str, list[tuple[UUID, datetime | None]]] = defaultdict(list)
        for listen, track in zip(told.payload, tracks, strict=True):
            if track is not None:
                by_app[told_by(listen)].append((track, listen.at))
        for app, listens in by_app.items():
            await self._house.listens.scrobble(user_id, listens, app)


async def _body(receive: Receive) -> bytes:
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Refused(400, "The submission broke off.")
        piece = message.get("body", b"")
        size += len(piece)
        if size > BODY_MAX:
            raise _Refused(413, "This is too much at once.")
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)
