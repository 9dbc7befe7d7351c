"""Bookmarks, the saved queue, shares, the chat room and radio stations, as apps use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.entry.subsonic.conftest import App, app_of
from tests.entry.subsonic.music import Library
from tests.support.answers import unchanged
from tests.support.audio import png
from tests.support.clock import FrozenClock
from tests.support.people import Maker, good


async def test_bookmarks_are_written_over(app: App, make: Maker, music: Library, house: House) -> None:
    pier = music.songs["Pier"]
    assert (await app.whole("getBookmarks"))["bookmarks"] == {"bookmark": []}
    await app.ask("createBookmark", id=pier, position=1_000, comment="Chorus")
    await app.ask("createBookmark", id=pier, position=61_000)
    [bookmark] = (await app.whole("getBookmarks"))["bookmarks"]["bookmark"]
    assert (bookmark["position"], bookmark["comment"], bookmark["username"]) == (61_000, "", app.person.handle)
    assert bookmark["entry"]["id"] == pier
    assert (await app.whole("getSong", id=pier))["song"]["bookmarkPosition"] == 61_000
    other = await app_of(await make.person())
    assert (await other.whole("getBookmarks"))["bookmarks"] == {"bookmark": []}
    async with unchanged(house.db):
        assert await app.fail("createBookmark", id=pier) == 10
        assert await app.fail("createBookmark", id=pier, position="x") == 10
        assert await app.fail("createBookmark", id=out(Kind.TRACK, new_uuid()), position=1) == 70
        await other.ask("deleteBookmark", id=pier)
    await app.ask("deleteBookmark", id=pier)
    assert (await app.whole("getBookmarks"))["bookmarks"] == {"bookmark": []}


async def test_a_queue_that_nobody_saved_says_whose_it_is(app: App) -> None:
    """Quirk 16: `username`, `changed` and `changedBy` always."""
    for method, name in (("getPlayQueue", "playQueue"), ("getPlayQueueByIndex", "playQueueByIndex")):
        queue = (await app.whole(method))[name]
        assert (queue["username"], queue["changedBy"], queue["entry"]) == (app.person.handle, "", [])
        assert queue["changed"].endswith("Z")


async def test_the_queue_is_saved_by_any_app_and_cleared(app: App, music: Library) -> None:
    """Quirk 43: without ids it is cleared, and it is the person's, whatever the app calls itself."""
    pier, tide = music.songs["Pier"], music.songs["Tide"]
    await app.ask("savePlayQueue", id=[pier, tide], current=tide, position=9_000, c="Feishin")
    queue = (await app.whole("getPlayQueue", c="feishin_"))["playQueue"]
    assert [one["id"] for one in queue["entry"]] == [pier, tide]
    assert (queue["current"], queue["position"], queue["changedBy"]) == (tide, 9_000, "Feishin")
    await app.ask("savePlayQueue")
    queue = (await app.whole("getPlayQueue"))["playQueue"]
    assert queue["entry"] == []
    assert "current" not in queue
    assert queue["changedBy"] == "test"


async def test_songs_that_went_are_skipped(app: App, make: Maker, music: Library) -> None:
    """Quirk 43."""
    ada = await make.person()
    mine = await make.track(ada, await make.artist(ada))
    pier = music.songs["Pier"]
    await app.ask("savePlayQueue", id=[mine["id"], pier], current=mine["id"], position=5_000)
    await ada.delete(f"/content/{mine['id']}")
    queue = (await app.whole("getPlayQueue"))["playQueue"]
    assert [one["id"] for one in queue["entry"]] == [pier]
    assert (queue["current"], queue["position"]) == (pier, 0)
    await app.ask("savePlayQueue", id=[mine["id"], pier], current=pier, position=7_000)
    queue = (await app.whole("getPlayQueue"))["playQueue"]
    assert (queue["current"], queue["position"]) == (pier, 7_000)


async def test_a_song_may_be_in_the_queue_twice(app: App, music: Library, house: House) -> None:
    """Quirk 42, and what the extension `indexBasedQueue` is for."""
    extensions = (await app.whole("getOpenSubsonicExtensions"))["openSubsonicExtensions"]
    assert {"name": "indexBasedQueue", "versions": [1]} in extensions
    pier, tide = music.songs["Pier"], music.songs["Tide"]
    await app.ask("savePlayQueueByIndex", id=[pier, tide, pier], currentIndex=2, position=3_000)
    queue = (await app.whole("getPlayQueueByIndex"))["playQueueByIndex"]
    assert [one["id"] for one in queue["entry"]] == [pier, tide, pier]
    assert (queue["currentIndex"], queue["position"]) == (2, 3_000)
    assert (await app.whole("getPlayQueue"))["playQueue"]["current"] == pier
    async with unchanged(house.db):
        for place in (-1, 3, "x", ""):
            assert await app.fail("savePlayQueueByIndex", id=[pier, tide, pier], currentIndex=place) == 10
    await app.ask("savePlayQueueByIndex")
    queue = (await app.whole("getPlayQueueByIndex"))["playQueueByIndex"]
    assert queue["entry"] == []
    assert "currentIndex" not in queue


