"""One open WebSocket: a reader, a writer and a bounded queue between the live hub and the wire."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from litestar import WebSocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from antiphon.domains.identity.api import STANDING_TOPIC, Actor, VerifiedToken
from antiphon.entry.realtime.messages import (
    Auth,
    CloseCode,
    EventEncoder,
    FromClient,
    Ping,
    Pong,
    Subscribe,
    Unsubscribe,
    decode,
    encode,
)
from antiphon.kit.clock import Clock
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, out
from antiphon.kit.live import LiveHub, LiveMessage
from antiphon.kit.logs import get_logger

__all__ = ["Connection", "Limits", "MayWatch", "Socket", "Surroundings", "Who"]

log = get_logger(__name__)
Socket: TypeAlias = WebSocket[Any, Any, State]
MayWatch: TypeAlias = Callable[[Actor, str], Awaitable[bool]]
Who: TypeAlias = Callable[[Auth, Socket], Awaitable[VerifiedToken | None]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one connection. Times are in seconds, `message_bytes` bounds what a client may send at once."""

    auth_within_s: float = 10
    heartbeat_s: float = 25
    close_within_s: float = 5
    queued: int = 256
    topics: int = 200
    message_bytes: int = 16 * 1024
    bad_messages: int = 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all connections of a process share. `who` decides whom an `auth` message speaks for."""

    hub: LiveHub
    who: Who
    clock: Clock
    may_watch: MayWatch
    limits: Limits
    encoded: EventEncoder


class Connection:
    """Lives from the accepted handshake to the close; `run` returns when it is over."""

    def __init__(self, around: Surroundings, socket: Socket) -> None:
        self._around = around
        self._limits = around.limits
        self._socket = socket
        self._actor: Actor | None = None
        self._topics: set[str] = set()
        self._outbox: deque[str] = deque()
        self._wake = asyncio.Event()
        self._farewell: tuple[int, str] | None = None
        self._cut = asyncio.Event()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._bad_messages = 0
        self._key: Auth | None = None
        self._key_asked_in_s: float | None = None
        self._doubt = asyncio.Event()

    async def run(self) -> None:
        self._after("auth", self._limits.auth_within_s, CloseCode.NOT_SIGNED_IN, "no auth message came in time")
        tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._recheck(), self._cut.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            for topic in self._topics:
                self._around.hub.unwatch(topic, self._receive)
            self._around.hub.unwatch(STANDING_TOPIC, self._hear_of_owner)
            for timer in self._timers.values():
                timer.cancel()
        broken = [r for r in results if isinstance(r, Exception) and not isinstance(r, WebSocketDisconnect)]
        if broken:
            log.error("live connection broke", exc_info=broken[0])
            self._farewell = (CloseCode.BROKEN, "something went wrong")
        if self._farewell is not None:
            await self._say_farewell(*self._farewell)

    def end(self, code: int, reason: str) -> None:
        """Close after what is queued was sent; a client that does not take it in time is cut off."""
        if self._farewell is None:
            self._farewell = (code, reason)
            self._wake.set()
            loop = asyncio.get_running_loop()
            self._timers["close"] = loop.call_later(self._limits.close_within_s, self._cut.set)

    def _receive(self, message: LiveMessage) -> None:
        """From the hub: never blocks."""
        if message.event == "signed_out" and message.topic == self._own_topic():
            assert self._actor is not None
            session_id = self._actor.session_id
            if session_id is not None and message.data.get("session_id") == out(Kind.SIGN_IN, session_id):
                self._send(self._around.encoded(message))
                self.end(CloseCode.SIGNED_OUT, "signed out")
            return
        if message.topic == self._own_topic() and self._is_scoped():
            return
        self._send(self._around.encoded(message))

    def _is_scoped(self) -> bool:
        """What is told on one's own topic guards the account, and no scope reaches that."""
        return self._actor is not None and self._actor.scopes is not None

    def _hear_of_owner(self, message: LiveMessage) -> None:
        if self._actor is not None and message.data.get("user_id") == out(Kind.USER, self._actor.user_id):
            self._doubt.set()

    async def _recheck(self) -> None:
        """An API key has no session that could be ended: it is asked for again when something became of its owner's
        keys or of its owner, and now and then, for what was not heard.
        """
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._key_asked_in_s):
                    await self._doubt.wait()
            self._doubt.clear()
            if self._key is not None and await self._around.who(self._key, self._socket) is None:
                self.end(CloseCode.SIGNED_OUT, "the API key does not hold any more")
                self._key = self._key_asked_in_s = None

    def _send(self, text: str) -> None:
        if self._farewell is not None:
            return
        if len(self._outbox) >= self._limits.queued:
            self._outbox.clear()
            self._farewell = (CloseCode.TOO_SLOW, "messages were not taken fast enough")
            self._cut.set()
            return
        self._outbox.append(text)
        self._wake.set()

    async def _write(self) -> None:
        while True:
            while self._outbox:
                await self._socket.send_text(self._outbox.popleft())
            if self._farewell is not None:
                return
            self._wake.clear()
            try:
                async with asyncio.timeout(self._limits.heartbeat_s):
                    await self._wake.wait()
            except TimeoutError:
                self._outbox.append(encode("ping"))

    async def _say_farewell(self, code: int, reason: str) -> None:
        """Only when nobody receives any more: Granian does not send the close frame while a receive is pending."""
        try:
            async with asyncio.timeout(self._limits.close_within_s):
                await self._socket.close(code, reason)
        except (TimeoutError, WebSocketDisconnect, OSError, RuntimeError):
            log.debug("live connection was gone before its close")

    async def _read(self) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            if self._farewell is not None:
                continue
            text = event.get("text")
            if not isinstance(text, str):
                self.end(CloseCode.NOT_TEXT, "only text messages are understood")
            elif len(text) > self._limits.message_bytes or len(text.encode()) > self._limits.message_bytes:
                self.end(CloseCode.TOO_BIG, "the message is too big")
            else:
                await self._heard(decode(text))

    async def _heard(self, message: FromClient | None) -> None:
        if isinstance(message, Auth):
            self._sign_in(message, await self._around.who(message, self._socket))
        elif self._actor is None:
            self.end(CloseCode.NOT_SIGNED_IN, "the first message must be auth")
        elif isinstance(message, Subscribe):
            await self._subscribe(self._actor, message.topic)
        elif isinstance(message, Unsubscribe):
            self._unsubscribe(message.topic)
        elif isinstance(message, Ping):
            self._send(encode("pong"))
        elif not isinstance(message, Pong):
            self._bad_messages += 1
            self._send(encode("error", code="bad_message"))
            if self._bad_messages >= self._limits.bad_messages:
                self.end(CloseCode.BAD_MESSAGES, "too many messages were not understood")

    def _sign_in(self, auth: Auth, token: VerifiedToken | None) -> None:
        if token is None or (self._actor is not None and not _same_hands(self._actor, token.actor)):
            self.end(CloseCode.NOT_SIGNED_IN, "the access token is not valid")
            return
        self._actor = token.actor
        for name in ("auth", "expiry"):
            if timer := self._timers.pop(name, None):
                timer.cancel()
        left = (token.expires_at - self._around.clock.now()).total_seconds()
        if token.actor.session_id is None:
            self._key, self._key_asked_in_s = auth, left
            self._around.hub.watch(STANDING_TOPIC, self._hear_of_owner)
            self._doubt.set()  # from now on there is something to ask again for
        else:
            self._after("expiry", left, CloseCode.NOT_SIGNED_IN, "the access token ran out")
        self._watch(self._own_topic())
        self._send(encode("ready", user_id=out(Kind.USER, token.actor.user_id)))

    async def _subscribe(self, actor: Actor, topic: str) -> None:
        held = topic in self._topics and not (topic == self._own_topic() and self._is_scoped())
        code = None if held else await self._refusal(actor, topic)
        if code is None:
            self._watch(topic)
            self._send(encode("subscribed", topic=topic))
        else:
            self._send(encode("refused", topic=topic, code=code))

    async def _refusal(self, actor: Actor, topic: str) -> str | None:
        """Why the topic cannot be watched, as a code; None where it can."""
        if len(self._topics) >= self._limits.topics:
            return "too_many_topics"
        namespace, _, _ = topic.partition(":")
        if namespace == "user":
            return "forbidden"  # one's own is watched from the start
        if namespace not in ("content", "library"):
            return "unknown_topic"
        try:
            return None if await self._around.may_watch(actor, topic) else "forbidden"
        except AppError as error:
            return error.code

    def _unsubscribe(self, topic: str) -> None:
        if topic in self._topics and topic != self._own_topic():
            self._topics.discard(topic)
            self._around.hub.unwatch(topic, self._receive)
        self._send(encode("unsubscribed", topic=topic))

    def _watch(self, topic: str) -> None:
        self._topics.add(topic)
        self._around.hub.watch(topic, self._receive)

    def _own_topic(self) -> str:
        assert self._actor is not None
        return f"user:{out(Kind.USER, self._actor.user_id)}"

    def _after(self, name: str, seconds: float, code: int, reason: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[name] = loop.call_later(max(0.0, seconds), self.end, code, reason)


def _same_hands(before: Actor, after: Actor) -> bool:
    """A connection keeps its topics, so whoever signs in to it again must be the same, and may do the same."""
    return (before.user_id, before.scopes, before.session_id is None) == (
        after.user_id,
        after.scopes,
        after.session_id is None,
    )
