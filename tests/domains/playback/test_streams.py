"""Who hears what, and by which links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.ids import Kind, new_uuid, out
from tests.support.answers import refused, unchanged
from tests.support.manifests import read_dash, read_master, read_media
from tests.support.people import Maker

API = "/api/v1"


async def test_drafts_are_heard_by_managers_alone(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    track = await make.track(ada, await make.artist(ada), published=False)
    path = f"/stream/{track['id']}"
    assert (await ada.get(path)).status_code == 200
    async with unchanged(house.db):
        event = {"content_id": track["id"], "event_id": str(new_uuid())}
        for answer in (
            await eve.get(path), await http.get(API + path), await eve.post("/stream/play", json=event),
            await http.post(f"{API}/stream/play", json=event),
        ):  # fmt: skip
            assert refused(answer) == (404, "content_not_found")
    assert (await ada.post(f"/content/{track['id']}/publish")).status_code == 200
    for answer in (await eve.get(path), await http.get(API + path)):
        assert answer.status_code == 200
    for wrong in ("trk_x", "alb_x", out(Kind.TRACK, new_uuid())):
        assert (await ada.get(f"/stream/{wrong}")).status_code == 404
    false = await http.get(API + path, headers={"Authorization": "Bearer nonsense"})
    assert refused(false) == (401, "unauthenticated")


async def test_what_is_explicit_is_left_out_for_who_wants_that(make: Maker, http: httpx.AsyncClient) -> None:
    ada, bob = await make.person(), await make.person()
    track = await make.track(ada, await make.artist(ada))
    assert (await ada.put(f"/content/{track['id']}", json={"explicit": True})).status_code == 200
    path, begun = f"/stream/{track['id']}", {"content_id": track["id"], "event_id": str(new_uuid())}
    assert (await bob.get(path)).status_code == 200
    for person in (ada, bob):
        chosen = await person.put("/users/me/preferences", json={"player": {"explicit": False}})
        assert chosen.json()["player"]["explicit"] is False
    for answer in (await bob.get(path), await bob.post("/stream/play", json=begun)):
        assert refused(answer) == (403, "explicit_left_out")
        assert answer.json()["because"] == "explicit"
    kept = (await bob.get("/stream/offline", params={"content_id": track["id"]})).json()
    assert kept[0]["refused"] == "explicit_left_out"
    for listens in (await ada.get(path), await http.get(API + path)):  # their own work; and guests chose nothing
        assert listens.status_code == 200
    assert (await bob.put("/users/me/preferences", json={"player": {}})).status_code == 200
    assert (await bob.get(path)).status_code == 200


async def test_what_does_not_play_yet_is_a_conflict(make: Maker) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    waiting = await make.upload(ada, artist, fake_audio(refuse="damaged"))
    for _ in range(2):
        assert refused(await ada.get(f"/stream/{waiting['id']}")) == (409, "not_playable")
        event = {"content_id": waiting["id"], "event_id": str(new_uuid())}
        assert refused(await ada.post("/stream/play", json=event)) == (409, "not_playable")
        await make.settle()


async def test_without_guests_one_signs_in_first(make: Maker, house: House) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada))
    closed = replace(house, settings=msgspec.structs.replace(house.settings, guest_listening=False))
    transport = httpx.ASGITransport(app=create_app(closed), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as guest:
        async with unchanged(house.db):
            event = {"content_id": track["id"], "event_id": str(new_uuid())}
            for answer in (
                await guest.get(f"{API}/stream/{track['id']}"), await guest.post(f"{API}/stream/play", json=event),
            ):  # fmt: skip
                assert refused(answer) == (401, "guest_listening_off")
        mine = await guest.get(f"{API}/stream/{track['id']}", headers=ada.headers)
        assert mine.status_code == 200
        assert (await guest.get(mine.json()["progressive"][0]["url"])).status_code == 200  # links need no token
        assert not (await guest.get(f"{API}/about")).json()["guest_listening"]


async def _stream(make: Maker, http: httpx.AsyncClient, audio: bytes) -> dict[str, Any]:
    ada = await make.person()
    album = await make.album(ada, artist := await make.artist(ada))
    track = await make.track(ada, artist, audio=audio, album_id=album["id"])
    assert (await ada.post(f"/albums/{album['id']}/publish")).status_code == 200
    found: dict[str, Any] = (await http.get(f"{API}/stream/{track['id']}")).json()
    return found


@pytest.mark.parametrize(
    ("audio", "streamed"),
    [
        (fake_audio(seconds=100.0), {"flac", "aac_64", "aac_128", "aac_320"}),
        (fake_audio(seconds=0.5, channels=1), {"flac", "aac_64", "aac_128", "aac_320"}),
        (fake_audio(seconds=61.3, sample_rate=96_000, bit_depth=24), {"flac", "aac_64", "aac_128", "aac_320"}),
        (fake_audio(seconds=12.0, bit_depth=None, sample_rate=22_050), {"aac_64", "aac_128", "aac_320"}),
    ],
)
async def test_manifests_say_the_same_and_tile_the_files(
    make: Maker, http: httpx.AsyncClient, audio: bytes, streamed: set[str]
) -> None:
    stream = await _stream(make, http, audio)
    files = {file["url"]: file for file in stream["progressive"]}
    assert {file["quality"] for file in files.values() if file["container"] == "mp4"} == streamed
    bitrates = [file["bitrate_kbps"] for file in stream["progressive"]]
    assert bitrates == sorted(bitrates)
    assert stream["preview"]["quality"] == "preview"

    master = await http.get(stream["hls"])
    assert master.headers["content-type"].startswith("application/vnd.apple.mpegurl")
    assert master.headers["access-control-allow-origin"] == "*"
    variants = read_master(master.text)
    heard = set()
    for variant in variants:
        playlist = read_media((await http.get(variant.url)).text)
        file = files[playlist.init_url]
        heard.add(file["quality"])
        assert playlist.init == tuple(file["init_range"])
        assert {url for url, _, _ in playlist.segments} == {file["url"]}
        at = file["index_range"][1] + 1
        for _, (first, last), _ in playlist.segments:
            assert first == at
            at = last + 1
        assert at == file["bytes"]  # to the last byte
        lengths = [seconds for _, _, seconds in playlist.segments]
        assert max(lengths) <= playlist.target_s
        assert sum(lengths) == pytest.approx(file["total_samples"] / file["sample_rate"], abs=0.001)
        assert variant.bandwidth >= variant.average == file["bitrate_kbps"] * 1000
        part = await http.get(file["url"], headers={"Range": "bytes={}-{}".format(*playlist.segments[-1][1])})
        assert part.status_code == 206
    assert heard == streamed

    manifest = await http.get(stream["dash"])
    assert manifest.headers["content-type"].startswith("application/dash+xml")
    seconds, dashed = read_dash(manifest.text)
    assert seconds == pytest.approx(stream["duration_ms"] / 1000)
    assert {one.id for one in dashed} == streamed
    for one in dashed:
        file = files[one.url]
        assert (one.id, one.rate, one.channels) == (file["quality"], file["sample_rate"], file["channels"])
        assert (one.init, one.index) == (tuple(file["init_range"]), tuple(file["index_range"]))
        assert one.codecs in {"mp4a.40.2", "fLaC"}
        assert one.bandwidth in {variant.bandwidth for variant in variants}


async def test_a_stream_says_what_a_player_needs(make: Maker, http: httpx.AsyncClient) -> None:
    stream = await _stream(make, http, fake_audio(seconds=100.0, lufs=-11.0))
    assert stream["duration_ms"] == 100_000
    assert stream["loudness"] == {"integrated_lufs": -11.0, "true_peak_dbtp": -1.0, "range_lu": 6.0}
    assert stream["album_loudness"]["integrated_lufs"] == pytest.approx(-11.0, abs=0.1)
    assert stream["complete"]
    assert stream["lyrics_url"] is None
    assert stream["gapless"]["total_samples"] == 100 * stream["gapless"]["sample_rate"]
    waveform = await http.get(stream["waveform_url"])
    body = waveform.json()
    assert body["duration_ms"] == 100_000
    assert len(body["peaks"]) == len(body["rms"]) <= 1600
    assert all(0 <= value <= 255 for value in body["peaks"] + body["rms"])
    for name in ("preview.m3u8", "mp3_128.m3u8", "nothing.m3u8", "manifest.mpd?"):
        path = f"{API}/stream/{stream['content_id']}/{name}"
        assert (await http.get(path)).status_code in {403, 404, 422}


async def test_a_player_may_be_sent_straight_to_a_file(make: Maker, http: httpx.AsyncClient) -> None:
    stream = await _stream(make, http, fake_audio(seconds=5.0))
    sent = await http.get(f"{API}/stream/{stream['content_id']}", params={"redirect": True})
    assert sent.status_code in {302, 307}
    (best,) = [file["url"] for file in stream["progressive"] if file["quality"] == "mp3_320"]
    assert sent.headers["location"] == best
    assert (await http.get(best)).headers["content-type"] == "audio/mpeg"


async def test_links_of_a_deleted_track_lead_nowhere(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada))
    stream = (await http.get(f"{API}/stream/{track['id']}")).json()
    await ada.delete(f"/content/{track['id']}")
    await make.settle()
    for link in (stream["hls"], stream["dash"], stream["waveform_url"]):
        assert refused(await http.get(link))[0] == 404
    assert refused(await http.get(f"{API}/stream/{track['id']}")) == (404, "content_not_found")
