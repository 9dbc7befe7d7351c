"""Owners, managers, labels and administrators: who works on an artist, and what the database itself keeps hidden."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from antiphon.domains.catalog.store import tracks as track_store
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, unchanged
from tests.support.people import Maker, Person


async def grant(house: House, person: Person, role: str) -> None:
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), role)
    given = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await person.http.post("/api/v1/auth/refresh", json=given)).json()["tokens"]


async def test_an_owner_shares_an_artist_with_a_manager_and_a_label(make: Maker, house: House) -> None:
    ada, mana, label, eve = [await make.person() for _ in range(4)]
    await grant(house, label, "label")
    artist = await make.artist(ada)
    draft = await make.track(ada, artist, published=False)
    path = f"/artists/{artist['id']}/managers"
    async with unchanged(house.db):
        assert refused(await eve.get(path)) == (403, "not_manager")
        assert refused(await ada.put(f"{path}/{eve.id}", json={"kind": "label"})) == (409, "no_label")
    await ada.put(f"{path}/{mana.id}", json={"kind": "manager"})
    shared = (await ada.put(f"{path}/{label.id}", json={"kind": "label"})).json()
    assert [(one["user_id"], one["kind"]) for one in shared] == [
        (ada.id, "owner"),
        (mana.id, "manager"),
        (label.id, "label"),
    ]
    for person, title in ((mana, "By the manager"), (label, "By the label")):
        changed = await person.put(f"/content/{draft['id']}", json={"title": title})
        assert changed.json()["title"] == title
    async with unchanged(house.db):
        for person in (mana, label):
            share = await person.put(f"{path}/{eve.id}", json={"kind": "owner"})
            assert refused(share) == (403, "not_manager")
            assert refused(await person.delete(f"{path}/{ada.id}")) == (403, "not_manager")
    assert (await mana.delete(f"{path}/{mana.id}")).status_code == 204
    assert refused(await mana.get(f"/content/{draft['id']}")) == (404, "content_not_found")


async def test_an_artist_keeps_an_owner(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    path = f"/artists/{artist['id']}/managers"
    async with unchanged(house.db):
        assert refused(await ada.delete(f"{path}/{ada.id}")) == (409, "last_owner")
        assert refused(await ada.put(f"{path}/{ada.id}", json={"kind": "manager"})) == (409, "last_owner")
        assert refused(await eve.delete(f"{path}/{eve.id}")) == (403, "not_manager")
    await ada.put(f"{path}/{eve.id}", json={"kind": "owner"})
    assert (await ada.delete(f"{path}/{ada.id}")).status_code == 204
    assert [one["user_id"] for one in (await eve.get(path)).json()] == [eve.id]


async def test_an_administrator_changes_what_is_published_by_others(make: Maker, house: House) -> None:
    ada, admin = await make.person(), await make.person()
    await grant(house, admin, "admin")
    artist = await make.artist(ada)
    track = await make.track(ada, artist)
    changed = await admin.put(f"/content/{track['id']}", json={"title": "Put right"})
    assert changed.json()["title"] == "Put right"


async def _titles(house: House, viewer: UUID | None) -> list[str]:
    """A query whose author forgot to ask who is asking."""
    async with house.db.seen_by(viewer) as conn:
        rows = await conn.execute(text("SELECT title FROM catalog.tracks ORDER BY title"))
        return list(rows.scalars())


async def test_the_database_hides_drafts_from_a_query_that_forgets_to_ask(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    await make.track(ada, artist, title="Draft", published=False)
    await make.track(ada, artist, title="Out")
    assert await _titles(house, parse(Kind.USER, ada.id)) == ["Draft", "Out"]
    assert await _titles(house, parse(Kind.USER, eve.id)) == ["Out"]
    assert await _titles(house, None) == ["Out"]


async def test_the_database_lets_nobody_change_what_is_not_theirs(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    draft = await make.track(ada, artist, published=False)
    track_id = parse(Kind.TRACK, draft["id"])
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        assert not await track_store.publish(uow.conn, track_id, uow.clock.now())
    async with house.db.unit(parse(Kind.USER, ada.id)) as uow:
        assert await track_store.publish(uow.conn, track_id, uow.clock.now())
