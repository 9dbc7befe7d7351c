"""Listens and heartbeats, written in groups: whoever tells waits until all that were waiting are committed together.

While one group is being written the next one gathers, so the price of a commit is shared by as many as are asking, and
nobody waits for company. What is acknowledged is in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from antiphon.domains.playback.api.choosing import Listener
from antiphon.domains.playback.api.counting import (
    Listens,
    ListensTaken,
    Report,
    count_reports,
    told_listens,
)
from antiphon.domains.playback.api.listening import Beat, Counted, PlayProgress, beat_of, count_beats
from antiphon.domains.playback.store.counting import hold_listeners
from antiphon.kit.db import Database, UnitOfWork

__all__ = ["ListenWriter"]

MOST = 500
Told: TypeAlias = Report | Beat
Answer: TypeAlias = int | Counted


@dataclass(frozen=True, slots=True)
class _Waiting:
    told: Told
    answer: asyncio.Future[Answer]


class ListenWriter:
    """One a process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def scrobble(self, user_id: UUID, listens: Sequence[tuple[UUID, datetime | None]], client: str) -> int:
        """Count listens that are over; answers how many were new. Raises ContentNotFound where the person may hear not
        one of the tracks."""
        new = await self._tell(Report(user_id, listens, client[:100]))
        assert isinstance(new, int)
        return new

    async def take_listens(self, user_id: UUID, told: Listens) -> ListensTaken:
        """Raises ContentNotFound where not one of the tracks is to be heard by the person."""
        return ListensTaken(await self.scrobble(user_id, told_listens(told), told.client))

    async def advance(self, listener: Listener, progress: PlayProgress) -> Counted:
        """Take a heartbeat. Raises PlaySessionNotFound."""
        counted = await self._tell(beat_of(listener, progress))
        assert isinstance(counted, Counted)
        return counted

    async def close(self) -> None:
        """Returns when everything that was told is written."""
        while self._writing is not None:
            await asyncio.wait([self._writing])

    async def _tell(self, told: Told) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(told, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await answer

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._write(group)
        finally:
            self._writing = None

    async def _write(self, group: Sequence[_Waiting]) -> None:
        """Where a group fails, each is written alone: only who told what cannot be written is told so."""
        try:
            async with self._db.system() as uow:
                answers = await _count(uow, [one.told for one in group])
        except Exception as error:
            if len(group) > 1:
                for one in group:
                    await self._write([one])
            elif not group[0].answer.done():
                group[0].answer.set_exception(error)
            return
        for one, answer in zip(group, answers, strict=True):
            if one.answer.done():  # whoever told has gone; it is written all the same
                continue
            if isinstance(answer, Exception):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)


async def _count(uow: UnitOfWork, told: Sequence[Told]) -> list[Answer | Exception]:
    """People are held before anything of theirs is looked at, all in one order."""
    beats = [one for one in told if isinstance(one, Beat)]
    reports = [one for one in told if isinstance(one, Report)]
    people = {one.user_id for one in told if one.user_id is not None}
    if people:
        await hold_listeners(uow.conn, people)
    counted = iter(await count_beats(uow, beats))
    new = iter(await count_reports(uow, reports))
    return [next(counted) if isinstance(one, Beat) else next(new) for one in told]
