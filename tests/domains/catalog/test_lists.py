"""Lists: every row once whatever the sort, made-up cursors refused, few statements."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers
from tests.support.people import Maker, Person
from tests.support.queries import queries

API = "/api/v1"
MANY = 250

# Ties everywhere: few titles, few moments, few counts.
_ARTISTS = """
    INSERT INTO catalog.artists (name, search_key, sort_key, created_at, updated_at)
    SELECT 'N' || n % 7, 'n' || n % 7, 'n' || n % 7, :now, :now FROM generate_series(2, :many) n
"""
_ALBUMS = """
    INSERT INTO catalog.albums (artist_id, title, search_key, sort_key, published_at, created_at, updated_at)
    SELECT :artist, 'T' || n % 7, 't' || n % 7, 't' || n % 7,
           CAST(:now AS timestamptz) + n % 5 * interval '1 microsecond',
           CAST(:now AS timestamptz) + n % 3 * interval '1 s', :now
    FROM generate_series(1, :many) n
"""
_TRACKS = """
    INSERT INTO catalog.tracks (artist_id, title, search_key, status, published_at, created_at, updated_at)
    SELECT a.id, 'T' || row_number() OVER () % 7, 't' || row_number() OVER () % 7, 'ready',
           CAST(:now AS timestamptz) + row_number() OVER () % 5 * interval '1 microsecond', :now, :now
    FROM catalog.artists a
"""
_MINE = "UPDATE catalog.tracks SET artist_id = :artist WHERE :mine"
_STATS = """
    INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 1 + row_number() OVER () % 4 FROM catalog.tracks
