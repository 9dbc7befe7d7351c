"""Songs through the apps' door: originals, transcodes, and the headers that players go by (clients.md, 35 to 38)."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio
from antiphon.domains.catalog import api as catalog
from antiphon.entry.bootstrap import House
from tests.entry.subsonic.conftest import App, failed
from tests.support.manifests import read_master
from tests.support.people import Maker
from tests.support.shelf import Shelf, Shelved

SONG = fake_audio(seconds=100.0)


@pytest.fixture
async def song(house: House, tmp_path: Path) -> Shelved:
    return await (await Shelf.put_up(house.db, tmp_path / "music")).add("A/song.flac", data=SONG)


async def test_quirk_35_ranges_of_an_original(app: App, song: Shelved) -> None:
    for asked, expected in (("bytes=0-", SONG), ("bytes=1-", SONG[1:]), ("bytes=10-19", SONG[10:20])):
        answer = await app.http.get(
            "/rest/stream.view", params=app.credentials | {"id": song.id}, headers={"Range": asked}
        )
        assert (answer.status_code, answer.content) == (206, expected)
        assert answer.headers["content-type"] == "audio/flac"
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_bytes_that_are_asked_for_by_a_form_are_the_same(app: App, song: Shelved) -> None:
    for method in ("stream", "download", "getCoverArt"):
        asked = app.credentials | {"id": song.id}
        posted = await app.http.post(f"/rest/{method}", data=asked)
        assert posted.content == (await app.http.get(f"/rest/{method}", params=asked)).content != b""
        part = await app.http.post(f"/rest/{method}", data=asked, headers={"Range": "bytes=5-24"})
        assert (part.status_code, part.content) == (206, posted.content[5:25])


async def test_what_was_heard_a_moment_ago_ends_with_the_right_to_hear_it(
    app: App, house: House, tmp_path: Path
) -> None:
    shelf = await Shelf.put_up(house.db, tmp_path / "closed")
    song = await shelf.add("A/song.flac", data=SONG)
    for access, heard in (("members", True), ("chosen", False), ("members", True)):
        async with house.db.system() as uow:
            await catalog.change_library(uow, shelf.library, catalog.LibraryChange(access=access))
        for _ in range(2):
            answer = await app.get("stream", id=song.id)
            assert (answer.content == SONG) is heard, (access, answer.text[:200])
    for users, heard in (([app.person.id], True), ([], False)):
        async with house.db.system() as uow:
            await catalog.change_library(uow, shelf.library, catalog.LibraryChange(access="chosen"))
            await catalog.set_library_access(uow, shelf.library, catalog.LibraryAccess(user_ids=users))
        assert ((await app.get("stream", id=song.id)).content == SONG) is heard, users


async def test_quirk_36_a_transcode_promises_nothing_and_an_estimate_is_kept(app: App, song: Shelved) -> None:
    asked = {"id": song.id, "format": "mp3", "maxBitRate": "128"}
    plain = await app.get("stream", asked)
    assert plain.headers["content-type"] == "audio/mpeg"
    assert plain.headers["accept-ranges"] == "none"
    assert plain.headers["x-content-duration"] == "100.000"
    assert "content-length" not in plain.headers
    whole = await app.get("stream", asked | {"estimateContentLength": "true"})  # made already: exact
    assert int(whole.headers["content-length"]) == len(plain.content) == 100 * 128 * 125
    other = await app.get("stream", {"id": song.id, "format": "mp3", "maxBitRate": 96, "estimateContentLength": "true"})
    assert int(other.headers["content-length"]) == len(other.content) > 100 * 96 * 125
    assert set(other.content[100 * 96 * 125 :]) == {0}
    again = await app.http.get(
        "/rest/stream", params=app.credentials | asked, headers={"Range": "bytes=100-199"}
    )  # seekable from the cache
    assert (again.status_code, again.content) == (206, plain.content[100:200])


async def test_quirk_37_head_makes_nothing_and_failures_come_in_an_envelope(
    app: App, song: Shelved, codecs: FakeCodecs, house: House, tmp_path: Path
) -> None:
    asked = app.credentials | {"id": song.id, "format": "opus", "maxBitRate": "64"}
    head = await app.http.head("/rest/stream", params=asked)
    assert (head.status_code, head.headers["content-type"], codecs.calls) == (200, "audio/ogg", [])
    broken = await (await Shelf.put_up(house.db, tmp_path / "more")).add("x.flac", data=b"no sound")
    assert failed(await app.get("stream", id=broken.id, format="mp3")) == 0
    gone = await (await Shelf.put_up(house.db, tmp_path / "gone")).add("y.flac")
    assert failed(await app.get("stream", id=gone.id)) == 70


async def test_quirk_38_raw_and_download_never_transcode(app: App, song: Shelved, codecs: FakeCodecs) -> None:
    for method, asked in (
        ("stream", {"format": "raw", "maxBitRate": 64}), ("stream", {"maxBitRate": 900}), ("stream", {}),
        ("stream", {"format": "flac"}), ("download", {"format": "mp3", "maxBitRate": 64}),
    ):  # fmt: skip
        assert (await app.get(method, {"id": song.id, **asked})).content == SONG
    assert codecs.calls == []
    named = await app.get("download", id=song.id)
    assert 'filename="song.flac"' in named.headers["content-disposition"]


async def test_a_song_of_a_library_by_hls(app: App, song: Shelved) -> None:
    """Its segments are made when they are fetched; within the bit rate that was asked for."""
    for asked, kbps in (({}, [64, 128, 320]), ({"bitRate": "128"}, [64, 128]), ({"bitRate": "8"}, [64])):
        answer = await app.get("hls.m3u8", {"id": song.id, **asked})
        assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
        variants = read_master(answer.text)
        assert [variant.average // 1000 for variant in variants] == kbps
    lines = (await app.http.get(variants[0].url)).text.splitlines()
    segments = [line for line in lines if not line.startswith("#")]
    assert (len(segments), lines[-1]) == (26, "#EXT-X-ENDLIST")
    heard = await app.http.get(segments[17])
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/mp4")
    assert (await app.get("hls", id=song.id)).text == (await app.get("hls.m3u8.view", id=song.id)).text
    assert await app.fail("hls.m3u8", id="trk_nothing") == 70


async def test_what_is_explicit_is_refused_to_who_wants_that(app: App, song: Shelved, house: House) -> None:
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql("UPDATE catalog.tracks SET explicit = true")
    assert (await app.get("stream", id=song.id)).status_code == 200
    chosen = await app.person.put("/users/me/preferences", json={"player": {"explicit": False}})
    assert chosen.status_code == 200
    for method in ("stream", "download", "hls.m3u8"):
        assert failed(await app.get(method, id=song.id)) == 50, method


async def test_a_later_beginning_is_made(app: App, song: Shelved) -> None:
    """Conclusion 6, with the quirks above."""
    answer = await app.get("stream", id=song.id, timeOffset=40, format="mp3", maxBitRate=128)
    assert len(answer.content) == 60 * 128 * 125
    assert answer.headers["x-content-duration"] == "60.000"


async def test_what_was_made_of_an_upload_is_not_made_again(app: App, make: Maker, codecs: FakeCodecs) -> None:
    artist = await make.artist(app.person)
    track = await make.track(app.person, artist, audio=SONG)
    before = list(codecs.calls)
    answer = await app.get("stream", id=track["id"], format="mp3", maxBitRate=128)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert (await app.get("stream", id=track["id"])).content == SONG
    assert codecs.calls == before
