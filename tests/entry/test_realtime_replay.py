"""Whatever breaks: what a client has, by events and fresh reads where it is told to, is what a fresh read gives."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.domains.identity.api import Actor, Tokens
from antiphon.entry.realtime import channel as channels
from antiphon.kit import topics
from antiphon.kit.db import Database
from antiphon.kit.topics import Said, cursor_of
from antiphon.kit.watching import TopicRule, Watch
from tests.entry.test_realtime import ADA, Aside, LiveClient, alone
from tests.support.clock import FrozenClock

TOPIC = "content:trk_x"
STEP = st.sampled_from(["say", "say", "say twice", "lose", "late", "drop", "come", "deny", "allow", "big", "sync"])


class Faulty(Aside):
    """A carrier that loses, delays and doubles what it is given."""

    def __init__(self, db: Database, tokens: Tokens, clock: FrozenClock) -> None:
        super().__init__(db, tokens, clock)
        self.fault = ""
        self.held: list[Said] = []

    async def after(self, said: Sequence[Said]) -> None:
        fault, self.fault = self.fault, ""
        if fault == "late":
            self.held += said
        elif fault != "lose":
            await super().after([*said, *self.held, *said[-1:]])
            self.held = []


class Copy:
    """What one client knows of a list that the server keeps: grown by events, read afresh when it is told to."""

    def __init__(self, aside: Faulty, topic: str, truth: list[int], token: str) -> None:
        self.aside, self.topic, self.truth, self.token = aside, topic, truth, token
        self.app = alone(aside.gateway())
        self.client: LiveClient | None = None
        self.cursor: str | None = None
        self.known: list[int] = []
        self.refused = False

    async def come(self) -> None:
        if self.client is not None:
            return
        self.client = await LiveClient(self.app).open()
        await self.client.ask({"type": "auth", "token": self.token})
        if self.cursor is None:
            async with self.aside.db.read() as conn:
                self.cursor, self.known = await cursor_of(conn, self.topic, self.aside.clock.now()), list(self.truth)
        self.client.say({"type": "subscribe", "topic": self.topic, "cursor": self.cursor})
        await self.catch_up()

    async def drop(self) -> None:
        if self.client is not None:
            await self.client.hang_up()
            self.client = None

    async def catch_up(self) -> None:
        """Everything that the server sent so far."""
        assert self.client is not None
        self.client.say({"type": "ping"})
        while (message := await self.client.hear())["type"] != "pong":
            self.take(message)

    async def agree(self) -> None:
        """Nothing is missing, and nothing comes on top of it."""
        async with asyncio.timeout(60):
            while self.known != self.truth:
                await self.catch_up()
        await self.catch_up()
        assert self.known == self.truth

    def take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        self.refused = kind == "refused"
        self.cursor = message.get("cursor", self.cursor)
        if kind == "event":
            self.known.append(message["data"]["n"])
        elif kind == "reset":
            self.known = list(self.truth)


@pytest.fixture
def faulty(db: Database, tokens: Tokens, clock: FrozenClock) -> Faulty:
    return Faulty(db, tokens, clock)


async def play(faulty: Faulty, tokens: Tokens, steps: Sequence[str]) -> None:
    truth: list[int] = []
    allowed = True

    async def may_watch(_db: Database, _actor: Actor, _name: str) -> Watch:
        return Watch.YES if allowed else Watch.NO

    faulty.rules._by_form["content:*"] = TopicRule("content:*", may_watch)
    topic = f"content:{uuid4()}"
    copy = Copy(faulty, topic, truth, tokens.issue(ADA, UUID(int=7), frozenset()))
    await copy.come()
    for step in steps:
        if step in ("lose", "late"):
            faulty.fault = step
        elif step == "drop":
            await copy.drop()
        elif step == "come" or (step == "sync" and not allowed):
            await copy.come()
        elif step in ("deny", "allow"):
            allowed = step == "allow"
            async with faulty.db.unit() as uow:
                uow.rights_changed(topic)
        elif step == "sync":
            await faulty.gateways[-1]._switchboard.recover()
            await copy.come()
            await copy.agree()
        else:
            async with faulty.db.unit() as uow:
                for _ in range(2 if step == "say twice" else 1):
                    truth.append(len(truth))
                    uow.say(topic, "add", {"n": truth[-1], **({"pad": "x" * 9000} if step == "big" else {})})
        if copy.refused:
            await copy.drop()
        if not allowed and copy.client is None:
            assert copy.known == truth[: len(copy.known)]
    allowed = True
    await copy.drop()
    await copy.come()
    await faulty.gateways[-1]._switchboard.recover()
    await copy.agree()
    await copy.drop()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=25), st.sampled_from([2, 5, 128]), st.sampled_from([1, 4, 256]))
async def test_whatever_breaks_a_client_has_what_a_fresh_read_gives(
    faulty: Faulty, tokens: Tokens, steps: list[str], remembered: int, kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels, "REMEMBERED", remembered)
        patch.setattr(topics, "KEPT_OF_EACH", kept)
        await play(faulty, tokens, steps)


async def test_who_lost_the_right_hears_nothing_that_was_said_after(faulty: Faulty, tokens: Tokens) -> None:
    members = {ADA}

    async def may_watch(_db: Database, actor: Actor, _name: str) -> Watch:
        await asyncio.sleep(0)
        return Watch.YES if actor.user_id in members else Watch.NO

    faulty.rules._by_form["content:*"] = TopicRule("content:*", may_watch)
    client = await LiveClient(alone(faulty.gateway())).open()
    await client.ask({"type": "auth", "token": tokens.issue(ADA, uuid4(), frozenset())})
    await client.ask({"type": "subscribe", "topic": TOPIC})
    members.clear()
    async with faulty.db.unit() as uow:
        uow.say(TOPIC, "add", {"n": 1})
        uow.rights_changed(TOPIC)
        uow.say(TOPIC, "add", {"n": 2})
    assert (await client.hear())["data"] == {"n": 1}
    assert await client.hear() == {"type": "refused", "topic": TOPIC, "code": "forbidden"}
    await faulty.say(TOPIC, "add", {"n": 3})
    assert await client.ask({"type": "ping"}) == {"type": "pong"}
    await client.hang_up()


async def test_rights_of_all_topics_of_a_kind_change_at_once(faulty: Faulty, tokens: Tokens) -> None:
    members = {ADA}

    async def may_watch(_db: Database, actor: Actor, _name: str) -> Watch:
        return Watch.YES if actor.user_id in members else Watch.NO

    faulty.rules._by_form["content:*"] = TopicRule("content:*", may_watch)
    client = await LiveClient(alone(faulty.gateway())).open()
    await client.ask({"type": "auth", "token": tokens.issue(ADA, uuid4(), frozenset())})
    await client.ask({"type": "subscribe", "topic": TOPIC})
    for form in ("contents:*", "content:*"):
        async with faulty.db.unit() as uow:
            uow.rights_changed(form)
    await faulty.say(TOPIC, "add", {"n": 1})
    assert (await client.hear())["data"] == {"n": 1}
    members.clear()
    async with faulty.db.unit() as uow:
        uow.rights_changed("content:*")
    assert (await client.hear())["type"] == "refused"
    await client.hang_up()


async def test_who_keeps_the_right_misses_nothing_while_being_asked(faulty: Faulty, tokens: Tokens) -> None:
    asked = asyncio.Event()
    answered = asyncio.Event()
    answered.set()

    async def may_watch(_db: Database, _actor: Actor, _name: str) -> Watch:
        asked.set()
        await answered.wait()
        return Watch.YES

    faulty.rules._by_form["content:*"] = TopicRule("content:*", may_watch)
    client = await LiveClient(alone(faulty.gateway())).open()
    await client.ask({"type": "auth", "token": tokens.issue(ADA, uuid4(), frozenset())})
    await client.ask({"type": "subscribe", "topic": TOPIC})
    asked.clear()
    answered.clear()
    async with faulty.db.unit() as uow:
        uow.rights_changed(TOPIC)
    await asked.wait()
    await faulty.say(TOPIC, "add", {"n": 1})
    assert await client.ask({"type": "ping"}) == {"type": "pong"}
    answered.set()
    assert (await client.hear())["data"] == {"n": 1}
    await client.hang_up()
