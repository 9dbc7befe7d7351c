"""Albums and tracks through HTTP: edit, publish, take back, delete."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.people import Maker

API = "/api/v1"


async def test_an_album_is_made_changed_and_guarded_by_its_version(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    given = {
        "artist_id": artist["id"], "title": " First \u0000", "album_kind": "ep", "release_date": "2024-02-29",
        "description": "a\tb\x00\r\nc", "label": "Own\u0000 label", "upc": "036000291452", "explicit": True,
    }  # fmt: skip
    key = {"Idempotency-Key": "k"}
    made = await ada.post("/albums", json=given, headers=key)
    again = await ada.post("/albums", json=given, headers=key)
    assert (made.status_code, again.json()) == (201, made.json())
    album = made.json()
    assert (album["title"], album["album_kind"], album["release_date"]) == ("First", "ep", "2024-02-29")
    assert (album["description"], album["label"], album["upc"]) == ("a\tb\nc", "Own label", "036000291452")
    assert (album["published"], album["tracks"], album["loudness"], album["cover"]) == (False, [], None, None)
    path = f"/albums/{album['id']}"
    change = {"title": "Second", "release_date": None, "upc": None, "explicit": False, "album_kind": "single"}
    changed = await ada.put(path, json=change, headers={"If-Match": made.headers["etag"]})
    assert {name: changed.json()[name] for name in change} == change
    assert (changed.json()["label"], changed.headers["etag"]) == ("Own label", '"v2"')
    assert (await ada.put(f"/content/{album['id']}", json={}, headers={"If-Match": "*"})).json()["version"] == 3
    async with unchanged(house.db):
        late = await ada.put(path, json={"title": "Late"}, headers={"If-Match": '"v1"'})
        assert refused(late) == (412, "version_conflict")
        foreign = {"title": "X", "isrc": None, "genres": [], "track_number": 1}
        assert pointers(await ada.put(path, json=foreign)) == {"/isrc", "/genres", "/track_number"}
        for wrong, pointer in (
            ({"artist_id": artist["id"]}, "/title"),
            ({"artist_id": artist["id"], "title": "x", "album_kind": "lp"}, "/album_kind"),
            ({"artist_id": artist["id"], "title": "x", "release_date": "2023-02-29"}, "/release_date"),
            ({"artist_id": artist["id"], "title": "x", "upc": "12"}, "/upc"),
            ({"artist_id": 5, "title": "x"}, "/artist_id"),
        ):
            assert pointers(await ada.post("/albums", json=wrong)) == {pointer}


async def test_of_edits_at_once_one_wins(make: Maker) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    for path, name in ((f"/artists/{artist['id']}", "name"), (f"/albums/{album['id']}", "title")):
        edits = [ada.put(path, json={name: f"Edit {n}"}, headers={"If-Match": '"v1"'}) for n in range(5)]
        answers = await asyncio.gather(*edits)
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
        assert (await ada.get(path)).json()["version"] == 2


async def test_a_track_is_edited_field_by_field(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False)
    path = f"/content/{track['id']}"
    change: dict[str, Any] = {
        "title": "Caf\u0065\u0301", "description": "x", "explicit": True, "disc_number": 2, "track_number": 9,
        "year": 1999, "isrc": "NLA320012345", "album_id": album["id"],
        "genres": ["Jazz", "jazz ", "JÁZZ", "Ambient", " \x00"],
        "credits": [{"name": " Ada\u0000 ", "role": "composer", "artist_id": artist["id"]}, {"name": "B", "role": "r"}],
    }  # fmt: skip
    changed = (await ada.put(path, json=change)).json()
    assert changed["title"] == "Café"
    assert {name: changed[name] for name in ("disc_number", "track_number", "year", "isrc", "explicit")} == {
        name: change[name] for name in ("disc_number", "track_number", "year", "isrc", "explicit")
    }
    assert sorted(genre["name"] for genre in changed["genres"]) == ["Ambient", "Jazz"]
    assert changed["credits"] == [
        {"name": "Ada", "role": "composer", "artist_id": artist["id"]},
        {"name": "B", "role": "r", "artist_id": None},
    ]
    assert changed["album"]["id"] == album["id"]
    nothing = {"isrc": None, "year": None, "album_id": None, "genres": [], "credits": [], "track_number": None}
    cleared = (await ada.put(path, json=nothing)).json()
    assert {name: cleared[name] for name in nothing if name != "album_id"} == {
        name: value for name, value in nothing.items() if name != "album_id"
    }
    assert (cleared["album"], cleared["disc_number"]) == (None, 2)
    async with unchanged(house.db):
        for wrong, at in (
            ({"title": " "}, {"/title"}),
            ({"isrc": "nla320012345"}, {"/isrc"}),
            ({"track_number": 0}, {"/track_number"}),
            ({"year": 12}, {"/year"}),
            ({"genres": ["x" * 61]}, {"/genres/0"}),
            ({"genres": ["x"] * 21}, {"/genres"}),
            ({"credits": [{"name": "x", "role": "y"}, {"name": "\x00", "role": "y"}]}, {"/credits/1/name"}),
            ({"credits": [{"name": "x"}]}, {"/credits/0"}),
            ({"label": "x", "title": "y", "upc": None}, {"/label", "/upc"}),
        ):
            found = pointers(await ada.put(path, json=wrong))
            assert found <= at, (wrong, found)
            assert found, wrong


async def test_genres_are_shared_by_all_spellings(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    for names in (["Électro"], ["ELECTRO", "Folk"], ["Folk"], ["Unheard"]):
        track = await make.track(ada, artist, published=names != ["Unheard"])
        assert (await ada.put(f"/content/{track['id']}", json={"genres": names})).status_code == 200
    found = (await http.get(f"{API}/genres")).json()
    assert [(genre["name"], genre["tracks"]) for genre in found["items"]] == [("Folk", 2), ("Électro", 2)]
    of_genre = await http.get(f"{API}/tracks", params={"genre_id": found["items"][1]["id"]})
    assert len(of_genre.json()["items"]) == 2


async def test_tracks_join_albums_of_their_artist_only(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist, second = await make.artist(ada), await make.artist(ada, "Second")
    foreign = await make.album(eve, await make.artist(eve, "Other"))
    other = await make.album(ada, second)
    track = await make.track(ada, artist, published=False)
    async with unchanged(house.db):
        to_other = await ada.put(f"/content/{track['id']}", json={"album_id": other["id"]})
        assert pointers(to_other) == {"/album_id"}
        to_hidden = await ada.put(f"/content/{track['id']}", json={"album_id": foreign["id"]})
        assert refused(to_hidden) == (404, "album_not_found")


async def test_an_album_is_published_with_what_plays(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    path = f"/albums/{album['id']}/publish"
    async with unchanged(house.db):
        assert refused(await ada.post(path)) == (409, "album_empty")
    await make.upload(ada, artist, fake_audio(refuse="damaged"), album_id=album["id"], title="Broken")
    waiting = await make.upload(ada, artist, album_id=album["id"], title="Fine")
    async with unchanged(house.db):
        assert refused(await ada.post(path)) == (409, "not_ready")
        assert refused(await ada.post(f"/content/{waiting['id']}/publish")) == (409, "not_ready")
    await make.settle()
    published = (await ada.post(path)).json()
    assert published["published"]
    assert {track["title"]: track["published"] for track in published["tracks"]} == {"Broken": False, "Fine": True}
    seen = (await http.get(f"{API}/albums/{album['id']}")).json()
    assert ([track["title"] for track in seen["tracks"]], seen["track_count"]) == (["Fine"], 1)
    assert seen["duration_ms"] == 100_000
    assert await facts(house.db, "catalog.album_published") == await facts(house.db, "catalog.track_published") == 1
    async with unchanged(house.db):
        assert (await ada.post(path)).json()["version"] == published["version"]

    back = await ada.post(f"/content/{waiting['id']}/unpublish")
    assert (back.json()["published"], back.json()["published_at"]) == (False, None)
    assert refused(await http.get(f"{API}/content/{waiting['id']}")) == (404, "content_not_found")
    assert refused(await ada.post(f"/content/{album['id']}/unpublish")) == (404, "not_found")


async def test_an_album_goes_with_its_tracks_or_without(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    for with_tracks in (False, True):
        album = await make.album(ada, artist)
        tracks = [await make.track(ada, artist, album_id=album["id"]) for _ in range(2)]
        gone = await ada.delete(f"/albums/{album['id']}", params={"with_tracks": with_tracks})
        assert gone.status_code == 204
        assert refused(await ada.get(f"/albums/{album['id']}")) == (404, "album_not_found")
        for track in tracks:
            left = await ada.get(f"/content/{track['id']}")
            assert left.status_code == (404 if with_tracks else 200)
            assert with_tracks or left.json()["album"] is None
    assert await facts(house.db, "catalog.album_deleted") == 2
    assert await facts(house.db, "catalog.track_deleted") == 2
    await make.settle()
    assert (await rows(house.db, "SELECT count(*) FROM media.sources"))[0][0] == 2
