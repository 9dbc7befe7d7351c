"""`/ws` with an API key or the token of an app: what scopes reach, and how fast it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import people
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.clients import Client
from antiphon.kit.ids import Kind, parse
from antiphon.kit.live import LiveMessage
from tests.domains.identity.test_apps import _signed_in as signed_in
from tests.domains.identity.test_apps import app as new_app
from tests.domains.identity.test_keys import key_of
from tests.entry.test_realtime import LiveClient, refused_with, user_topic_of
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person

Open = Callable[[str], Awaitable[LiveClient]]
PONG = {"type": "pong"}


@pytest.fixture
async def opened(house: House) -> AsyncIterator[Open]:
    """A connection that showed a key or token."""
    served: Litestar = create_app(house)
    clients: list[LiveClient] = []

    async def opened(token: str) -> LiveClient:
        clients.append(await LiveClient(served).open())  # type: ignore[arg-type]
        assert (await clients[-1].ask({"type": "auth", "token": token}))["type"] == "ready"
        return clients[-1]

    yield opened
    for client in clients:
        await client.hang_up()


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


@pytest.fixture
async def works(make: Maker, ada: Person) -> dict[str, str]:
    """Topics of a published track and of a draft."""
    artist = await make.artist(ada)
    both = {"public": await make.track(ada, artist), "draft": await make.track(ada, artist, published=False)}
    return {name: f"content:{track['id']}" for name, track in both.items()}


async def watched(client: LiveClient, topic: str) -> str:
    answer = await client.ask({"type": "subscribe", "topic": topic})
    return str(answer.get("code") or answer["type"])


async def test_a_key_reaches_what_its_scopes_say(
    opened: Open, ada: Person, works: dict[str, str], house: House
) -> None:
    listening = await opened((await key_of(ada, "listen"))["key"])
    assert await watched(listening, works["public"]) == "subscribed"
    assert await watched(listening, works["draft"]) == "forbidden"
    assert await watched(listening, user_topic_of(ada)) == "forbidden"
    editing = await opened((await key_of(ada, "library"))["key"])
    assert await watched(editing, works["draft"]) == "subscribed"
    for client in (listening, editing):
        assert await client.ask({"type": "ping"}) == PONG


@pytest.mark.parametrize("token", ["ak_rubbish", "ak_" + "0" * 60])
async def test_a_key_that_is_none_is_shown_out(house: House, token: str) -> None:
    client = await LiveClient(create_app(house)).open()  # type: ignore[arg-type]
    client.say({"type": "auth", "token": token})
    assert await refused_with(client) == 4401


async def test_a_revoked_key_closes_its_connections_and_no_others(opened: Open, ada: Person) -> None:
    gone, kept = await key_of(ada), await key_of(ada)
    leaving, staying, in_person = [await opened(token) for token in (gone["key"], kept["key"], bearer(ada))]
    assert (await ada.delete(f"/users/me/api-keys/{gone['id']}")).status_code == 204
    assert await refused_with(leaving) == 4403
    for client in (staying, in_person):
        assert await client.ask({"type": "ping"}) == PONG


def bearer(person: Person) -> str:
    return str(person.tokens["access_token"])


async def test_the_keys_of_who_is_suspended_close_too(opened: Open, ada: Person, make: Maker, house: House) -> None:
    eve = await make.person()
    leaving, staying = [await opened((await key_of(person))["key"]) for person in (ada, eve)]
    boss = identity.Actor(UUID(int=1), None, frozenset({"admin"}))
    async with house.db.system() as uow:
        await people.suspend(uow, parse(Kind.USER, ada.id), reason="spam", until=None, by=boss, client=Client())
    assert await refused_with(leaving) == 4403
    assert await staying.ask({"type": "ping"}) == PONG


async def test_a_key_that_ran_out_is_noticed_when_it_is_asked_for_again(
    opened: Open, ada: Person, house: House, clock: FrozenClock
) -> None:
    until = clock.now() + timedelta(minutes=2)
    client = await opened((await key_of(ada, expires_at=until.isoformat()))["key"])
    asked_again = LiveMessage("identity", "keys_changed", {"user_id": ada.id})
    house.hub.deliver(asked_again)
    assert await client.ask({"type": "ping"}) == PONG
    clock.move(timedelta(minutes=2))
    house.hub.deliver(asked_again)
    assert await refused_with(client) == 4403


async def test_a_connection_never_gets_wider_or_narrower(opened: Open, ada: Person) -> None:
    for token in ((await key_of(ada, "library"))["key"], bearer(ada)):
        client = await opened((await key_of(ada, "listen"))["key"])
        client.say({"type": "auth", "token": token})
        assert await refused_with(client) == 4401


async def test_the_token_of_an_app_is_held_to_its_scopes_and_ends_with_its_consent(
    opened: Open, ada: Person, works: dict[str, str], make: Maker, house: House
) -> None:
    admin = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, admin.id), "admin")
    renewed = await make.http.post("/api/v1/auth/refresh", json={"refresh_token": admin.tokens["refresh_token"]})
    admin.tokens = renewed.json()["tokens"]
    pocket = await new_app(admin)
    got: dict[str, Any] = await signed_in(make, ada, pocket, scope="openid listen")
    client = await opened(got["access_token"])
    assert await watched(client, works["public"]) == "subscribed"
    assert await watched(client, works["draft"]) == "forbidden"
    assert await watched(client, user_topic_of(ada)) == "forbidden"
    assert (await ada.delete(f"/users/me/apps/{pocket['id']}")).status_code == 204
    assert (await client.hear())["type"] == "signed_out"
    assert await refused_with(client) == 4403


async def with_ticket(house: House, ticket: str) -> LiveClient:
    shown = [(b"sec-websocket-protocol", f"antiphon, ticket.{ticket}".encode())]
    return await LiveClient(create_app(house), shown).open()


async def test_a_ticket_lets_in_once_and_as_far_as_who_fetched_it(house: House, ada: Person, make: Maker) -> None:
    async with house.listening():
        got = await ada.post("/auth/socket-ticket")
        assert (got.status_code, got.json()["expires_in"]) == (201, 30)
        ticket = str(got.json()["ticket"])
        client = await with_ticket(house, ticket)
        ready = await client.hear()
        assert (ready["type"], ready["user_id"]) == ("ready", ada.id)
        assert await watched(client, user_topic_of(ada)) == "subscribed"
        assert await refused_with(await with_ticket(house, ticket)) == 4401
        await ada.post("/auth/logout", json={"refresh_token": ada.tokens["refresh_token"]})
        assert (await client.hear())["type"] == "signed_out"
        assert await refused_with(client) == 4403


async def test_a_ticket_ends_and_a_key_gets_none(house: House, ada: Person, make: Maker, clock: FrozenClock) -> None:
    ticket = (await ada.post("/auth/socket-ticket")).json()["ticket"]
    clock.move(timedelta(seconds=31))
    async with house.listening():
        assert await refused_with(await with_ticket(house, ticket)) == 4401
    key = (await key_of(ada))["key"]
    answer = await make.http.post("/api/v1/auth/socket-ticket", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 422
