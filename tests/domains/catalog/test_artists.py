"""Artist profiles through HTTP."""

from __future__ import annotations

import asyncio

import httpx

from antiphon.entry.bootstrap import House
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.people import Maker

API = "/api/v1"


async def test_a_profile_is_made_shown_changed_and_deleted(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    made = await ada.post("/artists", json={"name": "  The\u00a0 Choir ", "bio": "Line one\r\nline two\x00"})
    assert made.status_code == 201
    artist = made.json()
    assert artist["name"] == "The Choir"
    assert artist["bio"] == "Line one\nline two"
    assert artist["stats"] == {"albums": 0, "tracks": 0, "plays": 0}
    assert (artist["kind"], artist["version"], artist["editable"]) == ("artist", 1, True)
    assert made.headers["etag"] == '"v1"'
    assert await facts(house.db, "catalog.artist_created") == 1
    me = (await ada.get("/users/me")).json()
    assert "artist" in me["roles"]

    seen = await http.get(f"{API}/artists/{artist['id']}")
    assert seen.status_code == 200
    assert not seen.json()["editable"]
    assert (await http.get(f"{API}/artists")).json()["items"] == []  # nothing published yet
    assert [a["id"] for a in (await ada.get("/artists", params={"mine": True})).json()["items"]] == [artist["id"]]

    changed = await ada.put(f"/artists/{artist['id']}", json={"bio": "New"}, headers={"If-Match": '"v1"'})
    assert (changed.json()["name"], changed.json()["bio"], changed.json()["version"]) == ("The Choir", "New", 2)
    assert changed.headers["etag"] == '"v2"'
    async with unchanged(house.db):
        late = await ada.put(f"/artists/{artist['id']}", json={"bio": "Late"}, headers={"If-Match": '"v1"'})
        assert refused(late) == (412, "version_conflict")
        garbled = await ada.put(f"/artists/{artist['id']}", json={"bio": "Late"}, headers={"If-Match": "v2"})
        assert pointers(garbled) == {"/If-Match"}

    gone = await ada.delete(f"/artists/{artist['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert await facts(house.db, "catalog.artist_deleted") == 1
    assert refused(await http.get(f"{API}/artists/{artist['id']}")) == (404, "artist_not_found")


async def test_a_profile_with_works_stays(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    async with unchanged(house.db):
        assert refused(await ada.delete(f"/artists/{artist['id']}")) == (409, "artist_has_works")
    assert (await ada.delete(f"/albums/{album['id']}")).status_code == 204
    assert (await ada.delete(f"/artists/{artist['id']}")).status_code == 204


MALFORMED: list[tuple[object, str]] = [
    ({}, "/name"),
    ({"name": 7}, "/name"),
    ({"name": None}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": " \u200a\x00\t"}, "/name"),
    ({"name": "x" * 301}, "/name"),
    ({"name": "ok", "bio": "x" * 5001}, "/bio"),
    ({"name": "ok", "bio": ["text"]}, "/bio"),
    ([], ""),
    ("text", ""),
]


async def test_malformed_profiles_are_pointed_at(make: Maker, house: House) -> None:
    ada = await make.person()
    async with unchanged(house.db):
        for body, pointer in MALFORMED:
            answer = await ada.post("/artists", json=body)
            assert {found.rstrip("/") for found in pointers(answer)} == {pointer}, body


async def test_what_is_no_json_is_400(make: Maker, house: House) -> None:
    ada = await make.person()
    async with unchanged(house.db):
        for body in (b"{", b"name=x", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b'{"name": "x"} {}'):
            answer = await ada.post("/artists", content=body, headers={"Content-Type": "application/json"})
            assert refused(answer) == (400, "malformed_json"), body
        empty = await ada.post("/artists", content=b"", headers={"Content-Type": "application/json"})
        assert refused(empty)[0] in {400, 422}


async def test_names_are_composed_and_kept(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    artist = await make.artist(ada, "Sigur Ro\u0301s 東京 🎻 עברית")
    assert artist["name"] == "Sigur Rós 東京 🎻 עברית"
    await make.track(ada, artist, title="Svefn-g-englar")
    for query in ("sigur ros", "RÓS", "東京", "עברית", "englar SIGUR"):
        found = (await http.get(f"{API}/search", params={"q": query})).json()
        assert len(found["tracks"]) == 1, query


async def test_a_repeated_request_makes_one_profile(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    key = {"Idempotency-Key": "abc"}
    first = await ada.post("/artists", json={"name": "One"}, headers=key)
    again = await ada.post("/artists", json={"name": "One"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await facts(house.db, "catalog.artist_created") == 1
    async with unchanged(house.db):
        other = await ada.post("/artists", json={"name": "Two"}, headers=key)
        assert refused(other) == (422, "idempotency_key_reused")
    hers = await eve.post("/artists", json={"name": "One"}, headers=key)
    assert hers.json()["id"] != first.json()["id"]


async def test_a_key_of_no_use_is_refused(make: Maker, house: House) -> None:
    ada = await make.person()
    async with unchanged(house.db):
        for key in ("", "k" * 201):
            answer = await ada.post("/artists", json={"name": "One"}, headers={"Idempotency-Key": key})
            assert pointers(answer) == {"/Idempotency-Key"}


async def test_requests_at_once_under_one_key_make_one_profile(make: Maker, house: House) -> None:
    ada = await make.person()
    sent = [ada.post("/artists", json={"name": "One"}, headers={"Idempotency-Key": "k"}) for _ in range(6)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await rows(house.db, "SELECT count(*) FROM catalog.artists"))[0][0] == 1


async def test_a_profile_that_goes_and_an_album_that_comes_exclude_each_other(make: Maker) -> None:
    ada = await make.person()
    for _ in range(8):
        artist = await make.artist(ada)
        album = {"artist_id": artist["id"], "title": "Late"}
        made, gone = await asyncio.gather(ada.post("/albums", json=album), ada.delete(f"/artists/{artist['id']}"))
        assert (made.status_code, gone.status_code) in {(201, 409), (404, 204)}
