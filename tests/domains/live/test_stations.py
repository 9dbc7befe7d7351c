"""Internet radio stations: everybody hears them, administrators choose them."""

from __future__ import annotations

import httpx
import pytest

from antiphon.domains.identity import api as identity
from antiphon.domains.live.model import is_address
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.audio import png
from tests.support.people import Maker, Person


@pytest.fixture
async def admin(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    given = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await make.http.post("/api/v1/auth/refresh", json=given)).json()["tokens"]
    return person


WORDS = {"name": "Rádio  One", "stream_url": "https://radio.example/one.mp3", "home_page": "https://radio.example/"}


async def test_stations_are_made_changed_and_deleted(admin: Person, make: Maker) -> None:
    fan = await make.person()
    made = await admin.post("/live/stations", json=WORDS, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201, made.text
    again = await admin.post("/live/stations", json=WORDS, headers={"Idempotency-Key": "one"})
    assert again.json() == made.json()
    await admin.post("/live/stations", json=WORDS | {"name": "Alpha", "home_page": ""})
    listed = (await fan.get("/live/stations")).json()
    assert [(one["name"], one["home_page"]) for one in listed] == [("Alpha", ""), ("Rádio One", WORDS["home_page"])]
    station = f"/live/stations/{made.json()['id']}"
    changed = await admin.put(station, json=WORDS | {"name": "Zeta"}, headers={"If-Match": '"v1"'})
    assert (changed.json()["name"], changed.headers["etag"]) == ("Zeta", '"v2"')
    stale = await admin.put(station, json=WORDS, headers={"If-Match": '"v1"'})
    assert refused(stale) == (412, "version_conflict")
    assert (await admin.delete(station)).status_code == 204
    assert refused(await admin.delete(station)) == (404, "station_not_found")
    assert refused(await admin.put(station, json=WORDS)) == (404, "station_not_found")


async def test_a_station_has_a_picture_that_stays_when_who_brought_it_goes(
    admin: Person, make: Maker, house: House
) -> None:
    fan = await make.person()
    station = f"/live/stations/{(await admin.post('/live/stations', json=WORDS)).json()['id']}"
    shown = await admin.put(f"{station}/cover", content=png(700, 700, (9, 90, 200)))
    assert shown.status_code == 200, shown.text
    picture = (await fan.get("/live/stations")).json()[0]["cover"]
    assert picture == shown.json()["cover"]
    assert (await fan.http.get(picture["sizes"]["160"])).headers["content-type"] == "image/webp"
    held = await rows(house.db, "SELECT user_id FROM media.pictures")
    assert {row.user_id for row in held} == {None}, "the house's own"
    async with unchanged(house.db):
        refusals = [
            await fan.put(f"{station}/cover", content=png(9, 9, (1, 2, 3))),
            await fan.delete(f"{station}/cover"),
            await admin.put(f"/live/stations/{out(Kind.RADIO, new_uuid())}/cover", content=png(9, 9, (1, 2, 3))),
        ]
    assert [refused(one)[1] for one in refusals] == ["permission_missing", "permission_missing", "station_not_found"]
    assert refused(await admin.put(f"{station}/cover", content=b"no picture")) == (422, "media_rejected")
    assert (await admin.delete(f"{station}/cover")).json()["cover"] is None
    await admin.put(f"{station}/cover", content=png(9, 9, (1, 2, 3)))
    assert (await admin.delete(station)).status_code == 204
    assert await rows(house.db, "SELECT subject FROM media.pictures") == []


async def test_only_administrators_choose(admin: Person, make: Maker, http: httpx.AsyncClient, house: House) -> None:
    fan = await make.person()
    made = (await admin.post("/live/stations", json=WORDS)).json()
    async with unchanged(house.db):
        assert refused(await fan.post("/live/stations", json=WORDS)) == (403, "permission_missing")
        assert refused(await fan.put(f"/live/stations/{made['id']}", json=WORDS)) == (403, "permission_missing")
        assert refused(await fan.delete(f"/live/stations/{made['id']}")) == (403, "permission_missing")
        assert refused(await http.get("/api/v1/live/stations")) == (401, "unauthenticated")
        assert refused(await admin.delete(f"/live/stations/{out(Kind.RADIO, new_uuid())}")) == (
            404,
            "station_not_found",
        )
        wrong = {"name": " ", "stream_url": "javascript:alert(1)", "home_page": "file:///etc/passwd"}
        answer = await admin.post("/live/stations", json=wrong)
        assert pointers(answer) == {"/name", "/stream_url", "/home_page"}


@pytest.mark.parametrize(
    "address", ["http://a/", "https://radio.example:8000/live?x=1", "http://[::1]:8000/stream", "http://räd.io/"]
)
def test_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "radio",
        "//host/",
        "ftp://a/",
        "http://",
        "http://me:pw@a/",
        "http://a b/",
        "http://a:x/",
        "http://a/\n",
        "data:,",
    ],
)
def test_no_addresses(address: str) -> None:
    assert not is_address(address)
