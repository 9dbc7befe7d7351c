"""Artists, albums and songs, as apps walk through them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.entry.subsonic.conftest import App, app_of, inside
from tests.entry.subsonic.music import Library, make_library
from tests.support.people import Maker


async def test_the_folders_are_numbers(app: App, music: Library) -> None:
    """Quirk 18."""
    answer = await app.whole("getMusicFolders")
    assert answer["musicFolders"]["musicFolder"] == [
        {"id": 0, "name": "Uploads"},
        {"id": music.number, "name": "Records"},
    ]


async def test_from_the_index_to_a_song(app: App, music: Library) -> None:
    """Quirks 12, 13, 17 and 24, conclusion 5: what is required is there, numbers are numbers, sizes may be large."""
    index = (await app.whole("getArtists"))["artists"]
    assert index["ignoredArticles"] == "The El La Los Las Le Les"
    letters = {letter["name"]: letter["artist"] for letter in index["index"]}
    assert sorted(letters) == ["L", "Æ"]
    [artist] = letters["L"]
    assert (artist["name"], artist["albumCount"]) == ("The Lanterns", 2)
    albums = (await app.whole("getArtist", id=artist["id"]))["artist"]["album"]
    assert [(album["name"], album["songCount"], album["duration"], album["year"]) for album in albums] == [
        ("Harbour", 3, 544, 2019),
        ("Attic", 1, 181, 2021),
    ]
    assert albums[0]["releaseDate"] == {"year": 2019}
    album = (await app.whole("getAlbum", id=albums[0]["id"]))["album"]
    assert [song["title"] for song in album["song"]] == ["Pier", "Tide", "Gull"]
    song = (await app.whole("getSong", id=album["song"][0]["id"]))["song"]
    assert song == album["song"][0]
    assert (song["duration"], song["isDir"], song["type"], song["size"]) == (181, False, "music", 9_000_000_000)
    assert (song["path"], song["contentType"]) == ("The Lanterns/Harbour/01 Pier.flac", "audio/flac")
    assert song["replayGain"] == {"trackGain": -7.5}
    assert song["created"].endswith("Z")


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({"type": "newest"}, ["Øst", "Attic", "Harbour"]),
        ({"type": "alphabeticalByName"}, ["Attic", "Harbour", "Øst"]),
        ({"type": "alphabeticalByName", "offset": 1, "size": 1}, ["Harbour"]),
        ({"type": "alphabeticalByName", "offset": -5, "size": 1, "genre": "", "fromYear": "0001"}, ["Attic"]),
        ({"type": "alphabeticalByArtist"}, ["Attic", "Harbour", "Øst"]),
        ({"type": "byYear", "fromYear": 2000, "toYear": 2020}, ["Harbour"]),
        ({"type": "byYear", "fromYear": 2000, "toYear": 2030}, ["Harbour", "Attic"]),
        ({"type": "byYear", "fromYear": 2030, "toYear": 2000}, ["Attic", "Harbour"]),
        ({"type": "byGenre", "genre": "rock"}, ["Harbour", "Attic"]),
        ({"type": "byGenre", "genre": "polka"}, []),
        ({"type": "newest", "musicFolderId": 0}, []),
        ({"type": "newest", "size": 0}, []),
    ],
)
async def test_lists_of_albums(app: App, music: Library, given: dict[str, Any], titles: list[str]) -> None:
    """Quirks 14 and 30: years backwards, arguments that belong to another list, offsets below zero."""
    listed = (await app.whole("getAlbumList2", **given))["albumList2"]["album"]
    assert [album["name"] for album in listed] == titles
    folders = (await app.whole("getAlbumList", **given))["albumList"]["album"]
    assert [(album["name"], album["title"], album["album"], album["isDir"]) for album in folders] == [
        (title, title, title, True) for title in titles
    ]


async def test_a_page_says_how_long_the_list_is(app: App, music: Library) -> None:
    """Quirk 34: an app shows its last page by `x-total-count`, which pages of other sites may read."""
    for listed, total in (
        ({"type": "newest", "size": 1}, 3),
        ({"type": "alphabeticalByArtist", "offset": 500}, 3),
        ({"type": "random", "size": 2}, 3),
        ({"type": "byYear", "fromYear": 2000, "toYear": 2020}, 1),
        ({"type": "byGenre", "genre": "Rock", "size": 0}, 2),
        ({"type": "byGenre", "genre": "Polka"}, 0),
        ({"type": "newest", "musicFolderId": 0}, 0),
        ({"type": "starred"}, 0),
    ):
        for method in ("getAlbumList", "getAlbumList2"):
            answer = await app.get(method, listed)
            assert answer.headers["x-total-count"] == str(total), listed
            assert "X-Total-Count" in answer.headers["access-control-expose-headers"]
    assert "x-total-count" not in (await app.get("getArtists")).headers


async def test_one_folder_of_music_is_that_folder(app: App, house: House, music: Library) -> None:
    """`musicFolderId`, wherever the reference has it."""
    other = await make_library(house, name="Tapes")
    for library in (music, other):
        everything = [library.songs["Pier"], library.albums["Harbour"], library.artists["The Lanterns"]]
        await app.ask("star", id=everything)
        await app.ask("setRating", id=library.albums["Harbour"], rating=4)
        await app.ask("scrobble", id=library.songs["Pier"])
    for folder, library in ((music.number, music), (other.number, other)):
        for name in ("getStarred", "getStarred2"):
            starred = (await app.whole(name, musicFolderId=folder))[name[3:].lower()]
            found = [starred[kind][0]["id"] for kind in ("song", "album", "artist")]
            assert found == [library.songs["Pier"], library.albums["Harbour"], library.artists["The Lanterns"]]
            assert [len(starred[kind]) for kind in ("song", "album", "artist")] == [1, 1, 1]
        for kind in ("starred", "highest", "frequent", "recent"):
            answer = await app.get("getAlbumList2", type=kind, musicFolderId=folder)
            [album] = inside(answer)["albumList2"]["album"]
            assert (album["id"], answer.headers["x-total-count"]) == (library.albums["Harbour"], "1")
            assert (await app.get("getAlbumList2", type=kind)).headers["x-total-count"] == "2"
            beyond = {"type": kind, "musicFolderId": folder, "offset": 1}
            assert (await app.whole("getAlbumList2", **beyond))["albumList2"]["album"] == []
        read = (await app.whole("search3", query="", musicFolderId=folder))["searchResult3"]
        assert {one["id"] for one in read["artist"]} == set(library.artists.values())
        assert {one["id"] for one in read["song"]} == set(library.songs.values())
        by_genre = (await app.whole("getSongsByGenre", genre="Jazz", musicFolderId=folder))["songsByGenre"]["song"]
        assert {one["title"] for one in by_genre} == {"Nord", "Syd"}
        assert len(by_genre) == 2
        drawn = (await app.whole("getRandomSongs", size=50, musicFolderId=folder))["randomSongs"]["song"]
        assert {one["id"] for one in drawn} == set(library.songs.values())
    assert len((await app.whole("getStarred2"))["starred2"]["song"]) == 2
    assert (await app.whole("getStarred2", musicFolderId=0))["starred2"] == {"artist": [], "album": [], "song": []}


async def test_lists_by_chance(app: App, music: Library) -> None:
    albums = (await app.whole("getAlbumList2", type="random"))["albumList2"]["album"]
    assert sorted(album["name"] for album in albums) == ["Attic", "Harbour", "Øst"]
    songs = (await app.whole("getRandomSongs", size=500))["randomSongs"]["song"]
    assert sorted(song["title"] for song in songs) == sorted(music.songs)
    jazz = (await app.whole("getRandomSongs", genre="Jazz"))["randomSongs"]["song"]
    assert sorted(song["title"] for song in jazz) == ["Nord", "Syd"]
    assert len((await app.whole("getRandomSongs", size=2))["randomSongs"]["song"]) == 2


async def test_songs_by_chance_of_a_shelf_a_genre_and_some_years(app: App, music: Library, house: House) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text("UPDATE catalog.tracks SET year = CASE title WHEN 'Nord' THEN 1999 END"))
        await uow.conn.execute(text("UPDATE catalog.albums SET release_date = '2005-05-01'"))
    asked = {"genre": "Jazz", "fromYear": 1990, "toYear": 2001, "musicFolderId": music.number}
    for narrowed, titles in (
        (asked, ["Nord"]),
        (asked | {"toYear": 2005}, ["Nord", "Syd"]),
        (asked | {"genre": "Rock"}, []),
        (asked | {"musicFolderId": 0}, []),
    ):
        drawn = (await app.whole("getRandomSongs", **narrowed))["randomSongs"]["song"]
        assert sorted(song["title"] for song in drawn) == titles


async def test_genres(app: App, music: Library) -> None:
    """Quirk 16."""
    genres = (await app.whole("getGenres"))["genres"]["genre"]
    assert genres == [
        {"value": "Jazz", "songCount": 2, "albumCount": 1},
        {"value": "Rock", "songCount": 4, "albumCount": 2},
    ]
    songs = (await app.whole("getSongsByGenre", genre="Rock", count=3))["songsByGenre"]["song"]
    assert [song["title"] for song in songs] == ["Pier", "Tide", "Gull"]
    rest = (await app.whole("getSongsByGenre", genre="Rock", count=3, offset=3))["songsByGenre"]["song"]
    assert [song["title"] for song in rest] == ["Dust"]
    assert await app.fail("getSongsByGenre") == 10


async def test_folders_are_another_tree(app: App, music: Library) -> None:
    """Quirks 24 and 31: from the libraries to a song, sorted by number."""
    top = (await app.whole("getIndexes"))["indexes"]
    assert {letter["name"] for letter in top["index"]} == {"L", "Æ"}
    [folder] = next(letter["artist"] for letter in top["index"] if letter["name"] == "L")
    assert folder["id"] == music.folders["The Lanterns"]
    inner = (await app.whole("getMusicDirectory", id=folder["id"]))["directory"]
    assert [(one["title"], one["isDir"]) for one in inner["child"]] == [("Attic", True), ("Harbour", True)]
    songs = (await app.whole("getMusicDirectory", id=inner["child"][1]["id"]))["directory"]
    assert [song["title"] for song in songs["child"]] == ["Pier", "Tide", "Gull"]
    assert {song["parent"] for song in songs["child"]} == {songs["id"]}
    root = (await app.whole("getMusicDirectory", id=str(music.number)))["directory"]
    assert root["name"] == "Records"
    by_tag = (await app.whole("getMusicDirectory", id=music.artists["The Lanterns"]))["directory"]
    assert [one["title"] for one in by_tag["child"]] == ["Harbour", "Attic"]
    album = (await app.whole("getMusicDirectory", id=music.albums["Attic"]))["directory"]
    assert [one["title"] for one in album["child"]] == ["Dust"]
    assert await app.fail("getMusicDirectory", id="17") == 70


async def test_an_index_that_did_not_change(app: App, music: Library) -> None:
    """Quirk 19: a time near 1970 means that none is known."""
    changed = (await app.whole("getIndexes"))["indexes"]["lastModified"]
    assert (await app.whole("getIndexes", ifModifiedSince=changed + 1000))["indexes"]["index"] == []
    assert (await app.whole("getIndexes", ifModifiedSince=0))["indexes"]["index"]
    assert (await app.whole("getIndexes", ifModifiedSince=86_400_000))["indexes"]["index"]


async def test_what_is_told(app: App, music: Library) -> None:
    """Quirk 1: the pages of artists and albums fail without these."""
    for method in ("getArtistInfo", "getArtistInfo2"):
        for thing in (music.artists["The Lanterns"], music.albums["Harbour"], music.songs["Pier"]):
            assert (await app.whole(method, id=thing))[method[3].lower() + method[4:]]["similarArtist"] == []
    for method in ("getAlbumInfo", "getAlbumInfo2"):
        assert (await app.whole(method, id=music.albums["Harbour"]))["albumInfo"]["notes"] == ""
    assert await app.fail("getAlbumInfo2", id="alb_nothing") == 70


async def test_what_is_like_it(app: App, music: Library) -> None:
    for method in ("getSimilarSongs", "getSimilarSongs2"):
        found = (await app.whole(method, id=music.artists["Ærø & Co"], count=9))[method[3].lower() + method[4:]]
        assert sorted(song["title"] for song in found["song"]) == ["Nord", "Syd"]


async def test_what_is_heard_most(app: App, house: House, music: Library) -> None:
    """Quirk 31: nobody's songs are an empty list."""
    async with house.db.system() as uow:
        await uow.conn.execute(
            text("INSERT INTO catalog.track_stats SELECT id, length(title) FROM catalog.tracks WHERE title <> 'Dust'")
        )
    named = (await app.whole("getTopSongs", artist="the lanterns"))["topSongs"]["song"]
    assert sorted(song["title"] for song in named) == ["Gull", "Pier", "Tide"]
    other = music.artists["Ærø & Co"]
    by_id = (await app.whole("getTopSongs", artist="The Lanterns", id=other))["topSongs"]["song"]
    assert [song["title"] for song in by_id] == ["Nord", "Syd"]
    assert (await app.whole("getTopSongs", artist="Nobody"))["topSongs"] == {"song": []}


