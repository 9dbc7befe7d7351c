"""Covers and portraits: chosen, found in files, held as long as something shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from antiphon.adapters.codecs.fake import fake_audio, fake_picture
from antiphon.entry.bootstrap import House
from tests.support.answers import refused, unchanged
from tests.support.clock import FrozenClock
from tests.support.outside import Trouble
from tests.support.people import Maker


async def _collect(make: Maker, house: House, clock: FrozenClock) -> None:
    await make.settle()
    clock.move(timedelta(hours=2))
    async with house.db.system() as uow:
        uow.defer("media.collect")
    await make.settle()


async def _shown(http: httpx.AsyncClient, image: dict[str, Any]) -> bool:
    answers = [await http.get(url) for url in image["sizes"].values()]
    assert all(answer.headers["content-type"] == "image/webp" for answer in answers if answer.status_code == 200)
    return all(answer.status_code == 200 for answer in answers)


async def test_pictures_are_set_and_served_for_good(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, album_id=album["id"])
    assert (await ada.get(f"/content/{track['id']}")).json()["cover"] is None
    for path, name in (
        (f"/artists/{artist['id']}/image", "image"), (f"/albums/{album['id']}/cover", "cover"),
        (f"/content/{album['id']}/cover", "cover"), (f"/content/{track['id']}/cover", "cover"),
    ):  # fmt: skip
        before = (await ada.get(path.rpartition("/")[0])).json()["version"]
        answer = await ada.put(path, content=fake_picture(700, 500), headers={"Content-Type": "image/png"})
        assert answer.status_code == 200
        image = answer.json()[name]
        assert set(image["sizes"]) == {"160", "320", "640"}  # never above the source's own size
        assert image["color"].startswith("#")
        assert answer.json()["version"] == before + 1
        assert answer.headers["etag"] == f'"v{before + 1}"'
        assert await _shown(http, image)
        kept = await http.get(image["sizes"]["160"])
        assert "immutable" in kept.headers["cache-control"]


async def test_refused_pictures_change_nothing(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    for path in (f"/artists/{artist['id']}/image", f"/albums/{album['id']}/cover"):
        async with unchanged(house.db):
            for data in (b"", b"text", b"GIF89a" + bytes(5)):
                assert refused(await ada.put(path, content=data)) == (422, "media_rejected")
            too_large = await ada.put(path, content=bytes(20 * 1024 * 1024 + 1))
            assert refused(too_large) == (413, "upload_too_large")


async def test_a_found_picture_covers_what_has_none(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    bare, covered = await make.album(ada, artist, "Bare"), await make.album(ada, artist, "Covered")
    chosen = (await ada.put(f"/albums/{covered['id']}/cover", content=fake_picture(400, 400))).json()["cover"]
    for album in (bare, covered):
        track = await make.track(ada, artist, audio=fake_audio(cover=True), album_id=album["id"])
        assert set(track["cover"]["sizes"]) == {"160", "320", "640"}
    assert (await ada.get(f"/albums/{covered['id']}")).json()["cover"] == chosen
    taken = (await ada.get(f"/albums/{bare['id']}")).json()["cover"]
    assert set(taken["sizes"]) == {"160", "320", "640"}
    assert await _shown(http, taken)


async def test_an_albums_cover_outlives_the_track_it_came_with(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, audio=fake_audio(cover=True), album_id=album["id"])
    cover = (await ada.get(f"/albums/{album['id']}")).json()["cover"]
    await ada.delete(f"/content/{track['id']}")
    await _collect(make, house, clock)
    assert await _shown(http, cover)


async def test_a_chosen_cover_is_not_lost_to_a_found_one(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(cover=True))
    chosen = (await ada.put(f"/content/{track['id']}/cover", content=fake_picture(400, 400))).json()["cover"]
    await make.settle()
    assert (await ada.get(f"/content/{track['id']}")).json()["cover"] == chosen
    await _collect(make, house, clock)
    assert await _shown(http, chosen)


async def test_a_replaced_picture_goes_with_the_collection(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock, blobs: Callable[[], set[str]]
) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    path = f"/artists/{artist['id']}/image"
    await ada.put(path, content=fake_picture(1300, 1300))
    new = (await ada.put(path, content=fake_picture(200, 200))).json()["image"]
    await _collect(make, house, clock)
    assert await _shown(http, new)
    assert len(blobs()) == 1


async def test_no_picture_harms_no_track(
    make: Maker, house: House, trouble: Trouble, settle_all: Callable[[], Awaitable[None]]
) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(cover=True))
    trouble.always = lambda name: name in {"pictures", "put_bytes"}
    await settle_all()
    seen = (await ada.get(f"/content/{track['id']}")).json()
    assert (seen["status"], seen["renditions_complete"], seen["cover"]) == ("ready", True, None)
