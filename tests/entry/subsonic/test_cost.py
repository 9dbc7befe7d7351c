"""What a call of an app sends to the database, pinned: one round trip more is a fifth of what a song costs."""

from __future__ import annotations

from typing import Any

from tests.entry.subsonic.conftest import App
from tests.entry.subsonic.music import Library
from tests.support.round_trips import round_trips


async def test_hot_calls_send_so_many_statements_and_nothing_around_them(app: App, music: Library) -> None:
    album, song, artist = music.albums["Harbour"], music.songs["Pier"], music.artists["The Lanterns"]
    made = await app.ask("createPlaylist", name="Evening", songId=[song])
    playlist = made["playlist"]["id"]
    calls: list[tuple[str, dict[str, Any], int]] = [
        ("ping", {}, 0),
        ("getSong", {"id": song}, 1),
        ("getAlbum", {"id": album}, 1),
        ("getArtist", {"id": artist}, 3),
        ("getArtists", {}, 2),
        ("getAlbumList2", {"type": "newest"}, 2),
        ("getAlbumList2", {"type": "alphabeticalByName"}, 2),
        ("getAlbumList2", {"type": "random", "size": "2"}, 3),
        ("getGenres", {}, 1),
        ("search3", {"query": "harbour"}, 1),
        ("getCoverArt", {"id": album}, 0),
        ("getPlaylist", {"id": playlist}, 2),
    ]
    for method, given, most in calls:
        for _ in range(2):  # what is remembered is there
            await app.get(method, **given)
        with round_trips() as sent:
            await app.get(method, **given)
        assert len(sent) <= most, (method, given, sent)


async def test_a_scrobble_that_nobody_shares_sends_eight_at_most(app: App, music: Library) -> None:
    first, second = music.songs["Pier"], music.songs["Tide"]
    await app.ask("scrobble", id=first)
    with round_trips() as sent:
        await app.ask("scrobble", id=second)
    assert len(sent) <= 8, sent


async def test_a_playlist_of_an_app_is_made_in_five(app: App, music: Library) -> None:
    songs = [music.songs["Pier"], music.songs["Tide"]]
    await app.get("createPlaylist", name="Morning", songId=songs)
    with round_trips() as sent:
        await app.get("createPlaylist", name="Night", songId=songs)
    assert len(sent) <= 5, sent