async def test_a_closed_library_is_not_there(make: Maker, house: House) -> None:
    closed = await make_library(house, access="chosen")
    app = await app_of(await make.person())
    assert [one["id"] for one in (await app.whole("getMusicFolders"))["musicFolders"]["musicFolder"]] == [0]
    assert (await app.whole("getArtists"))["artists"]["index"] == []
    assert (await app.whole("getIndexes"))["indexes"]["index"] == []
    assert (await app.whole("getAlbumList2", type="newest"))["albumList2"]["album"] == []
    assert (await app.whole("search3", query=""))["searchResult3"]["song"] == []
    for method, thing in (
        ("getAlbum", closed.albums["Harbour"]),
        ("getSong", closed.songs["Pier"]),
        ("getMusicDirectory", closed.folders["The Lanterns"]),
    ):
        assert await app.fail(method, id=thing) == 70


async def test_what_is_not_there_is_70(app: App, music: Library) -> None:
    for method in ("getArtist", "getAlbum", "getSong"):
        assert await app.fail(method, id="nothing") == 70
        assert await app.fail(method) == 10
    assert await app.fail("getAlbum", id=music.artists["The Lanterns"]) == 70
    assert await app.fail("getAlbumList2", type="sideways") == 10
    assert await app.fail("getAlbumList2", type="byYear") == 10


