"""Pictures at any size: of an album that was uploaded, of a folder, of what lies within a file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio, fake_picture
from antiphon.entry.bootstrap import House
from tests.support.answers import refused
from tests.support.people import Maker
from tests.support.shelf import Shelf, Shelved

API = "/api/v1/media/covers"


@pytest.fixture
async def shelved(house: House, tmp_path: Path) -> Shelved:
    """In a folder with a picture."""
    shelf = await Shelf.put_up(house.db, tmp_path / "music")
    track = await shelf.add("A/song.flac", data=fake_audio())
    (shelf.root / "A" / "cover.jpg").write_bytes(fake_picture(800, 600))
    async with house.db.system() as uow:
        statement = """
            INSERT INTO media.library_folders (library_id, path, print, beside, cover, files)
            VALUES (:library, 'A', 'p', 'b', 'cover.jpg', 1)
        """
        await uow.conn.execute(text(statement), {"library": shelf.library})
    return track


async def test_a_picture_in_the_folder_is_scaled_once(
    http: httpx.AsyncClient, shelved: Shelved, codecs: FakeCodecs
) -> None:
    for subject in (shelved.album_id, shelved.id):
        answer = await http.get(f"{API}/{subject}", params={"size": 200})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.content.endswith(b"jpeg 200x150")
    assert codecs.calls == ["picture"]
    webp = await http.get(f"{API}/{shelved.id}", params={"size": 200}, headers={"Accept": "image/webp,*/*"})
    assert webp.headers["content-type"] == "image/webp"
    largest = await http.get(f"{API}/{shelved.id}")
    assert largest.content.endswith(b"jpeg 800x600")  # never larger than it is


async def test_who_knows_it_gets_nothing_again(http: httpx.AsyncClient, shelved: Shelved) -> None:
    url = f"{API}/{shelved.id}?size=64"
    first = await http.get(url)
    for name, value in (
        ("If-None-Match", first.headers["etag"]), ("If-Modified-Since", first.headers["last-modified"]),
    ):  # fmt: skip
        answer = await http.get(url, headers={name: value})
        assert (answer.status_code, answer.content) == (304, b"")
    head = await http.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert (await http.get(url, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_what_was_chosen_comes_first(http: httpx.AsyncClient, make: Maker) -> None:
    ada = await make.person()
    album = await make.album(ada, artist := await make.artist(ada))
    await make.track(ada, artist, album_id=album["id"])
    assert (await ada.post(f"/albums/{album['id']}/publish")).status_code == 200
    plain = await http.get(f"{API}/{album['id']}", params={"size": 100})
    assert plain.headers["content-type"] == "image/png"
    put = await ada.put(f"/albums/{album['id']}/cover", content=fake_picture(900, 900))
    assert put.status_code == 200, put.text


async def test_nobody_sees_the_picture_of_what_they_do_not_see(
    http: httpx.AsyncClient, make: Maker, house: House, shelved: Shelved
) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text("UPDATE catalog.libraries SET access = 'members'"))
    guest = await http.get(f"{API}/{shelved.album_id}", params={"size": 100})
    assert guest.headers["content-type"] == "image/png"
    ada = await make.person()
    member = await ada.get(f"/media/covers/{shelved.album_id}", params={"size": 100})
    assert member.headers["content-type"] == "image/jpeg"
    assert refused(await http.get(f"{API}/usr_x"))[0] == 404


async def test_pages_name_pictures_that_lie_in_a_library(http: httpx.AsyncClient, shelved: Shelved) -> None:
    for path in (f"albums/{shelved.album_id}", f"tracks/{shelved.id}"):
        shown = (await http.get(f"/api/v1/{path}")).json()["cover"]
        answer = await http.get(shown["sizes"]["320"])
        assert answer.content.endswith(b"jpeg 320x240")
