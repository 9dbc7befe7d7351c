"""Publishing later by a simulated clock, and taking down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good


async def _run(house: House) -> None:
    await house.jobs.spec("catalog.publish_due").run()


async def _moderator(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "moderator")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = good(await make.http.post("/api/v1/auth/refresh", json=refresh))["tokens"]
    return person


async def test_works_become_public_when_their_time_comes(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    inside = await make.track(ada, artist, published=False, album_id=album["id"])
    later = await make.track(ada, artist, published=False, album_id=album["id"], title="Later")
    alone = await make.track(ada, artist, published=False, title="Alone")
    now = clock.now()

    async def plan(content: dict[str, Any], minutes: int) -> httpx.Response:
        at = (now + timedelta(minutes=minutes)).isoformat()
        return await ada.put(f"/content/{content['id']}/schedule", json={"publish_at": at})

    assert pointers(await plan(alone, 0)) == {"/publish_at"}
    for content, minutes in ((album, 2), (later, 4), (alone, 2)):
        assert good(await plan(content, minutes))["publish_at"] is not None
    assert good(await ada.delete(f"/content/{alone['id']}/schedule"))["publish_at"] is None
    async with unchanged(house.db):
        await _run(house)
    clock.move(timedelta(minutes=2))
    await _run(house)
    async with unchanged(house.db):
        await _run(house)
    shown = good(await http.get(f"/api/v1/albums/{album['id']}"))
    assert [track["id"] for track in shown["tracks"]] == [inside["id"]]
    assert (await http.get(f"/api/v1/tracks/{alone['id']}")).status_code == 404
    assert (await facts(house.db, "catalog.album_published"), await facts(house.db, "catalog.track_published")) == (
        1,
        1,
    )
    assert refused(await plan(album, 9)) == (409, "published_already")
    clock.move(timedelta(minutes=2))
    await _run(house)
    assert good(await http.get(f"/api/v1/tracks/{later['id']}"))["published"]
    assert good(await ada.get(f"/tracks/{later['id']}"))["publish_at"] is None


async def test_who_waits_for_approval_or_has_left_does_not_publish_by_the_clock(
    make: Maker, house: House, clock: FrozenClock
) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    track = await make.track(ada, artist, published=False)
    plan = {"publish_at": (clock.now() + timedelta(minutes=1)).isoformat()}
    assert refused(await eve.put(f"/content/{track['id']}/schedule", json=plan)) == (404, "content_not_found")
    good(await ada.put(f"/content/{track['id']}/schedule", json=plan))
    clock.move(timedelta(minutes=2))
    for hidden in ("approval = 'waiting', approval_asked_at = now()", "approval = 'approved', withheld_at = now()"):
        async with house.db.system() as uow:
            await uow.conn.exec_driver_sql(f"UPDATE catalog.artists SET {hidden}")
        async with unchanged(house.db):
            await _run(house)
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql("UPDATE catalog.artists SET withheld_at = NULL")
    await _run(house)
    assert good(await ada.get(f"/tracks/{track['id']}"))["published"]


async def test_what_is_taken_down_is_its_managers_alone(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada, mo = await make.person(), await _moderator(make, house)
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    one = await make.track(ada, artist, album_id=album["id"])
    draft = await make.track(ada, artist, published=False, album_id=album["id"], title="Draft")
    two = await make.track(ada, artist, album_id=album["id"], title="Two")
    good(await ada.post(f"/albums/{album['id']}/publish"))
    await ada.post(f"/content/{draft['id']}/unpublish")
    before = good(await http.get(f"/api/v1/albums/{album['id']}"))
    assert refused(await ada.post(f"/content/{album['id']}/take-down", json={"reason": "x"})) == (
        403,
        "permission_missing",
    )
    async with unchanged(house.db, "identity"):
        assert pointers(await mo.post(f"/content/{album['id']}/take-down", json={"reason": "\u0000"})) == {"/reason"}
        assert refused(await mo.post(f"/content/{album['id']}/restore")) == (409, "not_taken_down")
    assert (await mo.post(f"/content/{two['id']}/take-down", json={"reason": "Alone"})).status_code == 204
    clock.move(timedelta(minutes=1))
    assert (await mo.post(f"/content/{album['id']}/take-down", json={"reason": "Not theirs"})).status_code == 204
    assert refused(await mo.post(f"/content/{album['id']}/take-down", json={"reason": "x"})) == (409, "taken_down")
    listed = good(await mo.get("/content/taken-down", params={"limit": 1}))
    [first], more = listed["items"], good(await mo.get("/content/taken-down", params={"cursor": listed["next"]}))
    assert (first["id"], first["taken_down"]["reason"]) == (album["id"], "Not theirs")
    assert [item["id"] for item in more["items"]] == [two["id"]], "what went with its album stands with that"
    assert refused(await ada.get("/content/taken-down")) == (403, "permission_missing")
    opened = good(await mo.get(f"/content/taken-down/{album['id']}"))
    assert (opened["title"], opened["editable"], opened["track_count"]) == (album["title"], False, 2)
    assert [track["id"] for track in opened["tracks"]] == [one["id"], two["id"]], "a draft stays its managers' own"
    alone = good(await mo.get(f"/content/taken-down/{two['id']}"))
    assert (alone["taken_down"]["reason"], alone["album"]["id"], alone["editable"]) == ("Alone", album["id"], False)
    assert refused(await ada.get(f"/content/taken-down/{two['id']}")) == (403, "permission_missing")
    for path in (f"/albums/{album['id']}", f"/tracks/{one['id']}", f"/tracks/{two['id']}"):
        assert (await http.get(f"/api/v1{path}")).status_code == 404
    assert good(await ada.get(f"/albums/{album['id']}"))["taken_down"]["reason"] == "Not theirs"
    assert good(await ada.get(f"/tracks/{two['id']}"))["taken_down"]["reason"] == "Alone"
    async with unchanged(house.db, "identity"):
        for path in (f"/content/{album['id']}/publish", f"/content/{one['id']}/publish"):
            assert refused(await ada.post(path)) == (409, "taken_down")
    assert (await mo.post(f"/content/{album['id']}/restore")).status_code == 204
    after = good(await http.get(f"/api/v1/albums/{album['id']}"))
    assert after["published_at"] == before["published_at"]
    assert [track["id"] for track in after["tracks"]] == [one["id"]]
    assert (await mo.get(f"/content/taken-down/{album['id']}")).status_code == 404
    assert (await mo.post(f"/content/{two['id']}/restore")).status_code == 204
    assert len(good(await http.get(f"/api/v1/albums/{album['id']}"))["tracks"]) == 2
    assert not good(await ada.get(f"/tracks/{draft['id']}"))["published"]
    log = await rows(house.db, "SELECT action, subject_id FROM identity.audit_log WHERE action LIKE 'content.%'")
    assert sorted(row.action for row in log) == ["content.restored"] * 2 + ["content.taken_down"] * 2
    assert {row.subject_id for row in log} == {parse(Kind.USER, ada.id)}
