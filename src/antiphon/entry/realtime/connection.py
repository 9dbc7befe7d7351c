"""One open WebSocket, whatever carries it: who speaks, what they hear, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import msgspec
from litestar.datastructures import Headers

from antiphon.domains.identity.api import Actor, VerifiedToken
from antiphon.entry.realtime.attendance import Attendance
from antiphon.entry.realtime.channel import Channel
from antiphon.entry.realtime.messages import (
    PING,
    Auth,
    CloseCode,
    Frame,
    FromClient,
    Guest,
    Ping,
    Pong,
    Present,
    Subscribe,
    Unsubscribe,
    decode,
    frame,
    offered,
    pong,
)
from antiphon.entry.realtime.rules import Rules
from antiphon.entry.realtime.switchboard import Switchboard
from antiphon.kit import metrics
from antiphon.kit.clock import Clock
from antiphon.kit.ids import Kind, out
from antiphon.kit.logs import get_logger
from antiphon.kit.topics import Cursor
from antiphon.kit.watching import Watch

__all__ = ["Connection", "Handshake", "Limits", "Surroundings", "Who", "Wire"]

log = get_logger(__name__)


class Handshake(Protocol):
    """The request that opened a connection."""

    @property
    def headers(self) -> Headers: ...

    @property
    def cookies(self) -> dict[str, str]: ...


Who: TypeAlias = Callable[[Auth, Handshake], Awaitable[VerifiedToken | None]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one connection, and `connections` of a process. Times are in seconds.

    `waiting_bytes` bounds what a client has yet to take, `message_bytes` what it may send at once. A client of which
    nothing is heard for `silent_s` is taken for gone.
    """

    auth_within_s: float = 10
    heartbeat_s: float = 25
    silent_s: float = 60
    close_within_s: float = 5
    waiting_bytes: int = 256 * 1024
    topics: int = 200
    message_bytes: int = 16 * 1024
    presence_bytes: int = 1024
    bad_messages: int = 20
    guest_asked_every_s: float = 60
    connections: int = 20_000

    @property
    def tick_s(self) -> float:
        return min(1.0, min(self.auth_within_s, self.heartbeat_s, self.silent_s, self.close_within_s) / 4)


class Wire(Protocol):
    """What carries one connection. `waiting`: the bytes that the client has yet to take."""

    @property
    def waiting(self) -> int: ...

    def send(self, message: Frame) -> None:
        """Never blocks."""
        ...

    def close(self, code: int, reason: str, *, hurry: bool = False) -> None:
        """After what was sent, or, in a hurry, without what can be left out."""
        ...

    def cut(self) -> None:
        """At once, whatever the client took."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all connections of a process share. `who` decides whom an `auth` message speaks for; `came` hears of it.
    `guests`: whether people without an account hear anything here at all."""

    switchboard: Switchboard
    attendance: Attendance
    rules: Rules
    who: Who
    came: Callable[[Connection], None]
    clock: Clock
    limits: Limits
    guests: bool


