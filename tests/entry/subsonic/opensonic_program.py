"""py-opensonic, which nobody here wrote, calls all that it has, in a process of its own: `URL PORT NAME PASSWORD KEY`.

Prints one JSON object: by way of asking and method "ok", or why it could not.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from libopensonic import AsyncConnection

APP = "py-opensonic"
Ask = Callable[..., Awaitable[Any]]
LISTS = ("random", "newest", "alphabeticalByName", "alphabeticalByArtist", "starred", "frequent", "recent", "highest")


async def go(connection: AsyncConnection, name: str, whole: bool) -> dict[str, str]:
    told: dict[str, str] = {}

    async def ask(method: str, *args: Any, **given: Any) -> Any:
        call: Ask = getattr(connection, method)
        try:
            found = await call(*args, **given)
        except Exception as error:
            told[method] = f"{type(error).__name__}: {error}"
            return None
        told.setdefault(method, "ok")
        return found

    try:
        song = await _read(ask, name)
        if whole:
            await _write(ask, song)
            await _bytes(ask, told, song, name)
            await _refused(ask, song, name)
            connection.get_stream_url(song.id)
            told["get_stream_url"] = "ok"
    finally:
        await connection.cleanup()
    return told


async def _read(ask: Ask, name: str) -> Any:
    """Answers a song."""
    for method in ("ping", "get_license", "get_open_subsonic_extensions", "get_indexes", "get_genres", "get_starred2"):
        await ask(method)
    artists = await ask("get_artists")
    artist = await ask("get_artist", artists.index[0].artist[0].id)
    album = await ask("get_album", artist.album[0].id)
    song = await ask("get_song", album.song[0].id)
    for kind in LISTS:
        await ask("get_album_list", kind)
        await ask("get_album_list2", kind)
    await ask("get_random_songs", size=5)
    await ask("get_songs_by_genre", song.genre)
    for method in ("get_artist_info", "get_artist_info2", "get_similar_songs", "get_similar_songs2"):
        await ask(method, artist.id)
    for method in ("get_album_info", "get_album_info2", "get_music_directory"):
        await ask(method, album.id)
    await ask("get_top_songs", artist.name)
    for method in ("search2", "search3"):
        await ask(method, "")
    await ask("get_user", name)
    for method in ("get_users", "get_scan_status", "get_podcasts", "get_newest_podcasts", "get_videos", "get_starred"):
        await ask(method)
    for method in ("get_now_playing", "get_chat_messages", "get_internet_radio_stations", "get_bookmarks"):
        await ask(method)
    for method in ("get_shares", "get_playlists", "get_play_queue", "get_play_queue_by_index"):
        await ask(method)
    await ask("get_sonic_similar_tracks", song.id)
    await ask("find_sonic_path", song.id, song.id)
    await ask("get_lyrics", "Nobody", "Nothing")
    await ask("get_lyrics_by_song_id", song.id)
    return song


async def _write(ask: Ask, song: Any) -> None:
    """Everything is read again by what reads it, whose types miss what is missing."""
    await ask("star", [song.id], [song.album_id], [song.artist_id])
    assert [one.id for one in (await ask("get_starred2")).song] == [song.id]
    await ask("unstar", [song.id], [song.album_id], [song.artist_id])
    await ask("set_rating", song.id, 4)
    assert (await ask("get_song", song.id)).user_rating == 4
    await ask("scrobble", song.id, False)
    assert [one.id for one in await ask("get_now_playing") if one.player_name == APP] == [song.id]
    await ask("scrobble", song.id, True, int(time.time()) - 3600)
    assert (await ask("get_song", song.id)).play_count >= 1
    await ask("create_bookmark", song.id, 100, "Here")
    assert (await ask("get_bookmarks"))[0].comment == "Here"
    await ask("delete_bookmark", song.id)
    await ask("save_play_queue", [song.id], song.id, 50)
    assert (await ask("get_play_queue")).current == song.id
    await ask("save_play_queue_by_index", [song.id, song.id], 1, 50)
    assert (await ask("get_play_queue_by_index")).current_index == 1
    await ask("add_chat_message", "Hello")
    assert (await ask("get_chat_messages"))[-1].message == "Hello"
    await _write_lists(ask, song)
    await ask("start_scan")


async def _write_lists(ask: Ask, song: Any) -> None:
    await ask("create_playlist", name="Mix", song_ids=[song.id, song.id])
    playlist = (await ask("get_playlists"))[0]
    await ask("update_playlist", playlist.id, "Mixed", "Twice", [song.id], [0])
    assert [one.id for one in (await ask("get_playlist", playlist.id)).entry] == [song.id, song.id]
    await ask("create_playlist", playlist_id=playlist.id, song_ids=[song.id])
    assert (await ask("get_playlist", playlist.id)).song_count == 1
    share = await ask("create_share", [song.id, playlist.id], "For you", time.time() + 3600)
    # It sends the end under its value as a name, which must be a text then, and is nothing that is asked for.
    await ask("update_share", share.id, "For all", str(int(time.time()) + 3600))
    assert (await ask("get_shares"))[0].description == "For all"
    await ask("delete_share", share.id)
    await ask("delete_playlist", playlist.id)
    await ask("create_internet_radio_station", "http://radio.example/one", "One", "http://radio.example/")
    station = (await ask("get_internet_radio_stations"))[0]
    await ask("update_internet_radio_station", station.id, station.stream_url, "Two")
    await ask("delete_internet_radio_station", station.id)


async def _bytes(ask: Ask, told: dict[str, str], song: Any, name: str) -> None:
    for method, args, kind, status in (
        ("get_cover_art", (song.cover_art,), "image/", 200),
        ("get_cover_art", (song.cover_art, 100), "image/", 200),
        ("get_avatar", (name,), "image/", 200),
        ("download", (song.id,), "audio/flac", 200),
        ("stream", (song.id, 0, "raw"), "audio/flac", 200),
        ("stream", (song.id, 128, "mp3"), "audio/mpeg", 200),
        ("stream", (song.id, 0, None, None, None, False, False, "bytes=0-99"), "audio/flac", 206),
    ):
        answer = await ask(method, *args)
        body = await answer.read()
        if answer.status != status or not answer.content_type.startswith(kind) or len(body) < 100:
            told[method] = f"{answer.status} {answer.content_type}, {len(body)} bytes"
    await ask("report_playback", song.id, "song", 0, "starting")
    await ask("report_playback", song.id, "song", 100, "stopped", 1.0, True)
    target = {"container": "mp3", "audioCodec": "mp3", "protocol": "http"}
    app = {"name": "test", "platform": "test", "transcodingProfiles": [target]}
    decision = await ask("get_transcode_decision", song.id, "song", app)
    assert decision.can_transcode
    made = await ask("get_transcode_stream", song.id, "song", decision.transcode_params, 1)
    assert made.content_type == "audio/mpeg"
    assert len(await made.read()) > 100
    playlist = await ask("hls", song.id)
    assert await playlist.read() if hasattr(playlist, "read") else playlist


async def _refused(ask: Ask, song: Any, name: str) -> None:
    """What is not here, or not for apps: each answers as the protocol says, and the connection goes on."""
    for method in ("create_podcast_channel", "delete_podcast_channel", "delete_podcast_episode"):
        await ask(method, "1")
    await ask("download_podcast_episode", "1")
    await ask("refresh_podcasts")
    await ask("get_podcast_episode", "1")
    await ask("get_video_info", 1)
    await ask("get_captions", 1)
    await ask("jukebox_control", "get")
    await ask("create_user", "bob", "secret", "bob@example.org")
    await ask("update_user", name, email="eve@example.org")
    await ask("delete_user", name)
    await ask("change_password", name, "secret")
    await ask("ping")


async def main() -> None:
    url, port, name, password, key = sys.argv[1:6]
    told = {}
    for way, given in {
        "token": {"username": name, "password": password},
        "password": {"username": name, "password": password, "legacy_auth": True},
        "get": {"username": name, "password": password, "use_get": True},
        "key": {"api_key": key},
    }.items():
        connection = AsyncConnection(url, port=int(port), app_name=APP, **given)
        told[way] = await go(connection, name, whole=way in ("token", "get"))
    keyed = AsyncConnection(url, port=int(port), api_key=key)
    told["key"]["token_info"] = "ok" if (await keyed.token_info()).username == name else "somebody else"
    await keyed.cleanup()
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
