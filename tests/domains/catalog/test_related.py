"""What stands beside a work: appearances, editions, the file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good


async def test_an_artist_appears_on_albums_of_others(make: Maker, clock: FrozenClock) -> None:
    ada, eve = await make.person(), await make.person()
    choir, guest = await make.artist(ada, "Choir"), await make.artist(ada, "Guest")
    for title, guested in (("Sung alone", False), ("Track of two", True), ("Album of two", True)):
        clock.move(timedelta(minutes=1))
        album = await make.album(ada, choir, title)
        track = await make.track(ada, choir, title=title, album_id=album["id"])
        if guested:
            path = f"/albums/{album['id']}" if title.startswith("Album") else f"/content/{track['id']}"
            both = [{"artist_id": one["id"]} for one in (choir, guest)]
            good(await ada.put(path, json={"artists": both}))
        good(await ada.post(f"/albums/{album['id']}/publish"))
    draft = await make.album(ada, choir, "Not out yet")
    good(await ada.put(f"/albums/{draft['id']}", json={"artists": [{"artist_id": a["id"]} for a in (choir, guest)]}))

    path = f"/artists/{guest['id']}/appearances"
    first = (await eve.get(path, params={"limit": 1})).json()
    second = (await eve.get(path, params={"limit": 1, "cursor": first["next"]})).json()
    assert [page["items"][0]["title"] for page in (first, second)] == ["Album of two", "Track of two"]
    assert second["next"] is None
    assert (await eve.get(f"/artists/{choir['id']}/appearances")).json()["items"] == []
    assert refused(await eve.get(f"/artists/{album['id']}/appearances"))[0] == 404


async def test_editions_are_of_the_same_name_or_release_group(make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    choir = await make.artist(ada, "Choir")
    dates = {"2011": "Remaster", "1987": "", "2020": "Anniversary"}
    group = "0b3b3ac1-2c5c-4f4c-9a6e-111111111111"
    albums = {}
    for year, edition in dates.items():
        title = "Salt" if year != "2020" else "Salt, thirty years on"
        album = await make.album(ada, choir, title, release_date=f"{year}-05-01")
        wanted = {"edition": edition, "label": "Tide", "release_precision": "year", "release_group_mbid": group}
        good(await ada.put(f"/albums/{album['id']}", json=wanted))
        await make.track(ada, choir, title="Wave", album_id=album["id"])
        good(await ada.post(f"/albums/{album['id']}/publish"))
        albums[year] = album["id"]
    unseen = await make.album(ada, choir, "Salt")

    found = (await eve.get(f"/albums/{albums['1987']}/editions")).json()
    assert [(one["title"], one["edition"], one["label"], one["release_precision"]) for one in found] == [
        ("Salt", "Remaster", "Tide", "year"),
        ("Salt, thirty years on", "Anniversary", "Tide", "year"),
    ]
    assert refused(await eve.get(f"/albums/{unseen['id']}/editions")) == (404, "album_not_found")


async def test_where_a_file_lies_is_for_those_who_look_after_libraries(
    make: Maker, house: House, tmp_path: Path
) -> None:
    ada, eve = await make.person(), await make.person()
    choir = await make.artist(ada)
    track = await make.track(ada, choir)
    facts = catalog.FileFacts("Choir/1.flac", "flac", "audio/flac", "flac", 1_000, 900, 44_100, 2, 16, -7.5, 0.98)
    async with house.db.system() as uow:
        await catalog.set_file_facts(uow, parse(Kind.TRACK, track["id"]), facts)
    path = f"/tracks/{track['id']}/file"
    told = good(await eve.get(path))
    assert (told["suffix"], told["sample_rate"], told["bit_depth"], round(told["track_gain"], 1)) == (
        "flac",
        44_100,
        16,
        -7.5,
    )
    assert told["album_gain"] is None
    assert told["path"] is None
    await _of_library(house, track["id"], tmp_path)
    assert good(await ada.get(path))["path"] is None
    assert good(await (await _administrator(make, house)).get(path))["path"] == "Choir/1.flac"
    draft = await make.track(ada, choir, published=False)
    assert refused(await eve.get(f"/tracks/{draft['id']}/file")) == (404, "content_not_found")


async def _of_library(house: House, track_id: str, folder: Path) -> None:
    async with house.db.system() as uow:
        new = catalog.NewLibrary(name="Shelf", path=str(folder), access="everyone")
        library = await catalog.add_library(uow, new)
        statement = "UPDATE catalog.tracks SET library_id = $1 WHERE id = $2"
        await uow.conn.exec_driver_sql(statement, (parse(Kind.LIBRARY, library.id), parse(Kind.TRACK, track_id)))


async def _administrator(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    given = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await make.http.post("/api/v1/auth/refresh", json=given)).json()["tokens"]
    return person


async def test_albums_by_their_date_end_with_those_that_have_none(make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    choir = await make.artist(ada)
    for title, day in (("B", "1999-01-01"), ("D", None), ("A", "2024-06-01"), ("C", None)):
        album = await make.album(ada, choir, title, release_date=day)
        await make.track(ada, choir, title=title, album_id=album["id"])
        good(await ada.post(f"/albums/{album['id']}/publish"))
    for limit in (1, 2, 3, 50):
        shown: list[str] = []
        cursor: str | None = None
        while cursor is not None or not shown:
            params = {"sort": "released", "limit": limit} | ({"cursor": cursor} if cursor else {})
            page = (await eve.get("/albums", params=params)).json()
            shown += [one["title"] for one in page["items"]]
            cursor = page["next"]
        assert shown == ["A", "B", "C", "D"], limit
    await make.artist(ada, "Silent")
    newer = await make.artist(ada, "Zither")
    await make.track(ada, newer)
    assert [one["name"] for one in (await eve.get("/artists", params={"sort": "newest"})).json()["items"]] == [
        "Zither",
        choir["name"],
    ]
