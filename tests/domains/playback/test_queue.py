"""The queue of a person on all their devices, over REST."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from antiphon.domains.playback.model_queue import QUEUE_MAX
from antiphon.domains.playback.store.queue import KEPT
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good, plain_song

Json = dict[str, Any]


class Room:
    """Two tracks by Ada; Bob listens."""

    artist: Json
    ids: list[str]
    ada: Person
    bob: Person


@pytest.fixture
async def room(make: Maker) -> Room:
    made = Room()
    made.ada, made.bob = await make.person(), await make.person()
    made.artist = await make.artist(made.ada)
    audio = plain_song()
    tracks = [await make.track(made.ada, made.artist, audio=audio, title=title) for title in ("One", "Two")]
    made.ids = [track["id"] for track in tracks]
    return made


async def save(person: Person, ids: list[str], **more: Any) -> Any:
    headers = more.pop("headers", {})
    return await person.put("/stream/queue", json={"content_ids": ids, **more}, headers=headers)


class Device:
    """Keeps a copy of the queue by the rules that the guide gives to clients, and never fetches it again."""

    def __init__(self, person: Person, name: str) -> None:
        self.person, self.name = person, name
        self.revision, self.entries, self.head = 0, list[Json](), Json()
        self.pending: list[Json] = []

    def does(self, kind: str, **words: Any) -> None:
        """Without network."""
        self.pending.append({"id": str(uuid4()), "kind": kind, **words})

    def adds(self, *content_ids: str, **where: str) -> list[str]:
        entries = [{"id": str(uuid4()), "content_id": content_id} for content_id in content_ids]
        self.does("add", entries=entries, **where)
        return [entry["id"] for entry in entries]

    async def connects(self) -> Json:
        told = {"revision": self.revision, "commands": self.pending, "changed_by": self.name}
        answer = good(await self.person.post("/stream/queue/commands", json=told))
        self.pending = []
        self.hears(answer)
        return answer

    def hears(self, changes: Json) -> None:
        assert not changes["reset"]
        for event in changes["events"]:
            gone = {*event["removed"], *(entry["id"] for run in event["placed"] for entry in run["entries"])}
            self.entries = [] if event["cleared"] else [one for one in self.entries if one["id"] not in gone]
            for run in event["placed"]:
                ids = [one["id"] for one in self.entries]
                at = ids.index(run["after"]) + 1 if run["after"] in ids else len(ids) if run["after"] else 0
                self.entries[at:at] = run["entries"]
            self.head = event["head"]
        if changes["order"] is not None:
            known = {one["id"]: one for one in self.entries}
            self.entries = [known[one] for one in changes["order"]]
        self.revision = changes["revision"]

    async def is_right(self) -> bool:
        fetched = good(await self.person.get("/stream/queue"))
        return (self.revision, self.entries, self.head) == (fetched["revision"], fetched["entries"], fetched["head"])

    @property
    def heard(self) -> list[str]:
        return [one["content_id"] for one in self.entries]


async def test_a_queue_keeps_its_order_and_repeats(room: Room) -> None:
    empty = good(await room.bob.get("/stream/queue"))
    assert (empty["revision"], empty["head"]["current"], empty["entries"], empty["changed_at"]) == (0, None, [], None)
    one, two = room.ids
    saved = good(await save(room.bob, [one, two, one], current=2, position_ms=5_000, changed_by="Phone"))
    read = await room.bob.get("/stream/queue")
    assert read.json() == saved
    assert read.headers["etag"] == '"v1"'
    assert [entry["content_id"] for entry in saved["entries"]] == [one, two, one]
    assert [track["id"] for track in saved["tracks"]] == [one, two]
    assert saved["head"]["current"] == saved["entries"][2]["id"]
    assert (saved["head"]["position_ms"], saved["changed_by"]) == (5_000, "Phone")
    again = good(await save(room.bob, [one, two, one], current=1))
    assert again["entries"] == saved["entries"]
    assert again["head"]["current"] == saved["entries"][1]["id"]
    cleared = good(await save(room.bob, []))
    assert (cleared["revision"], cleared["entries"], cleared["head"]["current"]) == (3, [], None)
    assert good(await room.ada.get("/stream/queue")) == empty


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


async def test_additions_at_once_all_come_in(room: Room) -> None:
    one, two = room.ids
    answers = await asyncio.gather(
        *(room.bob.post("/stream/queue/add", json={"content_ids": [one, two]}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {200}
    found = good(await room.bob.get("/stream/queue"))
    assert [entry["content_id"] for entry in found["entries"]] == [one, two] * 5
    saved = good(await save(room.bob, [one, one], current=0))
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        more = {"content_ids": [two], "next": True}
        added = good(await room.bob.post("/stream/queue/add", json=more, headers=key))
    assert [entry["content_id"] for entry in added["entries"]] == [one, two, one]
    assert added["head"]["current"] == saved["entries"][0]["id"]


async def test_two_devices_come_back_and_know_the_same(room: Room, clock: FrozenClock) -> None:
    """Phone and car edit one queue without network; nothing of either is lost, and both end up with what is there."""
    one, two = room.ids
    phone, car = Device(room.bob, "Phone"), Device(room.bob, "Car")
    a, b, c = phone.adds(one, two, one)
    phone.does("jump", entry=b)
    await phone.connects()
    await car.connects()
    assert car.entries == phone.entries
    clock.move(timedelta(minutes=2))
    (d,) = phone.adds(two, after=c)
    phone.does("remove", entries=[c])
    phone.does("position", entry=b, position_ms=7_000, at=clock.now().isoformat())
    (e,) = car.adds(one, place="next")
    car.does("move", entries=[a], after=c)
    earlier = (clock.now() - timedelta(minutes=1)).isoformat()
    car.does("jump", entry=a, at=earlier)
    car.does("repeat", mode="all")
    await phone.connects()
    answer = await car.connects()
    assert [event["changed_by"] for event in answer["events"]] == ["Phone"] * 3 + ["Car"] * 4
    assert {track["id"] for track in answer["tracks"]} == {one, two}
    await phone.connects()
    assert [entry["id"] for entry in car.entries] == [b, e, a, d]
    assert (car.head["current"], car.head["position_ms"], car.head["repeat"]) == (b, 7_000, "all")
    assert await car.is_right()
    assert await phone.is_right()


async def test_a_shuffle_is_taken_back_with_later_edits(room: Room) -> None:
    phone, car = Device(room.bob, "Phone"), Device(room.bob, "Car")
    ids = phone.adds(*[room.ids[0]] * 20)
    await phone.connects()
    await car.connects()
    phone.does("jump", entry=ids[7])
    phone.does("shuffle")
    (last,) = phone.adds(room.ids[1])
    (following,) = phone.adds(room.ids[1], place="next")
    await phone.connects()
    shown = [entry["id"] for entry in phone.entries]
    assert (shown[0], shown[1], shown[-1]) == (ids[7], following, last)
    assert shown[2:-1] != [one for one in ids if one != ids[7]]
    await car.connects()
    assert await car.is_right()
    car.does("unshuffle")
    await car.connects()
    assert [entry["id"] for entry in car.entries] == [*ids[:8], following, *ids[8:], last]
    assert await car.is_right()


async def test_a_radio_goes_on_when_the_end_comes_near(room: Room, make: Maker) -> None:
    phone = Device(room.bob, "Phone")
    genre = {"genres": ["Jazz"]}
    more = [(await make.track(room.ada, room.artist, title=f"More {n}"))["id"] for n in range(2)]
    for content_id in (*room.ids, *more):
        good(await room.ada.put(f"/content/{content_id}", json=genre))
    await make.settle()
    phone.adds(*[room.ids[0]] * 7, room.ids[1])
    phone.does("radio", on=True)
    await phone.connects()
    entries = [entry["id"] for entry in phone.entries]
    phone.does("jump", entry=entries[2])
    await phone.connects()
    assert len(phone.entries) == 8
    phone.does("jump", entry=entries[3])
    answer = await phone.connects()
    assert sorted(phone.heard[8:]) == sorted(more)
    assert {track["id"] for track in answer["tracks"]} == set(more)
    assert await phone.is_right()
    phone.does("radio", on=False)
    phone.does("jump", entry=phone.entries[-1]["id"])
    await phone.connects()
    assert len(phone.entries) == 10


async def test_what_was_told_before_is_not_done_again(room: Room, house: House) -> None:
    phone = Device(room.bob, "Phone")
    phone.adds(*room.ids)
    phone.does("shuffle")
    told = {"revision": 0, "commands": list(phone.pending)}
    first = await phone.connects()
    async with unchanged(house.db):
        assert good(await room.bob.post("/stream/queue/commands", json=told)) == first
    answers = await asyncio.gather(*(room.ada.post("/stream/queue/commands", json=told) for _ in range(4)))
    assert {good(answer)["revision"] for answer in answers} == {2}


async def test_what_cannot_be_done_keeps_nothing_back(room: Room, make: Maker, house: House) -> None:
    draft = await make.track(room.ada, room.artist, published=False)
    phone = Device(room.bob, "Phone")
    unknown = str(uuid4())
    phone.adds(draft["id"], "nonsense")
    hidden = phone.pending[0]["id"]
    phone.adds(draft["id"], room.ids[0])
    phone.does("remove", entries=[unknown])
    phone.does("move", entries=[unknown], after=unknown)
    phone.does("jump", entry=unknown)
    answer = await phone.connects()
    assert answer["refused"] == [{"id": hidden, "code": "content_not_found"}]
    assert phone.heard == [room.ids[0]]
    assert (answer["revision"], phone.head["current"]) == (4, None)
    user = {"user": parse(Kind.USER, room.bob.id), "track": parse(Kind.TRACK, room.ids[0])}
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql(
            "INSERT INTO playback.queue_entries (user_id, id, track_id, rank) "
            f"SELECT '{user['user']}', gen_random_uuid(), '{user['track']}', n::bigint << 32 "
            f"FROM generate_series(2, {QUEUE_MAX}) n"
        )
    phone.adds(room.ids[1])
    full = phone.pending[0]["id"]
    phone.does("repeat", mode="one")
    answer = await phone.connects()
    assert answer["refused"] == [{"id": full, "code": "queue_full"}]
    assert phone.head["repeat"] == "one"
    more = await room.bob.post("/stream/queue/add", json={"content_ids": room.ids})
    assert refused(more) == (409, "queue_full")
    part = good(await room.bob.get("/stream/queue/tracks?start=9990&limit=50"))
    assert [track["id"] for track in part["tracks"]] == [room.ids[0]]


async def test_who_was_away_too_long_begins_anew(room: Room, house: House) -> None:
    phone = Device(room.bob, "Phone")
    (entry,) = phone.adds(room.ids[0])
    await phone.connects()
    for first in range(0, KEPT + 1, 500):
        for n in range(first, first + 500):
            phone.does("position", entry=entry, position_ms=n)
        await phone.connects()
    kept = await rows(house.db, "SELECT count(*) AS n FROM playback.queue_events")
    assert kept[0].n == KEPT
    found = good(await room.bob.get("/stream/queue/events?since=1"))
    assert (found["reset"], found["events"], found["revision"]) == (True, [], phone.revision)
    assert good(await room.bob.get(f"/stream/queue/events?since={phone.revision + 5}"))["reset"]
    assert not good(await room.bob.get(f"/stream/queue/events?since={phone.revision}"))["events"]


async def test_tracks_that_went_stay_as_places_only(room: Room, make: Maker) -> None:
    one, two = room.ids
    await save(room.bob, [one, two, one, two], current=2, position_ms=9_000)
    await room.ada.delete(f"/content/{one}")
    await make.settle()
    found = good(await room.bob.get("/stream/queue"))
    assert [entry["content_id"] for entry in found["entries"]] == [one, two, one, two]
    assert [track["id"] for track in found["tracks"]] == [two]


async def test_devices_hear_of_changes_at_once(room: Room, house: House) -> None:
    phone, car = Device(room.bob, "Phone"), Device(room.bob, "Car")
    phone.adds(*room.ids)
    await phone.connects()
    phone.adds(*room.ids * 40)
    await phone.connects()
    said = await rows(house.db, "SELECT topic, data FROM kit.said WHERE event = 'changed' ORDER BY position")
    assert {one.topic for one in said} == {f"user:{room.bob.id}:queue"}
    first, second = (json.loads(one.data) for one in said)
    assert (first["revision"], first["changed_by"]) == (1, "Phone")
    car.hears({"reset": False, "order": None, "revision": 1, "events": first["events"]})
    assert car.entries == phone.entries[:2]
    assert second == {"revision": 2, "changed_by": "Phone"}


async def test_a_queue_is_its_owners_alone(room: Room, house: House) -> None:
    await save(room.bob, room.ids)
    for viewer, expected in ((room.ada, 0), (room.bob, 2)):
        async with house.db.unit(parse(Kind.USER, viewer.id)) as uow:
            count = await uow.conn.exec_driver_sql("SELECT count(*) FROM playback.queue_entries")
            assert count.scalar_one() == expected
    guest = await room.bob.http.get("/api/v1/stream/queue")
    assert guest.status_code == 401
    assert UUID(good(await room.bob.get("/stream/queue"))["entries"][0]["id"])
