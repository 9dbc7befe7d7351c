"""What counts as a play: heard, not claimed, and once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.domains.playback import api as playback
from antiphon.domains.playback import model
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import new_uuid
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, plain_song

API = "/api/v1"


@dataclass
class Listening:
    http: httpx.AsyncClient
    track: dict[str, Any]
    who: Person | None = None

    @property
    def headers(self) -> dict[str, str]:
        return self.who.headers if self.who else {}

    async def play(self, event: str | None = None, **more: Any) -> httpx.Response:
        body = {"content_id": self.track["id"], "event_id": event or str(new_uuid()), **more}
        return await self.http.post(f"{API}/stream/play", json=body, headers=self.headers)

    async def begin(self, event: str | None = None, **more: Any) -> str:
        answer = await self.play(event, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["session_id"])

    async def tell(self, session: str, played_ms: int, position_ms: int = 0) -> bool:
        body = {
            "session_id": session, "event_id": str(new_uuid()), "position_ms": position_ms, "played_ms": played_ms,
        }  # fmt: skip
        answer = await self.http.put(f"{API}/stream/progress", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["counted"])

    async def plays(self) -> int:
        return int((await self.http.get(f"{API}/content/{self.track['id']}")).json()["stats"]["plays"])


@pytest.fixture
async def listening(make: Maker, http: httpx.AsyncClient) -> Listening:
    ada = await make.person()
    return Listening(http, await make.track(ada, await make.artist(ada), audio=plain_song()))


async def test_thirty_seconds_count_once(listening: Listening, clock: FrozenClock, house: House) -> None:
    session = await listening.begin()
    assert not await listening.tell(session, 10**10)  # claimed, not heard
    clock.move(timedelta(seconds=27))
    assert not await listening.tell(session, 29_999)
    clock.move(timedelta(seconds=1))
    assert await listening.tell(session, 30_000)  # 28 s and 2 s of grace
    for _ in range(3):
        assert await listening.tell(session, 0)
        clock.move(timedelta(minutes=10))
        assert await listening.tell(session, 10**9)
    assert await listening.plays() == 1
    assert await facts(house.db, "playback.play_counted") == 1


async def test_half_of_a_short_track_counts(make: Maker, http: httpx.AsyncClient, clock: FrozenClock) -> None:
    ada = await make.person()
    short = Listening(http, await make.track(ada, await make.artist(ada), audio=plain_song(20.0)))
    session = await short.begin()
    clock.move(timedelta(seconds=60))
    assert not await short.tell(session, 9_999)
    assert await short.tell(session, 10_000)


async def test_what_was_heard_is_not_forgotten(listening: Listening, clock: FrozenClock) -> None:
    session = await listening.begin()
    clock.move(timedelta(seconds=25))
    assert not await listening.tell(session, 25_000)
    clock.move(timedelta(seconds=25))
    assert not await listening.tell(session, 3_000)  # late, of before
    assert await listening.tell(session, 31_000)


BEATS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 10**10)), max_size=12)


@given(duration_ms=st.integers(1, 600_000), beats=BEATS)
def test_no_claims_count_before_their_time(duration_ms: int, beats: list[tuple[int, int]]) -> None:
    """The rule itself, for any track, any pauses and any claims."""
    began = datetime.fromisoformat("2030-01-01T00:00:00+00:00")
    threshold, played, passed = model.threshold_ms(duration_ms), 0, 0
    assert 1 <= threshold <= 30_000
    for wait_ms, claimed in beats:
        passed += wait_ms
        played = max(played, model.credible_ms(claimed, began, began + timedelta(milliseconds=passed)))
        assert played <= passed + model.GRACE_MS


@pytest.mark.parametrize("seed", range(3))
async def test_any_heartbeats_count_at_most_once(
    listening: Listening, clock: FrozenClock, house: House, seed: int
) -> None:
    generator = random.Random(seed)
    session, passed, counted = await listening.begin(), 0, False
    for _ in range(25):
        wait = generator.choice([0, 0, 500, 3_000, 9_000])
        clock.move(timedelta(milliseconds=wait))
        passed += wait
        said = await listening.tell(session, generator.choice([0, passed, 29_999, 30_000, 10**9]))
        assert not (counted and not said), "a play was taken back"
        assert not said or passed + model.GRACE_MS >= 30_000
        counted = said
    assert await listening.plays() == int(counted) == len(await rows(house.db, "SELECT 1 FROM playback.plays"))


async def test_an_event_begins_one_play(
    listening: Listening, make: Maker, house: House, http: httpx.AsyncClient
) -> None:
    event = str(new_uuid())
    session = await listening.begin(event)
    async with unchanged(house.db):
        assert await listening.begin(event) == session
    eve = await make.person()
    other = Listening(http, await make.track(eve, await make.artist(eve, "Other")))
    async with unchanged(house.db):
        assert refused(await Listening(http, listening.track, eve).play(event)) == (409, "event_id_reused")
        assert refused(await other.play(event)) == (409, "event_id_reused")


async def test_plays_of_offline_hours_are_told_later(listening: Listening, clock: FrozenClock, house: House) -> None:
    before = (clock.now() - timedelta(hours=3)).isoformat()
    assert await listening.tell(await listening.begin(started_at=before), 31_000)
    ages_ago, ahead = clock.now() - timedelta(days=365), clock.now() + timedelta(days=1)
    await listening.begin(started_at=ages_ago.isoformat())
    future = await listening.begin(started_at=ahead.isoformat())
    assert not await listening.tell(future, 31_000)
    starts = {row[0] for row in await rows(house.db, "SELECT started_at FROM playback.sessions")}
    assert starts == {clock.now() - timedelta(hours=3), clock.now() - timedelta(days=30), clock.now()}


async def test_a_session_belongs_to_who_began_it(
    listening: Listening, make: Maker, clock: FrozenClock, house: House
) -> None:
    ada, eve = await make.person(), await make.person()
    hers = Listening(listening.http, listening.track, ada)
    session = await hers.begin()
    clock.move(timedelta(seconds=40))
    ada_again = {"session_id": session, "event_id": str(new_uuid()), "position_ms": 0, "played_ms": 40_000}
    async with unchanged(house.db):
        for headers in ({}, eve.headers):
            answer = await listening.http.put(f"{API}/stream/progress", json=ada_again, headers=headers)
            assert refused(answer) == (404, "play_session_not_found")
    assert await hers.tell(session, 40_000)


async def test_drafts_are_heard_uncounted(
    make: Maker, http: httpx.AsyncClient, clock: FrozenClock, house: House
) -> None:
    ada = await make.person()
    draft = await make.track(ada, await make.artist(ada), published=False)
    own = Listening(http, draft, ada)
    session = await own.begin()
    clock.move(timedelta(seconds=60))
    assert not await own.tell(session, 60_000)
    assert (await ada.post(f"/content/{draft['id']}/publish")).status_code == 200
    assert not await own.tell(session, 60_000)
    assert await rows(house.db, "SELECT 1 FROM playback.plays") == []


async def test_a_play_of_a_track_that_went_harms_nothing(
    make: Maker, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    ada = await make.person()
    gone = Listening(http, await make.track(ada, await make.artist(ada)))
    session = await gone.begin()
    await ada.delete(f"/content/{gone.track['id']}")
    clock.move(timedelta(seconds=40))
    await gone.tell(session, 40_000)
    assert refused(await gone.play()) == (404, "content_not_found")


async def test_malformed_plays_are_pointed_at(listening: Listening, house: House) -> None:
    event = str(new_uuid())
    plays: list[tuple[dict[str, Any], str]] = [
        ({"content_id": listening.track["id"]}, "/event_id"),
        ({"content_id": listening.track["id"], "event_id": "x"}, "/event_id"),
        ({"content_id": 1, "event_id": event}, "/content_id"),
        ({"content_id": listening.track["id"], "event_id": event, "started_at": "2020-01-01T00:00:00"}, "/started_at"),
        ({"content_id": listening.track["id"], "event_id": event, "started_at": "soon"}, "/started_at"),
    ]
    beat = {"session_id": "ses_x", "event_id": event, "position_ms": 0, "played_ms": 0}
    beats: list[tuple[dict[str, Any], str]] = [
        (beat | {"played_ms": -1}, "/played_ms"),
        (beat | {"position_ms": 10**11}, "/position_ms"),
        (beat | {"played_ms": "soon"}, "/played_ms"),
        (beat | {"played_ms": 1.5}, "/played_ms"),
    ]
    async with unchanged(house.db):
        for body, pointer in plays:
            assert pointers(await listening.http.post(f"{API}/stream/play", json=body)) == {pointer}, body
        for body, pointer in beats:
            assert pointers(await listening.http.put(f"{API}/stream/progress", json=body)) == {pointer}, body
        assert refused(await listening.http.put(f"{API}/stream/progress", json=beat)) == (404, "not_found")


async def test_counters_are_put_right_from_the_plays(listening: Listening, clock: FrozenClock, house: House) -> None:
    sessions = [await listening.begin() for _ in range(3)]
    clock.move(timedelta(seconds=40))
    assert all([await listening.tell(session, 40_000) for session in sessions])
    for wrong in ("UPDATE catalog.track_stats SET plays = 99", "DELETE FROM catalog.track_stats"):
        async with house.db.system() as uow:
            await uow.conn.execute(text(wrong))
        async with house.db.system() as uow:
            assert await playback.recount(uow) == 1
        assert await listening.plays() == 3
    async with house.db.system() as uow:
        assert await playback.recount(uow) == 0


async def test_a_long_track_goes_on_where_it_was_left(make: Maker, http: httpx.AsyncClient, clock: FrozenClock) -> None:
    ada, bob, eve = await make.person(), await make.person(), await make.person()
    mix = await make.track(ada, await make.artist(ada), audio=fake_audio(seconds=3_600.0))

    async def leave(at_s: int, **begun: object) -> None:
        event = {"content_id": mix["id"], "event_id": str(new_uuid()), **begun}
        session = (await bob.post("/stream/play", json=event)).json()["session_id"]
        clock.move(timedelta(seconds=20))
        beat = {"session_id": session, "event_id": str(new_uuid()), "position_ms": at_s * 1000, "played_ms": 20_000}
        assert (await bob.put("/stream/progress", json=beat)).status_code == 200

    for at_s, resume in ((2_050, 2_050_000), (30, None), (1_000, 1_000_000), (3_590, None)):
        await leave(at_s)
        assert (await bob.get(f"/stream/{mix['id']}")).json()["resume_ms"] == resume
    await leave(500)
    await leave(900, private=True)
    assert (await bob.get(f"/stream/{mix['id']}")).json()["resume_ms"] == 500_000
    assert (await eve.get(f"/stream/{mix['id']}")).json()["resume_ms"] is None
    assert (await http.get(f"{API}/stream/{mix['id']}")).json()["resume_ms"] is None


async def test_a_person_sees_what_they_heard_the_last_first(
    listening: Listening, make: Maker, clock: FrozenClock
) -> None:
    bob, eve = await make.person(), await make.person()
    other = await make.track(bob, await make.artist(bob, "Other"), audio=plain_song())
    tracks = [listening.track, other, listening.track]
    for track in tracks:
        heard = Listening(listening.http, track, bob)
        session = await heard.begin()
        clock.move(timedelta(seconds=40))
        assert await heard.tell(session, 40_000)
        clock.move(timedelta(minutes=2))
    first = (await bob.get("/stream/history", params={"limit": 2})).json()
    rest = (await bob.get("/stream/history", params={"limit": 2, "cursor": first["next"]})).json()
    assert [one["track"]["id"] for one in [*first["items"], *rest["items"]]] == [t["id"] for t in reversed(tracks)]
    assert rest["next"] is None
    assert (await eve.get("/stream/history")).json()["items"] == []
    await bob.delete(f"/content/{other['id']}")
    assert [one["track"] is None for one in (await bob.get("/stream/history")).json()["items"]] == [False, True, False]
