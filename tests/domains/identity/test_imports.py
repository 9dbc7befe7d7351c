"""An archive of one install taken in by another: what comes, what does not, and what is refused before it is opened."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from antiphon.domains.identity.api import imports
from antiphon.entry.bootstrap import House
from antiphon.entry.worker.run import job_runner
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, rows, unchanged
from tests.support.archives import changed, exported, heard, opened, records, with_everything
from tests.support.clock import FrozenClock
from tests.support.dying import worked_until
from tests.support.installs import Install, brought, packed, taken
from tests.support.people import Maker, good

Settle = Callable[[], Awaitable[None]]


# What a round trip may change, and why: ids and times are given anew; the account (address, handle, password, roles,
# history of sessions and letters) is the new install's; plays of others count where they were heard; pictures are
# scaled again from the largest form.
ROUND_TRIP = ("profile", "preferences", "artists", "albums", "tracks", "masters", "consents", "plays")
_ID = re.compile(r"\b(usr|art|alb|trk|ses|upl)_[0-9a-z]{26}")
_TIMES = {"created_at", "updated_at", "published_at", "managed_since", "uploaded_at"}


def comparable(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    """Records without ids and times; whether something was published stays."""
    made = []
    for line in archive.read(f"data/{name}.jsonl").decode().splitlines():
        record = json.loads(_ID.sub(r"\1", line))
        for key in _TIMES & record.keys():
            record[key] = record[key] is not None
        if name == "tracks":
            record["plays"] = 0
        if name in {"plays", "consents"}:
            record["imported"] = True
        made.append(record)
    return sorted(made, key=lambda record: json.dumps(record, sort_keys=True))


async def test_what_is_taken_out_of_one_install_is_the_same_in_another(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    ada = await make.person(display_name="Ada of the Hills")
    works = await with_everything(make, ada)
    await make.track(ada, works["artist"], published=False, title="Draft")
    consent = {"purpose": "newsletter", "version": "1", "granted": True}
    good(await ada.put("/users/me/consents", json=consent))
    await heard(ada, works["track"], clock)
    archive = await packed(ada, settle)
    new = await other.make.person()
    report = await taken(new, archive, other.settle)
    assert (report["state"], report["left"], report["error_code"]) == ("done", 0, None), report
    assert report["taken"] == {
        "profile": 1,
        "preferences": 1,
        "consents": 1,
        "artists": 1,
        "albums": 1,
        "tracks": 2,
        "pictures": 2,
        "plays": 1,
    }
    there = await opened(new, await exported(new, other.settle))
    with zipfile.ZipFile(io.BytesIO(archive)) as here:
        for name in ROUND_TRIP:
            assert comparable(there, name) == comparable(here, name), name
        (draft, song) = sorted(records(there, "masters"), key=lambda one: one["bytes"])
        assert {there.read(draft["path"]), there.read(song["path"])} == {
            here.read(one["path"]) for one in records(here, "masters")
        }
    track = next(one for one in records(there, "tracks") if one["title"] == "Song")
    assert good(await new.http.get(f"/api/v1/content/{track['id']}"))["published"]
    assert good(await new.get("/users/me"))["avatar"] is not None


async def test_the_same_archive_twice_makes_nothing_twice(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    await heard(ada, works["track"], clock)
    archive = await packed(ada, settle)
    new = await other.make.person()
    await taken(new, archive, other.settle)
    good(await new.put("/users/me", json={"bio": "Changed since"}))
    before = await rows(other.house.db, "SELECT id FROM catalog.tracks")
    again = await taken(new, archive, other.settle)
    assert (again["state"], again["taken"], again["left"]) == ("done", {}, 0)
    assert await rows(other.house.db, "SELECT id FROM catalog.tracks") == before
    assert len(await rows(other.house.db, "SELECT 1 FROM playback.plays")) == 1
    assert good(await new.get("/users/me"))["bio"] == "Changed since"


async def test_at_home_everything_is_there_already(make: Maker, settle: Settle, house: House) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    archive = await packed(ada, settle)
    before = await rows(house.db, "SELECT id FROM catalog.artists UNION SELECT id FROM catalog.tracks")
    report = await taken(ada, archive, settle)
    assert report["state"] == "done"
    assert not {"artists", "albums", "tracks"} & {name for name, number in report["taken"].items() if number}
    after = await rows(house.db, "SELECT id FROM catalog.artists UNION SELECT id FROM catalog.tracks")
    assert sorted(after) == sorted(before)


async def test_what_was_public_may_come_as_a_draft(make: Maker, settle: Settle, other: Install) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    archive = await packed(ada, settle)
    new = await other.make.person()
    await taken(new, archive, other.settle, "?publish=false")
    tracks = good(await new.get("/tracks?mine=true"))["items"]
    assert [(one["title"], one["status"], one["published"]) for one in tracks] == [("Song", "ready", False)]


async def test_an_archive_moves_no_counter(make: Maker, settle: Settle, other: Install, clock: FrozenClock) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    await heard(ada, works["track"], clock)
    archive = await packed(ada, settle)
    new = await other.make.person()
    await taken(new, archive, other.settle)
    (track,) = good(await new.get("/tracks?mine=true"))["items"]
    assert track["stats"]["plays"] == 0
    assert good(await new.get("/users/me"))["stats"]["plays"] == 0


async def test_what_cannot_come_is_said(make: Maker, settle: Settle, other: Install, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, ada)
    foreign = await make.track(bob, await make.artist(bob, "Others"))
    await heard(ada, foreign, clock)
    archive = await packed(ada, settle)
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        (master,) = records(old, "masters")
        albums = old.read("data/albums.jsonl") + b"{}\nnothing\n" + b'{"id":"alb_x"}\n'
    broken = changed(archive, **{master["path"].replace(".", "_dot_"): None, "data/albums_dot_jsonl": albums})
    new = await other.make.person()
    report = await taken(new, broken, other.settle)
    assert report["state"] == "done"
    reasons = {(one["name"], one["reason"]) for one in report["leftovers"]}
    assert reasons == {
        ("albums", "invalid_record"),
        ("tracks", "no_file"),
        ("plays", "work_not_here"),
    }
    assert report["left"] == 5
    assert [one["label"] for one in report["leftovers"] if one["name"] == "plays"] == ["Others - Song"]
    assert report["taken"]["albums"] == 1
    assert [one["source"] for one in report["leftovers"] if one["name"] == "tracks"] == [works["track"]["id"]]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"manifest_dot_json": None}, "no_manifest"),
        ({"manifest_dot_json": b"{}"}, "wrong_format"),
        ({"manifest_dot_json": b"no json"}, "wrong_format"),
        ({"dotdot": b"x"}, "unsafe_name"),
        ({"bomb": bytes(3 << 20)}, "bomb"),
    ],
)
async def test_an_archive_that_is_none_is_refused_at_the_door(
    make: Maker, settle: Settle, house: House, files: dict[str, bytes | None], reason: str
) -> None:
    ada = await make.person()
    archive = changed(await packed(ada, settle), **files)
    if reason == "unsafe_name":
        archive = archive.replace(b"dotdot", b"../../")
    async with unchanged(house.db, "identity"):
        answer = await brought(ada, archive)
        assert refused(answer) == (422, "archive_invalid")
        assert answer.json()["reason"] == reason
    assert list(house.identity.privacy.folder.glob("*")) == []


async def test_manifests_of_other_things_and_other_times_are_refused(make: Maker, settle: Settle) -> None:
    ada = await make.person()
    archive = await packed(ada, settle)
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("manifest.json"))
    for said, reason in (({"format": "another"}, "wrong_format"), ({"version": 3}, "newer_version")):
        answer = await brought(ada, changed(archive, manifest_dot_json=json.dumps(manifest | said)))
        assert (refused(answer), answer.json()["reason"]) == ((422, "archive_invalid"), reason)
    assert refused(await brought(ada, b"not a zip at all")) == (422, "archive_invalid")
    assert refused(await brought(ada, b"")) == (422, "archive_invalid")


async def test_an_archive_that_is_too_large_is_not_received(make: Maker, house: House) -> None:
    ada = await make.person()
    most = house.identity.privacy.import_max
    async with unchanged(house.db, "identity"):
        answer = await ada.post("/users/me/import", content=b"x", headers={"Content-Length": str(most + 1)})
        assert refused(answer) == (413, "archive_too_large")


async def test_one_at_a_time(make: Maker, settle: Settle, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    archive = await packed(ada, settle)
    first = (await brought(ada, archive)).json()
    async with unchanged(house.db, "identity"):
        assert refused(await brought(ada, archive)) == (409, "import_running")
    assert refused(await bob.get(f"/users/me/import/{first['id']}")) == (404, "not_found")
    assert [one["id"] for one in (await ada.get("/users/me/import")).json()] == [first["id"]]
    await settle()
    assert list(house.identity.privacy.folder.glob("*")) == []


async def test_an_import_that_falls_over_goes_on_where_it_fell(
    make: Maker, settle: Settle, other: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    await make.track(ada, works["artist"], title="Second")
    archive = await packed(ada, settle)
    new = await other.make.person()
    begun = (await brought(new, archive)).json()
    import_id = parse(Kind.IMPORT, begun["id"])
    scaled = other.house.media.codecs.pictures

    async def falls(*_: Any) -> Any:
        raise OSError("the machine is gone")

    monkeypatch.setattr(other.house.media.codecs, "pictures", falls)
    with pytest.raises(OSError, match="the machine"):
        await imports.take_in(other.house.db, other.house.identity, import_id)
    monkeypatch.setattr(other.house.media.codecs, "pictures", scaled)
    await other.settle()
    report = good(await new.get(f"/users/me/import/{begun['id']}"))
    assert (report["state"], report["left"]) == ("done", 0)
    assert report["taken"] | {"tracks": 2, "artists": 1, "pictures": 2} == report["taken"]
    assert len(await rows(other.house.db, "SELECT 1 FROM catalog.tracks")) == 2
    assert list(other.house.identity.privacy.folder.glob("*")) == []


async def test_a_worker_may_be_killed_again_and_again_and_nothing_comes_twice(
    make: Maker, settle: Settle, other: Install, clock: FrozenClock
) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    await make.track(ada, works["artist"], title="Second")
    await heard(ada, works["track"], clock)
    archive = await packed(ada, settle)
    new = await other.make.person()
    begun = (await brought(new, archive)).json()
    killed = 0
    while await asyncio.to_thread(worked_until, other.house, "commit", 7 * (killed + 1)):
        killed += 1
        assert await job_runner(other.house).recover(silent_for_s=0) == 1
    assert killed >= 2
    await other.settle()
    report = good(await new.get(f"/users/me/import/{begun['id']}"))
    assert (report["state"], report["left"]) == ("done", 0)
    came = {"artists": 1, "albums": 1, "tracks": 2, "pictures": 2, "plays": 1, "profile": 1}
    assert report["taken"] | came == report["taken"]
    for table, number in (("catalog.artists", 1), ("catalog.tracks", 2), ("media.sources", 2), ("playback.plays", 1)):
        assert len(await rows(other.house.db, f"SELECT 1 FROM {table}")) == number, table
    assert good(await new.get("/uploads/quota"))["used_bytes"] == 2 * len(works["audio"])
    there = await opened(new, await exported(new, other.settle))
    assert sorted(one["title"] for one in records(there, "tracks")) == ["Second", "Song"]


async def test_who_leaves_takes_in_nothing_more(make: Maker, settle: Settle, house: House) -> None:
    ada, bob = await make.person(), await make.person()
    await with_everything(make, ada)
    archive = await packed(ada, settle)
    begun = (await brought(bob, archive)).json()
    assert (await bob.delete("/users/me")).status_code == 202
    await settle()
    (row,) = await rows(
        house.db, "SELECT state, error_code FROM identity.imports WHERE id = :id", id=parse(Kind.IMPORT, begun["id"])
    )
    assert (row.state, row.error_code) == ("failed", "account_closing")
    assert len(await rows(house.db, "SELECT 1 FROM catalog.artists")) == 1
    assert list(house.identity.privacy.folder.glob("*")) == []


async def test_room_that_is_not_there_is_not_taken(make: Maker, settle: Settle, other: Install) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    archive = await packed(ada, settle)
    tools = other.house.media
    object.__setattr__(tools, "quota_bytes", 10)
    new = await other.make.person()
    report = await taken(new, archive, other.settle)
    assert {(one["name"], one["reason"]) for one in report["leftovers"]} == {("tracks", "quota_exceeded")}
    assert list(tools.staging.glob("*.part")) == []
