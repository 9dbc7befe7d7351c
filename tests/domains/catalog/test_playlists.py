"""Playlists through HTTP: what is in them, in which order, and who may see and change them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from antiphon.domains.catalog.model_playlists import GAP, places_between
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.people import Maker, Person, good

API = "/api/v1"


async def _tracks(make: Maker, ada: Person, count: int) -> list[str]:
    artist = await make.artist(ada)
    return [(await make.track(ada, artist, title=f"Song {n}"))["id"] for n in range(count)]


async def _playlist(by: Person, tracks: list[str], **more: Any) -> dict[str, Any]:
    return good(await by.post("/playlists", json={"name": "Mine", "track_ids": tracks, **more}))


async def _shown(who: Person | httpx.AsyncClient, playlist: dict[str, Any], limit: int = 100) -> list[dict[str, Any]]:
    """All entries, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        path = f"/playlists/{playlist['id']}/entries"
        answer = await (who.get(path, params=asked) if isinstance(who, Person) else who.get(API + path, params=asked))
        page = good(answer)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def _order(who: Person, playlist: dict[str, Any], tracks: list[str]) -> list[int]:
    return [tracks.index(entry["track"]["id"]) for entry in await _shown(who, playlist, limit=2)]


async def test_a_playlist_is_made_filled_ordered_and_emptied(make: Maker, house: House) -> None:
    ada = await make.person()
    tracks = await _tracks(make, ada, 3)
    key = {"Idempotency-Key": "k"}
    wanted = {"name": " Ride\u0000 home ", "comment": "a\r\nb", "track_ids": [tracks[0], tracks[1], tracks[0]]}
    made = await ada.post("/playlists", json=wanted, headers=key)
    assert (await ada.post("/playlists", json=wanted, headers=key)).json() == made.json()
    playlist = good(made)
    assert (playlist["name"], playlist["comment"], playlist["visibility"]) == ("Ride home", "a\nb", "private")
    assert (playlist["track_count"], playlist["duration_ms"], playlist["unavailable"]) == (3, 300_000, 0)
    assert (playlist["owner"]["handle"], playlist["editable"], made.headers["etag"]) == (ada.handle, True, '"v1"')
    path = f"/playlists/{playlist['id']}"
    assert await _order(ada, playlist, tracks) == [0, 1, 0]

    entries = [entry["id"] for entry in await _shown(ada, playlist)]
    added = await ada.post(f"{path}/entries", json={"track_ids": [tracks[2], tracks[2]], "before": entries[1]})
    assert (added.json()["track_count"], added.headers["etag"]) == (5, '"v2"')
    assert await _order(ada, playlist, tracks) == [0, 2, 2, 1, 0]
    assert [entry["id"] for entry in await _shown(ada, playlist)][3:] == entries[1:]

    moved = {"entry_ids": [entries[2], entries[0]], "before": None}
    assert good(await ada.post(f"{path}/entries/move", json=moved))["version"] == 3
    assert await _order(ada, playlist, tracks) == [2, 2, 1, 0, 0]
    to_front = {"entry_ids": [entries[1]], "before": (await _shown(ada, playlist))[0]["id"]}
    assert good(await ada.post(f"{path}/entries/move", json=to_front))["duration_ms"] == 500_000
    assert await _order(ada, playlist, tracks) == [1, 2, 2, 0, 0]

    gone = {"entry_ids": [entries[1], out(Kind.PLAYLIST_ENTRY, new_uuid())]}
    late = await ada.post(f"{path}/entries/remove", json=gone, headers={"If-Match": '"v1"'})
    assert refused(late) == (412, "version_conflict")
    left = good(await ada.post(f"{path}/entries/remove", json=gone, headers={"If-Match": '"v4"'}))
    assert (left["track_count"], left["duration_ms"]) == (4, 400_000)

    replaced = good(await ada.put(f"{path}/entries", json={"track_ids": [tracks[1], tracks[1], tracks[0]]}))
    assert (replaced["track_count"], await _order(ada, playlist, tracks)) == (3, [1, 1, 0])
    assert good(await ada.put(f"{path}/entries", json={"track_ids": []}))["track_count"] == 0
    assert (await ada.delete(path)).status_code == 204
    assert refused(await ada.get(path)) == (404, "playlist_not_found")
    assert await facts(house.db, "catalog.playlist_deleted") == 1


