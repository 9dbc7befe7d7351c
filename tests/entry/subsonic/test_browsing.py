"""Artists, albums and songs, as apps walk through them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.entry.subsonic.conftest import App
from tests.entry.subsonic.schema import conforms
from tests.support.people import Maker


@pytest.fixture
async def music(make: Maker) -> dict[str, Any]:
    """An artist with two albums, of one and of two songs."""
    maker = await make.person()
    artist = await make.artist(maker, "The Lanterns")
    made: dict[str, Any] = {"artist": artist, "albums": [], "songs": []}
    for title, songs, date in (("Harbour", ["One", "Two"], "2019-05-01"), ("Attic", ["Three"], "2021-02-03")):
        album = await make.album(maker, artist, title, release_date=date)
        for song in songs:
            made["songs"].append(await make.track(maker, artist, published=False, title=song, album_id=album["id"]))
        assert (await maker.post(f"/content/{album['id']}/publish")).status_code == 200
        made["albums"].append(album)
    return made


async def whole(app: App, method: str, **given: Any) -> dict[str, Any]:
    """What is in the envelope, after the document of OpenSubsonic has agreed to it."""
    answer = await app.get(method, **given)
    conforms(method, answer.json())
    return await app.ask(method, **given)


async def test_the_folders_are_numbers(app: App) -> None:
    """Quirk 18."""
    answer = await whole(app, "getMusicFolders")
    assert answer["musicFolders"]["musicFolder"] == [{"id": 0, "name": "Uploads"}]


async def test_from_the_index_to_a_song(app: App, music: dict[str, Any]) -> None:
    index = (await whole(app, "getArtists"))["artists"]
    assert index["ignoredArticles"] == "The El La Los Las Le Les"
    [letter] = index["index"]
    assert letter["name"] == "L"
    [artist] = letter["artist"]
    assert (artist["name"], artist["albumCount"]) == ("The Lanterns", 2)
    albums = (await whole(app, "getArtist", id=artist["id"]))["artist"]["album"]
    assert [(album["name"], album["songCount"], album["year"]) for album in albums] == [
        ("Harbour", 2, 2019),
        ("Attic", 1, 2021),
    ]
    album = (await whole(app, "getAlbum", id=albums[0]["id"]))["album"]
    assert [song["title"] for song in album["song"]] == ["One", "Two"]
    song = (await whole(app, "getSong", id=album["song"][0]["id"]))["song"]
    assert song == album["song"][0]
    assert (song["duration"], song["isDir"], song["type"]) == (100, False, "music")


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({"type": "newest"}, ["Attic", "Harbour"]),
        ({"type": "alphabeticalByName"}, ["Attic", "Harbour"]),
        ({"type": "alphabeticalByName", "offset": 1}, ["Harbour"]),
        ({"type": "alphabeticalByName", "offset": -5, "size": 1, "genre": "", "fromYear": "0001"}, ["Attic"]),
        ({"type": "alphabeticalByArtist"}, ["Attic", "Harbour"]),
        ({"type": "byYear", "fromYear": 2000, "toYear": 2020}, ["Harbour"]),
        ({"type": "byYear", "fromYear": 2000, "toYear": 2030}, ["Harbour", "Attic"]),
        ({"type": "byYear", "fromYear": 2030, "toYear": 2000}, ["Attic", "Harbour"]),
        ({"type": "newest", "musicFolderId": 7}, []),
    ],
)
async def test_lists_of_albums(app: App, music: dict[str, Any], given: dict[str, Any], titles: list[str]) -> None:
    """Quirk 30: years backwards, arguments that belong to another list, offsets below zero."""
    listed = (await whole(app, "getAlbumList2", **given))["albumList2"]["album"]
    assert [album["name"] for album in listed] == titles
    folders = (await whole(app, "getAlbumList", **given))["albumList"]["album"]
    assert [(album["name"], album["title"], album["album"], album["isDir"]) for album in folders] == [
        (title, title, title, True) for title in titles
    ]


async def test_random_albums_are_all_there(app: App, music: dict[str, Any]) -> None:
    listed = (await whole(app, "getAlbumList2", type="random"))["albumList2"]["album"]
    assert sorted(album["name"] for album in listed) == ["Attic", "Harbour"]


async def test_what_is_not_there_is_70(app: App, music: dict[str, Any]) -> None:
    for method in ("getArtist", "getAlbum", "getSong"):
        assert await app.fail(method, id="nothing") == 70
        assert await app.fail(method) == 10
    assert await app.fail("getAlbum", id=music["artist"]["id"]) == 70
    assert await app.fail("getAlbumList2", type="sideways") == 10
