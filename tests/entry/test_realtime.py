"""`/ws` as a client sees it: who is let in, what they may watch, and when they are shown out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar, websocket

from antiphon.adapters.fanout.local_presence import LocalPresence
from antiphon.domains.identity import topics as identity_topics
from antiphon.domains.identity.api import STANDING_TOPIC, Actor, Standing, Tokens, VerifiedToken
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.entry.http.asgi_types import ASGIApp
from antiphon.entry.realtime import Gateway, Limits
from antiphon.entry.realtime.asgi import Socket, serve
from antiphon.entry.realtime.attendance import Attendance
from antiphon.entry.realtime.connection import Handshake, Who
from antiphon.entry.realtime.messages import Auth
from antiphon.entry.realtime.rules import Rules
from antiphon.entry.realtime.switchboard import Switchboard
from antiphon.kit import metrics
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound
from antiphon.kit.fanout import Hears
from antiphon.kit.ids import Kind, out
from antiphon.kit.live import LiveHub, LiveMessage
from antiphon.kit.topics import Said
from antiphon.kit.watching import TopicRule, Watch
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person

PATIENCE_S = 60.0  # until a hung test fails
ADA, EVE = UUID(int=0xADA), UUID(int=0xE7E)
OPEN_TRACK, DRAFT, GONE = (f"content:{out(Kind.TRACK, UUID(int=n))}" for n in (1, 2, 3))


def who(tokens: Tokens) -> Who:
    async def bearer(auth: Auth, _handshake: Handshake) -> VerifiedToken | None:
        return tokens.verify(auth.token or "")

    return bearer


class Closed(Exception):
    """The server closed the connection."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}")


class LiveClient:
    """The other end of one WebSocket, over ASGI. `stall` makes the wire stop taking what the server sends.

    As with Granian, a close is not sent while the server still receives.
    """

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._still = asyncio.Event()
        self._still.set()
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/ws",
            "raw_path": b"/ws",
            "query_string": b"",
            "root_path": "",
            "headers": list(headers),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "subprotocols": [],
            "state": {},
            "extensions": {},
        }
        self._to_server.put_nowait({"type": "websocket.connect"})
        self.served = asyncio.ensure_future(app(scope, self._give, self._take))

    async def _give(self) -> Any:
        self._still.clear()
        try:
            return await self._to_server.get()
        finally:
            self._still.set()

    async def _take(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            await self._still.wait()
        if message["type"] == "websocket.send":
            await self._flowing.wait()
        await self._from_server.put(message)

    def stall(self) -> None:
        self._flowing.clear()

    async def open(self) -> LiveClient:
        assert (await self._next())["type"] == "websocket.accept"
        return self

    def say(self, message: object) -> None:
        self.say_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": data})

    async def hear(self, within_s: float = PATIENCE_S) -> dict[str, Any]:
        message = await self._next(within_s)
        if message["type"] == "websocket.close":
            await asyncio.wait_for(self.served, PATIENCE_S)
            raise Closed(message["code"], message["reason"])
        heard: dict[str, Any] = json.loads(message["text"])
        return heard

    async def ask(self, message: object) -> dict[str, Any]:
        self.say(message)
        return await self.hear()

    async def hang_up(self) -> None:
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.served, PATIENCE_S)

    async def _next(self, within_s: float = PATIENCE_S) -> dict[str, Any]:
        return await asyncio.wait_for(self._from_server.get(), within_s)


async def may_watch(_db: Database, actor: Actor, name: str) -> Watch:
    topic = f"content:{name}"
    if topic == GONE:
        raise NotFound
    if topic == OPEN_TRACK:
        return Watch.EVERYBODY
    return Watch.YES if topic == DRAFT and actor.user_id == ADA else Watch.NO


