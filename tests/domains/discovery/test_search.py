"""The search box, through HTTP, with the index and the database that people have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.people import Maker, Person, good

API = "/api/v1"


async def find(http: httpx.AsyncClient, q: str, by: Person | None = None, **params: Any) -> dict[str, Any]:
    answer = await http.get(
        f"{API}/search", params={"q": q, "facets": True, **params}, headers=by.headers if by else {}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return [track["title"] for track in found["tracks"]]


@pytest.fixture
async def computer(make: Maker) -> Person:
    """Who published an album of two tracks."""
    ada = await make.person()
    artist = await make.artist(ada, "Radiohead")
    album = await make.album(ada, artist, "OK Computer", release_date="1997-05-21")
    for title in ("Airbag", "Paranoid Android"):
        await make.track(ada, artist, title=title, album_id=album["id"])
    good(await ada.post(f"/albums/{album['id']}/publish"))
    await make.settle()
    return ada


async def test_one_box_finds_artists_albums_and_tracks(computer: Person, http: httpx.AsyncClient) -> None:
    found = await find(http, "radiohead")
    assert [artist["name"] for artist in found["artists"]] == ["Radiohead"]
    assert [album["title"] for album in found["albums"]] == ["OK Computer"]
    assert set(titles(found)) == {"Airbag", "Paranoid Android"}
    assert found["totals"] == {"artist": 1, "album": 1, "track": 2, "playlist": 0, "person": 0, "lyrics": 0}
    assert (found["reach"], found["did_you_mean"]) == ("words", None)
    uncounted = await find(http, "radiohead", facets=False)
    assert (uncounted["totals"], uncounted["facets"]) == (None, None)
    assert uncounted["tracks"] == found["tracks"]
    only = await find(http, "radiohead", type="album")
    assert only["totals"] == {"album": 1}
    assert only["artists"] == only["tracks"] == []


async def test_words_in_any_order_begun_mistyped_or_inside(computer: Person, http: httpx.AsyncClient) -> None:
    asked = {
        "paranoid ok comp": "Paranoid Android",
        "computer airbag": "Airbag",
        "radiohead paranoid": "Paranoid Android",
        "para": "Paranoid Android",
        "Radiohaed airbag": "Airbag",
        "Radohead android": "Paranoid Android",
        "ranoid": "Paranoid Android",
    }
    assert {q: titles(await find(http, q)) for q in asked} == {q: [wanted] for q, wanted in asked.items()}


async def test_help_where_nothing_has_the_words(computer: Person, http: httpx.AsyncClient) -> None:
    mistyped = await find(http, "Radiohaed")
    assert (mistyped["reach"], mistyped["did_you_mean"]) == ("near", "Radiohead")
    partly = await find(http, "airbag qwertzuiop")
    assert (partly["reach"], titles(partly)) == ("some", ["Airbag"])
    assert set(titles(await find(http, "paranoid airbag"))) == {"Airbag", "Paranoid Android"}
    nothing = await find(http, "qwertzuiop")
    assert set(nothing["totals"].values()) == {0}


async def test_facets_count_and_narrow(computer: Person, http: httpx.AsyncClient) -> None:
    found = await find(http, "radiohead")
    assert found["facets"]["year"] == [{"value": "1997", "count": 2}]
    assert (await find(http, "radiohead", year_from=1998))["totals"]["track"] == 0
    assert (await find(http, "radiohead", year_to=1997, year_from=1997))["totals"]["track"] == 2
    assert (await find(http, "radiohead", genre="Polka"))["totals"]["track"] == 0


async def test_pages_and_suggestions(computer: Person, http: httpx.AsyncClient) -> None:
    first, second = await find(http, "radiohead", limit=1), await find(http, "radiohead", limit=1, offset=1)
    assert {*titles(first), *titles(second)} == {"Airbag", "Paranoid Android"}
    suggested = (await http.get(f"{API}/search/suggest", params={"q": "radioh"})).json()
    assert suggested[0]["text"] == "Radiohead"
    assert suggested[0]["kind"] == "artist"
    [airbag] = (await http.get(f"{API}/search/suggest", params={"q": "airbag"})).json()
    assert (airbag["text"], airbag["kind"], airbag["detail"]) == ("Airbag", "track", "Radiohead")
    assert (await http.get(f"{API}/search/suggest", params={"q": ""})).json() == []


async def test_a_new_name_is_found_with_all_that_shows_it(
    computer: Person, make: Maker, http: httpx.AsyncClient
) -> None:
    [album] = (await find(http, "ok computer", type="album"))["albums"]
    good(await computer.put(f"/content/{album['id']}", json={"title": "Kid A"}))
    await make.settle()
    assert set(titles(await find(http, "kid a"))) == {"Airbag", "Paranoid Android"}
    assert titles(await find(http, "computer", type="track")) == []
    [artist] = (await find(http, "radiohead", type="artist"))["artists"]
    good(await computer.put(f"/artists/{artist['id']}", json={"name": "On a Friday"}))
    await make.settle()
    assert set(titles(await find(http, "friday"))) == {"Airbag", "Paranoid Android"}


async def test_what_is_withdrawn_is_not_found(computer: Person, make: Maker, http: httpx.AsyncClient) -> None:
    [track] = (await find(http, "airbag"))["tracks"]
    good(await computer.post(f"/content/{track['id']}/unpublish"))
    assert titles(await find(http, "airbag")) == []  # the index still has it; the reader has no right to it
    await make.settle()
    assert (await find(http, "airbag"))["totals"]["track"] == 0


async def test_public_playlists_are_found_and_private_ones_are_not(
    computer: Person, make: Maker, http: httpx.AsyncClient
) -> None:
    shown = good(await computer.post("/playlists", json={"name": "Rainy evenings", "visibility": "public"}))
    good(await computer.post("/playlists", json={"name": "Rainy mornings", "visibility": "private"}))
    await make.settle()
    found = await find(http, "rainy")
    assert [playlist["id"] for playlist in found["playlists"]] == [shown["id"]]
    assert (await find(http, "rainy", computer))["totals"]["playlist"] == 1
    good(await computer.put(f"/playlists/{shown['id']}", json={"visibility": "private"}))
    await make.settle()
    assert (await find(http, "rainy"))["totals"]["playlist"] == 0


async def test_a_line_that_is_sung_tells_its_second(computer: Person, make: Maker, http: httpx.AsyncClient) -> None:
    [track] = (await find(http, "airbag"))["tracks"]
    lines = [{"text": "Nothing yet", "start_ms": 0}, {"text": "In an interstellar burst", "start_ms": 41_500}]
    good(await computer.put(f"/tracks/{track['id']}/lyrics/en", json={"lines": lines}))
    await make.settle()
    [line] = (await find(http, "interstellar burst"))["lyrics"]
    assert (line["text"], line["start_ms"], line["track"]["id"]) == ("In an interstellar burst", 41_500, track["id"])
    good(await computer.post(f"/content/{track['id']}/unpublish"))
    await make.settle()
    assert (await find(http, "interstellar"))["totals"]["lyrics"] == 0


async def test_closed_libraries_are_neither_shown_nor_counted(
    computer: Person, make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    [track] = (await find(http, "airbag"))["tracks"]
    await _into_a_library(house, parse(Kind.TRACK, track["id"]))
    await make.settle()
    house.finder._open.clear()
    assert (await find(http, "airbag"))["totals"]["track"] == 0
    assert (await find(http, "airbag", computer))["totals"]["track"] == 1
    assert titles(await find(http, "airbag", computer)) == ["Airbag"]
    assert (await find(http, "paranoid"))["totals"]["track"] == 1


async def _into_a_library(house: House, track: UUID) -> None:
    async with house.db.system() as uow:
        added = await uow.conn.execute(
            text(
                "INSERT INTO catalog.libraries (name, path, access, created_at, updated_at) "
                "VALUES ('Ours', '/ours', 'members', now(), now()) RETURNING id"
            )
        )
        await uow.conn.execute(
            text("UPDATE catalog.tracks SET library_id = :library WHERE id = :id"),
            {"library": added.scalar_one(), "id": track},
        )
