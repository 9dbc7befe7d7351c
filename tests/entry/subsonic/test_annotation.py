"""Stars, ratings, listens and what is heard now, as apps say and read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out
from tests.entry.subsonic.conftest import App, app_of
from tests.entry.subsonic.music import Library
from tests.support.answers import rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker


def milliseconds(moment: Any) -> int:
    return int(moment.timestamp() * 1000)


async def song(app: App, music: Library, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await app.whole("getSong", id=music.songs[name]))["song"]
    return found


async def test_stars_of_every_kind_come_back(app: App, music: Library, clock: FrozenClock) -> None:
    """Quirks 19 and 20: dates with an offset, lists that are lists also with one entry, wrappers always."""
    assert (await app.whole("getStarred2"))["starred2"] == {"artist": [], "album": [], "song": []}
    assert (await app.whole("getStarred"))["starred"] == {"artist": [], "album": [], "song": []}
    pier, harbour, lanterns = music.songs["Pier"], music.albums["Harbour"], music.artists["The Lanterns"]
    await app.ask("star", id=[pier, music.songs["Tide"]], albumId=harbour, artistId=lanterns)
    clock.move(timedelta(seconds=5))
    await app.ask("star", id=pier)  # again: the time of the first stays
    starred = (await app.whole("getStarred2"))["starred2"]
    assert [one["id"] for one in starred["artist"]] == [lanterns]
    assert [one["id"] for one in starred["album"]] == [harbour]
    assert {one["title"] for one in starred["song"]} == {"Pier", "Tide"}
    assert all(one["starred"].endswith("Z") for kind in starred.values() for one in kind)
    folders = (await app.whole("getStarred"))["starred"]["album"]
    assert [(one["title"], one["isDir"]) for one in folders] == [("Harbour", True)]
    assert (await app.whole("getAlbum", id=harbour))["album"]["starred"] == starred["album"][0]["starred"]
    assert (await app.whole("getArtist", id=lanterns))["artist"]["starred"]
    listed = (await app.whole("getAlbumList2", type="starred"))["albumList2"]["album"]
    assert [one["name"] for one in listed] == ["Harbour"]
    await app.ask("unstar", id=[pier, lanterns, harbour])
    assert "starred" not in await song(app, music, "Pier")
    assert len((await app.whole("getStarred2"))["starred2"]["song"]) == 1


async def test_stars_are_refused_where_nothing_is(app: App, music: Library, house: House) -> None:
    async with unchanged(house.db):
        assert await app.fail("star") == 10
        assert await app.fail("unstar") == 10
        assert await app.fail("star", id=[music.songs["Pier"], out(Kind.TRACK, new_uuid())]) == 70
        assert await app.fail("star", id="12") == 70
        assert await app.fail("setRating", id=music.songs["Pier"]) == 10
        for rating in ("6", "-1", "x"):
            assert await app.fail("setRating", id=music.songs["Pier"], rating=rating) == 10
        assert await app.fail("setRating", id="none", rating=3) == 70


async def test_ratings_are_ones_own_and_everybodys(app: App, make: Maker, music: Library) -> None:
    """Quirk 17: the average is a number with a fraction."""
    other = await app_of(await make.person())
    await app.ask("setRating", id=music.songs["Pier"], rating=5)
    await other.ask("setRating", id=music.songs["Pier"], rating=2)
    await app.ask("setRating", id=music.albums["Attic"], rating=4)
    await other.ask("setRating", id=music.albums["Harbour"], rating=3)
    pier = await song(app, music, "Pier")
    assert (pier["userRating"], pier["averageRating"]) == (5, 3.5)
    listed = (await app.whole("getAlbumList2", type="highest"))["albumList2"]["album"]
    assert [one["name"] for one in listed] == ["Attic", "Harbour"]
    await app.ask("setRating", id=music.songs["Pier"], rating=0)
    pier = await song(app, music, "Pier")
    assert "userRating" not in pier
    assert pier["averageRating"] == 2.0


async def test_a_scrobble_is_the_play(app: App, music: Library, house: House, clock: FrozenClock) -> None:
    """Quirk 39: `stream` is no play, `scrobble` is; what is told twice counts once."""
    at = clock.now() - timedelta(hours=1)
    assert "played" not in await song(app, music, "Pier")
    for _ in range(2):
        await app.ask("scrobble", id=music.songs["Pier"], time=milliseconds(at))
    pier = await song(app, music, "Pier")
    assert pier["playCount"] == 1
    assert pier["played"] == at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    album = (await app.whole("getAlbum", id=music.albums["Harbour"]))["album"]
    assert (album["playCount"], album["played"]) == (1, pier["played"])
    assert await rows(house.db, "SELECT client FROM playback.scrobbles") == [("test",)]


async def test_offline_plays_come_by_the_hundred(app: App, music: Library, clock: FrozenClock) -> None:
    """Quirk 39: several ids with their times; one app says `date` in seconds."""
    start = clock.now() - timedelta(days=2)
    times = [milliseconds(start + timedelta(minutes=5 * n)) for n in range(6)]
    ids = [music.songs["Pier"], music.songs["Dust"]] * 3
    await app.ask("scrobble", id=ids, time=times)
    assert (await song(app, music, "Pier"))["playCount"] == 3
    await app.ask("scrobble", id=music.songs["Gull"], date=times[0] // 1000)
    gull = await song(app, music, "Gull")
    assert gull["played"] == start.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    frequent = (await app.whole("getAlbumList2", type="frequent"))["albumList2"]["album"]
    recent = (await app.whole("getAlbumList2", type="recent"))["albumList2"]["album"]
    assert [one["name"] for one in frequent] == ["Harbour", "Attic"]
    assert [one["name"] for one in recent] == ["Attic", "Harbour"]
    assert (await app.whole("getAlbumList2", type="recent", offset=1))["albumList2"]["album"] == recent[1:]


async def test_times_near_1970_mean_now(app: App, music: Library, clock: FrozenClock) -> None:
    """Quirk 19."""
    await app.ask("scrobble", id=music.songs["Pier"], time=0)
    played = (await song(app, music, "Pier"))["played"]
    assert played == clock.now().replace(microsecond=0).isoformat().replace("+00:00", "Z")


async def test_beginning_is_no_play(app: App, make: Maker, music: Library, clock: FrozenClock) -> None:
    """Quirks 39 and 43: the time of a beginning is now, whatever is said, and an app with two names is one player."""
    other = await app_of(await make.person())
    yesterday = milliseconds(clock.now() - timedelta(days=1))
    for name, title in (("Feishin", "Pier"), ("feishin_", "Tide")):
        await app.ask("scrobble", id=music.songs[title], time=yesterday, submission="false", c=name)
    clock.move(timedelta(seconds=61))
    [entry] = (await other.whole("getNowPlaying"))["nowPlaying"]["entry"]
    assert (entry["title"], entry["username"], entry["minutesAgo"]) == ("Tide", app.person.handle, 1)
    assert (entry["playerName"], type(entry["playerId"])) == ("feishin_", int)
    assert (await song(app, music, "Tide"))["playCount"] == 0
    clock.move(timedelta(minutes=5))
    assert (await other.whole("getNowPlaying"))["nowPlaying"] == {"entry": []}


@pytest.mark.parametrize("submission", ["true", "false"])
async def test_what_is_not_there_is_not_heard(app: App, music: Library, house: House, submission: str) -> None:
    async with unchanged(house.db):
        assert await app.fail("scrobble", submission=submission) == 10
        assert await app.fail("scrobble", id=out(Kind.TRACK, new_uuid()), submission=submission) == 70
        assert await app.fail("scrobble", id=music.albums["Attic"], submission=submission) == 70


async def reported(app: App, song_id: str, state: str, position_ms: int, **more: Any) -> None:
    await app.ask("reportPlayback", mediaId=song_id, mediaType="song", state=state, positionMs=position_ms, **more)


async def test_players_report_where_they_are_and_what_stops_counts(
    app: App, make: Maker, music: Library, clock: FrozenClock
) -> None:
    """A pause is not heard, a seek is no listening, and another song ends the one before."""
    other = await app_of(await make.person())
    pier, tide = music.songs["Pier"], music.songs["Tide"]
    length = (await song(app, music, "Pier"))["duration"]
    half = length // 2 + 1

    async def shown() -> tuple[str, int, float]:
        [entry] = (await other.whole("getNowPlaying"))["nowPlaying"]["entry"]
        return entry["state"], entry["positionMs"], entry["playbackRate"]

    await reported(app, pier, "starting", 0)
    clock.move(timedelta(seconds=4))
    assert await shown() == ("starting", 4_000, 1.0)
    await reported(app, pier, "paused", 4_000)
    clock.move(timedelta(seconds=length))
    assert await shown() == ("paused", 4_000, 1.0)
    await reported(app, pier, "stopped", length * 1000)  # sought to the end, but not heard
    assert (await other.whole("getNowPlaying"))["nowPlaying"] == {"entry": []}
    assert (await song(app, music, "Pier"))["playCount"] == 0
    await reported(app, pier, "starting", 0)
    await reported(app, pier, "playing", 0, playbackRate=2.0)
    clock.move(timedelta(seconds=half / 2))
    await reported(app, tide, "starting", 0)
    assert (await song(app, music, "Pier"))["playCount"] == 1
    clock.move(timedelta(seconds=half))
    await reported(app, tide, "stopped", half * 1000, ignoreScrobble="true")
    assert (await song(app, music, "Tide"))["playCount"] == 0


async def test_reports_that_say_too_little(app: App, music: Library) -> None:
    given = {"mediaId": music.songs["Pier"], "mediaType": "song", "positionMs": 0, "state": "playing"}
    for name in given:
        assert await app.fail("reportPlayback", **{key: value for key, value in given.items() if key != name}) == 10
    assert await app.fail("reportPlayback", **given | {"state": "flying"}) == 10
    assert await app.fail("reportPlayback", **given | {"mediaId": out(Kind.TRACK, new_uuid())}) == 70
    named = (await app.whole("getOpenSubsonicExtensions"))["openSubsonicExtensions"]
    assert {"name": "playbackReport", "versions": [1]} in named
