"""The room where everybody of the installation talks."""

from __future__ import annotations

from datetime import timedelta

import httpx

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out
from tests.support.answers import pointers, refused, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker


async def test_everybody_hears_what_is_said(make: Maker, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    said = (await ada.post("/social/chat", json={"text": " Hello\r\nroom \x07"})).json()
    assert (said["text"], said["user_id"], said["handle"]) == ("Hello\nroom", ada.id, ada.handle)
    clock.move(timedelta(seconds=1))
    await bob.post("/social/chat", json={"text": "Hello, Ada"})
    heard = (await bob.get("/social/chat")).json()
    assert [one["text"] for one in heard] == ["Hello\nroom", "Hello, Ada"]
    later = (await bob.get("/social/chat", params={"since": said["sent_at"]})).json()
    assert [one["text"] for one in later] == ["Hello, Ada"]
    newest = (await bob.get("/social/chat", params={"limit": 1})).json()
    assert newest == later


async def test_one_takes_back_only_ones_own(make: Maker, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    said = (await ada.post("/social/chat", json={"text": "Oops"})).json()
    async with unchanged(house.db):
        assert refused(await bob.delete(f"/social/chat/{said['id']}")) == (404, "not_found")
        assert refused(await bob.delete(f"/social/chat/{out(Kind.MESSAGE, new_uuid())}")) == (404, "not_found")
    assert (await ada.delete(f"/social/chat/{said['id']}")).status_code == 204
    assert (await bob.get("/social/chat")).json() == []


async def test_nothing_is_no_message(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    async with unchanged(house.db):
        for text in ("", " \n\t", "x" * 2_001):
            assert pointers(await ada.post("/social/chat", json={"text": text})) == {"/text"}
        assert pointers(await ada.get("/social/chat", params={"since": "2030-01-01T00:00:00"})) == {"/since"}
        assert refused(await http.get("/api/v1/social/chat")) == (401, "unauthenticated")
        assert refused(await http.post("/api/v1/social/chat", json={"text": "Hi"})) == (401, "unauthenticated")
    async with house.db.read() as conn:
        assert (await conn.exec_driver_sql("SELECT count(*) FROM social.messages")).scalar_one() == 0