class Aside:
    """Everything that a gateway stands on, on a database of its own; what is said is carried within the process."""

    may_lose = False

    def __init__(self, db: Database, tokens: Tokens, clock: FrozenClock) -> None:
        self.hub, self.clock, self._tokens = LiveHub(), clock, tokens
        self.db = Database(db.engine, db._glances, clock, db.jobs, hub=self.hub, fanout=self)
        self.rules = Rules(self.db, [*identity_topics.TOPICS, TopicRule("content:*", may_watch)])
        self._hears: list[Hears] = []
        self.gateways: list[Gateway] = []

    def attach(self, hears: Hears) -> None:
        self._hears.append(hears)

    async def within(self, conn: object, said: object) -> None: ...

    async def after(self, said: Sequence[Said]) -> None:
        for one in said:
            for hears in self._hears:
                hears.hear(one)

    async def run(self, stop: asyncio.Event) -> None: ...

    async def close(self) -> None: ...

    def gateway(self, limits: Limits | None = None) -> Gateway:
        board = Switchboard(self.db, self, self.clock)
        standing = Standing(self.hub, self.clock)
        there = Attendance(LocalPresence(self.db, self.hub))
        made = Gateway(self.hub, standing, board, there, self.rules, who(self._tokens), self.clock, limits)
        self.gateways.append(made)
        return made

    async def say(self, topic: str, event: str, data: dict[str, Any]) -> None:
        async with self.db.unit() as uow:
            uow.say(topic, event, data)

    def ended(self, user: UUID, session: UUID) -> None:
        data = {"user_id": out(Kind.USER, user), "session_id": out(Kind.SIGN_IN, session), "reason": "logout"}
        self.hub.deliver(LiveMessage(STANDING_TOPIC, "session_ended", data))


@pytest.fixture
def aside(db: Database, tokens: Tokens, clock: FrozenClock) -> Aside:
    return Aside(db, tokens, clock)


def alone(gateway: Gateway) -> Litestar:
    """An application that has nothing but `/ws`."""

    @websocket("/ws")
    async def live(socket: Socket) -> None:
        await serve(gateway, socket)

    return Litestar([live], openapi_config=None, logging_config=None)


Connect = Callable[..., Awaitable[LiveClient]]


@pytest.fixture
async def connect(aside: Aside) -> AsyncIterator[Connect]:
    clients: list[LiveClient] = []

    async def connect(limits: Limits | None = None) -> LiveClient:
        clients.append(await LiveClient(alone(aside.gateway(limits))).open())
        return clients[-1]

    yield connect
    for client in clients:
        await client.hang_up()


@pytest.fixture
def signed_in(connect: Connect, tokens: Tokens) -> Connect:
    async def signed_in(user: UUID = ADA, session: UUID | None = None, limits: Limits | None = None) -> LiveClient:
        client = await connect(limits)
        token = tokens.issue(user, session or uuid4(), frozenset({"fan"}))
        ready = await client.ask({"type": "auth", "token": token})
        assert (ready["type"], ready["user_id"]) == ("ready", out(Kind.USER, user))
        return client

    return signed_in


def user_topic_of(person: Person) -> str:
    return f"user:{person.id}"


def user_topic(user: UUID) -> str:
    return f"user:{out(Kind.USER, user)}"


async def refused_with(client: LiveClient) -> int:
    with pytest.raises(Closed) as closed:
        await client.hear()
    return closed.value.code


async def test_a_watched_topic_is_heard_until_it_is_let_go(
    signed_in: Connect, aside: Aside, clock: FrozenClock
) -> None:
    client = await signed_in()
    subscribed = await client.ask({"type": "subscribe", "topic": OPEN_TRACK})
    assert (subscribed["type"], subscribed["topic"]) == ("subscribed", OPEN_TRACK)
    await aside.say(OPEN_TRACK, "progress", {"percent": 40})
    event = await client.hear()
    assert event.pop("cursor").endswith(".1")
    assert event == {"type": "event", "topic": OPEN_TRACK, "event": "progress", "data": {"percent": 40}}
    unsubscribed = {"type": "unsubscribed", "topic": OPEN_TRACK}
    assert await client.ask({"type": "unsubscribe", "topic": OPEN_TRACK}) == unsubscribed
    await aside.say(OPEN_TRACK, "progress", {"percent": 41})
    assert await client.ask({"type": "ping"}) == {"type": "pong"}
    now = clock.now().timestamp() * 1000
    assert await client.ask({"type": "ping", "t": 12.5}) == {"type": "pong", "t": 12.5, "at": now}


async def test_subscribing_twice_is_hearing_once(signed_in: Connect, aside: Aside) -> None:
    client = await signed_in()
    for _ in range(2):
        assert (await client.ask({"type": "subscribe", "topic": OPEN_TRACK}))["type"] == "subscribed"
    await aside.say(OPEN_TRACK, "progress", {})
    assert (await client.hear())["type"] == "event"
    assert await client.ask({"type": "ping"}) == {"type": "pong"}


