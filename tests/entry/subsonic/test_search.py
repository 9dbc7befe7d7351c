"""Search, and reading everything by searching for nothing."""

from __future__ import annotations

import pytest

from tests.entry.subsonic.conftest import App
from tests.entry.subsonic.music import Library


async def test_words_find_artists_albums_and_songs(app: App, music: Library) -> None:
    found = (await app.whole("search3", query="lanterns"))["searchResult3"]
    assert [artist["name"] for artist in found["artist"]] == ["The Lanterns"]
    assert sorted(album["name"] for album in found["album"]) == ["Attic", "Harbour"]
    found = (await app.whole("search3", query="pier*", artistCount=0))["searchResult3"]
    assert [song["title"] for song in found["song"]] == ["Pier"]
    old = (await app.whole("search2", query="harbour"))["searchResult2"]
    assert [(album["title"], album["isDir"]) for album in old["album"]] == [("Harbour", True)]
    oldest = (await app.whole("search", title="Tide"))["searchResult"]
    assert ([song["title"] for song in oldest["match"]], oldest["totalHits"]) == (["Tide"], 1)


@pytest.mark.parametrize("nothing", ["", '""', "*", None])
async def test_nothing_asked_for_is_everything(app: App, music: Library, nothing: str | None) -> None:
    """Quirks 32 and 33: pages in an order that stays, nothing beyond the end, offsets below zero."""
    given = {} if nothing is None else {"query": nothing}
    titles: list[str] = []
    for offset in range(0, 8, 2):
        page = (await app.whole("search3", songCount=2, songOffset=offset, **given))["searchResult3"]["song"]
        titles += [song["title"] for song in page]
    assert titles == list(music.songs)
    assert (await app.whole("search3", songOffset=5000, **given))["searchResult3"]["song"] == []
    assert len((await app.whole("search3", songOffset=-5000, **given))["searchResult3"]["song"]) == 6
    whole = (await app.whole("search3", artistOffset=1, albumOffset=2, **given))["searchResult3"]
    assert [artist["name"] for artist in whole["artist"]] == ["Ærø & Co"]
    assert [album["name"] for album in whole["album"]] == ["Øst"]


async def test_what_one_likes_is_ahead_of_what_fits_as_well(app: App, music: Library) -> None:
    async def found(**given: object) -> list[str]:
        answer = await app.whole("search3", query="lanterns", **given)
        return [album["name"] for album in answer["searchResult3"]["album"]]

    first, second = await found()
    await app.ask("star", albumId=music.albums[second])
    assert await found() == [second, first]
    assert await found(albumCount=1) == [first], "nothing comes from below the page that is asked for"
    await app.ask("unstar", albumId=music.albums[second])
    assert await found() == [first, second]
