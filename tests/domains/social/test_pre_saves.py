"""Albums that are announced, and liked by who waited for them as soon as they are out; by a simulated clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest_asyncio

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.entry.subsonic.conftest import app_of
from tests.support.answers import facts, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good


@dataclass
class Plan:
    """An artist's album that is planned for two minutes from now."""

    ada: Person
    artist: dict[str, Any]
    album: dict[str, Any]
    house: House
    clock: FrozenClock
    make: Maker

    @property
    def path(self) -> str:
        return f"/albums/{self.album['id']}/announcement"

    async def plan(self, minutes: int = 2) -> dict[str, Any]:
        at = (self.clock.now() + timedelta(minutes=minutes)).isoformat()
        planned: dict[str, Any] = good(
            await self.ada.put(f"/content/{self.album['id']}/schedule", json={"publish_at": at})
        )
        return planned

    async def announce(self) -> None:
        assert good(await self.ada.put(self.path))["announced"]

    async def pass_time(self, minutes: int) -> None:
        """What the house does by itself meanwhile, all of it twice at once, and again."""
        self.clock.move(timedelta(minutes=minutes))
        for job in 2 * ("catalog.publish_due", "social.keep_pre_saved"):
            await asyncio.gather(*(self.house.jobs.spec(job).run() for _ in range(2)))
            await self.make.settle()


async def saves(person: Person) -> list[tuple[str, bool]]:
    page = good(await person.get("/social/pre-saves"))
    return [(one["id"], one["announcement"] is not None) for one in page["items"]]


async def liked(person: Person) -> list[str]:
    return [one["id"] for one in good(await person.get("/social/likes", params={"kind": "album"}))["items"]]


@pytest_asyncio.fixture
async def plan(make: Maker, house: House, clock: FrozenClock) -> Plan:
    ada = await make.person()
    artist = await make.artist(ada, "Choir")
    album = await make.album(ada, artist, "Soon")
    for number, title in enumerate(("First", "Second"), 1):
        track = await make.track(ada, artist, published=False, album_id=album["id"], title=title)
        good(await ada.put(f"/content/{track['id']}", json={"track_number": number}))
    return Plan(ada, artist, album, house, clock, make)


async def test_everybody_reads_what_is_announced_and_nobody_else_sees_it(plan: Plan, http: httpx.AsyncClient) -> None:
    eve = await plan.make.person()
    assert refused(await plan.ada.put(plan.path)) == (409, "not_planned")
    planned = await plan.plan()
    assert not planned["announced"], "a planned album stays out of sight"
    assert refused(await http.get(f"/api/v1{plan.path}")) == (404, "not_announced")
    assert refused(await eve.put(plan.path)) == (404, "album_not_found")
    await plan.announce()
    shown = good(await http.get(f"/api/v1{plan.path}"))
    assert (shown["title"], shown["artist"]["name"], shown["release_at"]) == ("Soon", "Choir", planned["publish_at"])
    assert [track["title"] for track in shown["tracks"]] == ["First", "Second"]
    assert set(shown["tracks"][0]) == {"title", "version_title", "disc_number", "track_number", "explicit"}
    assert good(await http.get(f"/api/v1/artists/{plan.artist['id']}/announcements")) == [shown]
    assert refused(await http.get(f"/api/v1/albums/{plan.album['id']}")) == (404, "album_not_found")
    for path in ("/albums", f"/albums?artist_id={plan.artist['id']}", "/tracks"):
        assert good(await http.get(f"/api/v1{path}"))["items"] == []
    app = await app_of(eve)
    assert (await app.get("getAlbum", id=plan.album["id"])).json()["subsonic-response"]["error"]["code"] == 70
    assert (await app.ask("getAlbumList2", type="newest"))["albumList2"]["album"] == []
    assert (await app.ask("search3", query="soon"))["searchResult3"]["album"] == []
    assert good(await plan.ada.delete(plan.path))["announced"] is False
    assert refused(await http.get(f"/api/v1{plan.path}")) == (404, "not_announced")
    await plan.announce()
    good(await plan.ada.delete(f"/content/{plan.album['id']}/schedule"))
    await plan.plan()
    assert refused(await http.get(f"/api/v1{plan.path}")) == (404, "not_announced"), "a new plan is not announced"