async def test_ones_own_topic_is_ones_own(signed_in: Connect, aside: Aside) -> None:
    client = await signed_in()
    assert (await client.ask({"type": "subscribe", "topic": user_topic(EVE)}))["code"] == "forbidden"
    assert (await client.ask({"type": "subscribe", "topic": user_topic(ADA)}))["type"] == "subscribed"
    await aside.say(user_topic(EVE), "notice", {"for": "eve"})
    await aside.say(user_topic(ADA), "notice", {"for": "ada"})
    assert (await client.hear())["data"] == {"for": "ada"}


@pytest.mark.parametrize(
    ("topic", "code"),
    [(DRAFT, "forbidden"), (GONE, "not_found"), ("weather:today", "unknown_topic"), ("content", "unknown_topic")],
)
async def test_topics_that_are_refused(signed_in: Connect, aside: Aside, topic: str, code: str) -> None:
    client = await signed_in(EVE)
    assert await client.ask({"type": "subscribe", "topic": topic}) == {"type": "refused", "topic": topic, "code": code}
    await aside.say(topic, "progress", {})
    assert await client.ask({"type": "ping"}) == {"type": "pong"}


async def test_a_draft_is_watched_by_who_may(signed_in: Connect) -> None:
    assert (await (await signed_in(ADA)).ask({"type": "subscribe", "topic": DRAFT}))["type"] == "subscribed"


async def test_there_is_an_end_to_topics(signed_in: Connect) -> None:
    client = await signed_in(limits=Limits(topics=1))
    await client.ask({"type": "subscribe", "topic": user_topic(ADA)})
    assert (await client.ask({"type": "subscribe", "topic": OPEN_TRACK}))["code"] == "too_many_topics"


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
async def test_a_token_that_is_none_is_shown_out(connect: Connect, token: str) -> None:
    client = await connect()
    client.say({"type": "auth", "token": token})
    assert await refused_with(client) == 4401


@pytest.mark.parametrize("first", [{"type": "subscribe", "topic": OPEN_TRACK}, {"type": "ping"}, {"type": "x"}, 7])
async def test_nothing_is_said_before_auth(connect: Connect, first: object) -> None:
    client = await connect()
    client.say(first)
    assert await refused_with(client) == 4401


async def test_who_stays_silent_is_shown_out(connect: Connect) -> None:
    assert await refused_with(await connect(Limits(auth_within_s=0.05))) == 4401


async def test_a_connection_ends_with_its_access_token(connect: Connect, tokens: Tokens, clock: FrozenClock) -> None:
    client = await connect()
    token = tokens.issue(ADA, uuid4(), frozenset())
    clock.move(timedelta(minutes=14, seconds=59, milliseconds=900))
    assert (await client.ask({"type": "auth", "token": token}))["type"] == "ready"
    assert await refused_with(client) == 4401


async def test_a_fresh_token_keeps_it_open_and_its_topics_too(
    connect: Connect, tokens: Tokens, clock: FrozenClock, aside: Aside
) -> None:
    client = await connect()
    session = uuid4()
    old = tokens.issue(ADA, session, frozenset())
    clock.move(timedelta(minutes=14, seconds=30))
    assert (await client.ask({"type": "auth", "token": old}))["type"] == "ready"
    await client.ask({"type": "subscribe", "topic": OPEN_TRACK})
    fresh = tokens.issue(ADA, session, frozenset())
    assert (await client.ask({"type": "auth", "token": fresh}))["type"] == "ready"
    (connection,) = aside.gateways[0]._connections
    connection.tick(asyncio.get_running_loop().time() + 40)  # by then the old one has run out
    assert await client.hear() == {"type": "ping"}
    await aside.say(OPEN_TRACK, "progress", {"percent": 1})
    assert (await client.hear())["data"] == {"percent": 1}


async def test_a_connection_never_changes_hands(signed_in: Connect, tokens: Tokens) -> None:
    client = await signed_in(ADA)
    client.say({"type": "auth", "token": tokens.issue(EVE, uuid4(), frozenset())})
    assert await refused_with(client) == 4401


async def test_signing_out_closes_the_connections_of_that_session_only(
    connect: Connect, aside: Aside, tokens: Tokens
) -> None:
    here, there = uuid4(), uuid4()
    app = alone(aside.gateway())
    leaving, staying = [await LiveClient(app).open() for _ in range(2)]
    for client, session in ((leaving, here), (staying, there)):
        await client.ask({"type": "auth", "token": tokens.issue(ADA, session, frozenset())})
    aside.ended(ADA, here)
    assert await leaving.hear() == {"type": "signed_out", "reason": "logout"}
    assert await refused_with(leaving) == 4403
    assert await staying.ask({"type": "ping"}) == {"type": "pong"}
    await staying.hang_up()