"""

# One album and its track in a library that everyone may hear.
_SHELVED = (
    """
    INSERT INTO catalog.libraries (id, name, path, access, created_at, updated_at)
    VALUES (:library, 'Attic', '/nowhere', 'everyone', :now, :now)
    """,
    "INSERT INTO catalog.genres (id, name, key) VALUES (:genre, 'Fado', 'fado')",
    "UPDATE catalog.albums SET title = 'One', release_date = '1999-12-31', library_id = :library "
    "WHERE id = (SELECT min(id::text)::uuid FROM catalog.albums)",
    "UPDATE catalog.tracks SET title = 'One', year = 1999, library_id = :library, "
    "album_id = (SELECT id FROM catalog.albums WHERE title = 'One') "
    "WHERE id = (SELECT min(id::text)::uuid FROM catalog.tracks)",
    "INSERT INTO catalog.track_genres (track_id, genre_id) SELECT id, :genre FROM catalog.tracks WHERE title = 'One'",
)


async def _catalogue(make: Maker, house: House, *, mine: bool = False) -> tuple[Person, dict[str, Any]]:
    ada = await make.person()
    artist = await make.artist(ada, "N0")
    values = {"now": house.clock.now(), "many": MANY, "artist": parse(Kind.ARTIST, artist["id"]), "mine": mine}
    async with house.db.system() as uow:
        for statement in (_ARTISTS, _ALBUMS, _TRACKS, _MINE, _STATS):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            await uow.conn.execute(text(statement), used)
    return ada, artist


async def _all(who: httpx.AsyncClient, path: str, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(MANY):
        given = params | ({"cursor": cursor} if cursor else {})
        page = (await who.get(API + path, params=given, headers=headers)).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
    raise AssertionError("the list does not end")


async def test_every_sort_shows_every_row_once(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    await _catalogue(make, house)
    orders: list[tuple[str, dict[str, str], Any]] = [
        ("/tracks", {"sort": "newest"}, lambda item: datetime.fromisoformat(item["published_at"])),
        ("/tracks", {"sort": "title"}, lambda item: item["title"]),
        ("/tracks", {"sort": "popular"}, lambda item: item["stats"]["plays"]),
        ("/albums", {"sort": "title"}, lambda item: item["title"]),
        ("/albums", {"sort": "newest"}, None),
        ("/artists", {}, lambda item: item["name"]),
    ]
    for path, params, key in orders:
        items = await _all(http, path, {}, limit=37, **params)
        assert len({item["id"] for item in items}) == len(items) == MANY, (path, params)
        if key is not None:
            shown = [key(item) for item in items]
            assert shown == sorted(shown, reverse=params.get("sort") in {"newest", "popular"}), (path, params)


async def test_my_own_lists_and_filters_page_too(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, artist = await _catalogue(make, house, mine=True)
    for path in ("/tracks", "/albums"):
        for params in ({"mine": True}, {"mine": True, "sort": "title"}, {"artist_id": artist["id"]}):
            items = await _all(http, path, ada.headers, limit=100, **params)
            assert len({item["id"] for item in items}) == len(items) == MANY, (path, params)
            assert all(item["editable"] for item in items)
    assert await _all(http, "/tracks", ada.headers, status="failed") == []
    assert len(await _all(http, "/tracks", ada.headers, limit=1, status="ready", artist_id=artist["id"])) == MANY


async def test_lists_by_name_begin_at_letters(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    await _catalogue(make, house)
    for path, params, name in (("/albums", {"sort": "title"}, "title"), ("/artists", {}, "name")):
        whole = await _all(http, path, {}, limit=100, **params)
        letters = whole[0][name][0]  # ends in a figure: N0 … N6, T0 … T6
        found = await _all(http, path, {}, limit=37, starting=f"{letters}4", **params)
        assert found == [item for item in whole if item[name] >= f"{letters}4"]
        assert await _all(http, path, {}, starting="zz", **params) == []
    newest = await _all(http, "/albums", {}, limit=100, starting="T4", sort="newest")
    assert len(newest) == MANY  # letters are of lists by name only


async def test_albums_and_tracks_of_a_year_a_genre_and_a_library(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    await _catalogue(make, house)
    genre, library = new_uuid(), new_uuid()
    values = {"genre": genre, "library": library, "now": house.clock.now()}
    async with house.db.system() as uow:
        for statement in _SHELVED:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            await uow.conn.execute(text(statement), used)
    for path in ("/albums", "/tracks"):
        for params in (
            {"year": 1999},
            {"genre_id": out(Kind.GENRE, genre)},
            {"library_id": out(Kind.LIBRARY, library)},
            {"year": 1999, "genre_id": out(Kind.GENRE, genre), "library_id": out(Kind.LIBRARY, library)},
        ):
            found = await _all(http, path, {}, **params)
            assert [item["title"] for item in found] == ["One"], (path, params)
        assert await _all(http, path, {}, year=1998) == []
        assert (await http.get(f"{API}{path}?year=0")).status_code == 422


def _cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


LISTS = [
    "/tracks", "/tracks?sort=title", "/tracks?sort=popular", "/albums", "/albums?sort=title", "/albums?sort=released",
    "/artists", "/artists?sort=newest",
]  # fmt: skip
ID = str(new_uuid())
HOSTILE = [
    "", "x", "é", "%00", "....", "a" * 5000, _cursor({}), _cursor([]), _cursor([1]), _cursor([None, None]),
    _cursor(["a", "b"]), _cursor([ID, ID, ID]), _cursor([1.5, ID]), _cursor([True, ID]), _cursor([2**63, ID]),
    _cursor([2**70, ID]), _cursor(["\x00", ID]), _cursor(["2020-01-01", "'; --"]), _cursor([[], ID]),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b'["\\ud800","' + ID.encode() + b'"]').decode(),
]  # fmt: skip
FOREIGN_TIMES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2020-01-01T00:00:00", "now", ""]


@pytest.mark.parametrize("path", LISTS)
async def test_made_up_cursors_are_refused(http: httpx.AsyncClient, path: str) -> None:
    times = [_cursor([time, ID]) for time in FOREIGN_TIMES] if "sort" not in path and path != "/artists" else []
    for cursor in HOSTILE + times:
        answer = await http.get(API + path, params={**dict(httpx.URL(path).params), "cursor": cursor})
        assert pointers(answer) == {"/cursor"}, cursor[:40]
    for limit in (0, -1, 101, "x"):
        assert pointers(await http.get(API + path.partition("?")[0], params={"limit": limit})) == {"/limit"}


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.lists(st.one_of(st.text(max_size=20), st.integers(), st.none(), st.just(ID)), max_size=3))
async def test_no_cursor_breaks_a_list(http: httpx.AsyncClient, value: list[object]) -> None:
    for path in LISTS:
        params = {**dict(httpx.URL(path).params), "cursor": _cursor(value)}
        answer = await http.get(API + path, params=params)
        assert answer.status_code in {200, 422}, (path, value)


async def test_hot_routes_ask_little(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, album_id=album["id"])
    assert (await ada.post(f"/albums/{album['id']}/publish")).status_code == 200
    for path, most in (
        (f"/content/{track['id']}", 1), (f"/tracks/{track['id']}", 1), (f"/content/{album['id']}", 2),
        (f"/artists/{artist['id']}", 1), (f"/stream/{track['id']}", 3), ("/content/discover", 5), ("/tracks", 1),
        ("/albums", 1), ("/artists", 1), ("/genres", 1), ("/search?q=song", 3),
    ):  # fmt: skip
        for headers, more in (({}, 0), (ada.headers, 1)):  # one says to the database who is asking
            with queries(house.db, at_most=most + more):
                assert (await http.get(API + path, headers=headers)).status_code == 200


async def test_search_takes_any_text_and_finds_what_stands_there(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    artist = await make.artist(ada, "100% _Real\\")
    track = await make.track(ada, artist, title="Percent")
    draft = await make.track(ada, artist, title="Percent draft", published=False)

    async def found(query: str) -> list[str]:
        answer = await http.get(f"{API}/search", params={"q": query})
        assert answer.status_code == 200, query
        return [item["id"] for item in answer.json()["tracks"]]

    for query in ("percent", "PERCENT 100%", "_real", "real\\", "\x00percent"):
        assert await found(query) == [track["id"]], query
    for query in ("", " ", "\x00", "%", "per_ent", "percent draft", "'; DROP TABLE", "x" * 500, "a " * 100):
        assert draft["id"] not in await found(query)
    assert await found("nothing of the kind") == []
    assert pointers(await http.get(f"{API}/search", params={"q": "x" * 501})) == {"/q"}
    front = (await http.get(f"{API}/content/discover")).json()
    assert [item["id"] for item in front["fresh_tracks"]] == [track["id"]]
    assert front["popular_tracks"] == []
    assert [item["id"] for item in front["artists"]] == [artist["id"]]
