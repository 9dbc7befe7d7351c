"""Likes, ratings, playlists and plays of works that another install has under other ids."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from antiphon.domains.identity.api import imports
from antiphon.domains.identity.store import archives as store
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.archives import changed, heard, records
from tests.support.clock import FrozenClock
from tests.support.installs import Install, brought, packed, taken
from tests.support.people import Maker, Person, good, plain_song

Settle = Callable[[], Awaitable[None]]
OPINIONS = """
    SELECT 'like' AS what, user_id, work_id, kind, liked_at AS at, 0 AS rating FROM social.likes
    UNION ALL SELECT 'rating', user_id, work_id, kind, rated_at, rating FROM social.ratings ORDER BY 1, 2, 3
"""


@dataclass
class Shop:
    """The same music in each install, uploaded by somebody else there."""

    artist: dict[str, Any]
    album: dict[str, Any]
    tracks: dict[str, dict[str, Any]]


async def stocked(make: Maker, keeper: Person, name: str = "The Choir", **isrcs: str) -> Shop:
    artist = await make.artist(keeper, name)
    album = await make.album(keeper, artist, "First")
    tracks = {}
    for number, title in enumerate(("Song", "Hymn", "Psalm")):
        audio = plain_song(100.0 + number)
        tracks[title] = await make.track(keeper, artist, audio=audio, title=title, album_id=album["id"])
        if title in isrcs:
            good(await keeper.put(f"/content/{tracks[title]['id']}", json={"isrc": isrcs[title]}))
    good(await keeper.post(f"/albums/{album['id']}/publish"))
    return Shop(artist, album, tracks)


async def opinions(house: House) -> list[Any]:
    return list(await rows(house.db, OPINIONS))


async def with_opinions(make: Maker, clock: FrozenClock, shop: Shop, fan: Person) -> None:
    song, hymn, psalm = (shop.tracks[title]["id"] for title in ("Song", "Hymn", "Psalm"))
    for work in (shop.artist["id"], shop.album["id"], song, hymn, psalm):
        assert (await fan.put(f"/social/likes/{work}")).status_code == 204
        clock.move(timedelta(minutes=1))
    for work, stars in ((shop.album["id"], 4), (song, 5), (psalm, 2)):
        good(await fan.put(f"/social/ratings/{work}", json={"rating": stars}))
    good(await fan.post("/playlists", json={"name": "Mine", "track_ids": [hymn, psalm, song]}))
    await heard(fan, shop.tracks["Song"], clock)


async def test_opinions_find_the_same_works_elsewhere(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    keeper, fan = await make.person(), await make.person()
    shop = await stocked(make, keeper, Hymn="DEA012600001")
    await with_opinions(make, clock, shop, fan)
    archive = await packed(fan, settle)

    owner, new = await other.make.person(), await other.make.person()
    there = await stocked(other.make, owner, "the chöir", Psalm="DEA012600001")
    for title in ("Hymn", "Psalm"):  # the number says that their Psalm is Hymn, whatever it is called
        good(await owner.put(f"/content/{there.tracks[title]['id']}", json={"title": f"Another {title}"}))
    report = await taken(new, archive, other.settle)
    assert report["taken"] | {"likes": 4, "ratings": 2, "playlists": 1, "plays": 1} == report["taken"], report
    left = {(one["name"], one["reason"], one["label"]) for one in report["leftovers"]}
    assert left == {(name, "work_not_here", "The Choir - Psalm") for name in ("playlist_tracks", "likes", "ratings")}

    after = await opinions(other.house)
    ids = {
        parse(kind, work["id"])
        for kind, work in (
            (Kind.ARTIST, there.artist),
            (Kind.ALBUM, there.album),
            (Kind.TRACK, there.tracks["Song"]),
            (Kind.TRACK, there.tracks["Psalm"]),
        )
    }
    assert {row.work_id for row in after if row.what == "like"} == ids
    assert {row.user_id for row in after} == {parse(Kind.USER, new.id)}
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        times = sorted(one["liked_at"] for one in records(old, "likes"))[:4]
    assert sorted(row.at.isoformat().replace("+00:00", "Z") for row in after if row.what == "like") == times
    (mine,) = (await new.get("/playlists?mine=true")).json()["items"]
    entries = good(await new.get(f"/playlists/{mine['id']}"))
    assert entries["track_count"] == 2, entries

    again = await taken(new, archive, other.settle)
    assert (again["taken"], again["left"]) == ({}, 3)
    assert await opinions(other.house) == after


async def test_what_may_be_several_is_none_and_is_named(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    keeper, fan = await make.person(), await make.person()
    await with_opinions(make, clock, await stocked(make, keeper), fan)
    archive = await packed(fan, settle)
    owner, new = await other.make.person(), await other.make.person()
    await stocked(other.make, owner)
    await stocked(other.make, owner)
    report = await taken(new, archive, other.settle)
    assert await opinions(other.house) == []
    likes = {(one["reason"], one["label"]) for one in report["leftovers"] if one["name"] == "likes"}
    assert likes == {
        ("work_ambiguous", label)
        for label in ("The Choir", *(f"The Choir - {title}" for title in ("First", "Song", "Hymn", "Psalm")))
    }


async def test_drafts_of_others_are_not_found(make: Maker, settle: Settle, other: Install, clock: FrozenClock) -> None:
    keeper, fan = await make.person(), await make.person()
    await with_opinions(make, clock, await stocked(make, keeper), fan)
    archive = await packed(fan, settle)
    owner, new = await other.make.person(), await other.make.person()
    there = await stocked(other.make, owner)
    for track in there.tracks.values():
        good(await owner.post(f"/content/{track['id']}/unpublish"))
    await taken(new, archive, other.settle)
    assert await rows(other.house.db, "SELECT 1 FROM playback.plays") == []
    assert {row.kind for row in await opinions(other.house)} == {"artist", "album"}


async def test_at_home_nothing_changes_and_what_was_said_since_stays(
    make: Maker, settle: Settle, house: House, clock: FrozenClock
) -> None:
    keeper, fan = await make.person(), await make.person()
    shop = await stocked(make, keeper)
    await with_opinions(make, clock, shop, fan)
    archive = await packed(fan, settle)
    clock.move(timedelta(minutes=1))
    song, psalm = shop.tracks["Song"]["id"], shop.tracks["Psalm"]["id"]
    good(await fan.put(f"/social/ratings/{song}", json={"rating": 1}))
    await fan.delete(f"/social/likes/{psalm}")
    before = await opinions(house)
    report = await taken(fan, archive, settle)
    kinds = ("likes", "ratings", "playlists", "plays")
    came = {kind: report["taken"][kind] for kind in kinds if kind in report["taken"]}
    assert (came, report["left"]) == ({"likes": 1}, 0)  # the one that had been taken back
    after = await opinions(house)
    assert [row for row in after if row in before] == before
    assert len(after) == len(before) + 1
    assert len(await rows(house.db, "SELECT 1 FROM playback.plays")) == 1


async def test_archives_of_the_first_version_find_works_by_id(
    make: Maker, settle: Settle, house: House, clock: FrozenClock
) -> None:
    keeper, fan, friend = await make.person(), await make.person(), await make.person()
    await with_opinions(make, clock, await stocked(make, keeper), fan)
    archive = await packed(fan, settle)
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        manifest = json.loads(old.read("manifest.json")) | {"version": 1}
        stripped = {"manifest_dot_json": json.dumps(manifest)}
        for name in ("likes", "ratings", "plays"):
            lines = [json.dumps({k: v for k, v in one.items() if k != "work"}) for one in records(old, name)]
            stripped[f"data/{name}_dot_jsonl"] = "\n".join(lines)
    report = await taken(friend, changed(archive, **stripped), settle)
    assert report["taken"] | {"likes": 5, "ratings": 3, "playlists": 1, "plays": 1} == report["taken"]
    assert report["left"] == 0


async def test_an_archive_that_lies_gives_no_rating_out_of_the_scale(
    make: Maker, settle: Settle, house: House, clock: FrozenClock
) -> None:
    keeper, fan, friend = await make.person(), await make.person(), await make.person()
    shop = await stocked(make, keeper)
    await with_opinions(make, clock, shop, fan)
    archive = await packed(fan, settle)
    song, album = shop.tracks["Song"]["id"], shop.album["id"]
    far = "2999-01-01T00:00:00Z"
    lies = [
        {"id": song, "kind": "track", "rating": 9, "rated_at": far},
        {"id": song, "kind": "album", "rating": 3, "rated_at": far},
        {"id": "trk_nothing", "kind": "track", "rating": 3, "rated_at": far},
        {"id": album, "kind": "album", "rating": 3, "rated_at": far},
    ]
    lines = "\n".join(json.dumps(one) for one in lies)
    report = await taken(friend, changed(archive, **{"data/ratings_dot_jsonl": lines}), settle)
    reasons = sorted((one["source"], one["reason"]) for one in report["leftovers"])
    assert reasons == sorted([("line 1", "invalid_record"), (song, "invalid_record"), ("trk_nothing", "work_not_here")])
    (given,) = [row for row in await opinions(house) if row.what == "rating" and row.rating == 3]
    assert given.at <= clock.now()


async def test_an_archive_is_looked_through_before_it_is_taken(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    keeper, fan = await make.person(), await make.person()
    await with_opinions(make, clock, await stocked(make, keeper), fan)
    archive = await packed(fan, settle)
    owner, new, stranger = await other.make.person(), await other.make.person(), await other.make.person()
    there = await stocked(other.make, owner)
    given = {"title": "Hymn", "album_id": there.album["id"]}
    twin = await other.make.track(owner, there.artist, audio=plain_song(101.0), **given)
    assert (await owner.delete(f"/content/{there.tracks['Psalm']['id']}")).status_code == 204

    seen = await taken(new, archive, other.settle, "?review=true")
    assert (seen["state"], seen["found"]) == ("review", {"likes": 3, "ratings": 2, "playlists": 1, "plays": 1})
    assert {one["label"] for one in seen["leftovers"] if one["reason"] == "work_not_here"} == {"The Choir - Psalm"}
    path = f"/users/me/import/{seen['id']}"
    chosen_from = good(await new.get(f"{path}/unsure"))
    [hymn] = chosen_from["items"]
    assert (seen["unsure_count"], chosen_from["next"]) == (1, None)
    assert (hymn["name"], hymn["label"]) == ("tracks", "The Choir - Hymn")
    assert {one["id"] for one in hymn["candidates"]} == {there.tracks["Hymn"]["id"], twin["id"]}
    assert await opinions(other.house) == []
    async with unchanged(other.house.db):
        assert refused(await brought(new, archive)) == (409, "import_running")
        wrong = {"choices": {hymn["source"]: there.tracks["Song"]["id"]}}
        assert pointers(await new.post(f"{path}/apply", json=wrong)) == {"/choices"}
        assert (await stranger.post(f"{path}/apply", json={})).status_code == 404
        assert (await stranger.delete(path)).status_code == 404
        assert (await stranger.get(f"{path}/unsure")).status_code == 404

    applied = await new.post(f"{path}/apply", json={"choices": {hymn["source"]: twin["id"]}})
    assert applied.status_code == 202, applied.text
    await other.settle()
    report = good(await new.get(path))
    assert (report["state"], report["unsure_count"]) == ("done", 0)
    assert report["taken"] | {"likes": 4, "ratings": 2, "playlists": 1, "plays": 1} == report["taken"]
    assert parse(Kind.TRACK, twin["id"]) in {row.work_id for row in await opinions(other.house)}
    assert refused(await new.post(f"{path}/apply", json={})) == (409, "import_not_reviewed")


async def test_thousands_that_may_be_several_are_shown_by_the_page(make: Maker, house: House) -> None:
    fan = await make.person()
    import_id, user = new_uuid(), parse(Kind.USER, fan.id)
    works = [{"name": "tracks", "source": f"trk_{n}", "label": f"No. {n}", "candidates": []} for n in range(250)]
    async with house.db.system() as uow:
        assert await store.add_import(uow.conn, import_id, user, 1, True, True, uow.clock.now())
        assert await store.begin_import(uow.conn, import_id)
        assert await store.await_review(uow.conn, import_id, "{}", msgspec.json.encode(works).decode()) == user
    path, cursor, labels = f"/users/me/import/{out(Kind.IMPORT, import_id)}", None, list[str]()
    assert good(await fan.get(path))["unsure_count"] == 250
    for size in (100, 100, 50):
        page = good(await fan.get(f"{path}/unsure", params={"limit": 100} | ({"cursor": cursor} if cursor else {})))
        assert len(page["items"]) == size
        labels, cursor = [*labels, *(one["label"] for one in page["items"])], page["next"]
    assert (labels, cursor) == ([one["label"] for one in works], None)


async def test_what_nobody_looks_through_goes(make: Maker, settle: Settle, other: Install, clock: FrozenClock) -> None:
    keeper, fan = await make.person(), await make.person()
    await with_opinions(make, clock, await stocked(make, keeper), fan)
    archive = await packed(fan, settle)
    new = await other.make.person()
    first = await taken(new, archive, other.settle, "?review=true")
    assert (await new.delete(f"/users/me/import/{first['id']}")).status_code == 204
    dropped = good(await new.get(f"/users/me/import/{first['id']}"))
    assert (dropped["state"], dropped["error_code"]) == ("failed", "import_dropped")
    await taken(new, archive, other.settle, "?review=true")
    folder = other.house.identity.privacy.folder
    assert len(list(folder.glob("*.zip"))) == 1
    clock.move(timedelta(days=7, minutes=1))
    await imports.end_old_reviews(other.house.db, other.house.identity)
    assert list(folder.glob("*.zip")) == []
    [old] = await rows(other.house.db, "SELECT error_code FROM identity.imports WHERE error_code <> 'import_dropped'")
    assert old.error_code == "import_not_reviewed"
    assert await opinions(other.house) == []
