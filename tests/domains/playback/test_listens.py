"""Listens that apps tell of: each counts once, by whatever ways it is told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.playback import api as playback
from antiphon.domains.playback import model_listens as model
from antiphon.domains.playback.model import MOST_A_DAY
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, plain_song


class Room:
    """An album of two tracks of 100 s, by Ada; Bob listens."""

    artist: dict[str, Any]
    album: dict[str, Any]
    tracks: list[dict[str, Any]]
    ada: Person
    bob: Person

    async def tell(self, *listens: tuple[int, datetime | None], who: Person | None = None) -> int:
        told = [{"content_id": self.tracks[which]["id"], "at": at.isoformat() if at else None} for which, at in listens]
        answer = await (who or self.bob).post("/stream/listens", json={"listens": told, "client": "Test"})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["new"])

    async def play(self, clock: FrozenClock, which: int = 0) -> bool:
        """By heartbeats, 40 s of it."""
        begun = {"content_id": self.tracks[which]["id"], "event_id": str(new_uuid())}
        session = (await self.bob.post("/stream/play", json=begun)).json()["session_id"]
        clock.move(timedelta(seconds=40))
        beat = {"session_id": session, "event_id": str(new_uuid()), "position_ms": 40_000, "played_ms": 40_000}
        return bool((await self.bob.put("/stream/progress", json=beat)).json()["counted"])

    async def heard(self, house: House) -> dict[str, tuple[int, datetime | None]]:
        user = parse(Kind.USER, self.bob.id)
        ids = {track["id"]: parse(Kind.TRACK, track["id"]) for track in self.tracks}
        ids[self.album["id"]] = parse(Kind.ALBUM, self.album["id"])
        async with house.db.unit(user) as uow:
            found = await playback.heard(uow.conn, user, list(ids.values()))
        return {name: (found[one].plays, found[one].last_played_at) for name, one in ids.items() if one in found}

    async def plays(self, which: int = 0) -> int:
        return int((await self.bob.get(f"/content/{self.tracks[which]['id']}")).json()["stats"]["plays"])


@pytest.fixture
async def room(make: Maker) -> Room:
    made = Room()
    made.ada, made.bob = await make.person(), await make.person()
    made.artist = await make.artist(made.ada)
    made.album = await make.album(made.ada, made.artist)
    audio = plain_song()
    made.tracks = [await make.track(made.ada, made.artist, audio=audio, album_id=made.album["id"]) for _ in range(2)]
    await made.ada.post(f"/content/{made.album['id']}/publish")
    return made


async def test_a_listen_counts_once_however_often_it_is_told(room: Room, house: House, clock: FrozenClock) -> None:
    at = clock.now() - timedelta(hours=2)
    assert await room.tell((0, at), (1, at + timedelta(minutes=2))) == 2
    async with unchanged(house.db):
        assert await room.tell((0, at)) == 0
        assert await room.tell((0, at + timedelta(milliseconds=400))) == 0  # the same second
        assert await room.tell((0, at + timedelta(seconds=20)), (0, at - timedelta(seconds=20))) == 0
    assert await room.tell((0, at + timedelta(seconds=100))) == 1  # heard again at once
    assert (await room.plays(0), await room.plays(1)) == (2, 1)
    assert await facts(house.db, "playback.play_counted") == 3
    heard = await room.heard(house)
    assert heard[room.tracks[0]["id"]] == (2, at + timedelta(seconds=100))
    assert heard[room.album["id"]] == (3, at + timedelta(minutes=2))


async def test_late_listens_move_no_last_time_back(room: Room, house: House, clock: FrozenClock) -> None:
    now = clock.now()
    assert await room.tell((0, now)) == 1
    assert await room.tell((0, now - timedelta(days=400))) == 1
    assert (await room.heard(house))[room.tracks[0]["id"]] == (2, now.replace(microsecond=0))


async def test_times_that_say_nothing_mean_now(room: Room, house: House, clock: FrozenClock) -> None:
    """Subsonic quirk 19: a time near 1970 means none; and nobody heard anything tomorrow."""
    for at in (datetime(1970, 1, 1, tzinfo=UTC), clock.now() + timedelta(days=1), None):
        await room.tell((0, at))
    told = await rows(house.db, "SELECT at FROM playback.scrobbles")
    assert [row.at for row in told] == [clock.now().replace(microsecond=0)]


async def test_heartbeats_and_an_app_tell_of_the_same_listen(room: Room, house: House, clock: FrozenClock) -> None:
    begun = clock.now()
    assert await room.play(clock)
    assert await room.tell((0, begun)) == 0
    assert await room.plays() == 1
    assert await room.tell((0, begun + timedelta(seconds=100))) == 1  # the session stands for one of them only


async def test_an_app_tells_before_the_heartbeats_count(room: Room, house: House, clock: FrozenClock) -> None:
    assert await room.tell((0, clock.now())) == 1
    assert await room.play(clock)
    assert await room.plays() == 1
    clock.move(timedelta(seconds=100))
    assert await room.play(clock)
    assert await room.plays() == 2
    assert (await room.heard(house))[room.album["id"]][0] == 2
    assert await facts(house.db, "playback.play_counted") == 2


async def test_ten_at_once_count_once(room: Room, house: House, clock: FrozenClock) -> None:
    new = await asyncio.gather(*(room.tell((0, clock.now())) for _ in range(10)))
    assert sorted(new) == [0] * 9 + [1]
    assert await room.plays() == 1


async def test_people_are_counted_apart(room: Room, house: House, clock: FrozenClock) -> None:
    assert [await room.tell((0, clock.now()), who=who) for who in (room.ada, room.bob)] == [1, 1]
    assert (await room.heard(house))[room.tracks[0]["id"]][0] == 1
    for table in ("scrobbles", "heard_tracks", "heard_albums"):
        async with house.db.unit(parse(Kind.USER, room.bob.id)) as uow:
            count = await uow.conn.exec_driver_sql(f"SELECT count(*) FROM playback.{table}")
            assert count.scalar_one() == 1, table
        async with house.db.read() as conn:
            assert (await conn.exec_driver_sql(f"SELECT count(*) FROM playback.{table}")).scalar_one() == 0


async def _set_apart(house: House) -> list[str | None]:
    found = await rows(house.db, "SELECT set_apart FROM playback.plays WHERE NOT imported ORDER BY started_at")
    return [row.set_apart for row in found]


async def test_what_nobody_can_have_heard_so_is_set_apart(room: Room, house: House, clock: FrozenClock) -> None:
    """Kept and counted, but nobody is paid for it."""
    at = clock.now() - timedelta(hours=3)
    close, later = timedelta(seconds=29), timedelta(minutes=10)
    assert await room.tell((0, at), (1, at + close), (1, at + later)) == 3
    assert await _set_apart(house) == [None, "overlap", None]
    assert await room.tell((0, at + later - close), (0, at + later + later)) == 2
    assert await _set_apart(house) == [None, "overlap", "overlap", None, None]
    assert await room.play(clock)
    await room.tell((1, clock.now() - timedelta(seconds=30)))  # the heartbeats began 40 s ago
    assert await _set_apart(house) == [None, "overlap", "overlap", None, None, None, "overlap"]
    assert await room.tell((0, at), (1, at + close), who=room.ada) == 2
    assert (await room.plays(0), await room.plays(1)) == (5, 4)


async def test_more_than_anybody_hears_in_a_day_is_set_apart(room: Room, house: House, clock: FrozenClock) -> None:
    user, track = parse(Kind.USER, room.bob.id), parse(Kind.TRACK, room.tracks[0]["id"])
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql(
            "INSERT INTO playback.plays (session_id, track_id, user_id, started_at, counted_at, imported) "
            f"SELECT gen_random_uuid(), '{track}', '{user}', d, d, true FROM generate_series(1, {MOST_A_DAY - 1}) n, "
            f"LATERAL (SELECT '{clock.now()}'::timestamptz - n * interval '60 s') AS at(d)"
        )
    assert await room.tell((0, None)) == 1
    clock.move(timedelta(minutes=1))
    assert await room.tell((1, None)) == 1
    assert await _set_apart(house) == [None, "rate"]


async def _private(room: Room, clock: FrozenClock, hours: int) -> None:
    until = (clock.now() + timedelta(hours=hours)).isoformat() if hours else None
    answer = await room.bob.put("/users/me/preferences", json={"private_session_until": until})
    assert answer.status_code == 200, answer.text


async def test_private_listens_count_and_leave_no_trace(room: Room, house: House, clock: FrozenClock) -> None:
    began = clock.now()
    await _private(room, clock, 1)
    assert await room.tell((0, began)) == 1
    clock.move(timedelta(minutes=5))
    assert await room.play(clock, 1)
    assert (await room.plays(0), await room.plays(1)) == (1, 1)
    assert (await room.bob.get("/stream/history")).json()["items"] == []
    assert await room.heard(house) == {}
    assert {row.user_id for row in await rows(house.db, "SELECT user_id FROM playback.plays")} == {None}
    named = await rows(house.db, "SELECT payload FROM kit.facts WHERE name = 'playback.play_counted'")
    assert all('"user_id": null' in row.payload for row in named)
    linked = "SELECT s.id FROM playback.plays p JOIN playback.sessions s ON s.id = p.session_id"
    assert await rows(house.db, linked) == []
    async with house.db.system() as uow:
        await playback.recount(uow)
    assert await room.heard(house) == {}
    await _private(room, clock, 0)
    assert await room.tell((0, began)) == 0  # told again when nothing is private any more


async def test_what_nobody_can_have_heard_in_private_is_set_apart(room: Room, house: House, clock: FrozenClock) -> None:
    at = clock.now() - timedelta(hours=1)
    await _private(room, clock, 1)
    assert await room.tell((0, at)) == 1
    assert await room.tell((1, at + timedelta(seconds=20))) == 1
    await _private(room, clock, 0)
    assert await room.tell((0, at - timedelta(seconds=40)), (1, at - timedelta(seconds=20))) == 2
    assert await _set_apart(house) == [None, "overlap", None, "overlap"]


async def test_who_listened_in_private_is_forgotten(room: Room, house: House, clock: FrozenClock) -> None:
    assert await room.play(clock)
    await _private(room, clock, 1)
    clock.move(timedelta(minutes=5))
    assert await room.play(clock)
    clock.move(timedelta(minutes=5))
    assert await room.tell((1, None)) == 1
    named = (
        "SELECT (SELECT count(user_id) FROM playback.sessions), (SELECT count(*) FROM playback.scrobbles), "
        "(SELECT count(*) FROM playback.private_times)"
    )
    for days, left in ((1, (2, 1, 2)), (2, (1, 1, 2)), (29, (1, 0, 0))):
        clock.move(timedelta(days=days))
        async with house.db.system() as uow:
            await playback.forget_private(uow)
        assert [tuple(row) for row in await rows(house.db, named)] == [left], days
    plays = await rows(house.db, "SELECT count(*), count(user_id) FROM playback.plays")
    assert [tuple(row) for row in plays] == [(3, 1)]


async def test_what_may_not_be_heard_is_not_counted(room: Room, make: Maker, house: House, clock: FrozenClock) -> None:
    draft = await make.track(room.ada, room.artist, published=False)
    room.tracks.append(draft)
    async with unchanged(house.db):
        answer = await room.bob.post("/stream/listens", json={"listens": [{"content_id": draft["id"]}]})
        assert refused(answer) == (404, "content_not_found")
        gone = {"listens": [{"content_id": out(Kind.TRACK, new_uuid())}]}
        assert refused(await room.bob.post("/stream/listens", json=gone)) == (404, "content_not_found")
        assert pointers(await room.bob.post("/stream/listens", json={"listens": []})) == {"/listens"}
    assert await room.tell((2, clock.now()), (0, clock.now())) == 1  # the one that is there


async def test_albums_by_plays_and_by_time(room: Room, make: Maker, house: House, clock: FrozenClock) -> None:
    other = await make.album(room.ada, room.artist, "Other")
    room.tracks.append(await make.track(room.ada, room.artist, album_id=other["id"]))
    now = clock.now() - timedelta(hours=1)
    await room.tell((0, now), (1, now + timedelta(minutes=5)), (2, now + timedelta(minutes=10)))
    user, first, second = parse(Kind.USER, room.bob.id), room.album["id"], other["id"]
    async with house.db.unit(user) as uow:
        most = await playback.most_played_albums(uow.conn, user, 10)
        last = await playback.recent_albums(uow.conn, user, 10)
        assert [out(Kind.ALBUM, one) for one in most] == [first, second]
        assert [out(Kind.ALBUM, one) for one in last] == [second, first]
        assert await playback.recent_albums(uow.conn, user, 10, 1) == last[1:]


async def test_plays_follow_tracks_that_move_and_go(room: Room, make: Maker, house: House, clock: FrozenClock) -> None:
    other = await make.album(room.ada, room.artist, "Other")
    await room.tell((0, clock.now()), (1, clock.now()))
    moved = await room.ada.put(f"/content/{room.tracks[1]['id']}", json={"album_id": other["id"]})
    assert moved.status_code == 200, moved.text
    await make.settle()
    user = parse(Kind.USER, room.bob.id)
    found = await rows(house.db, "SELECT album_id, plays FROM playback.heard_albums WHERE user_id = :u", u=user)
    assert {out(Kind.ALBUM, row.album_id): row.plays for row in found} == {room.album["id"]: 1, other["id"]: 1}
    await room.ada.delete(f"/content/{room.tracks[0]['id']}")
    await make.settle()
    assert set(await room.heard(house)) == {room.tracks[1]["id"]}


async def test_counters_are_put_right_from_the_plays(room: Room, house: House, clock: FrozenClock) -> None:
    await room.tell((0, clock.now()), (1, clock.now()))
    await room.play(clock)
    right = await room.heard(house)
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql("UPDATE playback.heard_tracks SET plays = 99")
        await uow.conn.exec_driver_sql("DELETE FROM playback.heard_albums")
    async with house.db.system() as uow:
        await playback.recount(uow)
    assert await room.heard(house) == right


TRACK = UUID(int=1)
TIMES = st.lists(st.integers(0, 1_000), max_size=30)


@given(times=TIMES, duration_ms=st.one_of(st.none(), st.integers(1, 600_000)), split=st.integers(0, 30))
def test_listens_told_in_parts_and_again_stay_apart(times: list[int], duration_ms: int | None, split: int) -> None:
    """Whatever is told, in whatever pieces: what counts lies apart, and telling everything again adds nothing."""
    start, durations = datetime(2030, 1, 1, tzinfo=UTC), {TRACK: duration_ms}
    told = [(TRACK, start + timedelta(seconds=second)) for second in times]
    known = model.distinct(told[:split], [], durations)
    known += model.distinct(told[split:], known, durations)
    assert model.distinct(told, known, durations) == []
    ordered = sorted(at for _, at in known)
    assert all(not model.same_listen(a, b, duration_ms) for a, b in pairwise(ordered))
    assert set(known) <= set(told)


@given(times=TIMES, sessions=TIMES)
def test_no_session_stands_for_two_listens(times: list[int], sessions: list[int]) -> None:
    start, durations = datetime(2030, 1, 1, tzinfo=UTC), {TRACK: 100_000}
    told = model.distinct([(TRACK, start + timedelta(seconds=second)) for second in times], [], durations)
    had = [model.Told(UUID(int=n), TRACK, start + timedelta(seconds=s)) for n, s in enumerate(sessions)]
    found = model.matched(told, had, durations)
    assert len(set(found.values())) == len(found)
    assert found.keys() <= set(told)


def test_one_app_with_several_names_is_one_player() -> None:
    """Subsonic quirk 43: `c` varies within one app."""
    assert len({model.player_key(name) for name in ("Feishin", "feishin_", "FEISHIN")}) == 1
