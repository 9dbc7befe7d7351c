"""Rooms in which people listen together, over the doors that clients use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from antiphon.domains.playback import topics
from antiphon.domains.playback.model_jam import EMPTY, HOST_AWAY, LEAD, LEASE
from antiphon.entry.application import create_app
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from antiphon.kit.pictures import qr_code
from antiphon.kit.watching import Watch
from tests.entry.test_realtime import Closed, LiveClient
from tests.support.answers import refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good
from tests.support.shelf import Shelf

TRACK_MS = 100_000


@pytest.fixture
async def track(house: House, tmp_path: Path) -> str:
    """That everybody may hear."""
    return (await (await Shelf.put_up(house.db, tmp_path / "music")).add("song.flac")).id


def entries(*tracks: str) -> list[dict[str, str]]:
    return [{"id": str(uuid4()), "content_id": track} for track in tracks]


async def opened(host: Person, *tracks: str, **more: Any) -> dict[str, Any]:
    return good(await host.post("/jams", json={"entries": entries(*tracks), **more}))


async def again(*people: Person) -> None:
    """Time has passed: their tokens ran out."""
    for person in people:
        given = {"refresh_token": person.tokens["refresh_token"]}
        person.tokens = good(await person.http.post("/api/v1/auth/refresh", json=given))["tokens"]


async def joined(person: Person, jam: dict[str, Any]) -> dict[str, Any]:
    return good(await person.post(f"/jams/link/{jam['link']['code']}"))


async def does(person: Person, jam: dict[str, Any], kind: str, **more: Any) -> Any:
    return await person.post(f"/jams/{jam['id']}/commands", json={"commands": [{"kind": kind, **more}]})


async def seen(person: Person, jam: dict[str, Any]) -> dict[str, Any]:
    return good(await person.get(f"/jams/{jam['id']}"))


def coming(jam: dict[str, Any]) -> list[str]:
    return [one["id"] for one in jam["coming"]]


def at(jam: dict[str, Any], now: datetime) -> int:
    """Where a client that has this answer plays at `now`."""
    head = jam["head"]
    passed = (now - datetime.fromisoformat(head["at"])) / timedelta(milliseconds=1) if head["playing"] else 0
    return int(head["position_ms"] + max(0, passed))


async def test_a_room_begins_with_ones_queue(make: Maker, track: str) -> None:
    ada = await make.person()
    good(await ada.put("/stream/queue", json={"content_ids": [track] * 3, "current": 1, "changed_by": "Tab"}))
    jam = good(await ada.post("/jams", json={"position_ms": 7_000}))
    assert [jam["current"]["content_id"], *(one["content_id"] for one in jam["coming"])] == [track] * 2
    assert (jam["head"]["playing"], jam["head"]["position_ms"], jam["role"]) == (False, 7_000, "host")
    assert jam["link"]["url"].endswith(f"/jam/{jam['link']['code']}")
    assert [one["id"] for one in (await ada.get("/jams")).json()] == [jam["id"]]


async def test_two_people_are_at_the_same_place_at_the_same_time(
    make: Maker, house: House, clock: FrozenClock, track: str
) -> None:
    ada, bob = await make.person(), await make.person()
    jam = await opened(ada, *[track] * 3)
    assert (await joined(bob, jam))["role"] == "listener"
    played = good(await does(ada, jam, "play"))
    assert datetime.fromisoformat(played["head"]["at"]) - clock.now() == LEAD
    clock.move(LEAD + timedelta(seconds=30))
    assert at(played, clock.now()) == at(await seen(bob, jam), clock.now()) == 30_000
    # Nobody says that the track is over: it follows from the time, to the millisecond.
    clock.move(timedelta(milliseconds=TRACK_MS))
    later = good(await bob.post(f"/jams/{jam['id']}/here"))
    assert (later["current"]["id"], at(later, clock.now())) == (coming(jam)[0], 30_000)
    sought = good(await does(ada, later, "seek", entry=later["head"]["current"], position_ms=5_000))
    clock.move(LEAD + timedelta(seconds=1))
    assert at(await seen(bob, jam), clock.now()) == at(sought, clock.now()) == 6_000
    paused = good(await does(ada, jam, "pause"))
    clock.move(timedelta(minutes=1))
    assert paused["head"]["position_ms"] == at(await seen(bob, jam), clock.now()) == 6_000
    heads = await rows(house.db, "SELECT event FROM kit.said WHERE topic = :topic", topic=f"jam:{jam['id']}")
    assert [one.event for one in heads] == ["changed"] * 6


async def test_the_end_of_the_queue_waits_for_more(make: Maker, clock: FrozenClock, track: str) -> None:
    ada, bob = await make.person(), await make.person()
    jam = await opened(ada, track, playing=True)
    await joined(bob, jam)
    clock.move(timedelta(milliseconds=2 * TRACK_MS))
    over = await seen(bob, jam)
    assert (over["current"], over["coming"], over["head"]["playing"]) == (None, [], True)
    good(await ada.post(f"/jams/{jam['id']}/here"))
    good(await bob.post(f"/jams/{jam['id']}/here"))
    more = entries(track, track)
    begun = good(await does(bob, jam, "add", entries=more))
    assert begun["current"]["id"] == more[0]["id"]
    assert datetime.fromisoformat(begun["head"]["at"]) - clock.now() == LEAD


async def test_votes_order_what_comes(make: Maker, track: str) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, *[track] * 4)
    for person in (bob, eve):
        await joined(person, jam)
    first, second, third = coming(jam)
    assert coming(good(await does(bob, jam, "vote", entry=third, value=1))) == [third, first, second]
    assert coming(good(await does(bob, jam, "vote", entry=third, value=1))) == [third, first, second]
    assert coming(good(await does(eve, jam, "vote", entry=first, value=-1))) == [third, second, first]
    assert [one["score"] for one in (await seen(ada, jam))["coming"]] == [1, 0, -1]
    assert [one["my_vote"] for one in (await seen(bob, jam))["coming"]] == [1, 0, 0]
    assert coming(good(await does(bob, jam, "vote", entry=third, value=0))) == [second, third, first]
    by_hand = {"by_votes": False}
    assert coming(good(await ada.put(f"/jams/{jam['id']}/options", json=by_hand))) == [first, second, third]
    assert coming(good(await does(ada, jam, "move", entry=third))) == [third, first, second]
    assert coming(good(await does(ada, jam, "move", entry=third, after=first))) == [first, third, second]
    assert coming(good(await does(ada, jam, "remove", entry=second))) == [first, third]


async def test_more_than_half_of_those_who_are_here_skip(make: Maker, clock: FrozenClock, track: str) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, *[track] * 3, playing=True)
    for person in (bob, eve):
        await joined(person, jam)
    entry = jam["head"]["current"]
    once = good(await does(bob, jam, "skip", entry=entry))
    assert (once["head"]["current"], once["skips_needed"]) == (entry, 2)
    good(await does(bob, jam, "skip", entry=entry, wanted=False))
    assert good(await does(eve, jam, "skip", entry=entry))["head"]["current"] == entry
    gone_on = good(await does(bob, jam, "skip", entry=entry))
    assert gone_on["current"]["id"] == coming(jam)[0]
    # Said late, of an entry that is over already, it takes nothing away.
    assert good(await does(ada, jam, "skip", entry=entry))["head"] == gone_on["head"]
    assert good(await does(ada, jam, "next", entry=entry))["head"] == gone_on["head"]
    clock.move(LEASE)
    good(await ada.post(f"/jams/{jam['id']}/here"))
    alone = good(await does(ada, jam, "skip", entry=gone_on["head"]["current"]))
    assert (alone["skips_needed"], alone["current"]["id"]) == (1, coming(jam)[1])


async def test_roles_say_who_may_do_what(make: Maker, house: House, track: str) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, *[track] * 3, playing=True)
    await joined(bob, jam)
    current, (second, _) = jam["head"]["current"], coming(jam)
    members = f"/jams/{jam['id']}/members"
    for_hosts = [
        ("pause", {}), ("play", {}), ("seek", {"entry": current, "position_ms": 1}), ("next", {"entry": current}),
        ("jump", {"entry": second}), ("remove", {"entry": second}), ("remove", {"entry": current}),
        ("move", {"entry": second}),
    ]  # fmt: skip
    async with unchanged(house.db):
        for kind, more in for_hosts:
            assert refused(await does(bob, jam, kind, **more)) == (403, "jam_not_allowed"), kind
            assert refused(await does(eve, jam, kind, **more)) == (404, "jam_not_found"), kind
        for path, body in (("options", {}), ("link", {}), (f"members/{ada.id}", {"role": "listener"})):
            assert refused(await bob.put(f"/jams/{jam['id']}/{path}", json=body)) == (403, "jam_not_allowed")
            assert refused(await eve.put(f"/jams/{jam['id']}/{path}", json=body)) == (404, "jam_not_found")
        assert refused(await bob.delete(f"/jams/{jam['id']}/link")) == (403, "jam_not_allowed")
        assert refused(await bob.delete(f"{members}/{ada.id}")) == (403, "jam_not_allowed")
        assert refused(await bob.delete(f"/jams/{jam['id']}")) == (403, "jam_not_allowed")
        assert refused(await ada.put(f"{members}/{ada.id}", json={"role": "listener"})) == (403, "jam_not_allowed")
        assert refused(await ada.put(f"{members}/{eve.id}", json={"role": "host"})) == (404, "jam_not_found")
        assert refused(await eve.get(f"/jams/{jam['id']}")) == (404, "jam_not_found")
        assert refused(await eve.post(f"/jams/{jam['id']}/here")) == (404, "jam_not_found")
    added = entries(track)
    good(await does(bob, jam, "add", entries=added))
    good(await does(bob, jam, "remove", entry=added[0]["id"]))
    good(await ada.put(f"{members}/{bob.id}", json={"role": "co_host"}))
    assert not good(await does(bob, jam, "pause"))["head"]["playing"]
    handed_over = good(await ada.put(f"{members}/{bob.id}", json={"role": "host"}))
    assert [(one["user_id"], one["role"]) for one in handed_over["members"]] == [(bob.id, "host"), (ada.id, "co_host")]
    good(await bob.put(f"{members}/{ada.id}", json={"role": "listener"}))
    closed = {"everybody_adds": False, "everybody_controls": True}
    good(await bob.put(f"/jams/{jam['id']}/options", json=closed))
    assert good(await does(ada, jam, "play"))["head"]["playing"]
    async with unchanged(house.db):
        assert refused(await does(ada, jam, "add", entries=entries(track))) == (403, "jam_not_allowed")


async def test_a_link_can_be_taken_back_and_runs_out(make: Maker, house: House, clock: FrozenClock, track: str) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, track, track)
    await joined(bob, jam)
    good(await ada.put(f"/jams/{jam['id']}/options", json={"locked": True}))
    async with unchanged(house.db):
        assert refused(await eve.post(f"/jams/link/{jam['link']['code']}")) == (403, "jam_locked")
    assert (await joined(bob, jam))["role"] == "listener"
    good(await ada.put(f"/jams/{jam['id']}/options", json={}))
    fresh = good(await ada.put(f"/jams/{jam['id']}/link", json={"hours": 1}))
    async with unchanged(house.db):
        assert refused(await eve.post(f"/jams/link/{jam['link']['code']}")) == (404, "jam_not_found")
        assert refused(await make.http.get(f"/api/v1/jams/link/{jam['link']['code']}")) == (404, "jam_not_found")
    await joined(eve, fresh)
    assert (await ada.delete(f"/jams/{jam['id']}/members/{eve.id}")).status_code == 204
    async with unchanged(house.db):
        assert refused(await eve.post(f"/jams/link/{fresh['link']['code']}")) == (404, "jam_not_found")
        assert refused(await does(eve, jam, "vote", entry=jam["coming"][0]["id"], value=1)) == (404, "jam_not_found")
    assert good(await ada.delete(f"/jams/{jam['id']}/link"))["link"] is None
    last = good(await ada.put(f"/jams/{jam['id']}/link", json={"hours": 1}))
    for _ in range(3):
        clock.move(timedelta(minutes=20))
        await again(ada, bob)
        assert good(await ada.post(f"/jams/{jam['id']}/here"))["role"] == "host"
    for person in (ada, bob):
        assert refused(await person.post(f"/jams/link/{last['link']['code']}")) == (404, "jam_not_found")


async def test_guests_listen_along_where_guests_may(make: Maker, house: House, track: str) -> None:
    ada = await make.person()
    jam = await opened(ada, *[track] * 3, playing=True)
    path = f"/api/v1/jams/link/{jam['link']['code']}"
    found = good(await make.http.get(path))
    assert (found["role"], found["link"], found["head"]) == (None, None, jam["head"])
    assert found["current"]["track"]["id"] == track
    async with unchanged(house.db):
        assert (await make.http.post(path)).status_code == 401
        closed = replace(house, settings=msgspec.structs.replace(house.settings, guest_listening=False))
        transport = httpx.ASGITransport(app=create_app(closed))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as guest:
            assert refused(await guest.get(path)) == (401, "guest_listening_off")
    assert datetime.fromisoformat(good(await make.http.get("/api/v1/jams/time"))["now"]).tzinfo is not None


async def test_who_may_not_hear_a_track_stays_in_step(make: Maker, clock: FrozenClock, track: str) -> None:
    ada, bob = await make.person(), await make.person()
    draft = await make.track(ada, await make.artist(ada, "Ada"), published=False, title="Draft")
    jam = await opened(ada, draft["id"], track, playing=True)
    found = await joined(bob, jam)
    assert jam["current"]["track"]["title"] == "Draft"
    assert (found["current"]["track"], found["current"]["silent_because"]) == (None, "not_open_to_you")
    assert (found["current"]["duration_ms"], found["head"]) == (TRACK_MS, jam["head"])
    assert refused(await does(bob, jam, "add", entries=entries(draft["id"]))) == (404, "content_not_found")


async def test_somebody_is_always_host(make: Maker, clock: FrozenClock, track: str) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, track, track)
    for person in (bob, eve):
        clock.move(timedelta(seconds=1))
        await joined(person, jam)
    good(await ada.put(f"/jams/{jam['id']}/members/{eve.id}", json={"role": "co_host"}))
    assert (await ada.delete(f"/jams/{jam['id']}/members/{ada.id}")).status_code == 204
    assert refused(await ada.get(f"/jams/{jam['id']}")) == (404, "jam_not_found")
    assert [(one["user_id"], one["role"]) for one in (await seen(bob, jam))["members"]] == [
        (eve.id, "host"), (bob.id, "listener"),
    ]  # fmt: skip
    clock.move(LEASE + HOST_AWAY)
    found = good(await bob.post(f"/jams/{jam['id']}/here"))
    assert [(one["user_id"], one["role"], one["here"]) for one in found["members"]] == [
        (eve.id, "host", False), (bob.id, "listener", True),
    ]  # fmt: skip
    found = good(await bob.post(f"/jams/{jam['id']}/here"))
    assert [(one["user_id"], one["role"]) for one in found["members"]] == [(bob.id, "host"), (eve.id, "co_host")]


async def test_a_room_without_anybody_is_over(
    make: Maker, house: House, clock: FrozenClock, track: str, settle: Any
) -> None:
    ada, bob = await make.person(), await make.person()
    jam = await opened(ada, track, track)
    watch = topics.may_hear(house.db, house.identity.tokens.actor_of(ada.tokens["access_token"]), jam["id"])  # type: ignore[arg-type]
    assert await watch is Watch.YES
    stranger = house.identity.tokens.actor_of(bob.tokens["access_token"])
    assert stranger is not None
    assert await topics.may_hear(house.db, stranger, jam["id"]) is Watch.NO
    clock.move(LEASE + EMPTY)
    await again(ada, bob)
    assert refused(await ada.get(f"/jams/{jam['id']}")) == (404, "jam_not_found")
    await house.jobs.spec("playback.end_jams").run()
    assert await rows(house.db, "SELECT id FROM playback.jam_rooms") == []
    other = await opened(ada, track, track)
    await joined(bob, other)
    assert (await ada.delete(f"/jams/{other['id']}")).status_code == 204
    assert refused(await bob.get(f"/jams/{other['id']}")) == (404, "jam_not_found")
    assert await topics.may_hear(house.db, stranger, other["id"]) is Watch.NO


async def test_a_guest_hears_the_room_as_long_as_their_link_leads_there(make: Maker, house: House, track: str) -> None:
    ada = await make.person()
    jam, other = await opened(ada, track, track), await opened(ada, track)
    topic, code = f"jam:{jam['id']}", jam["link"]["code"]
    guest = await LiveClient(create_app(house)).open()
    ready = await guest.ask({"type": "auth", "guest": {"topic": topic, "key": code}})
    assert (ready["type"], ready["user_id"]) == ("ready", None)
    for closed in (f"jam:{other['id']}", f"user:{ada.id}:queue", "now-playing"):
        assert (await guest.ask({"type": "subscribe", "topic": closed}))["code"] == "forbidden"
    assert (await guest.ask({"type": "subscribe", "topic": topic}))["type"] == "subscribed"
    assert (await guest.ask({"type": "present", "topic": topic, "data": {}}))["code"] == "no_presence"
    await does(ada, jam, "play")
    heard = await guest.hear()
    assert (heard["event"], heard["data"]["head"]["playing"]) == ("changed", True)
    good(await ada.put(f"/jams/{jam['id']}/link", json={"hours": 1}))
    assert (await guest.hear())["event"] == "changed"
    assert await guest.hear() == {"type": "refused", "topic": topic, "code": "forbidden"}
    guest.say({"type": "auth", "token": ada.tokens["access_token"]})
    with pytest.raises(Closed) as closed_for_good:
        await guest.hear()
    assert closed_for_good.value.code == 4401


@pytest.mark.parametrize("guest_listening", [True, False])
async def test_who_is_let_in_as_a_guest(make: Maker, house: House, track: str, guest_listening: bool) -> None:
    ada = await make.person()
    jam = await opened(ada, track)
    settings = msgspec.structs.replace(house.settings, guest_listening=guest_listening)
    app = create_app(replace(house, settings=settings))
    right = {"topic": f"jam:{jam['id']}", "key": jam["link"]["code"]}
    wrong = [{**right, "key": "guessed"}, {**right, "topic": "jam:jam_no"}, {**right, "topic": f"user:{ada.id}:queue"}]
    for shown in [*wrong, *([] if guest_listening else [right])]:
        guest = await LiveClient(app).open()
        guest.say({"type": "auth", "guest": shown})
        with pytest.raises(Closed) as closed:
            await guest.hear()
        assert closed.value.code == 4401


async def test_the_link_is_a_picture_for_who_is_in_the_room(make: Maker, track: str) -> None:
    ada, bob = await make.person(), await make.person()
    jam = await opened(ada, track)
    drawn = good(await ada.get(f"/jams/{jam['id']}/link/picture"))["qr_svg"]
    assert drawn.startswith("<svg")
    assert drawn == qr_code(jam["link"]["url"])
    assert refused(await bob.get(f"/jams/{jam['id']}/link/picture")) == (404, "jam_not_found")
    good(await ada.delete(f"/jams/{jam['id']}/link"))
    assert refused(await ada.get(f"/jams/{jam['id']}/link/picture")) == (404, "jam_not_found")


async def test_other_eyes_see_no_room(make: Maker, house: House, track: str) -> None:
    """The second wall: the database shows a room to who is in it."""
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    jam = await opened(ada, track, track)
    await joined(bob, jam)
    good(await does(bob, jam, "vote", entry=jam["coming"][0]["id"], value=1))
    for person, there in ((ada, True), (bob, True), (eve, False)):
        async with house.db.unit(parse(Kind.USER, person.id)) as uow:
            for table in ("rooms", "members", "entries", "votes"):
                found = await uow.conn.exec_driver_sql(f"SELECT count(*) FROM playback.jam_{table}")
                assert bool(found.scalar_one()) is there, (person.handle, table)


async def test_rooms_outlive_the_server(
    make: Maker, house: House, clock: FrozenClock, track: str, database_url: str
) -> None:
    """Another process, with nothing in its memory, knows where everybody is."""
    ada = await make.person()
    jam = await opened(ada, *[track] * 3, playing=True)
    clock.move(LEAD + timedelta(seconds=42))
    await house.db.close()  # every connection of this one
    found = await seen(ada, jam)
    assert (found["head"], at(found, clock.now())) == (jam["head"], 42_000)
    assert UUID(found["head"]["current"])
