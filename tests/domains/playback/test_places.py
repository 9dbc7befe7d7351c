"""Bookmarks, and what is played now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, plain_song


class Room:
    """Two tracks by Ada; Bob listens."""

    artist: dict[str, Any]
    tracks: list[dict[str, Any]]
    ada: Person
    bob: Person

    @property
    def ids(self) -> list[str]:
        return [track["id"] for track in self.tracks]


@pytest.fixture
async def room(make: Maker) -> Room:
    made = Room()
    made.ada, made.bob = await make.person(), await make.person()
    made.artist = await make.artist(made.ada)
    audio = plain_song()
    made.tracks = [await make.track(made.ada, made.artist, audio=audio, title=title) for title in ("One", "Two")]
    return made


async def test_a_bookmark_is_one_a_track(room: Room, house: House, clock: FrozenClock) -> None:
    first = room.ids[0]
    words = {"position_ms": 1_000, "comment": "The  bridge"}
    for _ in range(2):
        assert (await room.bob.put(f"/stream/bookmarks/{first}", json=words)).status_code == 204
    clock.move(timedelta(minutes=1))
    await room.bob.put(f"/stream/bookmarks/{first}", json={"position_ms": 2_000})
    await room.bob.put(f"/stream/bookmarks/{room.ids[1]}", json={"position_ms": 3_000})
    found = (await room.bob.get("/stream/bookmarks")).json()
    assert {one["content_id"]: (one["position_ms"], one["comment"]) for one in found} == {
        first: (2_000, ""),
        room.ids[1]: (3_000, ""),
    }
    assert all(one["track"]["id"] == one["content_id"] for one in found)
    assert (await room.ada.get("/stream/bookmarks")).json() == []
    for _ in range(2):
        assert (await room.bob.delete(f"/stream/bookmarks/{first}")).status_code == 204
    assert len((await room.bob.get("/stream/bookmarks")).json()) == 1


async def test_bookmarks_are_refused_where_nothing_is_heard(room: Room, make: Maker, house: House) -> None:
    draft = await make.track(room.ada, room.artist, published=False)
    async with unchanged(house.db):
        for content_id in (draft["id"], out(Kind.TRACK, new_uuid())):
            answer = await room.bob.put(f"/stream/bookmarks/{content_id}", json={"position_ms": 1})
            assert refused(answer) == (404, "content_not_found")
        answer = await room.bob.put(f"/stream/bookmarks/{room.ids[0]}", json={"position_ms": -1})
        assert pointers(answer) == {"/position_ms"}


async def test_what_is_played_is_shown_until_it_is_over(room: Room, house: House, clock: FrozenClock) -> None:
    begun = {"content_id": room.ids[0], "event_id": str(new_uuid())}
    assert (await room.bob.post("/stream/play", json=begun)).status_code == 201
    shown = (await room.ada.get("/stream/now-playing")).json()
    assert [(one["user_id"], one["track"]["id"]) for one in shown] == [(room.bob.id, room.ids[0])]
    clock.move(timedelta(seconds=100 + 61))
    assert (await room.ada.get("/stream/now-playing")).json() == []


async def test_each_player_plays_one_thing(room: Room, house: House) -> None:
    user = parse(Kind.USER, room.bob.id)
    for player, track in (("Feishin", 0), ("feishin_", 1), ("Phone", 0)):
        async with house.db.unit(user) as uow:
            await playback.play_now(uow, user, parse(Kind.TRACK, room.ids[track]), player)
    shown = (await room.ada.get("/stream/now-playing")).json()
    assert sorted((one["player"], one["track"]["title"]) for one in shown) == [("Phone", "One"), ("feishin_", "Two")]
    assert len({one["player_id"] for one in shown}) == 2


async def test_private_sessions_are_shown_to_nobody_else(room: Room, house: House, clock: FrozenClock) -> None:
    begun = {"content_id": room.ids[0], "event_id": str(new_uuid()), "private": True}
    await room.bob.post("/stream/play", json=begun)
    assert (await room.ada.get("/stream/now-playing")).json() == []
    assert len((await room.bob.get("/stream/now-playing")).json()) == 1
    for viewer, expected in ((room.ada, 0), (room.bob, 1)):
        async with house.db.unit(parse(Kind.USER, viewer.id)) as uow:
            count = await uow.conn.exec_driver_sql("SELECT count(*) FROM playback.now_playing")
            assert count.scalar_one() == expected


async def test_nobody_writes_what_another_plays(room: Room, house: House) -> None:
    await room.bob.post("/stream/play", json={"content_id": room.ids[0], "event_id": str(new_uuid())})
    async with house.db.unit(parse(Kind.USER, room.ada.id)) as uow:
        done = await uow.conn.exec_driver_sql("UPDATE playback.now_playing SET player = 'mine'")
        assert done.rowcount == 0
    assert [row.player for row in await rows(house.db, "SELECT player FROM playback.now_playing")] == ["Antiphon"]
