"""Playlists and lyrics of apps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.entry.subsonic.conftest import App, app_of
from tests.entry.subsonic.schema import conforms
from tests.support.people import Maker, Person, good

Songs = list[str]


@pytest.fixture
async def maker(make: Maker) -> Person:
    return await make.person()


@pytest.fixture
async def songs(make: Maker, maker: Person) -> Songs:
    artist = await make.artist(maker, "The Lanterns")
    return [(await make.track(maker, artist, title=title))["id"] for title in ("One", "Two", "Three")]


async def whole(app: App, method: str, **given: Any) -> dict[str, Any]:
    answer = await app.get(method, **given)
    conforms(method, answer.json())
    return await app.ask(method, **given)


async def entries(app: App, playlist: str) -> list[str]:
    found = (await whole(app, "getPlaylist", id=playlist))["playlist"]
    assert found["songCount"] == len(found["entry"])
    return [song["id"] for song in found["entry"]]


async def test_a_playlist_is_made_and_has_all_its_members(app: App, songs: Songs) -> None:
    """Quirks 15, 20 and 42."""
    assert (await whole(app, "getPlaylists"))["playlists"] == {"playlist": []}
    assert await app.fail("createPlaylist") == 10
    empty = (await app.ask("createPlaylist", name="Empty"))["playlist"]
    assert (empty["songCount"], empty["duration"], empty["entry"]) == (0, 0, [])
    made = await app.get("createPlaylist", name="Ride", songId=[songs[0], songs[1], songs[0]])
    conforms("createPlaylist", made.json())
    playlist = made.json()["subsonic-response"]["playlist"]
    assert (playlist["owner"], playlist["public"], playlist["songCount"]) == (app.person.handle, False, 3)
    assert (playlist["duration"], playlist["readonly"], playlist["comment"]) == (300, False, "")
    assert playlist["changed"] >= playlist["created"]
    assert playlist == (await app.ask("getPlaylist", id=playlist["id"]))["playlist"]
    assert await entries(app, playlist["id"]) == [songs[0], songs[1], songs[0]]
    listed = (await whole(app, "getPlaylists"))["playlists"]["playlist"]
    assert [(one["name"], one["songCount"]) for one in listed] == [("Empty", 0), ("Ride", 3)]
    as_xml = (await app.get("getPlaylists", f="xml")).text
    assert 'public="false"' in as_xml
    assert f'owner="{app.person.handle}"' in as_xml


async def test_creating_with_an_id_replaces_the_list(app: App, songs: Songs) -> None:
    """Quirk 41: apps reorder that way, also in a posted form with hundreds of songs."""
    made = (await app.ask("createPlaylist", name="Ride", songId=songs))["playlist"]
    again = (await app.ask("createPlaylist", playlistId=made["id"], songId=songs[::-1]))["playlist"]
    assert (again["id"], again["name"]) == (made["id"], "Ride")
    assert await entries(app, made["id"]) == songs[::-1]
    form = app.credentials | {"f": "json", "playlistId": made["id"], "songId": songs * 150}
    assert (await app.http.post("/rest/createPlaylist.view", data=form)).status_code == 200
    assert await entries(app, made["id"]) == songs * 150
    assert (await app.ask("createPlaylist", playlistId=made["id"]))["playlist"]["entry"] == []


async def test_changes_count_places_before_they_begin(app: App, songs: Songs) -> None:
    """Quirk 42."""
    one, two, three = songs
    made = (await app.ask("createPlaylist", name="Ride", songId=[one, two, three, two]))["playlist"]["id"]
    await app.ask("updatePlaylist", playlistId=made, songIndexToRemove=[0, 1, 99], songIdToAdd=[one, one])
    assert await entries(app, made) == [three, two, one, one]
    await app.ask("updatePlaylist", playlistId=made, name="New", comment="Words", public="true")
    found = (await app.ask("getPlaylist", id=made))["playlist"]
    assert (found["name"], found["comment"], found["public"]) == ("New", "Words", True)
    await app.ask("updatePlaylist", playlistId=made, comment="", public="false")
    found = (await app.ask("getPlaylist", id=made))["playlist"]
    assert (found["name"], found["comment"], found["public"]) == ("New", "", False)


async def test_others_may_look_but_not_touch(app: App, make: Maker, songs: Songs) -> None:
    """Quirk 42: error 50 for what one sees, 70 for what one does not."""
    made = (await app.ask("createPlaylist", name="Ride", songId=songs))["playlist"]["id"]
    eve = await app_of(await make.person())
    assert await eve.fail("getPlaylist", id=made) == 70
    assert await eve.fail("updatePlaylist", playlistId=made, name="Stolen") == 70
    await app.ask("updatePlaylist", playlistId=made, public="true")
    assert await entries(eve, made) == songs
    [listed] = (await eve.ask("getPlaylists"))["playlists"]["playlist"]
    assert (listed["owner"], listed["readonly"]) == (app.person.handle, True)
    for method, given in (
        ("updatePlaylist", {"playlistId": made, "name": "Stolen"}),
        ("createPlaylist", {"playlistId": made}),
        ("deletePlaylist", {"id": made}),
    ):
        assert await eve.fail(method, **given) == 50
    assert await eve.fail("getPlaylists", username=app.person.handle) == 50
    assert len((await app.ask("getPlaylists", username=app.person.handle.upper()))["playlists"]["playlist"]) == 1
    await app.ask("deletePlaylist", id=made)
    assert await app.fail("getPlaylist", id=made) == 70


TIMED = {
    "lines": [
        {
            "text": "", "start_ms": 1000, "end_ms": 3000, "agent": "v2",
            "words": [{"text": "Só ", "start_ms": 1000, "end_ms": 1400}, {"text": "far", "start_ms": 1500}],
        },
        {"text": "away", "start_ms": 4000},
    ],
    "agents": [{"id": "v1", "role": "voice", "name": "Ada"}, {"id": "v2", "role": "main"}],
}  # fmt: skip


async def test_lyrics_come_with_times_and_bytes(app: App, maker: Person, songs: Songs) -> None:
    good(await maker.put(f"/tracks/{songs[0]}/lyrics/pt", json=TIMED))
    plain = {"lines": [{"text": "So far"}, {"text": "away"}]}
    good(await maker.put(f"/tracks/{songs[0]}/lyrics/en", params={"text_kind": "translation"}, json=plain))
    [simple] = (await whole(app, "getLyricsBySongId", id=songs[0]))["lyricsList"]["structuredLyrics"]
    assert simple == {
        "displayArtist": "The Lanterns", "displayTitle": "One", "lang": "pt", "offset": 0, "synced": True,
        "line": [{"start": 1000, "value": "Só far"}, {"start": 4000, "value": "away"}],
    }  # fmt: skip
    rich, translation = (await whole(app, "getLyricsBySongId", id=songs[0], enhanced="true"))["lyricsList"][
        "structuredLyrics"
    ]
    assert [(agent["id"], agent["role"]) for agent in rich["agents"]] == [("v2", "main"), ("v1", "voice")]
    [line] = rich["cueLine"]
    assert (line["index"], line["agentId"], line["value"], line["end"]) == (0, "v2", "Só far", 3000)
    for cue in line["cue"]:
        assert line["value"].encode()[cue["byteStart"] : cue["byteEnd"] + 1].decode() == cue["value"]
    assert [(cue["start"], cue["end"], cue["value"]) for cue in line["cue"]] == [
        (1000, 1400, "Só"), (1500, 3000, "far")
    ]  # fmt: skip
    assert (translation["kind"], translation["synced"], "cueLine" in translation) == ("translation", False, False)
    assert (await whole(app, "getLyricsBySongId", id=songs[1]))["lyricsList"] == {"structuredLyrics": []}
    assert await app.fail("getLyricsBySongId", id="trk_nothing") == 70


async def test_lyrics_are_found_by_names(app: App, maker: Person, songs: Songs) -> None:
    """Quirk 31: what is not found is empty, and no error."""
    assert (await whole(app, "getLyrics", artist="the lanterns", title="one"))["lyrics"] == {"value": ""}
    good(await maker.put(f"/tracks/{songs[0]}/lyrics/en", json={"lines": [{"text": "So"}, {"text": "far"}]}))
    found = (await whole(app, "getLyrics", artist="the lanterns", title="one"))["lyrics"]
    assert found["value"] == "So\nfar"
    assert (await whole(app, "getLyrics", title="One"))["lyrics"]["value"] == "So\nfar"
    assert (await whole(app, "getLyrics", artist="Others", title="One"))["lyrics"]["value"] == ""
    assert (await whole(app, "getLyrics"))["lyrics"]["value"] == ""
