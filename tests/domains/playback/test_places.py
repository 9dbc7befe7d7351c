"""Bookmarks, the saved queue, and what is played now."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.domains.playback import api as playback
from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.model_queue import Queue
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person


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
    audio = fake_audio(seconds=100.0)
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


async def save(person: Person, ids: list[str], **more: Any) -> Any:
    headers = more.pop("headers", {})
    return await person.put("/stream/queue", json={"content_ids": ids, **more}, headers=headers)


async def test_a_queue_keeps_its_order_and_repeats(room: Room, clock: FrozenClock) -> None:
    empty = (await room.bob.get("/stream/queue")).json()
    assert (empty["revision"], empty["current"], empty["tracks"], empty["changed_at"]) == (0, None, [], None)
    one, two = room.ids
    saved = (await save(room.bob, [one, two, one], current=2, position_ms=5_000, changed_by="Phone")).json()
    read = await room.bob.get("/stream/queue")
    assert read.json() == saved
    assert read.headers["etag"] == '"v1"'
    assert [track["id"] for track in saved["tracks"]] == [one, two, one]
    assert (saved["current"], saved["position_ms"], saved["changed_by"]) == (2, 5_000, "Phone")
    cleared = (await save(room.bob, [])).json()
    assert (cleared["revision"], cleared["tracks"], cleared["current"]) == (2, [], None)
    assert (await room.ada.get("/stream/queue")).json() == empty


async def test_an_edit_of_another_revision_is_refused(room: Room, house: House) -> None:
    await save(room.bob, room.ids, headers={"If-Match": '"v0"'})
    await save(room.bob, room.ids, current=1, headers={"If-Match": '"v1"'})
    async with unchanged(house.db):
        for revision in (0, 1, 3):
            answer = await save(room.bob, [], headers={"If-Match": f'"v{revision}"'})
            assert refused(answer) == (412, "version_conflict")
        answer = await save(room.ada, room.ids, headers={"If-Match": '"v7"'})
        assert refused(answer) == (412, "version_conflict")
        assert pointers(await save(room.bob, room.ids, current=2)) == {"/current"}
        assert refused(await save(room.bob, [out(Kind.TRACK, new_uuid())])) == (404, "content_not_found")


async def test_additions_at_once_all_come_in(room: Room, house: House) -> None:
    one, two = room.ids
    answers = await asyncio.gather(
        *(room.bob.post("/stream/queue/add", json={"content_ids": [one, two]}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {200}
    found = (await room.bob.get("/stream/queue")).json()
    assert [track["id"] for track in found["tracks"]] == [one, two] * 5
    await save(room.bob, [one, one], current=0)
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        more = {"content_ids": [two], "next": True}
        added = (await room.bob.post("/stream/queue/add", json=more, headers=key)).json()
    assert [track["id"] for track in added["tracks"]] == [one, two, one]
    assert added["current"] == 0


async def test_tracks_that_went_are_passed_over(room: Room, make: Maker) -> None:
    """Subsonic quirk 43: missing entries are skipped."""
    one, two = room.ids
    await save(room.bob, [one, two, one, two], current=2, position_ms=9_000)
    await room.ada.delete(f"/content/{one}")
    await make.settle()
    found = (await room.bob.get("/stream/queue")).json()
    assert [track["id"] for track in found["tracks"]] == [two, two]
    assert (found["current"], found["position_ms"]) == (1, 0)


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


TRACKS = st.lists(st.integers(0, 4).map(lambda n: UUID(int=n)), max_size=12)


@st.composite
def queues(draw: st.DrawFn) -> Queue:
    tracks = tuple(draw(TRACKS))
    current = draw(st.one_of(st.none(), st.integers(0, len(tracks) - 1))) if tracks else None
    return Queue(tracks, current, draw(st.integers(0, 1000)))


@given(queue=queues(), seen=st.frozensets(st.integers(0, 4).map(lambda n: UUID(int=n))))
def test_what_stays_of_a_queue_goes_on_where_it_was(queue: Queue, seen: frozenset[UUID]) -> None:
    left = model.seen_only(queue, seen)
    assert left.track_ids == tuple(track for track in queue.track_ids if track in seen)
    assert (left.current is None) == (queue.current is None or not left.track_ids)
    if left.current is not None and queue.current is not None:
        if queue.track_ids[queue.current] in seen:
            assert left.track_ids[: left.current] == tuple(t for t in queue.track_ids[: queue.current] if t in seen)
            assert left.track_ids[left.current] == queue.track_ids[queue.current]
            assert left.position_ms == queue.position_ms
        else:
            assert left.position_ms == 0
            later = [track for track in queue.track_ids[queue.current :] if track in seen]
            assert left.track_ids[left.current] == (later[0] if later else left.track_ids[-1])
    assert model.seen_only(left, seen) == left


@given(queue=queues(), more=TRACKS, next_up=st.booleans())
def test_additions_leave_the_current_track_alone(queue: Queue, more: list[UUID], next_up: bool) -> None:
    grown = model.added(queue, more, next_up=next_up)
    assert len(grown.track_ids) == len(queue.track_ids) + len(more)
    assert (grown.current, grown.position_ms) == (queue.current, queue.position_ms)
    if queue.current is not None:
        assert grown.track_ids[: queue.current + 1] == queue.track_ids[: queue.current + 1]
        if next_up:
            assert list(grown.track_ids[queue.current + 1 :][: len(more)]) == more
    elif not next_up:
        assert list(grown.track_ids[len(queue.track_ids) :]) == more
