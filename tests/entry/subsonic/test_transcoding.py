"""The extension `transcoding`: what an app plays, what it is told, what it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from tests.entry.subsonic.conftest import App, failed
from tests.support.people import Maker
from tests.support.shelf import Shelf, Shelved

SONG = fake_audio(seconds=100.0)
PHONE = {"name": "app", "platform": "phone"}
FLAC = {"containers": ["flac"], "audioCodecs": ["flac"], "protocols": ["http"], "maxAudioChannels": 2}
MP3 = {"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 2}


@pytest.fixture
async def song(house: House, tmp_path: Path) -> Shelved:
    return await (await Shelf.put_up(house.db, tmp_path / "music")).add("A/song.flac", data=SONG)


async def asked(app: App, song: Shelved, **info: Any) -> Any:
    answer = await app.http.post(
        "/rest/getTranscodeDecision",
        params=app.credentials | {"mediaId": song.id, "mediaType": "song", "f": "json"},
        json=PHONE | info,
    )
    assert answer.status_code == 200
    return answer.json()["subsonic-response"]["transcodeDecision"]


async def test_what_is_played_as_it_is(app: App, song: Shelved) -> None:
    found = await asked(app, song, directPlayProfiles=[FLAC])
    assert (found["canDirectPlay"], found["canTranscode"], found["transcodeReason"]) == (True, False, [])
    assert (found["errorReason"], found["transcodeParams"]) == ("", "")
    source = found["sourceStream"]
    assert (source["protocol"], source["container"], source["codec"]) == ("http", "flac", "flac")


async def test_what_is_made_is_got_by_its_params(app: App, song: Shelved) -> None:
    found = await asked(
        app,
        song,
        maxTranscodingAudioBitrate=100_000,
        directPlayProfiles=[FLAC | {"audioCodecs": ["aac"]}],
        transcodingProfiles=[{"container": "wma", "audioCodec": "wma", "protocol": "http"}, MP3],
        codecProfiles=[
            {
                "type": "AudioCodec",
                "name": "mp3",
                "limitations": [
                    {"name": "audioBitrate", "comparison": "LessThanEqual", "values": ["80000"], "required": True}
                ],
            }
        ],
    )
    assert (found["canDirectPlay"], found["canTranscode"]) == (False, True)
    assert found["transcodeReason"] == ["codec_not_played"]
    made = found["transcodeStream"]
    assert (made["container"], made["codec"], made["audioBitrate"]) == ("mp3", "mp3", 80_000)
    given = {"mediaId": song.id, "mediaType": "song", "transcodeParams": found["transcodeParams"]}
    whole = await app.get("getTranscodeStream", given)
    assert whole.headers["content-type"] == "audio/mpeg"
    assert len(whole.content) == 100 * 80 * 125
    later = await app.get("getTranscodeStream", given | {"offset": 40})
    assert len(later.content) == 60 * 80 * 125


async def test_what_cannot_be_played_is_said(app: App, song: Shelved, make: Maker) -> None:
    found = await asked(app, song, transcodingProfiles=[MP3 | {"audioCodec": "wma", "container": "wma"}])
    assert (found["canDirectPlay"], found["canTranscode"], found["errorReason"]) == (False, False, "nothing_playable")
    for wrong in ({}, {"mediaId": song.id}, {"mediaId": song.id, "mediaType": "song"}):  # without a body
        assert failed(await app.get("getTranscodeDecision", wrong)) == 10
    given = {"mediaId": song.id, "mediaType": "song", "transcodeParams": "mp3-99"}
    assert failed(await app.get("getTranscodeStream", given)) == 10
    assert failed(await app.get("getTranscodeStream", given | {"mediaType": "podcast"})) == 70
    named = (await app.whole("getOpenSubsonicExtensions"))["openSubsonicExtensions"]
    assert {"transcoding", "transcodeOffset"} <= {one["name"] for one in named}