class Connection:
    """Lives from the accepted handshake until `gone`. `heard` is called for one message after the other."""

    __slots__ = (
        "_around",
        "_asking",
        "_bad_messages",
        "_doubted",
        "_ends_at",
        "_handshake",
        "_heard_at",
        "_key",
        "_said_at",
        "_watched",
        "_wire",
        "actor",
        "ending",
        "guest",
        "over",
    )

    def __init__(self, around: Surroundings, wire: Wire, handshake: Handshake, now: float) -> None:
        """`now` is a moment of the event loop's clock, as everywhere here."""
        self._around = around
        self._wire = wire
        self._handshake = handshake
        self.actor: Actor | None = None
        self.guest: Guest | None = None
        self.ending = False
        self.over = False
        self._watched: dict[str, Channel] = {}
        self._doubted: dict[Channel, int] | None = None
        self._asking: set[asyncio.Task[None]] | None = None
        self._ends_at = now + around.limits.auth_within_s
        self._key: Auth | None = None
        self._said_at = self._heard_at = now
        self._bad_messages = 0

    async def opened(self) -> None:
        """A handshake with a ticket has said who it is; to be called before anything is heard."""
        _, ticket = offered(self._handshake.headers.get("sec-websocket-protocol", ""))
        if ticket is not None:
            await self._sign_in(Auth(ticket=ticket))

    async def heard(self, text: str | bytes | None) -> None:
        """One message of the client; None for one that is not text."""
        self.alive()
        if self.ending:
            return
        if text is None:
            self.end(CloseCode.NOT_TEXT, "only text messages are understood")
        elif len(text) > self._around.limits.message_bytes or _bytes_of(text) > self._around.limits.message_bytes:
            self.end(CloseCode.TOO_BIG, "the message is too big")
        else:
            await self._act_on(decode(text))

    def alive(self) -> None:
        """Something was heard of the client."""
        self._heard_at = asyncio.get_running_loop().time()

    def send(self, message: Frame) -> None:
        """From a channel: never blocks. Who does not take what was sent is let go before it fills the memory."""
        if self.ending:
            return
        if self._wire.waiting + len(message.body) > self._around.limits.waiting_bytes:
            metrics.LIVE_DROPPED.labels("too_slow").inc()
            self.end(CloseCode.TOO_SLOW, "messages were not taken fast enough", hurry=True)
            return
        self._wire.send(message)

    def doubt(self, channel: Channel, heard: int) -> None:
        self._doubted = self._doubted or {}
        asked = channel in self._doubted
        self._doubted.setdefault(channel, heard)
        if not asked:
            self._beside(self._ask_again(channel))

    def end(self, code: int, reason: str, *, hurry: bool = False) -> None:
        """Close after what was sent; a client that does not take it in time is cut off."""
        if not self.ending:
            self.ending = True
            self._ends_at = asyncio.get_running_loop().time() + self._around.limits.close_within_s
            self._leave_all()
            self._wire.close(code, reason, hurry=hurry)

    def gone(self) -> None:
        """The wire is no more."""
        self.ending = self.over = True
        self._leave_all()
        for task in self._asking or ():
            task.cancel()

    def tick(self, now: float) -> None:
        """Now and then, for all that has its time."""
        limits = self._around.limits
        if now >= self._ends_at:
            self._time_is_over(now)
        elif not self.ending and now - self._heard_at >= limits.silent_s:
            metrics.LIVE_DROPPED.labels("silent").inc()
            self.end(CloseCode.SILENT, "nothing was heard for too long")
        elif not self.ending and now - self._said_at >= limits.heartbeat_s:
            self._said_at = now
            self.send(PING)

    def _time_is_over(self, now: float) -> None:
        if self.ending:
            self._wire.cut()
        elif self.guest is not None:
            self._ends_at = now + self._around.limits.guest_asked_every_s
            self._doubt_all()
        elif self.actor is None:
            self.end(CloseCode.NOT_SIGNED_IN, "no auth message came in time")
        elif self._key is None:
            self.end(CloseCode.NOT_SIGNED_IN, "the access token ran out")
        else:
            self._ends_at = now + self._around.limits.auth_within_s
            self.look_at_key()

    def look_at_key(self) -> None:
        """An API key has no session that could be ended: it is shown again when something became of its owner's keys
        or of its owner, and now and then, for what was not heard.
        """
        if self._key is not None and not self.ending:
            self._beside(self._show_key(self._key))

    async def _show_key(self, key: Auth) -> None:
        token = await self._around.who(key, self._handshake)
        if token is None:
            self.end(CloseCode.SIGNED_OUT, "the API key does not hold any more")
        elif not self.ending:
            self._ends_at = asyncio.get_running_loop().time() + self._left_s(token)

    def _beside(self, work: Any) -> None:
        """Beside what the client says; its end is the end of the connection too."""
        self._asking = self._asking or set()
        task = asyncio.create_task(work)
        self._asking.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        if self._asking is not None:
            self._asking.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broke(task.exception())

    def broke(self, error: BaseException | None) -> None:
        log.error("live connection broke", exc_info=error)
        self.end(CloseCode.BROKEN, "something went wrong")

    async def _act_on(self, message: FromClient | None) -> None:
        if isinstance(message, Auth):
            await self._sign_in(message)
        elif self.actor is None and self.guest is None:
            self.end(CloseCode.NOT_SIGNED_IN, "the first message must be auth")
        elif isinstance(message, Subscribe):
            await self._subscribe(message)
        elif isinstance(message, Unsubscribe):
            self._forget(message.topic)
            self.send(frame("unsubscribed", topic=message.topic))
        elif isinstance(message, Present):
            self._present(message)
        elif isinstance(message, Ping):
            self.send(pong(message, self._around.clock.now()))
        elif not isinstance(message, Pong):
            self._bad_messages += 1
            self.send(frame("error", code="bad_message"))
            if self._bad_messages >= self._around.limits.bad_messages:
                self.end(CloseCode.BAD_MESSAGES, "too many messages were not understood")

    async def _sign_in(self, auth: Auth) -> None:
        if auth.guest is not None or self.guest is not None:
            await self._admit(auth.guest)
            return
        token = await self._around.who(auth, self._handshake)
        before = self.actor
        if token is None or (before is not None and not _same_hands(before, token.actor)):
            self.end(CloseCode.NOT_SIGNED_IN, "the access token is not valid")
            return
        self.actor = token.actor
        self._around.came(self)
        self._key = auth if token.actor.session_id is None else None
        self._ends_at = asyncio.get_running_loop().time() + self._left_s(token)
        self.send(
            frame(
                "ready", user_id=out(Kind.USER, token.actor.user_id), heartbeat_s=round(self._around.limits.heartbeat_s)
            )
        )
        if before is not None and before.roles != token.actor.roles:
            self._doubt_all()

    async def _admit(self, guest: Guest | None) -> None:
        """Whoever is somebody here stays so, and a guest stays the same one."""
        fresh = self.actor is None and self.guest in (None, guest)
        if guest is None or not fresh or not self._around.guests:
            self.end(CloseCode.NOT_SIGNED_IN, "guests hear nothing here")
        elif await self._around.rules.admit(guest, guest.topic) is not None:
            self.end(CloseCode.NOT_SIGNED_IN, "the guest's key is not valid")
        elif not self.ending:
            self.guest = guest
            limits = self._around.limits
            self._ends_at = asyncio.get_running_loop().time() + limits.guest_asked_every_s
            self.send(frame("ready", user_id=None, heartbeat_s=round(limits.heartbeat_s)))

    def _doubt_all(self) -> None:
        for channel in tuple(self._watched.values()):
            channel.listeners.discard(self)
            self.doubt(channel, channel.position)

    def _left_s(self, token: VerifiedToken) -> float:
        return max(0.0, (token.expires_at - self._around.clock.now()).total_seconds())

    async def _subscribe(self, message: Subscribe) -> None:
        topic = message.topic
        self._forget(topic)  # again, from another place
        code = None if self._around.rules.know(topic) else "unknown_topic"
        if len(self._watched) >= self._around.limits.topics:
            code = "too_many_topics"
        if code is not None:
            self.send(frame("refused", topic=topic, code=code))
            return
        channel = await self._around.switchboard.enter(topic)
        try:
            cursor = None if message.cursor is None else Cursor.parse(message.cursor)
            if cursor is not None and channel.is_behind(cursor):
                await self._around.switchboard.load(channel)
            code = await self._refusal(channel)
            # Nothing is waited for from here on: what comes now is heard, and so is a change of rights.
            if code is not None:
                self.send(frame("refused", topic=topic, code=code))
            elif not self.ending:
                self._watched[topic] = channel
                self._begin(channel, message.cursor, cursor)
        finally:
            if self._watched.get(topic) is not channel:
                self._around.switchboard.leave(channel)

    def _begin(self, channel: Channel, shown: str | None, cursor: Cursor | None) -> None:
        """From here on the client hears; what it missed comes first."""
        missed = channel.resume(cursor) if cursor is not None else None
        goes_on = missed is not None
        self.send(frame("subscribed", topic=channel.topic, cursor=shown if goes_on else channel.cursor))
        for message in missed or ():
            self.send(message)
        if shown is not None and not goes_on:
            self.send(frame("reset", topic=channel.topic, cursor=channel.cursor))
        if not self.ending:
            channel.listeners.add(self)

    def _present(self, message: Present) -> None:
        topic, attendance, actor = message.topic, self._around.attendance, self.actor
        if actor is None or topic not in self._watched or not self._around.rules.show_presence(topic):
            self.send(frame("error", code="no_presence", topic=topic))
        elif message.data is None:
            attendance.withdraw(self, topic)
        elif len(msgspec.json.encode(message.data)) > self._around.limits.presence_bytes:
            self.send(frame("error", code="too_much_presence", topic=topic))
        else:
            attendance.show(self, topic, out(Kind.USER, actor.user_id), message.data)

    async def _refusal(self, channel: Channel) -> str | None:
        if self.guest is not None:
            return await self._refusal_of_guest(self.guest, channel)
        assert self.actor is not None
        return await self._refusal_of(self.actor, channel)

    async def _refusal_of_guest(self, guest: Guest, channel: Channel) -> str | None:
        """As of those who are somebody; but what holds for everybody holds for no guest."""
        while True:
            doubts = channel.doubts
            code = await self._around.rules.admit(guest, channel.topic)
            if channel.doubts == doubts:
                return code

    async def _refusal_of(self, actor: Actor, channel: Channel) -> str | None:
        """Asked until nothing changed meanwhile, so that a change that is heard while asking is not missed.

        After a restart everybody comes at once: where everybody may watch, the first one's answer is that of all.
        """
        while not channel.open:
            if channel.question is not None:
                await channel.question.wait()
                continue
            doubts, question = channel.doubts, None
            if not channel.personal:
                question = channel.question = asyncio.Event()
            try:
                found = await self._around.rules.ask(actor, channel.topic)
            finally:
                if question is not None:
                    channel.question = None
                    question.set()
            if channel.doubts == doubts:
                channel.open, channel.personal = found is Watch.EVERYBODY, found is not Watch.EVERYBODY
                return found if isinstance(found, str) else None
        return None

    async def _ask_again(self, channel: Channel) -> None:
        refusal = await self._refusal(channel)
        heard = None if self._doubted is None else self._doubted.pop(channel, None)
        if heard is None or self.ending:
            return  # it was let go meanwhile
        if refusal is not None:
            self._forget(channel.topic)
            self.send(frame("refused", topic=channel.topic, code=refusal))
            return
        missed = channel.since(heard)
        if missed is None:
            self.send(frame("reset", topic=channel.topic, cursor=channel.cursor))
        for message in missed or ():
            self.send(message)
        if not self.ending:
            channel.listeners.add(self)

    def _forget(self, topic: str) -> None:
        channel = self._watched.pop(topic, None)
        if channel is not None:
            channel.listeners.discard(self)
            self._around.attendance.withdraw(self, topic)
            if self._doubted is not None:
                self._doubted.pop(channel, None)
            self._around.switchboard.leave(channel)

    def _leave_all(self) -> None:
        for topic in tuple(self._watched):
            self._forget(topic)


def _bytes_of(text: str | bytes) -> int:
    return len(text.encode(errors="surrogatepass")) if isinstance(text, str) else len(text)


def _same_hands(before: Actor, after: Actor) -> bool:
    """A connection keeps its topics, so whoever signs in to it again must be the same, and may do the same."""
    return (before.user_id, before.scopes, before.session_id is None) == (
        after.user_id,
        after.scopes,
        after.session_id is None,
    )
