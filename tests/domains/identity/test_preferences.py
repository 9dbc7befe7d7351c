"""What a person likes, agreed to and shows of themselves, through HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.identity import api as identity
from antiphon.domains.identity.model_privacy import asked_purposes, clean_links
from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House, build
from antiphon.kit.errors import Invalid
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import Settings, SettingsError
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.audio import png
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good

FIRST = {
    "language": "en",
    "language_chosen": False,
    "theme": "system",
    "reduced_motion": False,
    "single_keys": True,
    "player": {"loudness": "track", "quality": "auto", "crossfade_s": 0, "explicit": True},
    "private_profile": False,
    "private_session_until": None,
    "version": 0,
}


async def test_preferences_are_there_before_anybody_chose_any(make: Maker) -> None:
    ada = await make.person()
    seen = await ada.get("/users/me/preferences")
    assert seen.json() == FIRST
    assert seen.headers["etag"] == '"v0"'


async def test_preferences_are_changed_against_their_version(make: Maker) -> None:
    ada = await make.person()
    change = {"theme": "dark", "player": {"quality": "lossless"}, "language": "de"}
    first = await ada.put("/users/me/preferences", json=change, headers={"If-Match": '"v0"'})
    assert first.json() == FIRST | {
        "theme": "dark",
        "language": "de",
        "language_chosen": True,
        "player": {"loudness": "track", "quality": "lossless", "crossfade_s": 0, "explicit": True},
        "version": 1,
    }
    assert good(await ada.get("/users/me"))["language"] == "de"
    late = await ada.put("/users/me/preferences", json={"theme": "light"}, headers={"If-Match": '"v0"'})
    assert refused(late) == (412, "version_conflict")
    assert refused(await ada.put("/users/me/preferences", json={"theme": "light"}, headers={"If-Match": '"v9"'})) == (
        412,
        "version_conflict",
    )
    assert good(await ada.put("/users/me/preferences", json={"theme": "light"}))["version"] == 2
    bob = await make.person()
    assert good(await bob.get("/users/me/preferences")) == FIRST


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"theme": "pink"}, "/theme"),
        ({"language": "tlh"}, "/language"),
        ({"player": {"crossfade_s": 13}}, "/player/crossfade_s"),
        ({"private_session_until": "tomorrow"}, "/private_session_until"),
    ],
)
async def test_impossible_preferences_are_pointed_at(
    make: Maker, house: House, given: dict[str, Any], pointer: str
) -> None:
    ada = await make.person()
    async with unchanged(house.db, "identity"):
        assert pointers(await ada.put("/users/me/preferences", json=given)) == {pointer}


async def test_a_private_session_ends_soon(make: Maker, clock: FrozenClock) -> None:
    ada = await make.person()
    until = (clock.now() + timedelta(hours=6)).isoformat()
    begun = good(await ada.put("/users/me/preferences", json={"private_session_until": until}))
    assert begun["private_session_until"] is not None
    clock.move(timedelta(minutes=5))
    assert good(await ada.get("/users/me/preferences"))["private_session_until"] is not None
    ended = good(await ada.put("/users/me/preferences", json={"private_session_until": None}))
    assert ended["private_session_until"] is None
    late = (clock.now() + timedelta(days=8)).isoformat()
    assert pointers(await ada.put("/users/me/preferences", json={"private_session_until": late})) == {
        "/private_session_until"
    }


async def test_plays_in_a_private_session_count_but_name_nobody(make: Maker, house: House, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    track = await make.track(ada, await make.artist(ada))
    assert await played(bob, track, clock, house) == {"private": False}
    until = (clock.now() + timedelta(minutes=8)).isoformat()
    good(await bob.put("/users/me/preferences", json={"private_session_until": until}))
    assert await played(bob, track, clock, house) == {"private": True}
    good(await bob.put("/users/me/preferences", json={"private_session_until": None}))
    assert await played(bob, track, clock, house, private=True) == {"private": True}
    seen = good(await ada.get(f"/users/{bob.id}"))
    assert seen["stats"] == {"followers": 0, "plays": 1, "likes": 0}
    assert good(await ada.get(f"/content/{track['id']}"))["stats"]["plays"] == 3
    named = await rows(house.db, "SELECT payload->>'user_id' FROM kit.facts WHERE name = 'playback.play_counted'")
    assert sorted(row[0] is None for row in named) == [False, True, True]


async def played(
    by: Person, track: dict[str, Any], clock: FrozenClock, house: House, *, private: bool = False
) -> dict[str, bool]:
    event = f"0198c0de-0000-7000-8000-{clock.now().timestamp():012.0f}"
    start = {"content_id": track["id"], "event_id": event, "private": private}
    session = good(await by.post("/stream/play", json=start))["session_id"]
    clock.move(timedelta(seconds=60))
    heard = {"session_id": session, "event_id": event, "position_ms": 60_000, "played_ms": 60_000}
    assert good(await by.put("/stream/progress", json=heard))["counted"]
    (row,) = await rows(house.db, "SELECT private FROM playback.plays ORDER BY counted_at DESC LIMIT 1")
    return {"private": row.private}


async def test_counters_that_are_wrong_are_put_right(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada))
    await played(ada, track, clock, house)
    async with house.db.system() as uow:
        assert await playback.recount(uow) == 0
    await change(house, "UPDATE identity.user_stats SET plays = 7")
    async with house.db.system() as uow:
        assert await playback.recount(uow) == 1
    assert good(await ada.get("/users/me"))["stats"]["plays"] == 1


async def change(house: House, statement: str) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text(statement))


async def test_nobody_need_be_asked_anything(make: Maker) -> None:
    ada = await make.person()
    consents = good(await ada.get("/users/me/consents"))
    assert consents["needed"] == []
    assert consents["history"] == []
    assert {one["purpose"]: one["asked"] for one in consents["purposes"]} == {
        "terms": False,
        "privacy": False,
        "newsletter": False,
        "analytics": False,
    }


class TestWhereSomethingIsAsked:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, consents_asked="terms, newsletter")

    async def test_answers_are_added_and_the_last_counts(self, make: Maker, house: House) -> None:
        ada = await make.person()
        assert good(await ada.get("/users/me/consents"))["needed"] == ["terms", "newsletter"]
        no = {"purpose": "newsletter", "version": "1", "granted": False}
        assert good(await ada.put("/users/me/consents", json=no))["needed"] == ["terms"]
        refusing = {"purpose": "terms", "version": "1", "granted": False}
        assert good(await ada.put("/users/me/consents", json=refusing))["needed"] == ["terms"]
        done = good(await ada.put("/users/me/consents", json=refusing | {"granted": True}))
        assert done["needed"] == []
        again = good(await ada.put("/users/me/consents", json=no | {"granted": True}))
        assert [(one["purpose"], one["granted"]) for one in again["history"]] == [
            ("newsletter", True),
            ("terms", True),
            ("terms", False),
            ("newsletter", False),
        ]
        assert [one["granted"] for one in again["purposes"]] == [True, None, True, None]
        assert good(await (await make.person()).get("/users/me/consents"))["history"] == []

    async def test_what_cannot_be_answered_is_refused(self, make: Maker, house: House) -> None:
        ada = await make.person()
        async with unchanged(house.db, "identity"):
            old = await ada.put("/users/me/consents", json={"purpose": "terms", "version": "0", "granted": True})
            assert refused(old) == (409, "consent_outdated")
            assert old.json()["version"] == "1"
            odd = await ada.put("/users/me/consents", json={"purpose": "soul", "version": "1", "granted": True})
            assert refused(odd) == (422, "unknown_purpose")

    async def test_answers_cannot_be_changed_afterwards(self, make: Maker, house: House) -> None:
        ada = await make.person()
        await ada.put("/users/me/consents", json={"purpose": "terms", "version": "1", "granted": True})
        for statement in ("UPDATE identity.consents SET granted = false", "DELETE FROM identity.consents"):
            with pytest.raises(Exception, match="permission denied"):
                await change(house, statement)


def test_a_purpose_that_there_is_not_is_no_setting(settings: Settings, database_url: str) -> None:
    with pytest.raises(SettingsError, match="soul"):
        build(msgspec.structs.replace(settings, consents_asked="terms,soul"), database_url)
    assert asked_purposes(" terms ,, newsletter ") == ("terms", "newsletter")


async def test_a_profile_has_words_and_links(make: Maker) -> None:
    ada = await make.person()
    change = {
        "bio": "First\r\nof all.  ",
        "links": ["https://Ada.Example", "https://ada.example/", "https://münchen.example/x?y#z"],
    }
    changed = good(await ada.put("/users/me", json=change))
    assert changed["bio"] == "First\nof all."
    assert changed["links"] == ["https://ada.example/", "https://xn--mnchen-3ya.example/x?y#z"]
    assert good(await ada.http.get(f"/api/v1/users/{ada.id}"))["links"] == changed["links"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"links": ["https://a.example"] * 6}, "/links"),
        ({"links": ["https://fine.example", "http://a.example"]}, "/links/1"),
        ({"links": ["javascript:alert(1)"]}, "/links/0"),
        ({"links": ["https://ada@a.example"]}, "/links/0"),
        ({"links": ["https://localhost"]}, "/links/0"),
        ({"links": ["https://a.example/ x"]}, "/links/0"),
        ({"links": ['https://a.example/"onx=1']}, "/links/0"),
        ({"links": ["https://a.example:99999/"]}, "/links/0"),
        ({"bio": "x" * 2001}, "/bio"),
    ],
)
async def test_profiles_that_are_refused(make: Maker, house: House, given: dict[str, Any], pointer: str) -> None:
    ada = await make.person()
    async with unchanged(house.db, "identity"):
        assert pointers(await ada.put("/users/me", json=given)) == {pointer}


@hypothesis.given(st.text(max_size=60))
def test_whatever_is_typed_a_link_that_is_taken_is_safe(typed: str) -> None:
    try:
        links = clean_links([typed, f"https://{typed}"])
    except Invalid:
        return
    for link in links:
        assert link.startswith("https://")
        assert link.isascii() or not any(char.isspace() or char in "<>\"'" for char in link)
        assert clean_links([link]) == [link]


async def test_a_picture_is_shown_and_taken_away(make: Maker, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    assert refused(await ada.get("/users/me/avatar")) == (404, "not_found")
    picture = {"content": png(640, 640, (200, 30, 60)), "headers": {"Content-Type": "image/png"}}
    shown = good(await ada.put("/users/me/avatar", **picture))
    assert sorted(map(int, shown["avatar"]["sizes"])) == sorted(map(int, shown["avatar"]["sizes"]))
    assert good(await bob.get(f"/users/{ada.id}"))["avatar"] == shown["avatar"]
    small = await bob.get(f"/users/{ada.id}/avatar?size=100")
    assert small.status_code == 307
    assert small.headers["location"] == shown["avatar"]["sizes"]["160"]
    assert (await bob.http.get(small.headers["location"])).status_code == 200
    gone = good(await ada.delete("/users/me/avatar"))
    assert gone["avatar"] is None
    assert await rows(house.db, "SELECT 1 FROM media.pictures") == []
    assert refused(await bob.get(f"/users/{ada.id}/avatar")) == (404, "not_found")


async def test_a_private_profile_is_found_by_nobody_else(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, bob, root = await make.person(), await make.person(), await make.person()
    await as_admin(house, root)
    good(await ada.put("/users/me/preferences", json={"private_profile": True}))
    unknown = await bob.get("/users/usr_g0000000000000000000000000")
    for answer in (await bob.get(f"/users/{ada.id}"), await http.get(f"/api/v1/users/{ada.id}")):
        assert refused(answer) == (404, "not_found")
        assert answer.json() == unknown.json()
    assert refused(await bob.get(f"/users/{ada.id}/avatar")) == (404, "not_found")
    assert good(await ada.get(f"/users/{ada.id}"))["handle"] == ada.handle
    assert good(await root.get(f"/users/{ada.id}"))["handle"] == ada.handle
    good(await ada.put("/users/me/preferences", json={"private_profile": False}))
    assert good(await bob.get(f"/users/{ada.id}"))["handle"] == ada.handle


async def as_admin(house: House, person: Person) -> None:
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    answer = await person.http.post("/api/v1/auth/login", json={"email": person.email, "password": person.password})
    person.tokens = answer.json()["tokens"]


async def test_the_badge_is_given_by_who_manages_accounts(make: Maker, house: House) -> None:
    ada, root = await make.person(), await make.person()
    await as_admin(house, root)
    assert refused(await ada.put(f"/users/{ada.id}/verification")) == (403, "permission_missing")
    assert (await root.put(f"/users/{ada.id}/verification")).status_code == 204
    assert good(await ada.get("/users/me"))["verified"] is True
    assert (await root.delete(f"/users/{ada.id}/verification")).status_code == 204
    assert good(await ada.get("/users/me"))["verified"] is False
    assert refused(await root.put("/users/usr_g0000000000000000000000000/verification")) == (404, "not_found")


async def test_private_rows_are_seen_by_nobody_else_even_where_the_application_forgets_to_ask(
    make: Maker, house: House
) -> None:
    ada, bob = await make.person(), await make.person()
    good(await ada.put("/users/me/preferences", json={"theme": "dark"}))
    await ada.put("/users/me/consents", json={"purpose": "terms", "version": "1", "granted": True})
    await ada.post("/users/me/export")
    for table in ("preferences", "consents", "exports"):
        statement = text(f"SELECT count(*) FROM identity.{table}")
        for actor, count in ((None, 0), (bob, 0), (ada, 1)):
            async with house.db.unit(parse(Kind.USER, actor.id) if actor else None) as uow:
                assert (await uow.conn.execute(statement)).scalar_one() == count
