"""py-opensonic, which nobody here wrote, asks all that reads, in a process of its own: `URL PORT NAME PASSWORD`.

Prints one JSON object: by method what it found, or why it could not.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from libopensonic import AsyncConnection


async def look(url: str, port: int, name: str, password: str, legacy: bool, use_get: bool) -> dict[str, str]:
    connection = AsyncConnection(url, name, password, port=port, legacy_auth=legacy, use_get=use_get)
    told: dict[str, str] = {}

    async def ask(method: str, *args: Any, **given: Any) -> Any:
        call: Callable[..., Awaitable[Any]] = getattr(connection, method)
        try:
            found = await call(*args, **given)
        except Exception as error:
            told[method] = f"{type(error).__name__}: {error}"
            return None
        told[method] = "ok"
        return found

    try:
        await _ask_all(ask, name)
    finally:
        await connection.cleanup()
    return told


async def _ask_all(ask: Callable[..., Awaitable[Any]], name: str) -> None:
    for method in ("ping", "get_license", "get_open_subsonic_extensions", "get_indexes", "get_genres"):
        await ask(method)
    artists = await ask("get_artists")
    artist_id = artists.index[0].artist[0].id
    artist = await ask("get_artist", artist_id)
    album = await ask("get_album", artist.album[0].id)
    song = await ask("get_song", album.song[0].id)
    for kind in ("random", "newest", "alphabeticalByName", "alphabeticalByArtist", "starred", "frequent", "recent"):
        await ask("get_album_list", kind)
        await ask("get_album_list2", kind)
    await ask("get_random_songs", size=5)
    await ask("get_songs_by_genre", song.genre)
    for method in ("get_artist_info", "get_artist_info2", "get_similar_songs", "get_similar_songs2"):
        await ask(method, artist_id)
    for method in ("get_album_info", "get_album_info2", "get_music_directory"):
        await ask(method, album.id)
    await ask("get_top_songs", artist.name)
    for method in ("search2", "search3"):
        await ask(method, "")
    await ask("get_user", name)
    for method in ("get_users", "get_scan_status", "get_podcasts", "get_newest_podcasts", "get_videos"):
        await ask(method)
    await ask("get_lyrics", "Nobody", "Nothing")
    await ask("get_lyrics_by_song_id", song.id)
    for method in ("get_cover_art", "get_avatar"):
        answer = await ask(method, album.id if method == "get_cover_art" else name)
        answer.close()


def main() -> None:
    url, port, name, password = sys.argv[1:5]
    ways = {"token": (False, False), "legacy": (True, False), "get": (False, True)}
    told = {way: asyncio.run(look(url, int(port), name, password, *how)) for way, how in ways.items()}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main()
