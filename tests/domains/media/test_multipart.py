"""Whole files in one request."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.people import Maker, Person

PATH = "/content/upload"
SONG = fake_audio()


def form(*parts: tuple[str, bytes], boundary: str = "xYx", end: bool = True) -> bytes:
    """Parts are (the disposition's parameters, body)."""
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {said}\r\n\r\n".encode() + value + b"\r\n"
        for said, value in parts
    )
    return body + (f"--{boundary}--\r\n".encode() if end else b"")


def artist_part(artist: dict[str, Any]) -> tuple[str, bytes]:
    return 'name="artist_id"', artist["id"].encode()


async def _send(who: Person, body: Any, **headers: str) -> httpx.Response:
    return await who.post(PATH, content=body, headers={"Content-Type": "multipart/form-data; boundary=xYx"} | headers)


def _staged(house: House) -> int:
    folder = house.media.staging
    return len(list(folder.glob("*"))) if folder.exists() else 0


async def test_a_form_becomes_a_draft(make: Maker) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    parts = [
        artist_part(artist), ('name="album_id"', album["id"].encode()), ('name="title"', "  Tïtle\x00 ".encode()),
        ('name="unknown"', b"\xff"), ('name="file"; filename="../../etc/a.wav"', SONG), ('name="after"', b"x"),
    ]  # fmt: skip
    answer = await _send(ada, form(*parts))
    assert answer.status_code == 202
    track = answer.json()
    assert (track["title"], track["album"]["id"], track["status"]) == ("Tïtle", album["id"], "processing")
    assert track["progress"] == {"step": "accept", "percent": 1}
    assert answer.headers["location"] == f"/api/v1/content/{track['id']}"
    unnamed = await _send(ada, form(artist_part(artist), ('name="file"; filename="a\x00b.flac"', SONG)))
    assert unnamed.status_code in {202, 400}


async def test_fields_may_follow_the_file(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    file = 'name="file"; filename="a.wav"', SONG
    more = ('name="album_id"', album["id"].encode()), ('name="title"', "Späte Worte".encode())
    for parts in ((file, artist_part(artist), *more), (artist_part(artist), file, *more)):
        made = await _send(ada, form(*parts))
        assert made.status_code == 202, made.text
        assert (made.json()["title"], made.json()["album"]["id"]) == ("Späte Worte", album["id"])


async def test_refused_forms_leave_nothing(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist, second = await make.artist(ada), await make.artist(ada, "Second")
    other = await make.album(ada, second)
    hers = await make.artist(eve)
    hidden = await make.album(eve, hers)
    mine, file = artist_part(artist), ('name="file"; filename="a.wav"', SONG)

    def with_file(data: bytes, name: str = "a.wav") -> bytes:
        return form(mine, (f'name="file"; filename="{name}"', data))

    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.wav", SONG)
    async with unchanged(house.db):
        assert pointers(await _send(ada, form(file))) == {"/artist_id"}
        assert refused(await _send(ada, form(file, artist_part(hers)))) == (403, "not_manager")
        assert refused(await _send(ada, form(file, mine, file))) == (400, "invalid_form")
        assert refused(await _send(ada, with_file(b""))) == (422, "empty_file")
        for data in (b"x", b"\xff\xd8\xff\xe0" + bytes(5000), b"Dear diary, " * 9, archive.getvalue(), b"%PDF-1.7" * 9):
            assert refused(await _send(ada, with_file(data, "song.mp3"))) == (415, "unsupported_media_type"), data[:8]
        most = house.settings.upload_max_bytes
        assert refused(await _send(ada, with_file(SONG + bytes(most)))) == (413, "upload_too_large")
        assert refused(await _send(ada, form(artist_part(hers), file))) == (403, "not_manager")
        assert refused(await _send(ada, form(('name="artist_id"', b"art_x"), file))) == (404, "not_found")
        to_other = form(mine, ('name="album_id"', other["id"].encode()), file)
        assert pointers(await _send(ada, to_other)) == {"/album_id"}
        to_hidden = form(mine, ('name="album_id"', hidden["id"].encode()), file)
        assert refused(await _send(ada, to_hidden)) == (404, "album_not_found")
        for broken in (
            b"", b"x", form(), form(mine), form(mine, ('name="file"', SONG)), form(mine, file, end=False),
            form(mine, file)[:-30], form(mine, file, boundary="other"), form(('name="x"', bytes(70_000)), mine, file),
            form(mine, (f'name="file"; filename="{"x" * 9000}"', SONG)), form(mine, file).replace(b"\r\n", b"\n"),
        ):  # fmt: skip
            assert refused(await _send(ada, broken)) == (400, "invalid_form"), broken[:200]
        for kind in (
            "multipart/form-data",
            "application/json",
            "",
            "multipart/mixed; boundary=xYx",
            "multipart/form-data; boundary=",
        ):
            assert refused(await _send(ada, form(mine, file), **{"Content-Type": kind})) == (400, "invalid_form"), kind
        guest = await make.http.post(f"/api/v1{PATH}", content=form(mine, file))
        assert refused(guest) == (401, "unauthenticated")
    assert _staged(house) == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=300), st.binary(max_size=80).map(lambda b: b"--xYx\r\n" + b + b"\r\n--xYx--")))
async def test_no_form_breaks_the_door(make: Maker, house: House, body: bytes) -> None:
    ada = await _one(make, house)
    assert refused(await _send(ada, body))[0] in {400, 422}


_somebody: dict[int, Person] = {}


async def _one(make: Maker, house: House) -> Person:
    """One person for all examples of a property."""
    if id(house) not in _somebody:
        _somebody[id(house)] = await make.person()
    return _somebody[id(house)]


async def test_the_quota_holds_however_the_bytes_come(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    big = SONG + bytes(house.settings.upload_max_bytes - len(SONG))
    body = form(artist_part(artist), ('name="file"; filename="a.wav"', big))

    async def chunked() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 500_000):
            yield body[start : start + 500_000]

    assert (await _send(ada, chunked())).status_code == 202  # no Content-Length
    answers = await asyncio.gather(*(_send(ada, body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 202, 202, 413]
    async with unchanged(house.db):
        assert refused(await _send(ada, chunked())) == (413, "quota_exceeded")
        assert refused(await _send(ada, body)) == (413, "quota_exceeded")
    used = (await ada.get("/uploads/quota")).json()
    assert used["used_bytes"] == used["limit_bytes"] == 4 * len(big)
    assert _staged(house) == 4


async def test_a_lost_connection_leaves_nothing(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    body = form(artist_part(artist), ('name="file"; filename="a.wav"', SONG + bytes(100_000)))

    async def cut_off() -> AsyncIterator[bytes]:
        yield body[:50_000]

    async with unchanged(house.db):
        assert refused(await _send(ada, cut_off())) == (400, "invalid_form")
    assert _staged(house) == 0
    assert (await rows(house.db, "SELECT count(*) FROM catalog.tracks"))[0][0] == 0