async def test_who_takes_messages_too_slowly_is_dropped_and_holds_nobody_up(signed_in: Connect, aside: Aside) -> None:
    limits = Limits(waiting_bytes=1000)
    slow, quick = await signed_in(ADA, limits=limits), await signed_in(EVE, limits=limits)
    for client in (slow, quick):
        await client.ask({"type": "subscribe", "topic": OPEN_TRACK})
    slow.stall()
    for percent in range(20):
        await aside.say(OPEN_TRACK, "progress", {"percent": percent})
        assert (await quick.hear())["data"] == {"percent": percent}
    assert await refused_with(slow) == 4408


async def test_a_close_does_not_wait_for_who_takes_nothing(signed_in: Connect, aside: Aside) -> None:
    session = uuid4()
    client = await signed_in(ADA, session, Limits(close_within_s=0.05))
    client.stall()
    aside.ended(ADA, session)
    assert await refused_with(client) == 4403


async def test_silence_is_broken_by_pings(connect: Connect, tokens: Tokens) -> None:
    client = await connect(Limits(heartbeat_s=0.02))
    client.say({"type": "auth", "token": tokens.issue(ADA, uuid4(), frozenset())})
    while (message := await client.hear()) == {"type": "ping"}:
        pass
    assert message["type"] == "ready"
    for _ in range(2):
        assert await client.ask({"type": "pong"}) == {"type": "ping"}


async def test_messages_that_are_too_big_or_not_text(signed_in: Connect) -> None:
    big, binary = await signed_in(), await signed_in()
    big.say_text(json.dumps({"type": "subscribe", "topic": "content:" + "ö" * 8192}, ensure_ascii=False))
    assert await refused_with(big) == 1009
    binary.say_bytes(b"\x00")
    assert await refused_with(binary) == 1003


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=50) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps) | st.just('{"type":"x"}'))
async def test_what_is_not_understood_is_answered_and_forgiven(signed_in: Connect, text: str) -> None:
    client = await signed_in()
    client.say_text(text)
    assert await client.hear() == {"type": "error", "code": "bad_message"}
    assert await client.ask({"type": "ping"}) == {"type": "pong"}
    await client.hang_up()


async def test_forgiveness_ends(signed_in: Connect) -> None:
    client = await signed_in(limits=Limits(bad_messages=3))
    for _ in range(3):
        assert (await client.ask({"type": "nonsense"}))["code"] == "bad_message"
    assert await refused_with(client) == 4400


async def test_nothing_stays_behind(signed_in: Connect, aside: Aside) -> None:
    before = metrics.LIVE_CONNECTIONS._value.get()
    client = await signed_in()
    await client.ask({"type": "subscribe", "topic": OPEN_TRACK})
    assert metrics.LIVE_CONNECTIONS._value.get() == before + 1
    await client.hang_up()
    assert metrics.LIVE_CONNECTIONS._value.get() == before
    (gateway,) = aside.gateways
    assert (gateway._connections, gateway._people, gateway._switchboard._channels) == (set(), {}, {})


async def test_a_restart_tells_everybody_to_come_back(aside: Aside) -> None:
    gateway = aside.gateway()
    app = alone(gateway)
    client = await LiveClient(app).open()
    gateway.close()
    assert await refused_with(client) == 1012
    assert await refused_with(await LiveClient(app).open()) == 1012


async def test_signing_out_anywhere_reaches_the_connection_through_the_database(house: House, make: Maker) -> None:
    async with house.listening():
        ada = await make.person()
        client = await LiveClient(create_app(house)).open()
        await client.ask({"type": "auth", "token": ada.tokens["access_token"]})
        await client.ask({"type": "subscribe", "topic": user_topic_of(ada)})
        async with house.db.system() as uow:
            uow.say(user_topic_of(ada), "notice", {"text": "hello"})
        assert (await client.hear())["data"] == {"text": "hello"}
        await ada.post("/auth/logout", json={"refresh_token": ada.tokens["refresh_token"]})
        assert (await client.hear())["type"] == "signed_out"
        assert await refused_with(client) == 4403
