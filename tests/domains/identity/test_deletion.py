"""Leaving for good: closed at once, taken back for a while, then found nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import deletion
from antiphon.domains.identity.api import letters as letters_api
from antiphon.domains.media.jobs import MediaJobs
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from antiphon.kit.relay import Relay
from tests.support.answers import facts, refused, rows, unchanged
from tests.support.archives import exported, heard, with_everything
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good
from tests.support.traces import tables_with

Settle = Callable[[], Awaitable[None]]
GRACE = timedelta(days=14)


async def leaves(person: Person) -> dict[str, Any]:
    answer = await person.delete("/users/me")
    assert answer.status_code == 202, answer.text
    left: dict[str, Any] = answer.json()
    return left


async def sign_in(person: Person) -> httpx.Response:
    login = {"email": person.email, "password": person.password}
    return await person.http.post("/api/v1/auth/login", json=login)


async def renewed(person: Person) -> None:
    person.tokens = good(await sign_in(person))["tokens"]


async def as_admin(house: House, person: Person) -> None:
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    await renewed(person)


async def letter_link(house: House, purpose: str) -> str:
    """The token that the letter of that purpose carries, minted as the mailer mints it."""
    (row,) = await rows(house.db, "SELECT id FROM identity.letters WHERE purpose = :purpose", purpose=purpose)
    async with house.db.system() as uow:
        letter = await letters_api.letter(uow, row.id, "http://localhost:8420")
    assert letter is not None
    assert letter.link is not None
    return letter.link.rpartition("=")[2]


async def erased(house: House, settle: Settle, clock: FrozenClock) -> None:
    """The grace is over, and everything that is due is done, the collection of bytes too."""
    clock.move(GRACE + timedelta(seconds=1))
    await deletion.erase_due(house.db)
    await settle()
    clock.move(timedelta(hours=2))
    await MediaJobs(house.db, house.media).collect()


async def test_an_account_closes_at_once(make: Maker, settle: Settle, house: House, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, ada)
    other = good(await sign_in(ada))["tokens"]
    left = await leaves(ada)
    assert left["erased_at"].startswith((clock.now() + GRACE).isoformat()[:19])
    await settle()
    for token in (ada.tokens["access_token"], other["access_token"]):
        answer = await ada.http.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"})
        assert refused(answer) == (401, "unauthenticated")
    again = await ada.http.post("/api/v1/auth/refresh", json={"refresh_token": other["refresh_token"]})
    assert refused(again) == (401, "invalid_refresh_token")
    assert refused(await bob.get(f"/users/{ada.id}")) == (404, "not_found")
    assert refused(await bob.get(f"/artists/{works['artist']['id']}")) == (404, "artist_not_found")
    assert refused(await bob.get(f"/albums/{works['album']['id']}")) == (404, "album_not_found")
    assert refused(await bob.get(f"/content/{works['track']['id']}")) == (404, "content_not_found")
    assert good(await bob.get("/search?q=song"))["tracks"] == []


async def test_it_comes_back_as_it_was_by_the_letters_link(make: Maker, settle: Settle, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, ada)
    before = (await bob.get(f"/content/{works['track']['id']}")).json()
    draft = await make.track(ada, works["artist"], published=False, title="Draft")
    await leaves(ada)
    token = await letter_link(house, "deletion_asked")
    await settle()
    assert (await bob.http.post("/api/v1/auth/deletion/cancel", json={"token": token})).status_code == 204
    await settle()
    assert (await bob.get(f"/content/{works['track']['id']}")).json() == before
    assert good(await bob.get(f"/albums/{works['album']['id']}"))["published"]
    assert good(await bob.get(f"/artists/{works['artist']['id']}"))["name"] == "The Choir"
    assert refused(await bob.get(f"/content/{draft['id']}")) == (404, "content_not_found")
    await renewed(ada)
    assert good(await ada.get("/users/me"))["handle"] == ada.handle
    once = await bob.http.post("/api/v1/auth/deletion/cancel", json={"token": token})
    assert refused(once) == (410, "invalid_link")


async def test_signing_in_offers_the_way_back(make: Maker, settle: Settle, clock: FrozenClock) -> None:
    ada = await make.person()
    await leaves(ada)
    answer = await sign_in(ada)
    assert refused(answer) == (403, "account_closing")
    assert answer.headers["cache-control"] == "no-store"
    ticket = answer.json()["ticket"]
    cancel = "/api/v1/auth/deletion/cancel"
    forged = ticket[:-1] + ("A" if ticket[-1] != "A" else "B")
    assert refused(await ada.http.post(cancel, json={"token": forged})) == (410, "invalid_link")
    assert (await ada.http.post(cancel, json={"token": ticket})).status_code == 204
    await renewed(ada)
    await leaves(ada)
    clock.move(timedelta(seconds=1))
    late = (await sign_in(ada)).json()["ticket"]
    clock.move(timedelta(minutes=31))
    assert refused(await ada.http.post(cancel, json={"token": late})) == (410, "invalid_link")


async def test_a_wrong_password_learns_nothing_of_it(make: Maker) -> None:
    ada = await make.person()
    await leaves(ada)
    answer = await ada.http.post("/api/v1/auth/login", json={"email": ada.email, "password": "wrong horse"})
    assert refused(answer) == (401, "bad_credentials")


async def test_an_old_ticket_does_not_take_a_new_deletion_back(make: Maker, clock: FrozenClock) -> None:
    ada = await make.person()
    await leaves(ada)
    ticket = (await sign_in(ada)).json()["ticket"]
    assert (await ada.http.post("/api/v1/auth/deletion/cancel", json={"token": ticket})).status_code == 204
    clock.move(timedelta(minutes=1))
    await renewed(ada)
    await leaves(ada)
    again = await ada.http.post("/api/v1/auth/deletion/cancel", json={"token": ticket})
    assert refused(again) == (410, "invalid_link")


async def test_an_old_sign_in_is_not_enough(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    clock.move(timedelta(minutes=11))
    async with unchanged(house.db, "identity"):
        assert refused(await ada.delete("/users/me")) == (403, "step_up_needed")


async def test_somebody_has_to_run_the_place(make: Maker, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    await as_admin(house, ada)
    async with unchanged(house.db, "identity"):
        assert refused(await ada.delete("/users/me")) == (409, "last_administrator")
    await as_admin(house, bob)
    results = await asyncio.gather(ada.delete("/users/me"), bob.delete("/users/me"))
    assert sorted(answer.status_code for answer in results) == [202, 409]


async def test_there_is_no_way_back_once_it_has_begun(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    await leaves(ada)
    token = await letter_link(house, "deletion_asked")
    clock.move(GRACE + timedelta(seconds=1))
    ticket = (await sign_in(ada)).json()["ticket"]
    await deletion.erase_due(house.db)
    async with unchanged(house.db, "identity"):
        for one in (token, ticket):
            answer = await ada.http.post("/api/v1/auth/deletion/cancel", json={"token": one})
            assert refused(answer) == (410, "invalid_link")


async def test_what_others_manage_too_stays_with_them(
    make: Maker, house: House, settle: Settle, clock: FrozenClock
) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, ada)
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql(
            "INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since) "
            f"VALUES ('{parse(Kind.ARTIST, works['artist']['id'])}', '{parse(Kind.USER, bob.id)}', 'manager', now())"
        )
    await leaves(ada)
    await settle()
    assert good(await bob.get(f"/artists/{works['artist']['id']}"))["editable"]
    await erased(house, settle, clock)
    await renewed(bob)
    artist = good(await bob.get(f"/artists/{works['artist']['id']}"))
    assert artist["editable"]
    assert ada.id not in str(artist)
    (picture, *_) = artist["image"]["sizes"].values()
    assert (await bob.http.get(picture)).status_code == 200
    track = good(await bob.get(f"/content/{works['track']['id']}"))
    assert track["published"]
    stream = good(await bob.get(f"/stream/{track['id']}"))
    assert (await bob.http.get(stream["progressive"][0]["url"])).status_code == 200
    assert good(await bob.get("/uploads/quota"))["used_bytes"] == len(works["audio"])
    assert await tables_with(house.db, {"id": ada.id, "uuid": str(parse(Kind.USER, ada.id))}) == []


async def test_plays_stay_counted(make: Maker, house: House, settle: Settle, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, ada)
    await heard(bob, works["track"], clock)
    await renewed(bob)
    await leaves(bob)
    await erased(house, settle, clock)
    await renewed(ada)
    assert good(await ada.get(f"/content/{works['track']['id']}"))["stats"]["plays"] == 1
    assert [row.user_id for row in await rows(house.db, "SELECT user_id FROM playback.plays")] == [None]


async def test_erasing_can_fall_over_anywhere_and_goes_on(
    make: Maker, house: House, settle: Settle, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    await exported(ada, settle)
    await leaves(ada)
    clock.move(GRACE + timedelta(seconds=1))
    await deletion.erase_due(house.db)
    await deletion.erase_due(house.db)  # begun once
    assert await facts(house.db, "identity.user_erased") == 1
    user = parse(Kind.USER, ada.id)
    await deletion.finish_erasure(house.db, house.identity, user)  # too early: nobody has let go yet
    assert await rows(house.db, "SELECT 1 FROM identity.users WHERE id = :user", user=user)

    async def falls(key: str) -> None:
        raise OSError(key)

    monkeypatch.setattr(house.media.objects, "delete", falls)
    await _until_let_go(house)
    with pytest.raises(OSError, match="exports/"):
        await deletion.finish_erasure(house.db, house.identity, user)
    monkeypatch.undo()
    await deletion.finish_erasure(house.db, house.identity, user)
    await deletion.finish_erasure(house.db, house.identity, user)  # twice is once
    assert await rows(house.db, "SELECT 1 FROM identity.users WHERE id = :user", user=user) == []
    assert [one async for one in house.media.objects.list("exports/")] == []


async def _until_let_go(house: House) -> None:

    relay = Relay(house.db, house.handlers)
    while await relay.work_once():
        pass


async def test_sockets_of_who_leaves_are_told(make: Maker, house: House) -> None:
    ada = await make.person()
    told: list[Any] = []
    house.hub.watch(identity.STANDING_TOPIC, told.append)
    await leaves(ada)
    assert {(message.event, message.data["user_id"]) for message in told} == {
        ("session_ended", ada.id),
        ("shut", ada.id),
    }


async def test_the_last_letter_says_that_all_is_gone_and_is_not_kept(
    make: Maker, house: House, settle: Settle, clock: FrozenClock
) -> None:
    ada = await make.person()
    await leaves(ada)
    await settle()
    clock.move(GRACE + timedelta(seconds=1))
    await deletion.erase_due(house.db)
    await settle()
    assert await rows(house.db, "SELECT 1 FROM identity.letters WHERE purpose = 'deleted'") == []
