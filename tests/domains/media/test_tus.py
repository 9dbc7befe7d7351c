"""Resumable uploads, against the text of tus 1.0.0 (tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.entry.bootstrap import House
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person
from tests.support.tus import PIECE, Tus, metadata

API = "/api/v1"
SONG = fake_audio(seconds=50.0, tags={"title": "Tagged", "comment": "x" * 6000})


@pytest.fixture
async def tus(make: Maker) -> Tus:
    return Tus(await make.person())


@pytest.fixture
async def said(make: Maker, tus: Tus) -> str:
    artist = await make.artist(tus.person)
    return metadata(filename="söng.wav", artist_id=artist["id"])


def _staged(house: House) -> list[str]:
    folder = house.media.staging
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


async def test_options_say_what_there_is(http: httpx.AsyncClient, house: House) -> None:
    answer = await http.request("OPTIONS", f"{API}/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    extensions = {"creation", "creation-with-upload", "expiration", "termination", "checksum"}
    assert set(answer.headers["tus-extension"].split(",")) == extensions
    assert answer.headers["tus-max-size"] == str(house.settings.upload_max_bytes)
    assert set(answer.headers["tus-checksum-algorithm"].split(",")) == {"sha1", "sha256", "md5"}


async def test_a_file_comes_in_pieces(make: Maker, tus: Tus, said: str, http: httpx.AsyncClient, house: House) -> None:
    made = await tus.create(len(SONG), said)
    assert (made.status_code, made.headers["upload-offset"], made.content) == (201, "0", b"")
    place = made.headers["location"]
    offset = 0
    for size in (1, 4095, 1000):
        sent = await tus.send(place, offset, SONG[offset : offset + size])
        offset += size
        assert (sent.status_code, sent.headers["upload-offset"]) == (204, str(offset))
        assert "content-location" not in sent.headers
        seen = await tus.head(place)
        assert (seen.status_code, seen.headers["upload-offset"]) == (200, str(offset))
        assert seen.headers["upload-length"] == str(len(SONG))
        assert seen.headers["cache-control"] == "no-store"
        assert seen.headers["upload-metadata"] == said
    mine = (await tus.person.get("/uploads")).json()["items"]
    assert [(item["filename"], item["offset"], item["length"]) for item in mine] == [("söng.wav", offset, len(SONG))]
    assert (await tus.person.get("/uploads/quota")).json()["used_bytes"] == len(SONG)

    last = await tus.send(place, offset, SONG[offset:])
    assert (last.status_code, last.content) == (204, b"")
    content = last.headers["content-location"]
    assert (await tus.head(place)).headers["content-location"] == content
    assert (await tus.person.get("/uploads")).json()["items"] == []
    again = await tus.send(place, len(SONG), b"more")
    assert refused(again) == (409, "offset_mismatch")
    await make.settle()
    track = (await http.get(content, headers=tus.person.headers)).json()
    assert (track["status"], track["title"], track["renditions_complete"]) == ("ready", "Tagged", True)
    assert _staged(house) == []
    assert (await tus.person.get("/uploads/quota")).json()["used_bytes"] == len(SONG)


async def test_the_method_may_come_in_a_header(tus: Tus, said: str) -> None:
    place = await tus.begin(len(SONG), said)
    piece = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": PIECE}
    sent = await tus.ask("POST", place, headers=piece, content=SONG[:100])
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "100")
    ended = await tus.ask("POST", place, headers={"X-HTTP-Method-Override": "DELETE"})
    assert ended.status_code == 204
    assert (await tus.head(place)).status_code == 404


async def test_creation_carries_the_first_bytes_or_all(tus: Tus, said: str) -> None:
    part = await tus.create(len(SONG), said, body=SONG[:100])
    assert (part.status_code, part.headers["upload-offset"]) == (201, "100")
    whole = await tus.create(len(SONG), said, body=SONG)
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, str(len(SONG)))
    assert whole.headers["content-location"].startswith(f"{API}/content/trk_")
    rest = await tus.send(part.headers["location"], 100, SONG[100:])
    assert "content-location" in rest.headers


async def test_pieces_that_do_not_fit_change_nothing(tus: Tus, said: str, house: House) -> None:
    place = await tus.begin(len(SONG), said)
    assert (await tus.send(place, 0, SONG[:500])).status_code == 204
    async with unchanged(house.db):
        for offset in (0, 499, 501):
            assert refused(await tus.send(place, offset, SONG[offset:])) == (409, "offset_mismatch")
        wrong_type = await tus.send(place, 500, SONG[500:], **{"Content-Type": "application/octet-stream"})
        assert refused(wrong_type) == (415, "wrong_content_type")
        other = await tus.person.ask(
            "PATCH", place.removeprefix(API), content=SONG[500:],
            headers={"Content-Type": PIECE, "Tus-Resumable": "0.2.2", "Upload-Offset": "500"},
        )  # fmt: skip
        assert refused(other) == (412, "unsupported_tus_version")
        assert other.headers["tus-version"] == "1.0.0"
        for offset in ("-1", "x"):
            headers = {"Content-Type": PIECE, "Upload-Offset": offset}
            answer = await tus.person.ask("PATCH", place.removeprefix(API), headers=headers, content=b"x")
            assert refused(answer)[0] == 422
    assert refused(await tus.send(place, 500, SONG[500:] + b"!")) == (413, "upload_too_large")
    assert (await tus.head(place)).headers["upload-offset"] == "500"
    assert "content-location" in (await tus.send(place, 500, SONG[500:])).headers


async def test_checksums_guard_pieces(tus: Tus, said: str) -> None:
    place = await tus.begin(len(SONG), said)
    offset = 0
    for name, size in (("sha1", 10), ("sha256", 5000), ("md5", 7)):
        piece = SONG[offset : offset + size]
        digest = base64.b64encode(hashlib.new(name, piece).digest()).decode()
        damaged = await tus.send(place, offset, b"\0" * size, **{"Upload-Checksum": f"{name} {digest}"})
        assert refused(damaged) == (460, "checksum_mismatch")
        assert (await tus.head(place)).headers["upload-offset"] == str(offset)
        sent = await tus.send(place, offset, piece, **{"Upload-Checksum": f"{name} {digest}"})
        offset += size
        assert (sent.status_code, sent.headers["upload-offset"]) == (204, str(offset))
    for wrong in ("crc32 AAAA", "sha1", "sha1 ***", "sha1 "):
        answer = await tus.send(place, offset, SONG[offset:], **{"Upload-Checksum": wrong})
        assert refused(answer) == (400, "unsupported_checksum")
    assert (await tus.head(place)).headers["upload-offset"] == str(offset)


async def test_an_upload_is_given_up(tus: Tus, said: str, house: House) -> None:
    place = await tus.begin(len(SONG), said)
    await tus.send(place, 0, SONG[:10])
    assert len(_staged(house)) == 1
    assert (await tus.ask("DELETE", place)).status_code == 204
    assert _staged(house) == []
    for answer in (await tus.send(place, 10, SONG[10:]), await tus.ask("DELETE", place)):
        assert refused(answer) == (404, "upload_not_found")
    gone = await tus.head(place)
    assert gone.status_code == 404
    assert "upload-offset" not in gone.headers


async def test_uploads_nobody_goes_on_with_expire(
    make: Maker, tus: Tus, said: str, clock: FrozenClock, house: House
) -> None:
    forgotten, kept = await tus.begin(len(SONG), said), await tus.begin(len(SONG), said)
    ends = parsedate_to_datetime((await tus.head(kept)).headers["upload-expires"])
    assert ends == clock.now() + timedelta(days=7)
    clock.move(timedelta(days=6))
    late = Tus(await _again(make, tus))
    assert (await late.send(kept, 0, SONG[:9])).status_code == 204  # going on with it prolongs it
    clock.move(timedelta(days=2))
    async with house.db.system() as uow:
        uow.defer("media.collect")
    await make.settle()
    late = Tus(await _again(make, tus))
    assert (await late.head(forgotten)).status_code == 404
    assert (await late.head(kept)).headers["upload-offset"] == "9"
    assert len(_staged(house)) == 1


async def _again(make: Maker, tus: Tus) -> Person:
    """Signed in anew: an access token does not hold for days."""
    person = tus.person
    answer = await make.http.post(f"{API}/auth/login", json={"email": person.email, "password": person.password})
    return Person(person.id, person.handle, person.email, person.password, answer.json()["tokens"], make.http)


async def test_one_writer_at_a_time(tus: Tus, said: str) -> None:
    place = await tus.begin(len(SONG), said)
    writing, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield SONG[:2000]
        writing.set()
        await go_on.wait()
        yield SONG[2000:]

    first = asyncio.create_task(tus.send(place, 0, slowly()))
    await writing.wait()
    second = await tus.send(place, 0, SONG)
    assert refused(second) == (423, "upload_locked")
    go_on.set()
    assert "content-location" in (await first).headers
    assert refused(await tus.send(place, 0, SONG)) == (409, "offset_mismatch")


async def test_an_upload_given_up_while_it_is_written_makes_no_track(tus: Tus, said: str, house: House) -> None:
    place = await tus.begin(len(SONG), said)
    writing, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield SONG[:2000]
        writing.set()
        await go_on.wait()
        yield SONG[2000:]

    sending = asyncio.create_task(tus.send(place, 0, slowly()))
    await writing.wait()
    assert (await tus.ask("DELETE", place)).status_code == 204
    go_on.set()
    assert refused(await sending) == (404, "upload_not_found")
    assert (await rows(house.db, "SELECT count(*) FROM catalog.tracks"))[0][0] == 0


async def test_what_cannot_be_created_reserves_nothing(make: Maker, tus: Tus, said: str, house: House) -> None:
    eve = await make.person()
    hers = await make.artist(eve)
    room = house.settings.upload_max_bytes
    for _ in range(3):
        await tus.begin(room, said)
    async with unchanged(house.db):
        assert refused(await tus.create(0, said)) == (422, "empty_file")
        assert refused(await tus.create(room + 1, said)) == (413, "upload_too_large")
        for garbage in ("filename", "filename ***", "artist_id /w==", "filename " + base64.b64encode(b"\xff").decode()):
            assert pointers(await tus.create(9, garbage))
        assert pointers(await tus.create(9, metadata(filename="x"))) == {"/artist_id"}
        assert refused(await tus.create(9, metadata(artist_id="art_x"))) == (404, "not_found")
        assert refused(await tus.create(9, metadata(artist_id=hers["id"]))) == (403, "not_manager")
        no_length = await tus.ask("POST", "/uploads", headers={"Upload-Metadata": said})
        assert pointers(no_length) == {"/Upload-Length"}
        guest = await make.http.post(f"{API}/uploads", headers={"Upload-Length": "9", "Upload-Metadata": said})
        assert refused(guest) == (401, "unauthenticated")
    assert len(_staged(house)) == 3
    await tus.begin(room, said)
    assert refused(await tus.create(1, said)) == (413, "quota_exceeded")
    assert (await tus.person.get("/uploads/quota")).json() == {
        "used_bytes": 4 * room, "limit_bytes": 4 * room, "max_file_bytes": room,
    }  # fmt: skip


async def test_what_is_no_sound_is_dropped_at_the_first_look(tus: Tus, said: str, house: House) -> None:
    jpeg = b"\xff\xd8\xff\xe0" + bytes(9000)
    place = await tus.begin(len(jpeg), said)
    assert refused(await tus.send(place, 0, jpeg[:5000])) == (415, "unsupported_media_type")
    assert (await tus.head(place)).status_code == 404
    assert _staged(house) == []


async def test_uploads_of_others_are_not_there(make: Maker, tus: Tus, said: str) -> None:
    place = await tus.begin(len(SONG), said)
    eve = Tus(await make.person())
    assert (await eve.head(place)).status_code == 404
    assert refused(await eve.send(place, 0, SONG)) == (404, "upload_not_found")
    assert refused(await eve.ask("DELETE", place)) == (404, "upload_not_found")
    assert (await eve.person.get("/uploads")).json()["items"] == []


async def test_names_are_cleaned(make: Maker, tus: Tus) -> None:
    artist = await make.artist(tus.person)
    named = metadata(filename="a\x00b.wav", artist_id=artist["id"], title=" Ti\x00tle ", other="x")
    done = await tus.create(len(SONG), named, body=SONG)
    assert done.status_code == 201
    track = (await tus.person.get(done.headers["content-location"].removeprefix(API))).json()
    assert track["title"] == "Title"