async def test_shares_are_made_changed_and_deleted(app: App, music: Library, house: House, clock: FrozenClock) -> None:
    """Quirk 27: one app makes the address from the id, whatever `url` says."""
    assert (await app.whole("getShares"))["shares"] == {"share": []}
    ends = clock.now() + timedelta(days=1)
    works = [music.songs["Pier"], music.albums["Attic"]]
    made = await app.whole("createShare", id=works, description="Hear", expires=int(ends.timestamp() * 1000))
    [share] = made["shares"]["share"]
    assert share["url"] == f"{house.settings.site_url.rstrip('/')}/share/{share['id']}"
    assert [(one["title"], one["isDir"]) for one in share["entry"]] == [("Pier", False), ("Attic", True)]
    assert (share["username"], share["visitCount"], share["description"]) == (app.person.handle, 0, "Hear")
    assert share["expires"].endswith("Z")
    await app.ask("updateShare", id=share["id"], description="Listen")
    [changed] = (await app.whole("getShares"))["shares"]["share"]
    assert (changed["description"], changed["expires"]) == ("Listen", share["expires"])
    await app.ask("updateShare", id=share["id"], expires=0, description="")
    [changed] = (await app.whole("getShares"))["shares"]["share"]
    assert "expires" not in changed
    assert changed["description"] == ""
    await app.ask("deleteShare", id=share["id"])
    assert (await app.whole("getShares"))["shares"] == {"share": []}


async def test_shares_are_ones_own(app: App, make: Maker, music: Library, house: House) -> None:
    other = await app_of(await make.person())
    made = await app.whole("createShare", id=music.artists["The Lanterns"])
    [share] = made["shares"]["share"]
    assert [one["name"] for one in share["entry"]] == ["Harbour", "Attic"]
    async with unchanged(house.db):
        assert (await other.whole("getShares"))["shares"] == {"share": []}
        assert await other.fail("updateShare", id=share["id"], description="Mine") == 70
        assert await other.fail("deleteShare", id=share["id"]) == 70
        assert await app.fail("createShare") == 10
        assert await app.fail("createShare", id=out(Kind.TRACK, new_uuid())) == 70


async def test_a_playlist_is_shared_as_it_is_now(app: App, music: Library) -> None:
    songs = [music.songs["Tide"], music.songs["Pier"]]
    playlist = (await app.whole("createPlaylist", name="Two", songId=songs))["playlist"]
    [share] = (await app.whole("createShare", id=playlist["id"]))["shares"]["share"]
    assert [one["id"] for one in share["entry"]] == songs


async def test_the_room_hears_everybody(app: App, make: Maker, clock: FrozenClock, house: House) -> None:
    other = await app_of(await make.person())
    assert (await app.whole("getChatMessages"))["chatMessages"] == {"chatMessage": []}
    await app.ask("addChatMessage", message="Hello")
    clock.move(timedelta(seconds=2))
    await other.ask("addChatMessage", message="Hello, too")
    heard: list[dict[str, Any]] = (await app.whole("getChatMessages"))["chatMessages"]["chatMessage"]
    assert [(one["username"], one["message"]) for one in heard] == [
        (app.person.handle, "Hello"),
        (other.person.handle, "Hello, too"),
    ]
    later = (await app.whole("getChatMessages", since=heard[0]["time"] + 1))["chatMessages"]["chatMessage"]
    assert later == heard[1:]
    async with unchanged(house.db):
        assert await app.fail("addChatMessage") == 10


async def test_administrators_choose_the_radio(app: App, make: Maker, house: House) -> None:
    """Quirk 23: the answer spells `homePageUrl`, the request `homepageUrl`."""
    ada = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, ada.id), "admin")
    ada.tokens = (
        await make.http.post("/api/v1/auth/refresh", json={"refresh_token": ada.tokens["refresh_token"]})
    ).json()["tokens"]
    admin = await app_of(ada)
    station = {"name": "One", "streamUrl": "http://radio.example/one", "homepageUrl": "http://radio.example/"}
    async with unchanged(house.db):
        assert await app.fail("createInternetRadioStation", **station) == 50
        assert await app.fail("deleteInternetRadioStation", id="rad_x") == 50
    empty = (await app.whole("getInternetRadioStations"))["internetRadioStations"]
    assert empty == {"internetRadioStation": []}
    await admin.ask("createInternetRadioStation", **station)
    [found] = (await app.whole("getInternetRadioStations"))["internetRadioStations"]["internetRadioStation"]
    assert (found["name"], found["streamUrl"], found["homePageUrl"]) == tuple(station.values())
    await admin.ask("updateInternetRadioStation", id=found["id"], name="Two", streamUrl=found["streamUrl"])
    [changed] = (await app.whole("getInternetRadioStations"))["internetRadioStations"]["internetRadioStation"]
    assert changed["name"] == "Two"
    assert "homePageUrl" not in changed
    assert "coverArt" not in changed
    good(await ada.put(f"/live/stations/{found['id']}/cover", content=png(300, 300, (200, 90, 9))))
    [pictured] = (await app.whole("getInternetRadioStations"))["internetRadioStations"]["internetRadioStation"]
    picture = await app.get("getCoverArt", id=pictured["coverArt"], size=64)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.content != (await app.get("getCoverArt", id="", size=64)).content
    assert await admin.fail("createInternetRadioStation", name="No address") == 10
    assert await admin.fail("createInternetRadioStation", name="Bad", streamUrl="ftp://x/") == 0
    await admin.ask("deleteInternetRadioStation", id=found["id"])
    assert await admin.fail("deleteInternetRadioStation", id=found["id"]) == 70