async def test_what_makes_no_sense_is_said_where_it_stands(make: Maker, house: House) -> None:
    ada = await make.person()
    tracks = await _tracks(make, ada, 1)
    playlist = await _playlist(ada, tracks)
    path, nothing = f"/playlists/{playlist['id']}", out(Kind.TRACK, new_uuid())
    (entry,) = await _shown(ada, playlist)
    async with unchanged(house.db):
        for method, where, body, at in (
            ("POST", "/playlists", {"name": " \u0000"}, {"/name"}),
            ("POST", "/playlists", {"name": "x", "track_ids": [tracks[0], nothing]}, {"/track_ids/1"}),
            ("POST", f"{path}/entries", {"track_ids": [nothing, "?", tracks[0]]}, {"/track_ids/1"}),
            ("POST", f"{path}/entries", {"track_ids": [nothing, tracks[0]]}, {"/track_ids/0"}),
            ("POST", f"{path}/entries", {"track_ids": tracks, "before": nothing}, {"/before"}),
            ("POST", f"{path}/entries", {"track_ids": tracks * 1001}, {"/track_ids"}),
            ("POST", f"{path}/entries/move", {"entry_ids": [entry["id"]], "before": entry["id"]}, {"/before"}),
            ("POST", f"{path}/entries/move", {"entry_ids": [out(Kind.PLAYLIST_ENTRY, new_uuid())]}, {"/entry_ids/0"}),
            ("POST", f"{path}/entries/remove", {"entry_ids": ["x"]}, {"/entry_ids/0"}),
            ("PUT", f"{path}/entries", {"track_ids": [nothing]}, {"/track_ids/0"}),
            ("PUT", path, {"visibility": "secret"}, {"/visibility"}),
        ):
            assert pointers(await ada.ask(method, where, json=body)) == at, (method, where, body)


