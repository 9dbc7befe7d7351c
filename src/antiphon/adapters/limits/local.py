"""Limits that are exact over all processes of one machine, without a server: a file in the data folder."""

from __future__ import annotations

import threading
from pathlib import Path

from antiphon.adapters.limits.table import Table
from antiphon.kit.clock import Clock
from antiphon.kit.limits import CELLS, SECOND_US, Backoff, Take, Verdict, advance, fits, judge, microseconds

__all__ = ["LocalLimits"]


class LocalLimits:
    """The file is made when it is first needed, and outlives the processes: a restart forgives nobody.

    Nothing here waits for a disk or a network. Another process that holds a key's lock does so for microseconds.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._opened: Table | None = None
        self._opening = threading.Lock()

    @property
    def _table(self) -> Table:
        if self._opened is None:
            with self._opening:
                self._opened = self._opened or Table(self._path)
        return self._opened

    async def take(self, *wanted: Take) -> list[Verdict]:
        now_us, table = microseconds(self._clock.now()), self._table
        digests = [table.digest(f"{want.policy.name}\n{want.policy.window_s}\n{want.key}") for want in wanted]
        found: list[Verdict] = []
        with table.held(digests):
            records = [table.record(digest, now_us) for digest in digests]
            for want, record in zip(wanted, records, strict=True):
                record.newest = advance(record.cells, record.newest, want.policy, now_us)
            used = [sum(record.cells) for record in records]
            granted = all(map(fits, wanted, used))
            for want, units, record in zip(wanted, used, records, strict=True):
                cells, step = record.cells, record.newest
                found.append(judge(want, units, cells, step, now_us, granted=granted))
                if granted:
                    record.until_us = (step + CELLS) * want.policy.step_us
                    cells[step % CELLS] += want.cost
        return found

    async def attempt(self, backoff: Backoff, key: str) -> float:
        now_us, table = microseconds(self._clock.now()), self._table
        digest = table.digest(f"{backoff.name}\n{key}")
        with table.held([digest]):
            record = table.record(digest, now_us)
            count, wait_us = backoff.standing(record.cells[0], record.newest, now_us)
            if wait_us == 0:
                record.until_us = now_us + backoff.forgotten_s * SECOND_US
                record.newest = now_us
                record.cells[0] = count + 1
        return wait_us / SECOND_US

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        now_us, table = microseconds(self._clock.now()), self._table
        digest = table.digest(f"{backoff.name}\n{key}")
        with table.held([digest]):
            record = table.record(digest, now_us)
            record.cells[0] = 0 if attempts is None else max(0, record.cells[0] - attempts)

    async def check(self) -> None:
        with self._table.held([b"\0" * 8]):
            pass

    async def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
