"""From a received file to renditions: every job once, twice, too late, and on a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from antiphon.adapters.codecs.fake import FakeCodecs, fake_audio
from antiphon.entry.bootstrap import House
from antiphon.entry.worker.run import job_runner
from antiphon.kit.ids import Kind, parse
from tests.support.answers import rows
from tests.support.clock import FrozenClock
from tests.support.outside import Trouble
from tests.support.people import Maker

Settle = Callable[[], Awaitable[None]]
LADDER = {"flac", "aac_64", "aac_128", "aac_320", "mp3_128", "mp3_320", "preview"}
JOBS = ("media.accept", "media.probe", "media.analyse", "media.artwork")


async def _made_of(house: House, track: str) -> list[Any]:
    query = "SELECT quality, blob, bytes FROM media.renditions WHERE track_id = :id ORDER BY quality"
    return [tuple(row) for row in await rows(house.db, query, id=parse(Kind.TRACK, track))]


async def _run_again(house: House, track: str) -> None:
    uuid = parse(Kind.TRACK, track)
    async with house.db.system() as uow:
        for job in JOBS:
            uow.defer(job, track_id=str(uuid))
        for quality in [*LADDER, "no_such"]:
            uow.defer("media.encode", track_id=str(uuid), quality=quality)


async def _dead(house: House) -> list[str]:
    return [job.task_name for job in await job_runner(house).dead_letters()]


async def test_every_job_may_run_twice(
    make: Maker, house: House, codecs: FakeCodecs, blobs: Callable[[], set[str]]
) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada), published=False, audio=fake_audio(seconds=90, cover=True))
    before, stored, work = await _made_of(house, track["id"]), blobs(), codecs.calls.count("encode")
    await _run_again(house, track["id"])
    await make.settle()
    assert await _made_of(house, track["id"]) == before
    assert {quality for quality, _, _ in before} == LADDER
    assert blobs() == stored
    assert codecs.calls.count("encode") == work
    assert await _dead(house) == []
    assert (await ada.get(f"/content/{track['id']}")).json() == track


@pytest.mark.parametrize("released", [False, True])
async def test_jobs_of_a_deleted_track_end_quietly(
    make: Maker, house: House, released: bool, clock: FrozenClock, blobs: Callable[[], set[str]]
) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    done = await make.track(ada, artist, audio=fake_audio(seconds=90, cover=True))
    fresh = await make.upload(ada, artist, fake_audio(seconds=80, cover=True))
    for track in (done, fresh):
        assert (await ada.delete(f"/content/{track['id']}")).status_code == 204
        if released:
            await make.settle()
        await _run_again(house, track["id"])
    await make.settle()
    assert await _dead(house) == []
    clock.move(timedelta(hours=2))
    async with house.db.system() as uow:
        uow.defer("media.collect")
    await make.settle()
    assert blobs() == set()
    for table in ("sources", "renditions", "analyses", "pictures", "blobs"):
        assert (await rows(house.db, f"SELECT count(*) FROM media.{table}"))[0][0] == 0, table


async def test_a_fall_at_any_step_ends_the_same(
    make: Maker, house: House, trouble: Trouble, settle_all: Settle
) -> None:
    """For every call of codecs and store, before and after it was done: fall there, go on, arrive.

    Two renditions are made after the first: what holds for them holds for each that would come later.
    """
    audio = fake_audio(seconds=20.0, cover=True, bit_depth=None, kbps=64)
    ada = await make.person()
    artist = await make.artist(ada)
    wanted = await make.upload(ada, artist, audio)
    await settle_all()
    calls = len(trouble.calls)
    expected = await _made_of(house, wanted["id"])
    assert calls >= 15
    for after in (False, True):
        for step in range(1, calls + 1):
            trouble.calls.clear()
            trouble.at, trouble.after = step, after
            track = await make.upload(ada, artist, audio)
            await settle_all()
            seen = (await ada.get(f"/content/{track['id']}")).json()
            where = f"{trouble.calls[step - 1]} as call {step}, after={after}"
            assert (seen["status"], seen["renditions_complete"], seen["error"]) == ("ready", True, None), where
            assert await _made_of(house, track["id"]) == expected, where
            assert seen["cover"], where
            trouble.at = None
    assert await _dead(house) == []


async def test_a_refused_file_fails_with_the_codecs_word(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    for reason in ("not_audio", "damaged", "no_samples", "too_long", "too_complex", "codec_crashed"):
        for step in ("probe", "encode"):
            track = await make.upload(ada, artist, fake_audio(refuse=reason, refuse_at=step))
            await make.settle()
            seen = (await ada.get(f"/content/{track['id']}")).json()
            assert (seen["status"], seen["error"]["code"]) == ("failed", reason), step
            assert seen["error"]["detail"]
            assert not seen["published"]
    assert await _dead(house) == []


async def test_a_track_that_plays_and_cannot_be_measured_is_complete(make: Maker, house: House) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(refuse="damaged", refuse_at="analyse"))
    await make.settle()
    seen = (await ada.get(f"/content/{track['id']}")).json()
    stream = (await ada.get(f"/stream/{track['id']}")).json()
    assert (seen["status"], seen["renditions_complete"], seen["error"]) == ("ready", True, None)
    assert (stream["waveform_url"], stream["loudness"]["integrated_lufs"]) == (None, None)


async def test_trouble_of_ours_is_kept_as_a_dead_letter_and_can_be_tried_again(
    make: Maker, house: House, trouble: Trouble, settle_all: Settle
) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(seconds=100.0))
    trouble.always = lambda name: name == "probe"
    await settle_all()
    seen = (await ada.get(f"/content/{track['id']}")).json()
    assert (seen["status"], seen["error"]["code"]) == ("failed", "processing_failed")
    assert trouble.calls.count("probe") == 3
    runner = job_runner(house)
    (letter,) = await runner.dead_letters()
    assert (letter.task_name, letter.task_kwargs) == (
        "media.probe", {"track_id": str(parse(Kind.TRACK, track["id"]))},
    )  # fmt: skip
    trouble.always = None
    assert letter.id is not None
    await runner.replay(letter.id)
    await settle_all()
    healed = (await ada.get(f"/content/{track['id']}")).json()
    assert (healed["status"], healed["renditions_complete"], healed["error"]) == ("ready", True, None)
    assert await runner.dead_letters() == []


async def test_a_measurement_that_failed_is_made_up_for(
    make: Maker, house: House, trouble: Trouble, settle_all: Settle
) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(seconds=100.0))
    first_made = False

    def after_the_first(name: str) -> bool:
        nonlocal first_made
        first_made |= name == "encode"
        return name == "analyse"

    trouble.always = after_the_first
    await settle_all()
    assert first_made
    stream = (await ada.get(f"/stream/{track['id']}")).json()
    assert (stream["complete"], stream["waveform_url"]) == (True, None)
    trouble.always = None
    runner = job_runner(house)
    for letter in await runner.dead_letters():
        assert letter.id is not None
        await runner.replay(letter.id)
    await settle_all()
    stream = (await ada.get(f"/stream/{track['id']}")).json()
    assert stream["loudness"]["integrated_lufs"] == -14.0
    assert (await make.http.get(stream["waveform_url"])).status_code == 200


async def test_a_rendition_that_cannot_be_made_is_done_without(
    make: Maker, house: House, trouble: Trouble, settle_all: Settle
) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(seconds=100.0))
    made = 0

    def later_ones(name: str) -> bool:
        nonlocal made
        made += name == "encode"
        return name == "encode" and made > 3

    trouble.always = later_ones
    await settle_all()
    seen = (await ada.get(f"/content/{track['id']}")).json()
    assert (seen["status"], seen["renditions_complete"], seen["progress"]["percent"]) == ("ready", True, 100)
    stream = (await ada.get(f"/stream/{track['id']}")).json()
    assert len(stream["progressive"]) + bool(stream["preview"]) == 3


async def test_the_same_bytes_are_stored_once(
    make: Maker, house: House, clock: FrozenClock, blobs: Callable[[], set[str]]
) -> None:
    ada, eve = await make.person(), await make.person()
    audio = fake_audio(seconds=33.0)
    first = await make.track(ada, await make.artist(ada), audio=audio)
    stored = blobs()
    second = await make.track(eve, await make.artist(eve), audio=audio)
    assert blobs() == stored

    async def collected_after(by: timedelta) -> set[str]:
        clock.move(by)
        async with house.db.system() as uow:
            uow.defer("media.collect")
        await make.settle()
        return blobs()

    await ada.delete(f"/content/{first['id']}")
    await make.settle()
    clock.move(timedelta(minutes=1))
    assert await collected_after(timedelta()) == stored
    eve = await _signed_in(make, eve)
    await eve.delete(f"/content/{second['id']}")
    await make.settle()
    assert await collected_after(timedelta(minutes=50)) == stored
    assert await collected_after(timedelta(hours=1)) == set()


async def _signed_in(make: Maker, person: Any) -> Any:
    credentials = {"email": person.email, "password": person.password}
    person.tokens = (await make.http.post("/api/v1/auth/login", json=credentials)).json()["tokens"]
    return person


async def test_tags_fill_what_nobody_said(make: Maker) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    tags = {
        "title": "Tag\u0000ged ", "track_number": 70000, "disc_number": 3, "year": 99, "genres": ["Dub", "dub", "\x00"],
        "artists": ["A", " "], "credits": [["composer", "C"]], "isrc": "NLA320012345",
    }  # fmt: skip
    audio = fake_audio(tags=tags)
    own = await make.upload(ada, artist, audio, title="My own")
    taken = await make.upload(ada, artist, audio, filename="C:\\music\\my.song.wav")
    assert taken["title"] == "my.song"
    edited = await make.upload(ada, artist, audio)
    assert (await ada.put(f"/content/{edited['id']}", json={"title": "Edited"})).status_code == 200
    await make.settle()
    titles = [(await ada.get(f"/content/{one['id']}")).json()["title"] for one in (own, taken, edited)]
    assert titles == ["My own", "Tagged", "Edited"]
    seen = (await ada.get(f"/content/{taken['id']}")).json()
    assert (seen["track_number"], seen["disc_number"], seen["year"], seen["isrc"]) == (None, 3, None, "NLA320012345")
    assert [genre["name"] for genre in seen["genres"]] == ["Dub"]
    assert [(one["name"], one["role"]) for one in seen["credits"]] == [("A", "performer"), ("C", "composer")]


async def test_an_album_is_measured_after_each_track_and_each_move(make: Maker) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album, other = await make.album(ada, artist), await make.album(ada, artist, "Other")

    async def loudness(of: dict[str, Any]) -> float | None:
        await make.settle()
        found = (await ada.get(f"/albums/{of['id']}")).json()["loudness"]
        return None if found is None else round(found["integrated_lufs"], 1)

    quiet = await make.track(ada, artist, audio=fake_audio(lufs=-20.0), album_id=album["id"])
    assert await loudness(album) == -20.0
    loud = await make.track(ada, artist, audio=fake_audio(lufs=-16.0), album_id=album["id"])
    assert await loudness(album) == -17.6  # the mean of both energies
    assert (await ada.put(f"/content/{loud['id']}", json={"album_id": other["id"]})).status_code == 200
    assert (await loudness(album), await loudness(other)) == (-20.0, -16.0)
    assert (await ada.put(f"/content/{loud['id']}", json={"album_id": None})).status_code == 200
    assert await loudness(other) is None
    await ada.delete(f"/content/{quiet['id']}")
    assert await loudness(album) is None


async def test_progress_only_goes_forward(make: Maker, house: House) -> None:
    ada = await make.person()
    track = await make.upload(ada, await make.artist(ada), fake_audio(seconds=100.0))
    uuid = UUID(str(parse(Kind.TRACK, track["id"])))
    seen: list[int] = []
    settling = asyncio.create_task(make.settle())  # type: ignore[arg-type]
    while not settling.done():
        found = await rows(house.db, "SELECT percent FROM catalog.track_processing WHERE track_id = :id", id=uuid)
        seen.append(found[0][0])
    await settling
    assert seen == sorted(seen)
    assert (await ada.get(f"/content/{track['id']}")).json()["progress"] == {"step": "done", "percent": 100}
