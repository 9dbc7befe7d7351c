"""Services that are told what one hears."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from antiphon.adapters.scrobbling.fake import FakeScrobbler
from antiphon.domains.integrations import api
from antiphon.domains.integrations.model import FIRST, LONGEST, MOST_ASIDE, wait
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good, plain_song

SERVICE = "/integrations/scrobblers/listenbrainz"


class Room:
    ada: Person
    bob: Person
    track: str
    house: House
    clock: FrozenClock

    async def hears(self, person: Person | None = None) -> None:
        """Over and counted, a minute ago."""
        self.clock.move(timedelta(minutes=2))
        told = {"listens": [{"content_id": self.track, "at": self.clock.now().isoformat()}]}
        assert good(await (person or self.bob).post("/stream/listens", json=told))["new"] == 1
        self.clock.move(timedelta(minutes=1))

    async def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.bob.get("/integrations/scrobblers")).json()[0]
        return found

    async def state(self) -> str:
        return str((await self.shown())["state"])

    async def forwarded(self) -> list[UUID]:
        """Those that were due, each told."""
        async with self.house.db.system() as uow:
            found = await api.due(uow)
        for connection in found:
            await api.forward(self.house.db, self.house.forwarding, connection)
        return found


@pytest.fixture
async def room(make: Maker, house: House, clock: FrozenClock) -> Room:
    made = Room()
    made.house, made.clock = house, clock
    made.ada, made.bob = await make.person(), await make.person()
    artist = await make.artist(made.ada, "Ada Lovelace")
    made.track = (await make.track(made.ada, artist, audio=plain_song(), title="One"))["id"]
    return made


async def test_a_service_is_told_of_each_play_once(room: Room, scrobbler: FakeScrobbler) -> None:
    await room.hears()
    assert (await room.bob.put(SERVICE, json={"token": " good "})).status_code == 204
    await room.hears()
    await room.hears()
    await room.hears(room.ada)
    for _ in range(2):
        assert len(await room.forwarded()) == 1
    assert [(one.artist, one.title, one.duration_ms) for one in scrobbler.told] == [
        ("Ada Lovelace", "One", 100_000)
    ] * 2
    assert scrobbler.told[0].started_at < scrobbler.told[1].started_at
    shown, not_here = (await room.bob.get("/integrations/scrobblers")).json()
    assert (not_here["id"], not_here["offered"], not_here["state"]) == ("lastfm", False, "off")
    assert (shown["state"], shown["account"], shown["told_at"] is not None) == ("on", "bob", True)
    assert (await room.ada.get("/integrations/scrobblers")).json()[0]["state"] == "off"
    assert (await room.bob.delete(SERVICE)).status_code == 204
    await room.hears()
    assert await room.forwarded() == []
    assert len(scrobbler.told) == 2


async def test_private_sessions_are_told_to_nobody(room: Room, scrobbler: FakeScrobbler) -> None:
    await room.bob.put(SERVICE, json={"token": "good"})
    until = (room.clock.now() + timedelta(hours=1)).isoformat()
    good(await room.bob.put("/users/me/preferences", json={"private_session_until": until}))
    await room.hears()
    await room.forwarded()
    good(await room.bob.put("/users/me/preferences", json={"private_session_until": None}))
    await room.forwarded()
    assert scrobbler.told == []
    await room.hears()
    await room.forwarded()
    assert len(scrobbler.told) == 1


async def test_while_a_service_is_away_nothing_is_lost(room: Room, scrobbler: FakeScrobbler) -> None:
    await room.bob.put(SERVICE, json={"token": "good"})
    scrobbler.away = True
    await room.hears()
    assert len(await room.forwarded()) == 1
    assert (await room.state(), await room.forwarded()) == ("waiting", [])
    shown = await room.shown()
    assert (shown["waiting"], shown["failure"]) == (1, "scrobbler_unavailable")
    assert shown["failed_at"] < shown["next_try_at"]
    for _ in range(3):
        room.clock.move(timedelta(minutes=2))
        assert len(await room.forwarded()) == 1
    await room.hears()
    scrobbler.away = False
    room.clock.move(timedelta(minutes=2))
    assert len(await room.forwarded()) == 1
    assert (await room.state(), len(scrobbler.told)) == ("on", 2)


async def test_who_is_refused_connects_again_and_goes_on(room: Room, scrobbler: FakeScrobbler) -> None:
    async with unchanged(room.house.db):
        assert refused(await room.bob.put(SERVICE, json={"token": "bad"})) == (409, "scrobbler_refused")
        elsewhere = await room.bob.put("/integrations/scrobblers/nowhere", json={"token": "good"})
        assert refused(elsewhere) == (404, "scrobbler_unknown")
        scrobbler.away = True
        assert refused(await room.bob.put(SERVICE, json={"token": "good"})) == (503, "scrobbler_unavailable")
        scrobbler.away = False
    await room.bob.put(SERVICE, json={"token": "good"})
    await room.hears()
    scrobbler.accounts = {"another": "bob"}
    await room.forwarded()
    assert (await room.state(), await room.forwarded()) == ("refused", [])
    await room.bob.put(SERVICE, json={"token": "another"})
    await room.forwarded()
    assert (await room.state(), len(scrobbler.told)) == ("on", 1)


async def test_what_is_heard_while_it_is_off_is_never_told(room: Room, scrobbler: FakeScrobbler) -> None:
    assert refused(await room.bob.patch(SERVICE, json={"forwards": False})) == (404, "scrobbler_not_connected")
    await room.bob.put(SERVICE, json={"token": "good"})
    assert (await room.bob.patch(SERVICE, json={"forwards": False})).status_code == 204
    await room.hears()
    assert (await room.state(), await room.forwarded(), (await room.shown())["waiting"]) == ("paused", [], 0)
    for _ in range(2):
        assert (await room.bob.patch(SERVICE, json={"forwards": True})).status_code == 204
    await room.hears()
    await room.forwarded()
    assert (await room.state(), len(scrobbler.told)) == ("on", 1)


async def test_another_account_learns_nothing_of_the_first(room: Room, scrobbler: FakeScrobbler) -> None:
    await room.bob.put(SERVICE, json={"token": "good"})
    scrobbler.away = True
    await room.hears()
    await room.forwarded()
    scrobbler.away, scrobbler.accounts = False, {"other": "bobby"}
    await room.bob.put(SERVICE, json={"token": "other"})
    await room.forwarded()
    shown = await room.shown()
    assert (shown["account"], shown["state"], shown["failure"], scrobbler.told) == ("bobby", "on", None, [])


async def test_what_is_refused_for_good_is_put_aside_and_the_rest_goes_on(
    room: Room, scrobbler: FakeScrobbler, make: Maker
) -> None:
    artist = await make.artist(room.ada, "The Wrong")
    one, bad = room.track, (await make.track(room.ada, artist, audio=plain_song(90.0), title="Bad"))["id"]
    await room.bob.put(SERVICE, json={"token": "good"})
    for track in (one, bad, one):
        room.track = track
        await room.hears()
    scrobbler.rejects = {"Bad"}
    await room.forwarded()
    assert [heard.title for heard in scrobbler.told] == ["One"] * 2
    assert scrobbler.asked < 10
    shown = await room.shown()
    assert (shown["state"], shown["waiting"], shown["not_taken"]) == ("on", 0, 1)
    [kept] = (await room.bob.get(f"{SERVICE}/not-taken")).json()
    assert (kept["title"], kept["artist"], kept["reason"]) == ("Bad", "The Wrong", "Invalid JSON document submitted.")
    assert (await room.ada.get(f"{SERVICE}/not-taken")).json() == []
    scrobbler.rejects, scrobbler.ignores = set(), {"Bad"}
    room.track = bad
    await room.hears()
    await room.forwarded()
    assert [one["reason"] for one in (await room.bob.get(f"{SERVICE}/not-taken")).json()] == [
        "Artist name failed filter",
        "Invalid JSON document submitted.",
    ]
    assert (await room.bob.delete(f"{SERVICE}/not-taken")).status_code == 204
    assert (await room.shown())["not_taken"] == 0


async def test_a_service_that_takes_nothing_is_asked_less_and_less(room: Room, scrobbler: FakeScrobbler) -> None:
    await room.bob.put(SERVICE, json={"token": "good"})
    for _ in range(MOST_ASIDE + 1):
        await room.hears()
    scrobbler.rejects = {"One"}
    await room.forwarded()
    shown = await room.shown()
    assert (shown["state"], shown["not_taken"], shown["waiting"]) == ("waiting", MOST_ASIDE, 1)
    assert await room.forwarded() == []
    scrobbler.rejects = set()
    room.clock.move(timedelta(minutes=2))
    await room.forwarded()
    assert (await room.state(), len(scrobbler.told)) == ("on", 1)


async def test_the_secret_lies_sealed_and_is_its_owners(room: Room) -> None:
    await room.bob.put(SERVICE, json={"token": "good"})
    (kept,) = await rows(room.house.db, "SELECT sealed FROM integrations.scrobblers")
    assert b"good" not in bytes(kept.sealed)
    async with room.house.db.unit(parse(Kind.USER, room.ada.id)) as uow:
        count = await uow.conn.exec_driver_sql("SELECT count(*) FROM integrations.scrobblers")
        assert count.scalar_one() == 0


def test_waits_double_and_end_at_six_hours() -> None:
    assert [wait(n) for n in (1, 2, 3)] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert wait(50) == LONGEST
