"""Who is there, as clients of `/ws` see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar

from antiphon.entry.bootstrap import House
from antiphon.entry.http.serving import Serving
from tests.entry.test_realtime import LiveClient, alone
from tests.support.people import Maker, Person


@pytest.fixture
async def app(house: House) -> AsyncIterator[Litestar]:
    gateway = Serving(house).gateway
    async with house.listening(), gateway.running():
        yield alone(gateway)


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


async def device(app: Litestar, person: Person, topic: str, name: str | None = None) -> LiveClient:
    client = await LiveClient(app).open()  # type: ignore[arg-type]
    await client.ask({"type": "auth", "token": person.tokens["access_token"]})
    assert (await client.ask({"type": "subscribe", "topic": topic}))["type"] == "subscribed"
    if name is not None:
        client.say({"type": "present", "topic": topic, "data": {"name": name}})
    return client


async def sees(client: LiveClient, *names: str) -> dict[str, Any]:
    """Until the client was told that these are there, and nobody else."""
    while True:
        message = await client.hear()
        assert message["type"] == "presence"
        if sorted(one["data"]["name"] for one in message["here"]) == sorted(names):
            assert message["count"] == len(names)
            return message


async def test_devices_see_each_other_come_change_and_go(app: Litestar, ada: Person) -> None:
    topic = f"user:{ada.id}:devices"
    phone = await device(app, ada, topic, "phone")
    seen = await sees(phone, "phone")
    assert seen["here"][0]["user_id"] == ada.id
    desk = await device(app, ada, topic, "desk")
    for client in (phone, desk):
        await sees(client, "phone", "desk")
    desk.say({"type": "present", "topic": topic, "data": {"name": "desk, playing"}})
    await sees(phone, "phone", "desk, playing")
    await desk.hang_up()
    await sees(phone, "phone")
    phone.say({"type": "unsubscribe", "topic": topic})
    assert (await phone.hear())["type"] == "unsubscribed"
    await phone.hang_up()


async def test_who_only_watches_is_not_there_and_is_told_of_nobody(app: Litestar, ada: Person) -> None:
    topic = f"user:{ada.id}:devices"
    watching = await device(app, ada, topic)
    phone = await device(app, ada, topic, "phone")
    await sees(phone, "phone")
    assert await watching.ask({"type": "ping"}) == {"type": "pong"}
    for client in (watching, phone):
        await client.hang_up()


async def test_nobody_is_there_where_there_is_no_presence(app: Litestar, ada: Person) -> None:
    client = await device(app, ada, f"user:{ada.id}")
    for topic in (f"user:{ada.id}", f"user:{ada.id}:devices", "rubbish"):
        client.say({"type": "present", "topic": topic, "data": {}})
        assert await client.hear() == {"type": "error", "code": "no_presence", "topic": topic}
    await client.hang_up()


async def test_what_is_shown_has_an_end(app: Litestar, ada: Person) -> None:
    topic = f"user:{ada.id}:devices"
    client = await device(app, ada, topic)
    client.say({"type": "present", "topic": topic, "data": {"name": "x" * 1024}})
    assert (await client.hear())["code"] == "too_much_presence"
    await client.hang_up()
