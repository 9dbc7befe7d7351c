"""Listens and heartbeats written in groups: acknowledged after the commit, each for itself where one of them fails."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from antiphon.domains.identity.api import Actor
from antiphon.domains.playback.api.choosing import Listener
from antiphon.domains.playback.api.listening import PlayProgress
from antiphon.domains.playback.api.writer import ListenWriter
from antiphon.domains.playback.errors import PlaySessionNotFound
from antiphon.entry.bootstrap import House
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import rows
from tests.support.people import Maker, Person

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Slow:
    """A database whose commits wait until somebody lets them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.may_commit = asyncio.Event()
        self.written = asyncio.Event()
        self.commits = 0

    def glance(self, viewer: UUID) -> Any:
        return self._db.glance(viewer)

    @asynccontextmanager
    async def system(self) -> AsyncIterator[UnitOfWork]:
        async with self._db.system() as uow:
            yield uow
            self.written.set()
            await self.may_commit.wait()
        self.commits += 1


@pytest.fixture
async def songs(make: Maker) -> list[UUID]:
    ada = await make.person()
    artist = await make.artist(ada)
    return [parse(Kind.TRACK, (await make.track(ada, artist))["id"]) for _ in range(2)]


async def scrobbles(house: House) -> int:
    return len(await rows(house.db, "SELECT 1 FROM playback.scrobbles"))


async def test_nothing_is_acknowledged_before_its_commit_and_who_waits_is_written_together(
    house: House, songs: list[UUID], make: Maker
) -> None:
    slow = Slow(house.db)
    writer = ListenWriter(slow)  # type: ignore[arg-type]
    people = [parse(Kind.USER, (await make.person()).id) for _ in range(3)]
    first = asyncio.create_task(writer.scrobble(people[0], [(songs[0], AT)], "one"))
    await slow.written.wait()
    others = [asyncio.create_task(writer.scrobble(one, [(song, AT)], "two")) for one in people for song in songs]
    done, _ = await asyncio.wait([first, *others], timeout=0.3)
    assert (done, await scrobbles(house)) == (set(), 0)
    slow.may_commit.set()
    assert [await first, *await asyncio.gather(*others)] == [1, 0, 1, 1, 1, 1, 1]
    assert (slow.commits, await scrobbles(house)) == (2, 6)
    stats = await rows(house.db, "SELECT plays FROM catalog.track_stats ORDER BY plays")
    assert [row.plays for row in stats] == [3, 3]


async def test_what_cannot_be_written_fails_alone(house: House, songs: list[UUID], make: Maker) -> None:
    here, writer = parse(Kind.USER, (await make.person()).id), house.listens
    nobody = new_uuid()  # of no account, which the table does not take
    told = [writer.scrobble(who, [(songs[0], AT)], "app") for who in (here, nobody)]
    beat = PlayProgress(out(Kind.PLAY_SESSION, new_uuid()), new_uuid(), 1, 1)
    good, bad, lost = await asyncio.gather(*told, writer.advance(Listener(None, True), beat), return_exceptions=True)
    assert (good, isinstance(bad, Exception), isinstance(lost, PlaySessionNotFound)) == (1, True, True)
    assert await scrobbles(house) == 1


async def test_who_goes_before_the_answer_is_counted_all_the_same(house: House, songs: list[UUID], make: Maker) -> None:
    slow = Slow(house.db)
    writer = ListenWriter(slow)  # type: ignore[arg-type]
    telling = asyncio.create_task(writer.scrobble(parse(Kind.USER, (await make.person()).id), [(songs[0], AT)], "app"))
    await slow.written.wait()
    telling.cancel()
    slow.may_commit.set()
    await writer.close()
    assert await scrobbles(house) == 1


async def test_heartbeats_and_scrobbles_of_one_group_count_one_listen_once(
    house: House, songs: list[UUID], make: Maker
) -> None:
    bob: Person = await make.person()
    user = parse(Kind.USER, bob.id)
    begun = {"content_id": out(Kind.TRACK, songs[0]), "event_id": str(new_uuid())}
    session = (await bob.post("/stream/play", json=begun)).json()["session_id"]
    threshold = (await rows(house.db, "SELECT threshold_ms FROM playback.sessions"))[0].threshold_ms
    async with house.db.system() as uow:
        await uow.conn.exec_driver_sql("UPDATE playback.sessions SET started_at = started_at - interval '1 minute'")
    beat = PlayProgress(session, new_uuid(), threshold, threshold)
    listener = Listener(Actor(user, None, frozenset(), None), True)
    answer, new = await asyncio.gather(
        house.listens.advance(listener, beat), house.listens.scrobble(user, [(songs[0], None)], "app")
    )
    assert answer.counted
    assert len(await rows(house.db, "SELECT 1 FROM playback.plays")) == 1
    assert new == len(await rows(house.db, "SELECT 1 FROM playback.scrobbles WHERE session_id IS NULL"))


async def test_what_was_acknowledged_is_there_after_a_kill(house: House, songs: list[UUID], make: Maker) -> None:
    user = parse(Kind.USER, (await make.person()).id)
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("telling_program.py")),
        house.db_url,
        "owner" if house.db_options else "app",
        str(user),
        str(songs[0]),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    told = [await program.stdout.readline() for _ in range(60)]
    program.kill()
    told += (await program.stdout.read()).splitlines(keepends=True)
    await program.wait()
    acknowledged = {datetime.fromisoformat(line.decode().strip()) for line in told if line.endswith(b"\n")}
    kept = await rows(
        house.db, "SELECT at, (SELECT sum(plays) FROM catalog.track_stats) AS plays FROM playback.scrobbles"
    )
    assert len(acknowledged) >= 60
    assert acknowledged <= {row.at for row in kept}
    assert kept[0].plays == len(kept)
