"""Genres that became one come apart as they were, and what was changed since stays changed."""

from __future__ import annotations

from typing import Any

import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, rows, unchanged
from tests.support.people import Maker, Person, good

_TABLES = "genres genre_aliases track_genres album_genres genre_counts redirects"


@pytest_asyncio.fixture
async def admin(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = good(await person.http.post("/api/v1/auth/refresh", json=refresh))["tokens"]
    return person


async def _genre(by: Person, name: str, under: str | None = None, *aliases: str) -> str:
    def found(nodes: list[dict[str, Any]]) -> str | None:
        for node in nodes:
            if node["name"] == name:
                return str(node["id"])
            if below := found(node["children"]):
                return below
        return None

    made = await by.post("/genres", json={"name": name, "parent_id": under})
    genre = found(made.json())
    assert genre is not None
    if aliases:
        assert (await by.put(f"/genres/{genre}", json={"aliases": list(aliases)})).status_code == 200
    return genre


async def _merge(by: Person, gone: str, into: str) -> str:
    """Answers the edit."""
    assert (await by.post(f"/genres/{gone}/merge", json={"into": into})).status_code == 200
    return next(
        str(edit["id"])
        for edit in good(await by.get(f"/content/{into}/history"))["items"]
        if edit["action"] == "merge" and not edit["undone"]
    )


async def _undo(by: Person, edit: str) -> None:
    assert (await by.post(f"/edits/{edit}/undo")).status_code == 200


async def _world(db: Database) -> dict[str, list[str]]:
    """A count that came to nothing says what a missing one does."""
    dumped = {name: await rows(db, f"SELECT to_jsonb(x) AS row FROM catalog.{name} x") for name in _TABLES.split()}
    none = '{"albums": 0, "tracks": 0, '
    return {name: sorted(row.row for row in found if not row.row.startswith(none)) for name, found in dumped.items()}


async def _genres_of(by: Person, track: dict[str, Any]) -> list[str]:
    return sorted(genre["name"] for genre in good(await by.get(f"/tracks/{track['id']}"))["genres"])


async def test_a_merge_is_taken_back_and_what_was_changed_since_stays(make: Maker, house: House, admin: Person) -> None:
    artist = await make.artist(admin)
    album = await make.album(admin, artist)
    wide = await _genre(admin, "Hip-Hop")
    gone = await _genre(admin, "Boom Bap", wide, "BoomBap", "East Coast")
    narrower = await _genre(admin, "Lo-Fi", gone)
    into = await _genre(admin, "Rap", None, "Rhymes")
    own, both, left, later = [
        await make.track(admin, artist, album_id=album["id"], title=title) for title in ("own", "both", "left", "later")
    ]
    for track, names in ((own, ["Boom Bap"]), (both, ["Boom Bap", "Rap"]), (left, ["BoomBap"]), (later, ["Lo-Fi"])):
        good(await admin.put(f"/content/{track['id']}", json={"genres": names}))
    first = await _world(house.db)
    edit = await _merge(admin, gone, into)
    assert await _genres_of(admin, own) == ["Rap"]
    await _undo(admin, edit)
    assert await _world(house.db) == first
    assert (await admin.get(f"/content/{gone}/history")).status_code == 200
    async with unchanged(house.db):
        assert refused(await admin.post(f"/edits/{edit}/undo")) == (409, "edit_overtaken")

    edit = await _merge(admin, gone, into)
    good(await admin.put(f"/content/{left['id']}", json={"genres": ["Hip-Hop"]}))
    good(await admin.put(f"/content/{later['id']}", json={"genres": ["Rap"]}))
    assert (await admin.put(f"/genres/{wide}", json={"parent_id": narrower})).status_code == 200
    assert (await admin.put(f"/genres/{into}", json={"aliases": ["Rhymes", "BoomBap"]})).status_code == 200
    await _undo(admin, edit)
    assert [await _genres_of(admin, track) for track in (own, both, left, later)] == [
        ["Boom Bap"], ["Boom Bap", "Rap"], ["Hip-Hop"], ["Rap"],
    ]  # fmt: skip
    stand = await rows(house.db, "SELECT g.name, p.name AS under FROM catalog.genres g "
                       "LEFT JOIN catalog.genres p ON p.id = g.parent_id ORDER BY g.name")  # fmt: skip
    assert [tuple(row) for row in stand] == [
        ("Boom Bap", None), ("Hip-Hop", "Lo-Fi"), ("Lo-Fi", "Boom Bap"), ("Rap", None),
    ]  # fmt: skip
    named = await rows(house.db, "SELECT a.name, g.name AS of FROM catalog.genre_aliases a "
                       "JOIN catalog.genres g ON g.id = a.genre_id ORDER BY a.name")  # fmt: skip
    assert [tuple(row) for row in named] == [("BoomBap", "Boom Bap"), ("Rhymes", "Rap")]


async def test_what_came_later_is_taken_back_first(make: Maker, house: House, admin: Person) -> None:
    ada = await make.person()
    a, b, c, d = [await _genre(admin, name) for name in ("Aa", "Bb", "Cc", "Dd")]
    first = await _merge(admin, a, b)
    second = await _merge(admin, c, b)
    third = await _merge(admin, b, d)
    async with unchanged(house.db):
        assert refused(await ada.post(f"/edits/{third}/undo")) == (403, "not_manager")
        assert refused(await admin.post(f"/edits/{second}/undo")) == (409, "edit_overtaken")
    await _undo(admin, third)
    async with unchanged(house.db):
        assert refused(await admin.post(f"/edits/{first}/undo")) == (409, "edit_overtaken")
    await _undo(admin, second)
    for name in ("Aa", "aA"):  # as the one that stayed, and as another one's other name
        taken = {"name": name} if name == "Aa" else {"aliases": [name]}
        other = b if name == "Aa" else d
        assert (await admin.put(f"/genres/{b}", json={"aliases": []})).status_code == 200
        assert (await admin.put(f"/genres/{other}", json=taken)).status_code == 200
        async with unchanged(house.db):
            assert refused(await admin.post(f"/edits/{first}/undo")) == (409, "edit_overtaken")
        renamed = {"name": "Bb"} if name == "Aa" else {"aliases": []}
        assert (await admin.put(f"/genres/{other}", json=renamed)).status_code == 200
    await _undo(admin, first)
    async with house.db.system() as uow:
        await _merge(admin, a, b)
        await uow.conn.execute(text("DELETE FROM catalog.merges"))
    edits = good(await admin.get(f"/content/{b}/history"))["items"]
    before_moves_were_kept = next(edit["id"] for edit in edits if edit["action"] == "merge")
    assert refused(await admin.post(f"/edits/{before_moves_were_kept}/undo")) == (409, "edit_final")


_MERGES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4)


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(under=st.lists(st.integers(-1, 3), min_size=5, max_size=5), merges=_MERGES, of=st.lists(
    st.sets(st.integers(0, 4)), min_size=4, max_size=4))  # fmt: skip
