"""Links that show works to whoever has them, and play them, and open nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.domains.catalog.api.libraries import LibraryAccess, set_library_access
from antiphon.entry.application import create_app
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person
from tests.support.shelf import Shelf as ShelfOf


class Shelf:
    album: dict[str, Any]
    artist: dict[str, Any]
    track: dict[str, Any]
    draft: dict[str, Any]
    ada: Person
    bob: Person


@pytest.fixture
async def shelf(make: Maker) -> Shelf:
    made = Shelf()
    made.ada, made.bob = await make.person(), await make.person()
    made.artist = await make.artist(made.ada)
    made.album = await make.album(made.ada, made.artist)
    made.track = await make.track(made.ada, made.artist, album_id=made.album["id"])
    made.draft = await make.track(made.ada, made.artist, published=False)
    await made.ada.post(f"/content/{made.album['id']}/publish")
    return made


async def share(person: Person, *ids: str, **more: Any) -> dict[str, Any]:
    answer = await person.post("/social/shares", json={"content_ids": list(ids), **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_link_shows_its_works_to_a_guest(shelf: Shelf, http: httpx.AsyncClient, house: House) -> None:
    made = await share(shelf.bob, shelf.track["id"], shelf.album["id"], shelf.artist["id"], description="Hear this")
    assert made["url"] == f"{house.settings.site_url.rstrip('/')}/share/{made['id']}"
    opened = await http.get(f"/api/v1/social/shares/{made['id']}")
    assert opened.status_code == 200
    assert opened.headers["cache-control"] == "no-store"
    body = opened.json()
    assert (body["description"], body["shared_by"]) == ("Hear this", made["shared_by"])
    found = [next(work["id"] for work in entry.values() if work) for entry in body["works"]]
    assert found == [shelf.track["id"], shelf.album["id"], shelf.artist["id"]]
    assert "url" not in body
    assert "visits" not in body
    assert await facts(house.db, "social.shared") == 1


async def test_visits_of_others_are_counted(shelf: Shelf, http: httpx.AsyncClient, clock: FrozenClock) -> None:
    made = await share(shelf.bob, shelf.track["id"])
    clock.move(timedelta(minutes=1))
    for visitor in (http, http):
        await visitor.get(f"/api/v1/social/shares/{made['id']}")
    await shelf.ada.get(f"/social/shares/{made['id']}")
    await shelf.bob.get(f"/social/shares/{made['id']}")
    found = (await shelf.bob.get("/social/shares")).json()[0]
    assert found["visits"] == 3
    assert found["last_visited_at"] is not None


async def test_a_link_shows_no_draft(shelf: Shelf, http: httpx.AsyncClient) -> None:
    made = await share(shelf.ada, shelf.draft["id"], shelf.track["id"])
    assert len(made["works"]) == 2
    opened = (await http.get(f"/api/v1/social/shares/{made['id']}")).json()
    assert [work["track"]["id"] for work in opened["works"]] == [shelf.track["id"]]
    assert [track["id"] for track in opened["tracks"]] == [shelf.track["id"]]
    assert opened["tracks"][0]["editable"] is False
    heard = await http.get(f"/api/v1/social/shares/{made['id']}/stream/{shelf.draft['id']}")
    assert refused(heard) == (404, "content_not_found")


async def test_a_link_plays_what_its_owner_hears(
    make: Maker, http: httpx.AsyncClient, house: House, tmp_path: Path
) -> None:
    """Out of a library that only they may hear, for as long as they may, and nothing beside it."""
    ada = await make.person()
    shelf = await ShelfOf.put_up(house.db, tmp_path / "music", access="chosen")
    song, other = await shelf.add("a.flac", data=b"sound"), await shelf.add("b.flac", data=b"more")
    async with house.db.system() as uow:
        await set_library_access(uow, shelf.library, LibraryAccess([ada.id]))
    made = await share(ada, song.album_id)
    opened = (await http.get(f"/api/v1/social/shares/{made['id']}")).json()
    assert [track["id"] for track in opened["tracks"]] == [song.id]
    heard = (await http.get(f"/api/v1/social/shares/{made['id']}/stream/{song.id}")).json()
    original = next(one for one in heard["progressive"] if one["quality"] == "original")
    assert (await http.get(original["url"])).content == b"sound"
    for wanted in (other.id, "nonsense", song.album_id):
        assert (await http.get(f"/api/v1/social/shares/{made['id']}/stream/{wanted}")).status_code == 404
    assert (await http.get(f"/api/v1/stream/{song.id}")).status_code == 404
    async with house.db.system() as uow:
        await set_library_access(uow, shelf.library, LibraryAccess([]))
    opened = (await http.get(f"/api/v1/social/shares/{made['id']}")).json()
    assert (opened["works"], opened["tracks"]) == ([], [])
    assert (await http.get(f"/api/v1/social/shares/{made['id']}/stream/{song.id}")).status_code == 404


async def test_a_playlist_is_shared_as_it_is(shelf: Shelf, http: httpx.AsyncClient) -> None:
    made = (await shelf.bob.post("/playlists", json={"name": "Mine", "track_ids": [shelf.track["id"]]})).json()
    empty = (await shelf.bob.post("/playlists", json={"name": "Empty", "track_ids": []})).json()
    link = await share(shelf.bob, made["id"], shelf.artist["id"])
    opened = (await http.get(f"/api/v1/social/shares/{link['id']}")).json()
    assert [track["id"] for track in opened["tracks"]] == [shelf.track["id"]]
    answer = await shelf.bob.post("/social/shares", json={"content_ids": [empty["id"]]})
    assert pointers(answer) == {"/content_ids"}
    assert refused(await shelf.ada.post("/social/shares", json={"content_ids": [made["id"]]}))[0] == 404


async def test_the_page_of_a_link_says_what_it_shows(
    shelf: Shelf, house: House, tmp_path: Path, clock: FrozenClock
) -> None:
    """To programs that show previews, and to frames of other sites; HEAD answers too. Looking is no visit."""
    (tmp_path / "index.html").write_text("<!doctype html><html><head><title>Antiphon</title></head></html>")
    ends = (clock.now() + timedelta(minutes=5)).isoformat()
    made = await share(shelf.bob, shelf.track["id"], description='"Hear" <this>', expires_at=ends)
    transport = httpx.ASGITransport(app=create_app(house, client=tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
        page = await http.get(f"/share/{made['id']}")
        title = f"{shelf.track['title']} · {shelf.artist['name']}"
        assert f'<meta property="og:title" content="{title}">' in page.text
        assert '<meta property="og:description" content="&quot;Hear&quot; &lt;this&gt;">' in page.text
        assert f'<meta property="og:url" content="{made["url"]}">' in page.text
        assert "frame-ancestors *" in page.headers["content-security-policy"]
        assert (await http.head(f"/share/{made['id']}")).status_code == 200
        assert "frame-ancestors 'none'" in (await http.get("/")).headers["content-security-policy"]
        clock.move(timedelta(minutes=5))
        for gone in (made["id"], "nonsense", out(Kind.SHARE, new_uuid())):
            assert "og:title" not in (await http.get(f"/share/{gone}")).text
    assert (await shelf.bob.get("/social/shares")).json()[0]["visits"] == 0


async def test_a_link_ends(shelf: Shelf, http: httpx.AsyncClient, clock: FrozenClock, house: House) -> None:
    ends = (clock.now() + timedelta(minutes=5)).isoformat()
    made = await share(shelf.bob, shelf.track["id"], expires_at=ends)
    assert (await http.get(f"/api/v1/social/shares/{made['id']}")).status_code == 200
    clock.move(timedelta(minutes=5))
    async with unchanged(house.db):
        assert refused(await http.get(f"/api/v1/social/shares/{made['id']}")) == (410, "share_expired")
    kept = await shelf.bob.put(f"/social/shares/{made['id']}", json={"description": "Longer", "expires_at": None})
    assert (kept.json()["description"], kept.json()["expires_at"]) == ("Longer", None)
    assert (await http.get(f"/api/v1/social/shares/{made['id']}")).status_code == 200
    same = await shelf.bob.put(f"/social/shares/{made['id']}", json={})
    assert same.json()["description"] == "Longer"


async def test_only_the_owner_changes_a_link(shelf: Shelf, http: httpx.AsyncClient, house: House) -> None:
    made = await share(shelf.bob, shelf.track["id"])
    async with unchanged(house.db):
        for share_id, code in ((made["id"], "share_not_found"), (out(Kind.SHARE, new_uuid()), "share_not_found")):
            assert refused(await shelf.ada.put(f"/social/shares/{share_id}", json={})) == (404, code)
            assert refused(await shelf.ada.delete(f"/social/shares/{share_id}")) == (404, code)
        assert refused(await http.get(f"/api/v1/social/shares/{out(Kind.SHARE, new_uuid())}")) == (
            404,
            "share_not_found",
        )
        assert (await shelf.ada.get("/social/shares")).json() == []
    async with house.db.unit(parse(Kind.USER, shelf.ada.id)) as uow:
        for table in ("shares", "share_items"):
            assert (await uow.conn.exec_driver_sql(f"SELECT count(*) FROM social.{table}")).scalar_one() == 0
    assert (await shelf.bob.delete(f"/social/shares/{made['id']}")).status_code == 204
    assert refused(await http.get(f"/api/v1/social/shares/{made['id']}")) == (404, "share_not_found")
    assert await rows(house.db, "SELECT 1 FROM social.share_items") == []


async def test_what_is_not_seen_is_not_shared(shelf: Shelf, house: House) -> None:
    async with unchanged(house.db):
        for ids in ([shelf.draft["id"]], [shelf.track["id"], out(Kind.TRACK, new_uuid())], ["nonsense"]):
            answer = await shelf.bob.post("/social/shares", json={"content_ids": ids})
            assert refused(answer) == (404, "content_not_found")
        assert pointers(await shelf.bob.post("/social/shares", json={"content_ids": []})) == {"/content_ids"}


async def test_ids_of_links_are_random_throughout(shelf: Shelf, house: House) -> None:
    made = [await share(shelf.bob, shelf.track["id"]) for _ in range(8)]
    ids = [parse(Kind.SHARE, one["id"]) for one in made]
    assert {one.version for one in ids} == {4}
    key = {"Idempotency-Key": "same"}
    body = {"content_ids": [shelf.track["id"]]}
    twice = [(await shelf.bob.post("/social/shares", json=body, headers=key)).json()["id"] for _ in range(2)]
    assert len(set(twice)) == 1
