"""New artists where the operator wants to be asked: what waits, who decides, what is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.adapters.mail.fake import FakeMailer
from antiphon.domains.catalog.store import personal
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from antiphon.kit.settings import Settings
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.people import Maker, Person

API = "/api/v1"
Settle = Callable[[], Awaitable[None]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", demo=False, limits="off", artist_approval="required")


async def moderator(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "moderator")
    given = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await make.http.post(f"{API}/auth/refresh", json=given)).json()["tokens"]
    return person


async def queue(by: Person) -> list[dict[str, Any]]:
    answer = await by.get("/artists/waiting")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def roles(person: Person) -> list[str]:
    return list((await person.get("/users/me")).json()["roles"])


async def test_who_waits_prepares_drafts_and_publishes_nothing(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    assert (artist["approval"], artist["refused_for"], artist["editable"]) == ("waiting", None, True)
    assert await roles(ada) == ["fan"]
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False, album_id=album["id"])
    assert track["status"] == "ready"
    async with unchanged(house.db, "identity"):
        for path in (f"/content/{track['id']}", f"/content/{album['id']}", f"/albums/{album['id']}"):
            assert refused(await ada.post(f"{path}/publish")) == (409, "artist_not_approved")
        for ask in (eve.get, lambda path: http.get(API + path)):
            assert refused(await ask(f"/artists/{artist['id']}")) == (404, "artist_not_found")
            assert refused(await ask(f"/albums/{album['id']}")) == (404, "album_not_found")
            assert refused(await ask(f"/tracks/{track['id']}")) == (404, "content_not_found")
            assert (await ask("/artists")).json()["items"] == []
            found = (await ask("/search?q=choir")).json()
            assert [found[kind] for kind in ("artists", "albums", "tracks")] == [[], [], []]
    mine = (await ada.get("/artists", params={"mine": True})).json()["items"]
    assert [one["approval"] for one in mine] == ["waiting"]


async def test_what_is_approved_is_seen_and_publishes(
    make: Maker, http: httpx.AsyncClient, house: House, mailer: FakeMailer, settle: Settle
) -> None:
    ada, grace = await make.person(), await moderator(make, house)
    artist = await make.artist(ada)
    track = await make.track(ada, artist, published=False)
    (asked,) = await queue(grace)
    assert (asked["id"], asked["name"], asked["tracks"], asked["refused_before"]) == (
        artist["id"],
        "The Choir",
        1,
        None,
    )
    assert asked["made_by"] == {"id": ada.id, "handle": ada.handle, "display_name": asked["made_by"]["display_name"]}
    assert (await ada.put("/users/me", json={"language": "de"})).status_code == 200
    assert (await grace.post(f"/artists/{artist['id']}/approve")).status_code == 204
    assert await queue(grace) == []
    assert await roles(ada) == ["artist", "fan"]
    assert (await http.get(f"{API}/artists/{artist['id']}")).json()["approval"] == "approved"
    assert (await ada.post(f"/content/{track['id']}/publish")).status_code == 200
    assert await facts(house.db, "catalog.artist_approved") == 1
    mailer.sent.clear()
    await settle()
    (letter,) = [letter for letter in mailer.sent if letter.to == ada.email]
    assert letter.subject == "Dein Künstlerprofil ist freigegeben"
    assert "The Choir ist freigegeben." in letter.text
    assert "/studio" in letter.text
    log = (await ada.get("/users/me/audit")).json()["items"]
    assert [entry["action"] for entry in log][:3] == ["role.granted", "artist.approved", "artist.asked"]
    assert log[1]["data"] == {"artist": artist["id"], "name": "The Choir"}
    assert log[1]["actor_id"] == grace.id


async def test_a_refusal_says_why_and_can_be_asked_about_again(
    make: Maker, http: httpx.AsyncClient, house: House, mailer: FakeMailer, settle: Settle
) -> None:
    ada, grace = await make.person(), await moderator(make, house)
    artist = await make.artist(ada)
    path = f"/artists/{artist['id']}"
    async with unchanged(house.db, "identity"):
        assert refused(await ada.post(f"{path}/ask-again")) == (409, "artist_not_refused")
        for body in ({}, {"reason": ""}, {"reason": " \u200a\t"}, {"reason": "x" * 501}, {"reason": None}):
            assert pointers(await grace.post(f"{path}/refuse", json=body)) == {"/reason"}, body
    why = "This is <somebody> else's name."
    assert (await grace.post(f"{path}/refuse", json={"reason": why})).status_code == 204
    shown = (await ada.get(path)).json()
    assert (shown["approval"], shown["refused_for"], shown["version"]) == ("refused", why, 1)
    assert refused(await http.get(API + path)) == (404, "artist_not_found")
    assert await roles(ada) == ["fan"]
    await settle()
    (letter,) = [letter for letter in mailer.sent if "not approved" in letter.subject]
    assert letter.to == ada.email
    assert why in letter.text
    assert "&lt;somebody&gt;" in letter.html
    async with unchanged(house.db, "identity"):
        assert refused(await grace.post(f"{path}/approve")) == (409, "artist_decided")
        assert refused(await grace.post(f"{path}/refuse", json={"reason": "Again"})) == (409, "artist_decided")
        assert refused(await grace.post(f"{path}/ask-again")) == (403, "not_manager")

    again = await ada.post(f"{path}/ask-again")
    assert (again.json()["approval"], again.json()["refused_for"]) == ("waiting", None)
    (asked,) = await queue(grace)
    assert asked["refused_before"] == why
    assert (await grace.post(f"{path}/approve")).status_code == 204
    assert (await ada.get(path)).json()["approval"] == "approved"


async def test_nobody_else_decides(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, eve, grace = await make.person(), await make.person(), await moderator(make, house)
    artist = await make.artist(ada)
    keyed = await grace.post("/users/me/api-keys", json={"name": "All", "scopes": ["library", "publish", "upload"]})
    key = {"Authorization": f"Bearer {keyed.json()['key']}"}
    asked = [
        ("GET", "/artists/waiting", {}),
        ("POST", f"/artists/{artist['id']}/approve", {}),
        ("POST", f"/artists/{artist['id']}/refuse", {"json": {"reason": "No"}}),
    ]
    async with unchanged(house.db, "identity"):
        for method, path, request in asked:
            for person in (ada, eve):
                assert refused(await person.ask(method, path, **request)) == (403, "permission_missing")
            assert refused(await http.request(method, API + path, **request)) == (401, "unauthenticated")
        assert refused(await eve.post(f"/artists/{artist['id']}/ask-again")) == (403, "not_manager")
    async with unchanged(house.db):  # of identity, when the key was used last
        for method, path, request in asked:
            assert refused(await http.request(method, API + path, headers=key, **request)) == (403, "scope_missing")


async def test_what_is_not_there_is_not_decided_about(make: Maker, house: House) -> None:
    grace = await moderator(make, house)
    nobody = out(Kind.ARTIST, new_uuid())
    async with unchanged(house.db, "identity"):
        for who, code in ((nobody, "artist_not_found"), ("nonsense", "not_found")):
            assert refused(await grace.post(f"/artists/{who}/approve")) == (404, code)
            assert refused(await grace.post(f"/artists/{who}/refuse", json={"reason": "No"})) == (404, code)
            assert refused(await grace.post(f"/artists/{who}/ask-again")) == (404, code)


async def test_of_many_who_decide_at_once_one_does(make: Maker, house: House, settle: Settle) -> None:
    ada, grace, hana = await make.person(), await moderator(make, house), await moderator(make, house)
    path = f"/artists/{(await make.artist(ada))['id']}"
    no = {"json": {"reason": "No"}}
    deciding = [
        who.post(f"{path}/{what}", **more) for who in (grace, hana) for what, more in (("approve", {}), ("refuse", no))
    ]
    answers = await asyncio.gather(*deciding)
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]
    assert {refused(answer)[1] for answer in answers if answer.status_code == 409} == {"artist_decided"}
    approved = (await ada.get(path)).json()["approval"] == "approved"
    done = "SELECT action FROM identity.audit_log WHERE action IN ('artist.approved', 'artist.refused')"
    assert await rows(house.db, done) == [("artist.approved" if approved else "artist.refused",)]
    assert await facts(house.db, "catalog.artist_approved") == approved
    assert ("artist" in await roles(ada)) == approved


async def test_whoever_approves_others_waits_for_nobody(make: Maker, house: House) -> None:
    grace = await moderator(make, house)
    artist = await make.artist(grace)
    assert artist["approval"] == "approved"
    assert await roles(grace) == ["artist", "fan", "moderator"]
    await make.track(grace, artist)


async def test_every_owner_is_told_and_the_queue_goes_on(make: Maker, house: House) -> None:
    ada, eve, grace = await make.person(), await make.person(), await moderator(make, house)
    names = [f"Choir {number}" for number in range(3)]
    made = [await make.artist(ada, name) for name in names]
    shared = await ada.put(f"/artists/{made[0]['id']}/managers/{eve.id}", json={"kind": "owner"})
    assert shared.status_code == 200
    first = (await grace.get("/artists/waiting", params={"limit": 2})).json()
    rest = (await grace.get("/artists/waiting", params={"limit": 2, "cursor": first["next"]})).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == names
    assert rest["next"] is None
    assert (await grace.post(f"/artists/{made[0]['id']}/approve")).status_code == 204
    assert await roles(eve) == await roles(ada) == ["artist", "fan"]


async def test_who_leaves_is_not_decided_about(make: Maker, house: House, settle: Settle) -> None:
    ada, grace = await make.person(), await moderator(make, house)
    artist = await make.artist(ada)
    assert (await ada.delete("/users/me")).status_code < 300
    await settle()
    assert await queue(grace) == []
    async with unchanged(house.db):
        assert refused(await grace.post(f"/artists/{artist['id']}/approve")) == (404, "artist_not_found")


async def test_somebody_who_keeps_to_themselves_stays_unnamed_to_moderators(make: Maker, house: House) -> None:
    ada, grace = await make.person(), await moderator(make, house)
    await make.artist(ada)
    assert (await ada.put("/users/me/preferences", json={"private_profile": True})).status_code == 200
    (asked,) = await queue(grace)
    assert asked["made_by"] is None


async def test_what_came_public_with_an_import_is_published_with_the_approval(
    make: Maker, house: House, settle: Settle
) -> None:
    ada, grace = await make.person(), await moderator(make, house)
    artist = await make.artist(ada)
    track = await make.track(ada, artist, published=False)
    async with house.db.system() as uow:
        await personal.publish_when_ready(uow.conn, parse(Kind.TRACK, track["id"]), None)
    await settle()
    assert not (await ada.get(f"/content/{track['id']}")).json()["published"]
    assert (await grace.post(f"/artists/{artist['id']}/approve")).status_code == 204
    await settle()
    assert (await ada.get(f"/content/{track['id']}")).json()["published"]


async def test_neither_splitting_nor_merging_is_a_way_around(make: Maker, house: House) -> None:
    ada, mo = await make.person(), await moderator(make, house)
    first = await make.artist(ada, "First")
    assert (await mo.post(f"/artists/{first['id']}/approve")).status_code == 204
    second = await make.artist(ada, "Second")
    async with unchanged(house.db):
        split = await ada.post(f"/artists/{first['id']}/split", json={"name": "Third"})
        assert refused(split) == (409, "artist_not_approved")
        merge = await ada.post(f"/artists/{first['id']}/merge", json={"into": second["id"]})
        assert refused(merge) == (409, "artist_not_approved")
    assert (await ada.post(f"/artists/{second['id']}/merge", json={"into": first["id"]})).status_code == 200
    assert await queue(mo) == []