async def test_it_is_liked_once_as_soon_as_it_is_out(plan: Plan, house: House) -> None:
    fan, early, regrets, album = (
        await plan.make.person(),
        await plan.make.person(),
        await plan.make.person(),
        plan.album,
    )
    await plan.plan()
    assert refused(await fan.put(f"/social/pre-saves/{album['id']}")) == (404, "not_announced")
    assert await saves(fan) == [], "what was refused left nothing"
    await plan.announce()
    for person in (fan, early, regrets):
        assert (await person.put(f"/social/pre-saves/{album['id']}")).status_code == 204
    async with unchanged(house.db):
        assert (await fan.put(f"/social/pre-saves/{album['id']}")).status_code == 204
    assert (await regrets.delete(f"/social/pre-saves/{album['id']}")).status_code == 204
    assert (await saves(fan), await saves(regrets)) == ([(album["id"], True)], [])
    count = f"/social/pre-saves/{album['id']}/count"
    assert good(await plan.ada.get(count)) == {"count": 2}
    assert refused(await fan.get(count)) == (404, "album_not_found")
    await plan.plan(4)
    await plan.pass_time(3)
    assert (await saves(fan), await liked(fan)) == ([(album["id"], True)], []), "moved: it waits"
    await plan.pass_time(2)
    for person in (fan, early):
        assert (await saves(person), await liked(person)) == ([], [album["id"]])
    assert (await liked(regrets), await facts(house.db, "social.liked")) == ([], 2)
    assert refused(await fan.put(f"/social/pre-saves/{album['id']}")) == (404, "not_announced")
    assert (await fan.delete(f"/social/likes/{album['id']}")).status_code == 204
    await plan.pass_time(1)
    assert await liked(fan) == [], "what was taken back is not given again"


async def test_nothing_is_liked_of_what_does_not_come_out(plan: Plan, http: httpx.AsyncClient, house: House) -> None:
    fan, mo, album = await plan.make.person(), await plan.make.person(), plan.album
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, mo.id), "moderator")
    renewed = await mo.http.post("/api/v1/auth/refresh", json={"refresh_token": mo.tokens["refresh_token"]})
    mo.tokens = good(renewed)["tokens"]
    await plan.plan()
    await plan.announce()
    assert (await fan.put(f"/social/pre-saves/{album['id']}")).status_code == 204
    good(await plan.ada.delete(f"/content/{album['id']}/schedule"))
    await plan.pass_time(3)
    assert (await saves(fan), await liked(fan)) == ([(album["id"], False)], []), "called off"
    await plan.plan()
    await plan.announce()
    assert await saves(fan) == [(album["id"], True)], "announced again"
    assert (await mo.post(f"/content/{album['id']}/take-down", json={"reason": "Not theirs"})).status_code == 204
    assert refused(await http.get(f"/api/v1{plan.path}")) == (404, "not_announced")
    await plan.pass_time(3)
    assert (await saves(fan), await liked(fan)) == ([(album["id"], False)], []), "taken down"
    assert (await mo.post(f"/content/{album['id']}/restore")).status_code == 204
    good(await plan.ada.post(f"/albums/{album['id']}/publish"))
    await plan.pass_time(0)
    assert await liked(fan) == [album["id"]], "it came out after all"
    assert (await plan.ada.delete(f"/albums/{album['id']}")).status_code == 204
    await plan.make.settle()
    assert await liked(fan) == []


async def test_whoever_waited_for_two_that_are_one_now_likes_that(plan: Plan, house: House) -> None:
    fan, both, album = await plan.make.person(), await plan.make.person(), plan.album
    await plan.plan()
    await plan.announce()
    out = await plan.make.album(plan.ada, plan.artist, "Out")
    await plan.make.track(plan.ada, plan.artist, album_id=out["id"])
    good(await plan.ada.post(f"/albums/{out['id']}/publish"))
    for person in (fan, both):
        assert (await person.put(f"/social/pre-saves/{album['id']}")).status_code == 204
    assert (await both.put(f"/social/likes/{out['id']}")).status_code == 204
    merged = await plan.ada.post(f"/albums/{album['id']}/merge", json={"into": out["id"]})
    assert merged.status_code < 300, merged.text
    await plan.make.settle()
    await house.jobs.spec("social.keep_pre_saved").run()
    for person in (fan, both):
        assert (await saves(person), await liked(person)) == ([], [out["id"]])
    assert (await fan.get(plan.path)).status_code == 308
    assert await rows(house.db, "SELECT work_id FROM social.pre_saves") == []