async def test_names_and_marks_are_the_same_alone_and_in_a_list(app: App, house: House, music: Library) -> None:
    """Several artists, a name that one goes by on one record, genres, credits, and what the person said of it."""
    pier, harbour, guest = (
        parse(kind, there)
        for kind, there in (
            (Kind.TRACK, music.songs["Pier"]),
            (Kind.ALBUM, music.albums["Harbour"]),
            (Kind.ARTIST, music.artists["Ærø & Co"]),
        )
    )
    async with house.db.system() as uow:
        for statement in (
            "UPDATE catalog.track_artists SET joined_by = ' feat. ' WHERE track_id = :pier",
            "INSERT INTO catalog.track_artists (track_id, position, artist_id, credited_as) "
            "VALUES (:pier, 1, :guest, 'Æ')",
            "UPDATE catalog.album_artists SET credited_as = 'Lanterns' WHERE album_id = :harbour",
            "INSERT INTO catalog.track_genres SELECT :pier, id FROM catalog.genres WHERE name = 'Jazz'",
            "INSERT INTO catalog.track_credits (track_id, position, name, role) VALUES (:pier, 0, 'Ada', 'composer')",
        ):
            given = {"pier": pier, "harbour": harbour, "guest": guest}
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            await uow.conn.execute(text(statement), used)
    await app.get("star", id=music.songs["Tide"])
    await app.get("setRating", id=music.songs["Pier"], rating="4")
    await app.get("scrobble", id=music.songs["Gull"])
    made = await app.ask("createPlaylist", name="All", songId=[music.songs[name] for name in ("Pier", "Tide", "Gull")])
    listed = made["playlist"]["entry"]
    assert [song["displayArtist"] for song in listed] == ["The Lanterns feat. Æ", "The Lanterns", "The Lanterns"]
    assert [one["name"] for one in listed[0]["artists"]] == ["The Lanterns", "Æ"]
    assert {song["displayAlbumArtist"] for song in listed} == {"Lanterns"}
    assert [one["name"] for one in listed[0]["genres"]] == ["Jazz", "Rock"]
    assert listed[0]["displayComposer"] == "Ada"
    assert ["starred" in song for song in listed] == [False, True, False]
    assert [(song.get("userRating"), song["playCount"]) for song in listed] == [(4, 0), (None, 0), (None, 1)]
    for song in listed:
        assert (await app.ask("getSong", id=song["id"]))["song"] == song
    alone = (await app.ask("getAlbum", id=music.albums["Harbour"]))["album"]
    assert alone["song"] == listed
    lists = (await app.ask("getAlbumList2", type="newest"))["albumList2"]["album"]
    assert {key: alone[key] for key in alone if key != "song"} in lists
    assert alone["displayArtist"] == "Lanterns"


async def test_what_changed_since_a_song_was_shown_is_shown(
    app: App, make: Maker, house: House, music: Library
) -> None:
    """What was built of a song is kept, for everybody who asks."""
    pier, folder = music.songs["Pier"], music.folders["The Lanterns/Harbour"]
    other = await app_of(await make.person())

    async def shown(who: App) -> dict[str, Any]:
        found: dict[str, Any] = (await who.ask("getSong", id=pier))["song"]
        return found

    before = await shown(app)
    await app.get("star", id=pier)
    assert "starred" in await shown(app)
    assert await shown(other) == before
    assert "starred" in await shown(app)
    inside_of = (await app.ask("getMusicDirectory", id=folder))["directory"]["child"]
    assert {one["parent"] for one in inside_of} == {folder}
    assert (await shown(other))["parent"] == music.albums["Harbour"]
    async with house.db.system() as uow:
        await uow.conn.execute(
            text("UPDATE catalog.tracks SET title = 'Jetty' WHERE id = :id"), {"id": parse(Kind.TRACK, pier)}
        )
    assert (await shown(app))["title"] == (await shown(other))["title"] == "Jetty"