async def test_who_may_see_and_change_a_playlist(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    tracks = await _tracks(make, ada, 1)
    made = {
        kind: await _playlist(ada, tracks, name=kind, visibility=kind) for kind in ("private", "unlisted", "public")
    }
    for kind, playlist in made.items():
        path = f"/playlists/{playlist['id']}"
        for who in (eve, http):
            shown = await (who.get(path) if isinstance(who, Person) else who.get(API + path))
            if kind == "private":
                assert refused(shown) == (404, "playlist_not_found")
            else:
                assert (shown.json()["editable"], len(await _shown(who, playlist))) == (False, 1)
        expected = (404, "playlist_not_found") if kind == "private" else (403, "not_your_playlist")
        entry = (await _shown(ada, playlist))[0]["id"]
        async with unchanged(house.db):
            for method, where, body in (
                ("PUT", path, {"name": "Stolen"}),
                ("POST", f"{path}/entries", {"track_ids": tracks}),
                ("PUT", f"{path}/entries", {"track_ids": []}),
                ("POST", f"{path}/entries/move", {"entry_ids": [entry]}),
                ("POST", f"{path}/entries/remove", {"entry_ids": [entry]}),
                ("DELETE", path, None),
            ):
                assert refused(await eve.ask(method, where, json=body)) == expected, (kind, method, where)
    for listed in (await eve.get("/playlists"), await http.get(f"{API}/playlists", params={"owner_id": ada.id})):
        assert [found["name"] for found in listed.json()["items"]] == ["public"]
    mine = (await ada.get("/playlists", params={"mine": True, "limit": 2})).json()
    more = (await ada.get("/playlists", params={"mine": True, "limit": 2, "cursor": mine["next"]})).json()
    assert {found["name"] for found in mine["items"] + more["items"]} == set(made)
    assert (await http.get(f"{API}/playlists", params={"mine": True})).json()["items"] == []


async def test_row_level_security_keeps_strangers_out_even_of_sql(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    tracks = await _tracks(make, ada, 1)
    for kind in ("private", "public"):
        await _playlist(ada, tracks, visibility=kind)
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        for table, seen in (("playlists", 1), ("playlist_entries", 1)):
            assert (await uow.conn.execute(text(f"SELECT count(*) FROM catalog.{table}"))).scalar_one() == seen
            assert (await uow.conn.execute(text(f"DELETE FROM catalog.{table}"))).rowcount == 0
        assert (await uow.conn.execute(text("UPDATE catalog.playlists SET name = 'Stolen'"))).rowcount == 0


_PUT = text(
    "INSERT INTO catalog.playlist_entries (playlist_id, track_id, place, added_at) VALUES (:playlist, :track, 1, now())"
)
_TAKE = text("DELETE FROM catalog.playlists WHERE id = :playlist")


async def _do(house: House, who: Person, statement: TextClause, **given: UUID) -> None:
    async with house.db.unit(parse(Kind.USER, who.id)) as uow:
        await uow.conn.execute(statement, given)


async def test_nobody_puts_entries_where_they_may_not_or_where_nothing_is(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    tracks = await _tracks(make, ada, 1)
    track, playlist = parse(Kind.TRACK, tracks[0]), await _playlist(ada, tracks, visibility="public")
    adas, eves = parse(Kind.PLAYLIST, playlist["id"]), parse(Kind.PLAYLIST, (await _playlist(eve, tracks))["id"])
    with pytest.raises(DBAPIError, match="somebody else's"):
        await _do(house, eve, _PUT, playlist=adas, track=track)
    with pytest.raises(DBAPIError, match="no such playlist"):
        await _do(house, ada, _PUT, playlist=new_uuid(), track=track)
    with pytest.raises(DBAPIError, match="track_id_fkey"):
        await _do(house, ada, _PUT, playlist=adas, track=new_uuid())
    moved = text("UPDATE catalog.playlist_entries SET playlist_id = :other WHERE playlist_id = :mine")
    with pytest.raises(DBAPIError, match="row-level security"):
        await _do(house, eve, moved, other=adas, mine=eves)
    assert await _order(ada, playlist, tracks) == [0]


@pytest.mark.parametrize("first", ["put", "taken"])
async def test_what_is_put_into_a_playlist_that_goes_goes_with_it(make: Maker, house: House, first: str) -> None:
    ada = await make.person()
    tracks = await _tracks(make, ada, 1)
    given = {"playlist": parse(Kind.PLAYLIST, (await _playlist(ada, tracks))["id"])}
    put, take = (_PUT, given | {"track": parse(Kind.TRACK, tracks[0])}), (_TAKE, given)
    (now, its), (then, thats) = (put, take) if first == "put" else (take, put)
    async with house.db.unit(parse(Kind.USER, ada.id)) as uow:
        await uow.conn.execute(now, its)
        waiting = asyncio.create_task(_do(house, ada, then, **thats))
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
    if first == "taken":
        with pytest.raises(DBAPIError, match="no such playlist"):
            await waiting
    await asyncio.wait([waiting])
    assert not await rows(house.db, "SELECT id FROM catalog.playlist_entries")


async def test_entries_are_let_through_by_their_own_playlist_not_by_a_look_at_all(make: Maker, house: House) -> None:
    ada = await make.person()
    asked = text("EXPLAIN SELECT track_id FROM catalog.playlist_entries WHERE playlist_id = :id")
    async with house.db.seen_by(parse(Kind.USER, ada.id)) as conn:
        plan = "\n".join((await conn.execute(asked, {"id": new_uuid()})).scalars())
    assert "ANY (playlist_id" not in plan


async def test_tracks_that_one_may_not_hear_are_counted_but_not_shown(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    tracks = await _tracks(make, ada, 3)
    of_ada = await _playlist(ada, tracks, visibility="public")
    of_eve = await _playlist(eve, tracks)
    good(await ada.post(f"/content/{tracks[1]}/unpublish"))
    seen = (await eve.get(f"/playlists/{of_ada['id']}")).json()
    assert (seen["track_count"], seen["unavailable"]) == (3, 1)
    assert await _order(eve, of_ada, tracks) == [0, 2]
    assert await _order(ada, of_ada, tracks) == [0, 1, 2]  # it is ada's own draft
    own = await _shown(eve, of_eve)
    assert [entry["track"] is None for entry in own] == [False, True, False]
    removed = await eve.post(f"/playlists/{of_eve['id']}/entries/remove", json={"entry_ids": [own[1]["id"]]})
    assert (removed.json()["track_count"], removed.json()["unavailable"]) == (2, 0)
    await ada.delete(f"/content/{tracks[0]}")
    for playlist in (of_ada, of_eve):
        (counts,) = await rows(
            house.db,
            "SELECT track_count, duration_ms FROM catalog.playlists WHERE id = :id",
            id=parse(Kind.PLAYLIST, playlist["id"]),
        )
        assert counts in [(2, 200_000), (1, 100_000)]
    async with house.db.system() as uow:
        await uow.conn.execute(text("UPDATE catalog.tracks SET duration_ms = 7"))
    assert (await ada.get(f"/playlists/{of_ada['id']}")).json()["duration_ms"] == 14


async def test_the_index_hears_of_public_playlists_only(make: Maker, house: House) -> None:
    async def heard() -> int:
        async with house.db.system() as uow:
            return (await uow.conn.execute(text("DELETE FROM catalog.changes WHERE kind = 'playlist'"))).rowcount

    ada = await make.person()
    playlist = await _playlist(ada, [])
    path = f"/playlists/{playlist['id']}"
    for change, told in (
        ({"name": "Still mine"}, 0), ({"visibility": "public"}, 1), ({"name": "Ours"}, 1), ({"name": "Ours"}, 0),
        ({"visibility": "unlisted"}, 1), ({"comment": "x"}, 0), ({"visibility": "public"}, 1),
    ):  # fmt: skip
        good(await ada.put(path, json=change))
        assert await heard() == told, change
    await ada.delete(path)
    assert await heard() == 1


async def test_edits_at_once_lose_nothing(make: Maker) -> None:
    ada = await make.person()
    tracks = await _tracks(make, ada, 2)
    playlist = await _playlist(ada, [])
    path = f"/playlists/{playlist['id']}"
    adding = [ada.post(f"{path}/entries", json={"track_ids": tracks}) for _ in range(6)]
    assert {answer.status_code for answer in await asyncio.gather(*adding)} == {200}
    assert await _order(ada, playlist, tracks) == [0, 1] * 6
    guarded = [ada.put(path, json={"name": f"N {n}"}, headers={"If-Match": '"v7"'}) for n in range(4)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*guarded)) == [200, 412, 412, 412]


async def test_the_same_gap_takes_any_number(make: Maker) -> None:
    """Places run out between two neighbours after some thirty; the list is spread then, and nobody notices."""
    ada = await make.person()
    tracks = await _tracks(make, ada, 2)
    playlist = await _playlist(ada, [tracks[0], tracks[0]])
    last = (await _shown(ada, playlist))[1]["id"]
    first = {"track_ids": [tracks[1]], "before": last}
    for _ in range(40):
        good(await ada.post(f"/playlists/{playlist['id']}/entries", json=first))
    assert await _order(ada, playlist, tracks) == [0, *[1] * 40, 0]


async def test_ten_thousand_entries(make: Maker) -> None:
    ada = await make.person()
    tracks = await _tracks(make, ada, 2)
    playlist = await _playlist(ada, [])
    path = f"/playlists/{playlist['id']}"
    filled = good(await ada.put(f"{path}/entries", json={"track_ids": tracks * 5_000}))
    assert (filled["track_count"], filled["duration_ms"]) == (10_000, 1_000_000_000)
    entries = await _shown(ada, playlist, limit=500)
    assert len(entries) == len({entry["id"] for entry in entries}) == 10_000
    good(await ada.post(f"{path}/entries/move", json={"entry_ids": [entries[-1]["id"]], "before": entries[0]["id"]}))
    assert [e["id"] for e in (await ada.get(f"{path}/entries", params={"limit": 2})).json()["items"]] == [
        entries[-1]["id"], entries[0]["id"]
    ]  # fmt: skip
    over = await ada.put(f"{path}/entries", json={"track_ids": tracks * 10_001})
    assert pointers(over) == {"/track_ids"}


@given(st.none() | st.integers(-(2**40), 2**40), st.none() | st.integers(0, 2**40), st.integers(1, 1000))
def test_places_lie_between(low: int | None, room: int | None, count: int) -> None:
    high = None if room is None else (low or 0) + room
    places = places_between(low, high, count)
    if places is None:
        assert low is not None
        assert high is not None
        assert high - low <= count + 1
        return
    found = list(places)
    assert len(found) == count
    assert found == sorted(set(found))
    assert low is None or low < found[0]
    assert high is None or found[-1] < high


def test_a_new_place_is_a_gap_away() -> None:
    assert list(places_between(None, None, 2) or ()) == [GAP, 2 * GAP]


async def test_a_playlist_goes_with_its_owner(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    tracks = await _tracks(make, eve, 1)
    playlist = await _playlist(ada, tracks, visibility="public")
    path, person = f"/playlists/{playlist['id']}", parse(Kind.USER, ada.id)
    registry = house.identity.privacy.registry
    assert [data.domain for data in registry.all()].index("media") < [d.domain for d in registry.all()].index(
        "playlists"
    )
    (contribution,) = [c for c in registry.contributions() if c.name == "playlists"]
    async with house.db.snapshot() as conn:
        (record,) = [record async for record in contribution.rows(conn, person)]
    assert (record.name, record.tracks[0].title) == ("Mine", "Song 0")  # type: ignore[attr-defined]
    (data,) = [data for data in registry.all() if data.domain == "playlists"]
    async with house.db.system() as uow:
        await data.erase(uow, person)
        await data.erase(uow, person)
    assert refused(await eve.get(path)) == (404, "playlist_not_found")


@pytest.mark.parametrize("private", [False, True])
async def test_who_keeps_to_themselves_is_not_named(make: Maker, house: House, private: bool) -> None:
    ada, eve = await make.person(), await make.person()
    playlist = await _playlist(ada, [], visibility="public")
    async with house.db.system() as uow:
        await uow.conn.execute(
            text("UPDATE identity.users SET private = :private WHERE id = :id"),
            {"private": private, "id": parse(Kind.USER, ada.id)},
        )
    shown = (await eve.get(f"/playlists/{playlist['id']}")).json()["owner"]
    assert (shown is None) == private
    assert (await ada.get(f"/playlists/{playlist['id']}")).json()["owner"]["handle"] == ada.handle
