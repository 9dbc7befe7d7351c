"""HLS and DASH of a track that has no renditions: every segment is made when somebody asks for it, once."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio
from antiphon.domains.media.ports import Rendition
from antiphon.domains.media.segments.grid import Grid
from antiphon.domains.media.segments.segmenter import first_bytes
from antiphon.entry.bootstrap import House
from tests.support.answers import refused
from tests.support.manifests import read_master
from tests.support.people import Maker
from tests.support.shelf import Shelf, Shelved

API = "/api/v1"
SONG = fake_audio(seconds=100.0)


@pytest.fixture
async def shelf(house: House, tmp_path: Path) -> Shelf:
    return await Shelf.put_up(house.db, tmp_path / "music")


async def described(http: httpx.AsyncClient, track: Shelved) -> dict[str, Any]:
    found: dict[str, Any] = (await http.get(f"{API}/stream/{track.id}")).json()
    return found


@given(
    st.sampled_from(["aac", "flac"]),
    st.sampled_from([8000, 22_050, 44_100, 48_000, 96_000]),
    st.integers(1, 10_000_000),
)
def test_the_pieces_are_the_whole(codec: str, rate: int, total: int) -> None:
    grid = Grid(Rendition("x", codec, 128 if codec == "aac" else None, rate, 2, 16), total, 0, None)
    pieces = [grid.segment(number) for number in range(grid.segments)]
    assert [piece.first for piece in pieces] == [number * grid.segment_frames for number in range(len(pieces))]
    assert sum(piece.frames for piece in pieces) == grid.frames
    assert all(piece.frames > 0 for piece in pieces)
    assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert round(sum(grid.seconds(number) for number in range(len(pieces))) * rate) == total + grid.delay
    assert 0 <= grid.padding < grid.frame
    assert first_bytes(grid).startswith(b"\0\0\0\x1cftyp")


async def test_manifests_come_before_anything_is_decoded(
    http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs
) -> None:
    track = await shelf.add("song.flac", data=SONG)
    stream = await described(http, track)
    assert [file["quality"] for file in stream["segmented"]] == ["aac_64", "aac_128", "aac_320", "flac"]
    master = await http.get(stream["hls"])
    variants = read_master(master.text)
    assert [variant.codecs for variant in variants] == ["mp4a.40.2"] * 3 + ["fLaC"]
    for variant, file in zip(variants, stream["segmented"], strict=True):
        lines = (await http.get(variant.url)).text.splitlines()
        lengths = [float(line[8:].rstrip(",")) for line in lines if line.startswith("#EXTINF:")]
        assert len(lengths) == file["segments"]
        assert lengths[0] == pytest.approx(file["segment_samples"] / file["sample_rate"], abs=1e-6)
        heard = (file["total_samples"] + file["delay_samples"]) / file["sample_rate"]
        assert sum(lengths) == pytest.approx(heard, abs=1e-4)
    dash = (await http.get(stream["dash"])).text
    assert dash.count("<Representation ") == 4
    assert "$Number$.m4s" in dash
    begins = await http.get(stream["segmented"][0]["init_url"])
    assert (begins.status_code, begins.headers["content-type"]) == (200, "audio/mp4")
    assert codecs.calls == []


async def test_any_segment_in_any_order_is_made_once(
    http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs, house: House
) -> None:
    file = (await described(http, await shelf.add("song.flac", data=SONG)))["segmented"][1]
    numbers = list(range(file["segments"]))
    random.Random(3).shuffle(numbers)
    urls = {number: file["segment_url"].replace("{n}", str(number)) for number in numbers}
    pieces = {number: (await http.get(urls[number])).content for number in numbers[:6]}
    assert len(set(pieces.values())) == 6
    assert codecs.calls == ["segment"] * 6
    codecs.pace.clear()
    codecs.begun.clear()
    asking = [asyncio.create_task(http.get(urls[numbers[6]])) for _ in range(8)]
    await codecs.begun.wait()
    codecs.pace.set()
    heard = await asyncio.gather(*asking)
    assert {(answer.status_code, answer.content) for answer in heard} == {(200, heard[0].content)}
    assert codecs.calls == ["segment"] * 7
    again = await http.get(urls[numbers[0]], headers={"Range": "bytes=10-19"})
    assert (again.status_code, again.content) == (206, pieces[numbers[0]][10:20])
    assert again.headers["cache-control"] == "public, max-age=21600"
    assert codecs.calls == ["segment"] * 7
    cached = [one for one in (house.settings.home / "cache" / "transcodes").rglob("*.m4s") if one.is_file()]
    assert len(cached) == 7


async def test_what_is_not_there_or_not_allowed(http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs) -> None:
    file = (await described(http, await shelf.add("song.flac", data=SONG)))["segmented"][0]
    url = file["segment_url"]
    assert refused(await http.get(url.replace("{n}", str(file["segments"])))) == (404, "not_found")
    assert refused(await http.get(url.replace("{n}", "0").replace("aac_64", "aac_128"))) == (403, "link_refused")
    forged = url.replace("{n}", "0")[:-1] + ("A" if url[-1] != "A" else "B")
    assert refused(await http.get(forged)) == (403, "link_refused")
    assert codecs.calls == []
    broken = await shelf.add("broken.flac", data=b"no sound at all")
    url = (await described(http, broken))["segmented"][0]["segment_url"].replace("{n}", "0")
    assert refused(await http.get(url)) == (422, "media_rejected")
    head = await http.head(file["init_url"])
    assert (head.status_code, head.content) == (200, b"")


async def test_when_all_encoders_are_taken_people_come_again(
    http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs, house: House
) -> None:
    file = (await described(http, await shelf.add("song.flac", data=SONG)))["segmented"][0]
    places = house.media.segmenter.places
    places.slots, places.most_waiting = 1, 0
    codecs.pace.clear()
    running = asyncio.create_task(http.get(file["segment_url"].replace("{n}", "0")))
    await codecs.begun.wait()
    full = await http.get(file["segment_url"].replace("{n}", "1"))
    assert (refused(full), int(full.headers["retry-after"]) > 0) == ((429, "too_many_transcodes"), True)
    codecs.pace.set()
    assert (await running).status_code == 200


async def test_one_listener_does_not_starve_another_behind_the_same_address(
    make: Maker, http: httpx.AsyncClient, shelf: Shelf, codecs: FakeCodecs, house: House
) -> None:
    track = await shelf.add("song.flac", data=SONG)
    ada, bob = await make.person(), await make.person()
    urls = {
        who: (await by.get(f"/stream/{track.id}")).json()["segmented"][0]["segment_url"]
        for who, by in {"ada": ada, "bob": bob}.items()
    }
    places = house.media.segmenter.places
    places.slots = 1
    codecs.pace.clear()
    codecs.begun.clear()
    heard: list[str] = []

    async def hear(who: str, number: int) -> None:
        assert (await http.get(urls[who].replace("{n}", str(number)))).status_code == 200
        heard.append(who)

    async def waiting(count: int) -> None:
        async with asyncio.timeout(60):
            while len(places._waiting) != count:
                await asyncio.wait(asking, timeout=0.01)

    asking = [asyncio.create_task(hear("ada", 0))]
    await codecs.begun.wait()
    asking += [asyncio.create_task(hear("ada", number)) for number in range(1, 6)]
    await waiting(5)
    asking.append(asyncio.create_task(hear("bob", 6)))
    await waiting(6)
    codecs.pace.set()
    await asyncio.gather(*asking)
    assert heard[:2] == ["ada", "bob"]
    assert (places._running.total(), places._turns) == (0, {})


async def test_links_to_what_is_made_on_demand_tell_listeners_apart_and_do_not_name_them(
    make: Maker, http: httpx.AsyncClient, shelf: Shelf
) -> None:
    track = await shelf.add("song.flac", data=SONG)
    ada, bob = await make.person(), await make.person()
    hers, again, his = [(await by.get(f"/stream/{track.id}")).json() for by in (ada, ada, bob)]
    guests = await described(http, track)
    assert hers == again
    digests = {parse_qs(urlsplit(one["hls"]).query).get("l", [""])[0] for one in (hers, his, guests)}
    assert len(digests) == 3
    assert "" in digests
    (hers_l,) = parse_qs(urlsplit(hers["hls"]).query)["l"]
    media = (await http.get(read_master((await http.get(hers["hls"])).text)[0].url)).text
    pieces = [line for line in media.splitlines() if line.startswith("/segments/")]
    assert {parse_qs(urlsplit(line).query)["l"][0] for line in pieces} == {hers_l}
    for url in (hers["hls"], pieces[0], hers["progressive"][0]["url"]):
        assert (await http.get(url)).status_code == 200
        assert refused(await http.get(url.replace(f"&l={hers_l}", ""))) == (403, "link_refused")
        assert refused(await http.get(url.replace(hers_l, hers_l[::-1]))) == (403, "link_refused")


async def test_a_lossy_original_is_never_blown_up(http: httpx.AsyncClient, shelf: Shelf) -> None:
    track = await shelf.add("song.mp3", data=SONG, suffix="mp3", mime="audio/mpeg", codec="mp3", kbps=96)
    assert [file["quality"] for file in (await described(http, track))["segmented"]] == ["aac_64", "aac_128"]
