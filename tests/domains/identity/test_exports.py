"""Everything that is known of a person, taken out: what is in it, who gets it, what happens when things fall over."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from antiphon.domains.identity.api import exports
from antiphon.entry.bootstrap import House
from antiphon.entry.worker.run import job_runner
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, rows, unchanged
from tests.support.archives import exported, heard, opened, records, with_everything
from tests.support.clock import FrozenClock
from tests.support.dying import worked_until
from tests.support.outside import Breaking, Fallen, Trouble
from tests.support.people import Maker, Person, good

Settle = Callable[[], Awaitable[None]]


async def test_everything_is_in_it(make: Maker, settle: Settle, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    await heard(ada, works["track"], clock)
    made = await exported(ada, settle)
    assert (made["state"], made["percent"], made["missing"]) == ("ready", 100, 0)
    archive = await opened(ada, made)
    assert archive.testzip() is None
    kinds = {c.name for c in house.identity.privacy.registry.contributions()}
    assert {name for name in archive.namelist() if name.startswith("data/")} == {f"data/{kind}.jsonl" for kind in kinds}
    assert made["records"] == {kind: len(records(archive, kind)) for kind in kinds}
    (account,) = records(archive, "account")
    assert (account["id"], account["email"], account["handle"], account["plays"]) == (ada.id, ada.email, ada.handle, 1)
    (profile,) = records(archive, "profile")
    assert (profile["bio"], profile["links"]) == ("Sings", ["https://ada.example/"])
    (track,) = records(archive, "tracks")
    assert track | {"title": "Song", "genres": ["Folk"], "year": 2025, "plays": 1} == track
    assert track["credits"] == [{"name": "Ada", "role": "voice", "artist_id": works["artist"]["id"]}]
    (album,) = records(archive, "albums")
    assert (album["id"], album["release_date"], album["label"]) == (works["album"]["id"], "2026-01-02", "Own")
    (master,) = records(archive, "masters")
    assert archive.read(master["path"]) == works["audio"]
    assert archive.getinfo(master["path"]).compress_type == zipfile.ZIP_STORED
    assert {one["subject"] for one in records(archive, "pictures")} == {ada.id, works["artist"]["id"]}
    (play,) = records(archive, "plays")
    assert (play["track_id"], play["title"], play["artist"]) == (track["id"], "Song", "The Choir")
    assert {one["action"] for one in records(archive, "audit")} >= {"account.registered", "export.asked"}
    assert records(archive, "sessions")[0]["id"].startswith("sin_")
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["version"], manifest["user_id"]) == ("antiphon-personal-archive", 2, ada.id)
    assert b"data/tracks.jsonl" in archive.read("README.txt")


async def test_every_file_is_described(make: Maker, settle: Settle) -> None:
    ada = await make.person()
    archive = await opened(ada, await exported(ada, settle))
    schema = json.loads(archive.read("schema.json"))
    for name, described in schema["files"].items():
        (definition,) = (d for key, d in described["line"]["$defs"].items() if described["line"]["$ref"].endswith(key))
        for line in archive.read(name).splitlines():
            assert set(json.loads(line)) == set(definition["properties"]), name


async def test_nothing_of_others_and_no_secret_is_in_it(make: Maker, settle: Settle, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    works = await with_everything(make, bob)
    await heard(ada, works["track"], clock)
    made = await exported(ada, settle)
    answer = await ada.http.get(made["download_url"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for foreign in (bob.id, bob.email, bob.handle, "Sings", "$argon2id$", ada.tokens["refresh_token"]):
        assert foreign.encode() not in everything, foreign
    assert works["audio"] not in everything
    assert [one["title"] for one in records(archive, "plays")] == ["Song"]  # what was heard has a name


async def test_a_broken_download_goes_on_where_it_broke(make: Maker, settle: Settle) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    made = await exported(ada, settle)
    url, ask = made["download_url"], ada.http.get
    whole = await ask(url)
    assert hashlib.sha256(whole.content).hexdigest() == made["sha256"]
    assert len(whole.content) == made["bytes"]
    assert whole.headers["etag"] == f'"{made["sha256"]}"'
    assert "attachment" in whole.headers["content-disposition"]
    assert whole.headers["cache-control"] == "private, no-cache"
    assert "access-control-allow-origin" not in whole.headers
    first = await ask(url, headers={"Range": "bytes=0-999"})
    rest = await ask(url, headers={"Range": "bytes=1000-", "If-Range": first.headers["etag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole.content
    other = await ask(url, headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert other.status_code == 200
    led = await ada.get(f"/users/me/export/{made['id']}/download")
    assert led.status_code == 307
    assert (await ask(led.headers["location"])).content == whole.content


async def test_a_link_is_its_owners_and_ends(make: Maker, settle: Settle, clock: FrozenClock) -> None:
    ada, bob = await make.person(), await make.person()
    made, other = await exported(ada, settle), await exported(bob, settle)
    url = made["download_url"]
    for forged in (
        url.replace(made["id"], other["id"]),
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url.replace("&e=", "&e=9"),
        url.partition("?")[0],
    ):
        assert refused(await ada.http.get(forged)) == (403, "download_refused"), forged
    assert refused(await bob.get(f"/users/me/export/{made['id']}")) == (404, "not_found")
    assert refused(await bob.get(f"/users/me/export/{made['id']}/download")) == (404, "not_found")
    clock.move(timedelta(hours=24, seconds=1))
    assert refused(await ada.http.get(url)) == (403, "download_refused")


async def test_an_archive_is_kept_for_a_week(make: Maker, settle: Settle, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    made = await exported(ada, settle)
    key = exports.archive_key(parse(Kind.EXPORT, made["id"]))
    assert await house.media.objects.info(key)
    clock.move(timedelta(days=7))
    await renewed(ada)
    assert good(await ada.get(f"/users/me/export/{made['id']}"))["state"] == "expired"
    await exports.expire_exports(house.db, house.identity)
    assert [one async for one in house.media.objects.list("exports/")] == []
    assert refused(await ada.get(f"/users/me/export/{made['id']}/download")) == (409, "export_not_ready")


async def renewed(person: Person) -> None:
    login = {"email": person.email, "password": person.password}
    person.tokens = good(await person.http.post("/api/v1/auth/login", json=login))["tokens"]


async def test_one_at_a_time_and_the_newest_replaces_the_one_before(make: Maker, settle: Settle, house: House) -> None:
    ada = await make.person()
    key = {"Idempotency-Key": "one"}
    first = await ada.post("/users/me/export", headers=key)
    assert (await ada.post("/users/me/export", headers=key)).json() == first.json()
    async with unchanged(house.db, "identity"):
        assert refused(await ada.post("/users/me/export")) == (409, "export_running")
        assert refused(await ada.get(f"/users/me/export/{first.json()['id']}/download")) == (409, "export_not_ready")
    await settle()
    second = await exported(ada, settle)
    listed = (await ada.get("/users/me/export")).json()
    assert [(one["id"], one["state"]) for one in listed] == [(second["id"], "ready"), (first.json()["id"], "expired")]
    assert [one async for one in house.media.objects.list("exports/")] == [f"exports/{second['id']}.zip"]


async def test_an_old_sign_in_is_not_enough(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    clock.move(timedelta(minutes=11))
    async with unchanged(house.db, "identity"):
        assert refused(await ada.post("/users/me/export")) == (403, "step_up_needed")


async def test_guests_have_nothing_to_take(http: httpx.AsyncClient) -> None:
    for method, path in (("POST", ""), ("GET", ""), ("GET", "/exp_x"), ("GET", "/exp_x/download")):
        assert refused(await http.request(method, f"/api/v1/users/me/export{path}"))[0] == 401


async def test_a_letter_tells_that_it_is_there(make: Maker, settle: Settle, house: House) -> None:
    ada = await make.person()
    await exported(ada, settle)
    letters = await rows(house.db, "SELECT purpose FROM identity.letters WHERE purpose = 'export_ready'")
    assert len(letters) == 1


async def test_progress_comes_live(make: Maker, settle: Settle, house: House) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    await exported(ada, settle)
    query = "SELECT data FROM kit.said WHERE topic = :topic AND event = 'export' ORDER BY position"
    told = [json.loads(data) for (data,) in await rows(house.db, query, topic=f"user:{ada.id}")]
    said = [(one["state"], one["percent"]) for one in told]
    assert said[-1] == ("ready", 100)
    assert [percent for _, percent in said] == sorted(percent for _, percent in said)
    assert ("running", 10) in said


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("after", [False, True])
async def test_whatever_falls_over_it_is_made_in_the_end_and_nothing_is_left_lying(
    make: Maker, house: House, settle: Settle, at: int, after: bool
) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    made = (await ada.post("/users/me/export")).json()
    export_id = parse(Kind.EXPORT, made["id"])
    broken = _with_archives(house, Breaking(house.media.objects, Trouble(at=at, after=after)))
    try:
        await exports.make_export(house.db, broken, export_id)
    except Fallen:
        assert not (await ada.get(f"/users/me/export/{made['id']}")).json()["download_url"]
    await settle()
    done = good(await ada.get(f"/users/me/export/{made['id']}"))
    assert done["state"] == "ready"
    assert (await opened(ada, done)).testzip() is None
    assert [one async for one in house.media.objects.list("exports/")] == [f"exports/{made['id']}.zip"]
    assert list(house.identity.privacy.folder.glob("*")) == []


async def test_a_worker_that_was_killed_leaves_its_parts_to_the_next(
    make: Maker, house: House, settle: Settle, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await make.person()
    works = await with_everything(make, ada)
    asked = (await ada.post("/users/me/export")).json()
    began = clock.now()
    assert await asyncio.to_thread(worked_until, house, "fetch", 2)
    good(await ada.put("/users/me", json={"bio": "Changed since"}))
    clock.move(timedelta(minutes=5))
    fetch, fetched = house.media.objects.local_file, list[str]()
    monkeypatch.setattr(house.media.objects, "local_file", lambda key: fetched.append(key) or fetch(key))
    assert await job_runner(house).recover(silent_for_s=0) == 1
    await settle()
    assert len(fetched) == 2  # of three: the song was there
    made = good(await ada.get(f"/users/me/export/{asked['id']}"))
    assert (made["state"], made["missing"]) == ("ready", 0)
    archive = await opened(ada, made)
    assert archive.testzip() is None
    assert len(set(archive.namelist())) == len(archive.namelist())
    assert archive.read(records(archive, "masters")[0]["path"]) == works["audio"]
    assert all(archive.read(one["path"])[:4] for one in records(archive, "pictures"))
    assert records(archive, "profile")[0]["bio"] == "Sings"  # all records are of one moment
    assert json.loads(archive.read("manifest.json"))["made_at"].startswith(f"{began:%Y-%m-%dT%H:%M:%S}")
    assert list(house.identity.privacy.folder.glob("*")) == []


def _with_archives(house: House, archives: Any) -> Any:
    return replace(house.identity, privacy=replace(house.identity.privacy, archives=archives))


async def test_what_an_export_needs_and_does_not_find_is_named(make: Maker, house: House, settle: Settle) -> None:
    ada = await make.person()
    await with_everything(make, ada)
    (blob,) = (row.blob for row in await rows(house.db, "SELECT blob FROM media.sources"))
    await house.media.objects.delete(blob)
    made = await exported(ada, settle)
    assert (made["state"], made["missing"]) == ("ready", 1)
    archive = await opened(ada, made)
    (missing,) = json.loads(archive.read("manifest.json"))["missing"]
    assert missing == records(archive, "masters")[0]["path"]


async def test_one_that_cannot_be_made_says_so_and_leaves_nothing(make: Maker, house: House) -> None:
    ada = await make.person()
    made = (await ada.post("/users/me/export")).json()
    export_id: UUID = parse(Kind.EXPORT, made["id"])
    await exports.give_up_export(house.db, house.identity, export_id)
    assert good(await ada.get(f"/users/me/export/{made['id']}"))["state"] == "failed"
    assert (await ada.post("/users/me/export")).status_code == 202


async def test_who_is_erased_while_it_is_made_leaves_no_archive(make: Maker, house: House, settle: Settle) -> None:
    ada = await make.person()
    made = (await ada.post("/users/me/export")).json()
    export_id = parse(Kind.EXPORT, made["id"])

    class Gone(Breaking):
        async def put_file(self, key: str, path: Any) -> None:
            await house.media.objects.put_file(key, path)
            async with house.db.system() as uow:
                await uow.conn.execute(text("DELETE FROM identity.users"))

    await exports.make_export(house.db, _with_archives(house, Gone(house.media.objects, Trouble())), export_id)
    assert [one async for one in house.media.objects.list("exports/")] == []
