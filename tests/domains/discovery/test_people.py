"""People in the search box: those who show their profile, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import tantivy
from sqlalchemy import text

from antiphon.adapters.search.schema import LETTERS, schema
from antiphon.domains.discovery.indexer import Indexer
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good

API = "/api/v1"


async def find(http: httpx.AsyncClient, q: str) -> list[str]:
    """Handles. What is counted is what is shown."""
    answer = good(await http.get(f"{API}/search", params={"q": q, "type": "person", "facets": True}))
    assert answer["totals"]["person"] == len(answer["people"])
    return [person["handle"] for person in answer["people"]]


async def shown(http: httpx.AsyncClient, q: str) -> list[dict[str, Any]]:
    """The same by those who only read: the index may be behind, or not know of a day that came."""
    people: list[dict[str, Any]] = good(await http.get(f"{API}/search", params={"q": q}))["people"]
    return people


async def change(house: House, person: Person, to: str, **values: Any) -> None:
    async with house.db.system() as uow:
        statement = text(f"UPDATE identity.users SET {to} WHERE id = :id")
        await uow.conn.execute(statement, {"id": parse(Kind.USER, person.id), **values})


async def test_people_are_found_by_either_name(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    grace = await make.person(handle="amazing.grace", display_name="Grace Hopper")
    await make.person(handle="lovelace", display_name="Ada King")
    await make.settle()
    for q in ("Grace Hopper", "hopper", "grace hop", "amazing.grace", "@amazing.grace", "amazing", "Graec Hoper"):
        assert await find(http, q) == ["amazing.grace"], q
    [person] = await shown(http, "hopper")
    assert person == {
        "id": grace.id,
        "handle": "amazing.grace",
        "display_name": "Grace Hopper",
        "avatar": None,
        "verified": False,
    }
    for secret in (grace.email, "example.org", grace.id):
        assert "amazing.grace" not in await find(http, secret), secret
    suggested = (await http.get(f"{API}/search/suggest", params={"q": "grace ho"})).json()
    assert suggested == [{"text": "Grace Hopper", "kind": "person", "id": grace.id, "detail": "@amazing.grace"}]
    good(await grace.put("/users/me", json={"display_name": "Rear Admiral"}))
    await make.settle()
    assert (await find(http, "hopper"), await find(http, "admiral")) == ([], ["amazing.grace"])
    indexer = Indexer(house.db, house.finder.index)
    assert await indexer.take()
    await indexer.rebuild()
    await indexer.let_go()
    assert (await find(http, "admiral"), await find(http, "lovelace")) == (["amazing.grace"], ["lovelace"])


async def test_a_name_that_is_gone_leaves_the_files_of_the_index_within_a_day(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    await make.person(handle="ada", display_name="Ada King")
    grace = await make.person(handle="grace", display_name="Grace Hopper")
    for _ in range(2):  # the index is made, and then reads what was noted before
        await make.settle()
    begun = house.finder.index.begun()
    clock.move(timedelta(days=1, minutes=1))
    await _forget(house)  # nothing is gone
    assert house.finder.index.begun() == begun
    await change(house, grace, "private = true")
    await make.settle()
    assert _lies(house, "hopper")
    clock.move(-timedelta(minutes=2))
    await _forget(house)  # not yet
    assert _lies(house, "hopper")
    clock.move(timedelta(minutes=2))
    await _forget(house)
    assert house.finder.index.begun() != begun
    assert not _lies(house, "hopper")
    assert await find(http, "king") == ["ada"]


async def _forget(house: House) -> None:
    indexer = Indexer(house.db, house.finder.index)
    assert await indexer.take()
    try:
        await indexer.forget_names()
    finally:
        await indexer.let_go()


def _lies(house: House, word: str) -> bool:
    """Whether the files of the index have it, found or not."""
    current = house.settings.home / "search" / (house.finder.index.begun() or "")
    index = tantivy.Index(schema(), path=str(current))
    index.reload()
    return bool(index.searcher().doc_freq("any", f"{LETTERS['person']}{word}"))


async def test_who_goes_out_of_sight_is_found_no_more(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    grace = await make.person(handle="grace", display_name="Grace Hopper")
    await make.settle()
    at = clock.now()
    for gone, back, values in (
        ("private = true", "private = false", {}),
        ("suspended_at = :at, suspended_for = 'spam'", "suspended_at = NULL, suspended_for = NULL", {"at": at}),
        ("closes_at = :at", "closes_at = NULL", {"at": at + timedelta(days=14)}),
    ):
        await change(house, grace, gone, **values)
        assert await shown(http, "hopper") == []  # before the index knows
        await make.settle()
        assert await find(http, "hopper") == [], gone
        await change(house, grace, back)
        await make.settle()
        assert await find(http, "hopper") == ["grace"], back
    for_an_hour = "suspended_at = :at, suspended_until = :until, suspended_for = 'spam'"
    await change(house, grace, for_an_hour, at=at, until=at + timedelta(hours=1))
    await make.settle()
    assert await shown(http, "hopper") == []
    assert (await http.get(f"{API}/search/suggest", params={"q": "grace"})).json() == []
    clock.move(timedelta(hours=2))  # over, and no row told of it
    assert await find(http, "hopper") == ["grace"]
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM identity.users WHERE handle = 'grace'"))
    await make.settle()
    assert await find(http, "hopper") == []
