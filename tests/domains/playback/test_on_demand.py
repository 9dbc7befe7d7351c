"""Tracks of a library are heard at once: by their original, or by a file that is made for whoever asks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import new_uuid
from tests.support.answers import refused, rows
from tests.support.people import Maker
from tests.support.shelf import Shelf, Shelved

API = "/api/v1"
SONG = fake_audio(seconds=100.0)


@pytest.fixture
async def shelf(house: House, tmp_path: Path) -> Shelf:
    return await Shelf.put_up(house.db, tmp_path / "music")


async def ways(http: httpx.AsyncClient, track: Shelved) -> dict[str, dict[str, Any]]:
    answer = await http.get(f"{API}/stream/{track.id}")
    assert answer.status_code == 200, answer.text
    stream = answer.json()
    return {file["quality"]: file for file in stream["progressive"]}


async def test_the_original_is_sent_as_it_is(http: httpx.AsyncClient, shelf: Shelf) -> None:
    track = await shelf.add("Ada/One & two/01 söng.flac", data=SONG)
    original = (await ways(http, track))["original"]
    assert (original["mime"], original["bytes"], original["on_demand"]) == ("audio/flac", len(SONG), False)
    whole = await http.get(original["url"])
    assert (whole.status_code, whole.content) == (200, SONG)
    assert whole.headers["content-type"] == "audio/flac"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["access-control-allow-origin"] == "*"
    part = await http.get(original["url"], headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, SONG[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(SONG)}"
    head = await http.head(original["url"])
    assert (head.headers["content-length"], head.content) == (str(len(SONG)), b"")
    known = await http.get(original["url"], headers={"If-None-Match": whole.headers["etag"]})
    assert known.status_code == 304
    other = {"Range": "bytes=5-9", "If-Range": '"other"'}
    assert (await http.get(original["url"], headers=other)).status_code == 200


async def test_a_file_grows_while_it_is_heard_and_is_whole_the_second_time(
    http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs
) -> None:
    track = await shelf.add("song.flac", data=SONG)
    file = (await ways(http, track))["mp3_128"]
    assert file["on_demand"]
    head = await http.head(file["url"])
    assert (head.status_code, head.headers["accept-ranges"], codecs.calls) == (200, "none", [])
    first = await http.get(file["url"], headers={"Range": "bytes=0-"})
    assert first.status_code == 200
    assert first.headers["content-type"] == "audio/mpeg"
    assert first.headers["accept-ranges"] == "none"
    assert first.headers["x-content-duration"] == "100.000"
    assert "content-length" not in first.headers
    assert len(first.content) == 100 * 128 * 125 <= file["bytes"]
    second = await http.get(file["url"], headers={"Range": "bytes=100-199"})
    assert (second.status_code, second.content) == (206, first.content[100:200])
    assert (await http.head(file["url"])).headers["content-length"] == str(len(first.content))
    assert codecs.calls == ["transcode"]


async def test_many_who_ask_at_once_share_one_encode(http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs) -> None:
    track = await shelf.add("song.flac", data=SONG)
    url = (await ways(http, track))["mp3_320"]["url"]
    codecs.pace.clear()
    asking = [asyncio.create_task(http.get(url)) for _ in range(8)]
    await codecs.begun.wait()
    codecs.pace.set()
    heard = await asyncio.gather(*asking)
    assert {answer.content for answer in heard} == {heard[0].content}
    assert len(heard[0].content) == 100 * 320 * 125
    assert codecs.calls == ["transcode"]


async def test_a_lossy_original_is_never_blown_up(http: httpx.AsyncClient, shelf: Shelf) -> None:
    track = await shelf.add("song.mp3", data=SONG, suffix="mp3", mime="audio/mpeg", codec="mp3", kbps=96)
    found = await ways(http, track)
    assert set(found) == {"mp3_96", "opus_96", "original"}


async def test_a_file_that_cannot_be_decoded_is_a_refusal_and_leaves_nothing(
    http: httpx.AsyncClient, shelf: Shelf, house: House
) -> None:
    track = await shelf.add("broken.flac", data=b"no sound at all")
    url = (await ways(http, track))["mp3_128"]["url"]
    for _ in range(2):
        assert refused(await http.get(url)) == (422, "media_rejected")
    assert not [path for path in (house.settings.home / "cache" / "transcodes").rglob("*") if path.is_file()]


@pytest.mark.parametrize("path", ["../secret.flac", "link.flac", "folder/../../secret.flac", "gone.flac", "inner"])
async def test_no_path_leaves_the_library(http: httpx.AsyncClient, shelf: Shelf, path: str) -> None:
    (shelf.root.parent / "secret.flac").write_bytes(SONG)
    (shelf.root / "link.flac").symlink_to(shelf.root.parent / "secret.flac")
    (shelf.root / "inner").mkdir()
    track = await shelf.add(path)
    for file in (await ways(http, track)).values():
        assert refused(await http.get(file["url"])) == (404, "original_missing")


async def test_a_link_within_the_library_is_followed(http: httpx.AsyncClient, shelf: Shelf) -> None:
    (shelf.root / "real.flac").write_bytes(SONG)
    (shelf.root / "link.flac").symlink_to("real.flac")
    track = await shelf.add("link.flac")
    assert (await http.get((await ways(http, track))["original"]["url"])).content == SONG


async def test_links_are_signed_and_name_their_bytes(http: httpx.AsyncClient, shelf: Shelf) -> None:
    track = await shelf.add("song.flac", data=SONG)
    url = (await ways(http, track))["original"]["url"]
    forged = url[:-1] + ("A" if url[-1] != "A" else "B")
    for wrong in (forged, url.replace("original", "mp3_128"), url.partition("?")[0]):
        assert refused(await http.get(wrong)) == (403, "link_refused")
    assert url == (await ways(http, track))["original"]["url"]


async def test_who_may_not_enter_the_library_hears_nothing(
    http: httpx.AsyncClient, make: Maker, house: House, tmp_path: Path
) -> None:
    shelf = await Shelf.put_up(house.db, tmp_path / "members", access="members")
    track = await shelf.add("song.flac", data=SONG)
    assert refused(await http.get(f"{API}/stream/{track.id}")) == (404, "content_not_found")
    ada = await make.person()
    assert (await ada.get(f"/stream/{track.id}")).status_code == 200


async def test_a_part_of_a_file_is_cut_out(http: httpx.AsyncClient, shelf: Shelf) -> None:
    """As cue sheets name them; nobody gets the whole side of a record for one song."""
    track = await shelf.add("side.flac", data=SONG, seconds=30.0, start_ms=10_000, end_ms=40_000)
    found = await ways(http, track)
    assert set(found) == {"mp3_128", "mp3_320", "opus_96", "flac"}
    heard = await http.get(found["mp3_128"]["url"])
    assert len(heard.content) == 30 * 128 * 125
    assert heard.headers["x-content-duration"] == "30.000"


async def test_the_answer_says_what_suits_the_device_and_why(http: httpx.AsyncClient, shelf: Shelf) -> None:
    track = await shelf.add("song.flac", data=SONG)
    part = await shelf.add("side.flac", data=SONG, seconds=30.0, start_ms=10_000, end_ms=40_000)

    async def decided(track: Shelved, **asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = (await http.get(f"{API}/stream/{track.id}", params=asked)).json()["decision"]
        return found

    plain = await decided(track)
    assert (plain["kind"], plain["quality"], plain["because"]) == ("direct", "original", ["original_fits"])
    assert (await http.get(plain["url"])).content == SONG
    poor = await decided(track, plays="aac,mp3", max_kbps=100)
    assert (poor["kind"], poor["quality"]) == ("transcode", "mp3_96")
    assert poor["because"] == ["codec_not_played", "bitrate_above_limit"]
    assert len((await http.get(poor["url"])).content) == 100 * 96 * 125
    assert (await decided(part))["because"] == ["part_of_a_file"]
    nothing = await http.get(f"{API}/stream/{track.id}", params={"plays": "vorbis"})
    assert (refused(nothing), nothing.json()["because"]) == ((409, "not_playable"), "nothing_playable")
    asked = {"plays": "mp3", "redirect": "true"}
    leads = await http.get(f"{API}/stream/{track.id}", params=asked, follow_redirects=False)
    assert "mp3_192" in leads.headers["location"]


async def test_an_upload_is_heard_by_what_was_made_of_it(http: httpx.AsyncClient, make: Maker) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada), audio=SONG)
    found = (await ada.get(f"/stream/{track['id']}", params={"plays": "aac", "max_kbps": "150"})).json()["decision"]
    assert (found["kind"], found["codec"], found["because"]) == ("transcode", "aac", ["made_beforehand"])
    assert found["bitrate_kbps"] <= 150


async def test_what_was_heard_once_is_measured_with_its_album(
    http: httpx.AsyncClient, shelf: Shelf, make: Maker, house: House, codecs: FakeCodecs
) -> None:
    """No tags say how loud it is."""
    loud, quiet = fake_audio(seconds=100.0, lufs=-8.0), fake_audio(seconds=100.0, lufs=-20.0)
    track, next_one = await shelf.add("1.flac", data=loud), await shelf.add("2.flac", data=quiet)
    async with house.db.system() as uow:
        moved = text("UPDATE catalog.tracks SET album_id = :album WHERE id = :track")
        await uow.conn.execute(moved, {"album": track.album, "track": next_one.track})

    async def said(one: Shelved) -> dict[str, Any]:
        found: dict[str, Any] = (await http.get(f"{API}/stream/{one.id}")).json()
        return found

    assert [(await said(track))[name] for name in ("loudness", "album_loudness", "waveform_url")] == [None] * 3
    for _ in range(2):
        begun = {"content_id": track.id, "event_id": str(new_uuid())}
        assert (await http.post(f"{API}/stream/play", json=begun)).status_code == 201
    await make.settle()
    for one, lufs in ((track, -8.0), (next_one, -20.0)):
        stream = await said(one)
        assert stream["loudness"]["integrated_lufs"] == lufs
        assert -20.0 < stream["album_loudness"]["integrated_lufs"] <= -8.0
        assert (await http.get(stream["waveform_url"])).json()["duration_ms"] == 100_000
    assert codecs.calls.count("analyse") == 2
    told = await rows(house.db, "SELECT track_gain, album_gain FROM catalog.track_files ORDER BY path")
    assert [row.track_gain for row in told] == [-10.0, 2.0]  # for apps, as ReplayGain
    assert len({row.album_gain for row in told} - {None}) == 1


async def test_tags_say_how_loud_it_is(http: httpx.AsyncClient, shelf: Shelf, house: House) -> None:
    track = await shelf.add("song.flac", data=SONG)
    async with house.db.system() as uow:
        tagged = "UPDATE catalog.track_files SET track_gain = -7.0, track_peak = 1.0, album_gain = -6.0, album_peak = 0"
        await uow.conn.execute(text(tagged))
    stream = (await http.get(f"{API}/stream/{track.id}")).json()
    assert stream["loudness"] == {"integrated_lufs": -11.0, "true_peak_dbtp": 0.0, "range_lu": None}
    assert stream["album_loudness"] == {"integrated_lufs": -12.0, "true_peak_dbtp": None, "range_lu": None}


async def test_a_file_that_cannot_be_measured_is_asked_for_once(
    http: httpx.AsyncClient, shelf: Shelf, make: Maker, codecs: FakeCodecs
) -> None:
    track = await shelf.add("song.flac", data=fake_audio(seconds=100.0, refuse="damaged", refuse_at="analyse"))
    for _ in range(2):
        begun = {"content_id": track.id, "event_id": str(new_uuid())}
        assert (await http.post(f"{API}/stream/play", json=begun)).status_code == 201
        await make.settle()
    assert (await http.get(f"{API}/stream/{track.id}")).json()["waveform_url"] is None
    assert codecs.calls.count("analyse") == 1
