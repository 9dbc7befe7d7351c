"""Likes and ratings: one's own, counted for everybody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.social import api as social
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person


class Shelf:
    """An artist with an album of two tracks, and somebody who listens."""

    artist: dict[str, Any]
    album: dict[str, Any]
    tracks: list[dict[str, Any]]
    ada: Person
    bob: Person

    @property
    def ids(self) -> list[str]:
        return [self.artist["id"], self.album["id"], *(track["id"] for track in self.tracks)]


@pytest.fixture
async def shelf(make: Maker) -> Shelf:
    made = Shelf()
    made.ada, made.bob = await make.person(), await make.person()
    made.artist = await make.artist(made.ada)
    made.album = await make.album(made.ada, made.artist)
    made.tracks = [await make.track(made.ada, made.artist, album_id=made.album["id"]) for _ in range(2)]
    assert (await made.ada.post(f"/content/{made.album['id']}/publish")).status_code == 200
    return made


async def marks(person: Person, *ids: str) -> list[dict[str, Any]]:
    answer = await person.get("/social/marks", params=[("content_id", one) for one in ids])
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_works_of_every_kind_are_liked_once(shelf: Shelf, house: House, clock: FrozenClock) -> None:
    for content_id in shelf.ids:
        assert (await shelf.bob.put(f"/social/likes/{content_id}")).status_code == 204
    first = clock.now()
    clock.move(timedelta(minutes=5))
    for content_id in shelf.ids:
        assert (await shelf.bob.put(f"/social/likes/{content_id}")).status_code == 204
    for mark in await marks(shelf.bob, *shelf.ids):
        assert mark["likes"] == 1
        assert mark["liked_at"] == first.isoformat().replace("+00:00", "Z")
    assert await facts(house.db, "social.liked") == len(shelf.ids)
    assert [mark["liked_at"] for mark in await marks(shelf.ada, *shelf.ids)] == [None] * 4
    for kind, member, expected in (("artist", "artist", 1), ("album", "album", 1), ("track", "track", 2)):
        page = (await shelf.bob.get("/social/likes", params={"kind": kind})).json()
        assert len(page["items"]) == expected
        assert all(item[member]["id"] == item["id"] for item in page["items"])


async def test_a_like_is_taken_back(shelf: Shelf, house: House) -> None:
    track = shelf.tracks[0]["id"]
    await shelf.bob.put(f"/social/likes/{track}")
    for _ in range(2):
        assert (await shelf.bob.delete(f"/social/likes/{track}")).status_code == 204
    assert (await marks(shelf.bob, track))[0]["likes"] == 0
    assert await facts(house.db, "social.unliked") == 1
    assert await rows(house.db, "SELECT 1 FROM social.likes") == []


async def test_likes_are_paged_newest_first(shelf: Shelf, clock: FrozenClock) -> None:
    for track in shelf.tracks:
        await shelf.bob.put(f"/social/likes/{track['id']}")
        clock.move(timedelta(seconds=1))
    first = (await shelf.bob.get("/social/likes", params={"limit": 1})).json()
    second = (await shelf.bob.get("/social/likes", params={"limit": 1, "cursor": first["next"]})).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [shelf.tracks[1]["id"], shelf.tracks[0]["id"]]
    assert second["next"] is None
    assert pointers(await shelf.bob.get("/social/likes", params={"cursor": "e30"})) == {"/cursor"}


async def test_ratings_have_an_average_of_everybody(shelf: Shelf, house: House) -> None:
    album = shelf.album["id"]
    assert (await shelf.bob.put(f"/social/ratings/{album}", json={"rating": 5})).json()["average"] == 5.0
    mark = (await shelf.ada.put(f"/social/ratings/{album}", json={"rating": 2})).json()
    assert (mark["rating"], mark["raters"], mark["average"]) == (2, 2, 3.5)
    mark = (await shelf.ada.put(f"/social/ratings/{album}", json={"rating": 4})).json()
    assert (mark["rating"], mark["raters"], mark["average"]) == (4, 2, 4.5)
    mark = (await shelf.bob.put(f"/social/ratings/{album}", json={"rating": 0})).json()
    assert (mark["rating"], mark["raters"], mark["average"]) == (None, 1, 4.0)
    assert await facts(house.db, "social.rated") == 4
    async with unchanged(house.db):
        await shelf.bob.put(f"/social/ratings/{album}", json={"rating": 0})
        await shelf.ada.put(f"/social/ratings/{album}", json={"rating": 4})


async def test_what_is_not_seen_is_not_liked(shelf: Shelf, make: Maker, house: House) -> None:
    draft = await make.track(shelf.ada, shelf.artist, published=False)
    nothing = out(Kind.TRACK, new_uuid())
    async with unchanged(house.db):
        for content_id, code in (
            (draft["id"], "content_not_found"),
            (nothing, "content_not_found"),
            (out(Kind.ALBUM, new_uuid()), "album_not_found"),
            (out(Kind.ARTIST, new_uuid()), "artist_not_found"),
            (out(Kind.USER, new_uuid()), "content_not_found"),
            ("nonsense", "content_not_found"),
        ):
            assert refused(await shelf.bob.put(f"/social/likes/{content_id}")) == (404, code)
            answer = await shelf.bob.put(f"/social/ratings/{content_id}", json={"rating": 3})
            assert refused(answer) == (404, code)
        for rating in (-1, 6, "five", None):
            answer = await shelf.bob.put(f"/social/ratings/{shelf.album['id']}", json={"rating": rating})
            assert pointers(answer) == {"/rating"}
    assert (await shelf.ada.put(f"/social/likes/{draft['id']}")).status_code == 204


async def test_ten_at_once_are_counted_exactly(shelf: Shelf, make: Maker, house: House) -> None:
    people = [await make.person() for _ in range(5)]
    track, album = shelf.tracks[0]["id"], shelf.album["id"]
    answers = await asyncio.gather(
        *(person.put(f"/social/likes/{track}") for person in people for _ in range(2)),
        *(person.put(f"/social/ratings/{album}", json={"rating": 3}) for person in people for _ in range(2)),
    )
    assert {answer.status_code for answer in answers} <= {200, 204}
    found = await marks(shelf.bob, track, album)
    assert (found[0]["likes"], found[1]["raters"], found[1]["average"]) == (5, 5, 3.0)
    assert await facts(house.db, "social.liked") == 5


async def test_nobody_sees_who_likes(shelf: Shelf, house: House) -> None:
    await shelf.bob.put(f"/social/likes/{shelf.album['id']}")
    await shelf.bob.put(f"/social/ratings/{shelf.album['id']}", json={"rating": 1})
    for table in ("likes", "ratings"):
        query = f"SELECT count(*) FROM social.{table}"
        async with house.db.unit(parse(Kind.USER, shelf.ada.id)) as uow:
            assert (await uow.conn.exec_driver_sql(query)).scalar_one() == 0
        async with house.db.read() as conn:
            assert (await conn.exec_driver_sql(query)).scalar_one() == 0
        async with house.db.unit(parse(Kind.USER, shelf.bob.id)) as uow:
            assert (await uow.conn.exec_driver_sql(query)).scalar_one() == 1


async def test_what_is_deleted_is_forgotten(shelf: Shelf, make: Maker, house: House) -> None:
    track = shelf.tracks[0]["id"]
    await shelf.bob.put(f"/social/likes/{track}")
    await shelf.bob.put(f"/social/ratings/{track}", json={"rating": 1})
    assert (await shelf.ada.delete(f"/content/{track}")).status_code == 204
    listed = (await shelf.bob.get("/social/likes")).json()["items"]
    assert [(item["id"], item["track"]) for item in listed] == [(track, None)]
    await make.settle()
    assert (await shelf.bob.get("/social/likes")).json()["items"] == []
    assert await rows(house.db, "SELECT likes, raters, rating_sum, average FROM social.work_stats") == [(0, 0, 0, None)]


async def test_the_best_rated_albums_come_first(shelf: Shelf, make: Maker, house: House) -> None:
    others = [await make.album(shelf.ada, shelf.artist, f"Other {number}") for number in range(2)]
    for album in others:
        await shelf.ada.put(f"/social/ratings/{album['id']}", json={"rating": 4})
    await shelf.ada.put(f"/social/ratings/{shelf.album['id']}", json={"rating": 4})
    await shelf.bob.put(f"/social/ratings/{shelf.album['id']}", json={"rating": 4})
    await shelf.ada.put(f"/social/ratings/{others[1]['id']}", json={"rating": 5})
    async with house.db.read() as conn:
        found = await social.highest_rated_albums(conn, 10)
        assert [out(Kind.ALBUM, one) for one in found] == [others[1]["id"], shelf.album["id"], others[0]["id"]]
        assert await social.highest_rated_albums(conn, 1, 1) == found[1:2]


async def test_guests_have_no_likes(http: httpx.AsyncClient, shelf: Shelf, house: House) -> None:
    async with unchanged(house.db):
        answer = await http.put(f"/api/v1/social/likes/{shelf.album['id']}")
        assert refused(answer) == (401, "unauthenticated")
        assert refused(await http.get("/api/v1/social/likes")) == (401, "unauthenticated")