async def test_any_merges_come_apart_in_the_opposite_order(
    make: Maker, house: House, admin: Person, under: list[int], merges: list[tuple[int, int]], of: list[set[int]]
) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM catalog.tracks"))
        await uow.conn.execute(text("DELETE FROM catalog.genres"))
        await uow.conn.execute(text("DELETE FROM catalog.redirects"))
    genres: list[str] = []
    for number, above in enumerate(under):
        genres.append(
            await _genre(admin, f"G{number}", genres[above] if 0 <= above < number else None, f"Alias {number}")
        )
    artist = await make.artist(admin)
    async with house.db.system() as uow:
        for held in of:
            track = (await uow.conn.execute(
                text("INSERT INTO catalog.tracks (artist_id, title, search_key, duration_ms, status, published_at, "
                     "created_at, updated_at) "
                     "VALUES (:artist, 't', 't', 1, 'ready', now(), now(), now()) RETURNING id"),
                {"artist": parse(Kind.ARTIST, artist["id"])})).scalar_one()  # fmt: skip
            for number in held:
                await uow.conn.execute(
                    text("INSERT INTO catalog.track_genres (track_id, genre_id) VALUES (:track, :genre)"),
                    {"track": track, "genre": parse(Kind.GENRE, genres[number])},
                )
    worlds, done = [await _world(house.db)], list[str]()
    for gone, into in merges:
        if (await admin.post(f"/genres/{genres[gone]}/merge", json={"into": genres[into]})).status_code == 200:
            history = good(await admin.get(f"/content/{genres[into]}/history"))["items"]
            done.append(next(edit["id"] for edit in history if edit["action"] == "merge" and not edit["undone"]))
            worlds.append(await _world(house.db))
    while done:
        assert await _world(house.db) == worlds.pop()
        await _undo(admin, done.pop())
    assert await _world(house.db) == worlds.pop()
